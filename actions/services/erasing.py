"""Taking what is personal out of rows, within one transaction; what is left adds up as before.

Knows what erasing means for each table whose rows stay; fixed values come from
``personal_data``. Leaves whose rows they are to ``person``, when they are past their time to
``retention``, and what lies outside the database to ``privacy``.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Text, and_, cast, delete, func, literal, select, update

from actions.domain.account import ERASED_DOMAIN, AccountStatus
from actions.domain.refund_case import is_number
from actions.services.erased_facts import Pseudonym, erased_decision, erased_facts, erased_reason
from actions.services.person import Belongings, Person, some_of
from actions.services.personal_data import PLACES
from actions.storage.casework import AppealRow, EvidenceRow, RenewalRow
from actions.storage.conversations import ConversationRow, MessageRow
from actions.storage.tables import (
    AccountRow,
    CaseRow,
    ChallengeRow,
    ContactChangeRow,
    LinkCodeRow,
    OrderRow,
    OutboxRow,
    PastRefundRow,
    PayoutRow,
    TicketNoteRow,
    TicketRow,
    VerificationRow,
)
from actions.storage.work import Work


async def erase_account(work: Work, person: Person, at: datetime) -> Pseudonym:
    """Empty the account and its orders; the keys stay, for cases and payouts hang on them."""
    name = f"erased-{secrets.token_hex(6)}"
    pseudonym = Pseudonym(person.account_id, name, f"{name}@{ERASED_DOMAIN}")
    theirs = and_(OrderRow.brand == person.brand, OrderRow.account_id == person.account_id)
    await work.session.execute(
        update(AccountRow)
        .where(AccountRow.brand == person.brand, AccountRow.id == person.account_id)
        .values(
            name=name,
            email=pseudonym.email,
            email_key=pseudonym.email,
            status=AccountStatus.CLOSED.value,
            erased_at=at,
            **PLACES["accounts"].blank,
        )
    )
    await work.session.execute(update(OrderRow).where(theirs).values(**PLACES["orders"].blank))
    refunds = await work.session.scalars(
        select(PastRefundRow)
        .join(
            OrderRow,
            and_(
                OrderRow.brand == PastRefundRow.brand,
                OrderRow.order_number == PastRefundRow.order_number,
            ),
        )
        .where(theirs)
    )
    for refund in refunds:
        # Our own payout, reported back, bears its case's number: by that it is counted once.
        if not is_number(refund.reference or ""):
            refund.reference, refund.key = None, f"erased-{refund.id}"
    return pseudonym


async def erase_access(work: Work, person: Person, theirs: Belongings) -> None:
    """Delete codes, proofs and promised mail. Locks name nobody, and go by themselves."""
    for codes in some_of(theirs.codes):
        await work.session.execute(delete(ChallengeRow).where(ChallengeRow.id.in_(codes)))
    for table in (VerificationRow, LinkCodeRow, ContactChangeRow):
        await work.session.execute(
            delete(table).where(table.brand == person.brand, table.account_id == person.account_id)
        )
    for start in range(0, len(theirs.outbox), 200):
        some = theirs.outbox[start : start + 200]
        await work.session.execute(delete(OutboxRow).where(OutboxRow.id.in_(some)))


async def erase_cases(
    work: Work, numbers: Sequence[str], at: datetime, pseudonym: Pseudonym | None = None
) -> None:
    """Take names, words and means of payment out of cases; amounts, dates and clauses stay.

    Without a ``pseudonym`` each case gets one of its own.
    """
    for some in some_of(numbers):
        for case in await work.session.scalars(select(CaseRow).where(CaseRow.number.in_(some))):
            known = pseudonym or _of_one_case(case)
            case.reason = erased_reason(case.reason)
            case.decision = erased_decision(case.decision)
            case.facts = erased_facts(case.facts, known)
            case.erased_at = at
            for name, value in PLACES["cases"].blank.items():
                setattr(case, name, value)
        await _blank(work, AppealRow, AppealRow.case_number.in_(some))
        await _blank(work, PayoutRow, PayoutRow.case_number.in_(some))
    await work.session.flush()


async def erase_renewals(work: Work, numbers: Sequence[str]) -> None:
    """Take the words out of cancelled renewals."""
    for some in some_of(numbers):
        await _blank(work, RenewalRow, RenewalRow.number.in_(some))


async def erase_mentions(work: Work, person: Person, pseudonym: Pseudonym) -> None:
    """Take the person's orders' means of payment out of other people's cases, where they were
    looked at because both had paid with the same card or address.
    """
    named = json.dumps(person.account_id, ensure_ascii=False)
    rows = await work.session.stream_scalars(
        select(CaseRow)
        .where(CaseRow.brand == person.brand, CaseRow.account_id != person.account_id)
        .where(cast(CaseRow.facts, Text).contains(named, autoescape=True))
        .execution_options(yield_per=100)
    )
    async for case in rows:
        case.facts = erased_facts(case.facts, pseudonym, whole=False)
    await work.session.flush()


async def erase_chats(work: Work, chats: Sequence[str], at: datetime) -> None:
    """Delete transcripts. An empty chat stays, to be counted; no token opens it any more."""
    for some in some_of(chats):
        await work.session.execute(delete(MessageRow).where(MessageRow.conversation.in_(some)))
        for table in (ChallengeRow, VerificationRow, LinkCodeRow, ContactChangeRow):
            await work.session.execute(delete(table).where(table.conversation.in_(some)))
        await work.session.execute(
            update(ConversationRow)
            .where(ConversationRow.id.in_(some))
            .values(
                status="ended",
                ended_at=func.coalesce(ConversationRow.ended_at, literal(at, _TIME)),
                token_hash=literal("erased:").concat(ConversationRow.id),
                erased_at=at,
                **PLACES["conversations"].blank,
            )
        )


async def erase_tickets(work: Work, numbers: Sequence[str], at: datetime) -> None:
    """Take what was said, and telephone numbers, out of tickets and their notes."""
    for some in some_of(numbers):
        await work.session.execute(
            update(TicketRow)
            .where(TicketRow.number.in_(some))
            .values(data={}, erased_at=at, **PLACES["tickets"].blank)
        )
        await _blank(work, TicketNoteRow, TicketNoteRow.ticket.in_(some))


async def erase_files(work: Work, ids: Sequence[str]) -> list[str]:
    """Delete files' rows; the hashes of their content, which may be somebody else's too."""
    contents: dict[str, None] = {}
    for some in some_of(ids):
        gone = await work.session.scalars(
            delete(EvidenceRow).where(EvidenceRow.id.in_(some)).returning(EvidenceRow.sha256)
        )
        contents |= dict.fromkeys(gone)
    return list(contents)


_TIME = ConversationRow.__table__.c.ended_at.type


async def _blank(work: Work, table: Any, where: Any) -> None:
    values = PLACES[table.__tablename__].blank
    await work.session.execute(
        update(table).where(where).values(**values).execution_options(synchronize_session=False)
    )


def _of_one_case(case: CaseRow) -> Pseudonym:
    name = f"erased-{secrets.token_hex(6)}"
    return Pseudonym(case.account_id, name, f"{name}@{ERASED_DOMAIN}")

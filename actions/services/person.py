"""One person, and what on the desk is theirs: found by their account, or by its e-mail.

Knows how rows of every table lead to an account. A chat that has spoken for two accounts is both
people's: it is erased with either of them, and exported to neither. Leaves what is done with
all that to exporting and erasing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from actions.domain.account import email_key
from actions.domain.errors import Hindrance, PersonNotFound, SeveralAccounts
from actions.domain.order import OrderStatus
from actions.domain.refund_case import State
from actions.domain.renewal_cancellation import RenewalState
from actions.storage.casework import EvidenceRow, RenewalRow
from actions.storage.conversations import ConversationRow
from actions.storage.tables import (
    AccountRow,
    CaseRow,
    ChallengeRow,
    ContactChangeRow,
    OrderRow,
    OutboxRow,
    TicketRow,
    VerificationRow,
)
from actions.storage.work import Work

UNDER_WAY = (State.CONFIRMED, State.PAYING, State.FAILED, State.APPEALED)
"""States of a case in which money, or an answer, is still to come."""

_OF_NO_CASE = TicketRow.case_number.is_(None)

SOME = 200
"""So many ids in one statement; SQLite has a limit."""


@dataclass(frozen=True, slots=True)
class Person:
    """An account's owner; ``erased_at`` is set once nobody is behind it any more."""

    brand: str
    account_id: str
    email: str = field(repr=False)
    erased_at: datetime | None = None

    @property
    def email_key(self) -> str:
        """The e-mail as it is compared."""
        return email_key(self.email)


@dataclass(frozen=True, slots=True)
class Belongings:
    """The numbers of what is theirs. ``shared`` are those chats that were somebody else's too."""

    orders: Sequence[str] = ()
    cases: Sequence[str] = ()
    renewals: Sequence[str] = ()
    chats: Sequence[str] = ()
    shared: frozenset[str] = frozenset()
    files: Sequence[str] = ()
    tickets: Sequence[str] = ()
    codes: Sequence[str] = ()
    outbox: Sequence[int] = ()

    @property
    def own_chats(self) -> list[str]:
        """Chats that were nobody else's."""
        return [id for id in self.chats if id not in self.shared]

    @property
    def subjects(self) -> list[str]:
        """Their chains in the audit trail, but for the account's own."""
        return [
            *(f"case:{number}" for number in self.cases),
            *(f"renewal:{number}" for number in self.renewals),
            *(f"ticket:{number}" for number in self.tickets),
            *(f"evidence:{id}" for id in self.files),
        ]


async def find_person(
    work: Work, brand: str, *, account: str | None = None, email: str | None = None
) -> Person:
    """Who has this account, or this e-mail.

    Raises:
        PersonNotFound: nobody of this brand.
        SeveralAccounts: more than one has the e-mail.
    """
    wanted = select(AccountRow).where(AccountRow.brand == brand)
    if account is not None:
        wanted = wanted.where(AccountRow.id == account)
    if email is not None:
        wanted = wanted.where(AccountRow.email_key == email_key(email))
    rows = list(await work.session.scalars(wanted.order_by(AccountRow.id).limit(20)))
    if not rows or (account is None and email is None):
        raise PersonNotFound()
    if len(rows) > 1:
        raise SeveralAccounts(tuple(row.id for row in rows))
    return Person(brand, rows[0].id, rows[0].email, rows[0].erased_at)


async def belongings_of(work: Work, person: Person) -> Belongings:
    """All that is theirs, as it is now."""
    orders = await _ids(work, OrderRow.order_number, _owned(OrderRow, person))
    cases = await _ids(work, CaseRow.number, _owned(CaseRow, person))
    renewals = await _ids(work, RenewalRow.number, _owned(RenewalRow, person))
    chats = await _chats(work, person)
    shared = frozenset(await _of_others(work, person, chats))
    codes = await _ids(
        work,
        ChallengeRow.id,
        and_(
            ChallengeRow.brand == person.brand,
            or_(
                ChallengeRow.email_key == person.email_key,
                ChallengeRow.account_id == person.account_id,
            ),
        ),
    )
    changes = await _ids(work, ContactChangeRow.id, _owned(ContactChangeRow, person))
    outbox = await _outbox(work, [*cases, *renewals, *codes, *changes])
    return Belongings(
        orders=orders,
        cases=cases,
        renewals=renewals,
        chats=chats,
        shared=shared,
        files=await files_of(work, cases, chats, person),
        tickets=await tickets_of(work, cases, chats, [f"undone:{key}" for _id, key in outbox]),
        codes=codes,
        outbox=[id for id, _key in outbox],
    )


async def tickets_of(
    work: Work, cases: Sequence[str], chats: Sequence[str], keys: Sequence[str] = ()
) -> list[str]:
    """Tickets about these cases, out of these chats (not about others' cases), or with a key."""
    found = dict.fromkeys(await _in(work, TicketRow.number, TicketRow.case_number, cases))
    found |= dict.fromkeys(
        await _in(work, TicketRow.number, TicketRow.conversation, chats, _OF_NO_CASE)
    )
    found |= dict.fromkeys(await _in(work, TicketRow.number, TicketRow.key, keys))
    return list(found)


async def files_of(
    work: Work, cases: Sequence[str], chats: Sequence[str], person: Person | None = None
) -> list[str]:
    """Files of these cases, and those of these chats that are of no case and nobody else's."""
    nobodys: ColumnElement[bool] = EvidenceRow.case_number.is_(None)
    if person is not None:
        nobodys = and_(nobodys, EvidenceRow.account_id.is_(None))
    found = dict.fromkeys(await _in(work, EvidenceRow.id, EvidenceRow.case_number, cases))
    found |= dict.fromkeys(
        await _in(work, EvidenceRow.id, EvidenceRow.conversation, chats, nobodys)
    )
    if person is not None:
        found |= dict.fromkeys(await _ids(work, EvidenceRow.id, _owned(EvidenceRow, person)))
    return list(found)


async def hindrances(
    work: Work, person: Person, theirs: Belongings, now: datetime
) -> list[Hindrance]:
    """What is still under way; nothing of it could be brought to an end without the person."""
    found = [
        Hindrance(f"case_{state}", number)
        for number, state in await work.session.execute(
            select(CaseRow.number, CaseRow.state)
            .where(_owned(CaseRow, person), CaseRow.state.in_([*UNDER_WAY]))
            .order_by(CaseRow.id)
        )
    ]
    disputed = and_(_owned(OrderRow, person), OrderRow.status == OrderStatus.DISPUTED.value)
    found += [
        Hindrance("order_disputed", number)
        for number in await _ids(work, OrderRow.order_number, disputed)
    ]
    asked = and_(_owned(RenewalRow, person), RenewalRow.state == RenewalState.REQUESTED.value)
    found += [
        Hindrance("renewal_requested", number)
        for number in await _ids(work, RenewalRow.number, asked)
    ]
    still_open = await _in(
        work, TicketRow.number, TicketRow.number, theirs.tickets, TicketRow.closed_at.is_(None)
    )
    found += [Hindrance("ticket_open", number) for number in still_open]
    answering = await _in(
        work, ConversationRow.id, ConversationRow.id, theirs.chats, is_being_answered(now)
    )
    return found + [Hindrance("chat_going_on", id) for id in answering]


def is_being_answered(now: datetime) -> ColumnElement[bool]:
    """A chat that a process is answering at this moment: Rasa may yet write of it."""
    return and_(ConversationRow.claimed_by.is_not(None), ConversationRow.claimed_until > now)


def some_of(ids: Sequence[str]) -> list[Sequence[str]]:
    """``ids`` in parts that fit into one statement."""
    return [ids[start : start + SOME] for start in range(0, len(ids), SOME)]


async def _chats(work: Work, person: Person) -> list[str]:
    """Chats that are the account's, or that once spoke for it."""
    own = and_(ConversationRow.brand == person.brand, ConversationRow.account == person.account_id)
    found = dict.fromkeys(await _ids(work, ConversationRow.id, own))
    for table in (CaseRow, RenewalRow, VerificationRow):
        where = and_(_owned(table, person), table.conversation.is_not(None))
        found |= dict.fromkeys(await _ids(work, table.conversation, where))
    return list(found)


async def _of_others(work: Work, person: Person, chats: Sequence[str]) -> list[str]:
    """Those of ``chats`` that have spoken for another account."""
    other = ConversationRow.account != person.account_id
    found = await _in(work, ConversationRow.id, ConversationRow.id, chats, other)
    for table in (CaseRow, RenewalRow, VerificationRow):
        not_theirs = table.account_id != person.account_id
        found += await _in(work, table.conversation, table.conversation, chats, not_theirs)
    return found


async def _outbox(work: Work, numbers: Sequence[str]) -> list[tuple[int, str]]:
    """Promised work that names one of these; its key begins with the kind, then the number."""
    found: dict[int, str] = {}
    for some in some_of(numbers):
        named = or_(*(OutboxRow.key.contains(f":{number}", autoescape=True) for number in some))
        rows = await work.session.execute(select(OutboxRow.id, OutboxRow.key).where(named))
        found |= {row.id: row.key for row in rows}
    return list(found.items())


def _owned(table: Any, person: Person) -> ColumnElement[bool]:
    return and_(table.brand == person.brand, table.account_id == person.account_id)


async def _ids(work: Work, column: Any, where: ColumnElement[bool]) -> list[Any]:
    return list(await work.session.scalars(select(column).where(where).order_by(column)))


async def _in(
    work: Work, column: Any, by: Any, values: Sequence[str], *more: ColumnElement[bool]
) -> list[Any]:
    found: list[Any] = []
    for some in some_of(values):
        rows = await work.session.scalars(select(column).where(by.in_(some), *more))
        found += rows
    return found

"""What is past its time: which chats, cases and the like may go, asked of the database.

Knows how long each is kept. The days are the brand's (``policy.trust``); what only helps for
minutes has short fixed times here. Never anything of a case, ticket or dispute that is still
open. Leaves the going to ``retention``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from actions.domain.decision import Outcome
from actions.domain.order import OrderStatus
from actions.domain.refund_case import CLOSED, State
from actions.domain.renewal_cancellation import RenewalState
from actions.policy.trust import Retention
from actions.services.person import is_being_answered
from actions.storage.casework import RenewalRow
from actions.storage.conversations import ConversationRow
from actions.storage.tables import (
    CaseRow,
    ChallengeRow,
    ContactChangeRow,
    LinkCodeRow,
    LockRow,
    OrderRow,
    OutboxRow,
    TicketRow,
    VerificationRow,
)

CODES_KEPT = timedelta(days=1)
"""After a code's end. It is good for half an hour at most, and its mail is given up sooner."""
LOCKS_KEPT = timedelta(days=2)
"""After the last wrong code: failures are forgiven after one day, and no lock is longer."""
PROOFS_KEPT = timedelta(days=1)
"""After the last use: half an hour later a proof is worth nothing any more."""
ADDRESSES_KEPT = timedelta(days=90)
"""After a change of address was asked for: so long can staff give the old one back."""
PROMISES_KEPT = timedelta(days=30)
"""After promised work was done: until then its key keeps the same mail from going out twice."""


def due(brand: str, terms: Retention, now: datetime) -> dict[str, Select[Any]]:
    """What is past its time, the oldest first; cases come first, for their chats go with them."""
    since_case, since_chat = (
        now - timedelta(days=days) for days in (terms.cases, terms.conversations)
    )
    cases = (
        select(CaseRow.number)
        .where(CaseRow.brand == brand, CaseRow.erased_at.is_(None))
        .where(CaseRow.updated_at < since_case, _has_ended())
        .where(~_has_open_ticket(TicketRow.case_number == CaseRow.number))
        .where(~_is_disputed())
        .order_by(CaseRow.updated_at, CaseRow.id)
    )
    chats = (
        select(ConversationRow.id)
        .where(ConversationRow.brand == brand, ConversationRow.erased_at.is_(None))
        .where(ConversationRow.updated_at < since_chat, ~is_being_answered(now))
        .where(~keeps_a_chat(ConversationRow.id))
        .order_by(ConversationRow.updated_at, ConversationRow.id)
    )
    tickets = (
        select(TicketRow.number)
        .where(TicketRow.brand == brand, TicketRow.erased_at.is_(None))
        .where(TicketRow.case_number.is_(None), TicketRow.closed_at < since_chat)
        .where(~_of_a_kept_chat())
        .order_by(TicketRow.closed_at, TicketRow.number)
    )
    renewals = (
        select(RenewalRow.number)
        .where(RenewalRow.brand == brand, RenewalRow.refusal.is_not(None))
        .where(RenewalRow.updated_at < since_case)
        .where(RenewalRow.state != RenewalState.REQUESTED.value)
        .order_by(RenewalRow.updated_at, RenewalRow.number)
    )
    return {"cases": cases, "chats": chats, "tickets": tickets, "renewals": renewals}


def _has_ended() -> ColumnElement[bool]:
    """Paid, withdrawn or refused; an offer that nobody took up lapses after a day."""
    answered = [outcome.value for outcome in Outcome if outcome is not Outcome.NEEDS_REVIEW]
    return or_(
        CaseRow.state.in_([*CLOSED]),
        and_(CaseRow.state == State.DECIDED.value, CaseRow.outcome.in_(answered)),
    )


def _is_disputed() -> ColumnElement[bool]:
    return exists().where(
        OrderRow.brand == CaseRow.brand,
        OrderRow.order_number == CaseRow.order_number,
        OrderRow.status == OrderStatus.DISPUTED.value,
    )


def _has_open_ticket(about: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(about, TicketRow.closed_at.is_(None))


def keeps_a_chat(chat: Any, but: Sequence[str] = ()) -> ColumnElement[bool]:
    """Whether something still hangs on a chat: an open ticket, a wish to end a renewal, or a case
    (other than ``but``) that has not been let go of.
    """
    other = CaseRow.__table__.alias()
    return or_(
        _has_open_ticket(TicketRow.conversation == chat),
        exists().where(
            RenewalRow.conversation == chat, RenewalRow.state == RenewalState.REQUESTED.value
        ),
        exists().where(
            other.c.conversation == chat,
            other.c.erased_at.is_(None),
            other.c.number.not_in(but),
        ),
    )


def _of_a_kept_chat() -> ColumnElement[bool]:
    """A ticket of a chat goes with the chat."""
    return exists().where(
        ConversationRow.id == TicketRow.conversation, ConversationRow.erased_at.is_(None)
    )


def short_lived(now: datetime) -> dict[str, tuple[Any, ColumnElement[bool]]]:
    """What only helps for minutes, and is past even that."""
    rests = or_(LockRow.locked_until.is_(None), LockRow.locked_until < now)
    untouched = or_(LockRow.failed_at.is_(None), LockRow.failed_at < now - LOCKS_KEPT)
    return {
        "codes": (ChallengeRow, ChallengeRow.expires_at < now - CODES_KEPT),
        "locks": (LockRow, and_(rests, untouched)),
        "proofs": (VerificationRow, VerificationRow.last_used_at < now - PROOFS_KEPT),
        "links": (LinkCodeRow, LinkCodeRow.expires_at < now),
        "addresses": (ContactChangeRow, ContactChangeRow.expires_at < now - ADDRESSES_KEPT),
        "promises": (OutboxRow, OutboxRow.done_at < now - PROMISES_KEPT),
    }

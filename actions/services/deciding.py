"""How a case comes to its decision: the facts from the records, the policy's answer, and who
has to look at it. Leaves what the customer does with the answer to ``refunds``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from actions.domain.assurance import Operation
from actions.domain.clock import Clock
from actions.domain.customer import Customer
from actions.domain.decision import Decision, Outcome
from actions.domain.events import Actor, Role
from actions.domain.order import Order
from actions.domain.refund_case import Destination, RefundCase, State
from actions.domain.ticket import Category
from actions.notices.kinds import NoticeKind
from actions.policy.brand import Brand
from actions.policy.engine import decide
from actions.policy.facts import Facts
from actions.policy.terms import MOST_VELOCITY_DAYS
from actions.services.assurance import needs
from actions.services.casebook import keep_policy, open_decided, take_step, unused_number
from actions.services.facts_json import LONGEST_REASON, facts_json
from actions.services.ledger import refunds_of
from actions.services.notices import Notices
from actions.services.tickets import NewTicket, Task, Tickets
from actions.storage.cases import Grounds, stands_in_the_way
from actions.storage.work import Work

OFFER_LASTS = timedelta(hours=24)
"""How long an approval waits for the customer's yes. Its dates count from the asking, and a
first purchase must not stay refundable for ever by asking once.
"""

_TOLD = {
    Outcome.NEEDS_REVIEW: NoticeKind.REFUND_IN_REVIEW,
    Outcome.DENIED: NoticeKind.REFUND_DENIED,
}


class Deciding:
    """Opens cases and decides them, within the caller's transaction and order lock."""

    def __init__(
        self, brands: Mapping[str, Brand], tickets: Tickets, notices: Notices, clock: Clock
    ) -> None:
        self._brands = brands
        self._tickets = tickets
        self._notices = notices
        self._clock = clock

    @needs(Operation.REFUND)
    async def open(
        self, work: Work, customer: Customer, order: Order, reason: str | None
    ) -> RefundCase:
        """A new case for the order, decided; asked again at once, a refusal is the same one."""
        now, by = self._clock(), Actor(Role.CUSTOMER, customer.account_id)
        refused = await self._refused_just_now(work, order, reason)
        if refused is not None:
            return refused
        case = RefundCase(
            number=await unused_number(work),
            brand=order.brand,
            order_number=order.order_number,
            account_id=order.account_id,
            conversation=customer.conversation,
            state=State.DRAFT,
            decision=None,
            destination=Destination(order.payment.method, order.payment.hint),
            opened_at=now,
            updated_at=now,
            reason=_shortened(reason),
        )
        facts = await facts_of(work, case, order)
        case.decision = await self._decide(work, facts)
        await open_decided(work, case, Grounds(Role.DESK, facts_json(facts)), by=by, at=now)
        await self._tell(work, case, by=by)
        return case

    async def again(
        self, work: Work, case: RefundCase, order: Order, reason: str | None, *, by: Actor
    ) -> bool:
        """Decide an open case again if its facts have changed; True if the answer has too.

        What a person has decided stays. The customer asked when the case was opened, and that
        is when the policy counts from.
        """
        grounds = await work.cases.grounds_of(case.number)
        if case.state is not State.DECIDED or not stands_in_the_way(case) or grounds is None:
            return False
        if grounds.decided_by.is_staff:
            return False
        case.reason = _shortened(reason) or case.reason
        facts = await facts_of(work, case, order)
        found = facts_json(facts)
        if found == grounds.facts:
            return False
        was, case.decision = case.decision, await self._decide(work, facts)
        new_grounds = Grounds(Role.DESK, found)
        await take_step(work, case, "decide", by=by, at=self._clock(), grounds=new_grounds)
        if was is not None and _answer(was) == _answer(case.decision):
            return False
        await self._tell(work, case, by=by)
        return True

    async def has_lapsed(self, work: Work, case: RefundCase) -> bool:
        """Whether an approval has waited too long for the customer's yes."""
        if case.state is not State.DECIDED or case.decision is None or not case.decision.pays:
            return False
        grounds = await work.cases.grounds_of(case.number)
        by_a_person = grounds is not None and grounds.decided_by.is_staff
        since = case.updated_at if by_a_person else case.opened_at
        return self._clock() - since > OFFER_LASTS

    async def _decide(self, work: Work, facts: Facts) -> Decision:
        brand = self._brands[facts.brand]
        await keep_policy(work, brand, at=self._clock())
        return decide(facts, brand)

    async def _refused_just_now(
        self, work: Work, order: Order, reason: str | None
    ) -> RefundCase | None:
        """A refusal of the last day, or a person's of any day, if no fact of it has changed.

        A person's answer to the same facts is appealed, not asked for again in other words.
        """
        case = await work.cases.latest_for(order.brand, order.order_number)
        if case is None or case.state is not State.DECIDED or stands_in_the_way(case):
            return None
        grounds = await work.cases.grounds_of(case.number)
        if grounds is None:
            return None
        if not grounds.decided_by.is_staff:
            if self._clock() - case.opened_at > OFFER_LASTS:
                return None
            case.reason = _shortened(reason) or case.reason
        return case if facts_json(await facts_of(work, case, order)) == grounds.facts else None

    async def _tell(self, work: Work, case: RefundCase, *, by: Actor) -> None:
        """Keep a review ticket open exactly while a person must answer; mail what isn't a yes."""
        assert case.decision is not None
        outcome = case.decision.outcome
        if outcome is Outcome.NEEDS_REVIEW:
            new = ticket_about(case, Category.REVIEW, "needs_review", review_key(case))
            await self._tickets.open_in(work, new, by=by)
        else:
            await self._tickets.close_in(work, review_key(case), by=by)
        if outcome in _TOLD:
            await self._notices.promise_in(work, case, _TOLD[outcome])


def review_key(case: RefundCase) -> str:
    """What makes a review ticket the case's own."""
    return f"review:{case.number}"


def approval_key(case: RefundCase) -> str:
    """What makes an approval ticket the case's own."""
    return f"approval:{case.number}"


def appeal_key(case: RefundCase) -> str:
    """What makes an appeal's ticket the case's own."""
    return f"appeal:{case.number}"


def ticket_about(
    case: RefundCase,
    category: Category | Task,
    reason: str,
    key: str,
    more: Mapping[str, Any] | None = None,
) -> NewTicket:
    """A ticket with the case's decision, and ``more``, for a person to act on."""
    return NewTicket(
        case.brand,
        category,
        reason=reason,
        key=key,
        conversation=case.conversation,
        case_number=case.number,
        data=(case.decision.as_json() if case.decision else {}) | dict(more or {}),
    )


async def facts_of(work: Work, case: RefundCase, order: Order) -> Facts:
    """What a case is decided on: the records as they are now, asked when it was opened."""
    account = await work.records.account(order.brand, order.account_id)
    assert account is not None  # a foreign key holds it
    orders = await work.records.orders_of(order.brand, order.account_id)
    refunds = await refunds_of(work, order.brand, order.account_id)
    since = case.opened_at - timedelta(days=MOST_VELOCITY_DAYS)
    for other in await work.records.refunded_alike(order, since):
        orders.append(other)
        of_other = await refunds_of(work, other.brand, other.account_id)
        refunds += [r for r in of_other if r.order_number == other.order_number]
    return Facts(
        brand=order.brand,
        asked_at=case.opened_at,
        reason=case.reason,
        account=account,
        order=order,
        other_orders=tuple(o for o in orders if o.order_number != order.order_number),
        refunds=tuple(refunds),
    )


def _answer(decision: Decision) -> tuple[Any, ...]:
    """What the customer would be told that matters to a yes."""
    return decision.outcome, decision.amount, decision.approvals_needed


def _shortened(reason: str | None) -> str | None:
    return reason[:LONGEST_REASON] if reason else None

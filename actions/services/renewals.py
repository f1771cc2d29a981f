"""Auto-renewal: customers ask to have it cancelled, an operator sees to it.

Knows what can be cancelled, that it counts from the asking, and that one wish is one case. Leaves
what a renewal charged all the same leads to, to the policy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from actions.domain.assurance import Operation
from actions.domain.clock import Clock
from actions.domain.customer import Customer
from actions.domain.errors import (
    CaseChanged,
    Fault,
    InputRefused,
    NotRenewing,
    OrderNotFound,
    RenewalNotFound,
)
from actions.domain.events import Actor, Role
from actions.domain.order import Kind, Order
from actions.domain.refund_case import normalise_number
from actions.domain.renewal_cancellation import (
    RENEWING_KINDS,
    NextCharge,
    RenewalCancellation,
    RenewalState,
    move_renewal,
)
from actions.services.assurance import needs
from actions.services.casebook import unused_number
from actions.services.inputs import BOTH, must_be, words_of
from actions.services.notices import Notices
from actions.services.tickets import NewTicket, Task, Tickets
from actions.storage.work import Storage, Work


@dataclass(frozen=True, slots=True)
class RenewalAnswer:
    """What asking led to: a case that is being seen to, or the fact that nothing renews any more.

    ``cancelled_at`` is when it was cancelled, as far as the records say. ``next_charge`` is what
    will not be charged.
    """

    cancellation: RenewalCancellation | None
    next_charge: NextCharge
    cancelled_at: datetime | None = None

    @property
    def is_cancelled_already(self) -> bool:
        """Whether there was nothing left to cancel."""
        return self.cancellation is None


class Renewals:
    """The end of auto-renewals."""

    def __init__(self, storage: Storage, tickets: Tickets, notices: Notices, clock: Clock) -> None:
        self._storage = storage
        self._tickets = tickets
        self._notices = notices
        self._clock = clock

    @needs(Operation.CANCEL_RENEWAL)
    async def ask(self, customer: Customer, order_number: str) -> RenewalAnswer:
        """Ask to have an order's auto-renewal cancelled; asked again, it is the same case.

        Raises:
            OrderNotFound: the customer has no such order.
            NotRenewing: it is nothing that renews by itself.
        """
        async with self._storage.writing() as work:
            order, subscription = await _hold(
                work, customer.brand, customer.account_id, order_number
            )
            known = order.auto_renew is not None or order.auto_renew_cancelled_at is not None
            if order.kind not in RENEWING_KINDS or not known:
                raise NotRenewing()
            charge = _next_charge(subscription, self._clock().date())
            if not order.auto_renew:
                return RenewalAnswer(None, charge, order.auto_renew_cancelled_at)
            numbers = [each.order_number for each in subscription]
            case = await work.renewals.open_for(order.brand, numbers)
            if case is None:
                case = await self._open(work, customer, order, charge)
            return RenewalAnswer(case, case.next_charge)

    async def finish(self, number: str, *, by: Actor) -> RenewalCancellation:
        """Record that auto-renewal has been cancelled, from when the customer asked on.

        Twice is fine. Raises ``RenewalNotFound``, ``NotAllowed`` (not by an operator),
        ``IllegalMove`` or ``CaseChanged``.
        """
        must_be(by, Role.OPERATOR)
        async with self._storage.writing() as work:
            case, subscription = await self._held(work, number)
            if case.state is RenewalState.DONE:
                return case
            await self._move(work, case, "finish", by=by)
            ended = [each.order_number for each in subscription]
            await work.records.end_renewal(case.brand, ended, case.asked_at)
            return case

    async def refuse(
        self, number: str, words: Mapping[str, str], *, by: Actor
    ) -> RenewalCancellation:
        """Record that it can't be cancelled, with the reason in both languages.

        Twice is fine. Raises as ``finish`` does, and ``InputRefused`` without a reason.
        """
        must_be(by, Role.OPERATOR)
        reason = words_of(words, "words")
        if not reason:
            raise InputRefused(Fault("words", BOTH))
        async with self._storage.writing() as work:
            case, _orders = await self._held(work, number)
            if case.state is RenewalState.REFUSED and case.refusal == reason:
                return case
            case.refusal = reason
            await self._move(work, case, "refuse", by=by, more={"reason": reason})
            return case

    @needs(Operation.CANCEL_RENEWAL)
    async def withdraw(self, customer: Customer, number: str) -> RenewalCancellation:
        """Take the wish back while nobody has carried it out; twice is fine.

        Raises ``RenewalNotFound`` or ``IllegalMove``.
        """
        number = (await self.by_number(customer, number)).number
        async with self._storage.writing() as work:
            case, _orders = await self._held(work, number)
            if case.state is not RenewalState.WITHDRAWN:
                await self._move(work, case, "withdraw", by=_who(customer))
            return case

    @needs(Operation.READ_ACCOUNT)
    async def by_number(self, customer: Customer, number: str) -> RenewalCancellation:
        """One of the customer's cancellations. Raises ``RenewalNotFound``."""
        async with self._storage.reading() as work:
            case = await work.renewals.get(normalise_number(number) or number)
        mine = (customer.brand, customer.account_id)
        if case is None or (case.brand, case.account_id) != mine:
            raise RenewalNotFound()
        return case

    async def _open(
        self, work: Work, customer: Customer, order: Order, charge: NextCharge
    ) -> RenewalCancellation:
        now, by = self._clock(), _who(customer)
        case = RenewalCancellation(
            number=await unused_number(work),
            brand=order.brand,
            order_number=order.order_number,
            account_id=order.account_id,
            conversation=customer.conversation,
            state=RenewalState.REQUESTED,
            asked_at=now,
            updated_at=now,
            next_charge=charge,
        )
        await work.renewals.add(case)
        told = {"order": case.order_number}
        await work.audit.record(_subject(case), "renewal_opened", by=by, at=now, data=told)
        await self._tickets.open_in(work, _ticket(case, order), by=by)
        await self._notices.promise_renewal_in(work, case)
        return case

    async def _held(self, work: Work, number: str) -> tuple[RenewalCancellation, list[Order]]:
        """The case and the orders that it ends the renewal of, which are locked."""
        seen = await work.renewals.get(number)
        if seen is None:
            raise RenewalNotFound()
        _order, subscription = await _hold(work, seen.brand, seen.account_id, seen.order_number)
        case = await work.renewals.get(number)
        if case is None:
            raise CaseChanged()
        return case, subscription

    async def _move(
        self,
        work: Work,
        case: RenewalCancellation,
        step: str,
        *,
        by: Actor,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        now = self._clock()
        was = move_renewal(case, step, by=by, at=now)
        await work.renewals.save(case, was=was)
        told = {"step": step, "was": was.value, "state": case.state.value} | dict(more or {})
        await work.audit.record(_subject(case), "renewal_moved", by=by, at=now, data=told)
        await self._tickets.close_in(work, _key(case), by=by)
        if case.state is not RenewalState.WITHDRAWN:
            await self._notices.promise_renewal_in(work, case)


def _who(customer: Customer) -> Actor:
    return Actor(Role.CUSTOMER, customer.account_id)


def _subject(case: RenewalCancellation) -> str:
    return f"renewal:{case.number}"


def _key(case: RenewalCancellation) -> str:
    """What makes its ticket its own."""
    return f"renewal:{case.number}"


def _ticket(case: RenewalCancellation, order: Order) -> NewTicket:
    """All that an operator needs to switch it off at the payment provider."""
    charge = case.next_charge
    return NewTicket(
        case.brand,
        Task.RENEWAL,
        reason="cancel_renewal",
        key=_key(case),
        conversation=case.conversation,
        data={
            "renewal": case.number,
            "order_number": case.order_number,
            "item": order.item,
            "subscription": order.subscription,
            "method": order.payment.method.value,
            "hint": order.payment.hint,
            "gateway": order.payment.gateway,
            "reference": order.payment.reference,
            "asked_at": case.asked_at.astimezone(UTC).isoformat(),
            "next_charge_on": charge.on.isoformat() if charge.on else None,
        },
    )


async def _hold(
    work: Work, brand: str, account_id: str, order_number: str
) -> tuple[Order, list[Order]]:
    """An order and all of its subscription, locked: one wish is one case, whichever is named.

    Raises ``OrderNotFound``.
    """
    seen = await work.records.order(brand, account_id, order_number)
    if seen is None:
        raise OrderNotFound()
    subscription = await work.records.subscription_of(seen, lock=True)
    [order] = [each for each in subscription if each.order_number == seen.order_number]
    return order, subscription


def _next_charge(subscription: list[Order], today: date) -> NextCharge:
    """When the last term ends, and what it cost; an upgrade's price is a difference."""
    latest = max(subscription, key=lambda order: (order.term_end or date.min, order.order_number))
    if latest.term_end is None or latest.term_end < today:
        return NextCharge()  # the records are behind, so they don't say
    full = latest.kind in (Kind.PURCHASE, Kind.RENEWAL)
    return NextCharge(latest.term_end, latest.amount if full else None)

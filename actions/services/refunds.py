"""Refunds as customers ask for them: request, confirm, withdraw, and where things stand.

Knows when a case is opened, found again or decided anew, and that money follows only a
confirmed decision. Leaves the decision to the policy and the paying to the payout service.
"""

from __future__ import annotations

from collections.abc import Mapping

from actions.domain.assurance import Operation
from actions.domain.clock import Clock
from actions.domain.customer import Customer
from actions.domain.errors import CaseChanged, OrderNotFound
from actions.domain.events import Actor, Role
from actions.domain.order import Order
from actions.domain.refund_case import CaseStatus, RefundCase, State, normalise_number
from actions.notices.kinds import NoticeKind
from actions.policy.brand import Brand
from actions.services.assurance import needs, require_payment_proof
from actions.services.casebook import DESK, hold_own, own_case, take_step
from actions.services.deciding import (
    Deciding,
    appeal_key,
    approval_key,
    review_key,
    ticket_about,
)
from actions.services.notices import Notices
from actions.services.payouts import PayoutService
from actions.services.tickets import Task, Tickets
from actions.storage.work import Storage, Work

CONFIRMED = (State.CONFIRMED, State.PAYING, State.PAID, State.FAILED)


class Refunds:
    """What a verified customer may do about their money."""

    def __init__(
        self,
        storage: Storage,
        brands: Mapping[str, Brand],
        deciding: Deciding,
        payouts: PayoutService,
        tickets: Tickets,
        notices: Notices,
        clock: Clock,
    ) -> None:
        self._storage = storage
        self._brands = brands
        self._deciding = deciding
        self._payouts = payouts
        self._tickets = tickets
        self._notices = notices
        self._clock = clock

    @needs(Operation.REFUND)
    async def request(
        self, customer: Customer, order_number: str, reason: str | None = None
    ) -> RefundCase:
        """Decide a refund from the records, or find the order's open case.

        An open case is decided anew only if its facts have changed since and nobody has acted
        on it; a refused request is a case too, and no obstacle to asking again.

        Raises:
            OrderNotFound: the customer has no such order.
            PaymentProofNeeded: its payment has to be proved first.
        """
        async with self._storage.writing() as work:
            order = await work.records.order(
                customer.brand, customer.account_id, order_number, lock=True
            )
            if order is None:
                raise OrderNotFound()
            require_payment_proof(self._brands[order.brand], customer, order)
            case = await work.cases.open_for(order.brand, order.order_number)
            if case is not None and await self._deciding.has_lapsed(work, case):
                await take_step(work, case, "withdraw", by=DESK, at=self._clock())
                case = None
            if case is None:
                return await self._deciding.open(work, customer, order, reason)
            await self._deciding.again(work, case, order, reason, by=_who(customer))
            return case

    @needs(Operation.REFUND)
    async def confirm(self, customer: Customer, number: str) -> RefundCase:
        """Take the customer's yes to amount and destination; saying it twice changes nothing.

        Raises:
            CaseNotFound: the customer has no such case.
            PaymentProofNeeded: its order's payment has to be proved first.
            CaseChanged: the records have changed and so has the answer, or it is too old to
                hold; request again and ask with what that says.
            IllegalMove: there is nothing to confirm.
            OverRefund: more would go back than was paid.
        """
        async with self._storage.writing() as work:
            case, order = await hold_own(work, customer, number)
            if case.state in CONFIRMED:
                return case
            require_payment_proof(self._brands[order.brand], customer, order)
            if not (
                await self._deciding.has_lapsed(work, case)
                or await self._deciding.again(work, case, order, None, by=_who(customer))
            ):
                await self._confirm(work, case, order, by=_who(customer))
                return case
        raise CaseChanged()

    @needs(Operation.REFUND)
    async def withdraw(self, customer: Customer, number: str) -> RefundCase:
        """Take the request back, as long as no money is on its way; twice is fine.

        Raises:
            CaseNotFound: the customer has no such case.
            IllegalMove: it is too late.
        """
        by = _who(customer)
        async with self._storage.writing() as work:
            case, _order = await hold_own(work, customer, number)
            if case.state is State.WITHDRAWN:
                return case
            await take_step(work, case, "withdraw", by=by, at=self._clock())
            await self._payouts.drop_in(work, case, by=by)
            await self._notices.promise_in(work, case, NoticeKind.REFUND_WITHDRAWN)
            for key in (review_key(case), approval_key(case), appeal_key(case)):
                await self._tickets.close_in(work, key, by=by)
            return case

    @needs(Operation.READ_ACCOUNT)
    async def latest(self, customer: Customer) -> RefundCase | None:
        """The case that the customer opened last."""
        async with self._storage.reading() as work:
            return await work.cases.latest_of(customer.brand, customer.account_id)

    @needs(Operation.READ_ACCOUNT)
    async def latest_for(self, customer: Customer, order_number: str) -> RefundCase | None:
        """The case that was opened last for this order of the customer's."""
        async with self._storage.reading() as work:
            case = await work.cases.latest_for(customer.brand, order_number)
        return case if case and case.account_id == customer.account_id else None

    @needs(Operation.READ_ACCOUNT)
    async def by_number(self, customer: Customer, number: str) -> RefundCase:
        """One case of the customer's. Raises ``CaseNotFound``."""
        async with self._storage.reading() as work:
            return await own_case(work, customer, number)

    async def status(self, brand: str, number: str, email: str) -> CaseStatus | None:
        """State and dates, for anyone who knows both a case's number and its e-mail.

        That is ``Operation.STATUS_BY_NUMBER``: knowing both is all the proof it takes.
        """
        async with self._storage.reading() as work:
            case = await work.cases.by_number_and_email(
                brand, normalise_number(number) or number, email
            )
        return case.status if case else None

    async def _confirm(self, work: Work, case: RefundCase, order: Order, *, by: Actor) -> None:
        await take_step(work, case, "confirm", by=by, at=self._clock())
        assert case.decision is not None
        if case.decision.approvals_needed:
            await self._tickets.open_in(
                work,
                ticket_about(case, Task.APPROVAL, "approval_needed", approval_key(case)),
                by=by,
            )
        else:
            await self._payouts.promise_in(work, case, order)
        await self._notices.promise_in(work, case, NoticeKind.REFUND_CONFIRMED)


def _who(customer: Customer) -> Actor:
    return Actor(Role.CUSTOMER, customer.account_id)

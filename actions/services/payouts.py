"""Payouts: promised with the customer's confirmation, sent by a worker, settled by the gateway.

Knows the order of steps that makes a crash between any two harmless: what is about to be sent is
written first, the gateway is asked under the case's own key, its answer is written last. Leaves
whether to pay to the decision, and how to the gateway.
"""

from __future__ import annotations

from collections.abc import Mapping

from actions.domain.clock import Clock
from actions.domain.errors import (
    CaseNotFound,
    IllegalMove,
    MoneyError,
    OrderDisputed,
    OverRefund,
)
from actions.domain.events import Actor, Role
from actions.domain.order import Order, OrderStatus
from actions.domain.refund_case import RefundCase, State
from actions.domain.ticket import Category, Priority
from actions.gateways.base import PaymentGateway, PayoutOrder, PayoutResult, PayoutStatus
from actions.notices.kinds import NoticeKind
from actions.services.casebook import hold, take_step
from actions.services.inputs import LONGEST_REFERENCE, must_be, text_of
from actions.services.ledger import check_not_more_than_paid
from actions.services.notices import Notices
from actions.services.tickets import NewTicket, Task, Tickets
from actions.storage.payouts import Payout, PayoutState
from actions.storage.work import Storage, Work

WORKER = Actor(Role.WORKER)
FALLBACK = "manual"
PAYERS = (Role.FINANCE, Role.OPERATOR, Role.WORKER)
"""Who may say what has become of a payout."""
NO_LONGER_OURS = (OrderStatus.REFUNDED, OrderStatus.DISPUTED)


class PayoutService:
    """Moves money back, once."""

    def __init__(
        self,
        storage: Storage,
        gateways: Mapping[str, PaymentGateway],
        tickets: Tickets,
        notices: Notices,
        clock: Clock,
    ) -> None:
        self._storage = storage
        self._gateways = gateways
        self._tickets = tickets
        self._notices = notices
        self._clock = clock

    async def promise_in(self, work: Work, case: RefundCase, order: Order) -> None:
        """Put a confirmed case's payout in line, in the transaction that confirms it.

        The caller holds the order's lock. Raises ``OverRefund`` before anything is written.
        """
        assert case.decision is not None
        now = self._clock()
        amount = case.decision.amount
        await check_not_more_than_paid(work, order, amount, for_case=case.number)
        payout = Payout(
            case_number=case.number,
            brand=case.brand,
            order_number=case.order_number,
            gateway=self._gateway_for(order).name,
            amount=amount,
            state=PayoutState.WAITING,
            created_at=now,
            updated_at=now,
        )
        await work.payouts.add(payout)
        await self._put_in_line(work, payout)

    async def drop_in(self, work: Work, case: RefundCase, *, by: Actor) -> None:
        """Forget the promised payout of a case that is being withdrawn."""
        payout = await work.payouts.get(case.number)
        if payout is not None and payout.state is PayoutState.WAITING:
            await self._save(work, payout, PayoutState.VOID, by=by)

    async def send(self, number: str) -> None:
        """Ask the gateway to pay; harmless to call again at any point.

        Raises:
            GatewayUnreachable: try again later.
        """
        begun = await self._begin(number)
        if begun is None:
            return
        gateway, order = begun
        result = await gateway.refund(order)
        await self._record(number, result)

    async def settle(self, number: str, reference: str, *, by: Actor) -> RefundCase:
        """Record that the money has gone, under the payer's ``reference``.

        Raises:
            NotAllowed: neither finance, an operator nor the worker says so.
            InputRefused: no reference, or one that can't be kept.
            CaseNotFound: there is no such case.
            IllegalMove: it is not being paid.
        """
        must_be(by, *PAYERS)
        reference = text_of(reference, "reference", LONGEST_REFERENCE)
        async with self._storage.writing() as work:
            case, _order, payout = await self._held(work, number)
            if case.state is State.PAID and payout.reference == reference:
                return case
            _must_be_sent(case, payout, "settle")
            payout.reference = reference
            await self._settled(work, case, payout, by=by)
            return case

    async def fail(self, number: str, reason: str, *, by: Actor) -> RefundCase:
        """Record that the money could not be paid. Raises as ``settle`` does."""
        must_be(by, *PAYERS)
        reason = text_of(reason, "reason", LONGEST_REFERENCE)
        async with self._storage.writing() as work:
            case, _order, payout = await self._held(work, number)
            _must_be_sent(case, payout, "fail")
            await self._failed(work, case, payout, reason, by=by)
            return case

    async def retry(self, number: str, *, by: Actor) -> RefundCase:
        """Send a failed payout on its way again, under the key that the gateway knows it by.

        Asking again while it is on its way changes nothing.

        Raises:
            NotAllowed: not by finance or an operator.
            CaseNotFound: there is no such case, or it never came to a payout.
            IllegalMove: the payout has not failed.
            OrderDisputed: a bank decides on the payment by now.
            OverRefund: more would go back than was paid, or it has all gone back elsewhere.
        """
        must_be(by, Role.FINANCE, Role.OPERATOR)
        async with self._storage.writing() as work:
            case, order, payout = await self._held(work, number)
            if case.state is State.PAYING and payout.tries > 1:
                return case
            if (case.state, payout.state) != (State.FAILED, PayoutState.FAILED):
                raise IllegalMove(case.number, case.state, "send")
            if order.status is OrderStatus.DISPUTED:
                raise OrderDisputed()
            if order.status is OrderStatus.REFUNDED:
                raise OverRefund()
            await check_not_more_than_paid(work, order, payout.amount, for_case=case.number)
            payout.tries += 1
            await self._take_up_again(work, case, payout, by=by)
            await self._put_in_line(work, payout)
            return case

    async def _take_up_again(
        self, work: Work, case: RefundCase, payout: Payout, *, by: Actor
    ) -> None:
        """A failed payout is on its way once more."""
        await take_step(work, case, "send", by=by, at=self._clock())
        payout.failure = payout.reference = None
        await self._save(work, payout, PayoutState.SENDING, by=by)
        await self._tickets.close_in(work, _failure_key(case), by=by)

    async def _put_in_line(self, work: Work, payout: Payout) -> None:
        """Have a worker send it, once for each try."""
        again = f":{payout.tries}" if payout.tries > 1 else ""
        await work.outbox.put(
            "payout",
            f"payout:{payout.case_number}{again}",
            {"brand": payout.brand, "case": payout.case_number},
            at=self._clock(),
        )

    async def _begin(self, number: str) -> tuple[PaymentGateway, PayoutOrder] | None:
        """Write that the payout is about to be sent; None when there is nothing to send."""
        async with self._storage.writing() as work:
            case, order, payout = await self._held(work, number)
            if case.state is State.CONFIRMED and payout.state is PayoutState.WAITING:
                if not await self._start(work, case, order, payout):
                    return None
            elif (case.state, payout.state) != (State.PAYING, PayoutState.SENDING):
                return None
            return self._gateways[payout.gateway], PayoutOrder(
                key=payout.idempotency_key,
                brand=case.brand,
                order_number=case.order_number,
                amount=payout.amount,
                method=case.destination.method,
                hint=case.destination.hint,
                reference=order.payment.reference,
            )

    async def _start(self, work: Work, case: RefundCase, order: Order, payout: Payout) -> bool:
        """Move from promised to paying; False if the order's records forbid it by now."""
        await take_step(work, case, "send", by=WORKER, at=self._clock())
        await self._save(work, payout, PayoutState.SENDING, by=WORKER)
        try:
            await check_not_more_than_paid(work, order, payout.amount, for_case=case.number)
        except MoneyError as error:
            await self._failed(work, case, payout, error.code, by=WORKER)
            return False
        if order.status in NO_LONGER_OURS:
            await self._failed(work, case, payout, f"order_{order.status}", by=WORKER)
            return False
        return True

    async def _record(self, number: str, result: PayoutResult) -> None:
        """Write the gateway's answer, unless another worker has been told as much.

        A yes that comes after another worker's no counts: the money has moved.
        """
        async with self._storage.writing() as work:
            case, _order, payout = await self._held(work, number)
            if payout.state is PayoutState.FAILED and _moves_money(result):
                await self._take_up_again(work, case, payout, by=WORKER)
            if not _is_news(payout, result):
                return
            payout.reference = result.reference
            if result.status is PayoutStatus.FAILED:
                await self._failed(work, case, payout, result.failure or "unknown", by=WORKER)
                return
            if result.status is PayoutStatus.SETTLED:
                await self._settled(work, case, payout, by=WORKER)
                return
            await self._save(work, payout, PayoutState.SENT, by=WORKER)
            if result.task is not None:
                await self._tickets.open_in(
                    work,
                    NewTicket(
                        case.brand,
                        Task.PAYOUT,
                        reason="pay_by_hand",
                        key=_task_key(case),
                        case_number=case.number,
                        data=dict(result.task),
                    ),
                    by=WORKER,
                )

    async def _settled(self, work: Work, case: RefundCase, payout: Payout, *, by: Actor) -> None:
        await take_step(work, case, "settle", by=by, at=self._clock())
        await self._save(work, payout, PayoutState.SETTLED, by=by)
        await self._tickets.close_in(work, _task_key(case), by=by)
        await self._notices.promise_in(work, case, NoticeKind.REFUND_PAID)

    async def _failed(
        self, work: Work, case: RefundCase, payout: Payout, failure: str, *, by: Actor
    ) -> None:
        payout.failure = failure
        await take_step(work, case, "fail", by=by, at=self._clock())
        await self._save(work, payout, PayoutState.FAILED, by=by)
        await self._tickets.close_in(work, _task_key(case), by=by)
        await self._tickets.open_in(
            work,
            NewTicket(
                case.brand,
                Category.FAILED_PAYOUT,
                reason=failure,
                key=_failure_key(case),
                priority=Priority.HIGH,
                case_number=case.number,
                conversation=case.conversation,
            ),
            by=by,
        )
        await self._notices.promise_in(work, case, NoticeKind.REFUND_DELAYED)

    async def _held(self, work: Work, number: str) -> tuple[RefundCase, Order, Payout]:
        case, order = await hold(work, number)
        payout = await work.payouts.get(number)
        if payout is None:
            raise CaseNotFound()
        return case, order, payout

    async def _save(self, work: Work, payout: Payout, state: PayoutState, *, by: Actor) -> None:
        was, payout.state, payout.updated_at = payout.state, state, self._clock()
        await work.payouts.save(payout, was=was)
        await work.audit.record(
            f"case:{payout.case_number}",
            "payout_moved",
            by=by,
            at=payout.updated_at,
            data={
                "was": was.value,
                "state": state.value,
                "amount": str(payout.amount),
                "reference": payout.reference,
                "failure": payout.failure,
            },
        )

    def _gateway_for(self, order: Order) -> PaymentGateway:
        """The gateway the order names; finance pays by hand where that one isn't set up."""
        return self._gateways.get(order.payment.gateway or FALLBACK) or self._gateways[FALLBACK]


def _task_key(case: RefundCase) -> str:
    return f"payout:{case.number}"


def _failure_key(case: RefundCase) -> str:
    return f"failed_payout:{case.number}"


def _moves_money(result: PayoutResult) -> bool:
    return result.status is not PayoutStatus.FAILED and result.task is None


def _is_news(payout: Payout, result: PayoutResult) -> bool:
    """Whether an answer says more than is known already."""
    if payout.state is PayoutState.SENT:
        return result.status is PayoutStatus.SETTLED
    return payout.state is PayoutState.SENDING


def _must_be_sent(case: RefundCase, payout: Payout, step: str) -> None:
    if payout.state is not PayoutState.SENT:
        raise IllegalMove(case.number, case.state, step)

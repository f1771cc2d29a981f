"""Money goes back exactly once, whatever dies and wherever."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from sqlalchemy import event

from actions.domain.errors import CaseNotFound, IllegalMove
from actions.domain.events import Actor, Role
from actions.domain.refund_case import State
from actions.gateways.base import GatewayUnreachable, PayoutOrder, PayoutResult, PayoutStatus
from actions.gateways.manual import ManualGateway
from actions.services.outbox import LEASE
from actions.services.tickets import FINANCE
from actions.storage.payouts import PayoutState
from actions.testing.desk import DeskForTests

FINANCIER = Actor(Role.FINANCE, "wu")


class Killed(BaseException):
    """The worker's process ends here; nothing of it can react."""


async def confirmed(desk: DeskForTests, order: str = "KL1", gateway: str = "fake") -> str:
    # Each pays by a card of its own: many refunds to one card would go to a person.
    await desk.has_order(order, f"A-{order}", gateway=gateway, hint=order)
    li = await desk.verified(f"A-{order}")
    case = await desk.refunds.request(li, order)
    return (await desk.refunds.confirm(li, case.number)).number


async def state_of(desk: DeskForTests, number: str) -> State:
    return (await desk.refunds.by_number(await desk.verified("A-KL1"), number)).state


@contextmanager
def dying_at(desk: DeskForTests, nth: int, how: type[BaseException]) -> Iterator[list[int]]:
    """Raise ``how`` in place of the ``nth`` statement or commit; yields the count so far."""
    count = [0]
    engine = desk.desk.engine.sync_engine

    def step(*_: Any) -> None:
        count[0] += 1
        if count[0] == nth:
            raise how

    events = ("before_cursor_execute", "commit")
    for name in events:
        event.listen(engine, name, step)
    try:
        yield count
    finally:
        for name in events:
            event.remove(engine, name, step)


@pytest.mark.parametrize(("gateway", "how"), [("fake", Killed), ("manual", RuntimeError)])
async def test_a_worker_that_dies_at_any_step_neither_loses_nor_repeats_a_payout(
    desk: DeskForTests, gateway: str, how: type[BaseException]
) -> None:
    """One refund for each statement and commit of the worker, dying there."""
    numbers: dict[str, str] = {}
    for nth in range(1, 200):
        order = f"KL{nth}"
        numbers[order] = await confirmed(desk, order, gateway)
        with dying_at(desk, nth, how) as count, suppress(how):
            await desk.run_worker_once("dies")
        if count[0] < nth:
            break
        desk.clock.forward(seconds=LEASE.total_seconds())
        await desk.run_worker_once("comes after")
    assert nth > 20, "the worker should take more steps than that"
    tasks = [task.case_number for task in await desk.tickets.in_queue(FINANCE)]
    for order, number in numbers.items():
        [payout] = await desk.payouts_of(order)
        if gateway == "fake":
            assert payout.state is PayoutState.SETTLED
            assert number in desk.gateway.paid
        else:
            assert payout.state is PayoutState.SENT
            assert tasks.count(number) == 1
    assert len(desk.gateway.paid) == (len(numbers) if gateway == "fake" else 0)
    assert await desk.desk.doctor.findings() == []


async def test_a_gateway_whose_answer_was_lost_is_asked_again_under_the_same_key(
    desk: DeskForTests,
) -> None:
    number = await confirmed(desk)
    desk.gateway.failures.append(GatewayUnreachable())
    await desk.run_worker_once()
    assert await state_of(desk, number) is State.PAYING
    desk.clock.forward(minutes=1)
    await desk.run_worker_once()
    assert await state_of(desk, number) is State.PAID
    assert [order.key for order in desk.gateway.asked] == [number, number]


async def test_two_workers_on_one_payout_pay_once(desk: DeskForTests) -> None:
    number = await confirmed(desk)
    await asyncio.gather(*(desk.payouts.send(number) for _ in range(4)))
    assert list(desk.gateway.paid) == [number]
    assert await state_of(desk, number) is State.PAID
    moves = [row.data.get("state") for row in await desk.trail(f"case:{number}")]
    assert moves.count("paid") == 1
    assert await desk.desk.doctor.findings() == []


@pytest.mark.parametrize("status", [PayoutStatus.SETTLED, PayoutStatus.SENT])
async def test_a_yes_that_comes_after_another_workers_no_counts(
    desk: DeskForTests, status: PayoutStatus
) -> None:
    number = await confirmed(desk)
    refund = desk.gateway.refund

    async def overtaken(order: PayoutOrder) -> PayoutResult:
        desk.gateway.refund = refund  # type: ignore[method-assign]
        desk.gateway.answer = PayoutResult(PayoutStatus.FAILED, failure="busy")
        await desk.payouts.send(number)
        assert await state_of(desk, number) is State.FAILED
        desk.gateway.answer = PayoutResult(status, reference="re_1")
        return await refund(order)

    desk.gateway.refund = overtaken  # type: ignore[method-assign]
    await desk.payouts.send(number)
    assert list(desk.gateway.paid) == [number]
    if status is PayoutStatus.SENT:
        await desk.payouts.settle(number, "re_1", by=FINANCIER)
    assert await state_of(desk, number) is State.PAID
    assert await desk.tickets.in_queue(FINANCE) == [], "nobody is asked to pay it again"
    assert await desk.desk.doctor.findings() == []


async def test_a_payout_the_gateway_refuses_is_put_before_finance(desk: DeskForTests) -> None:
    number = await confirmed(desk)
    desk.gateway.answer = PayoutResult(PayoutStatus.FAILED, failure="card_closed")
    await desk.run_worker_once()
    assert await state_of(desk, number) is State.FAILED
    [ticket] = await desk.tickets.in_queue(FINANCE)
    assert (ticket.category, ticket.reason) == ("failed_payout", "card_closed")
    assert any("退款汇出遇到问题" in mail.subject for mail in desk.mailer.sent)


async def test_an_order_disputed_after_the_yes_is_not_paid(desk: DeskForTests) -> None:
    number = await confirmed(desk)
    await desk.has_order("KL1", "A-KL1", gateway="fake", status="disputed")
    await desk.run_worker_once()
    assert desk.gateway.asked == []
    assert await state_of(desk, number) is State.FAILED


async def test_finance_settles_what_it_has_paid(desk: DeskForTests) -> None:
    number = await confirmed(desk, gateway="manual")
    with pytest.raises(IllegalMove):
        await desk.payouts.settle(number, "bank 1", by=FINANCIER)
    await desk.run_worker_once()
    for _ in range(2):
        case = await desk.payouts.settle(number, "bank 1", by=FINANCIER)
        assert case.state is State.PAID
    assert await desk.tickets.in_queue(FINANCE) == []
    [payout] = await desk.payouts_of("KL1")
    assert (payout.state, payout.reference) == (PayoutState.SETTLED, "bank 1")
    await desk.run_worker_once()
    assert desk.mailer.sent[-1].subject.startswith("退款已汇出：¥299.00")
    with pytest.raises(IllegalMove):
        await desk.payouts.settle(number, "bank 2", by=FINANCIER)
    with pytest.raises(IllegalMove):
        await desk.payouts.fail(number, "too late", by=FINANCIER)


async def test_finance_says_why_it_could_not_pay(desk: DeskForTests) -> None:
    number = await confirmed(desk, gateway="manual")
    await desk.run_worker_once()
    assert (await desk.payouts.fail(number, "account closed", by=FINANCIER)).state is State.FAILED
    assert [t.category for t in await desk.tickets.in_queue(FINANCE)] == ["failed_payout"]
    assert await desk.desk.doctor.findings() == []


async def test_a_case_without_a_payout_can_not_be_settled(desk: DeskForTests) -> None:
    await desk.has_order("KL1")
    case = await desk.refunds.request(await desk.verified(), "KL1")
    for number in (case.number, "RF-3333333333"):
        with pytest.raises(CaseNotFound):
            await desk.payouts.settle(number, "bank 1", by=FINANCIER)


async def test_an_order_of_a_gateway_not_set_up_is_paid_by_hand(desk: DeskForTests) -> None:
    await confirmed(desk, gateway="elsewhere")
    [payout] = await desk.payouts_of("KL1")
    assert payout.gateway == ManualGateway.name

"""What people may say of a payout, and how a failed one is sent again: under the same key."""

from __future__ import annotations

import asyncio

import pytest

from actions.domain.errors import (
    CaseNotFound,
    IllegalMove,
    InputRefused,
    NotAllowed,
    OrderDisputed,
    OverRefund,
)
from actions.domain.events import Actor, Role
from actions.domain.money import Money
from actions.domain.order import Refund
from actions.domain.refund_case import RefundCase, State
from actions.gateways.base import PayoutResult, PayoutStatus
from actions.services.tickets import FINANCE
from actions.storage.payouts import PayoutState
from actions.testing.desk import DeskForTests
from tests.actions.services.people import (
    FINANCIER,
    NOT_STAFF,
    OPERATOR,
    WU,
    findings,
    moves,
    subjects,
)

PAID = PayoutResult(PayoutStatus.SETTLED, reference="re_2")


async def on_its_way(desk: DeskForTests, gateway: str = "manual") -> RefundCase:
    await desk.has_order("KL1", gateway=gateway)
    li = await desk.verified()
    case = await desk.refunds.request(li, "KL1")
    await desk.refunds.confirm(li, case.number)
    await desk.run_worker_once()
    return await desk.refunds.by_number(li, case.number)


async def failed(desk: DeskForTests) -> RefundCase:
    desk.gateway.answer = PayoutResult(PayoutStatus.FAILED, failure="card_closed")
    case = await on_its_way(desk, "fake")
    assert case.state is State.FAILED
    desk.gateway.answer = PAID
    return case


@pytest.mark.parametrize("by", [FINANCIER, OPERATOR], ids=str)
async def test_a_failed_payout_is_sent_again_under_the_same_key(
    desk: DeskForTests, by: Actor
) -> None:
    case = await failed(desk)
    for _ in range(2):
        again = await desk.payouts.retry(case.number, by=by)
        assert again.state is State.PAYING
    assert await desk.tickets.in_queue(FINANCE) == []
    await desk.run_worker_once()
    assert [order.key for order in desk.gateway.asked] == [case.number] * 2
    [payout] = await desk.payouts_of("KL1")
    assert (payout.state, payout.reference, payout.failure) == (PayoutState.SETTLED, "re_2", None)
    assert [(step, actor) for step, _state, actor in await moves(desk, case.number)][-2:] == [
        ("send", str(by)),
        ("settle", "worker"),
    ]
    assert (await subjects(desk))[-1] == f"退款已汇出：¥299.00（{case.number}）"
    assert await findings(desk) == []
    with pytest.raises(IllegalMove):
        await desk.payouts.retry(case.number, by=by)


async def test_it_may_fail_and_be_sent_again_more_than_once(desk: DeskForTests) -> None:
    case = await failed(desk)
    for _ in range(3):
        desk.gateway.answer = PayoutResult(PayoutStatus.FAILED, failure="still_closed")
        await desk.payouts.retry(case.number, by=FINANCIER)
        await desk.run_worker_once()
        assert [ticket.reason for ticket in await desk.tickets.in_queue(FINANCE)] == [
            "still_closed"
        ]
    desk.gateway.answer = PAID
    await desk.payouts.retry(case.number, by=FINANCIER)
    await desk.run_worker_once()
    assert len(desk.gateway.asked) == 5
    assert list(desk.gateway.paid) == [case.number]
    assert await findings(desk) == []


async def test_of_two_retries_at_once_one_is_sent(desk: DeskForTests) -> None:
    case = await failed(desk)
    await asyncio.gather(*(desk.payouts.retry(case.number, by=FINANCIER) for _ in range(4)))
    await desk.run_worker_once()
    assert len(desk.gateway.asked) == 2


async def test_what_finance_could_not_pay_by_hand_comes_back_to_finance(
    desk: DeskForTests,
) -> None:
    case = await on_its_way(desk)
    await desk.payouts.fail(case.number, " account closed ", by=FINANCIER)
    await desk.payouts.retry(case.number, by=FINANCIER)
    await desk.run_worker_once()
    assert [ticket.category for ticket in await desk.tickets.in_queue(FINANCE)] == ["payout"]
    await desk.payouts.settle(case.number, "bank 2", by=FINANCIER)
    assert await findings(desk) == []


@pytest.mark.parametrize("by", [*NOT_STAFF, WU, Actor(Role.FINANCE)], ids=str)
async def test_only_finance_or_an_operator_sends_again(desk: DeskForTests, by: Actor) -> None:
    case = await failed(desk)
    with pytest.raises(NotAllowed):
        await desk.payouts.retry(case.number, by=by)


async def test_what_has_not_failed_is_not_sent_again(desk: DeskForTests) -> None:
    case = await on_its_way(desk)
    with pytest.raises(IllegalMove):
        await desk.payouts.retry(case.number, by=FINANCIER)
    with pytest.raises(CaseNotFound):
        await desk.payouts.retry("RF-3333333333", by=FINANCIER)


async def test_what_went_back_elsewhere_meanwhile_is_not_sent_again(desk: DeskForTests) -> None:
    case = await failed(desk)
    await desk.has_order("KL1", gateway="fake", status="disputed")
    with pytest.raises(OrderDisputed):
        await desk.payouts.retry(case.number, by=FINANCIER)
    await desk.has_order("KL1", gateway="fake")
    await desk.has_refund(Refund("KL1", Money(1, "CNY"), desk.clock(), "by hand"))
    with pytest.raises(OverRefund):
        await desk.payouts.retry(case.number, by=FINANCIER)
    assert len(desk.gateway.asked) == 1
    assert [ticket.category for ticket in await desk.tickets.in_queue(FINANCE)] == ["failed_payout"]


async def test_what_went_back_elsewhere_as_a_whole_is_not_sent_again(desk: DeskForTests) -> None:
    await desk.has_order("KL1", gateway="fake")
    li = await desk.verified()
    case = await desk.refunds.request(li, "KL1")
    await desk.refunds.confirm(li, case.number)
    # The records only say so: they have no refund to count.
    await desk.has_order("KL1", gateway="fake", status="refunded")
    await desk.run_worker_once()
    with pytest.raises(OverRefund):
        await desk.payouts.retry(case.number, by=FINANCIER)
    await desk.run_worker_once()
    assert desk.gateway.asked == []


@pytest.mark.parametrize(
    "by",
    [Actor(Role.CUSTOMER, "A-1"), Actor(Role.DESK), WU, Actor(Role.FINANCE), Actor(Role.OPERATOR)],
    ids=str,
)
async def test_nobody_else_says_what_became_of_a_payout(desk: DeskForTests, by: Actor) -> None:
    case = await on_its_way(desk)
    with pytest.raises(NotAllowed):
        await desk.payouts.settle(case.number, "bank 1", by=by)
    with pytest.raises(NotAllowed):
        await desk.payouts.fail(case.number, "closed", by=by)


@pytest.mark.parametrize("said", ["", " \n", "x" * 201, "a\0b"])
async def test_a_reference_or_reason_is_short_and_can_be_kept(
    desk: DeskForTests, said: str
) -> None:
    case = await on_its_way(desk)
    with pytest.raises(InputRefused):
        await desk.payouts.settle(case.number, said, by=FINANCIER)
    with pytest.raises(InputRefused):
        await desk.payouts.fail(case.number, said, by=FINANCIER)
    assert [payout.state for payout in await desk.payouts_of("KL1")] == [PayoutState.SENT]

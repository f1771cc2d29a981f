"""Refunds as customers ask for them, told as short stories over a whole desk."""

from __future__ import annotations

import asyncio

import pytest

from actions.domain.decision import Outcome
from actions.domain.errors import (
    CaseChanged,
    CaseNotFound,
    IllegalMove,
    OrderNotFound,
    OverRefund,
)
from actions.domain.money import Money
from actions.domain.order import Refund
from actions.domain.refund_case import State, is_number
from actions.services.tickets import FINANCE, SUPERVISORS
from actions.storage.payouts import PayoutState
from actions.testing.desk import DeskForTests

RENEWAL = {"kind": "renewal", "days_ago": 3}
LATE = {"days_ago": 60}


async def subjects(desk: DeskForTests) -> list[str]:
    await desk.run_worker_once()
    return [mail.subject for mail in desk.mailer.sent]


async def test_a_first_purchase_is_approved_confirmed_and_put_before_finance(
    desk: DeskForTests,
) -> None:
    await desk.has_order("KL1")
    li = await desk.verified()
    case = await desk.refunds.request(li, "KL1")
    assert (case.state, case.decision.outcome) == (State.DECIDED, Outcome.APPROVED)
    assert is_number(case.number)
    assert await desk.payouts_of("KL1") == []
    case = await desk.refunds.confirm(li, case.number)
    assert case.state is State.CONFIRMED
    await desk.run_worker_once()
    assert (await desk.refunds.by_number(li, case.number)).state is State.PAYING
    [task] = await desk.tickets.in_queue(FINANCE)
    assert task.case_number == case.number
    assert task.data == {
        "key": case.number,
        "order_number": "KL1",
        "amount": "299.00",
        "currency": "CNY",
        "method": "card",
        "hint": "4242",
        "reference": "ch_KL1",
    }
    assert await subjects(desk) == [f"退款已确认：¥299.00（{case.number}）"]
    assert await desk.desk.doctor.findings() == []


async def test_every_step_of_a_refund_leaves_a_row(desk: DeskForTests) -> None:
    await desk.has_order("KL1", gateway="fake")
    li = await desk.verified()
    case = await desk.refunds.request(li, "KL1")
    await desk.refunds.confirm(li, case.number)
    await desk.run_worker_once()
    trail = await desk.trail(f"case:{case.number}")
    states = [row.data["state"] for row in trail if row.what == "case_moved"]
    assert states == ["verified", "decided", "confirmed", "paying", "paid"]
    assert [row.actor for row in trail if row.data.get("step") == "confirm"] == ["customer:A-1"]


async def test_a_renewal_that_was_not_cancelled_is_refused_and_can_not_be_confirmed(
    desk: DeskForTests,
) -> None:
    await desk.has_order("KL1", **RENEWAL)
    li = await desk.verified()
    case = await desk.refunds.request(li, "KL1")
    assert case.decision.outcome is Outcome.DENIED
    assert case.decision.refusal_codes
    with pytest.raises(IllegalMove):
        await desk.refunds.confirm(li, case.number)
    await desk.run_worker_once()
    assert await desk.payouts_of("KL1") == []
    assert await subjects(desk) == [f"关于您的退款申请（{case.number}）"]


async def test_a_late_request_goes_to_a_person_by_a_promised_day(desk: DeskForTests) -> None:
    await desk.has_order("KL1", **LATE)
    li = await desk.verified()
    case = await desk.refunds.request(li, "KL1")
    assert case.decision.outcome is Outcome.NEEDS_REVIEW
    [ticket] = await desk.tickets.in_queue(SUPERVISORS)
    assert (ticket.category, ticket.case_number) == ("review", case.number)
    assert ticket.due_at is not None
    assert ticket.due_at > desk.clock()
    with pytest.raises(IllegalMove):
        await desk.refunds.confirm(li, case.number)
    assert await desk.payouts_of("KL1") == []


async def test_asking_again_finds_the_same_case(desk: DeskForTests) -> None:
    await desk.has_order("KL1", **LATE)
    li = await desk.verified()
    first = await desk.refunds.request(li, "KL1")
    desk.clock.forward(days=2)
    again = await desk.refunds.request(li, "ｋｌ1 ")
    assert again.number == first.number
    assert len(await desk.tickets.in_queue(SUPERVISORS)) == 1


async def test_a_refusal_is_no_obstacle_to_asking_again_later(desk: DeskForTests) -> None:
    await desk.has_order("KL1", **RENEWAL)
    li = await desk.verified()
    first = await desk.refunds.request(li, "KL1")
    assert (await desk.refunds.request(li, "KL1")).number == first.number
    await desk.has_order("KL1", **RENEWAL, auto_renew_cancelled_at=desk.clock.now.replace(day=1))
    second = await desk.refunds.request(li, "KL1")
    assert second.number != first.number
    assert second.decision.outcome is Outcome.APPROVED
    assert (await desk.refunds.latest(li)).number == second.number


async def test_somebody_elses_order_is_not_found_like_one_that_is_none(desk: DeskForTests) -> None:
    await desk.has_order("KL1")
    await desk.has_order("KL2", "A-2")
    li = await desk.verified()
    said = []
    for number in ("KL2", "KL999", ""):
        with pytest.raises(OrderNotFound) as error:
            await desk.refunds.request(li, number)
        said.append(str(error.value))
    assert len(set(said)) == 1


async def test_somebody_elses_case_is_not_found(desk: DeskForTests) -> None:
    await desk.has_order("KL1")
    await desk.has_order("KL2", "A-2")
    case = await desk.refunds.request(await desk.verified("A-2", "c2"), "KL2")
    li = await desk.verified()
    for ask in (desk.refunds.confirm, desk.refunds.withdraw, desk.refunds.by_number):
        with pytest.raises(CaseNotFound):
            await ask(li, case.number)
    assert await desk.refunds.latest(li) is None


async def test_two_requests_at_once_open_one_case(desk: DeskForTests) -> None:
    await desk.has_order("KL1")
    chats = [await desk.verified(conversation=f"c{n}") for n in range(4)]
    cases = await asyncio.gather(*(desk.refunds.request(chat, "KL1") for chat in chats))
    assert len({case.number for case in cases}) == 1


async def test_confirming_twice_pays_once(desk: DeskForTests) -> None:
    await desk.has_order("KL1", gateway="fake")
    li = await desk.verified()
    case = await desk.refunds.request(li, "KL1")
    await desk.refunds.confirm(li, case.number)
    await desk.run_worker_once()
    assert (await desk.refunds.confirm(li, case.number)).state is State.PAID
    await desk.run_worker_once()
    assert [payout.state for payout in await desk.payouts_of("KL1")] == [PayoutState.SETTLED]
    assert len(desk.gateway.asked) == 1


async def test_two_confirmations_at_once_pay_once(desk: DeskForTests) -> None:
    await desk.has_order("KL1", gateway="fake")
    li = await desk.verified()
    case = await desk.refunds.request(li, "KL1")
    cases = await asyncio.gather(*(desk.refunds.confirm(li, case.number) for _ in range(4)))
    assert {case.state for case in cases} == {State.CONFIRMED}
    await desk.run_worker_once()
    assert len(desk.gateway.asked) == 1
    mails = await subjects(desk)
    assert len(mails) == len(set(mails)) == 2


async def test_a_confirmation_and_a_withdrawal_at_once_never_both_win(desk: DeskForTests) -> None:
    await desk.has_order("KL1", gateway="fake")
    li = await desk.verified()
    case = await desk.refunds.request(li, "KL1")
    await asyncio.gather(
        desk.refunds.confirm(li, case.number),
        desk.refunds.withdraw(li, case.number),
        return_exceptions=True,
    )
    await desk.run_worker_once()
    end = await desk.refunds.by_number(li, case.number)
    assert end.state is State.WITHDRAWN
    assert desk.gateway.paid == {}
    assert await desk.desk.doctor.findings() == []


async def test_a_withdrawn_request_is_never_paid_and_may_be_made_anew(desk: DeskForTests) -> None:
    await desk.has_order("KL1", gateway="fake")
    li = await desk.verified()
    case = await desk.refunds.request(li, "KL1")
    await desk.refunds.confirm(li, case.number)
    assert (await desk.refunds.withdraw(li, case.number)).state is State.WITHDRAWN
    assert (await desk.refunds.withdraw(li, case.number)).state is State.WITHDRAWN
    await desk.run_worker_once()
    assert desk.gateway.asked == []
    new = await desk.refunds.request(li, "KL1")
    assert new.number != case.number
    await desk.refunds.confirm(li, new.number)
    await desk.run_worker_once()
    assert list(desk.gateway.paid) == [new.number]


async def test_money_on_its_way_can_not_be_withdrawn(desk: DeskForTests) -> None:
    await desk.has_order("KL1")
    li = await desk.verified()
    case = await desk.refunds.request(li, "KL1")
    await desk.refunds.confirm(li, case.number)
    await desk.run_worker_once()
    with pytest.raises(IllegalMove):
        await desk.refunds.withdraw(li, case.number)


async def test_records_that_change_before_the_yes_are_decided_on_again(desk: DeskForTests) -> None:
    """The customer said yes to another answer: nothing is confirmed, the new one is kept."""
    await desk.has_order("KL1")
    li = await desk.verified()
    case = await desk.refunds.request(li, "KL1")
    await desk.has_order("KL1", status="disputed")
    with pytest.raises(CaseChanged):
        await desk.refunds.confirm(li, case.number)
    now = await desk.refunds.by_number(li, case.number)
    assert now.state is State.DECIDED
    assert now.decision.outcome is not Outcome.APPROVED
    await desk.run_worker_once()
    assert await desk.payouts_of("KL1") == []


async def test_a_refund_made_elsewhere_before_the_yes_is_never_paid_twice(
    desk: DeskForTests,
) -> None:
    await desk.has_order("KL1", gateway="fake")
    li = await desk.verified()
    case = await desk.refunds.request(li, "KL1")
    await desk.has_refund(Refund("KL1", Money(29900, "CNY"), desk.clock(), "by hand"))
    with pytest.raises((CaseChanged, OverRefund)):
        await desk.refunds.confirm(li, case.number)
    await desk.run_worker_once()
    assert desk.gateway.asked == []


async def test_a_refund_made_elsewhere_after_the_yes_stops_the_payout(desk: DeskForTests) -> None:
    await desk.has_order("KL1", gateway="fake")
    li = await desk.verified()
    case = await desk.refunds.request(li, "KL1")
    await desk.refunds.confirm(li, case.number)
    await desk.has_refund(Refund("KL1", Money(1, "CNY"), desk.clock(), "by hand"))
    await desk.run_worker_once()
    assert desk.gateway.asked == []
    assert (await desk.refunds.by_number(li, case.number)).state is State.FAILED
    assert [t.reason for t in await desk.tickets.in_queue(FINANCE)] == ["over_refund"]


async def test_our_own_payout_imported_back_counts_once(desk: DeskForTests) -> None:
    await desk.has_order("KL1", gateway="fake")
    li = await desk.verified()
    case = await desk.refunds.request(li, "KL1")
    await desk.refunds.confirm(li, case.number)
    await desk.run_worker_once()
    await desk.has_refund(Refund("KL1", Money(29900, "CNY"), desk.clock(), case.number))
    assert await desk.desk.doctor.findings() == []


async def test_an_approval_lapses_after_a_day_without_a_yes(desk: DeskForTests) -> None:
    """Asking on the last day must not keep an order refundable for ever."""
    await desk.has_order("KL1", days_ago=30)
    li = await desk.verified()
    case = await desk.refunds.request(li, "KL1")
    assert case.decision.outcome is Outcome.APPROVED
    desk.clock.forward(hours=25)
    with pytest.raises(CaseChanged):
        await desk.refunds.confirm(li, case.number)
    new = await desk.refunds.request(li, "KL1")
    assert new.number != case.number
    assert new.decision.outcome is Outcome.NEEDS_REVIEW
    assert (await desk.refunds.by_number(li, case.number)).state is State.WITHDRAWN


async def test_a_reason_given_later_may_change_an_open_case(desk: DeskForTests) -> None:
    await desk.has_account(brand="bitpie")
    await desk.has_order("BP1", brand="bitpie", kind="service_fee", item="fee", amount="68.00")
    li = await desk.verified(brand="bitpie")
    asked = await desk.refunds.request(li, "BP1")
    assert asked.decision.outcome is Outcome.NEEDS_REVIEW
    told = await desk.refunds.request(li, "BP1", "wrong_operation")
    assert told.number == asked.number
    assert told.decision.outcome is Outcome.APPROVED
    assert await desk.tickets.in_queue(SUPERVISORS) == []
    assert await subjects(desk) == []  # what was promised to be said is no longer so


async def test_a_refund_that_needs_another_yes_waits_for_a_supervisor(desk: DeskForTests) -> None:
    await desk.has_account(brand="bitpie")
    await desk.has_order(
        *("BP1",), brand="bitpie", kind="service_fee", item="fee", method="crypto", hint="TRC20"
    )
    li = await desk.verified(brand="bitpie")
    case = await desk.refunds.request(li, "BP1", "wrong_operation")
    assert case.decision.approvals_needed
    assert (await desk.refunds.confirm(li, case.number)).state is State.CONFIRMED
    await desk.run_worker_once()
    assert await desk.payouts_of("BP1", "bitpie") == []
    assert [t.category for t in await desk.tickets.in_queue(SUPERVISORS)] == ["approval"]
    await desk.refunds.withdraw(li, case.number)
    assert await desk.tickets.in_queue(SUPERVISORS) == []


async def test_a_status_needs_both_the_number_and_its_email(desk: DeskForTests) -> None:
    await desk.has_order("KL1")
    case = await desk.refunds.request(await desk.verified(), "KL1")
    status = await desk.refunds.status("kuailian", case.number.lower()[3:], " LI@example.com")
    assert status is not None
    assert (status.number, status.state, status.outcome) == (
        case.number,
        State.DECIDED,
        Outcome.APPROVED,
    )
    for wrong in (
        ("bitpie", case.number, "li@example.com"),
        ("kuailian", case.number, "han@example.com"),
        ("kuailian", "RF-3333333333", "li@example.com"),
        ("kuailian", "nonsense", "li@example.com"),
    ):
        assert await desk.refunds.status(*wrong) is None

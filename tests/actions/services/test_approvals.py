"""Two pairs of eyes: who decided does not agree, nobody agrees twice, and no means no."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import update

from actions.domain.decision import Decision, Outcome
from actions.domain.errors import (
    CaseChanged,
    CaseNotFound,
    IllegalMove,
    InputRefused,
    NotAllowed,
    OverRefund,
    SamePerson,
)
from actions.domain.events import Actor
from actions.domain.money import Money
from actions.domain.order import Refund
from actions.domain.refund_case import RefundCase, State
from actions.services.tickets import SUPERVISORS
from actions.storage.payouts import PayoutState
from actions.storage.tables import CaseRow
from actions.testing.desk import DeskForTests
from tests.actions.services.people import (
    APPROVED,
    DENIED,
    FINANCIER,
    NOT_STAFF,
    WORDS,
    WU,
    ZHENG,
    ZHOU,
    awaiting_approval,
    findings,
    in_review,
    moves,
    subjects,
)


async def payout_states(desk: DeskForTests, case: RefundCase) -> list[PayoutState]:
    await desk.run_worker_once()
    payouts = await desk.payouts_of(case.order_number, case.brand)
    return [payout.state for payout in payouts]


async def test_a_yes_of_another_person_sends_the_money(desk: DeskForTests) -> None:
    _li, case = await awaiting_approval(desk)
    case = await desk.approvals.approve(case.number, by=WU, note="checked the invoice")
    assert (case.state, case.approved_by) == (State.CONFIRMED, ("wu",))
    assert await desk.tickets.in_queue(SUPERVISORS) == []
    assert await payout_states(desk, case) == [PayoutState.SETTLED]
    assert ("approve", "confirmed", "agent:wu") in await moves(desk, case.number)
    assert await findings(desk) == []


async def test_two_must_agree_where_two_are_asked_for(desk: DeskForTests) -> None:
    _li, case = await awaiting_approval(desk, needed=2)
    for _ in range(2):
        case = await desk.approvals.approve(case.number, by=WU)
    assert await payout_states(desk, case) == []
    assert len(await desk.tickets.in_queue(SUPERVISORS)) == 1
    await desk.approvals.approve(case.number, by=ZHOU)
    assert await payout_states(desk, case) == [PayoutState.SETTLED]
    # Pressed again once it is paid: harmless for who agreed, too late for anyone else.
    await desk.approvals.approve(case.number, by=ZHOU)
    with pytest.raises(IllegalMove):
        await desk.approvals.approve(case.number, by=ZHENG)
    assert len(desk.gateway.asked) == 1
    assert await findings(desk) == []


async def test_who_reviewed_a_case_can_not_agree_to_its_payout(desk: DeskForTests) -> None:
    li, case = await in_review(desk, amount="2500.00")
    await desk.reviews.decide(case.number, APPROVED, by=WU)
    await desk.refunds.confirm(li, case.number)
    with pytest.raises(SamePerson):
        await desk.approvals.approve(case.number, by=WU)
    with pytest.raises(SamePerson):  # in another capacity it is still the same person
        await desk.approvals.approve(case.number, by=replace(FINANCIER, name="wu"))
    with pytest.raises(SamePerson):
        await desk.approvals.refuse(case.number, "second thoughts", by=WU)
    await desk.approvals.approve(case.number, by=ZHOU)
    assert await payout_states(desk, case) == [PayoutState.SETTLED]


async def test_who_has_agreed_can_not_refuse(desk: DeskForTests) -> None:
    _li, case = await awaiting_approval(desk, needed=2)
    await desk.approvals.approve(case.number, by=WU)
    with pytest.raises(SamePerson):
        await desk.approvals.refuse(case.number, "second thoughts", by=WU)


@pytest.mark.parametrize("by", NOT_STAFF, ids=str)
async def test_only_staff_with_a_name_agree_or_refuse(desk: DeskForTests, by: Actor) -> None:
    li, case = await awaiting_approval(desk)
    with pytest.raises(NotAllowed):
        await desk.approvals.approve(case.number, by=by)
    with pytest.raises(NotAllowed):
        await desk.approvals.refuse(case.number, "no", by=by)
    assert (await desk.refunds.by_number(li, case.number)).awaits_approval


async def test_where_finance_must_agree_nobody_else_can(desk: DeskForTests) -> None:
    _li, case = await awaiting_approval(desk)
    assert case.decision is not None
    decision: Decision = replace(case.decision, approvals_by="finance")
    async with desk.desk.storage.writing() as work:
        await work.session.execute(update(CaseRow).values(decision=decision.as_json()))
    with pytest.raises(NotAllowed):
        await desk.approvals.approve(case.number, by=WU)
    await desk.approvals.approve(case.number, by=FINANCIER)
    assert await payout_states(desk, case) == [PayoutState.SETTLED]


async def test_a_refusal_denies_the_case_and_says_so(desk: DeskForTests) -> None:
    li, case = await awaiting_approval(desk)
    case = await desk.approvals.refuse(case.number, "two invoices differ", by=WU, words=WORDS)
    assert case.decision is not None
    assert (case.state, case.decision.outcome) == (State.DECIDED, Outcome.DENIED)
    assert case.decision.amount == Money(0, "CNY")
    assert await payout_states(desk, case) == []
    assert await desk.tickets.in_queue(SUPERVISORS) == []
    assert (await subjects(desk))[-1] == f"您确认的退款未能汇出（{case.number}）"
    assert WORDS["zh"] in desk.mailer.sent[-1].text
    assert "two invoices differ" not in desk.mailer.sent[-1].text
    with pytest.raises(IllegalMove):
        await desk.refunds.confirm(li, case.number)
    trail = await desk.trail(f"case:{case.number}")
    assert (trail[-1].data["step"], trail[-1].data["note"]) == ("refuse", "two invoices differ")
    assert await findings(desk) == []


async def test_refusing_twice_is_refusing_once(desk: DeskForTests) -> None:
    _li, case = await awaiting_approval(desk)
    for _ in range(2):
        await desk.approvals.refuse(case.number, "no", by=WU)
    assert [step for step, *_ in await moves(desk, case.number)].count("refuse") == 1
    with pytest.raises(IllegalMove):
        await desk.approvals.refuse(case.number, "no", by=ZHOU)
    with pytest.raises(IllegalMove):
        await desk.approvals.approve(case.number, by=ZHOU)


async def test_there_is_no_refusing_once_there_is_a_payout(desk: DeskForTests) -> None:
    _li, case = await awaiting_approval(desk)
    await desk.approvals.approve(case.number, by=WU)
    with pytest.raises(IllegalMove):
        await desk.approvals.refuse(case.number, "too late", by=ZHOU)
    assert await payout_states(desk, case) == [PayoutState.SETTLED]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001, "a\0b"])
async def test_a_refusal_needs_a_reason_that_can_be_kept(desk: DeskForTests, reason: str) -> None:
    _li, case = await awaiting_approval(desk)
    with pytest.raises(InputRefused):
        await desk.approvals.refuse(case.number, reason, by=WU)


async def test_what_needs_no_approval_can_not_be_approved_or_refused(desk: DeskForTests) -> None:
    await desk.has_order("KL1")
    li = await desk.verified()
    case = await desk.refunds.request(li, "KL1")
    for _ in range(2):
        with pytest.raises(IllegalMove):
            await desk.approvals.approve(case.number, by=WU)
        with pytest.raises(IllegalMove):
            await desk.approvals.refuse(case.number, "no", by=WU)
        await desk.refunds.confirm(li, case.number)
    with pytest.raises(CaseNotFound):
        await desk.approvals.approve("RF-3333333333", by=WU)


async def test_of_many_at_once_each_counts_once_and_one_payout_comes_of_it(
    desk: DeskForTests,
) -> None:
    _li, case = await awaiting_approval(desk, needed=2)
    results = await asyncio.gather(
        *(desk.approvals.approve(case.number, by=by) for by in (WU, WU, ZHOU, ZHENG)),
        return_exceptions=True,
    )
    errors = [type(result) for result in results if isinstance(result, BaseException)]
    assert set(errors) <= {IllegalMove, CaseChanged}
    assert await payout_states(desk, case) == [PayoutState.SETTLED]
    assert [step for step, *_ in await moves(desk, case.number)].count("approve") == 2
    assert len(desk.gateway.asked) == 1
    assert await findings(desk) == []


async def test_a_yes_and_a_no_at_once_never_both_win(desk: DeskForTests) -> None:
    li, case = await awaiting_approval(desk)
    results = await asyncio.gather(
        desk.approvals.approve(case.number, by=WU),
        desk.approvals.refuse(case.number, "no", by=ZHOU),
        return_exceptions=True,
    )
    assert sum(isinstance(result, IllegalMove | CaseChanged) for result in results) == 1
    end = await desk.refunds.by_number(li, case.number)
    paid = await payout_states(desk, end) == [PayoutState.SETTLED]
    assert paid == (end.state is State.CONFIRMED)
    assert await findings(desk) == []


async def test_what_was_refunded_elsewhere_meanwhile_stops_the_last_yes(
    desk: DeskForTests,
) -> None:
    li, case = await awaiting_approval(desk)
    await desk.has_refund(Refund("KL1", Money(1, "CNY"), desk.clock(), "by hand"))
    with pytest.raises(OverRefund):
        await desk.approvals.approve(case.number, by=WU)
    left = await desk.refunds.by_number(li, case.number)
    assert (left.state, left.approved_by) == (State.CONFIRMED, ())
    await desk.approvals.refuse(case.number, "refunded elsewhere", by=WU)
    assert await payout_states(desk, case) == []


async def test_a_new_decision_needs_new_approvals(desk: DeskForTests) -> None:
    """Who refused has decided; the appeal and the approval after it are for others."""
    li, case = await awaiting_approval(desk, needed=2)
    await desk.run_worker_once()
    await desk.approvals.approve(case.number, by=WU)
    await desk.approvals.refuse(case.number, "no", by=ZHOU)
    await desk.appeals.make(li, case.number, "reason", "还是不对")
    with pytest.raises(SamePerson):
        await desk.reviews.decide(case.number, APPROVED, by=ZHOU)
    await desk.reviews.decide(case.number, APPROVED, by=ZHENG)
    case = await desk.refunds.confirm(li, case.number)
    assert case.approved_by == ()
    for decider in (ZHOU, ZHENG):
        with pytest.raises(SamePerson):
            await desk.approvals.approve(case.number, by=decider)
    await desk.approvals.approve(case.number, by=WU)
    assert await payout_states(desk, case) == []
    await desk.approvals.approve(case.number, by=FINANCIER)
    assert await payout_states(desk, case) == [PayoutState.SETTLED]
    confirmed = [subject for subject in await subjects(desk) if "退款已确认" in subject]
    assert len(confirmed) == 2, "each yes of the customer's is acknowledged"
    assert await findings(desk) == []


async def test_a_case_denied_by_a_person_says_by_whom(desk: DeskForTests) -> None:
    _li, case = await in_review(desk)
    case = await desk.reviews.decide(case.number, DENIED, by=WU)
    assert case.reviewed_by == ("wu",)

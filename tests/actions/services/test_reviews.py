"""A person decides: in full, in part, not at all; once, within the rules, and never alone."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from actions.domain.decision import Outcome
from actions.domain.errors import (
    CaseChanged,
    CaseNotFound,
    CurrencyMismatch,
    DeskError,
    IllegalMove,
    InputRefused,
    NotAllowed,
    OrderDisputed,
    OverRefund,
    ReviewRefused,
)
from actions.domain.events import Actor
from actions.domain.money import Money
from actions.domain.order import Refund
from actions.domain.refund_case import State
from actions.services.reviews import Ruling
from actions.services.tickets import SUPERVISORS
from actions.testing.desk import DeskForTests
from tests.actions.services.people import (
    APPROVED,
    DENIED,
    NOT_STAFF,
    WORDS,
    WU,
    ZHOU,
    findings,
    in_review,
    moves,
    refused,
    subjects,
)


def a_part(amount: str, currency: str = "CNY") -> Ruling:
    return Ruling(Outcome.PARTIAL, "half of it", Money.parse(amount, currency))


async def test_an_approval_by_a_person_is_paid_only_after_the_customers_yes(
    desk: DeskForTests,
) -> None:
    li, case = await in_review(desk)
    case = await desk.reviews.decide(case.number, replace(APPROVED, words=WORDS), by=WU)
    assert case.decision is not None
    assert (case.state, case.decision.outcome) == (State.DECIDED, Outcome.APPROVED)
    assert case.decision.amount == Money(29900, "CNY")
    assert WORDS["zh"] in case.decision.explanation["zh"]
    assert WORDS["en"] in case.decision.explanation["en"]
    await desk.run_worker_once()
    assert await desk.payouts_of("KL1") == []
    assert await desk.tickets.in_queue(SUPERVISORS) == []
    await desk.refunds.confirm(li, case.number)
    assert await subjects(desk) == [
        f"退款已批准，等待您确认（{case.number}）",
        f"退款已确认：¥299.00（{case.number}）",
        f"退款已汇出：¥299.00（{case.number}）",
    ]
    assert [payout.amount for payout in await desk.payouts_of("KL1")] == [Money(29900, "CNY")]
    assert ("review", "decided", "agent:wu") in await moves(desk, case.number)
    assert await findings(desk) == []


async def test_a_part_is_paid_and_no_more(desk: DeskForTests) -> None:
    li, case = await in_review(desk)
    case = await desk.reviews.decide(case.number, a_part("100.00"), by=WU)
    assert case.decision is not None
    assert case.decision.outcome is Outcome.PARTIAL
    await desk.refunds.confirm(li, case.number)
    await desk.run_worker_once()
    assert [order.amount for order in desk.gateway.paid.values()] == [Money(10000, "CNY")]


async def test_a_denial_is_mailed_with_its_reasons_and_can_not_be_confirmed(
    desk: DeskForTests,
) -> None:
    li, case = await in_review(desk)
    words = {"zh": "服务一直在使用。", "en": "The service was in use all along."}
    case = await desk.reviews.decide(case.number, replace(DENIED, words=words), by=WU)
    assert case.decision is not None
    assert case.decision.outcome is Outcome.DENIED
    assert case.decision.refusal_codes
    with pytest.raises(IllegalMove):
        await desk.refunds.confirm(li, case.number)
    assert await subjects(desk) == [f"关于您的退款申请（{case.number}）"]
    assert words["zh"] in desk.mailer.sent[0].text


async def test_the_note_is_for_the_file_and_not_for_the_customer(desk: DeskForTests) -> None:
    _li, case = await in_review(desk)
    case = await desk.reviews.decide(case.number, DENIED, by=WU)
    trail = await desk.trail(f"case:{case.number}")
    assert [row.data["note"] for row in trail if row.data.get("step") == "review"] == [DENIED.note]
    await desk.run_worker_once()
    assert all(DENIED.note not in mail.text for mail in desk.mailer.sent)


async def test_the_dates_count_from_the_review(desk: DeskForTests) -> None:
    _li, case = await in_review(desk)
    desk.clock.forward(days=20)
    case = await desk.reviews.decide(case.number, APPROVED, by=WU)
    assert case.decision is not None
    assert case.decision.pay_out is not None
    assert case.decision.pay_out.from_date > desk.clock().date()


async def test_the_customer_has_a_day_for_the_yes_from_the_review_on(desk: DeskForTests) -> None:
    li, case = await in_review(desk)
    desk.clock.forward(days=3)
    await desk.reviews.decide(case.number, APPROVED, by=WU)
    desk.clock.forward(hours=23)
    assert (await desk.refunds.request(li, "KL1")).number == case.number
    desk.clock.forward(hours=2)
    with pytest.raises(CaseChanged):
        await desk.refunds.confirm(li, case.number)


async def test_what_a_person_decided_is_not_decided_again_by_the_policy(
    desk: DeskForTests,
) -> None:
    li, case = await in_review(desk)
    await desk.reviews.decide(case.number, a_part("100.00"), by=WU)
    await desk.has_order("KL1", days_ago=1, gateway="fake")
    again = await desk.refunds.request(li, "KL1")
    assert again.number == case.number
    assert again.decision is not None
    assert again.decision.amount == Money(10000, "CNY")


async def test_a_persons_approval_does_not_spare_the_second_pair_of_eyes(
    desk: DeskForTests,
) -> None:
    li, case = await in_review(desk, amount="2500.00")
    case = await desk.reviews.decide(case.number, APPROVED, by=WU)
    assert case.decision is not None
    assert case.decision.approvals_needed == 1
    case = await desk.refunds.confirm(li, case.number)
    await desk.run_worker_once()
    assert case.awaits_approval
    assert await desk.payouts_of("KL1") == []


@pytest.mark.parametrize("by", NOT_STAFF, ids=str)
async def test_only_staff_with_a_name_decide(desk: DeskForTests, by: Actor) -> None:
    li, case = await in_review(desk)
    with pytest.raises(NotAllowed):
        await desk.reviews.decide(case.number, APPROVED, by=by)
    assert (await desk.refunds.by_number(li, case.number)).awaits_review


@pytest.mark.parametrize(
    ("ruling", "error"),
    [
        (a_part("299.01"), OverRefund),
        (a_part("100.00", "USD"), CurrencyMismatch),
        (a_part("0"), InputRefused),
        (Ruling(Outcome.PARTIAL, "x"), InputRefused),
        (replace(APPROVED, amount=Money(1, "CNY")), InputRefused),
        (replace(DENIED, amount=Money(1, "CNY")), InputRefused),
        (Ruling(Outcome.NEEDS_REVIEW, "x"), InputRefused),
        (replace(APPROVED, note=" "), InputRefused),
        (replace(APPROVED, note="x" * 2001), InputRefused),
        (replace(APPROVED, note="a\0b"), InputRefused),
        (replace(APPROVED, note="a\ud800b"), InputRefused),
        (replace(APPROVED, words={"zh": "好"}), InputRefused),
        (replace(APPROVED, words={"zh": "好", "en": " "}), InputRefused),
        (replace(APPROVED, words={"zh": "好" * 2001, "en": "ok"}), InputRefused),
        (replace(APPROVED, clauses=("Z-99",)), ReviewRefused),
        (replace(DENIED, refusal_codes=("because",)), ReviewRefused),
        (replace(APPROVED, refusal_codes=("past_window",)), ReviewRefused),
    ],
)
async def test_a_ruling_that_does_not_hold_together_is_refused(
    desk: DeskForTests, ruling: Ruling, error: type[DeskError]
) -> None:
    li, case = await in_review(desk)
    with pytest.raises(error):
        await desk.reviews.decide(case.number, ruling, by=WU)
    left = await desk.refunds.by_number(li, case.number)
    assert left.awaits_review
    assert len(await desk.tickets.in_queue(SUPERVISORS)) == 1


async def test_clauses_and_codes_of_the_brand_may_be_chosen(desk: DeskForTests) -> None:
    _li, case = await in_review(desk)
    ruling = replace(DENIED, clauses=("K-18",), refusal_codes=("not_first_purchase",))
    case = await desk.reviews.decide(case.number, ruling, by=WU)
    assert case.decision is not None
    assert case.decision.clauses == ("K-18",)
    assert case.decision.refusal_codes == ("not_first_purchase",)


async def test_no_more_than_is_left_can_be_approved(desk: DeskForTests) -> None:
    li, case = await in_review(desk)
    await desk.has_refund(Refund("KL1", Money(20000, "CNY"), desk.clock(), "by hand"))
    with pytest.raises(OverRefund):
        await desk.reviews.decide(case.number, a_part("100.00"), by=WU)
    case = await desk.reviews.decide(case.number, APPROVED, by=WU)
    assert case.decision is not None
    assert case.decision.amount == Money(9900, "CNY")
    await desk.refunds.confirm(li, case.number)
    await desk.run_worker_once()
    assert await findings(desk) == []


async def test_nothing_is_approved_while_a_bank_decides(desk: DeskForTests) -> None:
    _li, case = await in_review(desk, status="disputed")
    with pytest.raises(OrderDisputed):
        await desk.reviews.decide(case.number, APPROVED, by=WU)
    case = await desk.reviews.decide(case.number, DENIED, by=WU)
    assert case.state is State.DECIDED


async def test_the_same_ruling_twice_is_one(desk: DeskForTests) -> None:
    _li, case = await in_review(desk)
    for _ in range(2):
        await desk.reviews.decide(case.number, a_part("100.00"), by=WU)
    steps = [step for step, _state, _actor in await moves(desk, case.number)]
    assert steps.count("review") == 1
    for other in (a_part("200.00"), APPROVED, DENIED):
        with pytest.raises(IllegalMove):
            await desk.reviews.decide(case.number, other, by=WU)


@pytest.mark.parametrize("rulings", [(APPROVED, DENIED), (APPROVED, APPROVED)])
async def test_of_two_people_at_once_one_decides(
    desk: DeskForTests, rulings: tuple[Ruling, Ruling]
) -> None:
    _li, case = await in_review(desk)
    results = await asyncio.gather(
        *(
            desk.reviews.decide(case.number, ruling, by=by)
            for ruling, by in zip(rulings, (WU, ZHOU), strict=True)
        ),
        return_exceptions=True,
    )
    errors = [result for result in results if isinstance(result, BaseException)]
    assert [type(error) for error in errors] in ([IllegalMove], [CaseChanged])
    steps = [step for step, _state, _actor in await moves(desk, case.number)]
    assert steps.count("review") == 1
    assert len(await subjects(desk)) == 1


async def test_a_withdrawal_and_a_review_at_once_never_both_win(desk: DeskForTests) -> None:
    li, case = await in_review(desk)
    results = await asyncio.gather(
        desk.refunds.withdraw(li, case.number),
        desk.reviews.decide(case.number, APPROVED, by=WU),
        return_exceptions=True,
    )
    # A withdrawal after the review is legal too; a review after the withdrawal is not.
    assert not isinstance(results[0], BaseException)
    assert (await desk.refunds.by_number(li, case.number)).state is State.WITHDRAWN


async def test_a_case_that_waits_for_nobody_can_not_be_reviewed(desk: DeskForTests) -> None:
    _li, case = await refused(desk)
    with pytest.raises(IllegalMove):
        await desk.reviews.decide(case.number, APPROVED, by=WU)
    with pytest.raises(CaseNotFound):
        await desk.reviews.decide("RF-3333333333", APPROVED, by=WU)

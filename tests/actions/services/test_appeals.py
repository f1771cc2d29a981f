"""Appeals: what must be said, how often and how late, and who may decide them."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from actions.domain.appeal import DisputedFact
from actions.domain.decision import Outcome
from actions.domain.errors import (
    AppealOpen,
    AppealTooLate,
    CaseChanged,
    CaseNotFound,
    DeskError,
    IllegalMove,
    InputRefused,
    NoAppealsLeft,
    OtherCaseOpen,
    SamePerson,
)
from actions.domain.money import Money
from actions.domain.refund_case import State
from actions.services.reviews import Ruling
from actions.services.tickets import SUPERVISORS
from actions.testing.builders import a_customer
from actions.testing.desk import DeskForTests
from tests.actions.services.files import a_png
from tests.actions.services.people import (
    APPROVED,
    DENIED,
    WU,
    ZHENG,
    ZHOU,
    findings,
    in_review,
    moves,
    refused,
    subjects,
)


async def test_an_appeal_goes_to_a_person_with_what_is_disputed(desk: DeskForTests) -> None:
    li, case = await refused(desk)
    file = await desk.evidence.give(li, case.number, a_png(), "proof.png")
    case = await desk.appeals.make(
        li, case.number.lower(), "cancellation", " 我八月就取消了。 ", [file.id]
    )
    assert (case.state, case.appeals) == (State.APPEALED, 1)
    [ticket] = await desk.tickets.in_queue(SUPERVISORS)
    assert (ticket.category, ticket.reason, ticket.case_number) == (
        "appeal",
        "cancellation",
        case.number,
    )
    assert ticket.data["appeal"] == {
        "fact": "cancellation",
        "nth": 1,
        "words": "我八月就取消了。",
        "evidence": [file.id],
    }
    [appeal] = await desk.appeals.of_case(case.number)
    assert (appeal.fact, appeal.words, appeal.evidence) == (
        DisputedFact.CANCELLATION,
        "我八月就取消了。",
        (file.id,),
    )
    assert f"已收到您的申诉（{case.number}）" in await subjects(desk)
    assert "是否已取消自动续订" in desk.mailer.sent[-1].text
    assert ("appeal", "appealed", "customer:A-1") in await moves(desk, case.number)
    assert await findings(desk) == []


async def test_an_appeal_that_succeeds_is_paid_after_the_customers_yes(
    desk: DeskForTests,
) -> None:
    li, case = await refused(desk)
    await desk.appeals.make(li, case.number, "cancellation")
    case = await desk.reviews.decide(case.number, APPROVED, by=WU)
    assert case.state is State.DECIDED
    assert await desk.tickets.in_queue(SUPERVISORS) == []
    assert (await subjects(desk))[-1] == f"申诉成功，退款等待您确认（{case.number}）"
    await desk.refunds.confirm(li, case.number)
    await desk.run_worker_once()
    assert list(desk.gateway.paid) == [case.number]
    assert await findings(desk) == []


async def test_an_appeal_is_decided_by_another_person_each_time(desk: DeskForTests) -> None:
    li, case = await in_review(desk)
    await desk.reviews.decide(case.number, DENIED, by=WU)
    await desk.appeals.make(li, case.number, "amount")
    with pytest.raises(SamePerson):
        await desk.reviews.decide(case.number, APPROVED, by=WU)
    await desk.reviews.decide(case.number, DENIED, by=ZHOU)
    assert (await subjects(desk))[-1] == f"关于您的申诉（{case.number}）"
    await desk.appeals.make(li, case.number, "reason")
    for before in (WU, ZHOU):
        with pytest.raises(SamePerson):
            await desk.reviews.decide(case.number, APPROVED, by=before)
    case = await desk.reviews.decide(case.number, APPROVED, by=ZHENG)
    assert case.reviewed_by == ("wu", "zhou", "zheng")


async def test_each_decision_and_each_appeal_is_told_once(desk: DeskForTests) -> None:
    li, case = await in_review(desk)
    for by in (WU, ZHOU, ZHENG):
        await desk.reviews.decide(case.number, DENIED, by=by)
        await desk.run_worker_once()
        if by is not ZHENG:
            await desk.appeals.make(li, case.number, "amount")
            await desk.run_worker_once()
    told = [mail.subject.partition("（")[0] for mail in desk.mailer.sent]
    assert told == [
        "关于您的退款申请",
        "已收到您的申诉",
        "关于您的申诉",
        "已收到您的申诉",
        "关于您的申诉",
    ]
    assert len({mail.message_id for mail in desk.mailer.sent}) == len(told)


async def test_what_an_earlier_decision_said_is_not_mailed_after_a_later_one(
    desk: DeskForTests,
) -> None:
    li, case = await in_review(desk)
    await desk.reviews.decide(case.number, DENIED, by=WU)
    await desk.appeals.make(li, case.number, "amount")
    await desk.reviews.decide(case.number, DENIED, by=ZHOU)
    assert await subjects(desk) == [f"关于您的申诉（{case.number}）"]


async def test_a_part_that_seems_too_little_can_be_appealed(desk: DeskForTests) -> None:
    li, case = await in_review(desk)
    part = Ruling(Outcome.PARTIAL, "half", Money(10000, "CNY"))
    await desk.reviews.decide(case.number, part, by=WU)
    case = await desk.appeals.make(li, case.number, "amount")
    with pytest.raises(IllegalMove):
        await desk.refunds.confirm(li, case.number)
    case = await desk.reviews.decide(case.number, replace(part, amount=Money(1, "CNY")), by=ZHOU)
    assert case.decision is not None
    assert case.decision.amount == Money(1, "CNY")


async def test_what_is_approved_in_review_or_paid_can_not_be_appealed(desk: DeskForTests) -> None:
    li, case = await in_review(desk)
    with pytest.raises(IllegalMove):
        await desk.appeals.make(li, case.number, "amount")
    await desk.reviews.decide(case.number, APPROVED, by=WU)
    with pytest.raises(IllegalMove):
        await desk.appeals.make(li, case.number, "amount")
    await desk.refunds.confirm(li, case.number)
    await desk.run_worker_once()
    with pytest.raises(IllegalMove):
        await desk.appeals.make(li, case.number, "amount")


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ("", ""),
        ("everything", ""),
        ("AMOUNT", ""),
        ("amount", "x" * 2001),
        ("amount", "a\0b"),
        ("amount", "\udfff"),
    ],
)
async def test_an_appeal_names_a_fact_and_says_no_more_than_can_be_kept(
    desk: DeskForTests, fact: str, words: str
) -> None:
    li, case = await refused(desk)
    with pytest.raises(InputRefused):
        await desk.appeals.make(li, case.number, fact, words)
    assert (await desk.refunds.by_number(li, case.number)).state is State.DECIDED


@pytest.mark.parametrize("fact", DisputedFact)
async def test_every_fact_can_be_disputed(desk: DeskForTests, fact: DisputedFact) -> None:
    li, case = await refused(desk)
    await desk.appeals.make(li, case.number, fact, "x" * 2000)
    assert [appeal.fact for appeal in await desk.appeals.of_case(case.number)] == [fact]


async def test_somebody_elses_case_can_not_be_appealed(desk: DeskForTests) -> None:
    _li, case = await refused(desk)
    for stranger in (a_customer("A-2"), a_customer(brand="bitpie")):
        with pytest.raises(CaseNotFound):
            await desk.appeals.make(stranger, case.number, "amount")


async def test_an_appeal_may_come_thirty_days_after_the_decision_and_not_later(
    desk: DeskForTests,
) -> None:
    li, case = await refused(desk)
    desk.clock.forward(days=30, seconds=1)
    with pytest.raises(AppealTooLate):
        await desk.appeals.make(li, case.number, "amount")
    desk.clock.forward(seconds=-1)
    assert (await desk.appeals.make(li, case.number, "amount")).state is State.APPEALED


async def test_after_two_appeals_there_is_no_third(desk: DeskForTests) -> None:
    li, case = await refused(desk)
    for by in (WU, ZHOU):
        await desk.appeals.make(li, case.number, "amount")
        await desk.reviews.decide(case.number, DENIED, by=by)
    with pytest.raises(NoAppealsLeft):
        await desk.appeals.make(li, case.number, "amount")
    assert len(await desk.appeals.of_case(case.number)) == 2


async def test_the_same_appeal_twice_is_one_and_another_one_must_wait(desk: DeskForTests) -> None:
    li, case = await refused(desk)
    for _ in range(2):
        await desk.appeals.make(li, case.number, "amount", "太少了")
    assert len(await desk.appeals.of_case(case.number)) == 1
    assert len(await desk.tickets.in_queue(SUPERVISORS)) == 1
    for fact, words in (("reason", "太少了"), ("amount", "太多了")):
        with pytest.raises(AppealOpen):
            await desk.appeals.make(li, case.number, fact, words)


async def test_of_two_appeals_at_once_one_is_made(desk: DeskForTests) -> None:
    li, case = await refused(desk)
    results = await asyncio.gather(
        *(desk.appeals.make(li, case.number, fact) for fact in ("amount", "reason")),
        return_exceptions=True,
    )
    errors = [type(result) for result in results if isinstance(result, BaseException)]
    assert errors in ([AppealOpen], [CaseChanged])
    assert len(await desk.appeals.of_case(case.number)) == 1


async def test_an_appealed_case_stands_in_the_way_of_another(desk: DeskForTests) -> None:
    li, case = await refused(desk)
    await desk.appeals.make(li, case.number, "amount")
    desk.clock.forward(days=2)
    await desk.has_order("KL1", kind="renewal", days_ago=4, status="partially_refunded")
    again = await desk.refunds.request(li, "KL1")
    assert (again.number, again.state) == (case.number, State.APPEALED)


async def test_a_refusal_can_not_be_appealed_beside_another_open_case(desk: DeskForTests) -> None:
    li, old = await refused(desk)
    cancelled = desk.clock.now.replace(day=1)
    await desk.has_order("KL1", kind="renewal", days_ago=3, auto_renew_cancelled_at=cancelled)
    new = await desk.refunds.request(li, "KL1")
    assert new.number != old.number
    with pytest.raises(OtherCaseOpen):
        await desk.appeals.make(li, old.number, "amount")
    await desk.refunds.withdraw(li, new.number)
    assert (await desk.appeals.make(li, old.number, "amount")).state is State.APPEALED


async def test_an_appeal_and_a_new_request_at_once_leave_one_open_case(desk: DeskForTests) -> None:
    li, old = await refused(desk)
    cancelled = desk.clock.now.replace(day=1)
    await desk.has_order("KL1", kind="renewal", days_ago=3, auto_renew_cancelled_at=cancelled)
    results = await asyncio.gather(
        desk.appeals.make(li, old.number, "cancellation"),
        desk.refunds.request(li, "KL1"),
        return_exceptions=True,
    )
    assert all(not isinstance(r, BaseException) or isinstance(r, DeskError) for r in results)
    [case] = [result for result in results if not isinstance(result, BaseException)][:1]
    async with desk.desk.storage.reading() as work:
        assert await work.cases.open_for("kuailian", "KL1") == case


async def test_an_appeal_can_be_taken_back(desk: DeskForTests) -> None:
    li, case = await refused(desk)
    await desk.appeals.make(li, case.number, "amount")
    case = await desk.refunds.withdraw(li, case.number)
    assert case.state is State.WITHDRAWN
    assert await desk.tickets.in_queue(SUPERVISORS) == []
    with pytest.raises(IllegalMove):
        await desk.reviews.decide(case.number, APPROVED, by=WU)

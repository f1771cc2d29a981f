"""Auto-renewal is cancelled from when the customer asked on, and nothing brings it back."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from actions.domain.customer import Customer
from actions.domain.decision import Outcome
from actions.domain.errors import (
    CaseChanged,
    IllegalMove,
    InputRefused,
    NotAllowed,
    NotRenewing,
    OrderNotFound,
    RenewalNotFound,
)
from actions.domain.events import Actor
from actions.domain.money import Money
from actions.domain.order import Order
from actions.domain.refund_case import is_number
from actions.domain.renewal_cancellation import RenewalCancellation, RenewalState
from actions.services.tickets import OPERATIONS
from actions.testing.builders import a_customer
from actions.testing.desk import DeskForTests
from tests.actions.services.people import FINANCIER, NOT_STAFF, OPERATOR, WU, findings, subjects

WHY = {"zh": "支付平台已停用。", "en": "The payment provider has closed."}


async def asked(desk: DeskForTests, **more: Any) -> tuple[Customer, RenewalCancellation]:
    await desk.has_order("KL1", **more)
    li = await desk.verified()
    answer = await desk.renewals.ask(li, "ｋｌ1")
    assert answer.cancellation is not None
    return li, answer.cancellation


async def order(desk: DeskForTests, number: str = "KL1") -> Order:
    async with desk.desk.storage.reading() as work:
        found = await work.records.order("kuailian", "A-1", number)
    assert found is not None
    return found


async def test_asking_opens_a_case_and_a_task_with_all_that_is_needed(desk: DeskForTests) -> None:
    li, case = await asked(desk, subscription="sub_1")
    assert is_number(case.number)
    assert case.state is RenewalState.REQUESTED
    [ticket] = await desk.tickets.in_queue(OPERATIONS)
    assert (ticket.category, ticket.conversation) == ("renewal", "c1")
    assert ticket.data["order_number"] == "KL1"
    assert ticket.data["reference"] == "ch_KL1"
    assert ticket.data["subscription"] == "sub_1"
    assert ticket.data["asked_at"] == desk.clock().isoformat()
    assert await subjects(desk) == [f"已收到取消自动续订的申请（{case.number}）"]
    assert (await order(desk)).auto_renew is True
    assert await desk.renewals.by_number(li, case.number.lower()) == case


async def test_done_counts_from_when_the_customer_asked(desk: DeskForTests) -> None:
    _li, case = await asked(desk)
    asked_at = desk.clock()
    desk.clock.forward(hours=30)
    case = await desk.renewals.finish(case.number, by=OPERATOR)
    assert case.state is RenewalState.DONE
    ended = await order(desk)
    assert (ended.auto_renew, ended.auto_renew_cancelled_at) == (False, asked_at)
    assert await desk.tickets.in_queue(OPERATIONS) == []
    assert (await subjects(desk))[-1] == f"自动续订已取消（{case.number}）"
    assert "2026年9月21日 10:00" in desk.mailer.sent[-1].text
    assert (
        "原定于2027年9月16日续订（上一期费用 ¥299.00），不会再扣款。" in desk.mailer.sent[-1].text
    )
    trail = await desk.trail(f"renewal:{case.number}")
    assert [(row.what, row.actor) for row in trail] == [
        ("renewal_opened", "customer:A-1"),
        ("renewal_moved", "operator:sun"),
    ]
    assert await findings(desk) == []


async def test_a_renewal_charged_after_the_asking_is_refunded_by_the_policy(
    desk: DeskForTests,
) -> None:
    li, case = await asked(desk, days_ago=364)
    desk.clock.forward(days=2)
    await desk.has_order("KL2", kind="renewal", days_ago=1)
    before = await desk.refunds.request(li, "KL2")
    assert before.decision is not None
    assert before.decision.outcome is Outcome.DENIED
    await desk.renewals.finish(case.number, by=OPERATOR)
    after = await desk.refunds.request(li, "KL2")
    assert after.decision is not None
    assert after.decision.outcome is Outcome.APPROVED


async def test_what_is_saved_is_said(desk: DeskForTests) -> None:
    await desk.has_order("KL1", days_ago=400, subscription="s", amount="199.00")
    await desk.has_order("KL2", days_ago=35, subscription="s", kind="renewal", amount="299.00")
    await desk.has_order("KL3", days_ago=1, subscription="other")
    answer = await desk.renewals.ask(await desk.verified(), "KL1")
    assert answer.next_charge.on == date(2027, 8, 17)
    assert answer.next_charge.amount == Money(29900, "CNY")


@pytest.mark.parametrize(
    ("more", "on", "amount"),
    [
        ({"term_end": None}, None, None),
        ({"days_ago": 400}, None, None),
        ({"kind": "upgrade"}, date(2027, 9, 16), None),
    ],
)
async def test_what_the_records_do_not_say_is_not_made_up(
    desk: DeskForTests, more: dict[str, Any], on: date | None, amount: Money | None
) -> None:
    _li, case = await asked(desk, **more)
    assert (case.next_charge.on, case.next_charge.amount) == (on, amount)
    await desk.renewals.finish(case.number, by=OPERATOR)
    said = "以后不会再自动扣费。" if on is None else "原定于2027年9月16日续订，不会再扣款。"
    await desk.run_worker_once()
    assert said in desk.mailer.sent[-1].text


async def test_asking_again_finds_the_same_case_whichever_order_is_named(
    desk: DeskForTests,
) -> None:
    await desk.has_order("KL2", subscription="s", kind="renewal", days_ago=1)
    li, case = await asked(desk, subscription="s")
    for number in ("KL1", "KL2"):
        again = await desk.renewals.ask(li, number)
        assert again.cancellation == case
    await desk.renewals.finish(case.number, by=OPERATOR)
    for number in ("KL1", "KL2"):
        again = await desk.renewals.ask(li, number)
        assert again.is_cancelled_already
        assert again.cancelled_at == case.asked_at
        assert (await order(desk, number)).auto_renew is False


async def test_many_at_once_open_one_case(desk: DeskForTests) -> None:
    await desk.has_order("KL1")
    chats = [await desk.verified(conversation=f"c{n}") for n in range(4)]
    answers = await asyncio.gather(*(desk.renewals.ask(chat, "KL1") for chat in chats))
    numbers = {answer.cancellation.number for answer in answers if answer.cancellation}
    assert len(numbers) == 1
    assert len(await desk.tickets.in_queue(OPERATIONS)) == 1


async def test_two_orders_of_a_subscription_named_at_once_are_one_wish(desk: DeskForTests) -> None:
    await desk.has_order("KL1", subscription="s")
    await desk.has_order("KL2", subscription="s", kind="renewal", days_ago=1)
    li = await desk.verified()
    answers = await asyncio.gather(*(desk.renewals.ask(li, number) for number in ("KL1", "KL2")))
    numbers = {answer.cancellation.number for answer in answers if answer.cancellation}
    assert len(numbers) == 1
    assert len(await desk.tickets.in_queue(OPERATIONS)) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"auto_renew": False},
        {"auto_renew": False, "auto_renew_cancelled_at": datetime(2026, 9, 1, tzinfo=UTC)},
        {"auto_renew": None, "auto_renew_cancelled_at": datetime(2026, 9, 1, tzinfo=UTC)},
    ],
)
async def test_what_is_cancelled_already_is_said_and_opens_nothing(
    desk: DeskForTests, more: dict[str, Any]
) -> None:
    await desk.has_order("KL1", **more)
    answer = await desk.renewals.ask(await desk.verified(), "KL1")
    assert answer.is_cancelled_already
    assert answer.cancelled_at == more.get("auto_renew_cancelled_at")
    assert await desk.tickets.in_queue(OPERATIONS) == []
    assert await subjects(desk) == []


@pytest.mark.parametrize("more", [{"kind": "service_fee"}, {"kind": "swap"}, {"auto_renew": None}])
async def test_what_does_not_renew_has_nothing_to_cancel(
    desk: DeskForTests, more: dict[str, Any]
) -> None:
    await desk.has_order("KL1", **more)
    with pytest.raises(NotRenewing):
        await desk.renewals.ask(await desk.verified(), "KL1")


async def test_only_the_customer_sees_and_takes_back_their_wish(desk: DeskForTests) -> None:
    li, case = await asked(desk)
    strangers = [a_customer("A-2"), a_customer(brand="bitpie")]
    for stranger in strangers:
        with pytest.raises(OrderNotFound):
            await desk.renewals.ask(stranger, "KL1")
        with pytest.raises(RenewalNotFound):
            await desk.renewals.by_number(stranger, case.number)
        with pytest.raises(RenewalNotFound):
            await desk.renewals.withdraw(stranger, case.number)
    for _ in range(2):
        assert (await desk.renewals.withdraw(li, case.number)).state is RenewalState.WITHDRAWN
    assert await desk.tickets.in_queue(OPERATIONS) == []
    with pytest.raises(IllegalMove):
        await desk.renewals.finish(case.number, by=OPERATOR)
    assert (await order(desk)).auto_renew is True
    answer = await desk.renewals.ask(li, "KL1")
    assert answer.cancellation is not None
    assert answer.cancellation.number != case.number


@pytest.mark.parametrize("by", [*NOT_STAFF, WU, FINANCIER], ids=str)
async def test_only_an_operator_carries_it_out(desk: DeskForTests, by: Actor) -> None:
    _li, case = await asked(desk)
    with pytest.raises(NotAllowed):
        await desk.renewals.finish(case.number, by=by)
    with pytest.raises(NotAllowed):
        await desk.renewals.refuse(case.number, WHY, by=by)


async def test_a_refusal_says_why_in_the_customers_language(desk: DeskForTests) -> None:
    li, case = await asked(desk)
    for _ in range(2):
        case = await desk.renewals.refuse(case.number, WHY, by=OPERATOR)
    assert (case.state, case.refusal) == (RenewalState.REFUSED, WHY)
    assert (await subjects(desk))[-1] == f"自动续订未能取消（{case.number}）"
    assert WHY["zh"] in desk.mailer.sent[-1].text
    assert (await order(desk)).auto_renew is True
    for end in (
        desk.renewals.finish(case.number, by=OPERATOR),
        desk.renewals.withdraw(li, case.number),
    ):
        with pytest.raises(IllegalMove):
            await end


@pytest.mark.parametrize(
    "words", [{}, {"zh": "不行"}, {"zh": "不行", "en": ""}, {"zh": "x" * 2001, "en": "no"}]
)
async def test_a_refusal_needs_a_reason_in_both_languages(
    desk: DeskForTests, words: dict[str, str]
) -> None:
    _li, case = await asked(desk)
    with pytest.raises(InputRefused):
        await desk.renewals.refuse(case.number, words, by=OPERATOR)


async def test_done_twice_is_done_once(desk: DeskForTests) -> None:
    _li, case = await asked(desk)
    for _ in range(2):
        await desk.renewals.finish(case.number, by=OPERATOR)
    assert len(await desk.trail(f"renewal:{case.number}")) == 2
    assert len(await subjects(desk)) == 1, "that it was asked for is no longer news"
    with pytest.raises(RenewalNotFound):
        await desk.renewals.finish("RF-3333333333", by=OPERATOR)


async def test_done_and_withdrawn_at_once_never_both_win(desk: DeskForTests) -> None:
    li, case = await asked(desk)
    results = await asyncio.gather(
        desk.renewals.finish(case.number, by=OPERATOR),
        desk.renewals.withdraw(li, case.number),
        return_exceptions=True,
    )
    lost = [result for result in results if isinstance(result, BaseException)]
    assert [type(error) for error in lost] in ([IllegalMove], [CaseChanged])
    end = await desk.renewals.by_number(li, case.number)
    assert ((await order(desk)).auto_renew is False) == (end.state is RenewalState.DONE)


async def test_no_import_brings_auto_renewal_back(desk: DeskForTests) -> None:
    _li, case = await asked(desk)
    await desk.renewals.finish(case.number, by=OPERATOR)
    await desk.has_order("KL1", auto_renew=True, auto_renew_cancelled_at=None, amount="199.00")
    kept = await order(desk)
    assert (kept.auto_renew, kept.auto_renew_cancelled_at) == (False, case.asked_at)
    assert kept.amount == Money(19900, "CNY"), "all else follows the records"
    later = case.asked_at + timedelta(days=1)
    await desk.has_order("KL1", auto_renew=False, auto_renew_cancelled_at=later)
    assert (await order(desk)).auto_renew_cancelled_at == case.asked_at
    earlier = case.asked_at - timedelta(days=1)
    await desk.has_order("KL1", auto_renew=False, auto_renew_cancelled_at=earlier)
    assert (await order(desk)).auto_renew_cancelled_at == earlier


async def test_no_import_file_brings_auto_renewal_back(desk: DeskForTests, tmp_path: Path) -> None:
    _li, case = await asked(desk)
    await desk.renewals.finish(case.number, by=OPERATOR)
    path = tmp_path / "import.json"
    record = {
        "order_number": "KL1",
        "account": "A-1",
        "item": "yearly",
        "kind": "purchase",
        "amount": "299.00",
        "currency": "CNY",
        "paid_at": "2026-09-16T10:00:00+08:00",
        "status": "paid",
        "auto_renew": True,
        "payment": {"method": "card"},
    }
    path.write_text(json.dumps({"brand": "kuailian", "orders": [record]}), encoding="utf-8")
    await desk.desk.importer.load(path)
    kept = await order(desk)
    assert (kept.auto_renew, kept.auto_renew_cancelled_at) == (False, case.asked_at)
    assert kept.payment.reference is None, "the file was read"


async def test_an_earlier_cancellation_in_the_records_is_kept(desk: DeskForTests) -> None:
    before = datetime(2026, 9, 20, tzinfo=UTC)
    _li, case = await asked(desk, auto_renew_cancelled_at=before)
    await desk.renewals.finish(case.number, by=OPERATOR)
    assert (await order(desk)).auto_renew_cancelled_at == before

"""A receipt says what was decided, on which facts and clauses, and what comes next."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from actions.domain.appeal import DisputedFact
from actions.domain.customer import Customer
from actions.domain.decision import Outcome
from actions.domain.errors import CaseNotFound
from actions.domain.money import Money
from actions.domain.order import Refund
from actions.services.receipts import Receipts
from actions.testing.builders import a_customer
from actions.testing.desk import DeskForTests, shipped_brands
from tests.actions.services.people import (
    APPROVED,
    WORDS,
    WU,
    ZHOU,
    awaiting_approval,
    in_review,
    refused,
)

CHINESE = re.compile(r"[一-鿿]")


async def a_receipt(desk: DeskForTests, customer: Customer, number: str) -> dict[str, Any]:
    found = await desk.desk.receipts.of(customer, number)
    assert json.loads(json.dumps(found)) == found  # it is JSON and nothing else
    return found


def steps(receipt: dict[str, Any]) -> list[str]:
    return [step["code"] for step in receipt["next_steps"]]


def facts(receipt: dict[str, Any], language: str) -> dict[str, str]:
    return {fact["code"]: fact["value"][language] for fact in receipt["facts"]}


async def test_an_approval_s_receipt_names_amount_destination_dates_and_clauses(
    desk: DeskForTests,
) -> None:
    await desk.has_order("KL1")
    li = await desk.verified()
    case = await desk.refunds.request(li, "KL1")
    found = await a_receipt(desk, li, case.number.lower())
    assert case.decision is not None
    assert found["number"] == case.number
    assert found["brand"] == {"id": "kuailian", "zh": "快连VPN", "en": "KuaiLian VPN"}
    assert found["amount"]["zh"] == "¥299.00"
    assert found["destination"]["zh"] == "尾号 4242 的银行卡"
    assert found["destination"]["en"] == "card ending in 4242"
    assert found["clauses"] == [
        {"id": "K-1", **shipped_brands()["kuailian"].clauses["K-1"].words},
    ]
    assert found["policy_version"] == case.decision.policy_version
    assert found["decided_by"] == "policy"
    assert found["pay_out"]["from"] == case.decision.as_json()["pay_out"]["from"]
    assert (found["handling"], found["would_change"]) == (None, [])
    assert found["explanation"] == dict(case.decision.explanation)
    assert steps(found) == ["confirm"]


async def test_the_facts_are_those_of_the_decision_in_both_languages(desk: DeskForTests) -> None:
    order = await desk.has_order("KL1")
    await desk.has_order("KL0", days_ago=90)
    await desk.has_refund(Refund("KL1", Money(10000, "CNY"), desk.clock()))
    li = await desk.verified()
    case = await desk.refunds.request(li, "KL1")
    await desk.has_order("KL1", amount="999.00")  # what the records say now is another matter
    found = await a_receipt(desk, li, case.number)
    assert order.paid_at is not None
    assert facts(found, "zh")["paid"] == "¥299.00"
    assert facts(found, "en")["paid"] == "CN¥299.00"
    assert facts(found, "zh")["kind"] == "购买"
    assert facts(found, "en")["refunded_before"] == "CN¥100.00"
    assert " – " in facts(found, "en")["term"]
    assert "KL0" not in json.dumps(found)
    for fact in found["facts"]:
        assert CHINESE.search(fact["label"]["zh"])
        assert not CHINESE.search(fact["label"]["en"])


async def test_a_refusal_says_what_would_change_it_and_until_when_to_appeal(
    desk: DeskForTests,
) -> None:
    li, case = await refused(desk)
    found = await a_receipt(desk, li, case.number)
    assert found["would_change"] == [
        {
            "code": "proof_of_cancellation",
            "zh": "提供在扣款之前已取消自动续订的凭证",
            "en": "send proof that auto-renewal was cancelled before the charge",
        }
    ]
    assert (found["pay_out"], found["amount"]["amount"]) == (None, "0.00")
    assert steps(found) == ["appeal"]
    await desk.desk.appeals.make(li, case.number, DisputedFact.CANCELLATION, "取消过")
    assert steps(await a_receipt(desk, li, case.number)) == ["appeal_is_read", "add_evidence"]


async def test_a_review_s_receipt_has_a_day_and_then_the_person_s_decision(
    desk: DeskForTests,
) -> None:
    li, case = await in_review(desk)
    found = await a_receipt(desk, li, case.number)
    assert steps(found) == ["wait_for_review", "add_evidence"]
    assert found["handling"]["to"] == "2026-09-24"
    assert "2026年9月24日" in found["next_steps"][0]["zh"]
    assert "24 September 2026" in found["next_steps"][0]["en"]
    desk.clock.forward(days=1)
    part = replace(APPROVED, outcome=Outcome.PARTIAL, amount=Money(15000, "CNY"), words=WORDS)
    await desk.reviews.decide(case.number, part, by=WU)
    found = await a_receipt(desk, li, case.number)
    assert (found["decided_by"], found["outcome"]) == ("person", "partial")
    assert found["decided_at"] == desk.clock().isoformat()
    assert WORDS["zh"] in found["explanation"]["zh"]
    assert steps(found) == ["confirm", "appeal"]


async def test_next_steps_follow_the_money(desk: DeskForTests) -> None:
    li, case = await awaiting_approval(desk, needed=2)
    found = await a_receipt(desk, li, case.number)
    assert found["approvals"] == {"needed": 2, "given": 0, "by": "supervisors"}
    assert "2 名" in found["next_steps"][0]["zh"]
    await desk.desk.approvals.approve(case.number, by=WU)
    found = await a_receipt(desk, li, case.number)
    assert (steps(found), found["approvals"]["given"]) == (["wait_for_approval"], 1)
    assert "1 名" in found["next_steps"][0]["zh"]
    await desk.desk.approvals.approve(case.number, by=ZHOU)
    assert steps(await a_receipt(desk, li, case.number)) == ["wait_for_money"]
    await desk.run_worker_once()
    assert steps(await a_receipt(desk, li, case.number)) == ["check_account"]


async def test_a_withdrawn_case_s_receipt_says_how_to_go_on(desk: DeskForTests) -> None:
    await desk.has_order("KL1")
    li = await desk.verified()
    case = await desk.refunds.request(li, "KL1")
    await desk.refunds.withdraw(li, case.number)
    assert steps(await a_receipt(desk, li, case.number)) == ["ask_again"]


async def test_clauses_are_said_as_they_stood_when_it_was_decided(desk: DeskForTests) -> None:
    await desk.has_order("KL1")
    li = await desk.verified()
    case = await desk.refunds.request(li, "KL1")
    brand = desk.desk.brands["kuailian"]
    first = replace(brand.clauses["K-1"], words={"zh": "全改了。", "en": "All changed."})
    today = replace(brand, version="2027-01+0", clauses={**brand.clauses, "K-1": first})
    found = await Receipts(desk.desk.storage, {"kuailian": today}).of(li, case.number)
    assert found["clauses"] == [{"id": "K-1", **brand.clauses["K-1"].words}]
    async with desk.desk.storage.reading() as work:
        assert await work.policies.text_of("kuailian", brand.version) == brand.text
        assert await work.policies.text_of("kuailian", "2027-01+0") is None


@pytest.mark.parametrize("number", ["RF-3333333333", "RF-", "x"])
async def test_there_is_no_receipt_for_others_or_of_nothing(
    desk: DeskForTests, number: str
) -> None:
    _li, case = await refused(desk)
    stranger = a_customer("A-2", "c2")
    for asked in (
        desk.desk.receipts.of(stranger, case.number),
        desk.desk.receipts.for_staff(number),
    ):
        with pytest.raises(CaseNotFound):
            await asked
    assert (await desk.desk.receipts.for_staff(case.number))["number"] == case.number

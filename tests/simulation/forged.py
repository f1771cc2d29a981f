"""A refund that went as it must, made up of lines and records, for tests to break one thing of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from actions.domain.wording import money_text
from actions.policy.brand import Brand
from actions.policy.engine import decide
from actions.services.facts_json import read_facts
from tests.simulation.evidence import Case, Line, Payout, Records, Run
from tests.simulation.people import Cast, cast
from tests.simulation.personas import PERSONAS
from tests.simulation.tasks import TASKS

NOW = datetime(2026, 9, 20, 8, 0, tzinfo=UTC)
NUMBER = "RF-ACDEFGHJKM"
TASK = TASKS["a first purchase"]


def a_refund(brands: Mapping[str, Brand]) -> Run:
    """Asked for, proved, offered, confirmed and sent."""
    people = cast(TASK, "99990000", Random(1), NOW)
    order = people.orders[0]
    decision = decide(
        read_facts(people.facts(order, at(5), None), list(brands)), brands["kuailian"]
    )
    case = Case(
        *(NUMBER, order.number, order.record["account"], "c", "paying", decision.as_json()),
        *(order.method.value, order.hint, (), None, at(5)),
    )
    payout = Payout(NUMBER, order.number, order.money.minor, order.money.currency)
    records = Records(
        verified={order.record["account"]: at(4)},
        cases=(case,),
        payouts=(payout,),
        emails={order.record["account"]: people.accounts[0]["email"]},
    )
    return Run(TASK, PERSONAS["frank"], "en", people, "c", _lines(people), records)


def at(minute: int) -> datetime:
    """A moment of the conversation."""
    return NOW + timedelta(minutes=minute)


def bot(minute: int, response: str, text: str) -> Line:
    """Something that the bot says."""
    return Line(minute, "bot", text, at(minute), response)


def customer(minute: int, meant: str, text: str) -> Line:
    """Something that the customer says."""
    return Line(minute, "customer", text, at(minute), meant=meant)


def _lines(people: Cast) -> list[Line]:
    order, email = people.orders[0], people.accounts[0]["email"]
    amount = money_text(order.money, "en")
    offer = f"Order {order.number}: {amount} back to card ending in {order.hint}. Shall I?"
    done = f"Confirmed. Tracking number: {NUMBER}, {amount}"
    return [
        bot(1, "greeting", "Hello, what can I do for you?"),
        customer(2, "opening", f"refund for {order.number} please, {email}"),
        bot(3, "utter_ask_code", f"A code is on its way to {email}."),
        customer(4, "code", "123456"),
        bot(5, "utter_refund_approved", offer),
        customer(6, "confirm", "yes go ahead"),
        bot(7, "utter_refund_confirmed", done),
    ]


def with_case(run: Run, **changes: Any) -> None:
    """Its case is otherwise."""
    run.records = replace(run.records, cases=(replace(run.records.cases[0], **changes),))


def with_decision(run: Run, **changes: Any) -> None:
    """Its decision is otherwise."""
    with_case(run, decision={**run.records.cases[0].decision, **changes})


def with_payout(run: Run, **changes: Any) -> None:
    """Its payout is otherwise."""
    run.records = replace(run.records, payouts=(replace(run.records.payouts[0], **changes),))

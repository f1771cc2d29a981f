"""The lawyer's tables: facts and the answer that the brands' own words give, case by case.

The tables in `lawyer/` were written from the brands' documents and clauses, without a look at
how the engine works. `is` is the one right answer; `open` lists the answers among which the
texts leave the choice. An answer reads "approved 299.00 by K-1 approvals>=1 without K-12 paid
2026-10-09..2026-10-14 firm"; what it leaves out is not asserted. Beside its own answer every
case is held to what is true of all decisions.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.domain.decision import Decision
from actions.domain.errors import FactsRefused
from actions.domain.money import Money, decimals_of
from actions.policy.brand import Brand, load_brands
from actions.policy.engine import decide
from actions.policy.facts import Facts
from actions.services.facts_json import read_facts

TABLES = Path(__file__).parent / "lawyer"
BRANDS: dict[str, Brand] = load_brands()
LONG = {"{long}": "我等了很久也没有人处理。" * 150, "{4000}": "退" * 4000}
"""Texts too long for a table, by the word that stands for them."""
WORDS = re.compile(
    r"(?P<outcome>approved|partial|denied|needs_review|fault)"
    r"(?: (?P<amount>[0-9.]+))?"
    r"(?: by (?P<clauses>\S+))?"
    r"(?: without (?P<without>\S+))?"
    r"(?: approvals(?P<approvals>>=|=)(?P<number>[0-9]+))?"
    r"(?: paid (?P<start>[0-9-]+)\.\.(?P<end>[0-9-]+))?"
    r"(?: from (?P<earliest>[0-9-]+))?"
    r"(?: (?P<certainty>firm|provisional))?"
)


class Loader(yaml.SafeLoader):
    """Leaves times and amounts as they are written; only null, true and false are more."""


Loader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if not pair[0].endswith((":timestamp", ":float", ":int"))]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass
class Case:
    """One line of a table with the base that it starts from."""

    name: str
    base: str
    answers: list[str]
    set: dict[str, Any] = field(default_factory=dict)
    drop: list[str] = field(default_factory=list)
    others: list[dict[str, Any]] | None = None
    more_others: list[dict[str, Any]] = field(default_factory=list)
    refunds: list[dict[str, Any]] = field(default_factory=list)
    why: str = ""


def load(name: str) -> Any:
    return yaml.load((TABLES / name).read_text("utf-8"), Loader)


BASES: dict[str, dict[str, Any]] = load("bases.yml")


def read_case(group: dict[str, Any], row: dict[str, Any]) -> Case:
    """A row, with what it leaves to its group."""
    theme: dict[str, Any] = {
        key: group[key] for key in ("base", "why", "is", "open") if key in group
    }
    if "is" in row or "open" in row:
        theme.pop("is", None)
    whole: dict[str, Any] = {**theme, **row, "set": {**group.get("set", {}), **row.get("set", {})}}
    one = whole.pop("is", None)
    return Case(answers=whole.pop("open", None) or [one], **whole)


CASES = [
    read_case(group, row)
    for table in sorted(TABLES.glob("*.yml"))
    if table.name != "bases.yml"
    for group in load(table.name)
    for row in group["cases"]
]


def put(found: Any, path: str, value: Any) -> None:
    """Set what lies at a dotted path; a number is a place in a list."""
    *steps, last = path.split(".")
    for step in steps:
        found = found[int(step)] if isinstance(found, list) else found[step]
    found[last] = LONG.get(value, value) if isinstance(value, str) else value


def drop(found: dict[str, Any], path: str) -> None:
    *steps, last = path.split(".")
    for step in steps:
        found = found[step]
    del found[last]


def variant(order: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Another order, like the one asked about but for ``changes``."""
    other = deepcopy(order)
    for path, value in changes.items():
        put(other, path, value)
    return other


def base_facts(name: str) -> dict[str, Any]:
    base = deepcopy(BASES[name])
    if "like" not in base:
        return {**base, "other_orders": [], "refunds": []}
    facts = base_facts(base["like"])
    for path, value in base.get("set", {}).items():
        put(facts, path, value)
    facts["other_orders"] += [variant(facts["order"], o) for o in base.get("others", [])]
    return facts


def facts_of(case: Case) -> dict[str, Any]:
    """The case as `desk decide` takes it."""
    facts = base_facts(case.base)
    for path, value in case.set.items():
        put(facts, path, value)
    for path in case.drop:
        drop(facts, path)
    order = facts["order"]
    if case.others is not None:
        facts["other_orders"] = []
    facts["other_orders"] += [variant(order, o) for o in (case.others or []) + case.more_others]
    for refund in case.refunds:
        own = {key: order[key] for key in ("order_number", "amount", "currency")}
        facts["refunds"].append({**own, "at": facts["asked_at"], **refund})
    return facts


def mistakes(answer: str, decision: Decision | None) -> list[str]:
    """In what the decision (None: the facts were refused) is not this answer."""
    said = WORDS.fullmatch(answer)
    assert said, f"not an answer: {answer!r}"
    if decision is None or said["outcome"] == "fault":
        same = decision is None and said["outcome"] == "fault"
        return [] if same else [f"{said['outcome']} became {'fault' if not decision else 'none'}"]
    clauses = set(decision.clauses)
    barred = set((said["without"] or "").split("+"))
    lacking = int(said["number"] or 0) - decision.approvals_needed
    enough = lacking <= 0 if said["approvals"] == ">=" else lacking == 0
    dates = decision.pay_out
    checks = {
        "outcome": decision.outcome.value == said["outcome"],
        "amount": said["amount"] in (None, decision.amount.decimal_text()),
        "clauses": set(filter(None, (said["clauses"] or "").split("+"))) <= clauses,
        "a clause too many": not barred & clauses,
        "approvals": enough or said["approvals"] is None,
        "first day": (said["start"] or said["earliest"])
        in (None, dates and dates.from_date.isoformat()),
        "last day": said["end"] in (None, dates and dates.to_date.isoformat()),
        "certainty": said["certainty"] is None
        or (dates is not None and dates.provisional == (said["certainty"] == "provisional")),
    }
    return [check for check, good in checks.items() if not good]


def held_to_every_rule(decision: Decision, facts: Facts, brand: Brand) -> None:
    """What is true of all decisions, whatever the facts."""
    order = facts.order
    back = sum(
        r.amount.minor
        for r in facts.refunds
        if r.order_number == order.order_number and r.amount.currency == order.amount.currency
    )
    found = decision.as_json()
    pays = found["outcome"] in ("approved", "partial")
    assert decision.amount.currency == order.amount.currency
    assert decision.amount.minor <= max(0, order.amount.minor - back)
    assert (found["pay_out"] is not None) == pays == (pays and bool(decision.amount))
    if decision.pay_out:
        assert found["pay_out"]["from"] <= found["pay_out"]["to"]
        assert decision.pay_out.from_date > (facts.asked_at - timedelta(days=1)).date()
        assert not found["refusal_codes"]
    if found["outcome"] == "denied":
        zero = "0." + "0" * decimals_of(order.amount.currency)
        assert found["amount"] == zero.rstrip(".")
        assert found["refusal_codes"]
    assert found["clauses"]
    assert set(found["clauses"]) <= {clause.id for clause in brand.clauses.values()}
    assert found["policy_version"] == brand.version
    assert all(found["explanation"][language].strip() for language in ("zh", "en"))
    assert Money.parse(found["amount"], found["currency"]) == decision.amount


def decided(case: Case) -> tuple[Facts, Decision] | None:
    """The facts as they were read, and the decision; None if they were refused."""
    try:
        facts = read_facts(facts_of(case), BRANDS)
    except FactsRefused:
        return None
    return facts, decide(facts, BRANDS[facts.brand])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_engine_answers_as_the_brands_own_words_do(case: Case) -> None:
    found = decided(case)
    wrong = {answer: mistakes(answer, found and found[1]) for answer in case.answers}
    got = found[1].as_json() if found else "a fault"
    assert not all(wrong.values()), f"{wrong}; got {got}; {case.why}"
    if found:
        facts, decision = found
        held_to_every_rule(decision, facts, BRANDS[facts.brand])
        turned = replace(facts, other_orders=facts.other_orders[::-1], refunds=facts.refunds[::-1])
        assert decide(turned, BRANDS[facts.brand]) == decision, "the records' order matters"


def test_every_case_has_a_name_of_its_own_and_a_reason() -> None:
    names = [case.name for case in CASES]
    assert sorted(name for name in names if names.count(name) > 1) == []
    assert [case.name for case in CASES if not case.why or not all(case.answers)] == []

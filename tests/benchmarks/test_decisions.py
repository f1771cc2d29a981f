"""How many decisions one process takes in a second, alone and with all that surrounds them.

The same requests of every sort that a policy check puts: most are simple, as most are in life.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from actions.policy.brand import Brand, load_brands
from actions.policy.check import requests
from actions.policy.engine import decide
from actions.policy.facts import Facts
from actions.services.facts_json import facts_json, read_facts

Measured = Callable[[str, float], None]
SECONDS = 2.0
BRANDS: dict[str, Brand] = load_brands()


@pytest.fixture(scope="module")
def every_sort() -> list[Facts]:
    """One request of every sort, of each brand."""
    return [facts for brand in BRANDS.values() for facts in requests(brand)]


def a_second(do: Callable[[Any], object], given: list[Any]) -> float:
    """How often ``do`` runs in a second over all that is ``given``, again and again."""
    began = time.perf_counter()
    for done, each in enumerate(_again_and_again(given), start=1):
        do(each)
        if not done % 256 and time.perf_counter() > began + SECONDS:
            return done / (time.perf_counter() - began)
    raise AssertionError("nothing was given")


def _again_and_again(given: list[Any]) -> Iterator[Any]:
    while given:
        yield from given


def answer(facts: Facts) -> object:
    return decide(facts, BRANDS[facts.brand])


def test_decisions_a_second(every_sort: list[Facts], measured: Measured) -> None:
    alone = a_second(answer, every_sort)
    in_words = a_second(lambda facts: answer(facts).as_json(), every_sort)  # type: ignore[attr-defined]
    as_json = [facts_json(facts) for facts in every_sort]
    from_json = a_second(lambda found: answer(read_facts(found, BRANDS)), as_json)
    measured("decisions a second", alone)
    measured("decisions a second, explained in both languages", in_words)
    measured("decisions a second, facts read from JSON", from_json)
    assert alone > in_words  # words are written only for those who read them
    assert alone > from_json


def test_an_account_with_many_orders_is_decided_in_proportion(
    every_sort: list[Facts], measured: Measured
) -> None:
    facts = every_sort[0]
    times = {}
    for many in (10, 1000):
        others = tuple(
            replace(facts.order, order_number=f"O{n}", item=f"plan {n}") for n in range(many)
        )
        times[many] = 1 / a_second(answer, [replace(facts, other_orders=others)])
    measured("microseconds with 1,000 other orders", times[1000] * 1e6)
    assert times[1000] < 300 * times[10]

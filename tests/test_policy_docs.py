"""The guide for policy owners names every term and every choice that a brand file has."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from actions.policy.brand import load_brands
from actions.policy.clauses import numbers_of
from actions.policy.grounds import Treatment
from actions.policy.terms import PartialBy, Rounding, Terms
from actions.policy.topics import Topic
from actions.policy.trust import Trust

CHINESE, ENGLISH = (
    (Path(__file__).parent.parent / "docs/policy.md").read_text("utf-8").split("\n---\n")
)
NAMED_OTHERWISE = {"zone": None, "handling_days": "handling_working_days"}
TERMS = sorted(
    name
    for field in (*fields(Terms), *fields(Trust))
    if (name := NAMED_OTHERWISE.get(field.name, field.name))
)


@pytest.mark.parametrize("half", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_every_term_has_its_row_in_both_languages(half: str) -> None:
    assert sorted(re.findall(r"^\| `(\w+)` \|", half, re.MULTILINE)) == TERMS


@pytest.mark.parametrize("half", [CHINESE, ENGLISH], ids=["zh", "en"])
@pytest.mark.parametrize("choice", [*Treatment, *PartialBy, *Rounding, *Topic])
def test_every_choice_is_named_in_both_languages(half: str, choice: str) -> None:
    assert f"`{choice}`" in half


@pytest.mark.parametrize("half", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_every_number_that_a_clause_may_name_is_in_both_languages(half: str) -> None:
    names = {name for brand in load_brands().values() for name in numbers_of(brand.terms)}
    assert len(names) > 4
    assert [name for name in sorted(names) if f"`{{{name}}}`" not in half] == []

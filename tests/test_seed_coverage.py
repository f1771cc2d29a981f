"""docs/seed-coverage.md holds what it says: what it names exists, and no clause is forgotten.

Whether a row does justice to its sentence is left to readers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "seed-coverage.md").read_text("utf-8")
RESPONSES = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))["responses"]
BRANDS: dict[str, dict[str, Any]] = {
    letter: yaml.safe_load((ROOT / f"actions/policy/brands/{name}.yml").read_text("utf-8"))
    for letter, name in {"K": "kuailian", "B": "bitpie"}.items()
}
CLAUSES = {letter: {c["id"]: c for c in brand["clauses"]} for letter, brand in BRANDS.items()}
BOTH = pytest.mark.parametrize("brand", sorted(BRANDS))

STATUSES = ("done", "assumption", "later")
HAN = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2}")
CLAUSE = re.compile(r"[A-Z]{1,3}-[0-9]+")
# Marks of half width between Chinese characters, as `test_bilingual` has it.
HALF_WIDTH = re.compile(r"[\u3400-\u9fff][,:;?!]")


@dataclass(frozen=True)
class Row:
    """One statement of a brand's document."""

    number: str
    zh: str
    en: str
    carried_by: tuple[str, ...]
    to_come: tuple[str, ...]
    status: str

    @property
    def brand(self) -> str:
        return self.number[2]

    @property
    def clauses(self) -> set[str]:
        return {name for name in self.carried_by if CLAUSE.fullmatch(name)}


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def row(line: str) -> Row:
    number, zh, en, carried_by, to_come, status = cells(line)
    names = tuple(re.findall(r"`([^`]+)`", carried_by))
    assert carried_by == ", ".join(f"`{name}`" for name in names), number
    return Row(number, zh, en, names, tuple(filter(None, to_come.split("; "))), status.strip("`"))


ROWS = [row(line) for line in PAGE.splitlines() if line.startswith("| S-")]


def section(title: str) -> str:
    return PAGE.partition(f"\n## {title}")[2].partition("\n## ")[0]


def place(name: str, brand: str) -> Any:
    """What stands at a place in a brand's file, None where there is no such place."""
    here: Any = BRANDS[brand]
    for key in name.split("."):
        if isinstance(here, list):
            here = {entry["channel"]: entry for entry in here}
        here = here.get(key) if isinstance(here, dict) else None
    return here


def is_there(name: str, brand: str) -> bool:
    if CLAUSE.fullmatch(name):
        return name in CLAUSES[brand]
    if name.startswith("utter_"):
        return name in RESPONSES
    return (ROOT / name).exists() or place(name, brand) is not None


def has_flag(value: Any) -> bool:
    if isinstance(value, dict):
        return value.get("assumption") is True or any(map(has_flag, value.values()))
    return isinstance(value, list) and any(map(has_flag, value))


def is_assumed(name: str, brand: str) -> bool:
    """Whether a clause, or a place in the brand's file, is ours rather than the document's."""
    return has_flag(CLAUSES[brand].get(name) if CLAUSE.fullmatch(name) else place(name, brand))


@BOTH
def test_the_statements_of_each_document_are_numbered_without_a_gap(brand: str) -> None:
    numbers = [row.number for row in ROWS if row.brand == brand]
    assert len(numbers) > 50
    assert numbers == [f"S-{brand}{n}" for n in range(1, len(numbers) + 1)]


def test_no_row_is_lost_for_being_written_otherwise() -> None:
    assert len(ROWS) == len(re.findall(r"^\W*S-[KB]\d", PAGE, re.M))


def test_every_statement_is_there_in_both_languages() -> None:
    assert [r.number for r in ROWS if not HAN.search(r.zh) or HALF_WIDTH.search(r.zh)] == []
    assert [r.number for r in ROWS if not LATIN.search(r.en) or HAN.search(r.en)] == []


def test_every_heading_is_in_both_languages() -> None:
    headings = re.findall(r"^#+ (.+)$", PAGE, re.M)
    assert headings
    assert [h for h in headings if not (HAN.search(h) and LATIN.search(h) and " · " in h)] == []


def test_every_statement_is_carried_by_something_that_exists() -> None:
    assert [row.number for row in ROWS if not row.carried_by] == []
    assert [
        (row.number, name)
        for row in ROWS
        for name in row.carried_by
        if not is_there(name, row.brand)
    ] == []


def test_every_status_is_one_of_three() -> None:
    assert {row.number: row.status for row in ROWS if row.status not in STATUSES} == {}


def test_what_is_done_waits_for_nothing_and_what_is_not_says_for_what() -> None:
    assert [r.number for r in ROWS if (r.status == "later") != bool(r.to_come)] == []


def test_everything_that_is_waited_for_is_explained_and_nothing_else_is() -> None:
    explained = [cells(line) for line in section("Still to come").splitlines()[3:] if line]
    explained = [line for line in explained if set(line[0]) != {"-"}]
    assert {name for name, *_ in explained} == {name for row in ROWS for name in row.to_come}
    assert [
        name
        for name, en, zh in explained
        if HAN.search(en) or not HAN.search(zh) or not (HAN.search(name) and LATIN.search(name))
    ] == []


def test_an_assumption_names_what_is_marked_as_one_in_the_brand_file() -> None:
    assert [
        row.number
        for row in ROWS
        if row.status == "assumption"
        and not any(is_assumed(name, row.brand) for name in row.carried_by)
    ] == []


def test_what_is_done_rests_on_no_clause_that_is_an_assumption() -> None:
    assert [
        row.number
        for row in ROWS
        if row.status == "done" and any(is_assumed(name, row.brand) for name in row.clauses)
    ] == []


@BOTH
def test_every_clause_comes_from_a_statement_or_is_marked_as_an_assumption(brand: str) -> None:
    named = {name for row in ROWS if row.brand == brand for name in row.clauses}
    assert CLAUSES[brand]
    assert [
        id for id, clause in CLAUSES[brand].items() if id not in named and not has_flag(clause)
    ] == []

"""The diagrams in docs/cases.md are the tables in the code: no arrow more, none less."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import pytest

from actions.domain.refund_case import MOVES, State
from actions.domain.renewal_cancellation import RENEWAL_MOVES, RenewalState

ROOT = Path(__file__).resolve().parents[3]
DOC = (ROOT / "docs" / "cases.md").read_text("utf-8")
CASE, RENEWAL = re.findall(r"^## .*?(?=^## |\Z)", DOC, re.M | re.S)

each_table = pytest.mark.parametrize(
    ("part", "table", "states"),
    [(CASE, MOVES, State), (RENEWAL, RENEWAL_MOVES, RenewalState)],
    ids=["refund", "renewal"],
)
Table = Mapping[tuple[StrEnum, str], StrEnum]


def rows(part: str, heading: str) -> dict[str, list[str]]:
    """The cells of a table's rows by what stands in backquotes first."""
    table = part.partition(f"| {heading} |")[2].partition("\n\n")[0]
    found = [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()]
    return {cells[0].strip("`"): cells[1:] for cells in found if cells[0].startswith("`")}


@each_table
def test_the_diagram_has_exactly_the_moves_of_the_table(
    part: str, table: Table, states: type[StrEnum]
) -> None:
    arrows = re.findall(r"^    (\w+) --> (\w+): (\w+)$", part, re.M)
    assert sorted(arrows) == sorted(
        (str(was), str(state), step) for (was, step), state in table.items()
    )


@each_table
def test_the_diagram_begins_and_ends_where_cases_do(
    part: str, table: Table, states: type[StrEnum]
) -> None:
    reached, left = set(table.values()), {was for was, _step in table}
    assert re.findall(r"^    \[\*\] --> (\w+)$", part, re.M) == [str(next(iter(states)))]
    assert next(iter(states)) not in reached
    assert set(re.findall(r"^    (\w+) --> \[\*\]$", part, re.M)) == reached - left


@each_table
def test_every_state_and_step_is_explained_in_both_languages(
    part: str, table: Table, states: type[StrEnum]
) -> None:
    explained_states = rows(part, "状态 · state")
    explained_steps = rows(part, "步骤 · step")
    assert set(explained_states) == set(states)
    assert set(explained_steps) == {step for _was, step in table}
    for cells in (*explained_states.values(), *explained_steps.values()):
        zh, en = cells[-2:]
        assert re.search(r"[一-鿿]", zh)
        assert en
        assert not re.search(r"[一-鿿]", en)

"""Every column is classified: a new one can't hold anybody's data without being erased."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.services.personal_data import PLACES, After, rest_of_trail
from actions.storage.everything import TABLES

ROOT = Path(__file__).resolve().parents[3]

WHAT_TO_DO = """
Add it to PLACES in actions/services/personal_data.py (and a row to docs/privacy.md):
  personal      what a person said, is called, owns or can be reached by; give what stands there
                after erasing, or After.REWRITTEN and the code in services/erasing.py that does it
  pseudonymous  a number or key that leads to a person only with other records
  plain         anything else
If the table is new, say also how a person's rows are found: services/person.py. A table whose
rows need to live for a short time only goes by services/past_due.py.
"""


def test_every_table_and_every_column_is_classified() -> None:
    missing = [
        f"{table.name}.{column.name}"
        for table in TABLES.sorted_tables
        for column in table.columns
        if table.name not in PLACES or column.name not in PLACES[table.name].columns
    ]
    assert not missing, f"not classified: {', '.join(missing)}\n{WHAT_TO_DO}"


def test_nothing_is_classified_that_is_not_there_or_twice() -> None:
    for name, place in PLACES.items():
        assert name in TABLES.tables, f"there is no table {name} any more: take it out of PLACES"
        known = set(TABLES.tables[name].columns.keys())
        assert sorted(place.columns) == sorted(known), name
        assert place.withheld <= known, name


@pytest.mark.parametrize("name", PLACES)
def test_erasing_leaves_nothing_personal_where_the_row_stays(name: str) -> None:
    """Either all personal columns go with their row, or each has its own end."""
    place = PLACES[name]
    if place.rows_go:
        assert set(place.personal.values()) == {After.ROW_GOES}
    for column, after in place.blank.items():
        assert after is not None or TABLES.tables[name].columns[column].nullable, column


def test_every_place_with_personal_data_is_exported_but_the_list_of_erasures() -> None:
    hidden = {name for name, place in PLACES.items() if place.personal and not place.exported}
    assert hidden == {"erasures"}


def test_of_a_trail_only_what_names_nobody_stays() -> None:
    said = {"step": "refuse", "note": "Mrs Li called", "sha256": "0" * 64, "reason": {"zh": "…"}}
    assert rest_of_trail(said) == {"step": "refuse"}


def test_every_table_is_in_the_document_in_both_languages() -> None:
    halves = (ROOT / "docs/privacy.md").read_text("utf-8").split("## English")
    for half in halves[:2]:
        assert [name for name in PLACES if f"`{name}`" not in half] == []

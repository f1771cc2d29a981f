"""Exports of a desk in which every text is hostile: inert in a spreadsheet, and nothing lost."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Integer, String, Text
from typer.testing import CliRunner

from actions.services.exporter import COLUMNS
from actions.storage.base import Base
from actions.storage.conversations import ConversationRow, MessageRow
from actions.storage.tables import CaseRow
from bot.cli import main
from tests.hostile.corpus import corpora, lines

AT = "2026-09-01 02:00:00.000000"
SIGNS = "=+-@"
PASSED_OVER = "\"'`“‘"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk in whose tables every text, whatever it is for, is a hostile one."""
    home: Path = tmp_path_factory.mktemp("exports")
    desk(home, "migrate")
    with sqlite3.connect(home / "desk.db") as database:
        database.execute("PRAGMA ignore_check_constraints = ON")
        for text in texts():
            for row in (ConversationRow, MessageRow, CaseRow):
                _insert(database, row, text)
    return home


def desk(home: Path, *words: str) -> str:
    """What ``desk …`` prints."""
    others = dict.fromkeys((name for name in os.environ if name.startswith("DESK_")), "")
    ran = CliRunner(env=others | {"DESK_HOME": str(home)}).invoke(main, list(words))
    assert ran.exit_code == 0, ran.output
    return ran.stdout_bytes.decode()


def texts() -> list[str]:
    """Every line of every corpus as it is stored, each once."""
    return list(dict.fromkeys(line.stored for name in corpora() for line in lines(name)))


def _insert(database: sqlite3.Connection, row: type[Base], text: str) -> None:
    values = {column.name: _value(column, text) for column in row.__table__.columns}
    if row is CaseRow:
        del values["id"]
        values["decision"] = json.dumps({"amount": text, "currency": text, "clauses": [text]})
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    table = row.__table__.name  # type: ignore[attr-defined]
    database.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values.values()))


def _value(column: Any, text: str) -> Any:
    if isinstance(column.type, String | Text):
        return text
    if isinstance(column.type, Integer | Boolean):
        return 1
    return None if column.nullable else AT


@pytest.mark.parametrize("kind", sorted(COLUMNS))
def test_a_csv_file_is_inert_in_every_column_and_loses_nothing(home: Path, kind: str) -> None:
    rows = list(
        csv.DictReader(io.StringIO(desk(home, "export", kind, "--format", "csv"), newline=""))
    )
    cells, said = [row[COLUMNS[kind][0]] for row in rows], set(texts())
    assert len(cells) == len(said)
    assert {text for text in said if not {text, "'" + text} & set(cells)} == set()
    assert {cell for cell in cells if not {cell, cell.removeprefix("'")} & said} == set()
    assert {cell for row in rows for cell in row.values() if _runs(cell)} == set()


def _runs(cell: str) -> bool:
    """Whether a spreadsheet might run it; written otherwise than the exporter's own question."""
    if cell.startswith(("\t", "\r", "\n")):
        return True
    if cell.startswith("'"):
        return False
    shown = "".join(each for each in cell if unicodedata.category(each)[0] not in "ZCM")
    folded = unicodedata.normalize("NFKC", shown.lstrip(PASSED_OVER))
    return folded.startswith(tuple(SIGNS)) and not folded[1:].replace(".", "", 1).isdigit()


@pytest.mark.parametrize("kind", sorted(COLUMNS))
def test_json_lines_hold_every_text_exactly(home: Path, kind: str) -> None:
    exported = desk(home, "export", kind, "--format", "jsonl").split("\n")
    rows = [json.loads(row) for row in exported if row]
    assert sorted(row[COLUMNS[kind][0]] for row in rows) == sorted(texts())
    named = {"messages": "text", "cases": "order_number", "conversations": "channel"}[kind]
    assert sorted(row[named] for row in rows) == sorted(texts())

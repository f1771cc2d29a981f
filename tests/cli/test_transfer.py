"""``desk import`` and ``desk export``, typed as an operator would, on a database of their own."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from actions.services.exporter import COLUMNS
from actions.storage.conversations import ConversationRow, MessageRow
from actions.storage.engine import make_engine, session_factory
from bot.cli import main

Desk = Callable[..., Result]
ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "actions" / "testing" / "samples"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where this test's desk keeps its data."""
    return tmp_path / "home"


@pytest.fixture
def desk(home: Path) -> Desk:
    """Type ``desk …``; the database is there and empty."""

    def run(*words: str | Path) -> Result:
        environ = dict.fromkeys((name for name in os.environ if name.startswith("DESK_")), "")
        typed = CliRunner(env=environ | {"DESK_HOME": str(home)})
        return typed.invoke(main, [str(word) for word in words], catch_exceptions=False)

    assert run("migrate").exit_code == 0
    return run


@pytest.fixture
def a_message(desk: Desk, home: Path) -> None:
    """One conversation with one message that a spreadsheet would take for a formula."""

    async def store() -> None:
        engine = make_engine(f"sqlite+aiosqlite:///{home}/desk.db")
        at = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
        async with session_factory(engine)() as session, session.begin():
            session.add(
                ConversationRow(
                    id="c" * 32,
                    brand="kuailian",
                    channel="web",
                    language="zh",
                    language_locked=False,
                    token_hash="0" * 64,
                    status="bot",
                    last_seq=1,
                    started_at=at,
                    updated_at=at,
                )
            )
            session.add(
                MessageRow(
                    conversation="c" * 32, seq=1, author="customer", text='=1+1,"退款"', at=at
                )
            )
        await engine.dispose()

    asyncio.run(store())


def test_a_file_of_facts_is_imported_and_counted(desk: Desk) -> None:
    """And again, as often as one likes: it is an upsert."""
    for _ in range(2):
        done = desk("import", SAMPLES / "kuailian.json")
        assert (done.exit_code, done.stderr) == (0, "")
        assert "已导入" in done.stdout
        assert "7 " in done.stdout


def test_a_faulty_file_is_refused_with_its_line_and_field(desk: Desk, tmp_path: Path) -> None:
    """Exit code 2, what is wrong where, no traceback; the good record before it isn't written."""
    good = {
        "brand": "kuailian",
        "accounts": [
            {
                "id": "A-1",
                "email": "a@example.com",
                "name": "A",
                "language": "zh",
                "status": "active",
            }
        ],
    }
    bad = {"brand": "kuailian", "accounts": [{"id": "A-2", "name": "B", "status": "active"}]}
    path = tmp_path / "facts.jsonl"
    path.write_text(f"{json.dumps(good)}\n{json.dumps(bad)}\n", encoding="utf-8")
    done = desk("import", path)
    assert done.exit_code == 2
    assert f"{path}:2: accounts[0].email" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there_is_named(desk: Desk, tmp_path: Path) -> None:
    """Exit code 2, as for every wrong argument."""
    done = desk("import", tmp_path / "nowhere.json")
    assert done.exit_code == 2
    assert "nowhere.json" in done.stderr


@pytest.mark.parametrize("kind", list(COLUMNS))
def test_an_empty_desk_exports_no_rows_but_names_its_columns(desk: Desk, kind: str) -> None:
    """A CSV without a header would break whoever reads it by name."""
    done = desk("export", kind, "--format", "csv")
    assert list(csv.reader(done.stdout.splitlines())) == [list(COLUMNS[kind])]
    assert desk("export", kind).stdout == ""


@pytest.mark.usefixtures("a_message")
def test_json_lines_hold_each_value_as_it_is(desk: Desk) -> None:
    """Chinese as Chinese, quotes and commas whole."""
    (line,) = desk("export", "messages").stdout.splitlines()
    assert "退款" in line
    row = json.loads(line)
    assert (row["text"], row["seq"], row["author"]) == ('=1+1,"退款"', 1, "customer")
    assert datetime.fromisoformat(row["at"]) == datetime(2026, 9, 1, 2, 0, tzinfo=UTC)


@pytest.mark.usefixtures("a_message")
def test_csv_never_holds_a_formula(desk: Desk) -> None:
    """Customers write the text; staff open the file in a spreadsheet."""
    (row,) = csv.DictReader(desk("export", "messages", "--format", "csv").stdout.splitlines())
    assert row["text"] == '\'=1+1,"退款"'


@pytest.mark.usefixtures("a_message")
def test_an_export_into_a_file_appears_whole(desk: Desk, tmp_path: Path) -> None:
    """Nothing on the screen, nothing else in the folder."""
    folder = tmp_path / "out"
    folder.mkdir()
    done = desk("export", "conversations", "--output", folder / "conversations.jsonl")
    assert (done.exit_code, done.stdout) == (0, "")
    assert [path.name for path in folder.iterdir()] == ["conversations.jsonl"]
    (line,) = (folder / "conversations.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["messages"] == 1


def test_an_unknown_export_is_refused_with_the_known_ones(desk: Desk) -> None:
    """Exit code 2 and the three words to choose from."""
    done = desk("export", "everything")
    assert done.exit_code == 2
    assert all(kind in done.stderr for kind in COLUMNS)


def test_a_reader_that_has_had_enough_is_no_error(a_message: None, home: Path) -> None:
    """``desk export messages | head -0``."""
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "export", "messages"],
        cwd=ROOT,
        env=os.environ | {"DESK_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as export:
        assert export.stdout is not None
        assert export.stderr is not None
        export.stdout.close()
        assert export.stderr.read() == b""
    assert export.returncode == 0

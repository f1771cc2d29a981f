"""``desk import`` and ``desk export``, typed as an operator would, on a database of their own."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner, Result

from actions.policy.brand import load_brands
from actions.services.exporter import COLUMNS
from actions.storage.conversations import ConversationRow, MessageRow
from actions.storage.engine import make_engine, session_factory
from actions.storage.tables import AccountRow
from bot.cli import main
from bot.cli.formats import Kind
from bot.cli.transfer import Wanted, within_days

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
    # Typer breaks the message to the terminal's width, in the middle of a name if need be.
    assert "nowhere.json" in "".join(done.stderr.replace("│", "").split())


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


ACCOUNTS = "id,email,name,status\nA-1,li@example.com,李雷,active\n"


def test_a_table_is_imported_for_the_brand_that_is_named(desk: Desk, tmp_path: Path) -> None:
    """And what was not UTF-8 is said, so that somebody looks whether the names are right."""
    path = tmp_path / "accounts.csv"
    path.write_text(ACCOUNTS, encoding="gb18030")
    refused = desk("import", path)
    assert (refused.exit_code, f"{path}:2: brand" in refused.stderr) == (2, True)
    done = desk("import", path, "--brand", "kuailian")
    assert done.exit_code == 0
    assert "1 个账户" in done.stdout
    assert "GB18030" in done.stdout


def a_large_file(folder: Path) -> Path:
    """More accounts than are imported before somebody can press Ctrl-C."""
    path = folder / "large.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for n in range(40_000):
            email = f"{n}@example.com"
            account = {"id": f"A-{n}", "email": email, "name": "A", "status": "active"}
            print(json.dumps({"brand": "kuailian", "accounts": [account]}), file=file)
    return path


@contextmanager
def at_a_terminal(home: Path, *words: str | Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """``desk …`` with a terminal for its messages, and what is read from there."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", *map(str, words)],
        cwd=ROOT,
        env=os.environ | {"DESK_HOME": str(home), "TERM": "xterm", "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=theirs,
        start_new_session=True,
    ) as process:
        os.close(theirs)
        try:
            yield process, ours
        finally:
            process.kill()
            os.close(ours)


def shown_until(terminal: int, words: str) -> str:
    """What the terminal shows, up to ``words`` or to the end."""
    shown = b""
    while words.encode() not in shown:
        try:
            shown += os.read(terminal, 4096)
        except OSError:  # Linux says so when the other side has been closed
            break
    return shown.decode(errors="replace")


def accounts_in(home: Path) -> int:
    async def count() -> int:
        engine = make_engine(f"sqlite+aiosqlite:///{home}/desk.db")
        async with session_factory(engine)() as session:
            found = await session.scalar(select(func.count()).select_from(AccountRow))
        await engine.dispose()
        return found or 0

    return asyncio.run(count())


@pytest.mark.usefixtures("desk")
def test_ctrl_c_leaves_nothing_and_says_so(home: Path, tmp_path: Path) -> None:
    with at_a_terminal(home, "import", a_large_file(tmp_path)) as (process, terminal):
        assert "reading" in shown_until(terminal, "reading")
        process.send_signal(signal.SIGINT)
        assert "nothing was written" in shown_until(terminal, "nothing was written")
        assert process.wait(30) == 130
    assert accounts_in(home) == 0


def test_an_import_that_is_killed_leaves_nothing(desk: Desk, home: Path, tmp_path: Path) -> None:
    """And stands in nobody's way: the next one is not told that anything is still there."""
    with at_a_terminal(home, "import", a_large_file(tmp_path)) as (process, terminal):
        assert "reading" in shown_until(terminal, "reading")
        process.kill()
        process.wait(30)
    assert accounts_in(home) == 0
    assert desk("import", SAMPLES / "kuailian.json").exit_code == 0
    assert sorted(path.name for path in home.iterdir() if "desk.db" not in path.name) == ["secrets"]


def test_progress_is_shown_to_people_only(desk: Desk, home: Path, tmp_path: Path) -> None:
    """Into a pipe or a log goes nothing but what was done."""
    path = SAMPLES / "kuailian.json"
    assert desk("import", path).stderr == ""
    with at_a_terminal(home, "import", path) as (process, terminal):
        shown = shown_until(terminal, "no such words")
        assert process.wait(30) == 0
    assert "正在读取 · reading" in shown
    output = tmp_path / "cases.csv"
    with at_a_terminal(home, "export", "cases", "--output", output) as (process, terminal):
        assert "正在导出 · exporting" in shown_until(terminal, "no such words")
        assert process.wait(30) == 0
    assert output.exists()


WITHIN = [
    (("--brand", "kuailian"), True),
    (("--brand", "bitpie"), False),
    (("--since", "2026-09-01T02:00:00+00:00"), True),
    (("--since", "2026-09-01T02:00:01+00:00"), False),
    (("--until", "2026-09-01T02:00:00+00:00"), False),
    (("--until", "2026-09-01T10:00:01+08:00"), True),
    (("--since", "2026-09-01"), True),
    (("--since", "2026-09-02"), False),
    (("--until", "2026-09-01", "--brand", "kuailian"), True),
    (("--until", "2026-08-31"), False),
]


@pytest.mark.usefixtures("a_message")
@pytest.mark.parametrize("kind", ["messages", "conversations"])
@pytest.mark.parametrize(("words", "found"), WITHIN)
def test_an_export_may_be_of_one_brand_and_of_some_days(
    desk: Desk, kind: str, words: tuple[str, ...], found: bool
) -> None:
    done = desk("export", kind, *words)
    assert done.exit_code == 0
    assert bool(done.stdout) is found


def test_a_day_is_the_brands_own_and_whole() -> None:
    within = within_days(Wanted(Kind.CASES, None, "2026-09-01", "2026-09-01"), load_brands())
    assert within.since == datetime(2026, 8, 31, 16, 0, tzinfo=UTC)
    assert within.until == datetime(2026, 9, 1, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("option", "typed"),
    [
        ("--since", "yesterday"),
        ("--until", "2026-09-01T10:00:00"),
        ("--until", "2026-02-30"),
        ("--brand", "nobody"),
    ],
)
def test_limits_that_make_no_sense_are_refused(desk: Desk, option: str, typed: str) -> None:
    done = desk("export", "cases", option, typed)
    assert done.exit_code != 0
    assert done.stdout == ""
    assert "错误" in done.stderr
    assert "Error" in done.stderr

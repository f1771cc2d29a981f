"""``desk policy check`` and ``desk policy replay``, typed as a policy owner would."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from typer.testing import CliRunner, Result

from actions.domain.customer import Customer
from actions.policy.brand import BRANDS_FOLDER
from actions.storage.tables import CaseRow
from actions.testing.clock import MovableClock
from actions.testing.desk import desk_for_tests
from bot.cli import main

Desk = Callable[..., Result]
ROOT = Path(__file__).resolve().parents[2]
KUAILIAN = (BRANDS_FOLDER / "kuailian.yml").read_text("utf-8")
HAN = re.compile(r"[\u3400-\u9fff]")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where this test's desk keeps its data; nothing is there at first."""
    return tmp_path / "home"


@pytest.fixture
def desk(home: Path) -> Desk:
    """Type ``desk policy …``."""

    def run(*words: str | Path, **environ: str) -> Result:
        blank = dict.fromkeys((name for name in os.environ if name.startswith("DESK_")), "")
        typed = CliRunner(env=blank | {"DESK_HOME": str(home)} | environ)
        line = ["policy", *map(str, words)]
        return typed.invoke(main, line, catch_exceptions=False)

    return run


@pytest.fixture
def draft(tmp_path: Path) -> Callable[..., Path]:
    """A draft of kuailian's file in which some words are replaced by others."""

    def write(**replaced: str) -> Path:
        text = KUAILIAN
        for key, value in replaced.items():
            text, found = re.subn(rf"^(\s*{key}:).*$", rf"\1 {value}", text, flags=re.M)
            assert found, key
        path = tmp_path / "draft.yml"
        path.write_text(text, "utf-8")
        return path

    return write


# --- check ---------------------------------------------------------------------------------


def test_the_brands_shipped_have_nothing_to_put_right(desk: Desk, home: Path) -> None:
    done = desk("check")
    assert (done.exit_code, done.stderr) == (0, ""), done.stdout
    assert len(done.stdout.splitlines()) == len(list(BRANDS_FOLDER.glob("*.yml")))
    assert all(line.startswith("✓") for line in done.stdout.splitlines())
    assert not home.exists()


def test_the_check_is_told_to_programs_too(desk: Desk) -> None:
    found = json.loads(desk("check", "--json").stdout)
    assert found["findings"] == []
    assert {file["brand"] for file in found["files"]} == {"kuailian", "bitpie"}
    assert all((file["faults"], file["findings"]) == ([], []) for file in found["files"])


def test_a_draft_may_have_any_name(desk: Desk, draft: Callable[..., Path]) -> None:
    assert desk("check", draft()).exit_code == 0


def test_in_a_folder_a_file_is_named_as_its_brand(desk: Desk, draft: Callable[..., Path]) -> None:
    done = desk("check", draft().parent)
    assert done.exit_code == 2
    assert "draft.yml" in done.stderr


def test_what_no_request_can_bring_about_is_found(desk: Desk, draft: Callable[..., Path]) -> None:
    """A clause that nothing rests on: exit code 1, in both languages."""
    path = draft()
    more = '  - {id: K-99, zh: 没有人用的条款。, en: A clause that nobody uses., source: "-"}\n'
    text, found = re.subn(r"^clauses:\n", f"clauses:\n{more}", path.read_text("utf-8"), flags=re.M)
    assert found == 1
    path.write_text(text, "utf-8")
    done = desk("check", path)
    assert done.exit_code == 1
    (line,) = [line for line in done.stdout.splitlines() if "K-99" in line]
    assert HAN.search(line)
    (file,) = json.loads(desk("check", path, "--json").stdout)["files"]
    (finding,) = file["findings"]
    assert finding["subject"] == "K-99"
    assert HAN.search(finding["zh"])
    assert finding["en"]


def test_a_file_that_is_not_valid_is_refused_with_its_lines(
    desk: Desk, draft: Callable[..., Path]
) -> None:
    path = draft(time_zone="Mars/Olympus")
    line = 1 + next(n for n, text in enumerate(KUAILIAN.splitlines()) if "time_zone:" in text)
    done = desk("check", path)
    assert done.exit_code == 2
    assert f"{path}:{line}: time_zone: " in done.stderr
    shown = desk("check", path, "--json")
    assert shown.exit_code == 2
    (file,) = json.loads(shown.stdout)["files"]
    assert (file["brand"], file["faults"][0]["line"]) == (None, line)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{", b"- 1", b"\x00", None])
@pytest.mark.parametrize("command", ["check", "replay"])
def test_what_is_no_brand_file_is_refused_in_words(
    desk: Desk, tmp_path: Path, command: str, content: bytes | None
) -> None:
    path = tmp_path / "file.yml"
    if content is not None:
        path.write_bytes(content)
    done = desk("check", path) if command == "check" else desk("replay", "--with", path)
    assert done.exit_code == 2
    assert str(path) in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_without_brand_files_is_told_so(desk: Desk, tmp_path: Path) -> None:
    done = desk("check", tmp_path)
    assert done.exit_code == 1
    assert str(tmp_path) in done.stderr


# --- replay --------------------------------------------------------------------------------

OPENED = datetime(2026, 9, 20, 17, 0, tzinfo=UTC)
"""The 21st in Shanghai already."""


@pytest.fixture
def cases(desk: Desk, home: Path) -> dict[str, str]:
    """Four decided cases of kuailian: the account of each, by its number."""
    typed = CliRunner(env={"DESK_HOME": str(home)})
    assert typed.invoke(main, ["migrate"]).exit_code == 0
    url = f"sqlite+aiosqlite:///{home}/desk.db"
    orders: dict[str, dict[str, Any]] = {
        "early": {},
        "late": {"days_ago": 40},
        "dollars": {"days_ago": 40, "currency": "USD"},
        "renewal": {"kind": "renewal"},
    }

    async def request() -> dict[str, str]:
        numbers: dict[str, str] = {}
        async with desk_for_tests(url, MovableClock(OPENED)) as running:
            for name, order in orders.items():
                await running.has_order(f"KL-{name}", account=name, **order)
                customer: Customer = await running.verified(name, f"c-{name}")
                case = await running.refunds.request(customer, f"KL-{name}")
                numbers[name] = case.number
        return numbers

    return asyncio.run(request())


def change(home: Path, number: str, **values: Any) -> None:
    """Change a case's row behind the desk's back."""

    async def write() -> None:
        async with (
            desk_for_tests(f"sqlite+aiosqlite:///{home}/desk.db") as running,
            running.desk.storage.writing() as work,
        ):
            await work.session.execute(
                update(CaseRow).where(CaseRow.number == number).values(**values)
            )

    asyncio.run(write())


LONGER = {"window_days": "{value: 60, clause: K-1}"}


def test_a_draft_that_changes_nothing_lists_no_case(
    desk: Desk, cases: dict[str, str], draft: Callable[..., Path]
) -> None:
    done = desk("replay", "--with", draft(version='"draft"'))
    assert (done.exit_code, done.stderr) == (0, "")
    assert "4 cases, 0 change" in done.stdout
    assert not any(number in done.stdout for number in cases.values())


def test_a_table_tells_what_changes_and_how_much_money(
    desk: Desk, cases: dict[str, str], draft: Callable[..., Path]
) -> None:
    done = desk("replay", "--with", draft(**LONGER))
    assert (done.exit_code, done.stderr) == (0, "")
    rows = {line.split()[0]: line for line in done.stdout.splitlines() if line.startswith("RF-")}
    assert set(rows) == {cases["late"], cases["dollars"]}
    assert "2026-09-21" in rows[cases["late"]]
    assert "needs_review" in rows[cases["late"]]
    assert "approved 299.00 CNY" in rows[cases["late"]]
    assert "+K-1" in rows[cases["late"]]
    assert "4 cases, 2 change" in done.stdout
    (paid,) = [line for line in done.stdout.splitlines() if "CNY 退回 paid" in line]
    assert paid.split()[-3:] == ["299.00", "598.00", "299.00"]
    (proposed,) = [line for line in done.stdout.splitlines() if "USD 待人审 proposed" in line]
    was, now, difference = proposed.split()[-3:]
    assert (now, difference) == ("0.00", f"-{was}")


def test_json_tells_the_same_and_more(
    desk: Desk, cases: dict[str, str], draft: Callable[..., Path]
) -> None:
    path = draft(**LONGER)
    found = json.loads(desk("replay", "--with", path, "--json").stdout)
    assert set(found) == {"brand", "policy_version", "since", "cases", "totals"}
    assert (found["brand"], found["since"]) == ("kuailian", None)
    late, dollars = found["cases"]
    assert (late["case"], dollars["case"]) == (cases["late"], cases["dollars"])
    assert late["was"]["outcome"] == "needs_review"
    assert (late["now"]["outcome"], late["now"]["amount"]) == ("approved", "299.00")
    assert late["now"]["policy_version"] == found["policy_version"]
    assert "outcome" in late["changed"]
    assert (late["reviewed"], late["faults"]) == (False, [])
    totals = found["totals"]
    assert (totals["cases"], totals["changed"], totals["unreadable"]) == (4, 2, 0)
    assert {"was": "needs_review", "now": "approved", "cases": 2} in totals["outcomes"]
    yuan, usd = totals["money"]
    assert yuan["paid"] == {"was": "299.00", "now": "598.00", "difference": "299.00"}
    assert usd["currency"] == "USD"


def test_a_case_that_can_not_be_compared_is_listed(
    desk: Desk, cases: dict[str, str], draft: Callable[..., Path], home: Path
) -> None:
    change(home, cases["early"], facts={"brand": "kuailian"})
    path = draft(version='"draft"')
    done = desk("replay", "--with", path)
    assert done.exit_code == 0
    (row,) = [line for line in done.stdout.splitlines() if line.startswith(cases["early"])]
    assert "asked_at: " in row
    found = json.loads(desk("replay", "--with", path, "--json").stdout)
    (case,) = found["cases"]
    assert (case["now"], found["totals"]["unreadable"]) == (None, 1)
    assert "order" in [fault["path"] for fault in case["faults"]]


def test_a_case_that_a_person_decided_is_marked(
    desk: Desk, cases: dict[str, str], draft: Callable[..., Path], home: Path
) -> None:
    change(home, cases["late"], decided_by="agent")
    done = desk("replay", "--with", draft(**LONGER))
    assert f"{cases['late']}*" in done.stdout
    assert "a person decided 1" in done.stdout


@pytest.mark.parametrize(
    ("since", "count"),
    [
        ("2026-09-20", 4),
        ("2026-09-21", 4),
        ("2026-09-22", 0),
        ("2026-09-20T17:00:00Z", 4),
        ("2026-09-20T17:00:01+00:00", 0),
        ("2026-09-21T01:00:00", 4),
        ("2026-09-21T01:00:01", 0),
    ],
)
def test_since_is_a_day_or_an_instant_of_the_brand(
    desk: Desk, cases: dict[str, str], draft: Callable[..., Path], since: str, count: int
) -> None:
    assert len(cases) == 4
    done = desk("replay", "--with", draft(), "--since", since, "--json")
    assert json.loads(done.stdout)["totals"]["cases"] == count


@pytest.mark.usefixtures("cases")
@pytest.mark.parametrize("since", ["yesterday", "0001-01-01", "9999-12-31", "2026-02-30", ""])
def test_what_is_no_day_is_refused(desk: Desk, draft: Callable[..., Path], since: str) -> None:
    done = desk("replay", "--with", draft(), "--since", since)
    assert done.exit_code == 2
    assert "--since" in done.stderr


@pytest.mark.usefixtures("cases")
def test_a_brand_without_cases_is_told_so(desk: Desk) -> None:
    done = desk("replay", "--with", BRANDS_FOLDER / "bitpie.yml", "--brand", "bitpie")
    assert done.exit_code == 0
    assert "there is no case of bitpie" in done.stdout


@pytest.mark.usefixtures("cases")
def test_a_draft_must_be_of_the_brand_that_is_meant(desk: Desk, draft: Callable[..., Path]) -> None:
    for path, words in ((draft(), ["--brand", "bitpie"]), (draft(id="other"), [])):
        done = desk("replay", "--with", path, *words)
        assert done.exit_code == 2
        assert HAN.search(done.stderr)
        assert done.stdout == ""


def test_looking_makes_no_database(desk: Desk, home: Path, draft: Callable[..., Path]) -> None:
    done = desk("replay", "--with", draft())
    assert done.exit_code == 1
    assert "desk migrate" in done.stderr
    assert not home.exists()


def test_a_database_that_does_not_answer_is_said_to_be_so(
    desk: Desk, draft: Callable[..., Path]
) -> None:
    url = "postgresql+psycopg://nobody@127.0.0.1:1/nowhere"
    done = desk("replay", "--with", draft(), DESK_DATABASE_URL=url)
    assert done.exit_code == 1
    assert "nobody" not in done.stderr


@pytest.mark.usefixtures("cases")
def test_a_reader_that_has_had_enough_is_no_error(home: Path, draft: Callable[..., Path]) -> None:
    """``desk policy replay … | head -1``."""
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "policy", "replay", "--with", draft(**LONGER)],
        cwd=ROOT,
        env=os.environ | {"DESK_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0

"""``desk privacy``, typed as an operator would: one person's data given out, or erased."""

from __future__ import annotations

import asyncio
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from typer.testing import CliRunner, Result

from actions.bootstrap import build_desk
from actions.domain.customer import Customer
from actions.domain.errors import Hindrance
from actions.domain.events import Actor, Role
from actions.domain.ticket import Category
from actions.services.privacy import STEPS as ALL_STEPS
from actions.services.tickets import NewTicket
from actions.settings import Settings, ensure_secrets
from bot.cli import main
from bot.cli.privacy import HINDRANCES, STEPS, SWEPT

Desk = Callable[..., Result]
EMAIL, NAME, HINT = "planted-li@example.com", "李普兰特", "card ending 7731"
LI = {"id": "A-1", "email": EMAIL, "name": NAME, "language": "zh", "status": "active"}
ORDER = {
    "order_number": "KL1",
    "account": "A-1",
    "item": "yearly",
    "kind": "purchase",
    "amount": "299.00",
    "currency": "CNY",
    "paid_at": "2026-09-01T10:00:00+08:00",
    "status": "paid",
    "payment": {"method": "card", "hint": HINT, "gateway": "manual", "reference": "ch_1"},
}
REFUND = {
    "order_number": "KL1",
    "amount": "1.00",
    "currency": "CNY",
    "at": "2026-09-02T10:00:00+08:00",
}
OF_LI = ("--brand", "kuailian", "--account", "A-1")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where this test's desk keeps its data."""
    return tmp_path / "home"


@pytest.fixture
def desk(home: Path, tmp_path: Path) -> Desk:
    """Type ``desk …``; one customer with one order is there."""

    def run(*words: str | Path, typed: str = "") -> Result:
        environ = dict.fromkeys((name for name in os.environ if name.startswith("DESK_")), "")
        runner = CliRunner(env=environ | {"DESK_HOME": str(home)})
        return runner.invoke(
            main, [str(word) for word in words], input=typed, catch_exceptions=False
        )

    assert run("migrate").exit_code == 0
    assert run("import", a_file(tmp_path, accounts=[LI], orders=[ORDER])).exit_code == 0
    return run


def a_file(folder: Path, **records: object) -> Path:
    """An import file of kuailian's, one key a line."""
    path = folder / "facts.json"
    path.write_text(
        json.dumps({"brand": "kuailian", **records}, ensure_ascii=False, indent=1), "utf-8"
    )
    return path


def on_disk(home: Path, words: str) -> list[str]:
    """The files under ``home`` in whose bytes ``words`` are."""
    files = (path for path in home.rglob("*") if path.is_file())
    return [path.name for path in files if words.encode() in path.read_bytes()]


def test_an_export_is_a_zip_for_its_owner_only(desk: Desk, tmp_path: Path) -> None:
    """With a guide in both languages; money as people write it."""
    path = tmp_path / "li.zip"
    done = desk("privacy", "export", *OF_LI, "--output", path)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "已导出到" in done.stdout
    assert "exported to" in done.stdout
    assert NAME not in done.stdout
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with ZipFile(path) as archive:
        assert json.loads(archive.read("accounts.json"))[0]["email"] == EMAIL
        assert json.loads(archive.read("orders.json"))[0]["amount"] == "299.00"
        assert "您的个人数据" in archive.read("README.zh.txt").decode()
        assert "Your personal data" in archive.read("README.en.txt").decode()


def test_an_erased_person_is_nowhere_on_disk(desk: Desk, home: Path) -> None:
    """By their e-mail, after typing the account's id."""
    for words in (EMAIL, NAME, HINT):
        assert on_disk(home, words)
    words_of_li = ("--brand", "kuailian", "--email", EMAIL.upper())
    done = desk("privacy", "erase", *words_of_li, typed="A-1\n")
    assert done.exit_code == 0
    for said in ("将抹去", "about to erase", "已抹去", "erased", "无法恢复", "can't be undone"):
        assert said in done.stdout
    for words in (EMAIL, NAME, HINT):
        assert on_disk(home, words) == []
    again = desk("privacy", "erase", *OF_LI, "--yes")
    assert again.exit_code == 0
    assert "早已抹去" in again.stdout
    assert "erased before" in again.stdout


@pytest.mark.parametrize("typed", ["", "yes\n", "a-1\n", EMAIL + "\n"])
def test_nothing_is_erased_without_the_very_id(desk: Desk, home: Path, typed: str) -> None:
    """A habit of typing "y" erases nobody."""
    done = desk("privacy", "erase", *OF_LI, typed=typed)
    assert done.exit_code == 1
    assert "没有抹去任何东西" in done.stderr
    assert "nothing was erased" in done.stderr
    assert on_disk(home, NAME)


def test_what_is_under_way_is_named_in_both_languages(desk: Desk, home: Path) -> None:
    """And nothing is erased, not even with --yes."""

    async def complain() -> str:
        built = await build_desk(ensure_secrets(Settings.from_env({"DESK_HOME": str(home)})))
        async with built.storage.writing() as work:
            await work.checks.verify(Customer("kuailian", "A-1", "c1"), "code", built.clock())
        new = NewTicket("kuailian", Category.COMPLAINT, "complaint", None, conversation="c1")
        ticket = await built.tickets.open(new, by=Actor(Role.CUSTOMER))
        await built.close()
        return ticket.id

    number = asyncio.run(complain())
    done = desk("privacy", "erase", *OF_LI, "--yes")
    assert done.exit_code == 3
    assert f"工单 {number} 尚未关闭" in done.stderr
    assert f"ticket {number} is open" in done.stderr
    assert on_disk(home, NAME)


def test_an_import_does_not_bring_an_erased_person_back(
    desk: Desk, home: Path, tmp_path: Path
) -> None:
    """Neither the account nor an order nor a refund of it; until an operator lifts that."""
    assert desk("privacy", "erase", *OF_LI, "--yes").exit_code == 0
    for records in ({"accounts": [LI]}, {"orders": [ORDER]}, {"refunds": [REFUND]}):
        path = a_file(tmp_path, **records)
        done = desk("import", path)
        assert done.exit_code == 2
        [line] = [line for line in done.stderr.splitlines() if str(path) in line]
        number = int(line.split(":")[1])
        assert number > 1
        assert "已按要求抹去" in line
        assert "was erased" in line
        assert on_disk(home, NAME) == []
    lifted = desk("privacy", "lift", *OF_LI)
    assert lifted.exit_code == 0
    assert "可以重新导入" in lifted.stdout
    assert "may be imported again" in lifted.stdout
    assert desk("import", a_file(tmp_path, accounts=[LI], orders=[ORDER])).exit_code == 0
    assert on_disk(home, NAME)
    assert "没有被抹去过" in desk("privacy", "lift", *OF_LI).stdout


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (("--brand", "nobody", "--account", "A-1"), "未知品牌", "not a brand"),
        (("--brand", "kuailian", "--account", "A-9"), "没有这样的账户", "no such account"),
        (("--brand", "kuailian"), "--account 或 --email", "by --account or by --email"),
        ((*OF_LI, "--email", EMAIL), "只用一个", "one of them"),
    ],
)
@pytest.mark.parametrize("command", ["export", "erase"])
def test_whoever_is_not_found_is_said_so_plainly(
    desk: Desk, command: str, words: tuple[str, ...], zh: str, en: str
) -> None:
    """Exit code 1, in both languages, without a traceback."""
    done = desk("privacy", command, *words)
    assert done.exit_code == 1
    assert zh in done.stderr
    assert en in done.stderr


def test_two_accounts_with_one_address_are_named(desk: Desk, tmp_path: Path) -> None:
    """Nobody is guessed."""
    assert desk("import", a_file(tmp_path, accounts=[LI | {"id": "A-2"}])).exit_code == 0
    done = desk("privacy", "erase", "--brand", "kuailian", "--email", EMAIL, "--yes")
    assert done.exit_code == 1
    assert "A-1、A-2" in done.stderr
    assert "A-1, A-2" in done.stderr


def test_a_sweep_says_how_many_in_both_languages(desk: Desk) -> None:
    """Counted first, then done."""
    counted = desk("privacy", "sweep", "--dry-run")
    assert counted.exit_code == 0
    assert "超过保存期限的有：会话 0、案件 0" in counted.stdout
    assert "past its time: chats 0, cases 0" in counted.stdout
    done = desk("privacy", "sweep")
    assert done.exit_code == 0
    assert "已清除：会话 0" in done.stdout
    assert "swept: chats 0" in done.stdout


def test_everything_that_can_be_said_has_both_languages() -> None:
    """Each step, each count, and each thing that may stand in the way."""
    assert set(STEPS) == set(ALL_STEPS)
    for zh, en in [*STEPS.values(), *SWEPT.values(), *HINDRANCES.values()]:
        assert zh != en
        assert en.isascii()
    assert Hindrance("ticket_open", "T-1").code in HINDRANCES

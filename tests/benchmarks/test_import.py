"""100,000 orders in, each with its account: how fast, in how much memory, and how long the desk
has to wait. Real processes on a SQLite file: what an operator has.
"""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
FEW, MANY = 10_000, 100_000
BUSY_SECONDS = 5.0
"""How long a chat waits for the database before it gives up."""

Measured = Callable[[str, float], None]


class Run(NamedTuple):
    """What it took."""

    seconds: float
    peak_mib: float
    longest_wait: float


def account(n: int) -> dict[str, Any]:
    return {
        "id": f"A-{n}",
        "email": f"user{n}@example.com",
        "name": f"客户 {n}",
        "language": "zh",
        "status": "active",
    }


def order(n: int) -> dict[str, Any]:
    return {
        "order_number": f"KL{n * 7919 % 10**9:09d}-{n}",
        "account": f"A-{n}",
        "item": "yearly",
        "kind": "purchase",
        "amount": "299.00",
        "currency": "CNY",
        "paid_at": "2026-09-01T10:00:00+08:00",
        "status": "paid",
        "term_start": "2026-09-01",
        "term_end": "2027-09-01",
        "auto_renew": True,
        "last_used_at": "2026-09-20T08:00:00+08:00",
        "payment": {"method": "card", "hint": "4242", "gateway": "manual", "reference": f"ch_{n}"},
    }


def write_json(path: Path, count: int) -> None:
    numbers = range(count)
    document = {"brand": "kuailian", "accounts": [*map(account, numbers)]}
    document["orders"] = [*map(order, numbers)]
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def write_jsonl(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        for n in range(count):
            line = {"brand": "kuailian", "accounts": [account(n)], "orders": [order(n)]}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def write_csv(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        for n in range(count):
            row = table_row(n)
            if n == 0:
                rows.writerow(row)
            rows.writerow(row.values())


def table_row(n: int) -> dict[str, str]:
    found = {"brand": "kuailian"} | order(n) | {"auto_renew": "true"}
    found |= {f"payment_{name}": value for name, value in found.pop("payment").items()}
    return found | {f"account_{name}": value for name, value in account(n).items() if name != "id"}


WRITERS = {"json": write_json, "jsonl": write_jsonl, "csv": write_csv}


# The system's own figure for a child counts what its parent held when it was started.
PROGRAM = """
import atexit, re, sys
from pathlib import Path
from bot.cli import main

def tell():
    (peak,) = re.findall(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
    Path(told).write_text(peak)

told = sys.argv.pop(1)
atexit.register(tell)
main(prog_name="desk")
"""


def desk(home: Path, *words: str | Path) -> float:
    """Run ``desk …`` to its end; its peak memory in MiB."""
    told = home.with_suffix(".peak")
    subprocess.run(
        [sys.executable, "-c", PROGRAM, told, *map(str, words)],
        cwd=ROOT,
        env=os.environ | {"DESK_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return int(told.read_text()) / 1024


class Chats:
    """Somebody who wants to write all the time, and notes how long it took at most."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._write)
        self.longest_wait = 0.0

    def __enter__(self) -> Chats:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _write(self) -> None:
        with closing(sqlite3.connect(self._database, timeout=300, isolation_level=None)) as chat:
            while not self._over.wait(0.005):
                began = time.perf_counter()
                chat.execute("BEGIN IMMEDIATE")
                chat.execute("ROLLBACK")
                self.longest_wait = max(self.longest_wait, time.perf_counter() - began)


def run_import(folder: Path, form: str, count: int) -> Run:
    file, home = folder / f"{count}.{form}", folder / f"{form}-{count}"
    WRITERS[form](file, count)
    desk(home, "migrate")
    with Chats(home / "desk.db") as chats:
        began = time.perf_counter()
        peak = desk(home, "import", file)
        seconds = time.perf_counter() - began
    with closing(sqlite3.connect(home / "desk.db")) as database:
        assert database.execute("SELECT count(*) FROM orders").fetchone() == (count,)
    return Run(seconds, peak, chats.longest_wait)


@pytest.mark.parametrize("form", sorted(WRITERS))
def test_a_hundred_thousand_orders_take_no_more_memory_than_ten_thousand(
    form: str, tmp_path: Path, measured: Measured
) -> None:
    few, many = run_import(tmp_path, form, FEW), run_import(tmp_path, form, MANY)
    measured(f"import {form}, orders a second", MANY / many.seconds)
    measured(f"import {form}, peak MiB of {FEW:,}", few.peak_mib)
    measured(f"import {form}, peak MiB of {MANY:,}", many.peak_mib)
    measured(
        f"import {form}, longest wait of another writer, milliseconds", 1e3 * many.longest_wait
    )
    assert many.peak_mib < 1.3 * few.peak_mib
    assert many.longest_wait < min(BUSY_SECONDS, many.seconds / 2)


@pytest.fixture(scope="module")
def chats_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Homes of desks with as many messages as one likes, ten in a conversation."""

    def home_with(count: int) -> Path:
        home = tmp_path_factory.mktemp("chats")
        desk(home, "migrate")
        with closing(sqlite3.connect(home / "desk.db")) as database, database:
            database.executemany(
                "INSERT INTO conversations (id, brand, channel, language, language_locked,"
                " token_hash, status, last_seq, started_at, updated_at) VALUES"
                " (?1, 'kuailian', 'web', 'zh', 0, ?1, 'bot', 10, ?2, ?2)",
                ((f"{n:032x}", f"2026-09-01 02:00:00.{n:06d}") for n in range(count // 10)),
            )
            database.executemany(
                "INSERT INTO messages (conversation, seq, author, text, at)"
                " VALUES (?, ?, 'customer', ?, '2026-09-01 02:00:00.000000')",
                ((f"{n // 10:032x}", n % 10 + 1, "我要退款 " * 20) for n in range(count)),
            )
        return home

    return home_with


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_an_export_takes_no_more_memory_however_much_there_is(
    form: str, chats_of: Callable[[int], Path], tmp_path: Path, measured: Measured
) -> None:
    peaks = []
    for count in (FEW, MANY):
        home = chats_of(count)
        began = time.perf_counter()
        peaks.append(desk(home, "export", "messages", "--format", form, "--output", tmp_path / "o"))
        seconds = time.perf_counter() - began
    measured(f"export {form}, messages a second", MANY / seconds)
    measured(f"export {form}, peak MiB of {MANY:,}", peaks[1])
    assert peaks[1] < 1.3 * peaks[0]

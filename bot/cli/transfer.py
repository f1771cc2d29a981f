"""Facts in, records out, from the command line.

Knows files, formats, days, and how a refused file is shown. Leaves what a record is to the
importer and the exporter.
"""

from __future__ import annotations

import asyncio
import csv
import json
import os
import sys
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

from actions.bootstrap import Desk, build_desk
from actions.policy.brand import Brand
from actions.services.exporter import COLUMNS, Within, csv_cell
from actions.services.importer import ImportRefused, ImportReport, StorageBusy
from actions.settings import Settings, ensure_secrets
from bot.cli.formats import Format, Kind
from bot.cli.progress import Moved, progress
from bot.cli.say import Trouble, say, warn

BAD_FILE = 2
SEEN_EVERY = 500

Write = Callable[[dict[str, Any]], object]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What shall be exported, as it was typed: a brand, and days or instants."""

    kind: Kind
    brand: str | None = None
    since: str | None = None
    until: str | None = None


async def import_file(settings: Settings, path: Path, brand: str | None = None) -> int:
    """Import ``path``; return the exit code. A refused file leaves nothing behind."""
    desk = await build_desk(ensure_secrets(settings))
    try:
        report = await _import(desk, path, brand)
    except ImportRefused as refused:
        for fault in refused.faults:
            print(f"{path}:{fault.line or 1}: {fault.path}: {fault.message}", file=sys.stderr)
        warn("文件有误，什么也没有写入", f"{len(refused.faults)} faults; nothing was written")
        return BAD_FILE
    except StorageBusy:
        raise Trouble(
            "数据库正被占用（可能另一次导入还没结束），什么也没有写入，请稍后再试",
            "the database is busy, perhaps with another import; nothing was written, try again",
        ) from None
    except asyncio.CancelledError:
        warn("已中止，什么也没有写入", "stopped; nothing was written")
        raise
    finally:
        await desk.close()
    say(
        f"已导入：{report.accounts} 个账户、{report.orders} 个订单、{report.refunds} 笔退款",
        f"imported: accounts {report.accounts}, orders {report.orders}, refunds {report.refunds}",
    )
    if report.encoding:
        say(f"文件按 {report.encoding} 编码读取", f"the file was read as {report.encoding}")
    return 0


async def _import(desk: Desk, path: Path, brand: str | None) -> ImportReport:
    writing = "正在写入 · writing"
    size = path.stat().st_size
    with progress("正在读取", "reading", size, of_bytes=True, then=writing) as moved:
        return await desk.importer.load(path, brand=brand, watch=moved)


async def export_rows(
    settings: Settings, wanted: Wanted, form: Format, output: Path | None
) -> None:
    """Write every row that is wanted to ``output``, or to standard output.

    A file appears whole or not at all.
    """
    desk = await build_desk(ensure_secrets(settings))
    try:
        within = within_days(wanted, desk.brands)
        with _opened(output) as file:
            await _export(desk, wanted.kind, within, _writer(wanted.kind, form, file), file)
            file.flush()
    except BrokenPipeError:
        # Whoever read has had enough (`| head`); what is still buffered has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    finally:
        await desk.close()


async def _export(desk: Desk, kind: Kind, within: Within, write: Write, file: IO[str]) -> None:
    if not sys.stderr.isatty() or file.isatty():  # rows on the screen show how far they are
        await _write_all(desk.exporter.rows(kind.value, within), write, lambda _done: None)
        return
    total = await desk.exporter.count(kind.value, within)
    with progress("正在导出", "exporting", total, of_bytes=False) as moved:
        await _write_all(desk.exporter.rows(kind.value, within), write, moved)


async def _write_all(rows: AsyncGenerator[dict[str, Any]], write: Write, moved: Moved) -> None:
    done = 0
    async with aclosing(rows):
        async for row in rows:
            write(row)
            done += 1
            if done % SEEN_EVERY == 0:
                moved(done)


def within_days(wanted: Wanted, brands: Mapping[str, Brand]) -> Within:
    """The instants between which rows are wanted. A day is the brand's own, from midnight to
    midnight; ``until`` a day means with all of it.
    """
    if wanted.brand is not None and wanted.brand not in brands:
        known = "、".join(brands)
        raise Trouble(f"未知品牌：{wanted.brand}（有 {known}）", f"not a brand: {wanted.brand}")
    zones = {brand.time_zone for id, brand in brands.items() if wanted.brand in (None, id)}
    since = _instant(wanted.since, "--since", zones)
    until = _instant(wanted.until, "--until", zones, days=1)
    return Within(brand=wanted.brand, since=since, until=until)


def _instant(
    typed: str | None, option: str, zones: set[ZoneInfo], days: int = 0
) -> datetime | None:
    if typed is None:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return _time(typed, option)
    if len(zones) > 1:
        raise Trouble(
            f"各品牌的时区不同，{option} 用日期时请同时给出 --brand",
            f"the brands are in different zones: {option} with a day needs --brand",
        )
    return datetime.combine(day + timedelta(days), time(), min(zones, key=str))


def _time(typed: str, option: str) -> datetime:
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Trouble(
            f"{option} 要写成日期（2026-09-01）或带时区的时间（2026-09-01T10:00:00+08:00）",
            f"{option} is a day (2026-09-01) or a time with its offset (2026-09-01T10:00:00+08:00)",
        )
    return at


def _writer(kind: Kind, form: Format, file: IO[str]) -> Write:
    if form is Format.JSONL:
        return lambda row: file.write(json.dumps(row, ensure_ascii=False) + "\n")
    rows = csv.writer(file)
    rows.writerow(COLUMNS[kind])  # a header even where nothing follows
    return lambda row: rows.writerow([csv_cell(row[column]) for column in COLUMNS[kind]])


@contextmanager
def _opened(output: Path | None) -> Iterator[IO[str]]:
    if output is None:
        yield sys.stdout
        return
    draft = output.with_name(f".{output.name}.new")
    try:
        with draft.open("w", encoding="utf-8", newline="") as file:
            yield file
        draft.replace(output)
    finally:
        draft.unlink(missing_ok=True)

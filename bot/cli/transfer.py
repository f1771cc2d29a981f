"""Facts in, records out, from the command line.

Knows files, formats and how a refused file is shown. Leaves what a record is to the importer
and the exporter.
"""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import IO, Any

from actions.bootstrap import build_desk
from actions.services.exporter import COLUMNS, csv_cell
from actions.services.importer import ImportRefused
from actions.settings import Settings, ensure_secrets
from bot.cli.formats import Format, Kind
from bot.cli.say import say, warn

BAD_FILE = 2


Write = Callable[[dict[str, Any]], object]


async def import_file(settings: Settings, path: Path) -> int:
    """Import ``path``; return the exit code. A refused file leaves nothing behind."""
    desk = await build_desk(ensure_secrets(settings))
    try:
        report = await desk.importer.load(path)
    except ImportRefused as refused:
        for fault in refused.faults:
            print(f"{path}:{fault.line}: {fault.path}: {fault.message}", file=sys.stderr)
        warn("文件有误，什么也没有写入", f"{len(refused.faults)} faults; nothing was written")
        return BAD_FILE
    finally:
        await desk.close()
    say(f"已导入：{report}", f"imported: {report}")
    return 0


async def export_rows(settings: Settings, kind: Kind, form: Format, output: Path | None) -> None:
    """Write every row of ``kind`` to ``output``, or to standard output.

    A file appears whole or not at all.
    """
    desk = await build_desk(ensure_secrets(settings))
    try:
        with _opened(output) as file:
            await _write_all(desk.exporter.rows(kind.value), _writer(kind, form, file))
            file.flush()
    except BrokenPipeError:
        # Whoever read has had enough (`| head`); what is still buffered has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    finally:
        await desk.close()


async def _write_all(rows: AsyncGenerator[dict[str, Any]], write: Write) -> None:
    async with aclosing(rows):
        async for row in rows:
            write(row)


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

"""Imports a brand's records: accounts, orders, and refunds made before. All of a file or nothing.

Knows how a file of any size is checked and written: each record is read and checked by itself
and goes to a waiting room; when all are there they are checked against each other and what is
known, and go in at once. Others wait for that last step alone. Leaves how a record gets from the
file to the waiting room to ``import_reading``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Coroutine, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from actions.domain.clock import Clock
from actions.domain.errors import Fault, ImportRefused
from actions.domain.events import Actor, Role
from actions.services.import_file import GB18030, ImportFile
from actions.services.import_parts import Entry
from actions.services.import_reading import MOST_FAULTS, ROW_OF, UNKNOWN_BRAND, Reading, Watch
from actions.storage.records import RecordRow
from actions.storage.staged import Misfit, Why
from actions.storage.staging import Staging, StorageBusy, staging
from actions.storage.tables import AccountRow, OrderRow, PastRefundRow
from actions.storage.work import Storage, Work

__all__ = ["ImportRefused", "ImportReport", "Importer", "StorageBusy"]

MISFITS = {
    Why.TWICE: "与第 {0} 行的同一条记录内容不同 · differs from the same record in line {0}",
    Why.NO_ACCOUNT: "没有这个账户 · there is no such account",
    Why.NO_ORDER: "没有这个订单 · there is no such order",
    Why.MOVED: "这个订单已属于另一个账户 · this order is another account's already",
    Why.ERASED: (
        "这个账户已按要求抹去；确要重新导入，请先运行 desk privacy lift"
        " · this account was erased; to bring it back, run desk privacy lift first"
    ),
    Why.CURRENCY: (
        "这个订单已有案件或退款，币种不能再变"
        " · this order has cases or refunds: its currency can't change any more"
    ),
}
IMPORT = Actor(Role.OPERATOR, "import")
_FIELD = {Why.NO_ACCOUNT: "account", Why.MOVED: "account", Why.CURRENCY: "currency"}
_KEY = {AccountRow: "id", OrderRow: "order_number", PastRefundRow: "order_number"}


@dataclass(slots=True)
class ImportReport:
    """How many records were written, and in which encoding they came if not in UTF-8."""

    accounts: int = 0
    orders: int = 0
    refunds: int = 0
    encoding: str | None = None


class Importer:
    """Writes the records of import files."""

    def __init__(self, storage: Storage, brands: Collection[str], clock: Clock) -> None:
        self._storage = storage
        self._brands = brands
        self._clock = clock

    async def load(
        self, path: Path, *, brand: str | None = None, watch: Watch | None = None
    ) -> ImportReport:
        """Write all records of a file in JSON, JSON Lines or CSV, new or known. ``brand`` is
        that of records for which the file names none.

        Raises:
            ImportRefused: something is wrong with it; each fault has its line and path, and
                nothing has been written.
            StorageBusy: other writers would not let it in; nothing has been written either.
        """
        if brand is not None and brand not in self._brands:
            raise ImportRefused(Fault("--brand", UNKNOWN_BRAND))
        file = ImportFile.at(path)
        async with staging(self._storage) as staged:
            reading = Reading(staged, self._brands, brand)
            await reading.read(file, watch)
            misfits = [] if reading.faults else await staged.misfits(MOST_FAULTS)
            _refuse(reading.faults or _explained(misfits, file))
            too_late = asyncio.Event()
            return await _finished(self._write(staged, file, too_late), too_late)

    async def _write(
        self, staged: Staging, file: ImportFile, too_late: asyncio.Event
    ) -> ImportReport:
        now = self._clock()
        report = ImportReport(
            accounts=await staged.count(AccountRow),
            orders=await staged.count(OrderRow),
            refunds=await staged.count(PastRefundRow),
            encoding=file.encoding.upper() if file.encoding == GB18030 else None,
        )
        async with staged.writing() as work:
            too_late.set()
            _refuse(_explained(await staged.move_in(work, now, MOST_FAULTS, by=IMPORT), file))
            await _record(work, report, now)
        return report


def _explained(misfits: Iterable[Misfit], file: ImportFile) -> list[Fault]:
    """Misfits in words, each with the line of the field that is wrong: the file is read again."""
    wrong: dict[tuple[type[RecordRow], int, str], list[Fault]] = {}
    for misfit in misfits:
        name = _FIELD.get(misfit.why, _KEY[misfit.table])
        fault = Fault(name, MISFITS[misfit.why].format(misfit.other))
        wrong.setdefault((misfit.table, misfit.line, misfit.path), []).append(fault)
    if not wrong:
        return []
    with file.opened() as (_opened, parts):
        entries = (part for part in parts if isinstance(part, Entry))
        places = ((entry, (ROW_OF[entry.kind], entry.line, entry.path)) for entry in entries)
        return [fault for entry, at in places for fault in entry.located(wrong.get(at, []))]


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise ImportRefused(*faults[:MOST_FAULTS])


async def _record(work: Work, report: ImportReport, at: datetime) -> None:
    counts = {
        "accounts": report.accounts,
        "orders": report.orders,
        "refunds": report.refunds,
    }
    await work.audit.record("records", "records_imported", by=IMPORT, at=at, data=counts)


async def _finished(
    writing: Coroutine[Any, Any, ImportReport], too_late: asyncio.Event
) -> ImportReport:
    """What comes of ``writing``, which may be cancelled until it is too late.

    If it could be at any time, nobody would know whether it was committed.
    """
    task = asyncio.ensure_future(writing)
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            if not too_late.is_set():
                task.cancel()
    return task.result()

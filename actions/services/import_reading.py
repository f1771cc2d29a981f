"""Takes an import file's records to the waiting room, each checked by itself.

Knows whose brand a record is, and how many may be held in memory. Leaves the file to
``import_file``, the fields of a record to ``records_json``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from actions.domain.errors import Fault
from actions.services.import_file import ImportFile
from actions.services.import_parts import End, Entry, Listed, Named
from actions.services.json_fields import MISSING, Fields
from actions.services.records_json import read_account, read_order, read_refund
from actions.storage.records import RecordRow, account_values, order_values, refund_values
from actions.storage.staging import Place, Staging
from actions.storage.tables import AccountRow, OrderRow, PastRefundRow

MOST_FAULTS = 100
AT_ONCE = 1000
"""Records held in memory."""

UNKNOWN_BRAND = "未知品牌 · is not a brand served here"
OTHER_BRAND = "与 --brand 给出的品牌不同 · is another brand than --brand says"
NOTHING = "文件里没有记录 · the file holds no records"
CHANGED = "文件在读取时被修改 · the file changed while it was read"

ROW_OF: Mapping[Listed, type[RecordRow]] = {
    Listed.ACCOUNTS: AccountRow,
    Listed.ORDERS: OrderRow,
    Listed.REFUNDS: PastRefundRow,
}

Watch = Callable[[int], None]
"""Is told how many bytes of the file have been read."""


@dataclass(slots=True)
class Reading:
    """A file on its way into the waiting room."""

    staged: Staging
    brands: Collection[str]
    given: str | None
    faults: list[Fault] = field(default_factory=list)
    _held: dict[type[RecordRow], list[tuple[dict[str, Any], Place]]] = field(default_factory=dict)
    _count: int = 0
    _found_any: bool = False
    _brand: str | None = None
    """The brand of this document, once it has been named."""
    _before: str = ""
    """That of the document before: a line without a brand has it too."""
    _nameless: bool = False
    """Whether there are records in the waiting room whose brand is not known yet."""

    async def read(self, file: ImportFile, watch: Watch | None) -> None:
        """Read all of ``file``, or until there are faults enough."""
        self._before = self.given or ""
        try:
            with file.opened() as (opened, parts):
                for part in parts:
                    await self._take(part)
                    if len(self.faults) >= MOST_FAULTS:
                        return
                    if self._count >= AT_ONCE:
                        await self._send_in()
                        if watch:
                            watch(opened.buffer.tell())
        except UnicodeDecodeError:
            self.faults.append(Fault("", CHANGED, 1))
        await self._send_in()
        if not self._found_any:
            self.faults.append(Fault("", NOTHING, 1))

    async def _take(self, part: Named | Entry | End | Fault) -> None:
        self._found_any = True
        match part:
            case Fault():
                self.faults.append(part)
            case Named():
                self._name(part)
            case Entry():
                self._hold(part)
            case End():
                await self._end(part)

    def _name(self, named: Named) -> None:
        if named.found is None and self.given:
            return
        faults: list[Fault] = []
        brand = Fields({"brand": named.found}, "", faults).text("brand")
        if not faults and brand not in self.brands:
            faults.append(Fault("brand", UNKNOWN_BRAND))
        elif not faults and self.given and brand != self.given:
            faults.append(Fault("brand", OTHER_BRAND))
        self.faults += [Fault(fault.path, fault.message, named.line) for fault in faults]
        # A faulty brand is named once; what is below it is looked at all the same.
        self._brand = brand or "?"

    def _hold(self, entry: Entry) -> None:
        faults: list[Fault] = []
        values, digest = _values(entry.kind, Fields(entry.found, "", faults))
        if faults:
            self.faults += entry.located(faults)
        values["brand"] = self._brand or self.given or ""
        place = Place(entry.line, entry.path, digest)
        self._held.setdefault(ROW_OF[entry.kind], []).append((values, place))
        self._count += 1

    async def _end(self, end: End) -> None:
        brand = self._brand or self._before
        if not brand:
            self.faults.append(Fault("brand", MISSING, end.line))
        for rows in self._held.values():
            for values, _place in rows:
                values["brand"] = values["brand"] or brand
        if self._nameless:
            await self.staged.name_brand(brand)
        self._before, self._brand, self._nameless = brand, None, False

    async def _send_in(self) -> None:
        if not self.faults:  # else nothing will be written, but all that is wrong shall be named
            for table, rows in self._held.items():
                await self.staged.add(table, rows)
                self._nameless |= any(not values["brand"] for values, _place in rows)
        self._held.clear()
        self._count = 0
        await asyncio.sleep(0)  # whoever waits, or wants to stop this, gets a turn


def _values(kind: Listed, fields: Fields) -> tuple[dict[str, Any], int]:
    """A record's row, still without its brand, and what tells it from another."""
    match kind:
        case Listed.ACCOUNTS:
            account = read_account(fields, "")
            return account_values(account), hash(account)
        case Listed.ORDERS:
            order = read_order(fields, "")
            return order_values(order), hash(order)
        case Listed.REFUNDS:
            refund = read_refund(fields)
            return refund_values("", refund), hash(refund)

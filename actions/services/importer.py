"""Imports a brand's records: accounts, orders, and refunds made before. All of a file or nothing.

Knows how a file is checked and written: every record is read before the first is written, so
that a bad file never holds the database up. Leaves the fields of a record to ``records_json``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from actions.domain.account import Account
from actions.domain.clock import Clock
from actions.domain.errors import Fault, ImportRefused
from actions.domain.events import Actor, Role
from actions.domain.order import Order, Refund
from actions.services.json_fields import Fields
from actions.services.json_file import Document, documents
from actions.services.records_json import read_account, read_order, read_refund
from actions.storage.work import Storage, Work

__all__ = ["ImportRefused", "ImportReport", "Importer"]

MOST_FAULTS = 100

UNKNOWN_BRAND = "未知品牌 · is not a brand served here"
NO_ACCOUNT = "没有这个账户 · there is no such account"
NO_ORDER = "没有这个订单 · there is no such order"
NOTHING = "文件里没有记录 · the file holds no records"


@dataclass(slots=True)
class ImportReport:
    """How many records were written."""

    accounts: int = 0
    orders: int = 0
    refunds: int = 0

    def __str__(self) -> str:
        return (
            f"{self.accounts} 个账户 accounts, {self.orders} 个订单 orders,"
            f" {self.refunds} 笔退款 refunds"
        )


@dataclass(slots=True)
class _Batch:
    """The records of one JSON value, each with its path there."""

    document: Document
    brand: str
    accounts: dict[str, Account] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    refunds: dict[str, Refund] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


class Importer:
    """Writes the records of import files."""

    def __init__(self, storage: Storage, brands: Collection[str], clock: Clock) -> None:
        self._storage = storage
        self._brands = brands
        self._clock = clock

    async def load(self, path: Path) -> ImportReport:
        """Write all records of a JSON or JSON Lines file, new or known.

        Raises:
            ImportRefused: something is wrong with it; each fault has its line and path, and
                nothing has been written.
        """
        faults: list[Fault] = []
        found_any = False
        for batch in self._batches(path):
            found_any = True
            faults += batch.document.located(batch.faults)
            if len(faults) >= MOST_FAULTS:
                break
        if not found_any:
            faults.append(Fault("", NOTHING, 1))
        if faults:
            raise ImportRefused(*faults[:MOST_FAULTS])
        return await self._write(path)

    async def _write(self, path: Path) -> ImportReport:
        report, faults, now = ImportReport(), [], self._clock()
        async with self._storage.writing() as work:
            for batch in self._batches(path):
                faults += batch.document.located(await _unknown(work, batch))
                if len(faults) >= MOST_FAULTS:
                    break
                if not faults:
                    await self._save(work, batch)
                    report.accounts += len(batch.accounts)
                    report.orders += len(batch.orders)
                    report.refunds += len(batch.refunds)
            if faults:
                raise ImportRefused(*faults[:MOST_FAULTS])
            await work.audit.record(
                "records",
                "records_imported",
                by=Actor(Role.OPERATOR),
                at=now,
                data={
                    "accounts": report.accounts,
                    "orders": report.orders,
                    "refunds": report.refunds,
                },
            )
        return report

    async def _save(self, work: Work, batch: _Batch) -> None:
        now = self._clock()
        await work.records.save_accounts(batch.accounts.values(), now)
        await work.records.save_orders(batch.orders.values(), now)
        await work.records.save_past_refunds(batch.brand, batch.refunds.values())

    def _batches(self, path: Path) -> Iterator[_Batch]:
        """The file's records, value by value; a line without a brand has the one before it."""
        brand = ""
        for document in documents(path):
            batch = self._batch(document, brand)
            if batch.brand in self._brands:
                brand = batch.brand
            yield batch

    def _batch(self, document: Document, brand: str) -> _Batch:
        batch = _Batch(document, brand)
        if document.broken is not None:
            batch.faults.append(document.broken)
            return batch
        fields = Fields(document.found, "", batch.faults)
        if not fields.good:
            return batch
        if fields.has("brand") or not brand:
            batch.brand = fields.text("brand")
        if batch.brand and batch.brand not in self._brands:
            fields.fault("brand", UNKNOWN_BRAND)
        for entry in fields.each("accounts"):
            batch.accounts[entry.path_of("id")] = read_account(entry, batch.brand)
        for entry in fields.each("orders"):
            batch.orders[entry.path_of("account")] = read_order(entry, batch.brand)
        for entry in fields.each("refunds"):
            batch.refunds[entry.path_of("order_number")] = read_refund(entry)
        return batch


async def _unknown(work: Work, batch: _Batch) -> list[Fault]:
    """Orders without an account and refunds without an order, neither here nor in the file."""
    faults: list[Fault] = []
    accounts = {account.id for account in batch.accounts.values()}
    wanted = {order.account_id for order in batch.orders.values()} - accounts
    accounts |= await work.records.known_accounts(batch.brand, wanted)
    for path, order in batch.orders.items():
        if order.account_id not in accounts:
            faults.append(Fault(path, NO_ACCOUNT))
    orders = {order.order_number for order in batch.orders.values()}
    missing = {refund.order_number for refund in batch.refunds.values()} - orders
    orders |= await work.records.known_orders(batch.brand, missing)
    for path, refund in batch.refunds.items():
        if refund.order_number not in orders:
            faults.append(Fault(path, NO_ORDER))
    return faults

"""Reads a table (CSV) of accounts, orders or refunds made before, in constant memory.

Knows how a header tells what its rows are, what spreadsheets do to a file, and how a row becomes
the same object that JSON would have. Leaves what the fields mean to ``records_json``.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from actions.domain.errors import Fault
from actions.services.exporter import csv_cell
from actions.services.import_parts import (
    LONGEST,
    TOO_LONG,
    End,
    Entry,
    Listed,
    Named,
    Parts,
)
from actions.services.json_fields import MISSING

TABLES = (".csv", ".tsv")
DELIMITERS = ",;\t"

NO_KIND = (
    "表头认不出：订单表要有 order_number 和 item，账户表要有 id 和 email，退款表要有 order_number"
    " 和 at · the header is not understood: orders have order_number and item, accounts id and"
    " email, refunds order_number and at"
)
UNKNOWN = "没有这个列名 · is not a column the desk knows"
TWICE = "这一列出现了两次 · this column appears twice"
CELLS = "这一行有 {1} 格，表头有 {0} 列 · this row has {1} cells, the header {0} columns"
BROKEN = "引号没有配对 · its quotes do not pair up"
SHORTENED = (
    "像是被电子表格缩写了的号码，请把这一列设为文本后重新导出"
    " · looks like a number that a spreadsheet has shortened; make the column text, export again"
)

_SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]+")
_FLAGS = {"true": True, "false": False}

_ACCOUNT = ("id", "email", "name", "status", "language")
_PAYMENT = ("method", "hint", "gateway", "reference", "captured", "instrument")
_ORDER = (
    *("order_number", "account", "item", "kind", "amount", "currency", "paid_at", "status"),
    *("term_start", "term_end", "auto_renew", "auto_renew_cancelled_at", "last_used_at"),
    "subscription",
)
_REFUND = ("order_number", "amount", "currency", "at", "reference")

_OWNER = {"id": "account"} | {name: f"account_{name}" for name in _ACCOUNT[1:]}
"""The columns in which an order's row may bring its account along."""
_OWNERS_OWN = tuple(column for field, column in _OWNER.items() if field != "id")

COLUMNS: Mapping[Listed, Mapping[str, str]] = {
    Listed.ACCOUNTS: {name: name for name in _ACCOUNT},
    Listed.ORDERS: {name: name for name in _ORDER}
    | {f"payment.{name}": f"payment_{name}" for name in _PAYMENT},
    Listed.REFUNDS: {name: name for name in _REFUND},
}
"""The column of each field, as a table of one kind has it."""

_MUST: Mapping[Listed, tuple[str, ...]] = {
    Listed.ACCOUNTS: _ACCOUNT[:4],
    Listed.ORDERS: (*_ORDER[:8], "payment_method"),
    Listed.REFUNDS: _REFUND[:4],
}
_FLAG_COLUMNS = ("auto_renew", "payment_captured")
_NUMBER_COLUMNS = (
    "id",
    "account",
    "order_number",
    "reference",
    "payment_reference",
    "payment_instrument",
)


@dataclass(frozen=True, slots=True)
class Header:
    """The first row, understood: what the rows are, and the column of each of their cells."""

    kind: Listed
    columns: tuple[str, ...]
    delimiter: str

    @property
    def owners(self) -> bool:
        """Whether an order's row brings its account too."""
        return self.kind is Listed.ORDERS and any(c in self.columns for c in _OWNERS_OWN)


def csv_parts(file: IO[str]) -> Parts:
    """The parts of a whole table; a row is a document of its own."""
    header, faults = _header(file)
    yield from faults
    if header is None or faults:
        return
    rows = csv.reader(_lines(file), delimiter=header.delimiter, strict=True)
    line = 2
    try:
        for cells in rows:
            if any(cell.strip() for cell in cells):
                yield from _row(header, cells, line)
                yield End(line)
            line = rows.line_num + 2
    except csv.Error:
        yield Fault("", BROKEN, line)
    except _TooLong:
        yield Fault("", TOO_LONG, line)


def is_table(path: Path, encoding: str) -> bool:
    """Whether the file is a table: by its name, or by its first line."""
    if path.suffix.lower() in TABLES:
        return True
    if path.suffix.lower() in (".json", ".jsonl", ".ndjson"):
        return False
    with path.open(encoding=encoding, newline="") as file:
        return _header(file)[0] is not None


def _header(file: IO[str]) -> tuple[Header | None, list[Fault]]:
    """The header with the delimiter under which it makes most sense, and what is wrong in it."""
    line = file.readline(LONGEST)
    found = [_split(line, delimiter) for delimiter in DELIMITERS]
    delimiter, columns = max(
        zip(DELIMITERS, found, strict=True), key=lambda pair: (_known(pair[1]), len(pair[1]))
    )
    kind = _kind_of(columns)
    if kind is None:
        return None, [Fault("", NO_KIND, 1)] if line.strip() else []
    return Header(kind, columns, delimiter), list(_faults(kind, columns))


def _split(line: str, delimiter: str) -> tuple[str, ...]:
    try:
        cells = next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return ()
    columns = [_column(cell) for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    return tuple(columns)


def _column(cell: str) -> str:
    """A column's name however it is spelt: ``Payment.Method`` is ``payment_method``."""
    folded = unicodedata.normalize("NFKC", cell).strip().casefold()
    return re.sub(r"[ .\-]+", "_", folded)


def _known(columns: Sequence[str]) -> int:
    kind = _kind_of(columns)
    return len(set(columns) & _allowed(kind)) if kind else 0


def _kind_of(columns: Sequence[str]) -> Listed | None:
    names = set(columns)
    if {"order_number", "item"} <= names:
        return Listed.ORDERS
    if {"order_number", "at"} <= names:
        return Listed.REFUNDS
    return Listed.ACCOUNTS if {"id", "email"} <= names else None


def _allowed(kind: Listed) -> set[str]:
    more = _OWNERS_OWN if kind is Listed.ORDERS else ()
    return {"brand", *COLUMNS[kind].values(), *more}


def _faults(kind: Listed, columns: Sequence[str]) -> Iterator[Fault]:
    allowed = _allowed(kind)
    must = _MUST[kind]
    if kind is Listed.ORDERS and any(column in columns for column in _OWNERS_OWN):
        must += tuple(_OWNER[field] for field in _ACCOUNT[1:4])
    for place, column in enumerate(columns):
        if column not in allowed:
            yield Fault(column or f"#{place + 1}", UNKNOWN, 1)
        elif column in columns[:place]:
            yield Fault(column, TWICE, 1)
    yield from (Fault(column, MISSING, 1) for column in must if column not in columns)


class _TooLong(Exception):
    """A line that no table has."""


def _lines(file: IO[str]) -> Iterator[str]:
    while line := file.readline(LONGEST):
        if len(line) == LONGEST:
            raise _TooLong
        yield line


def _row(header: Header, cells: list[str], line: int) -> Parts:
    columns = header.columns
    if len(cells) < len(columns) or any(cells[len(columns) :]):
        yield Fault("", CELLS.format(len(columns), len(cells)), line)
        return
    values = {column: _value(cell) for column, cell in zip(columns, cells, strict=False)}
    for column in _NUMBER_COLUMNS:
        if _SHORTENED.fullmatch(values.get(column) or ""):
            yield Fault(column, SHORTENED, line)
    if "brand" in values:
        yield Named(values["brand"], line)
    if header.owners and any(values.get(column) is not None for column in _OWNERS_OWN):
        yield _entry(Listed.ACCOUNTS, _OWNER, values, line)
    yield _entry(header.kind, COLUMNS[header.kind], values, line)


def _value(cell: str) -> str | None:
    """A cell as text; what keeps it from running in a spreadsheet is taken off again."""
    bare = cell.removeprefix("'")
    text = bare if bare != cell and csv_cell(bare) == cell else cell
    return text.strip() or None


def _entry(
    kind: Listed, columns: Mapping[str, str], values: Mapping[str, str | None], line: int
) -> Entry:
    found: dict[str, Any] = {"payment": {}} if kind is Listed.ORDERS else {}
    for field, column in columns.items():
        value = values.get(column)
        within, _, last = field.rpartition(".")
        place = found[within] if within else found
        place[last] = _FLAGS.get(value.lower(), value) if value and _is_flag(column) else value
    return Entry(kind, found, line, columns=columns)


def _is_flag(column: str) -> bool:
    return column in _FLAG_COLUMNS

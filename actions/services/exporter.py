"""Exports: cases, conversations and messages as rows, streamed in constant memory.

Knows the columns that others rely on, and how a cell is kept from running in a spreadsheet.
Leaves files and formats to the command line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from actions.domain.errors import NotFound
from actions.domain.ticket import Category
from actions.storage.conversations import ConversationRow, MessageRow
from actions.storage.tables import CaseRow, TicketRow
from actions.storage.work import Storage

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "cases": (
        "tracking_number",
        "brand",
        "order_number",
        "account",
        "state",
        "outcome",
        "amount",
        "currency",
        "clauses",
        "policy_version",
        "conversation",
        "opened_at",
        "updated_at",
    ),
    "conversations": (
        "conversation",
        "brand",
        "channel",
        "language",
        "started_at",
        "ended_at",
        "messages",
        "outcome",
        "rating",
        "handed_over",
    ),
    "messages": (
        "conversation",
        "seq",
        "author",
        "text",
        "language",
        "channel",
        "at",
        "intent",
        "confidence",
    ),
}

FORMULA = frozenset("=+-@\N{MINUS SIGN}\N{HEBREW LETTER ALTERNATIVE PLUS SIGN}")
"""What a formula may begin with, once full-width, small and raised forms are folded."""
PASSED_OVER = frozenset("\"'`\N{LEFT DOUBLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}")
_NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?")
AT_ONCE = 500
"""Rows held in memory."""


class ExportUnknown(NotFound):
    """There is no such export."""


@dataclass(frozen=True, slots=True)
class Within:
    """What is wanted of a kind: one brand's, and from an instant on, or before one.

    The time of a case is when it was opened, that of a conversation when it began.
    """

    brand: str | None = None
    since: datetime | None = None
    until: datetime | None = None


EVERYTHING = Within()


class Exporter:
    """Reads everything of one kind, oldest first."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def rows(self, kind: str, within: Within = EVERYTHING) -> AsyncGenerator[dict[str, Any]]:
        """Yield one dict a row with exactly ``COLUMNS[kind]``, in that sequence.

        Times are ISO-8601 in UTC, amounts decimal text, clauses a list. Raises
        ``ExportUnknown``.
        """
        export = _export(kind)
        query = export.within(within).execution_options(yield_per=AT_ONCE)
        async with self._storage.reading() as work:
            async for row in (await work.session.stream(query)).mappings():
                values = export.finish(dict(row))
                yield {name: _plain(values[name]) for name in COLUMNS[kind]}

    async def count(self, kind: str, within: Within = EVERYTHING) -> int:
        """How many rows there are at the moment. Raises ``ExportUnknown``."""
        rows = _export(kind).within(within).order_by(None).subquery()
        counted = select(func.count()).select_from(rows)
        async with self._storage.reading() as work:
            return await work.session.scalar(counted) or 0


def csv_cell(value: Any) -> str:
    """``value`` as a cell of a CSV file that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return str(value).lower() if isinstance(value, bool) else str(value)
    text = " ".join(value) if isinstance(value, list) else str(value)
    return f"'{text}" if _may_be_a_formula(text) else text


def _may_be_a_formula(text: str) -> bool:
    """Whether some spreadsheet, or one that reads the file once more, might work this out.

    They pass over spaces, quotes and what can't be seen, each in its own way. A negative number
    is a number everywhere.
    """
    if not text or _NUMBER.fullmatch(text):
        return False
    if text[0] in "\t\r\n":
        return True
    first = next((each for each in text if not _passed_over(each)), "")
    return not FORMULA.isdisjoint(first + unicodedata.normalize("NFKC", first))


def _passed_over(character: str) -> bool:
    unseen = unicodedata.category(character)[0] in "ZCM"
    return unseen or character.isspace() or character in PASSED_OVER


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


@dataclass(frozen=True, slots=True)
class _Export:
    """How one kind is read: its query, what brand and time a row is of, and its last touches."""

    query: Select[Any]
    brand: InstrumentedAttribute[str]
    at: InstrumentedAttribute[datetime]
    finish: Callable[[dict[str, Any]], dict[str, Any]] = dict

    def within(self, limits: Within) -> Select[Any]:
        """The query, for what lies within ``limits``."""
        query = self.query
        if limits.brand is not None:
            query = query.where(self.brand == limits.brand)
        if limits.since is not None:
            query = query.where(self.at >= limits.since)
        return query if limits.until is None else query.where(self.at < limits.until)


def _export(kind: str) -> _Export:
    if kind not in _EXPORTS:
        raise ExportUnknown()
    return _EXPORTS[kind]


def _columns(kind: str, row: Any, **others: Any) -> list[Any]:
    """What ``kind`` exports, each under its name there: a column of ``row`` unless it is given."""
    wanted = {name: others.get(name, getattr(row, name, None)) for name in COLUMNS[kind]}
    return [column.label(name) for name, column in wanted.items() if column is not None]


def _cases() -> _Export:
    columns = _columns("cases", CaseRow, tracking_number=CaseRow.number, account=CaseRow.account_id)
    query = select(*columns, CaseRow.decision).order_by(CaseRow.id)
    return _Export(query, CaseRow.brand, CaseRow.opened_at, _with_decision)


def _with_decision(case: dict[str, Any]) -> dict[str, Any]:
    decision = case["decision"] or {}
    return case | {
        "amount": decision.get("amount"),
        "currency": decision.get("currency"),
        "clauses": decision.get("clauses", []),
    }


def _conversations() -> _Export:
    chat = ConversationRow
    messages = (
        select(func.count())
        .select_from(MessageRow)
        .where(MessageRow.conversation == chat.id)
        .scalar_subquery()
    )
    outcome = (
        select(CaseRow.outcome)
        .where(CaseRow.conversation == chat.id)
        .order_by(CaseRow.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    handed_over = (
        select(TicketRow.number)
        .where(TicketRow.conversation == chat.id)
        .where(TicketRow.category == Category.HAND_OVER.value)
        .exists()
    )
    columns = _columns(
        "conversations",
        chat,
        conversation=chat.id,
        messages=messages,
        outcome=outcome,
        handed_over=handed_over,
    )
    return _Export(select(*columns).order_by(chat.started_at, chat.id), chat.brand, chat.started_at)


def _messages() -> _Export:
    chat = ConversationRow
    query = (
        select(*_columns("messages", MessageRow, channel=chat.channel))
        .join(chat, chat.id == MessageRow.conversation)
        .order_by(chat.started_at, MessageRow.conversation, MessageRow.seq)
    )
    return _Export(query, chat.brand, MessageRow.at)


_EXPORTS: Mapping[str, _Export] = {
    "cases": _cases(),
    "conversations": _conversations(),
    "messages": _messages(),
}

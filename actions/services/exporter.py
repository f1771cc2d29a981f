"""Exports: cases, conversations and messages as rows, streamed in constant memory.

Knows the columns that others rely on, and how a cell is kept from running in a spreadsheet.
Leaves files and formats to the command line.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Executable, func, select

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

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class ExportUnknown(NotFound):
    """There is no such export."""


class Exporter:
    """Reads everything of one kind, oldest first."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def rows(self, kind: str) -> AsyncGenerator[dict[str, Any]]:
        """Yield one dict a row with exactly ``COLUMNS[kind]``, in that sequence.

        Times are ISO-8601 in UTC, amounts decimal text, clauses a list. Raises
        ``ExportUnknown``.
        """
        if kind not in COLUMNS:
            raise ExportUnknown()
        query, row_of = _EXPORTS[kind]
        async with self._storage.reading() as work:
            found = await work.session.stream(query().execution_options(yield_per=500))
            async for row in found:
                values = row_of(row)
                yield {name: _plain(values[name]) for name in COLUMNS[kind]}


def csv_cell(value: Any) -> str:
    """``value`` as a cell of a CSV file that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return str(value).lower() if isinstance(value, bool) else str(value)
    text = " ".join(value) if isinstance(value, list) else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def _cases() -> Executable:
    return select(CaseRow).order_by(CaseRow.id)


def _case(row: Any) -> dict[str, Any]:
    case = row.CaseRow
    decision = case.decision or {}
    return {
        "tracking_number": case.number,
        "account": case.account_id,
        "amount": decision.get("amount"),
        "currency": decision.get("currency"),
        "clauses": decision.get("clauses", []),
    } | _columns(case, "cases")


def _conversations() -> Executable:
    messages = (
        select(func.count())
        .select_from(MessageRow)
        .where(MessageRow.conversation == ConversationRow.id)
        .scalar_subquery()
    )
    outcome = (
        select(CaseRow.outcome)
        .where(CaseRow.conversation == ConversationRow.id)
        .order_by(CaseRow.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    handed_over = (
        select(TicketRow.number)
        .where(TicketRow.conversation == ConversationRow.id)
        .where(TicketRow.category == Category.HAND_OVER.value)
        .exists()
    )
    return select(
        ConversationRow,
        messages.label("messages"),
        outcome.label("outcome"),
        handed_over.label("handed_over"),
    ).order_by(ConversationRow.started_at, ConversationRow.id)


def _conversation(row: Any) -> dict[str, Any]:
    return {
        "conversation": row.ConversationRow.id,
        "messages": row.messages,
        "outcome": row.outcome,
        "handed_over": row.handed_over,
    } | _columns(row.ConversationRow, "conversations")


def _messages() -> Executable:
    return (
        select(MessageRow, ConversationRow.channel.label("channel"))
        .join(ConversationRow, ConversationRow.id == MessageRow.conversation)
        .order_by(ConversationRow.started_at, MessageRow.conversation, MessageRow.seq)
    )


def _message(row: Any) -> dict[str, Any]:
    return {"channel": row.channel} | _columns(row.MessageRow, "messages")


def _columns(row: Any, kind: str) -> dict[str, Any]:
    """The columns that a row has under the export's own name for them."""
    return {name: getattr(row, name) for name in COLUMNS[kind] if hasattr(row, name)}


_EXPORTS: Mapping[str, tuple[Callable[[], Executable], Callable[[Any], dict[str, Any]]]] = {
    "cases": (_cases, _case),
    "conversations": (_conversations, _conversation),
    "messages": (_messages, _message),
}

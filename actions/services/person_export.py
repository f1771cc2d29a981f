"""Everything about one person as a ZIP of JSON files, with the files they gave.

Knows which rows are theirs alone and what of a row may be handed out; nothing of anybody else goes
in, and no name of staff. Rows go from the database to the archive one by one. Leaves where the
archive lies to the command line.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import ColumnElement, and_, select

from actions.domain.clock import Clock
from actions.domain.errors import CaseNotFound, FileDamaged
from actions.domain.money import Money
from actions.services.person import Belongings, Person, belongings_of, some_of
from actions.services.person_readme import readme
from actions.services.personal_data import PLACES, without_staff
from actions.services.receipts import Receipts
from actions.storage.casework import AppealRow, EvidenceRow, RenewalRow
from actions.storage.conversations import ConversationRow, MessageRow
from actions.storage.tables import (
    AccountRow,
    AuditRow,
    CaseRow,
    ChallengeRow,
    ContactChangeRow,
    LinkCodeRow,
    OrderRow,
    OutboxRow,
    PastRefundRow,
    PayoutRow,
    TicketNoteRow,
    TicketRow,
    VerificationRow,
)
from actions.storage.trackers import Trackers
from actions.storage.uploads import Uploads
from actions.storage.work import Storage, Work

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Exported:
    """How many records each file holds; ``damaged`` are files whose content is no longer there,
    ``shared`` chats that were left out because they were somebody else's too.
    """

    counts: Mapping[str, int]
    damaged: Sequence[str]
    shared: int


class PersonExport:
    """Writes the archive."""

    def __init__(
        self,
        storage: Storage,
        uploads: Uploads,
        trackers: Trackers,
        receipts: Receipts,
        clock: Clock,
    ) -> None:
        self._storage = storage
        self._uploads = uploads
        self._trackers = trackers
        self._receipts = receipts
        self._clock = clock

    async def write(self, person: Person, archive: ZipFile) -> Exported:
        """Put everything about ``person`` into ``archive``."""
        counts: dict[str, int] = {}
        async with self._storage.reading() as work:
            theirs = _alone(await belongings_of(work, person))
            for table, rows in _rows(work, person, theirs).items():
                name = str(PLACES[table].exported)
                counts[name] = await _write(archive, name, rows)
        counts["receipts"] = await _write(archive, "receipts", self._written(theirs.cases))
        counts["understanding"] = await _write(archive, "understanding", self._remembered(theirs))
        damaged = await self._write_files(archive, theirs.files)
        for name, text in readme(person, counts, len(theirs.shared), self._clock()).items():
            archive.writestr(name, text, ZIP_DEFLATED)
        return Exported(counts, damaged, len(theirs.shared))

    async def _written(self, cases: Sequence[str]) -> AsyncIterator[Row]:
        """Each decided case's receipt, in both languages."""
        for number in cases:
            try:
                yield await self._receipts.for_staff(number)
            except CaseNotFound:  # nothing has been decided on it
                continue

    async def _remembered(self, theirs: Belongings) -> AsyncIterator[Row]:
        """What Rasa keeps of each chat."""
        for chat in theirs.chats:
            for event in await asyncio.to_thread(lambda id: list(self._trackers.events(id)), chat):
                yield {"conversation": chat, **event, "data": json.loads(event["data"])}

    async def _write_files(self, archive: ZipFile, ids: Sequence[str]) -> list[str]:
        damaged = []
        for id in ids:
            async with self._storage.reading() as work:
                file = await work.evidence.get(id)
            if file is None:
                continue
            try:
                content = await asyncio.to_thread(self._uploads.get, file.sha256)
            except FileDamaged:
                damaged.append(id)
            else:
                archive.writestr(f"files/{id}.{file.kind}", content)
        return damaged


def _alone(theirs: Belongings) -> Belongings:
    """Without the chats that were somebody else's too."""
    return Belongings(
        orders=theirs.orders,
        cases=theirs.cases,
        renewals=theirs.renewals,
        chats=theirs.own_chats,
        shared=theirs.shared,
        files=theirs.files,
        tickets=theirs.tickets,
        codes=theirs.codes,
        outbox=theirs.outbox,
    )


def _rows(work: Work, person: Person, theirs: Belongings) -> dict[str, AsyncIterator[Row]]:
    """For each table its rows, as they are handed out; every exported table is here."""
    brand, account = person.brand, person.account_id

    def by(column: Any, values: Sequence[Any], *more: ColumnElement[bool]) -> AsyncIterator[Row]:
        return _found(work, column.class_, [and_(column.in_(s), *more) for s in some_of(values)])

    def owned(table: Any) -> AsyncIterator[Row]:
        return _found(work, table, [and_(table.brand == brand, table.account_id == account)])

    of_account = and_(AccountRow.brand == brand, AccountRow.id == account)
    not_in_a_shared_chat = TicketRow.conversation.is_(None) | TicketRow.conversation.not_in(
        theirs.shared
    )
    ours = TicketRow.case_number.is_not(None) | not_in_a_shared_chat
    code = and_(ChallengeRow.brand == brand, ChallengeRow.account_id == account)
    return {
        "accounts": _found(work, AccountRow, [of_account]),
        "orders": owned(OrderRow),
        "past_refunds": by(PastRefundRow.order_number, theirs.orders, PastRefundRow.brand == brand),
        "cases": _cases(owned(CaseRow), account),
        "payouts": by(PayoutRow.case_number, theirs.cases),
        "renewal_cancellations": owned(RenewalRow),
        "appeals": by(AppealRow.case_number, theirs.cases),
        "evidence": by(EvidenceRow.id, theirs.files),
        "tickets": _without_staff(by(TicketRow.number, theirs.tickets, ours)),
        "ticket_notes": by(
            TicketNoteRow.ticket,
            theirs.tickets,
            TicketNoteRow.ticket.in_(select(TicketRow.number).where(ours)),
        ),
        "conversations": by(ConversationRow.id, theirs.chats),
        "messages": by(MessageRow.conversation, theirs.chats),
        "challenges": _found(work, ChallengeRow, [code]),
        "verifications": owned(VerificationRow),
        "link_codes": owned(LinkCodeRow),
        "contact_changes": owned(ContactChangeRow),
        "outbox": by(OutboxRow.id, theirs.outbox),
        "audit": _without_staff(
            by(AuditRow.subject, [f"account:{brand}/{account}", *theirs.subjects])
        ),
    }


async def _found(
    work: Work, table: Any, wheres: Sequence[ColumnElement[bool]]
) -> AsyncIterator[Row]:
    """Rows in their key's sequence, as JSON has them, without what is withheld."""
    place = PLACES[table.__tablename__]
    columns = [c for c in table.__table__.columns if c.name not in place.withheld]
    for where in wheres:
        query = select(*columns).where(where).order_by(*table.__table__.primary_key.columns)
        rows = await work.session.stream(query.execution_options(yield_per=200))
        async for row in rows.mappings():
            yield _readable(dict(row))


async def _cases(rows: AsyncIterator[Row], account: str) -> AsyncIterator[Row]:
    async for row in rows:
        yield row | {"facts": own_facts(row["facts"], account)}


async def _without_staff(rows: AsyncIterator[Row]) -> AsyncIterator[Row]:
    async for row in rows:
        yield row | {"data": without_staff(row["data"])}


def own_facts(facts: Mapping[str, Any] | None, account: str) -> dict[str, Any] | None:
    """A case's facts without other accounts' orders, which were looked at because they had been
    paid by the same means.
    """
    if facts is None:
        return None
    orders = [each for each in facts.get("other_orders", ()) if each.get("account") == account]
    numbers = {each["order_number"] for each in [facts["order"], *orders]}
    refunds = [each for each in facts.get("refunds", ()) if each["order_number"] in numbers]
    return dict(facts) | {"other_orders": orders, "refunds": refunds}


def _readable(row: Row) -> Row:
    """Instants with their offset, money with its decimals."""
    for name in [name for name in row if name.endswith("amount")]:
        currency = row.get(name.removesuffix("amount") + "currency")
        if row[name] is not None and currency:
            row[name] = Money(row[name], currency).decimal_text()
    return {
        name: value.isoformat() if isinstance(value, datetime | date) else value
        for name, value in row.items()
    }


async def _write(archive: ZipFile, name: str, rows: AsyncIterator[Row]) -> int:
    """Write a JSON array into the archive, record by record; how many there were."""
    count = 0
    with archive.open(f"{name}.json", "w", force_zip64=True) as file:
        async for row in rows:
            text = json.dumps(row, ensure_ascii=False)
            file.write((",\n" if count else "[\n").encode() + text.encode())
            count += 1
        file.write(b"\n]\n" if count else b"[]\n")
    return count

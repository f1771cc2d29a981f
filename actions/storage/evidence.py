"""Files that customers gave, as rows. The files themselves are ``uploads``'.

Knows which belong together: those of a case, or of a chat before there is a case.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from actions.domain.evidence import Evidence, FileKind
from actions.storage.casework import EvidenceRow


class EvidenceFiles:
    """Files' rows within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def hold_chat(self, conversation: str) -> None:
        """Keep others from counting this chat's files until the transaction ends.

        SQLite has one writer at a time anyway.
        """
        if self._session.get_bind().dialect.name == "postgresql":
            key = {"key": f"evidence:{conversation}"}
            await self._session.execute(
                text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), key
            )

    async def hold_content(self, sha256: str) -> None:
        """Keep others from pointing at this content, or removing it, until the transaction ends.

        SQLite has one writer at a time anyway.
        """
        if self._session.get_bind().dialect.name == "postgresql":
            key = {"key": f"content:{sha256}"}
            await self._session.execute(
                text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), key
            )

    async def is_used(self, sha256: str) -> bool:
        """Whether any row, of whomever, points at this content."""
        found = await self._session.execute(
            select(EvidenceRow.seq).where(EvidenceRow.sha256 == sha256).limit(1)
        )
        return found.first() is not None

    async def add(self, file: Evidence) -> None:
        """Keep a new file's row; the database refuses the same content twice in one place."""
        self._session.add(
            EvidenceRow(
                id=file.id,
                brand=file.brand,
                account_id=file.account_id,
                conversation=file.conversation,
                case_number=file.case_number,
                sha256=file.sha256,
                kind=file.kind.value,
                size=file.size,
                label=file.label,
                given_at=file.given_at,
            )
        )
        await self._session.flush()

    async def get(self, id: str) -> Evidence | None:
        """One file by its id."""
        rows = await self._session.scalars(select(EvidenceRow).where(EvidenceRow.id == id))
        row = rows.one_or_none()
        return _evidence(row) if row else None

    async def of_case(self, number: str) -> list[Evidence]:
        """A case's files, oldest first."""
        return await self._found(EvidenceRow.case_number == number)

    async def of_chat(self, conversation: str) -> list[Evidence]:
        """A chat's files that belong to no case yet, oldest first."""
        return await self._found(_in_chat(conversation))

    async def move_to_case(self, id: str, number: str, account_id: str) -> bool:
        """Let a chat's file belong to a case from now on; False if it is another's meanwhile."""
        moved = await self._session.execute(
            update(EvidenceRow)
            .where(EvidenceRow.id == id, EvidenceRow.case_number.is_(None))
            .values(case_number=number, account_id=account_id)
            .returning(EvidenceRow.id)
        )
        return moved.scalar_one_or_none() is not None

    async def _found(self, where: ColumnElement[bool]) -> list[Evidence]:
        rows = await self._session.scalars(
            select(EvidenceRow)
            .where(where)
            .order_by(EvidenceRow.seq)
            .execution_options(populate_existing=True)
        )
        return [_evidence(row) for row in rows]


def _in_chat(conversation: str) -> ColumnElement[bool]:
    return and_(EvidenceRow.conversation == conversation, EvidenceRow.case_number.is_(None))


def _evidence(row: EvidenceRow) -> Evidence:
    return Evidence(
        id=row.id,
        brand=row.brand,
        account_id=row.account_id,
        conversation=row.conversation,
        case_number=row.case_number,
        sha256=row.sha256,
        kind=FileKind(row.kind),
        size=row.size,
        label=row.label,
        given_at=row.given_at,
    )

"""Appeals as rows, one each time a case is appealed. When one may be made is the service's."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from actions.domain.appeal import Appeal, DisputedFact
from actions.storage.casework import AppealRow


class Appeals:
    """Appeals within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, appeal: Appeal) -> None:
        """Keep a new appeal; the database refuses a second one with the same place."""
        self._session.add(
            AppealRow(
                case_number=appeal.case_number,
                nth=appeal.nth,
                fact=appeal.fact.value,
                words=appeal.words,
                evidence=list(appeal.evidence),
                made_at=appeal.made_at,
            )
        )
        await self._session.flush()

    async def of_case(self, number: str) -> list[Appeal]:
        """All appeals of a case, oldest first."""
        rows = await self._session.scalars(
            select(AppealRow).where(AppealRow.case_number == number).order_by(AppealRow.nth)
        )
        return [
            Appeal(
                case_number=row.case_number,
                nth=row.nth,
                fact=DisputedFact(row.fact),
                words=row.words,
                evidence=tuple(row.evidence),
                made_at=row.made_at,
            )
            for row in rows
        ]

"""Cancelled auto-renewals as rows. Which moves are legal is the domain's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from actions.domain.errors import CaseChanged
from actions.domain.money import Money
from actions.domain.renewal_cancellation import NextCharge, RenewalCancellation, RenewalState
from actions.storage.casework import RenewalRow


class Renewals:
    """Cancellations of auto-renewal within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, case: RenewalCancellation) -> None:
        """Keep a new one; the database refuses a second open one of the same order."""
        self._session.add(
            RenewalRow(
                number=case.number,
                brand=case.brand,
                order_number=case.order_number,
                account_id=case.account_id,
                conversation=case.conversation,
                asked_at=case.asked_at,
                **_changing(case),
            )
        )
        await self._session.flush()

    async def save(self, case: RenewalCancellation, *, was: RenewalState) -> None:
        """Write ``case``, which was in state ``was``. Raises ``CaseChanged`` if it no longer is."""
        made = await self._session.execute(
            update(RenewalRow)
            .where(RenewalRow.number == case.number, RenewalRow.state == was.value)
            .values(**_changing(case))
            .returning(RenewalRow.number)
        )
        if made.scalar_one_or_none() is None:
            raise CaseChanged()

    async def get(self, number: str) -> RenewalCancellation | None:
        """One cancellation by its tracking number."""
        row = await self._session.get(RenewalRow, number, populate_existing=True)
        return _renewal(row) if row else None

    async def open_for(self, brand: str, orders: Iterable[str]) -> RenewalCancellation | None:
        """The one that is being seen to for any of these orders."""
        rows = await self._session.scalars(
            select(RenewalRow)
            .where(RenewalRow.brand == brand, RenewalRow.order_number.in_(list(orders)))
            .where(RenewalRow.state == RenewalState.REQUESTED.value)
            .order_by(RenewalRow.asked_at)
            .limit(1)
        )
        row = rows.one_or_none()
        return _renewal(row) if row else None


def _changing(case: RenewalCancellation) -> dict[str, Any]:
    amount = case.next_charge.amount
    return {
        "state": case.state.value,
        "updated_at": case.updated_at,
        "refusal": dict(case.refusal) if case.refusal else None,
        "next_charge_on": case.next_charge.on,
        "next_amount": amount.minor if amount else None,
        "next_currency": amount.currency if amount else None,
    }


def _renewal(row: RenewalRow) -> RenewalCancellation:
    amount = None
    if row.next_amount is not None and row.next_currency is not None:
        amount = Money(row.next_amount, row.next_currency)
    return RenewalCancellation(
        number=row.number,
        brand=row.brand,
        order_number=row.order_number,
        account_id=row.account_id,
        conversation=row.conversation,
        state=RenewalState(row.state),
        asked_at=row.asked_at,
        updated_at=row.updated_at,
        next_charge=NextCharge(row.next_charge_on, amount),
        refusal=row.refusal,
    )

"""Payouts as rows: at most one a case, its number being the key at the payment gateway.

Knows what is promised or paid for an order already. Leaves when to pay to the payout service.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from actions.domain.errors import CaseChanged
from actions.domain.money import Money
from actions.domain.order import Refund
from actions.storage.tables import OrderRow, PayoutRow


class PayoutState(StrEnum):
    """How far the money is. Failed and void ones count for nothing; all others are promised."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    SETTLED = "settled"
    FAILED = "failed"
    VOID = "void"


NOTHING_PROMISED = (PayoutState.FAILED.value, PayoutState.VOID.value)


@dataclass(slots=True)
class Payout:
    """Money on its way back for one case; ``reference`` is the gateway's name for it.

    ``tries`` counts how often it was sent on its way, retries after a failure included.
    """

    case_number: str
    brand: str
    order_number: str
    gateway: str
    amount: Money
    state: PayoutState
    created_at: datetime
    updated_at: datetime
    reference: str | None = None
    failure: str | None = None
    tries: int = 1

    @property
    def idempotency_key(self) -> str:
        """What the gateway knows it by, however often it is asked."""
        return self.case_number


class Payouts:
    """Payouts within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, payout: Payout) -> None:
        """Keep a new payout; the database refuses a second one of the same case."""
        self._session.add(
            PayoutRow(
                case_number=payout.case_number,
                brand=payout.brand,
                order_number=payout.order_number,
                gateway=payout.gateway,
                idempotency_key=payout.idempotency_key,
                amount=payout.amount.minor,
                currency=payout.amount.currency,
                state=payout.state.value,
                reference=payout.reference,
                failure=payout.failure,
                tries=payout.tries,
                created_at=payout.created_at,
                updated_at=payout.updated_at,
            )
        )
        await self._session.flush()

    async def save(self, payout: Payout, *, was: PayoutState) -> None:
        """Write how far ``payout`` is. Raises ``CaseChanged`` if it was no longer ``was``."""
        made = await self._session.execute(
            update(PayoutRow)
            .where(PayoutRow.case_number == payout.case_number, PayoutRow.state == was.value)
            .values(
                state=payout.state.value,
                reference=payout.reference,
                failure=payout.failure,
                tries=payout.tries,
                updated_at=payout.updated_at,
            )
            .returning(PayoutRow.case_number)
        )
        if made.scalar_one_or_none() is None:
            raise CaseChanged()

    async def get(self, case_number: str) -> Payout | None:
        """The payout of a case, if it ever came to one."""
        row = await self._session.get(PayoutRow, case_number, populate_existing=True)
        return _payout(row) if row else None

    async def of_order(self, brand: str, order_number: str) -> list[Payout]:
        """All payouts of an order, oldest first, failed and void ones included."""
        rows = await self._session.scalars(
            select(PayoutRow)
            .where(PayoutRow.brand == brand, PayoutRow.order_number == order_number)
            .order_by(PayoutRow.created_at, PayoutRow.case_number)
        )
        return [_payout(row) for row in rows]

    async def promised_to(self, brand: str, account_id: str) -> list[Refund]:
        """What this desk has paid or is about to pay for all of an account's orders."""
        rows = await self._session.scalars(
            select(PayoutRow)
            .join(
                OrderRow,
                (OrderRow.brand == PayoutRow.brand)
                & (OrderRow.order_number == PayoutRow.order_number),
            )
            .where(OrderRow.brand == brand, OrderRow.account_id == account_id)
            .where(PayoutRow.state.not_in(NOTHING_PROMISED))
            .order_by(PayoutRow.created_at, PayoutRow.case_number)
        )
        return [
            Refund(
                row.order_number, Money(row.amount, row.currency), row.created_at, row.case_number
            )
            for row in rows
        ]


def _payout(row: PayoutRow) -> Payout:
    return Payout(
        case_number=row.case_number,
        brand=row.brand,
        order_number=row.order_number,
        gateway=row.gateway,
        amount=Money(row.amount, row.currency),
        state=PayoutState(row.state),
        created_at=row.created_at,
        updated_at=row.updated_at,
        reference=row.reference,
        failure=row.failure,
        tries=row.tries,
    )

"""The brand's own records as imported: accounts, orders, refunds made before.

Knows how rows become the domain's objects and how an order is found as people type it. Leaves
what a file must look like to the importer.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Insert, Select, case, exists, false, func, literal, null, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from actions.domain.account import Account, AccountStatus, email_key
from actions.domain.money import Money
from actions.domain.order import Kind, Method, Order, OrderStatus, Payment, Refund
from actions.storage.base import UtcTime
from actions.storage.tables import AccountRow, OrderRow, PastRefundRow, PayoutRow

MOST_VARIABLES = 500  # in one statement; SQLite has a limit

MOST_ALIKE = 20  # more than any brand's limit for refunds to one means of payment needs

RecordRow = AccountRow | OrderRow | PastRefundRow

KEYS: Mapping[type[RecordRow], tuple[str, ...]] = {
    AccountRow: ("brand", "id"),
    OrderRow: ("brand", "order_number"),
    PastRefundRow: ("brand", "order_number", "key"),
}
"""What makes a record the same one when it is imported again."""


def order_key(typed: str) -> str:
    """An order number as it is looked up: width and case folded, no spaces."""
    return "".join(unicodedata.normalize("NFKC", typed).casefold().split())


class Records:
    """Accounts and orders within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        dialect = session.get_bind().dialect.name
        self._insert = sqlite.insert if dialect == "sqlite" else postgresql.insert

    async def account(self, brand: str, id: str) -> Account | None:
        """One account by its id."""
        row = await self._session.get(AccountRow, (brand, id))
        return _account(row) if row else None

    async def owner(self, brand: str, email: str, order_number: str) -> Account | None:
        """The account that has both this e-mail and this order; always one query."""
        found = await self._session.scalars(
            select(AccountRow)
            .join(
                OrderRow,
                (OrderRow.brand == AccountRow.brand) & (OrderRow.account_id == AccountRow.id),
            )
            .where(AccountRow.brand == brand, AccountRow.email_key == email_key(email))
            .where(_named(order_number))
            .limit(1)
        )
        row = found.one_or_none()
        return _account(row) if row else None

    async def order(
        self, brand: str, account_id: str, order_number: str, *, lock: bool = False
    ) -> Order | None:
        """An account's order as typed. ``lock`` holds it until the transaction ends: whatever
        is decided or paid for an order happens under that lock, one after another.
        """
        wanted = select(OrderRow).where(
            OrderRow.brand == brand, OrderRow.account_id == account_id, _named(order_number)
        )
        rows = list(await self._session.scalars(_locked(wanted) if lock else wanted))
        exact = [row for row in rows if row.order_number == order_number]
        found = exact or rows
        return _order(found[0]) if len(found) == 1 else None

    async def orders_of(self, brand: str, account_id: str) -> list[Order]:
        """All orders of an account, in a fixed sequence."""
        rows = await self._session.scalars(
            select(OrderRow)
            .where(OrderRow.brand == brand, OrderRow.account_id == account_id)
            .order_by(OrderRow.paid_at, OrderRow.order_number)
        )
        return [_order(row) for row in rows]

    async def subscription_of(self, order: Order, *, lock: bool = False) -> list[Order]:
        """The order, and the account's others of which the records say that they are of the same
        subscription. Always in one sequence, so that two who lock them never deadlock.
        """
        same = OrderRow.order_number == order.order_number
        if order.subscription is not None:
            same = or_(same, OrderRow.subscription == order.subscription)
        wanted = (
            select(OrderRow)
            .where(OrderRow.brand == order.brand, OrderRow.account_id == order.account_id, same)
            .order_by(OrderRow.order_number)
        )
        rows = await self._session.scalars(_locked(wanted) if lock else wanted)
        return [_order(row) for row in rows]

    async def refunded_alike(self, order: Order, since: datetime) -> list[Order]:
        """Orders of other accounts paid by the same means, of which money went back lately.

        The same card, address or account; none where nothing tells it from all others, as
        four digits or "Alipay" do not.
        """
        if order.payment.instrument is None:
            return []
        back = exists().where(
            PastRefundRow.brand == OrderRow.brand,
            PastRefundRow.order_number == OrderRow.order_number,
            PastRefundRow.at > since,
        )
        promised = exists().where(
            PayoutRow.brand == OrderRow.brand,
            PayoutRow.order_number == OrderRow.order_number,
            PayoutRow.created_at > since,
        )
        rows = await self._session.scalars(
            select(OrderRow)
            .where(
                OrderRow.brand == order.brand,
                OrderRow.payment_instrument == order.payment.instrument,
                OrderRow.account_id != order.account_id,
                or_(back, promised),
            )
            .order_by(OrderRow.paid_at.desc(), OrderRow.order_number)
            .limit(MOST_ALIKE)
        )
        return [_order(row) for row in rows]

    async def past_refunds_of(self, brand: str, account_id: str) -> list[Refund]:
        """The imported refunds of all of an account's orders, in a fixed sequence."""
        rows = await self._session.scalars(
            select(PastRefundRow)
            .join(
                OrderRow,
                (OrderRow.brand == PastRefundRow.brand)
                & (OrderRow.order_number == PastRefundRow.order_number),
            )
            .where(OrderRow.brand == brand, OrderRow.account_id == account_id)
            .order_by(PastRefundRow.at, PastRefundRow.order_number, PastRefundRow.key)
        )
        return [
            Refund(row.order_number, Money(row.amount, row.currency), row.at, row.reference)
            for row in rows
        ]

    async def known_accounts(self, brand: str, ids: Iterable[str]) -> set[str]:
        """Which of ``ids`` are accounts of ``brand``."""
        wanted = select(AccountRow.id).where(AccountRow.brand == brand)
        return await self._known(wanted, AccountRow.id, ids)

    async def known_orders(self, brand: str, numbers: Iterable[str]) -> set[str]:
        """Which of ``numbers``, spelt exactly so, are orders of ``brand``."""
        wanted = select(OrderRow.order_number).where(OrderRow.brand == brand)
        return await self._known(wanted, OrderRow.order_number, numbers)

    async def _known(
        self, wanted: Select[Any], column: InstrumentedAttribute[str], keys: Iterable[str]
    ) -> set[str]:
        known: set[str] = set()
        ordered = list(keys)
        for start in range(0, len(ordered), MOST_VARIABLES):
            some = ordered[start : start + MOST_VARIABLES]
            known.update(await self._session.scalars(wanted.where(column.in_(some))))
        return known

    async def save_accounts(self, accounts: Iterable[Account], at: datetime) -> None:
        """Write accounts, new or known."""
        rows = [account_values(account) | {"imported_at": at} for account in accounts]
        await self._upsert(AccountRow, rows)

    async def save_orders(self, orders: Iterable[Order], at: datetime) -> None:
        """Write orders, new or known; their accounts are there already."""
        rows = [order_values(order) | {"imported_at": at} for order in orders]
        await self._upsert(OrderRow, rows)

    async def save_past_refunds(self, brand: str, refunds: Iterable[Refund]) -> None:
        """Write refunds; one with the same reference (else instant) is the same refund."""
        rows = [refund_values(brand, refund) for refund in refunds]
        await self._upsert(PastRefundRow, rows)

    async def change_email(self, brand: str, id: str, email: str) -> None:
        """Give an account another address; no import brings back what the records had before."""
        known, key = AccountRow.email_replaced, email_key(email)
        before = func.coalesce(known, AccountRow.email_key)
        await self._session.execute(
            update(AccountRow)
            .where(AccountRow.brand == brand, AccountRow.id == id)
            .values(
                email=email,
                email_key=key,
                email_replaced=case((before == key, null()), else_=before),
            )
            .execution_options(synchronize_session="fetch")
        )

    async def end_renewal(self, brand: str, orders: Iterable[str], at: datetime) -> None:
        """Note that these orders no longer renew, as asked for at ``at``; no import undoes it."""
        asked, known = literal(at, UtcTime), OrderRow.auto_renew_cancelled_at
        await self._session.execute(
            update(OrderRow)
            .where(OrderRow.brand == brand, OrderRow.order_number.in_(list(orders)))
            .values(
                auto_renew=False,
                auto_renew_cancelled_at=case((known < asked, known), else_=asked),
                renewal_ended_here_at=at,
            )
        )

    async def _upsert(self, table: type[RecordRow], rows: list[dict[str, Any]]) -> None:
        if rows:
            insert = replacing(self._insert(table), table, rows[0])
            await self._session.execute(insert, rows)


def replacing(insert: Any, table: type[RecordRow], columns: Iterable[str]) -> Insert:
    """``insert``, so that a row that is there already takes the new values of ``columns``.

    Whatever an import may not overwrite is kept here, for every way in which records come in.
    """
    key = KEYS[table]
    changed = {name: insert.excluded[name] for name in columns if name not in key}
    if table is OrderRow:
        changed |= _renewal_ended_here(insert.excluded)
    if table is AccountRow:
        changed |= _email_replaced_here(insert.excluded)
    statement: Insert = insert.on_conflict_do_update(index_elements=key, set_=changed)
    return statement


def _renewal_ended_here(given: Any) -> dict[str, Any]:
    """Auto-renewal that this desk has ended stays so; an earlier instant in the file counts."""
    here, elsewhere = OrderRow.renewal_ended_here_at, given.auto_renew_cancelled_at
    return {
        "auto_renew": case((here.is_(None), given.auto_renew), else_=false()),
        "auto_renew_cancelled_at": case(
            (here.is_(None), elsewhere), (elsewhere < here, elsewhere), else_=here
        ),
    }


def _email_replaced_here(given: Any) -> dict[str, Any]:
    """An address that was replaced here stays so while the file still has it; any other one in
    the file says that the brand's records have moved on, and counts.
    """
    behind = AccountRow.email_replaced == given.email_key
    return {
        "email": case((behind, AccountRow.email), else_=given.email),
        "email_key": case((behind, AccountRow.email_key), else_=given.email_key),
        "email_replaced": case((behind, AccountRow.email_replaced), else_=null()),
    }


def _named(order_number: str) -> Any:
    return or_(OrderRow.order_number == order_number, OrderRow.order_key == order_key(order_number))


def _locked(wanted: Select[Any]) -> Select[Any]:
    # What was read before the lock was had may be stale.
    return wanted.with_for_update().execution_options(populate_existing=True)


def _account(row: AccountRow) -> Account:
    return Account(
        brand=row.brand,
        id=row.id,
        email=row.email,
        name=row.name,
        language=row.language,
        status=AccountStatus(row.status),
    )


def account_values(account: Account) -> dict[str, Any]:
    """A row of the account, but for ``imported_at``."""
    return {
        "brand": account.brand,
        "id": account.id,
        "email": account.email,
        "email_key": account.email_key(),
        "name": account.name,
        "language": account.language,
        "status": account.status.value,
    }


def _order(row: OrderRow) -> Order:
    return Order(
        brand=row.brand,
        order_number=row.order_number,
        account_id=row.account_id,
        item=row.item,
        kind=Kind(row.kind),
        amount=Money(row.amount, row.currency),
        paid_at=row.paid_at,
        status=OrderStatus(row.status),
        payment=Payment(
            Method(row.payment_method),
            row.payment_hint,
            row.payment_gateway,
            row.payment_reference,
            row.payment_captured,
            row.payment_instrument,
        ),
        term_start=row.term_start,
        term_end=row.term_end,
        auto_renew=row.auto_renew,
        auto_renew_cancelled_at=row.auto_renew_cancelled_at,
        last_used_at=row.last_used_at,
        subscription=row.subscription,
    )


def order_values(order: Order) -> dict[str, Any]:
    """A row of the order, but for ``imported_at``."""
    return {
        "brand": order.brand,
        "order_number": order.order_number,
        "order_key": order_key(order.order_number),
        "account_id": order.account_id,
        "item": order.item,
        "kind": order.kind.value,
        "amount": order.amount.minor,
        "currency": order.amount.currency,
        "paid_at": order.paid_at,
        "status": order.status.value,
        "term_start": order.term_start,
        "term_end": order.term_end,
        "auto_renew": order.auto_renew,
        "auto_renew_cancelled_at": order.auto_renew_cancelled_at,
        "last_used_at": order.last_used_at,
        "subscription": order.subscription,
        "payment_method": order.payment.method.value,
        "payment_hint": order.payment.hint,
        "payment_gateway": order.payment.gateway,
        "payment_reference": order.payment.reference,
        "payment_captured": order.payment.captured,
        "payment_instrument": order.payment.instrument,
    }


def refund_values(brand: str, refund: Refund) -> dict[str, Any]:
    """A row of the refund."""
    return {
        "brand": brand,
        "order_number": refund.order_number,
        "amount": refund.amount.minor,
        "currency": refund.amount.currency,
        "at": refund.at,
        "reference": refund.reference,
        "key": refund.reference or refund.at.astimezone(UTC).isoformat(),
    }

"""The temporary tables of an import, and what makes a record in them a misfit.

Knows one table for each kind of record, with its columns and where each stands in the file, and
the questions asked of all records at once. Leaves when to ask them to ``staging``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Insert,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    and_,
    exists,
    literal,
    not_,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from actions.storage.records import KEYS, RecordRow
from actions.storage.tables import AccountRow, CaseRow, OrderRow, PastRefundRow

NOT_STAGED = ("id", "imported_at", "renewal_ended_here_at", "email_replaced", "erased_at")
"""What the database, the end of the import or the desk fills in, and no file can."""
OWN = ("line_", "path_", "digest_", "clash_line", "clash_path")
"""Columns that the record's own table does not have."""

TABLES = MetaData()


class Why(StrEnum):
    """Why a record can't go in."""

    TWICE = "twice"
    NO_ACCOUNT = "no_account"
    NO_ORDER = "no_order"
    MOVED = "moved"
    CURRENCY = "currency"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Misfit:
    """A record that can't go in, by where it stands in the file. ``other`` is the line of the
    record that it contradicts.
    """

    table: type[RecordRow]
    why: Why
    line: int
    path: str
    other: int | None = None


def _staged(table: type[RecordRow]) -> Table:
    key = KEYS[table]
    columns = [
        Column(c.name, c.type, primary_key=c.name in key, nullable=c.nullable)
        for c in table.__table__.columns
        if c.name in key or c.name not in NOT_STAGED
    ]
    return Table(
        f"staged_{table.__tablename__}",
        TABLES,
        *columns,
        Column("line_", Integer, nullable=False),
        Column("path_", Text, nullable=False),
        Column("digest_", BigInteger, nullable=False),
        Column("clash_line", Integer),
        Column("clash_path", Text),
        prefixes=["TEMPORARY"],
    )


STAGED: Mapping[type[RecordRow], Table] = {
    table: _staged(table) for table in (AccountRow, OrderRow, PastRefundRow)
}
"""In this sequence they go in: an order needs its account, a refund its order."""


def remembering(insert: Any, table: type[RecordRow]) -> Insert:
    """``insert`` into a staged table, so that of a record's two contents the first stays, and
    where the second stands is noted.
    """
    staged = STAGED[table]
    first = insert.excluded
    statement: Insert = insert.on_conflict_do_update(
        index_elements=KEYS[table],
        set_={"clash_line": first.line_, "clash_path": first.path_},
        where=and_(staged.c.digest_ != first.digest_, staged.c.clash_line.is_(None)),
    )
    return statement


async def misfits(
    session: AsyncConnection | AsyncSession, most: int, *, contradictions: bool
) -> list[Misfit]:
    """The first ``most`` records that can't go in; those that contradict each other too, if
    they have not been looked for before.
    """
    found: list[Misfit] = []
    checks = [*(_twice() if contradictions else ()), *_cross_checks()]
    for table, why, query in checks:
        rows: Any = await session.execute(query.limit(most))
        found += [Misfit(table, why, line, path, other) for line, path, other in rows]
    return sorted(found, key=lambda misfit: misfit.line)[:most]


Check = tuple[type[RecordRow], Why, Select[Any]]


def _twice() -> Sequence[Check]:
    return [
        (
            table,
            Why.TWICE,
            select(staged.c.clash_line, staged.c.clash_path, staged.c.line_)
            .where(staged.c.clash_line.is_not(None))
            .order_by(staged.c.clash_line),
        )
        for table, staged in STAGED.items()
    ]


CHANGEABLE = ("email", "name", "language", "status")
"""What an import may change of an account."""


async def changed_accounts(
    session: AsyncSession, most: int
) -> AsyncIterator[Mapping[tuple[str, str], Mapping[str, Any]]]:
    """Accounts that are here already and will be changed, ``most`` at a time, by brand and id.

    Of each the fields that change, and its status before and after; no e-mail and no name.
    """
    known, staged = AccountRow.__table__.c, STAGED[AccountRow].c
    key = tuple_(staged.brand, staged.id)
    differs = {name: known[name].is_distinct_from(staged[name]) for name in CHANGEABLE}
    # An address that was replaced here is not taken from a file that still has it.
    behind = known.email_replaced.is_not_distinct_from(staged.email_key)
    differs["email"] = and_(differs["email"], not_(behind))
    query = (
        select(
            staged.brand,
            staged.id,
            known.status.label("was"),
            staged.status.label("now"),
            *(differs[name].label(f"{name}_differs") for name in CHANGEABLE),
        )
        .join(AccountRow, and_(known.brand == staged.brand, known.id == staged.id))
        .where(or_(*differs.values()))
        .order_by(staged.brand, staged.id)
        .limit(most)
    )
    rows = list(await session.execute(query))
    while rows:
        yield {(row.brand, row.id): _change(row) for row in rows}
        last = tuple_(literal(rows[-1].brand), literal(rows[-1].id))
        rows = list(await session.execute(query.where(key > last)))


def _change(row: Any) -> dict[str, Any]:
    fields = [name for name in CHANGEABLE if getattr(row, f"{name}_differs")]
    return {"changed": fields, "status": {"was": row.was, "now": row.now}}


def _cross_checks() -> Sequence[Check]:
    """What depends on records that others may change until they are locked."""
    order = STAGED[OrderRow]
    known = OrderRow.__table__.c
    same = _same(known, order)
    return [
        (AccountRow, Why.ERASED, _of_erased(AccountRow)),
        (OrderRow, Why.ERASED, _of_erased(OrderRow)),
        (PastRefundRow, Why.ERASED, _of_erased(PastRefundRow)),
        (OrderRow, Why.NO_ACCOUNT, _without(OrderRow, AccountRow, {"id": "account_id"})),
        (PastRefundRow, Why.NO_ORDER, _without(PastRefundRow, OrderRow, {})),
        (OrderRow, Why.MOVED, _orders(same, known.account_id != order.c.account_id)),
        (OrderRow, Why.CURRENCY, _orders(same, known.currency != order.c.currency, _in_use())),
    ]


def _of_erased(table: type[RecordRow]) -> Select[Any]:
    """Records that would bring an erased person back: the account, its orders, their refunds."""
    staged, account, order = STAGED[table], AccountRow.__table__.c, OrderRow.__table__.c
    erased = [account.brand == staged.c.brand, account.erased_at.is_not(None)]
    if table is AccountRow:
        erased.append(account.id == staged.c.id)
    elif table is OrderRow:
        erased.append(account.id == staged.c.account_id)
    else:
        erased += [account.id == order.account_id, _same(order, staged)]
    return _misfit(staged).where(exists().where(*erased)).order_by(staged.c.line_)


def _without(
    table: type[RecordRow], other: type[RecordRow], names: Mapping[str, str]
) -> Select[Any]:
    """Records of ``table`` for whom there is no ``other``, neither known nor here."""
    staged = STAGED[table]
    query = _misfit(staged)
    for place in (other.__table__, STAGED[other]):
        same = [place.c[name] == staged.c[names.get(name, name)] for name in KEYS[other]]
        query = query.where(~exists().where(*same))
    return query.order_by(staged.c.line_)


def _orders(*wrong: ColumnElement[bool]) -> Select[Any]:
    staged = STAGED[OrderRow]
    return _misfit(staged).where(exists().where(*wrong)).order_by(staged.c.line_)


def _in_use() -> ColumnElement[bool]:
    """Whether money has been spoken of for an order: in its currency."""
    order = STAGED[OrderRow]
    return or_(
        exists().where(_same(CaseRow.__table__.c, order)),
        exists().where(_same(PastRefundRow.__table__.c, order)),
    )


def _same(columns: Any, order: Table) -> ColumnElement[bool]:
    return and_(columns.brand == order.c.brand, columns.order_number == order.c.order_number)


def _misfit(staged: Table) -> Select[Any]:
    return select(staged.c.line_, staged.c.path_, staged.c.clash_line)

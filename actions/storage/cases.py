"""Refund cases as rows. A save names the state it came from, so that of two writers one wins.

Knows rows and locks; which moves are legal is the domain's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from actions.domain.account import email_key
from actions.domain.decision import Decision, Outcome
from actions.domain.errors import CaseChanged
from actions.domain.events import Role
from actions.domain.order import Method
from actions.domain.refund_case import Destination, RefundCase, State
from actions.storage.tables import AccountRow, CaseRow


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a case's decision rests on: whose it is, and the facts it was taken from."""

    decided_by: Role
    facts: Mapping[str, Any]


class Cases:
    """Refund cases within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, case: RefundCase) -> None:
        """Keep a new case; the database refuses a second open one of the same order."""
        self._session.add(
            CaseRow(
                number=case.number,
                brand=case.brand,
                order_number=case.order_number,
                account_id=case.account_id,
                conversation=case.conversation,
                reason=case.reason,
                payment_method=case.destination.method.value,
                payment_hint=case.destination.hint,
                opened_at=case.opened_at,
                **_changing(case, None),
            )
        )
        await self._session.flush()

    async def save(self, case: RefundCase, *, was: State, grounds: Grounds | None = None) -> None:
        """Write ``case``, which was in state ``was`` when it was read.

        Raises:
            CaseChanged: somebody else has saved it meanwhile.
        """
        made = await self._session.execute(
            update(CaseRow)
            .where(CaseRow.number == case.number, CaseRow.state == was.value)
            .where(CaseRow.version == case.version)
            .values(reason=case.reason, version=case.version + 1, **_changing(case, grounds))
            .returning(CaseRow.number)
        )
        if made.scalar_one_or_none() is None:
            raise CaseChanged()
        case.version += 1

    async def get(self, number: str, *, lock: bool = False) -> RefundCase | None:
        """One case by its tracking number; ``lock`` holds it until the transaction ends."""
        wanted = select(CaseRow).where(CaseRow.number == number)
        if lock:
            wanted = wanted.with_for_update().execution_options(populate_existing=True)
        row = (await self._session.scalars(wanted)).one_or_none()
        return _case(row) if row else None

    async def grounds_of(self, number: str) -> Grounds | None:
        """What the case's decision rests on; None before one is taken."""
        row = (
            await self._session.execute(
                select(CaseRow.decided_by, CaseRow.facts).where(CaseRow.number == number)
            )
        ).one_or_none()
        if row is None or row.decided_by is None:
            return None
        return Grounds(Role(row.decided_by), row.facts or {})

    async def open_for(self, brand: str, order_number: str) -> RefundCase | None:
        """The one case of an order that another may not be opened beside."""
        found = await self._session.scalars(
            select(CaseRow).where(
                CaseRow.brand == brand, CaseRow.order_number == order_number, CaseRow.is_open
            )
        )
        row = found.one_or_none()
        return _case(row) if row else None

    async def latest_for(self, brand: str, order_number: str) -> RefundCase | None:
        """The case that was opened last for an order."""
        found = await self._session.scalars(
            select(CaseRow)
            .where(CaseRow.brand == brand, CaseRow.order_number == order_number)
            .order_by(CaseRow.id.desc())
            .limit(1)
        )
        row = found.one_or_none()
        return _case(row) if row else None

    async def latest_of(self, brand: str, account_id: str) -> RefundCase | None:
        """The case that an account opened last."""
        found = await self._session.scalars(
            select(CaseRow)
            .where(CaseRow.brand == brand, CaseRow.account_id == account_id)
            .order_by(CaseRow.id.desc())
            .limit(1)
        )
        row = found.one_or_none()
        return _case(row) if row else None

    async def by_number_and_email(self, brand: str, number: str, email: str) -> RefundCase | None:
        """A case if its account has this e-mail; always one query."""
        found = await self._session.scalars(
            select(CaseRow)
            .join(
                AccountRow,
                (AccountRow.brand == CaseRow.brand) & (AccountRow.id == CaseRow.account_id),
            )
            .where(CaseRow.brand == brand, CaseRow.number == number)
            .where(AccountRow.email_key == email_key(email))
        )
        row = found.one_or_none()
        return _case(row) if row else None


def stands_in_the_way(case: RefundCase) -> bool:
    """Whether ``case`` forbids another of the same order: unless paid, withdrawn or refused."""
    refused = case.decision is not None and case.decision.outcome is Outcome.DENIED
    return case.is_open and not (case.state is State.DECIDED and refused)


def _changing(case: RefundCase, grounds: Grounds | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        "state": case.state.value,
        "is_open": stands_in_the_way(case),
        "outcome": case.decision.outcome.value if case.decision else None,
        "decision": case.decision.as_json() if case.decision else None,
        "policy_version": case.decision.policy_version if case.decision else None,
        "approved_by": list(case.approved_by),
        "reviewed_by": list(case.reviewed_by),
        "appeals": case.appeals,
        "updated_at": case.updated_at,
    }
    if grounds is not None:
        values |= {"decided_by": grounds.decided_by.value, "facts": dict(grounds.facts)}
    return values


def _case(row: CaseRow) -> RefundCase:
    return RefundCase(
        number=row.number,
        brand=row.brand,
        order_number=row.order_number,
        account_id=row.account_id,
        conversation=row.conversation,
        state=State(row.state),
        decision=Decision.from_json(row.decision) if row.decision else None,
        destination=Destination(Method(row.payment_method), row.payment_hint),
        opened_at=row.opened_at,
        updated_at=row.updated_at,
        reason=row.reason,
        approved_by=tuple(row.approved_by),
        reviewed_by=tuple(row.reviewed_by or ()),
        appeals=row.appeals,
        version=row.version,
    )

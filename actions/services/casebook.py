"""How every service changes a case: under its order's lock, in one step, with an audit row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from actions.domain.errors import CaseNotFound, OrderNotFound
from actions.domain.events import Actor, Role
from actions.domain.order import Order
from actions.domain.refund_case import RefundCase, State, move
from actions.storage.cases import Grounds
from actions.storage.work import Work

DESK = Actor(Role.DESK)


async def hold(work: Work, number: str) -> tuple[RefundCase, Order]:
    """The case and its order, both locked until the transaction ends.

    The order always comes first, so that two who hold the same case wait and never deadlock.
    Raises ``CaseNotFound`` or ``OrderNotFound``.
    """
    seen = await work.cases.get(number)
    if seen is None:
        raise CaseNotFound()
    order = await work.records.order(seen.brand, seen.account_id, seen.order_number, lock=True)
    case = await work.cases.get(number, lock=True)
    if case is None or order is None:
        raise OrderNotFound()
    return case, order


async def open_decided(
    work: Work, case: RefundCase, grounds: Grounds, *, by: Actor, at: datetime
) -> None:
    """Keep a new case of a verified customer, already decided; each step leaves its row.

    The caller holds the order's lock. The database refuses a second open case of the order.
    """
    decision, case.decision = case.decision, None
    await work.cases.add(case)
    await record(work, case, "case_opened", by=by, at=at, data={"order": case.order_number})
    await take_step(work, case, "verify", by=by, at=at)
    case.decision = decision
    await take_step(work, case, "decide", by=DESK, at=at, grounds=grounds)


async def take_step(
    work: Work,
    case: RefundCase,
    step: str,
    *,
    by: Actor,
    at: datetime,
    grounds: Grounds | None = None,
) -> None:
    """Move a stored case and keep the move. Raises ``IllegalMove`` or ``CaseChanged``."""
    moved = move(case, step, by=by, at=at)
    await work.cases.save(case, was=State(moved.was), grounds=grounds)
    await record(work, case, "case_moved", by=by, at=at, data=_told(case, step, moved.was))


async def record(
    work: Work, case: RefundCase, what: str, *, by: Actor, at: datetime, data: Mapping[str, Any]
) -> None:
    """Append to the case's audit trail."""
    await work.audit.record(f"case:{case.number}", what, by=by, at=at, data=data)


def _told(case: RefundCase, step: str, was: str) -> dict[str, Any]:
    told: dict[str, Any] = {"step": step, "was": str(was), "state": case.state.value}
    if step in ("decide", "review") and case.decision is not None:
        decision = case.decision.as_json()
        del decision["explanation"]
        told["decision"] = decision
    return told

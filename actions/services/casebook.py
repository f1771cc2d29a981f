"""How every service changes a case: under its order's lock, in one step, with an audit row."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from actions.domain.customer import Customer
from actions.domain.errors import CaseNotFound, OrderNotFound
from actions.domain.events import Actor, Role
from actions.domain.order import Order
from actions.domain.refund_case import RefundCase, State, move, new_number, normalise_number
from actions.policy.brand import Brand
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


def own(case: RefundCase | None, customer: Customer) -> RefundCase:
    """The case if it is the customer's. Raises ``CaseNotFound``, alike if there is none."""
    mine = (customer.brand, customer.account_id)
    if case is None or (case.brand, case.account_id) != mine:
        raise CaseNotFound()
    return case


async def own_case(work: Work, customer: Customer, typed: str) -> RefundCase:
    """The customer's case by its number as typed. Raises as ``own`` does."""
    return own(await work.cases.get(normalise_number(typed) or typed), customer)


async def hold_own(work: Work, customer: Customer, typed: str) -> tuple[RefundCase, Order]:
    """The customer's case and its order, both locked. Raises as ``own`` does."""
    return await hold(work, (await own_case(work, customer, typed)).number)


async def unused_number(work: Work) -> str:
    """A tracking number that neither a refund case nor a cancelled renewal has.

    Two drawn at the same moment could only be the same by a chance of one in 10^12.
    """
    while True:
        number = new_number(random.SystemRandom())
        if not await work.cases.get(number) and not await work.renewals.get(number):
            return number


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
    more: Mapping[str, Any] | None = None,
) -> None:
    """Move a stored case and keep the move, with what ``more`` is to be known of it.

    Raises ``IllegalMove``, ``SamePerson`` or ``CaseChanged``.
    """
    moved = move(case, step, by=by, at=at)
    await work.cases.save(case, was=State(moved.was), grounds=grounds)
    told = _told(case, step, moved.was) | dict(more or {})
    await record(work, case, "case_moved", by=by, at=at, data=told)


async def keep_policy(work: Work, brand: Brand, *, at: datetime) -> None:
    """Keep the brand file that a decision is made under, so that its words are found later."""
    clauses = {clause.id: clause.words for clause in brand.clauses.values()}
    await work.policies.keep(brand.id, brand.version, text=brand.text, clauses=clauses, at=at)


async def record(
    work: Work, case: RefundCase, what: str, *, by: Actor, at: datetime, data: Mapping[str, Any]
) -> None:
    """Append to the case's audit trail."""
    await work.audit.record(f"case:{case.number}", what, by=by, at=at, data=data)


def _told(case: RefundCase, step: str, was: str) -> dict[str, Any]:
    told: dict[str, Any] = {"step": step, "was": str(was), "state": case.state.value}
    if step in ("decide", "review", "refuse") and case.decision is not None:
        decision = case.decision.as_json()
        del decision["explanation"]
        told["decision"] = decision
    return told

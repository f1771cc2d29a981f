"""What a desk's database holds, in the model's words, and what must hold of it at any time.

The rules for money are read here from rows and trails by themselves, beside the check-up that
the desk has of its own.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from actions.domain.decision import Decision
from actions.domain.events import Role
from actions.domain.money import Money
from actions.domain.refund_case import MOVES, State
from actions.services.facts_json import facts_json
from actions.storage.casework import AppealRow, EvidenceRow, RenewalRow
from actions.storage.tables import AuditRow, CaseRow, OrderRow, PayoutRow, TicketRow
from actions.storage.work import Work
from actions.testing.desk import DeskForTests
from tests.actions.services.case_model import PAYING, Book
from tests.actions.services.case_stage import HonestGateway

Shown = dict[str, Any]
"""Cases, renewals and orders by their names, with all that may be seen of them."""


@dataclass(frozen=True)
class Seen:
    """The rows of one moment; ``names`` are the model's, by tracking number."""

    names: Mapping[str, str]
    shown: Shown
    cases: Sequence[CaseRow]
    payouts: Mapping[str, PayoutRow]
    trails: Mapping[str, Sequence[AuditRow]]


async def look(desk: DeskForTests, known: Mapping[str, str]) -> Seen:
    """Read everything; ``known`` are the names given before."""
    async with desk.desk.storage.reading() as work:
        return await _seen(work, known)


async def _seen(work: Work, known: Mapping[str, str]) -> Seen:
    rows = (await work.session.scalars(select(CaseRow).order_by(CaseRow.id))).all()
    wishes = (await work.session.scalars(select(RenewalRow))).all()
    orders = (await work.session.scalars(select(OrderRow))).all()
    payouts = {row.case_number: row for row in await work.session.scalars(select(PayoutRow))}
    names = _named(wishes, "renewal ", _named(rows, "", known))
    extra = {
        "tickets": await _open_tickets(work),
        "files": await _count(work, EvidenceRow.case_number),
        "appeals": await _appeals(work),
    }
    shown: Shown = {
        names[row.number]: _case(row, payouts.get(row.number), names, extra) for row in rows
    }
    shown |= {names[row.number]: row.state for row in wishes}
    shown |= {row.order_number: _order(row) for row in orders}
    return Seen(names, shown, rows, payouts, await _trails(work))


def _named(rows: Iterable[Any], kind: str, known: Mapping[str, str]) -> dict[str, str]:
    names = dict(known)
    for row in rows:
        if row.number not in names:
            before = f"{kind}{row.order_number}#"
            count = sum(name.startswith(before) for name in names.values())
            names[row.number] = f"{before}{count + 1}"
    return names


def _case(
    row: CaseRow,
    payout: PayoutRow | None,
    names: Mapping[str, str],
    extra: Mapping[str, Mapping[str | None, Any]],
) -> Shown:
    decision = Decision.from_json(row.decision or {})
    return {
        "state": row.state,
        "outcome": decision.outcome,
        "amount": decision.amount,
        "needed": decision.approvals_needed,
        "opened_at": row.opened_at,
        "updated_at": row.updated_at,
        "facts": _canonical(row.facts or {}, names),
        "by_person": Role(str(row.decided_by)).is_staff,
        "approved_by": tuple(row.approved_by),
        "reviewed_by": tuple(row.reviewed_by or ()),
        "appeals": extra["appeals"].get(row.number, ()),
        "files": extra["files"].get(row.number, 0),
        "is_open": row.is_open,
        "tickets": extra["tickets"].get(row.number, set()),
        "payout": payout
        and (payout.state, Money(payout.amount, payout.currency), payout.tries, payout.created_at),
    }


def _order(row: OrderRow) -> tuple[Any, ...]:
    return row.status, row.auto_renew, row.auto_renew_cancelled_at


def shown_by(book: Book) -> Shown:
    """What the model says is to be seen."""
    shown: Shown = {}
    for case in book.cases.values():
        payout = case.payout
        shown[case.name] = {
            "state": case.state.value,
            "outcome": case.outcome,
            "amount": case.amount,
            "needed": case.needed,
            "opened_at": case.opened_at,
            "updated_at": case.updated_at,
            "facts": _canonical(facts_json(case.facts), {}),
            "by_person": case.by_person,
            "approved_by": case.approved_by,
            "reviewed_by": case.reviewed_by,
            "appeals": case.appeals,
            "files": len(case.files),
            "is_open": case.stands_in_the_way,
            "tickets": case.tickets,
            "payout": payout and (payout.state.value, payout.amount, payout.tries, payout.at),
        }
    for renewal in book.renewals.values():
        shown[f"renewal {renewal.name}"] = renewal.state.value
    for number, order in book.orders.items():
        shown[number] = (order.status.value, order.auto_renew, order.auto_renew_cancelled_at)
    return shown | _at_the_gateway(book.paid, book.moods)


def at_the_gateway(gateway: HonestGateway, names: Mapping[str, str]) -> Shown:
    """What the payment gateway has done, and is going to do."""
    paid = {names[number]: gateway.answers[number] for number in gateway.paid}
    moods = {names[number]: tuple(moods) for number, moods in gateway.moods.items()}
    return _at_the_gateway(paid, moods)


def _at_the_gateway(paid: Mapping[str, str], moods: Mapping[str, Any]) -> Shown:
    return {"paid": dict(paid), "moods": {name: found for name, found in moods.items() if found}}


def _canonical(facts: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """The same text for the same facts, in whichever sequence they were read."""

    def in_order(found: list[Any]) -> list[str]:
        return sorted(json.dumps(each, sort_keys=True) for each in found)

    refunds = [
        refund | {"reference": names.get(refund["reference"], refund["reference"])}
        for refund in facts["refunds"]
    ]
    sorted_lists = {"refunds": in_order(refunds), "other_orders": in_order(facts["other_orders"])}
    return json.dumps(dict(facts) | sorted_lists, sort_keys=True, ensure_ascii=False)


async def _open_tickets(work: Work) -> dict[str | None, set[str]]:
    rows = await work.session.execute(
        select(TicketRow.case_number, TicketRow.category).where(TicketRow.closed_at.is_(None))
    )
    found: dict[str | None, set[str]] = defaultdict(set)
    for case, category in rows:
        found[case].add(category)
    return found


async def _count(work: Work, column: Any) -> dict[str | None, int]:
    found: dict[str | None, int] = defaultdict(int)
    for case in await work.session.scalars(select(column)):
        found[case] += 1
    return found


async def _appeals(work: Work) -> dict[str | None, tuple[tuple[str, str], ...]]:
    found: dict[str | None, tuple[tuple[str, str], ...]] = defaultdict(tuple)
    rows = await work.session.scalars(
        select(AppealRow).order_by(AppealRow.case_number, AppealRow.nth)
    )
    for row in rows:
        found[row.case_number] += ((row.fact, row.words),)
    return found


async def _trails(work: Work) -> dict[str, list[AuditRow]]:
    rows = await work.session.scalars(
        select(AuditRow)
        .where(AuditRow.what == "case_moved")
        .order_by(AuditRow.subject, AuditRow.seq)
    )
    found: dict[str, list[AuditRow]] = defaultdict(list)
    for row in rows:
        found[row.subject.removeprefix("case:")].append(row)
    return found


# --- what must hold of it ------------------------------------------------------------------


def check_trail(case: CaseRow, trail: Sequence[AuditRow], payout: PayoutRow | None) -> None:
    """Each move is in the table and follows the last; money has all its grounds before it."""
    state, confirmed = State.DRAFT, False
    approved: list[str] = []
    deciders: set[str] = set()
    for row in trail:
        step, who = row.data["step"], row.actor.partition(":")[2]
        assert row.data["was"] == state, "a move begins where the last one ended"
        assert MOVES[state, step] == row.data["state"], "a move is in the table"
        state = State(row.data["state"])
        if step in ("decide", "review", "refuse"):
            confirmed, approved = False, []
        if step in ("review", "refuse"):
            assert who not in deciders, "nobody decides a case twice"
            deciders.add(who)
        confirmed = confirmed or (step == "confirm" and row.actor.startswith("customer:"))
        if step == "approve":
            assert who not in approved, "nobody agrees twice"
            assert who not in deciders, "nobody agrees to their own decision"
            approved.append(who)
        if step == "send":
            needed = (case.decision or {})["approvals_needed"]
            assert confirmed, "nothing is sent without the customer's yes"
            assert len(approved) >= needed, "nothing is sent before enough people agreed"
    assert state == case.state, "a case is where its trail leads"
    steps = [row.data["step"] for row in trail]
    assert steps.count("settle") <= 1, "nothing is paid twice"
    assert ("send" in steps) <= (payout is not None), "nothing is sent that was not promised"


def check_money(book: Book, seen: Seen) -> None:
    """What the rows say of the money agrees with the decisions that were confirmed."""
    open_orders = [case.order_number for case in seen.cases if case.is_open]
    assert len(open_orders) == len(set(open_orders)), "one open case an order"
    for case in seen.cases:
        payout = seen.payouts.get(case.number)
        check_trail(case, seen.trails.get(case.number, []), payout)
        if payout is not None:
            decided = Decision.from_json(case.decision or {})
            assert decided.outcome in PAYING, "what is not granted has no payout"
            assert Money(payout.amount, payout.currency) == decided.amount
            assert payout.idempotency_key == case.number
            assert case.payment_method == book.orders[case.order_number].payment.method


def differences(found: Shown, expected: Shown) -> dict[str, Any]:
    """Where the desk and the model disagree, for a failing test to show."""
    return {
        name: _difference(found.get(name), expected.get(name))
        for name in sorted(found.keys() | expected.keys())
        if found.get(name) != expected.get(name)
    }


def _difference(found: Any, expected: Any) -> Any:
    if not (isinstance(found, dict) and isinstance(expected, dict)):
        return found, expected
    keys = found.keys() | expected.keys()
    pairs = {key: (found.get(key), expected.get(key)) for key in sorted(keys)}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}

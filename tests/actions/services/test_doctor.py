"""The check-up finds what must never be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, update

from actions.domain.events import Actor, Role
from actions.domain.money import Money
from actions.domain.order import Refund
from actions.storage.tables import AuditRow, CaseRow, OrderRow, PayoutRow
from actions.testing.desk import DeskForTests
from tests.actions.services.people import APPROVED, WU, ZHOU, awaiting_approval, in_review


async def paid_case(desk: DeskForTests) -> str:
    await desk.has_order("KL1", gateway="fake")
    li = await desk.verified()
    case = await desk.refunds.request(li, "KL1")
    await desk.refunds.confirm(li, case.number)
    await desk.run_worker_once()
    return case.number


async def findings(desk: DeskForTests) -> set[str]:
    return {finding.code for finding in await desk.desk.doctor.findings()}


async def change(desk: DeskForTests, statement: Any) -> None:
    async with desk.desk.storage.writing() as work:
        await work.session.execute(statement)


async def test_a_healthy_desk_has_no_findings(desk: DeskForTests) -> None:
    await paid_case(desk)
    assert await findings(desk) == set()


CHANGES = [
    (update(AuditRow).where(AuditRow.seq == 2).values(actor="nobody"), {"audit_chain_broken"}),
    (update(CaseRow).values(state="failed"), {"state_not_in_audit", "payout_without_its_case"}),
    (
        update(OrderRow).values(amount=100),
        {"more_refunded_than_paid"},
    ),
    (update(PayoutRow).values(amount=1), {"payout_is_not_the_decision"}),
    (update(PayoutRow).values(state="waiting"), {"payout_without_its_case"}),
]


@pytest.mark.parametrize(
    ("statement", "codes"), CHANGES, ids=["-".join(sorted(c)) for _, c in CHANGES]
)
async def test_what_was_changed_behind_the_desk_is_found(
    desk: DeskForTests, statement: Any, codes: set[str]
) -> None:
    await paid_case(desk)
    await change(desk, statement)
    assert await findings(desk) == codes


async def rewrite(desk: DeskForTests, subject: str, change: Callable[[AuditRow], None]) -> None:
    """Change a trail as someone would who knows how its hashes are made."""
    async with desk.desk.storage.writing() as work:
        rows = await work.audit.trail(subject)
        await work.session.execute(delete(AuditRow).where(AuditRow.subject == subject))
        for row in rows:
            kept = AuditRow(actor=row.actor, what=row.what, data=dict(row.data))
            change(kept)
            role, _, name = kept.actor.partition(":")
            by = Actor(Role(role), name)
            await work.audit.record(subject, kept.what, by=by, at=row.at, data=kept.data)


def by_the_desk(row: AuditRow) -> None:
    if row.data.get("step") == "confirm":
        row.actor = "desk"


def never_said(row: AuditRow) -> None:
    if row.data.get("step") == "confirm":
        row.what = "case_looked_at"


def settled_twice(row: AuditRow) -> None:
    if row.data.get("step") == "send":
        row.data = row.data | {"step": "settle"}


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (by_the_desk, {"payout_not_confirmed"}),
        (never_said, {"payout_not_confirmed"}),
        (settled_twice, {"paid_more_than_once"}),
    ],
)
async def test_a_payout_whose_trail_does_not_allow_it_is_found(
    desk: DeskForTests, change: Callable[[AuditRow], None], codes: set[str]
) -> None:
    number = await paid_case(desk)
    await rewrite(desk, f"case:{number}", change)
    assert await findings(desk) == codes


def nobody_agreed(row: AuditRow) -> None:
    if row.data.get("step") == "approve":
        row.what = "case_looked_at"


def the_decider_agreed(row: AuditRow) -> None:
    if row.data.get("step") == "approve":
        row.actor = "agent:wu"


@pytest.mark.parametrize("change", [nobody_agreed, the_decider_agreed])
async def test_a_payout_that_nobody_else_agreed_to_is_found(
    desk: DeskForTests, change: Callable[[AuditRow], None]
) -> None:
    li, case = await in_review(desk, amount="2500.00")
    await desk.reviews.decide(case.number, APPROVED, by=WU)
    await desk.refunds.confirm(li, case.number)
    await desk.approvals.approve(case.number, by=ZHOU)
    await desk.run_worker_once()
    assert await findings(desk) == set()
    await rewrite(desk, f"case:{case.number}", change)
    assert await findings(desk) == {"payout_not_approved"}


async def test_a_payout_under_a_key_of_its_own_is_found(desk: DeskForTests) -> None:
    await paid_case(desk)
    await change(desk, update(PayoutRow).values(idempotency_key="another"))
    assert await findings(desk) == {"payout_key_is_not_its_case"}


async def test_a_confirmed_case_that_nothing_moves_on_is_found(desk: DeskForTests) -> None:
    await desk.has_order("KL1")
    li = await desk.verified()
    case = await desk.refunds.request(li, "KL1")
    await desk.refunds.confirm(li, case.number)
    assert await findings(desk) == set()
    await change(desk, delete(PayoutRow))
    assert await findings(desk) == {"case_stuck"}


async def test_a_case_whose_approval_nobody_is_asked_for_is_found(desk: DeskForTests) -> None:
    _li, case = await awaiting_approval(desk)
    assert await findings(desk) == set()
    async with desk.desk.storage.writing() as work:
        await desk.tickets.close_in(work, f"approval:{case.number}", by=WU)
    assert "case_stuck" in await findings(desk)


async def test_an_audit_trail_with_its_end_cut_off_is_found(desk: DeskForTests) -> None:
    number = await paid_case(desk)
    trail = await desk.trail(f"case:{number}")
    await change(
        desk,
        delete(AuditRow).where(
            AuditRow.subject == f"case:{number}", AuditRow.seq >= len(trail) - 1
        ),
    )
    assert await findings(desk) == {"state_not_in_audit"}


async def test_a_refund_beside_the_desk_that_is_too_much_is_found(desk: DeskForTests) -> None:
    await paid_case(desk)
    await desk.has_refund(Refund("KL1", Money(1, "CNY"), desk.clock(), "by hand"))
    assert await findings(desk) == {"more_refunded_than_paid"}


async def test_a_refund_in_another_currency_is_found(desk: DeskForTests) -> None:
    await paid_case(desk)
    await desk.has_refund(Refund("KL1", Money(1, "USD"), desk.clock(), "by hand"))
    assert await findings(desk) == {"refunds_do_not_add_up"}

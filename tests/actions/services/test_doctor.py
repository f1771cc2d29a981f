"""The check-up finds what must never be."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, update

from actions.domain.money import Money
from actions.domain.order import Refund
from actions.storage.tables import AuditRow, CaseRow, OrderRow, PayoutRow
from actions.testing.desk import DeskForTests


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


@pytest.mark.parametrize(("statement", "codes"), CHANGES, ids=[str(codes) for _, codes in CHANGES])
async def test_what_was_changed_behind_the_desk_is_found(
    desk: DeskForTests, statement: Any, codes: set[str]
) -> None:
    await paid_case(desk)
    await change(desk, statement)
    assert await findings(desk) == codes


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

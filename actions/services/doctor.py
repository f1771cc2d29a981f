"""A check-up of what must always hold: audit chains, and the rules for money.

Reads everything, changes nothing. Leaves saying so to the command line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass

from sqlalchemy import select

from actions.domain.money import Money
from actions.services.ledger import total
from actions.storage.payouts import NOTHING_PROMISED
from actions.storage.tables import AuditRow, CaseRow, OrderRow, OutboxRow, PastRefundRow, PayoutRow
from actions.storage.work import Storage, Work


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that must not be: a code, and the record where it shows."""

    code: str
    subject: str


class Doctor:
    """Looks for what the database should never hold."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def findings(self) -> list[Finding]:
        """Everything that is wrong; empty on a healthy desk."""
        async with self._storage.reading() as work:
            checks = (_broken_chains, _states_not_in_the_trail, _over_refunded, _wrong_payouts)
            found = [finding for check in checks async for finding in check(work)]
            return found + [finding async for finding in _parked(work)]


async def _broken_chains(work: Work) -> AsyncIterator[Finding]:
    async for broken in work.audit.broken():
        yield Finding("audit_chain_broken", f"{broken.subject}#{broken.seq}")


async def _states_not_in_the_trail(work: Work) -> AsyncIterator[Finding]:
    """A case whose state is not what its last audited move says: rows were cut off or skipped."""
    last: dict[str, str] = {}
    rows = await work.session.stream(
        select(AuditRow.subject, AuditRow.data)
        .where(AuditRow.what == "case_moved")
        .order_by(AuditRow.subject, AuditRow.seq)
    )
    async for row in rows:
        last[row.subject] = row.data["state"]
    cases = await work.session.stream(select(CaseRow.number, CaseRow.state))
    async for case in cases:
        if last.get(f"case:{case.number}") != case.state:
            yield Finding("state_not_in_audit", case.number)


async def _over_refunded(work: Work) -> AsyncIterator[Finding]:
    """An order for which more went back, or is promised, than was paid."""
    back: dict[tuple[str, str], dict[str, Money]] = defaultdict(dict)
    for past in await work.session.scalars(select(PastRefundRow)):
        back[past.brand, past.order_number][past.key] = Money(past.amount, past.currency)
    promised = select(PayoutRow).where(PayoutRow.state.not_in(NOTHING_PROMISED))
    for payout in await work.session.scalars(promised):
        # Under the case's number, as the ledger has it: imported back, it is the same money.
        amount = Money(payout.amount, payout.currency)
        back[payout.brand, payout.order_number][payout.case_number] = amount
    for (brand, number), refunds in back.items():
        order = await work.session.get_one(OrderRow, (brand, number))
        paid = Money(order.amount, order.currency)
        if {refund.currency for refund in refunds.values()} != {paid.currency}:
            yield Finding("refunds_do_not_add_up", f"{brand}/{number}")
        elif total(refunds.values(), paid.currency) > paid:
            yield Finding("more_refunded_than_paid", f"{brand}/{number}")


async def _wrong_payouts(work: Work) -> AsyncIterator[Finding]:
    """A payout that isn't what its case decided, or whose case can't have one."""
    found = await work.session.execute(
        select(PayoutRow, CaseRow).join(CaseRow, CaseRow.number == PayoutRow.case_number)
    )
    for payout, case in found:
        decided = case.decision or {}
        amount = Money.parse(decided["amount"], decided["currency"])
        if amount != Money(payout.amount, payout.currency):
            yield Finding("payout_is_not_the_decision", case.number)
        if case.state not in _CASE_STATES[payout.state]:
            yield Finding("payout_without_its_case", case.number)


async def _parked(work: Work) -> AsyncIterator[Finding]:
    """Work that a worker has given up."""
    parked = select(OutboxRow.key).where(OutboxRow.parked_at.is_not(None))
    for key in await work.session.scalars(parked):
        yield Finding("work_given_up", key)


_CASE_STATES = {
    "waiting": {"confirmed"},
    "sending": {"paying"},
    "sent": {"paying"},
    "settled": {"paid"},
    "failed": {"failed"},
    "void": {"withdrawn"},
}

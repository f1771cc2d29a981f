"""A check-up of what must always hold: audit chains, and the rules for money.

Reads everything, changes nothing. What a case's trail must show is in ``trails``. Leaves
saying so to the command line.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass

from sqlalchemy import and_, literal, select

from actions.domain.errors import FileDamaged
from actions.domain.money import Money
from actions.domain.ticket import Task
from actions.services.ledger import total
from actions.services.ticket_checks import tickets_astray
from actions.services.trails import CaseOnFile, Step, faults
from actions.storage.casework import EvidenceRow
from actions.storage.payouts import NOTHING_PROMISED
from actions.storage.tables import (
    AuditRow,
    CaseRow,
    OrderRow,
    OutboxRow,
    PastRefundRow,
    PayoutRow,
    TicketRow,
)
from actions.storage.uploads import Uploads
from actions.storage.work import Storage, Work


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that must not be: a code, and the record where it shows."""

    code: str
    subject: str


class Doctor:
    """Looks for what the database should never hold."""

    def __init__(self, storage: Storage, uploads: Uploads) -> None:
        self._storage = storage
        self._uploads = uploads

    async def findings(self, *, read_files: bool = False) -> list[Finding]:
        """Everything that is wrong; empty on a healthy desk.

        Customers' files are only looked for, unless ``read_files``: then each is read and
        compared with its hash.
        """
        async with self._storage.reading() as work:
            checks = (_broken_chains, _faulty_trails, _over_refunded, _wrong_payouts)
            found = [finding for check in checks async for finding in check(work)]
            async for id, sha256 in _files(work):
                if not await asyncio.to_thread(self._is_there, sha256, read_files):
                    found.append(Finding("evidence_missing_or_damaged", id))
            found += [Finding(code, ticket) async for code, ticket in tickets_astray(work)]
            return found + [finding async for finding in _parked(work)]

    def _is_there(self, sha256: str, read: bool) -> bool:
        try:
            return bool(self._uploads.get(sha256)) if read else self._uploads.has(sha256)
        except FileDamaged:
            return False


async def _broken_chains(work: Work) -> AsyncIterator[Finding]:
    async for broken in work.audit.broken():
        yield Finding("audit_chain_broken", f"{broken.subject}#{broken.seq}")


async def _faulty_trails(work: Work) -> AsyncIterator[Finding]:
    """A case whose trail does not lead to where it stands, or whose money had no right to move."""
    pending = set(await work.session.scalars(select(TicketRow.key).where(_IS_PENDING)))
    async for case in _cases_on_file(work):
        waits = f"approval:{case.number}" in pending
        for code in faults(case, approval_is_pending=waits):
            yield Finding(code, case.number)


async def _cases_on_file(work: Work) -> AsyncIterator[CaseOnFile]:
    """Every case with its moves, oldest first; one case at a time in memory."""
    rows = await work.session.stream(_CASES_AND_MOVES)
    last: CaseOnFile | None = None
    steps: list[Step] = []
    async for row in rows:
        if last is None or row.number != last.number:
            if last is not None:
                yield last
            steps = []
            last = CaseOnFile(row.number, row.state, row.decision, row[3], row[4], steps)
        if row.data is not None:
            steps.append(Step(row.data.get("step", ""), row.actor, row.data["state"]))
    if last is not None:
        yield last


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


async def _files(work: Work) -> AsyncIterator[tuple[str, str]]:
    """Every file that should be there: its id and hash."""
    rows = await work.session.stream(select(EvidenceRow.id, EvidenceRow.sha256))
    async for row in rows:
        yield row.id, row.sha256


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

_IS_PENDING = and_(TicketRow.category == Task.APPROVAL.value, TicketRow.closed_at.is_(None))

_CASES_AND_MOVES = (
    select(
        CaseRow.number,
        CaseRow.state,
        CaseRow.decision,
        PayoutRow.state,
        PayoutRow.idempotency_key,
        AuditRow.actor,
        AuditRow.data,
    )
    .outerjoin(PayoutRow, PayoutRow.case_number == CaseRow.number)
    .outerjoin(
        AuditRow,
        and_(AuditRow.subject == literal("case:") + CaseRow.number, AuditRow.what == "case_moved"),
    )
    .order_by(CaseRow.id, AuditRow.seq)
    .execution_options(yield_per=500)
)

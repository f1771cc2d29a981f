"""Every verb on a case wherever it may stand: what it does, what it refuses, what it leaves alone.

One table says all of it, and together its cells take every move there is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from actions.domain import errors
from actions.domain.customer import Customer
from actions.domain.errors import DeskError
from actions.domain.events import Actor, Role
from actions.domain.money import Money
from actions.domain.order import Method, Refund
from actions.domain.refund_case import MOVES, Destination, RefundCase, State
from actions.gateways.base import GatewayUnreachable, PayoutResult, PayoutStatus
from actions.services.casebook import record, take_step, unused_number
from actions.testing.builders import a_customer
from actions.testing.desk import DeskForTests
from tests.actions.services.people import APPROVED, FINANCIER, WORDS, ZHENG, ZHOU, findings, moves

TABLE = """
standing request confirm     withdraw review appeal     approve refuse send        settle fail retry
draft    .       !           withdraw !      !          !       !      ?           ?      ?    ?
verified .       !           withdraw !      !          !       !      ?           ?      ?    ?
approved .       confirm     withdraw !      !          !       !      ?           ?      ?    ?
outdated decide  CaseChanged withdraw !      !          !       !      ?           ?      ?    ?
review   .       !           withdraw review !          !       !      ?           ?      ?    ?
denied   .       !           withdraw !      appeal     !       !      ?           ?      ?    ?
appealed .       !           withdraw review AppealOpen !       !      ?           ?      ?    ?
awaiting .       .           withdraw !      !          approve refuse ?           ?      ?    ?
ready    .       .           withdraw !      !          !       !      send+settle !      !    !
sending  .       .           !        !      !          !       !      settle      !      !    !
sent     .       .           !        !      !          !       !      .           settle fail !
failed   .       .           !        !      !          !       !      .           !      !    send
paid     .       .           !        !      !          !       !      .           !      !    !
dropped  .       !           .        !      !          !       !      .           !      !    !
"""
"""What each verb does: the steps it takes, or the error that it raises: "!" is ``IllegalMove``,
"?" is ``CaseNotFound``, as there is no payout. "." changes nothing and raises nothing.
"""

HEADER, *ROWS = (line.split() for line in TABLE.strip().splitlines())
VERBS = HEADER[1:]
CELLS = {"nothing": {"request": "verify+decide"}}
CELLS |= {row[0]: dict(zip(VERBS, row[1:], strict=True)) for row in ROWS}
SHORT = {"!": "IllegalMove", "?": "CaseNotFound"}
STATES = {
    "nothing": State.DRAFT,
    "draft": State.DRAFT,
    "verified": State.VERIFIED,
    **dict.fromkeys(("approved", "outdated", "review", "denied"), State.DECIDED),
    "appealed": State.APPEALED,
    **dict.fromkeys(("awaiting", "ready"), State.CONFIRMED),
    **dict.fromkeys(("sending", "sent"), State.PAYING),
    "failed": State.FAILED,
    "paid": State.PAID,
    "dropped": State.WITHDRAWN,
}
ORDERS: dict[str, dict[str, Any]] = {
    "denied": {"kind": "renewal", "days_ago": 3},
    "appealed": {"kind": "renewal", "days_ago": 3},
    "review": {"days_ago": 60},
    "awaiting": {"amount": "2500.00"},
}
ANSWERS = {
    "sent": PayoutResult(PayoutStatus.SENT),
    "failed": PayoutResult(PayoutStatus.FAILED, failure="card_closed"),
}


@dataclass
class Stand:
    """One order of a customer's, with its case if there is one."""

    desk: DeskForTests
    customer: Customer
    order: str
    number: str = "RF-3333333333"

    async def opened_only(self, *steps: str) -> None:
        """A case as it is for a moment within a transaction."""
        desk, now = self.desk, self.desk.clock()
        async with desk.desk.storage.writing() as work:
            case = RefundCase(
                number=await unused_number(work),
                brand=self.customer.brand,
                order_number=self.order,
                account_id=self.customer.account_id,
                conversation=None,
                state=State.DRAFT,
                decision=None,
                destination=Destination(Method.CARD),
                opened_at=now,
                updated_at=now,
            )
            who = Actor(Role.CUSTOMER, self.customer.account_id)
            await work.cases.add(case)
            await record(work, case, "case_opened", by=who, at=now, data={})
            for step in steps:
                await take_step(work, case, step, by=who, at=now)
        self.number = case.number

    async def brought_to(self, standing: str) -> None:
        """Take the steps that lead there."""
        desk, me = self.desk, self.customer
        if standing in ("draft", "verified"):
            await self.opened_only(*(["verify"] if standing == "verified" else []))
        elif standing != "nothing":
            self.number = (await desk.refunds.request(me, self.order)).number
        if standing == "outdated":
            refund = Refund(self.order, Money(100, "CNY"), desk.clock(), "elsewhere")
            await desk.has_refund(refund)
        if standing == "appealed":
            await desk.appeals.make(me, self.number, "other")
        if STATES[standing] in (State.CONFIRMED, State.PAYING, State.FAILED, State.PAID):
            await desk.refunds.confirm(me, self.number)
        if standing == "dropped":
            await desk.refunds.confirm(me, self.number)
            await desk.refunds.withdraw(me, self.number)
        if STATES[standing] in (State.PAYING, State.FAILED, State.PAID):
            await self._sent(standing)

    async def _sent(self, standing: str) -> None:
        was = self.desk.gateway.answer
        self.desk.gateway.answer = ANSWERS.get(standing, was)
        if standing == "sending":
            self.desk.gateway.failures.append(GatewayUnreachable())
            with pytest.raises(GatewayUnreachable):
                await self.desk.payouts.send(self.number)
        else:
            await self.desk.payouts.send(self.number)
        self.desk.gateway.answer = was


MADE: dict[str, Callable[[Stand], Awaitable[Any]]] = {
    "request": lambda at: at.desk.refunds.request(at.customer, at.order),
    "confirm": lambda at: at.desk.refunds.confirm(at.customer, at.number),
    "withdraw": lambda at: at.desk.refunds.withdraw(at.customer, at.number),
    "review": lambda at: at.desk.reviews.decide(at.number, APPROVED, by=ZHENG),
    "appeal": lambda at: at.desk.appeals.make(at.customer, at.number, "amount"),
    "approve": lambda at: at.desk.approvals.approve(at.number, by=ZHOU),
    "refuse": lambda at: at.desk.approvals.refuse(at.number, "no", by=ZHOU, words=WORDS),
    "send": lambda at: at.desk.payouts.send(at.number),
    "settle": lambda at: at.desk.payouts.settle(at.number, "bank 2", by=FINANCIER),
    "fail": lambda at: at.desk.payouts.fail(at.number, "closed", by=FINANCIER),
    "retry": lambda at: at.desk.payouts.retry(at.number, by=FINANCIER),
}


def steps_in(cell: str) -> list[str]:
    """The steps that a cell takes."""
    return [step for step in cell.split("+") if step in {step for _state, step in MOVES}]


@pytest.mark.parametrize("standing", CELLS)
async def test_each_verb_does_what_the_table_says(desk: DeskForTests, standing: str) -> None:
    for n, (verb, cell) in enumerate(CELLS[standing].items()):
        at = Stand(desk, a_customer(f"A-{n}", f"c{n}", paid_orders=[f"KL{n}"]), f"KL{n}")
        more = {"gateway": "fake", "hint": f"{n}"} | ORDERS.get(standing, {})
        await desk.has_order(at.order, at.customer.account_id, **more)
        await at.brought_to(standing)
        before = await moves(desk, at.number)
        said: Any
        try:
            said = await MADE[verb](at)
        except DeskError as error:
            said = error
        if standing == "nothing":
            at.number = said.number
        taken = [step for step, _state, _actor in (await moves(desk, at.number))[len(before) :]]
        assert (verb, taken) == (verb, expected_steps(cell))
        refused = type(said).__name__ if isinstance(said, DeskError) else None
        assert (verb, refused) == (verb, error_in(cell))
    # A draft lives only within a transaction, and so has no move yet.
    assert set(await findings(desk)) <= ({"state_not_in_audit"} if standing == "draft" else set())


def error_in(cell: str) -> str | None:
    """The name of the error that a cell raises, if it does."""
    name = SHORT.get(cell, cell)
    return name if hasattr(errors, name) else None


def expected_steps(cell: str) -> list[str]:
    """What a verb leaves in the trail; one that finds the facts changed decides anew."""
    return ["decide"] if cell == "CaseChanged" else steps_in(cell)


def test_the_table_takes_every_move_there_is() -> None:
    taken = set()
    for standing, row in CELLS.items():
        for cell in row.values():
            state = STATES[standing]
            for step in steps_in(cell):
                taken.add((state, step))
                state = MOVES[state, step]
    assert taken == set(MOVES)


def test_the_table_has_every_state() -> None:
    assert set(STATES.values()) == set(State)
    assert set(STATES) == set(CELLS)
    assert set(VERBS) == set(MADE)

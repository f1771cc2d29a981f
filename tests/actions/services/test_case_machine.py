"""Every verb in every state, by two callers at once, against a model of refund cases.

The machine makes calls in any sequence, one alone, two at once on connections of their own, or
one while the payment gateway is being asked by another. What the desk answers, and all that it
holds afterwards, must be what the model says of one of the sequences in which the transactions
may have come; nothing else than a ``DeskError`` may be raised. After each rule the rules for
money are checked, and the desk's own check-up finds nothing.

An ordinary run is short. For a night: ``DESK_MACHINE_EXAMPLES=2000 DESK_MACHINE_STEPS=60``. Who
of two comes first is not the same each time, so a failure may not come again when it is looked
for in fewer steps; ``DESK_MACHINE_WITHOUT="shrink explain"`` shows it as it was found.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from actions.domain.errors import DeskError
from actions.domain.refund_case import State
from actions.storage.payouts import PayoutState
from actions.testing.clock import START, MovableClock
from actions.testing.database import forget_everything
from actions.testing.desk import desk_for_tests
from tests.actions.services import case_verbs as model
from tests.actions.services.case_calls import (
    Call,
    Fail,
    Import,
    Retry,
    Send,
    Settle,
    heard,
)
from tests.actions.services.case_endings import Ending, calls, endings, overtaken, sent_by_workers
from tests.actions.services.case_model import MOODS, Case, Mood
from tests.actions.services.case_opening import (
    BEGINNINGS,
    LIKELY,
    ORDERS,
    PART_BACK,
    Place,
    opening_book,
)
from tests.actions.services.case_seen import (
    Seen,
    at_the_gateway,
    check_money,
    differences,
    look,
    shown_by,
)
from tests.actions.services.case_stage import HonestGateway, Stage

NIGHT = "DESK_MACHINE_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("DESK_MACHINE_EXAMPLES", "15"))
STEPS = int(os.environ.get("DESK_MACHINE_STEPS", "30"))
PHASES = [p for p in Phase if p.name not in os.environ.get("DESK_MACHINE_WITHOUT", "").split()]
PATIENCE_SECONDS = 60
"""Longer than any database waits for a lock, on a machine that is busy with other tests."""


# What is to be had depends on who of two came first, and may differ when an example is run again.
# What is drawn must not: so an example says which of those that there are, not what it is.
PICK = st.integers(0, 1023)
PAIRS = [("first", "renewal"), ("over-limit", "double")]
MANY_MOODS = st.lists(st.sampled_from([*MOODS, Mood.FAILED]), min_size=1, max_size=3)
DUE = (PayoutState.WAITING, PayoutState.SENDING)


def _is_due(case: Case) -> bool:
    return case.payout is not None and case.payout.state in DUE


def _picked(found: Sequence[Any], pick: int) -> Any:
    weighted = [each for each in found for _ in range(getattr(each, "weight", 1))]
    return weighted[pick % len(weighted)]


class CaseMachine(RuleBasedStateMachine):
    """Makes calls on a desk and on the model, and compares them."""

    place: ClassVar[Place]

    def __init__(self) -> None:
        super().__init__()
        self.book = opening_book()
        self.gateway = HonestGateway()
        self.clock = MovableClock()
        self.open = AsyncExitStack()
        self.orders: list[str] = []
        self.seen: Seen
        self.run(self._open())

    async def _open(self) -> None:
        url = await self.place.fresh()
        desk = await self.open.enter_async_context(
            desk_for_tests(url, self.clock, gateway=self.gateway)
        )
        folder = self.open.enter_context(TemporaryDirectory(dir=self.place.folder))
        self.stage = Stage(desk, self.gateway, Path(folder))
        async with desk.desk.storage.writing() as work:
            await work.records.save_accounts(self.book.accounts.values(), START)
            await work.records.save_orders(self.book.orders.values(), START)
            await work.records.save_past_refunds("kuailian", [PART_BACK])
        self.seen = await look(desk, {})

    def teardown(self) -> None:
        """Close the desk."""
        self.run(self.open.aclose())

    def run(self, doing: Awaitable[Any]) -> Any:
        """Drive the desk; a deadlock ends as a failure."""

        async def in_time() -> Any:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await doing

        return self.place.runner.run(in_time())

    # --- making calls ----------------------------------------------------------------------

    def make(self, *made: Call) -> None:
        """Make calls at once; what comes of them must be an ending that the model knows."""
        note(" ‖ ".join(map(str, made)))
        said = self.run(self._at_once(*made))
        self.agrees(said, endings(self.book, *made), made)

    async def _at_once(self, *made: Call) -> list[Any]:
        doing = (call.on_desk(self.stage, self.book) for call in made)
        said = await asyncio.gather(*doing, return_exceptions=True)
        for each in said:
            if isinstance(each, BaseException) and not isinstance(each, DeskError):
                raise each
        return said

    def agrees(self, said: list[Any], possible: list[Ending], what: Any) -> None:
        """Look at the desk and go on from the ending that it shows."""
        self._look()
        answers = tuple(heard(each, self.seen.names) for each in said)
        for book, told in possible:
            if told == answers and shown_by(book) == self.seen.shown:
                self.book = book
                return
        told = [answer for _book, answer in possible]
        assert answers in told, f"{what} were answered {answers}, not {told}"
        ways = [differences(self.seen.shown, shown_by(book)) for book, _told in possible]
        raise AssertionError(f"{what}: {answers}, and then (found, expected): {ways}")

    def _look(self) -> None:
        seen = self.run(look(self.stage.desk, self.seen.names))
        shown = seen.shown | at_the_gateway(self.gateway, seen.names)
        self.seen = replace(seen, shown=shown)
        self.stage.numbers = {name: number for number, name in seen.names.items()}

    # --- rules -----------------------------------------------------------------------------

    @initialize(
        begun=st.lists(
            st.tuples(st.sampled_from(sorted(ORDERS)), st.sampled_from(LIKELY)),
            min_size=1,
            max_size=2,
            unique_by=lambda pair: pair[0],
        )
    )
    def begin(self, begun: list[tuple[str, str]]) -> None:
        """A few orders, some of them on their way already."""
        for order, beginning in begun:
            self.orders.append(order)
            for call in BEGINNINGS[beginning](order):
                self.make(call)

    @rule(order=st.sampled_from(sorted(ORDERS)), beginning=st.sampled_from(LIKELY))
    def another_begins(self, order: str, beginning: str) -> None:
        """One more order, if it hasn't been touched so far."""
        if order not in self.orders:
            self.begin([(order, beginning)])

    @rule(order=PICK, picks=st.lists(PICK, min_size=1, max_size=4))
    def go_on(self, order: int, picks: list[int]) -> None:
        """Something that changes the order's cases, and then something more."""
        for pick in picks:
            found = calls(self.book, self._order(order))
            self.make(_picked(self._effective(found), pick))

    def _order(self, pick: int) -> str:
        """One of those begun; mostly the last, or one with money in line."""
        due = [case.order for case in self.book.cases.values() if _is_due(case)]
        return str(_picked([*self.orders, *self.orders[-1:] * len(self.orders), *due], pick))

    def _effective(self, found: list[Call]) -> list[Call]:
        """Those that change something; imports have a rule of their own."""
        found = [call for call in found if not isinstance(call, Import)]
        return [call for call in found if self._changes(call)] or found

    def _changes(self, call: Call) -> bool:
        return any(book != self.book for book, _said in endings(self.book, call))

    @rule(order=PICK, one=PICK, how=st.sampled_from(["beside", "twice", "alone"]), other=PICK)
    def at_once(self, order: int, one: int, how: str, other: int) -> None:
        """Two people at one order, or a button pressed twice; alone, mostly at a wrong time."""
        found = calls(self.book, self._order(order))
        effective = self._effective(found)
        first = _picked(found if how == "alone" else effective * 2 + found, one)
        second = {"twice": first, "beside": _picked(effective * 2 + found, other)}.get(how)
        self.make(first, *([second] if second else []))

    @rule(pair=st.sampled_from(PAIRS), one=PICK, other=PICK)
    def two_orders_at_once(self, pair: tuple[str, str], one: int, other: int) -> None:
        """Two orders of one account, which share what the policy and an auto-renewal look at."""
        found = [self._effective(calls(self.book, order)) for order in pair]
        self.make(_picked(found[0], one), _picked(found[1], other))

    @rule(order=PICK, moods=MANY_MOODS, meanwhile=PICK, afterwards=st.booleans())
    def while_the_gateway_is_asked(
        self, order: int, moods: list[str], meanwhile: int, afterwards: bool
    ) -> None:
        """Something happens between a worker's asking and its writing down the answer."""
        name = self._in_line(order)
        if name is None:
            return
        self._will_answer(name, moods)
        send = Send(name)
        found = calls(self.book, send.order)
        often: list[Call] = [send, Retry(name), Fail(name), Settle(name)] * (len(found) // 8)
        self._send_during(send, _picked(often + found, meanwhile), afterwards)

    def _in_line(self, pick: int) -> str | None:
        """A case whose payout is due: one there is, or that of an order not touched so far."""
        due = [case.name for case in self.book.cases.values() if _is_due(case)]
        if due:
            return str(_picked(due, pick))
        for order in [number for number in ORDERS if number not in self.orders]:
            self.begin([(order, "agreed")])
            if _is_due(self.book.cases[f"{order}#1"]):
                return f"{order}#1"
        return next(iter(self.book.cases), None)

    def _send_during(self, send: Send, other: Call, afterwards: bool) -> None:
        said: list[Any] = []

        async def meanwhile() -> None:
            said.extend(await self._at_once(other))

        note(f"{send}, meanwhile {other}")
        self.gateway.meanwhile, self.gateway.afterwards = meanwhile, afterwards
        first = self.run(self._at_once(send))
        self.gateway.meanwhile = None
        possible = overtaken(self.book, send, other, afterwards=afterwards)
        self.agrees([*first, *said], possible, (send, other))

    def _will_answer(self, name: str, moods: list[str]) -> None:
        note(f"about {name} the gateway will answer {moods}")
        self.gateway.moods[self.stage.numbers[name]] = list(moods)
        self.book = replace(self.book, moods={**self.book.moods, name: tuple(moods)})

    @rule(order=PICK, file=PICK, beside=st.none() | PICK)
    def records_change(self, order: int, file: int, beside: int | None) -> None:
        """An import, beside something else or alone."""
        found = calls(self.book, self._order(order))
        files = [call for call in found if isinstance(call, Import)]
        files += [call for call in files if call.refund] * 2
        made = [_picked(files, file)]
        self.make(*made, *([] if beside is None else [_picked(found, beside)]))

    @rule(hours=st.sampled_from([1, 2, 23, 25, 24 * 8, 24 * 31]))
    def time_passes(self, hours: int) -> None:
        """Hours to weeks."""
        self._later(timedelta(hours=hours))

    def _later(self, much: timedelta) -> None:
        self.clock.now += much
        self.book = model.later(self.book, much)

    @rule(case=PICK, moods=MANY_MOODS, count=st.integers(1, 2), recovers=st.booleans())
    def workers_run(self, case: int, moods: list[str], count: int, recovers: bool) -> None:
        """All that is due is done, and no promise is left lying, whatever the gateway answers.

        Once it ``recovers``, whatever is on its way has an answer.
        """
        if self.book.cases:
            self._will_answer(_picked(sorted(self.book.cases), case), moods)
        self._workers(count)
        states = [each.payout.state for each in self.book.cases.values() if each.payout]
        assert PayoutState.WAITING not in states
        if recovers:
            self.gateway.moods.clear()
            self.book = replace(self.book, moods={})
            self._later(timedelta(minutes=20))
            self._workers(count)
            assert not any(map(_is_due, self.book.cases.values()))

    def _workers(self, count: int) -> None:
        async def work() -> None:
            run = self.stage.desk.run_worker_once
            await asyncio.gather(*(run(f"worker {n}") for n in range(count)))

        self.run(work())
        self._look()
        for case in list(self.book.cases.values()):
            if _is_due(case):
                self._sent(case.name)
        self.agrees([], [(self.book, ())], "the workers")

    def _sent(self, name: str) -> None:
        for book in sent_by_workers(self.book, name):
            shown = shown_by(book)
            alike = [shown[key].get(name) == self.seen.shown[key].get(name) for key in _GATEWAY]
            if shown[name] == self.seen.shown[name] and all(alike):
                self.book = book

    # --- what always holds -----------------------------------------------------------------

    @invariant()
    def the_rules_for_money_hold(self) -> None:
        """Read from the rows, beside the model."""
        check_money(self.book, self.seen)
        for number, order in self.gateway.paid.items():
            [case] = [case for case in self.seen.cases if case.number == number]
            # Of two workers at once one may have been told no, and the other's yes have been lost.
            known = case.state in (State.PAYING, State.PAID) or number in self.gateway.untold
            assert known, "money that moved is known to have"
            asked = [each for each in self.gateway.asked if each.key == number]
            assert set(asked) == {order}, "a key always asks for the same"
            assert order.amount == self.book.cases[self.seen.names[number]].amount
            assert order.method == self.book.orders[order.order_number].payment.method

    @invariant()
    def the_check_up_finds_nothing(self) -> None:
        """But for what an import has told the desk too late."""
        findings = self.run(self.stage.desk.desk.doctor.findings())
        brand = {number: order.brand for number, order in self.book.orders.items()}
        over = {f"{brand[number]}/{number}" for number in self.book.over_refunded()}
        assert {(finding.code, finding.subject) for finding in findings} == {
            ("more_refunded_than_paid", subject) for subject in over
        }


_GATEWAY = ("paid", "moods")


@pytest.fixture(params=["sqlite", "postgresql"])
def place(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    sqlite_template: Path,
    shared_postgres: str | None,
) -> Iterator[Place]:
    """Where each example finds an empty database."""

    async def a_file() -> str:
        copy = shutil.copy(sqlite_template, mkdtemp(dir=tmp_path))
        return f"sqlite+aiosqlite:///{copy}"

    async def a_server(url: str) -> str:
        await forget_everything(url)
        return url

    fresh: Callable[[], Awaitable[str]] = a_file
    if request.param == "postgresql":
        fresh = partial(a_server, shared_postgres or request.getfixturevalue("postgres_url"))
    with asyncio.Runner() as runner:
        yield Place(runner, fresh, tmp_path)


def test_whatever_two_callers_do_a_case_goes_one_way_and_pays_once(place: Place) -> None:
    class Machine(CaseMachine):
        """On this database."""

    Machine.place = place
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES,
            # An ordinary run is the same every time; what a night finds becomes a plain test.
            derandomize=not NIGHT,
            stateful_step_count=STEPS,
            deadline=None,
            phases=PHASES,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )

"""Every verb as a call: made on a desk, and on the model; one alone, or several at once.

A call is cut into the transactions that the desk makes of it, so that all ways in which several
can come between each other are known. Leaves what a verb does to ``case_model``.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from actions.domain.account import Account, AccountStatus
from actions.domain.customer import Customer
from actions.domain.decision import Outcome
from actions.domain.errors import DeskError
from actions.domain.events import Actor, Role
from actions.domain.money import Money
from actions.domain.order import Order, OrderStatus, Refund
from actions.domain.refund_case import State
from actions.domain.renewal_cancellation import RenewalState
from actions.gateways.base import GatewayUnreachable, PayoutOrder, PayoutResult, PayoutStatus
from actions.services.records_json import account_json, order_json, refund_json
from actions.services.renewals import RenewalAnswer
from actions.services.reviews import Ruling
from actions.testing.desk import DeskForTests
from actions.testing.gateway import FakeGateway
from tests.actions.services import case_model as model
from tests.actions.services.case_model import REFERENCE, Book, Case, Mood
from tests.actions.services.files import a_png
from tests.actions.services.people import FINANCIER, OPERATOR, WORDS

STAFF = ("wu", "zhou", "zheng")
LOST = (Mood.LOST_BEFORE, Mood.LOST_AFTER)


class HonestGateway(FakeGateway):
    """Does what its ``moods`` say of a key, one after the other, and pays nothing twice.

    ``meanwhile`` happens once while it is being asked: before it decides, or ``afterwards``,
    while its answer is on its way.
    """

    def __init__(self) -> None:
        super().__init__()
        self.moods: dict[str, list[str]] = defaultdict(list)
        self.answers: dict[str, str] = {}
        self.meanwhile: Callable[[], Any] | None = None
        self.afterwards = False

    async def refund(self, order: PayoutOrder) -> PayoutResult:
        """Pay as the contract of all gateways says."""
        self.asked.append(order)
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None and not self.afterwards:
            await meanwhile()
        mood = self._decide(order)
        if meanwhile is not None and self.afterwards:
            await meanwhile()
        if mood in LOST:
            raise GatewayUnreachable()
        return _result(mood, order)

    def _decide(self, order: PayoutOrder) -> str:
        moods = self.moods[order.key]
        mood = moods.pop(0) if moods else Mood.SETTLED
        if order.key in self.paid:
            return mood if mood in LOST else self.answers[order.key]
        if mood in (Mood.SETTLED, Mood.SENT, Mood.LOST_AFTER):
            self.pays(order, Mood.SETTLED if mood == Mood.LOST_AFTER else mood)
        return mood

    def pays(self, order: PayoutOrder, answer: str) -> None:
        """Money moves."""
        self.paid[order.key] = order
        self.answers[order.key] = answer


def _result(mood: str, order: PayoutOrder) -> PayoutResult:
    if mood == Mood.FAILED:
        return PayoutResult(PayoutStatus.FAILED, failure="card_closed")
    if mood == Mood.BY_HAND:
        return PayoutResult(PayoutStatus.SENT, task={"key": order.key})
    status = PayoutStatus.SETTLED if mood == Mood.SETTLED else PayoutStatus.SENT
    return PayoutResult(status, reference=REFERENCE)


class Stage:
    """A desk with the names that the model has for its cases."""

    def __init__(self, desk: DeskForTests, gateway: HonestGateway, folder: Path) -> None:
        self.desk = desk
        self.gateway = gateway
        self.numbers: dict[str, str] = {}
        self._folder = folder
        self._files = 0

    def customer(self, order: Order) -> Customer:
        """Whoever the order belongs to."""
        return Customer(order.brand, order.account_id, f"c-{order.account_id}")

    async def load(self, brand: str, **records: list[Any]) -> None:
        """Import records, as a file."""
        self._files += 1
        path = self._folder / f"{self._files}.json"
        path.write_text(json.dumps({"brand": brand, **records}), encoding="utf-8")
        await self.desk.desk.importer.load(path)


Memo = Any
Step = Callable[[Book, Memo], tuple[Book, Memo, str | None]]
"""One transaction: the book after it, what is remembered for the next, the answer if it is over."""


@dataclass(frozen=True)
class Call:
    """One verb, on one case or order."""

    about: str

    @property
    def order(self) -> str:
        """The order it is about."""
        return self.about.partition("#")[0]

    def on_book(self, book: Book) -> tuple[Book, Any]:
        """What the model makes of it, where it is one transaction."""
        raise NotImplementedError

    async def on_desk(self, stage: Stage, book: Book) -> Any:
        """Make the call. The book says only what can't change: whose an order is."""
        raise NotImplementedError

    def steps(self) -> Sequence[Step]:
        """Its transactions."""

        def only(book: Book, _memo: Memo) -> tuple[Book, Memo, str]:
            after, said = self.on_book(book)
            return after, None, told(said)

        return [only]


def told(said: Any) -> str:
    """An answer of the model's in words."""
    return f"{said.name} {said.state.value}" if isinstance(said, Case) else str(said)


def heard(said: Any, names: Mapping[str, str]) -> str:
    """An answer of the desk's in the same words."""
    if isinstance(said, DeskError):
        return type(said).__name__
    if isinstance(said, RenewalAnswer):
        if said.cancellation is None:
            return "cancelled already"
        said = said.cancellation
    if said is None or isinstance(said, str):
        return said or "done"
    return f"{names[said.number]} {said.state.value}"


# --- customers -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Request(Call):
    """Ask for a refund of an order."""

    reason: str | None = None

    def on_book(self, book: Book) -> tuple[Book, Any]:
        return model.request(book, self.order, self.reason)

    async def on_desk(self, stage: Stage, book: Book) -> Any:
        customer = stage.customer(book.orders[self.order])
        return await stage.desk.refunds.request(customer, self.order, self.reason)


@dataclass(frozen=True)
class Confirm(Call):
    """Say yes to amount and destination."""

    def on_book(self, book: Book) -> tuple[Book, Any]:
        return model.confirm(book, book.cases[self.about])

    async def on_desk(self, stage: Stage, book: Book) -> Any:
        customer = stage.customer(book.orders[self.order])
        return await stage.desk.refunds.confirm(customer, stage.numbers[self.about])


@dataclass(frozen=True)
class Withdraw(Call):
    """Take the request back."""

    def on_book(self, book: Book) -> tuple[Book, Any]:
        return model.withdraw(book, book.cases[self.about])

    async def on_desk(self, stage: Stage, book: Book) -> Any:
        customer = stage.customer(book.orders[self.order])
        return await stage.desk.refunds.withdraw(customer, stage.numbers[self.about])


@dataclass(frozen=True)
class Appeal(Call):
    """Dispute a decision."""

    fact: str = "other"
    words: str = "看一下"

    def on_book(self, book: Book) -> tuple[Book, Any]:
        return model.appeal(book, book.cases[self.about], self.fact, self.words)

    async def on_desk(self, stage: Stage, book: Book) -> Any:
        customer = stage.customer(book.orders[self.order])
        number = stage.numbers[self.about]
        return await stage.desk.appeals.make(customer, number, self.fact, self.words)


@dataclass(frozen=True)
class Give(Call):
    """Add a file to a case."""

    file: int = 1

    def on_book(self, book: Book) -> tuple[Book, Any]:
        return model.give(book, book.cases[self.about], self.file)

    async def on_desk(self, stage: Stage, book: Book) -> Any:
        customer = stage.customer(book.orders[self.order])
        content = a_png(f"file {self.file}")
        await stage.desk.evidence.give(customer, stage.numbers[self.about], content, "a.png")
        return "file"


# --- staff ---------------------------------------------------------------------------------


def agent(name: str) -> Actor:
    """A member of staff."""
    return Actor(Role.AGENT, name)


@dataclass(frozen=True)
class Review(Call):
    """Decide what was put before a person."""

    by: str = "wu"
    outcome: Outcome = Outcome.APPROVED
    amount: Money | None = None

    @property
    def ruling(self) -> Ruling:
        """The same, as it is handed in."""
        return Ruling(self.outcome, "seen", self.amount)

    def on_book(self, book: Book) -> tuple[Book, Any]:
        return model.review(book, book.cases[self.about], self.ruling, self.by)

    async def on_desk(self, stage: Stage, book: Book) -> Any:
        number = stage.numbers[self.about]
        return await stage.desk.reviews.decide(number, self.ruling, by=agent(self.by))


@dataclass(frozen=True)
class Approve(Call):
    """Agree to a payout."""

    by: str = "wu"

    def on_book(self, book: Book) -> tuple[Book, Any]:
        return model.approve(book, book.cases[self.about], self.by)

    async def on_desk(self, stage: Stage, book: Book) -> Any:
        number = stage.numbers[self.about]
        return await stage.desk.approvals.approve(number, by=agent(self.by))


@dataclass(frozen=True)
class Refuse(Call):
    """Stop a payout."""

    by: str = "wu"

    def on_book(self, book: Book) -> tuple[Book, Any]:
        return model.refuse(book, book.cases[self.about], self.by)

    async def on_desk(self, stage: Stage, book: Book) -> Any:
        number = stage.numbers[self.about]
        return await stage.desk.approvals.refuse(number, "no", by=agent(self.by), words=WORDS)


@dataclass(frozen=True)
class Settle(Call):
    """Say that the money has gone."""

    reference: str = REFERENCE

    def on_book(self, book: Book) -> tuple[Book, Any]:
        return model.settle(book, book.cases[self.about], self.reference)

    async def on_desk(self, stage: Stage, book: Book) -> Any:
        number = stage.numbers[self.about]
        case = await stage.desk.payouts.settle(number, self.reference, by=FINANCIER)
        asked = next(order for order in stage.gateway.asked if order.key == number)
        stage.gateway.pays(asked, Mood.SETTLED)
        return case


@dataclass(frozen=True)
class Fail(Call):
    """Say that it could not be paid, or came back."""

    def on_book(self, book: Book) -> tuple[Book, Any]:
        return model.fail(book, book.cases[self.about])

    async def on_desk(self, stage: Stage, book: Book) -> Any:
        number = stage.numbers[self.about]
        case = await stage.desk.payouts.fail(number, "closed", by=FINANCIER)
        stage.gateway.paid.pop(number, None)
        return case


@dataclass(frozen=True)
class Retry(Call):
    """Send a failed payout again."""

    def on_book(self, book: Book) -> tuple[Book, Any]:
        return model.retry(book, book.cases[self.about])

    async def on_desk(self, stage: Stage, book: Book) -> Any:
        return await stage.desk.payouts.retry(stage.numbers[self.about], by=FINANCIER)


# --- the worker, the records, auto-renewal ---------------------------------------------------


@dataclass(frozen=True)
class Send(Call):
    """A worker sends a payout: it writes that it will, asks the gateway, writes the answer."""

    async def on_desk(self, stage: Stage, book: Book) -> Any:
        await stage.desk.payouts.send(stage.numbers[self.about])

    def steps(self) -> Sequence[Step]:
        return [self._begin, self._ask, self._record]

    def _begin(self, book: Book, _memo: Memo) -> tuple[Book, Memo, str | None]:
        book, goes_on = model.begin(book, book.cases[self.about])
        return book, None, None if goes_on else "done"

    def _ask(self, book: Book, _memo: Memo) -> tuple[Book, Memo, str | None]:
        book, answer = model.ask(book, self.about)
        return book, answer, GatewayUnreachable.__name__ if answer in LOST else None

    def _record(self, book: Book, answer: Memo) -> tuple[Book, Memo, str | None]:
        return model.record(book, book.cases[self.about], answer), None, "done"


@dataclass(frozen=True)
class Import(Call):
    """The brand's records change: what is in the file was true when it was written."""

    what: str = ""
    order_in_file: Order | None = field(default=None, repr=False)
    refund: Refund | None = field(default=None, repr=False)
    account: Account | None = field(default=None, repr=False)

    def on_book(self, book: Book) -> tuple[Book, Any]:
        return model.imported(book, self.order_in_file, self.refund, self.account), "imported"

    async def on_desk(self, stage: Stage, book: Book) -> Any:
        refund = self.refund
        if refund is not None:  # the brand knows our payouts by their numbers
            reference = stage.numbers.get(str(refund.reference), refund.reference)
            refund = replace(refund, reference=reference)
        await stage.load(
            book.orders[self.order].brand,
            orders=[order_json(self.order_in_file)] if self.order_in_file else [],
            refunds=[refund_json(refund)] if refund else [],
            accounts=[account_json(self.account)] if self.account else [],
        )
        return "imported"


@dataclass(frozen=True)
class EndRenewal(Call):
    """Ask to have an order's auto-renewal cancelled."""

    def on_book(self, book: Book) -> tuple[Book, Any]:
        return model.end_renewal(book, self.order)

    async def on_desk(self, stage: Stage, book: Book) -> Any:
        return await stage.desk.renewals.ask(stage.customer(book.orders[self.order]), self.order)


@dataclass(frozen=True)
class MoveRenewal(Call):
    """Carry such a wish out, refuse it, or take it back."""

    to: RenewalState = RenewalState.DONE

    def on_book(self, book: Book) -> tuple[Book, Any]:
        return model.move_renewal(book, book.renewals[self.about], self.to)

    async def on_desk(self, stage: Stage, book: Book) -> Any:
        number = stage.numbers[f"renewal {self.about}"]
        renewals = stage.desk.renewals
        if self.to is RenewalState.DONE:
            return await renewals.finish(number, by=OPERATOR)
        if self.to is RenewalState.REFUSED:
            return await renewals.refuse(number, WORDS, by=OPERATOR)
        return await renewals.withdraw(stage.customer(book.orders[self.order]), number)


# --- all of them ---------------------------------------------------------------------------


def calls(book: Book, order: str) -> list[Call]:
    """Every call that can be made about an order and its latest two cases."""
    reasons = (None, "wrong_operation", "not_received", "真的用不了")
    found: list[Call] = [Request(order, reason) for reason in reasons]
    found += [*_imports(book, book.orders[order]), EndRenewal(order)]
    for case in reversed(book.of_order(order)[-2:]):
        found += _about(book, case)
    for renewal in book.renewals.values():
        if renewal.order == order:
            ends = (RenewalState.DONE, RenewalState.REFUSED, RenewalState.WITHDRAWN)
            found += [MoveRenewal(renewal.name, end) for end in ends]
    return found


def _about(book: Book, case: Case) -> Iterator[Call]:
    name, paid = case.name, book.orders[case.order].amount
    half = Money(paid.minor // 2, paid.currency)
    yield from (Confirm(name), Send(name), Withdraw(name), Retry(name), Fail(name))
    yield from (Settle(name), Settle(name, "bank 7"))
    yield from (Appeal(name), Appeal(name, "amount", "少了"), Give(name, 1), Give(name, 2))
    for by in STAFF:
        yield from (Approve(name, by), Refuse(name, by), Review(name, by))
        yield Review(name, by, Outcome.DENIED)
        yield Review(name, by, Outcome.PARTIAL, half)


def _imports(book: Book, order: Order) -> Iterator[Import]:
    number, now = order.order_number, book.now
    for status in OrderStatus:
        if status not in (order.status, OrderStatus.PENDING, OrderStatus.FAILED):
            yield Import(number, f"is {status}", replace(order, status=status))
    third = Money(order.amount.minor // 3, order.amount.currency)
    for amount, name in ((third, "a part"), (order.amount, "all")):
        refund = Refund(number, amount, now, f"elsewhere {name}")
        if (number, str(refund.reference)) not in book.refunds:
            yield Import(number, f"{name} went back elsewhere", refund=refund)
    for case in book.of_order(number):
        known = (number, case.name) in book.refunds
        if case.state is State.PAID and case.payout and not known:
            ours = Refund(number, case.payout.amount, case.payout.at, case.name)
            yield Import(number, f"knows of {case.name}", refund=ours)
    account = book.accounts[order.brand, order.account_id]
    for status in (AccountStatus.ACTIVE, AccountStatus.SUSPENDED):
        if status is not account.status:
            yield Import(number, f"account {status}", account=replace(account, status=status))
    yield from _about_renewal(order)


def _about_renewal(order: Order) -> Iterator[Import]:
    if order.paid_at is None or order.auto_renew is None:
        return
    before = order.paid_at - timedelta(days=1)
    if order.auto_renew_cancelled_at != before:
        ended = replace(order, auto_renew=False, auto_renew_cancelled_at=before)
        yield Import(order.order_number, "renewal cancelled before it was charged", ended)
    on = replace(order, auto_renew=True, auto_renew_cancelled_at=None)
    yield Import(order.order_number, "renews", on)


# --- what may come of them -----------------------------------------------------------------

Ending = tuple[Book, tuple[str, ...]]
"""The book afterwards, and what each call was answered."""


def endings(book: Book, *made: Call) -> list[Ending]:
    """All that may come of calls made at once: their transactions in every sequence."""
    runs = [_Run(tuple(call.steps())) for call in made]
    return list(_endings(book, runs))


@dataclass(frozen=True)
class _Run:
    steps: tuple[Step, ...]
    memo: Memo = None
    answer: str | None = None


def _endings(book: Book, runs: list[_Run]) -> Iterator[Ending]:
    if all(run.answer is not None for run in runs):
        yield book, tuple(str(run.answer) for run in runs)
    for n, run in enumerate(runs):
        if run.answer is None:
            after, went_on = _one_step(book, run)
            yield from _endings(after, [*runs[:n], went_on, *runs[n + 1 :]])


def _one_step(book: Book, run: _Run) -> tuple[Book, _Run]:
    step, *rest = run.steps
    try:
        after, memo, answer = step(book, run.memo)
    except DeskError as error:
        return book, replace(run, answer=type(error).__name__)
    return after, _Run(tuple(rest), memo, answer)


def sent_by_workers(book: Book, name: str) -> list[Book]:
    """All that may come of one case's payout when workers send it, however often."""
    found, new = [book], [book]
    while new:
        after = [end for start in new for end, _said in endings(start, Send(name), Send(name))]
        new = []
        for end in after:
            if end not in found:
                found.append(end)
                new.append(end)
    return found


def overtaken(book: Book, send: Send, other: Call, *, afterwards: bool) -> list[Ending]:
    """What comes of a payout during whose sending something else happens as a whole."""
    first, ask, last = (_Run((step,)) for step in send.steps())
    book, begun = _one_step(book, first)
    if begun.answer is not None:
        return [(book, (begun.answer,))]
    asked = ask
    if afterwards:
        book, asked = _one_step(book, ask)
    found = []
    for between, (said,) in endings(book, other):
        if not afterwards:
            between, asked = _one_step(between, ask)
        if asked.answer is None:
            between, ended = _one_step(between, replace(last, memo=asked.memo))
        else:
            ended = asked
        found.append((between, (str(ended.answer), said)))
    return found

"""Every verb as a call: made on a desk, and on the model; one alone, or several at once.

A call is cut into the transactions that the desk makes of it, so that all ways in which several
can come between each other are known. Leaves what a verb does to ``case_model``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from actions.domain.account import Account
from actions.domain.decision import Outcome
from actions.domain.errors import DeskError
from actions.domain.events import Actor, Role
from actions.domain.money import Money
from actions.domain.order import Order, Refund
from actions.domain.renewal_cancellation import RenewalState
from actions.gateways.base import GatewayUnreachable
from actions.services.records_json import account_json, order_json, refund_json
from actions.services.renewals import RenewalAnswer
from actions.services.reviews import Ruling
from tests.actions.services import case_payouts as payouts
from tests.actions.services import case_verbs as model
from tests.actions.services.case_model import REFERENCE, Book, Case, Mood
from tests.actions.services.case_stage import LOST, Stage
from tests.actions.services.files import a_png
from tests.actions.services.people import FINANCIER, OPERATOR, WORDS

STAFF = ("wu", "zhou", "zheng")


Memo = Any
Step = Callable[[Book, Memo], tuple[Book, Memo, str | None]]
"""One transaction: the book after it, what is remembered for the next, the answer if it is over."""


@dataclass(frozen=True)
class Call:
    """One verb, on one case or order."""

    about: str
    only_its_cases: ClassVar[bool] = True
    """Whether it changes nothing else than cases of its order, and what was paid for them."""

    weight: ClassVar[int] = 1
    """How much likelier it is picked than others, so that cases get far within few steps."""

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

    weight: ClassVar[int] = 4

    def on_book(self, book: Book) -> tuple[Book, Any]:
        return model.confirm(book, book.cases[self.about])

    async def on_desk(self, stage: Stage, book: Book) -> Any:
        customer = stage.customer(book.orders[self.order])
        return await stage.desk.refunds.confirm(customer, stage.numbers[self.about])


@dataclass(frozen=True)
class Withdraw(Call):
    """Take the request back."""

    weight: ClassVar[int] = 2

    def on_book(self, book: Book) -> tuple[Book, Any]:
        return model.withdraw(book, book.cases[self.about])

    async def on_desk(self, stage: Stage, book: Book) -> Any:
        customer = stage.customer(book.orders[self.order])
        return await stage.desk.refunds.withdraw(customer, stage.numbers[self.about])


@dataclass(frozen=True)
class Appeal(Call):
    """Dispute a decision."""

    weight: ClassVar[int] = 2

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

    weight: ClassVar[int] = 2

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

    weight: ClassVar[int] = 2

    reference: str = REFERENCE

    def on_book(self, book: Book) -> tuple[Book, Any]:
        return payouts.settle(book, book.cases[self.about], self.reference)

    async def on_desk(self, stage: Stage, book: Book) -> Any:
        number = stage.numbers[self.about]
        case = await stage.desk.payouts.settle(number, self.reference, by=FINANCIER)
        asked = next(order for order in stage.gateway.asked if order.key == number)
        stage.gateway.pays(asked, Mood.SETTLED)
        return case


@dataclass(frozen=True)
class Fail(Call):
    """Say that it could not be paid, or came back."""

    weight: ClassVar[int] = 2

    def on_book(self, book: Book) -> tuple[Book, Any]:
        return payouts.fail(book, book.cases[self.about])

    async def on_desk(self, stage: Stage, book: Book) -> Any:
        number = stage.numbers[self.about]
        case = await stage.desk.payouts.fail(number, "closed", by=FINANCIER)
        stage.gateway.paid.pop(number, None)
        return case


@dataclass(frozen=True)
class Retry(Call):
    """Send a failed payout again."""

    weight: ClassVar[int] = 4

    def on_book(self, book: Book) -> tuple[Book, Any]:
        return payouts.retry(book, book.cases[self.about])

    async def on_desk(self, stage: Stage, book: Book) -> Any:
        return await stage.desk.payouts.retry(stage.numbers[self.about], by=FINANCIER)


# --- the worker, the records, auto-renewal ---------------------------------------------------


@dataclass(frozen=True)
class Send(Call):
    """A worker sends a payout: it writes that it will, asks the gateway, writes the answer."""

    weight: ClassVar[int] = 4

    async def on_desk(self, stage: Stage, book: Book) -> Any:
        await stage.desk.payouts.send(stage.numbers[self.about])

    def steps(self) -> Sequence[Step]:
        return [self._begin, self._ask, self._record]

    def _begin(self, book: Book, _memo: Memo) -> tuple[Book, Memo, str | None]:
        book, goes_on = payouts.begin(book, book.cases[self.about])
        return book, None, None if goes_on else "done"

    def _ask(self, book: Book, _memo: Memo) -> tuple[Book, Memo, str | None]:
        book, answer = payouts.ask(book, self.about)
        return book, answer, GatewayUnreachable.__name__ if answer in LOST else None

    def _record(self, book: Book, answer: Memo) -> tuple[Book, Memo, str | None]:
        return payouts.record(book, book.cases[self.about], answer), None, "done"


@dataclass(frozen=True)
class Import(Call):
    """The brand's records change: what is in the file was true when it was written."""

    only_its_cases: ClassVar[bool] = False

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

    only_its_cases: ClassVar[bool] = False

    def on_book(self, book: Book) -> tuple[Book, Any]:
        return model.end_renewal(book, self.order)

    async def on_desk(self, stage: Stage, book: Book) -> Any:
        return await stage.desk.renewals.ask(stage.customer(book.orders[self.order]), self.order)


@dataclass(frozen=True)
class MoveRenewal(Call):
    """Carry such a wish out, refuse it, or take it back."""

    only_its_cases: ClassVar[bool] = False

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

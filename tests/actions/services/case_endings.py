"""Which calls there are at a moment, and all that may come of several made at once.

Knows in which sequences their transactions can come. Leaves each call to ``case_calls``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from actions.domain.account import AccountStatus
from actions.domain.decision import Outcome
from actions.domain.errors import DeskError
from actions.domain.money import Money
from actions.domain.order import Order, OrderStatus, Refund
from actions.domain.refund_case import State
from actions.domain.renewal_cancellation import RenewalState
from tests.actions.services.case_calls import (
    STAFF,
    Appeal,
    Approve,
    Call,
    Confirm,
    EndRenewal,
    Fail,
    Give,
    Import,
    Memo,
    MoveRenewal,
    Refuse,
    Request,
    Retry,
    Review,
    Send,
    Settle,
    Step,
    Withdraw,
)
from tests.actions.services.case_model import Book, Case

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
    yield from (Appeal(name), Appeal(name, "amount", "少了"), Give(name))
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
    found = list(_endings(book, runs))
    if len({call.order for call in made}) > 1:
        found += _unseen_by_each_other(book, *made)
    return found


def _unseen_by_each_other(book: Book, one: Call, other: Call) -> Iterator[Ending]:
    """Two orders have two locks: neither case need have seen what the other has just promised."""
    if not (one.only_its_cases and other.only_its_cases):
        return
    for first, (said,) in endings(book, one):
        for second, (answered,) in endings(book, other):
            theirs = {case.name: case for case in second.of_order(other.order)}
            moods = {**first.moods, other.about: second.moods.get(other.about, ())}
            paid = {**first.paid, **second.paid}
            if theirs and other.about not in second.paid:
                paid.pop(other.about, None)
            together = replace(first, cases={**first.cases, **theirs}, paid=paid, moods=moods)
            yield together, (said, answered)


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
        sends = ([Send(name)], [Send(name), Send(name)])
        after = [end for start in new for made in sends for end, _said in endings(start, *made)]
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

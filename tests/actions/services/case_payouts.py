"""What becomes of a payout in the model of ``case_model``: in line, asked for, paid, failed.

Knows what finance says of one, and what the worker and the gateway do. Leaves how a case comes
to its payout to ``case_verbs``.
"""

from __future__ import annotations

from dataclasses import replace

from actions.domain.errors import (
    CaseNotFound,
    IllegalMove,
    OrderDisputed,
    OverRefund,
)
from actions.domain.money import Money
from actions.domain.order import OrderStatus
from actions.domain.refund_case import MOVES, State
from actions.services.payouts import NO_LONGER_OURS
from actions.storage.payouts import PayoutState
from tests.actions.services.case_model import (
    REFERENCE,
    Book,
    Case,
    Mood,
    Payout,
    owner,
    total,
)


def moved(case: Case, step: str) -> State:
    """The state after a step. Raises ``IllegalMove``."""
    if (case.state, step) not in MOVES:
        raise IllegalMove(case.name, case.state, step)
    return MOVES[case.state, step]


def must_fit(book: Book, case: Case, amount: Money) -> None:
    """Raise ``OverRefund`` if more would go back than was paid."""
    order = book.orders[case.order]
    every = book.refunds_of(*owner(order))
    others = (r.amount for r in every if r.order_number == case.order and r.reference != case.name)
    if total(order, others) + amount > order.amount:
        raise OverRefund()


# --- finance -------------------------------------------------------------------------------


def settle(book: Book, case: Case, reference: str) -> tuple[Book, Case]:
    """Finance has paid, or seen it paid."""
    payout = _payout_of(case)
    if case.state is State.PAID and payout.reference == reference:
        return book, case
    _must_be_sent(case, payout, "settle")
    book = replace(book, paid={**book.paid, case.name: Mood.SETTLED})
    return _settled(book, case, reference)


def fail(book: Book, case: Case) -> tuple[Book, Case]:
    """Finance could not pay, or the money came back."""
    _must_be_sent(case, _payout_of(case), "fail")
    kept = {name: how for name, how in book.paid.items() if name != case.name}
    return _failed(replace(book, paid=kept), case)


def retry(book: Book, case: Case) -> tuple[Book, Case]:
    """Send a failed payout on its way again."""
    payout = _payout_of(case)
    if case.state is State.PAYING and payout.tries > 1:
        return book, case
    if case.state is not State.FAILED:
        raise IllegalMove(case.name, case.state, "send")
    if book.orders[case.order].status is OrderStatus.DISPUTED:
        raise OrderDisputed()
    if book.orders[case.order].status is OrderStatus.REFUNDED:
        raise OverRefund()
    must_fit(book, case, payout.amount)
    again = Payout(PayoutState.SENDING, payout.amount, payout.at, payout.tries + 1)
    new = replace(case, state=State.PAYING, payout=again, updated_at=book.now)
    return book.keep(new), new


def _payout_of(case: Case) -> Payout:
    if case.payout is None:
        raise CaseNotFound()
    return case.payout


def _must_be_sent(case: Case, payout: Payout, step: str) -> None:
    if payout.state is not PayoutState.SENT:
        raise IllegalMove(case.name, case.state, step)


# --- the worker and the gateway ------------------------------------------------------------


def begin(book: Book, case: Case) -> tuple[Book, bool]:
    """The worker writes that it is about to ask; False if there is nothing to ask."""
    payout = _payout_of(case)
    if (case.state, payout.state) == (State.PAYING, PayoutState.SENDING):
        return book, True
    if case.state is not State.CONFIRMED or payout.state is not PayoutState.WAITING:
        return book, False
    sending = replace(payout, state=PayoutState.SENDING)
    new = replace(case, state=State.PAYING, payout=sending, updated_at=book.now)
    try:
        must_fit(book, new, payout.amount)
    except OverRefund:
        return _failed(book, new)[0], False
    if book.orders[case.order].status in NO_LONGER_OURS:
        return _failed(book, new)[0], False
    return book.keep(new), True


def ask(book: Book, name: str) -> tuple[Book, str]:
    """The gateway answers: what it has paid once it says again, and pays nothing more."""
    mood, *rest = book.moods.get(name) or (Mood.SETTLED,)
    book = replace(book, moods={**book.moods, name: tuple(rest)})
    if name in book.paid:
        return book, mood if mood in (Mood.LOST_BEFORE, Mood.LOST_AFTER) else book.paid[name]
    if mood in (Mood.SETTLED, Mood.SENT, Mood.LOST_AFTER):
        how = Mood.SETTLED if mood == Mood.LOST_AFTER else mood
        book = replace(book, paid={**book.paid, name: how})
    return book, mood


def record(book: Book, case: Case, answer: str) -> Book:
    """The worker writes the gateway's answer, unless another has."""
    payout = _payout_of(case)
    if payout.state is PayoutState.FAILED and answer in (Mood.SETTLED, Mood.SENT):
        case = replace(case, state=moved(case, "send"), updated_at=book.now)
        payout = replace(payout, state=PayoutState.SENDING)
    late = payout.state is PayoutState.SENT and answer == Mood.SETTLED
    if payout.state is not PayoutState.SENDING and not late:
        return book
    if answer == Mood.FAILED:
        return _failed(book, case)[0]
    if answer == Mood.SETTLED:
        return _settled(book, case, REFERENCE)[0]
    by_hand = answer == Mood.BY_HAND
    reference = None if by_hand else REFERENCE
    sent = replace(payout, state=PayoutState.SENT, by_hand=by_hand, reference=reference)
    return book.keep(replace(case, payout=sent))


def _settled(book: Book, case: Case, reference: str) -> tuple[Book, Case]:
    payout = replace(
        _payout_of(case), state=PayoutState.SETTLED, reference=reference, by_hand=False
    )
    new = replace(case, state=moved(case, "settle"), payout=payout, updated_at=book.now)
    return book.keep(new), new


def _failed(book: Book, case: Case) -> tuple[Book, Case]:
    payout = replace(_payout_of(case), state=PayoutState.FAILED, by_hand=False)
    new = replace(case, state=moved(case, "fail"), payout=payout, updated_at=book.now)
    return book.keep(new), new

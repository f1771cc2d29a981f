"""What every verb does to the model of ``case_model``, and which error it raises instead.

Asks the policy for its answers, as the desk does. Leaves calling the desk, and two callers at
once, to ``case_calls``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from actions.domain.account import Account
from actions.domain.appeal import APPEAL_WITHIN, MOST_APPEALS
from actions.domain.decision import Decision, Outcome
from actions.domain.errors import (
    AppealOpen,
    AppealTooLate,
    IllegalMove,
    NoAppealsLeft,
    NotRenewing,
    OrderDisputed,
    OtherCaseOpen,
    OverRefund,
    SamePerson,
    TooManyFiles,
)
from actions.domain.evidence import MOST_FILES
from actions.domain.money import Money
from actions.domain.order import Order, OrderStatus, Refund
from actions.domain.refund_case import State
from actions.domain.renewal_cancellation import RENEWING_KINDS, RenewalState
from actions.policy.engine import decide, decide_by_person
from actions.policy.facts import Facts
from actions.services.deciding import OFFER_LASTS
from actions.services.reviews import Ruling
from actions.storage.payouts import PayoutState
from actions.testing.desk import shipped_brands
from tests.actions.services.case_model import (
    CHANGED,
    CONFIRMED,
    PAYING,
    Book,
    Case,
    Payout,
    Renewal,
)
from tests.actions.services.case_payouts import moved, must_fit


def _decided(decision: Decision) -> dict[str, Any]:
    return {
        "outcome": decision.outcome,
        "amount": decision.amount,
        "needed": decision.approvals_needed,
        "approved_by": (),
    }


# --- the customer --------------------------------------------------------------------------


def request(book: Book, order_number: str, reason: str | None) -> tuple[Book, Case]:
    """Ask for a refund: a new case, or the one there is, decided anew if its facts changed."""
    case = book.open_for(order_number)
    if case is not None and _has_lapsed(book, case):
        book = book.keep(replace(case, state=State.WITHDRAWN, updated_at=book.now))
        case = None
    if case is not None:
        case, _changed = _again(book, case, reason)
        return book.keep(case), case
    if (refused := _refused_just_now(book, order_number, reason)) is not None:
        return book, refused
    facts = book.facts(book.orders[order_number], book.now, reason)
    case = Case(
        name=f"{order_number}#{len(book.of_order(order_number)) + 1}",
        order=order_number,
        state=State.DECIDED,
        **_decided(decide(facts, shipped_brands()[facts.brand])),
        opened_at=book.now,
        updated_at=book.now,
        facts=facts,
    )
    return book.keep(case), case


def _refused_just_now(book: Book, order: str, reason: str | None) -> Case | None:
    case = next(reversed(book.of_order(order)), None)
    if case is None or case.state is not State.DECIDED or case.stands_in_the_way:
        return None
    said = case.facts.reason
    if not case.by_person:
        if book.now - case.opened_at > OFFER_LASTS:
            return None
        said = reason or said
    return case if book.facts(book.orders[order], case.opened_at, said) == case.facts else None


def _has_lapsed(book: Book, case: Case) -> bool:
    if case.state is not State.DECIDED or case.outcome not in PAYING:
        return False
    since = case.updated_at if case.by_person else case.opened_at
    return book.now - since > OFFER_LASTS


def _again(book: Book, case: Case, reason: str | None) -> tuple[Case, bool]:
    if case.state is not State.DECIDED or not case.stands_in_the_way or case.by_person:
        return case, False
    order = book.orders[case.order]
    facts = book.facts(order, case.opened_at, reason or case.facts.reason)
    if facts == case.facts:
        return case, False
    answer = _decided(decide(facts, shipped_brands()[facts.brand]))
    new = replace(case, **answer, facts=facts, updated_at=book.now)
    told = (new.outcome, new.amount, new.needed) != (case.outcome, case.amount, case.needed)
    return new, told


def confirm(book: Book, case: Case) -> tuple[Book, Case | str]:
    """Say yes: a payout in line, or people asked to agree; "CaseChanged" may change the case."""
    if case.state in CONFIRMED:
        return book, case
    if _has_lapsed(book, case):
        return book, CHANGED
    new, changed = _again(book, case, None)
    if changed:
        return book.keep(new), CHANGED
    state = moved(new, "confirm")
    if new.outcome not in PAYING:
        raise IllegalMove(case.name, case.state, "confirm")
    new = replace(new, state=state, updated_at=book.now)
    if not new.needed:
        new = _promised(book, new)
    return book.keep(new), new


def _promised(book: Book, case: Case) -> Case:
    must_fit(book, case, case.amount)
    return replace(case, payout=Payout(PayoutState.WAITING, case.amount, book.now))


def withdraw(book: Book, case: Case) -> tuple[Book, Case]:
    """Take it back, before any money is on its way."""
    if case.state is State.WITHDRAWN:
        return book, case
    new = replace(case, state=moved(case, "withdraw"), updated_at=book.now)
    if new.payout is not None:
        new = replace(new, payout=replace(new.payout, state=PayoutState.VOID))
    return book.keep(new), new


def appeal(book: Book, case: Case, fact: str, words: str) -> tuple[Book, Case]:
    """Have a refusal or a part looked at by another person."""
    if case.state is State.APPEALED:
        if case.appeals[-1] != (fact, words):
            raise AppealOpen()
        return book, case
    state = moved(case, "appeal")
    if case.outcome not in (Outcome.DENIED, Outcome.PARTIAL):
        raise IllegalMove(case.name, case.state, "appeal")
    if len(case.appeals) >= MOST_APPEALS:
        raise NoAppealsLeft()
    if book.now - case.updated_at > APPEAL_WITHIN:
        raise AppealTooLate()
    if (other := book.open_for(case.order)) is not None and other.name != case.name:
        raise OtherCaseOpen()
    said = (*case.appeals, (fact, words))
    new = replace(case, state=state, appeals=said, updated_at=book.now)
    return book.keep(new), new


def give(book: Book, case: Case, file: int) -> tuple[Book, str]:
    """Add a file; the same one twice is one."""
    if file not in case.files and len(case.files) >= MOST_FILES:
        raise TooManyFiles()
    return book.keep(replace(case, files=case.files | {file})), "file"


# --- staff ---------------------------------------------------------------------------------


def review(book: Book, case: Case, ruling: Ruling, by: str) -> tuple[Book, Case]:
    """Decide what was put before a person."""
    if _is_so_already(case, ruling, by):
        return book, case
    if not case.awaits_review:
        raise IllegalMove(case.name, case.state, "review")
    pays = ruling.outcome is not Outcome.DENIED
    order = book.orders[case.order]
    facts = book.facts(order, case.opened_at, case.facts.reason)
    if pays and order.status is OrderStatus.DISPUTED:
        raise OrderDisputed()
    amount = (ruling.amount or facts.remaining) if pays else Money.zero(order.amount.currency)
    if (pays and not amount) or amount > facts.remaining:
        raise OverRefund()
    return _decided_by_person(book, case, facts, amount, by, "review")


def _is_so_already(case: Case, ruling: Ruling, by: str) -> bool:
    if case.state is not State.DECIDED or case.reviewed_by[-1:] != (by,):
        return False
    same_amount = ruling.amount is None or ruling.amount == case.amount
    return (case.outcome in PAYING) == (ruling.outcome is not Outcome.DENIED) and same_amount


def _decided_by_person(
    book: Book, case: Case, facts: Facts, amount: Money, by: str, step: str
) -> tuple[Book, Case]:
    if by in (*case.reviewed_by, *case.approved_by):
        raise SamePerson()
    brand = shipped_brands()[facts.brand]
    asked_now = replace(facts, asked_at=book.now)
    decision = decide_by_person(asked_now, brand, amount, clauses=[next(iter(brand.clauses))])
    new = replace(
        case,
        **_decided(decision),
        state=moved(case, step),
        facts=facts,
        by_person=True,
        reviewed_by=(*case.reviewed_by, by),
        updated_at=book.now,
    )
    return book.keep(new), new


def approve(book: Book, case: Case, by: str) -> tuple[Book, Case]:
    """Agree to a payout; the last one needed puts it in line."""
    if by in case.approved_by:
        return book, case
    if case.state is not State.CONFIRMED or not case.awaits_approval:
        raise IllegalMove(case.name, case.state, "approve")
    if by in case.reviewed_by:
        raise SamePerson()
    new = replace(case, approved_by=(*case.approved_by, by), updated_at=book.now)
    if not new.awaits_approval:
        new = _promised(book, new)
    return book.keep(new), new


def refuse(book: Book, case: Case, by: str) -> tuple[Book, Case]:
    """Stop a payout before there is one."""
    said_so = case.state is State.DECIDED and case.outcome not in PAYING
    if said_so and case.reviewed_by[-1:] == (by,):
        return book, case
    if case.state is not State.CONFIRMED or not case.awaits_approval:
        raise IllegalMove(case.name, case.state, "refuse")
    order = book.orders[case.order]
    facts = book.facts(order, case.opened_at, case.facts.reason)
    return _decided_by_person(book, case, facts, Money.zero(order.amount.currency), by, "refuse")


# --- records and auto-renewal --------------------------------------------------------------


def imported(
    book: Book, order: Order | None, refund: Refund | None, account: Account | None
) -> Book:
    """A file of records: auto-renewal that the desk has ended stays so."""
    orders, refunds, accounts = dict(book.orders), dict(book.refunds), dict(book.accounts)
    if order is not None:
        here = book.ended_here.get(order.order_number)
        if here is not None:
            known = order.auto_renew_cancelled_at
            at = min(known, here) if known else here
            order = replace(order, auto_renew=False, auto_renew_cancelled_at=at)
        orders[order.order_number] = order
    if refund is not None:
        refunds[refund.order_number, str(refund.reference)] = refund
    if account is not None:
        accounts[account.brand, account.id] = account
    return replace(book, orders=orders, refunds=refunds, accounts=accounts)


def end_renewal(book: Book, number: str) -> tuple[Book, str]:
    """Ask to have an auto-renewal cancelled; one wish is one case, whichever order is named."""
    order = book.orders[number]
    if order.kind not in RENEWING_KINDS:
        raise NotRenewing()
    if not order.auto_renew:
        return book, "cancelled already"
    same = _subscription(book, order)
    for renewal in book.renewals.values():
        if renewal.order in same and renewal.state is RenewalState.REQUESTED:
            return book, _told(renewal)
    count = sum(renewal.order == number for renewal in book.renewals.values())
    new = Renewal(f"{number}#{count + 1}", number, RenewalState.REQUESTED, book.now)
    return _keep_renewal(book, new), _told(new)


def move_renewal(book: Book, renewal: Renewal, to: RenewalState) -> tuple[Book, str]:
    """Carry a wish out, refuse it, or take it back."""
    if renewal.state is to:
        return book, _told(renewal)
    if renewal.state is not RenewalState.REQUESTED:
        raise IllegalMove(renewal.name, renewal.state, to)
    book = _keep_renewal(book, replace(renewal, state=to))
    if to is RenewalState.DONE:
        orders, ended = dict(book.orders), dict(book.ended_here)
        for number in _subscription(book, book.orders[renewal.order]):
            known = orders[number].auto_renew_cancelled_at
            at = min(known, renewal.asked_at) if known else renewal.asked_at
            orders[number] = replace(orders[number], auto_renew=False, auto_renew_cancelled_at=at)
            ended[number] = renewal.asked_at
        book = replace(book, orders=orders, ended_here=ended)
    return book, _told(book.renewals[renewal.name])


def _subscription(book: Book, order: Order) -> list[str]:
    if order.subscription is None:
        return [order.order_number]
    return [number for number, o in book.orders.items() if o.subscription == order.subscription]


def _keep_renewal(book: Book, renewal: Renewal) -> Book:
    return replace(book, renewals={**book.renewals, renewal.name: renewal})


def _told(renewal: Renewal) -> str:
    return f"renewal {renewal.name} {renewal.state.value}"


def later(book: Book, much: timedelta) -> Book:
    """Let time pass."""
    return replace(book, now=book.now + much)

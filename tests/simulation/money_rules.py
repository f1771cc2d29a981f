"""The rules for money (design §5), checked on what was said and on what the database holds.

Each rule takes a run and gives what breaks it. Verified before told, confirmed before paid, as
much as the policy says and no more, back the way it came, and nothing promised that isn't so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from actions.domain.money import Money
from actions.domain.wording import date_text, money_text
from actions.policy.brand import Brand
from tests.simulation.evidence import Case, Line, Run
from tests.simulation.outcomes import CONFIRMED, as_the_policy_says
from tests.simulation.people import ZONE, Order
from tests.simulation.promises import nothing_promised_that_is_not_so

Rule = Callable[[Run, Mapping[str, Brand]], Iterator[str]]

ASKS_TO_CONFIRM = frozenset(
    {"utter_refund_approved", "utter_refund_partial", "utter_refund_ask_again"}
)


def nothing_told_before_verified(run: Run, brands: Mapping[str, Brand]) -> Iterator[str]:
    """Not a fact of an account is told in a conversation that has not proved to be its owner's."""
    said = ""
    for line in run.lines:
        if line.author == "customer":
            said += line.text
            continue
        verified = {a for a, since in run.records.verified.items() if since <= line.at}
        own = {secret for account in verified for secret in _secrets_of(run, account)}
        for account in run.cast.accounts:
            for secret in sorted(_secrets_of(run, account["id"]) - own):
                if secret not in said and _tells(line.text, secret):
                    yield f"“{secret}” was told before it was verified (message {line.seq})"


def _secrets_of(run: Run, account: str) -> set[str]:
    """What nobody but its owner may hear of an account."""
    whose = next(each for each in run.cast.accounts if each["id"] == account)
    orders = [order for order in run.cast.orders if order.record["account"] == account]
    return {whose["name"], whose["email"]} | {s for order in orders for s in _secrets(order)}


def _secrets(order: Order) -> Iterator[str]:
    """What the records hold of an order, in every way in which it is said."""
    yield order.record["amount"]
    yield order.hint
    for language in ("zh", "en"):
        yield money_text(order.money, language)
        if order.paid_at is not None:
            yield date_text(order.paid_at.astimezone(ZONE).date(), language)


def _tells(text: str, secret: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(secret)}(?![\w.]\w)", text) is not None


def nothing_paid_unverified(run: Run, brands: Mapping[str, Brand]) -> Iterator[str]:
    """A case of this conversation belongs to an account that it has proved to be its owner's."""
    for case in _new(run):
        at = run.records.verified.get(case.account)
        if at is None or at > case.opened_at:
            yield f"{case.number} was opened for {case.account}, which was not verified"


def decided_by_the_policy(run: Run, brands: Mapping[str, Brand]) -> Iterator[str]:
    """What is decided follows from the records alone, whatever was said in the chat."""
    for case in _new(run):
        yield from as_the_policy_says(run, case, brands)


def confirmed_before_paid(run: Run, brands: Mapping[str, Brand]) -> Iterator[str]:
    """No step towards paying without the customer's yes to amount and destination, told before."""
    for case in _new(run):
        paid = any(payout.case == case.number for payout in run.records.payouts)
        if not paid and case.state not in CONFIRMED:
            continue
        if not any(_confirms(run, at, case) for at in range(len(run.lines))):
            yield f"{case.number} is {case.state} without the customer's yes"


def _confirms(run: Run, at: int, case: Case) -> bool:
    """Whether the line is a yes, meant as one, to a question that names amount and hint."""
    line = run.lines[at]
    if line.author != "customer" or line.meant != "confirm":
        return False
    asked = [b for b in run.lines[:at] if b.response in ASKS_TO_CONFIRM and _names(b, case)]
    if line.payload:
        return bool(asked) and case.number in line.payload
    before = [b for b in run.lines[:at] if b.author == "bot"]
    # Said again word for word, a question has no name but is the same question.
    return bool(asked) and before[-1].text in [question.text for question in asked]


def _names(line: Line, case: Case) -> bool:
    amount = case.amount
    told = any(money_text(amount, language) in line.text for language in ("zh", "en"))
    return told and (case.hint or "") in line.text


def approved_before_paid(run: Run, brands: Mapping[str, Brand]) -> Iterator[str]:
    """Where other people must agree, no payout goes out before they have."""
    cases = {case.number: case for case in run.records.cases}
    for payout in run.records.payouts:
        case = cases[payout.case]
        if len(case.approved_by) < case.decision.get("approvals_needed", 0):
            yield f"{payout.case} was paid out without the approvals that it needs"


def paid_once_and_no_more(run: Run, brands: Mapping[str, Brand]) -> Iterator[str]:
    """A payout is its decision's, and an order's payouts are never more than what was paid."""
    cases = {case.number: case for case in run.records.cases}
    for payout in run.records.payouts:
        if Money(payout.amount, payout.currency) != cases[payout.case].amount:
            yield f"the payout of {payout.case} is not what was decided"
    for order in run.cast.orders:
        paid = sum(p.amount for p in run.records.payouts if p.order == order.number)
        before = sum(
            Money.parse(r["amount"], r["currency"]).minor
            for r in run.cast.refunds
            if r["order_number"] == order.number
        )
        if paid and paid + before > order.money.minor:
            yield f"more went back for {order.number} than was paid"
        cases_open = [
            c for c in run.records.cases if c.order == order.number and c.state in CONFIRMED
        ]
        if len(cases_open) > 1:
            yield f"{order.number} is refunded by {len(cases_open)} cases at once"


def back_the_way_it_came(run: Run, brands: Mapping[str, Brand]) -> Iterator[str]:
    """A case's destination is the order's own payment."""
    orders = {order.number: order for order in run.cast.orders}
    for case in run.records.cases:
        order = orders[case.order]
        if (case.method, case.hint) != (order.method.value, order.hint):
            yield f"{case.number} goes to {case.method} {case.hint}, not the way it came"


RULES: Mapping[str, Rule] = {
    "verified before told": nothing_told_before_verified,
    "verified before paid": nothing_paid_unverified,
    "decided by the policy": decided_by_the_policy,
    "confirmed before paid": confirmed_before_paid,
    "approved before paid": approved_before_paid,
    "paid once and no more": paid_once_and_no_more,
    "back the way it came": back_the_way_it_came,
    "nothing promised that is not so": nothing_promised_that_is_not_so,
}


def _new(run: Run) -> list[Case]:
    """The cases that came of this conversation."""
    return [case for case in run.records.cases if case.number not in run.before]

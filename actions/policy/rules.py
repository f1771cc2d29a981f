"""The refund rules: pure functions, one question each.

Each takes the facts and the brand's terms and gives a verdict, or ``PASS`` when its
question is not this request's. Their order is ``engine``'s; their words are ``phrases``'.
"""

from dataclasses import replace
from datetime import date, timedelta

from actions.domain.account import AccountStatus
from actions.domain.decision import Outcome
from actions.domain.order import Kind, Order, OrderStatus
from actions.policy.facts import Facts
from actions.policy.grounds import Ground, Reason, Treatment
from actions.policy.terms import Terms
from actions.policy.verdict import PASS, Detail, Verdict, approve, deny, review

# --- for every kind of order ---------------------------------------------------------------


def nothing_was_paid(facts: Facts, terms: Terms) -> Verdict | None:
    """Where no money was taken, there is none to give back."""
    if not facts.order.captured or not facts.order.amount:
        return deny(facts, Ground.NOTHING_PAID)
    return PASS


def already_refunded(facts: Facts, terms: Terms) -> Verdict | None:
    """What has gone back in full does not go back again."""
    return PASS if facts.remaining else deny(facts, Ground.ALREADY_REFUNDED)


def records_disagree(facts: Facts, terms: Terms) -> Verdict | None:
    """A person looks where the records contradict each other about the money."""
    pending_yet_captured = facts.order.status is OrderStatus.PENDING
    if pending_yet_captured or not facts.refunds_add_up:
        return review(facts, Ground.RECORDS_DISAGREE)
    return PASS


def disputed(facts: Facts, terms: Terms) -> Verdict | None:
    """While a bank may give the money back, a person sees to it that it goes back once."""
    if facts.order.status is OrderStatus.DISPUTED:
        return review(facts, Ground.DISPUTED)
    return PASS


def never_refunded(facts: Facts, terms: Terms) -> Verdict | None:
    """Some kinds of transaction can't be refunded, whatever happened."""
    kind = terms.kinds.get(facts.order.kind)
    if kind and kind.refused_as:
        return deny(facts, kind.refused_as)
    return PASS


def failed_but_captured(facts: Facts, terms: Terms) -> Verdict | None:
    """A payment that failed and was taken all the same goes back in full."""
    if facts.order.status is OrderStatus.FAILED:
        return approve(facts, Ground.CAPTURED_FAILURE)
    return PASS


def charged_twice(facts: Facts, terms: Terms) -> Verdict | None:
    """The later of two equal charges within minutes goes back in full, whatever the window.

    It takes the twin in the records, with its money still kept: a claim is not enough, and
    once the first charge has gone back, the second is the only one.
    """
    for other in facts.orders_of_account:
        if _is_earlier_twin(other, facts.order, terms) and not facts.is_refunded(other):
            return approve(
                facts,
                Ground.DOUBLE_CHARGE,
                twin=other.order_number,
                minutes=terms.double_charge_minutes.value,
            )
    return PASS


def _is_earlier_twin(other: Order, order: Order, terms: Terms) -> bool:
    if other.paid_at is None or order.paid_at is None or not other.captured:
        return False
    same = (other.item, other.amount) == (order.item, order.amount)
    earlier = (other.paid_at, other.order_number) < (order.paid_at, order.order_number)
    apart = order.paid_at - other.paid_at
    return same and earlier and apart <= timedelta(minutes=terms.double_charge_minutes.value)


# --- subscriptions -------------------------------------------------------------------------


def within_money_back_window(facts: Facts, terms: Terms) -> Verdict | None:
    """A first purchase is refunded in full until the window closes; no reason is asked."""
    closes = _first_purchase_closes(facts, terms)
    if closes is None or terms.local_day(facts.asked_at) > closes:
        return PASS
    return approve(facts, Ground.MONEY_BACK, closes_on=closes, days=_window_days(terms))


def past_money_back_window(facts: Facts, terms: Terms) -> Verdict | None:
    """After the window a person decides; the unused whole days' share is the proposal."""
    closes = _first_purchase_closes(facts, terms)
    if closes is None or terms.local_day(facts.asked_at) <= closes:
        return PASS
    return _review_with_share(facts, terms, Ground.PAST_WINDOW, closes_on=closes)


def later_purchase(facts: Facts, terms: Terms) -> Verdict | None:
    """The money-back window is for a new subscriber's first purchase only."""
    if _treated(facts, terms, Treatment.MONEY_BACK) and not _is_first_purchase(facts, terms):
        return deny(facts, Ground.NOT_FIRST_PURCHASE)
    return PASS


def renewal_after_cancelling(facts: Facts, terms: Terms) -> Verdict | None:
    """A renewal charged after auto-renewal was cancelled goes back in full."""
    if not _treated(facts, terms, Treatment.UNLESS_CANCELLED) or facts.order.paid_at is None:
        return PASS
    same = [other for other in facts.orders_of_account if _same_subscription(other, facts.order)]
    cancelled = [
        order.auto_renew_cancelled_at
        for order in (facts.order, *same)
        if order.auto_renew_cancelled_at and order.auto_renew_cancelled_at < facts.order.paid_at
    ]
    if not cancelled:
        return PASS
    return approve(facts, Ground.RENEWAL_CANCELLED, cancelled_on=terms.local_day(max(cancelled)))


def renewal_not_cancelled(facts: Facts, terms: Terms) -> Verdict | None:
    """A renewal that nobody cancelled in time is not refunded."""
    if _treated(facts, terms, Treatment.UNLESS_CANCELLED):
        return deny(facts, Ground.RENEWAL_NOT_CANCELLED)
    return PASS


def upgrade_with_purchase(facts: Facts, terms: Terms) -> Verdict | None:
    """An upgrade goes back with the first purchase while that one's window is open."""
    if not _treated(facts, terms, Treatment.WITH_PURCHASE):
        return PASS
    first = _first_purchase_upgraded(facts)
    closes = _closes(first, terms) if first else None
    if closes is None or terms.local_day(facts.asked_at) > closes:
        return PASS
    return approve(facts, Ground.UPGRADE_IN_WINDOW, closes_on=closes)


def upgrade_alone(facts: Facts, terms: Terms) -> Verdict | None:
    """Any other upgrade is a person's to decide; the unused days' share is the proposal."""
    if _treated(facts, terms, Treatment.WITH_PURCHASE):
        return _review_with_share(facts, terms, Ground.UPGRADE_PAST_WINDOW)
    return PASS


def _treated(facts: Facts, terms: Terms, treatment: Treatment) -> bool:
    kind = terms.kinds.get(facts.order.kind)
    return kind is not None and kind.treatment is treatment


def _first_purchase_closes(facts: Facts, terms: Terms) -> date | None:
    """The last day of the money-back window, where this order is one that has it."""
    if not _treated(facts, terms, Treatment.MONEY_BACK) or not _is_first_purchase(facts, terms):
        return None
    return _closes(facts.order, terms)


def _closes(order: Order, terms: Terms) -> date | None:
    return terms.window_closes(order.paid_at) if order.paid_at else None


def _window_days(terms: Terms) -> int:
    return terms.window_days.value if terms.window_days else 0


def _counts(order: Order) -> bool:
    """Whether an order was really bought, even if its money has gone back since."""
    return order.captured and order.status not in (OrderStatus.PENDING, OrderStatus.FAILED)


def _is_first_purchase(facts: Facts, terms: Terms) -> bool:
    """Nothing was bought before; the same thing charged twice is one purchase."""
    order = facts.order
    return not any(
        _counts(other)
        and other.paid_at is not None
        and order.paid_at is not None
        and other.paid_at < order.paid_at
        and not _is_earlier_twin(other, order, terms)
        for other in facts.orders_of_account
    )


def _same_subscription(other: Order, order: Order) -> bool:
    if order.subscription is not None and other.subscription == order.subscription:
        return True
    return other.item == order.item


def _first_purchase_upgraded(facts: Facts) -> Order | None:
    """The account's first purchase, unless the records say that something else was upgraded."""
    bought = [other for other in facts.orders_of_account if _counts(other) and other.paid_at]
    first = min(bought, key=lambda other: (other.paid_at, other.order_number), default=None)
    if first is None or first.kind is not Kind.PURCHASE:
        return None
    known = {first.subscription, facts.order.subscription} - {None}
    return first if len(known) < 2 else None


def _review_with_share(facts: Facts, terms: Terms, ground: Ground, **details: Detail) -> Verdict:
    days = facts.unused_days(terms.local_day(facts.asked_at))
    if days is None:
        return review(facts, ground, **details)
    unused, total = days
    share = facts.order.amount.share(unused, total)
    return review(facts, ground, share, unused=unused, total=total, **details)


# --- where a reason is needed --------------------------------------------------------------


def out_of_time(facts: Facts, terms: Terms) -> Verdict | None:
    """After the time limit there is no refund, whatever the reason."""
    if not _treated(facts, terms, Treatment.WITH_REASON) or facts.order.paid_at is None:
        return PASS
    closes = terms.time_limit(facts.order.paid_at)
    if closes is not None and terms.local_day(facts.asked_at) > closes:
        return deny(facts, Ground.OUT_OF_TIME, closes_on=closes)
    return PASS


def with_reason(facts: Facts, terms: Terms) -> Verdict | None:
    """An accepted reason is refunded, another known one refused; a person reads free text."""
    if not _treated(facts, terms, Treatment.WITH_REASON):
        return PASS
    text = (facts.reason or "").strip()
    if not text:
        return review(facts, Ground.REASON_MISSING, facts.remaining)
    if text not in set(Reason) or text in terms.reasons.to_a_person:
        return review(facts, Ground.REASON_UNCLEAR, facts.remaining)
    if text not in terms.reasons.accepted:
        return deny(facts, Ground.REASON_NOT_ACCEPTED, reason=text)
    return approve(facts, Ground.REASON_ACCEPTED, reason=text)


def not_covered(facts: Facts, terms: Terms) -> Verdict | None:
    """A person looks at a kind of order that the policy does not speak of."""
    return review(facts, Ground.KIND_NOT_COVERED)


# --- a second look at the answer -----------------------------------------------------------

_SETTLED = (Ground.NOTHING_PAID, Ground.ALREADY_REFUNDED)


def account_in_good_standing(facts: Facts, verdict: Verdict) -> Verdict:
    """For a suspended or closed account a person decides, unless there is nothing to decide.

    What the other rules say stays on as the proposal and its grounds.
    """
    if facts.account.status is AccountStatus.ACTIVE or verdict.grounds[0] in _SETTLED:
        return verdict
    return replace(
        verdict,
        outcome=Outcome.NEEDS_REVIEW,
        grounds=(Ground.ACCOUNT_STANDING, *verdict.grounds),
        details={**verdict.details, "account_status": facts.account.status.value},
    )

"""The refund rules: pure functions, one question each.

Each takes the facts and the brand's terms and gives a verdict, or ``PASS`` when its
question is not this request's. Their order is ``engine``'s; their words are ``phrases``'.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from actions.domain.account import AccountStatus
from actions.domain.decision import Outcome
from actions.domain.money import Money
from actions.domain.order import Kind, Order, OrderStatus
from actions.policy.facts import Facts
from actions.policy.grounds import Ground, Reason, Treatment
from actions.policy.terms import PartialBy, Terms
from actions.policy.verdict import PASS, Detail, Verdict, approve, deny, part, review

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
    if not facts.refunds_add_up:
        return review(facts, Ground.RECORDS_DISAGREE)
    if facts.order.status is OrderStatus.PENDING:
        # The money was taken; whether the order may still come through, a person finds out.
        return review(facts, Ground.RECORDS_DISAGREE, facts.remaining)
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
    once the first charge has gone back, the second is the only one. While a bank may still
    give the first one back, a person looks.
    """
    twins = [twin for twin in earlier_twins(facts, terms) if not facts.is_refunded(twin)]
    kept = [twin for twin in twins if twin.status is not OrderStatus.DISPUTED]
    if kept:
        minutes = terms.double_charge_minutes.value
        return approve(facts, Ground.DOUBLE_CHARGE, twin=kept[-1].order_number, minutes=minutes)
    return review(facts, Ground.DISPUTED) if twins else PASS


def earlier_twins(facts: Facts, terms: Terms) -> list[Order]:
    """The charges that this order repeats, the nearest first.

    Of three in a row the third repeats the second and so the first, even if that one lies
    further back than the brand's minutes.
    """
    return _repeated(facts.order, reversed(facts.orders_of_account), terms, before=True)


def later_twins(facts: Facts, terms: Terms) -> list[Order]:
    """The charges that repeat this order, the nearest first."""
    return _repeated(facts.order, facts.orders_of_account, terms, before=False)


def _repeated(order: Order, others: Iterable[Order], terms: Terms, *, before: bool) -> list[Order]:
    gap, found, nearest = timedelta(minutes=terms.double_charge_minutes.value), [], order
    for other in others:
        if other.paid_at is None or nearest.paid_at is None:
            continue
        if not _equal_charge(other, order, terms):
            continue
        first, second = (other, nearest) if before else (nearest, other)
        in_order = (first.paid_at, first.order_number) < (second.paid_at, second.order_number)
        if in_order and abs(nearest.paid_at - other.paid_at) <= gap:
            found.append(other)
            nearest = other
    return found


def _equal_charge(other: Order, order: Order, terms: Terms) -> bool:
    """The same thing at the same price, really bought: a failed charge has its own rule.

    Purchase and renewal may repeat each other; a transfer of one's own money is no charge.
    """
    same = (other.item, other.amount) == (order.item, order.amount)
    return same and _counts(other) and _treatment(other, terms) is not Treatment.NEVER


# --- subscriptions -------------------------------------------------------------------------


def within_money_back_window(facts: Facts, terms: Terms) -> Verdict | None:
    """A first purchase is refunded in full until the window closes; no reason is asked."""
    closes = _first_purchase_closes(facts, terms)
    if closes is None or terms.local_day(facts.asked_at) > closes:
        return PASS
    return approve(facts, Ground.MONEY_BACK, closes_on=closes, days=_window_days(terms))


def past_money_back_window(facts: Facts, terms: Terms) -> Verdict | None:
    """After the window a person decides; the unused whole days' share is the proposal.

    A brand may also have the share paid by the policy itself, or nothing at all.
    """
    closes = _first_purchase_closes(facts, terms)
    if closes is None or terms.local_day(facts.asked_at) <= closes:
        return PASS
    if terms.partial.decided_by is PartialBy.PERSON:
        return _review_with_share(facts, terms, Ground.PAST_WINDOW, closes_on=closes)
    share, counted = _unused_share(facts, terms)
    if terms.partial.decided_by is PartialBy.NOBODY or not share:
        return deny(facts, Ground.OUT_OF_TIME, closes_on=closes)
    return part(facts, Ground.UNUSED_SHARE, share, closes_on=closes, **counted)


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
    last = max(cancelled)
    if any(other.kind is Kind.PURCHASE and _paid_after(other, last, facts.order) for other in same):
        # Bought anew after cancelling: whether that renewed by itself, the records don't say.
        return review(facts, Ground.RECORDS_DISAGREE, facts.remaining)
    return approve(facts, Ground.RENEWAL_CANCELLED, cancelled_on=terms.local_day(last))


def renewal_not_cancelled(facts: Facts, terms: Terms) -> Verdict | None:
    """A renewal that nobody cancelled in time is not refunded."""
    if _treated(facts, terms, Treatment.UNLESS_CANCELLED):
        return deny(facts, Ground.RENEWAL_NOT_CANCELLED)
    return PASS


def upgrade_with_purchase(facts: Facts, terms: Terms) -> Verdict | None:
    """An upgrade goes back with the first purchase while that one's window is open."""
    if not _treated(facts, terms, Treatment.WITH_PURCHASE):
        return PASS
    first = _purchase_upgraded(facts, terms)
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
    return _treatment(facts.order, terms) is treatment


def _treatment(order: Order, terms: Terms) -> Treatment | None:
    kind = terms.kinds.get(order.kind)
    return kind.treatment if kind else None


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
    """Whether an order was really paid for, even if its money has gone back since.

    A free trial was not.
    """
    unpaid = order.status in (OrderStatus.PENDING, OrderStatus.FAILED)
    return order.captured and bool(order.amount) and not unpaid


def _is_first_purchase(facts: Facts, terms: Terms) -> bool:
    """Nothing was bought before; the same thing charged twice is one purchase."""
    before = _bought_before(facts, terms)
    return not before or set(before) <= set(earlier_twins(facts, terms))


def _bought_before(facts: Facts, terms: Terms) -> list[Order]:
    """What the account had paid for before this order, of what the brand sells, oldest first."""
    at = facts.order.paid_at
    return [
        other
        for other in facts.orders_of_account
        if other.paid_at and at and other.paid_at < at and _counts(other)
        if other.kind in terms.kinds
    ]


def _paid_after(order: Order, moment: datetime, until: Order) -> bool:
    """Whether ``order`` was paid for between ``moment`` and another order."""
    if order.paid_at is None or until.paid_at is None:
        return False
    return moment < order.paid_at < until.paid_at and _counts(order)


def _same_subscription(other: Order, order: Order) -> bool:
    if order.subscription is not None and other.subscription == order.subscription:
        return True
    return other.item == order.item


def _purchase_upgraded(facts: Facts, terms: Terms) -> Order | None:
    """The account's first purchase, unless the records say that something else was upgraded.

    While a bank may give its money back, an upgrade does not simply go with it.
    """
    first = next(iter(_bought_before(facts, terms)), None)
    if first is None or first.kind is not Kind.PURCHASE:
        return None
    if first.status is OrderStatus.DISPUTED:
        return None
    known = {first.subscription, facts.order.subscription} - {None}
    return first if len(known) < 2 else None


def _review_with_share(facts: Facts, terms: Terms, ground: Ground, **details: Detail) -> Verdict:
    share, counted = _unused_share(facts, terms)
    return review(facts, ground, share, **counted, **details)


def _unused_share(facts: Facts, terms: Terms) -> tuple[Money, dict[str, Detail]]:
    """What the unused whole days come to, and how they were counted; nothing without a term."""
    days = facts.unused_days(terms.local_day(facts.asked_at))
    if days is None:
        return Money.zero(facts.order.amount.currency), {}
    unused, total = days
    share = terms.partial.share(facts.order.amount, unused, total)
    # What went back before was part of it: all refunds together come to the share.
    left = share - facts.refunded if facts.refunded < share else Money.zero(share.currency)
    return left, {"unused": unused, "total": total, "share": share}


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
    if text == Reason.DOUBLE_PAYMENT and _put_right_already(facts, terms):
        return review(facts, Ground.REASON_UNCLEAR, facts.remaining)
    return approve(facts, Ground.REASON_ACCEPTED, reason=text)


def _put_right_already(facts: Facts, terms: Terms) -> bool:
    """Whether the other one of two equal charges has gone back, so that this one is alone."""
    twins = (*earlier_twins(facts, terms), *later_twins(facts, terms))
    return any(facts.is_refunded(twin) for twin in twins)


def not_covered(facts: Facts, terms: Terms) -> Verdict | None:
    """A person looks at a kind of order that the policy does not speak of."""
    return review(facts, Ground.KIND_NOT_COVERED)


# --- a second look at the answer -----------------------------------------------------------

_SETTLED = (Ground.NOTHING_PAID, Ground.ALREADY_REFUNDED)


def account_in_good_standing(facts: Facts, terms: Terms, verdict: Verdict) -> Verdict:
    """For a suspended or closed account a person decides, unless there is nothing to decide.

    What the other rules say stays on as the proposal and its grounds.
    """
    if facts.account.status is AccountStatus.ACTIVE or verdict.grounds[0] in _SETTLED:
        return verdict
    status = facts.account.status.value
    return _before_a_person(verdict, Ground.ACCOUNT_STANDING, account_status=status)


def usual_velocity(facts: Facts, terms: Terms, verdict: Verdict) -> Verdict:
    """Where much has gone back to an account or means of payment lately, a person decides."""
    limits = terms.velocity
    if limits is None or not facts.refunds or not verdict.pays:
        return verdict
    of_account, by_same_means = facts.orders_refunded_within(limits.days)
    if of_account < limits.of_account and by_same_means < limits.of_instrument:
        return verdict
    return _before_a_person(verdict, Ground.UNUSUAL_VELOCITY, days=limits.days)


def _before_a_person(verdict: Verdict, ground: Ground, **details: Detail) -> Verdict:
    return replace(
        verdict,
        outcome=Outcome.NEEDS_REVIEW,
        grounds=(ground, *verdict.grounds),
        details={**verdict.details, **details},
    )

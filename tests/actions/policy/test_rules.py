"""The rules one by one, where another rule before them would hide what they say themselves."""

from dataclasses import replace
from typing import Any

import pytest

from actions.domain.money import Money
from actions.policy import rules
from actions.policy.brand import Brand
from actions.policy.terms import PartialBy, PartialTerms, Rounding

LATE = "2026-12-01T12:00:00+08:00"
UNPAID = {"status": "pending", "captured": True, "paid_at": None}


def test_what_was_taken_for_an_order_still_pending_is_proposed_to_a_person(ask: Any) -> None:
    decision = ask(status="pending", captured=True)
    assert (decision.refusal_codes, str(decision.amount)) == (("records_disagree",), "299.00 CNY")


@pytest.mark.parametrize(
    "rule",
    [
        rules.within_money_back_window,
        rules.past_money_back_window,
        rules.renewal_after_cancelling,
        rules.upgrade_with_purchase,
        rules.out_of_time,
        rules.charged_twice,
    ],
)
@pytest.mark.parametrize("brand", ["kuailian", "bitpie"])
@pytest.mark.parametrize("kind", ["purchase", "renewal", "upgrade"])
def test_of_an_order_without_a_day_of_payment_no_rule_about_days_speaks(
    ask: Any, brand: str, kind: str, rule: Any
) -> None:
    others = (ask.bought("N-0"),)
    facts = ask.facts(brand, kind=kind, others=others, **UNPAID)
    assert rule(facts, ask.brands[brand].terms) is None


def test_the_window_s_last_day_is_within_it_and_not_past_it(ask: Any) -> None:
    terms = ask.brands["kuailian"].terms
    last, next_day = (
        ask.facts(asked_at=asked_at)
        for asked_at in ("2026-10-01T23:59:59+08:00", "2026-10-02T00:00:00+08:00")
    )
    assert rules.within_money_back_window(last, terms)
    assert not rules.past_money_back_window(last, terms)
    assert not rules.within_money_back_window(next_day, terms)
    assert rules.past_money_back_window(next_day, terms)


# --- other orders whose records are not whole ----------------------------------------------


def test_an_order_of_which_nobody_noted_the_day_is_no_twin_and_hides_none(ask: Any) -> None:
    unknown = ask.bought("N-00", paid_at=None)
    first = ask.bought("N-0", paid_at="2026-09-01T09:55:00+08:00")
    for others in ((unknown, first), (first, unknown)):
        assert ask(others=others, asked_at=LATE).clauses == ("K-12",)
    assert ask(others=(unknown,), asked_at=LATE).refusal_codes == ("past_window",)


def test_a_purchase_still_pending_does_not_count_as_bought_anew_after_cancelling(ask: Any) -> None:
    pending = ask.bought("N-0", status="pending", paid_at=None)
    told = {"kind": "renewal", "cancelled_at": "2026-08-01T00:00:00Z", "others": (pending,)}
    assert ask(**told).clauses == ("K-4",)
    assert ask(**told).outcome == "approved"


def test_something_else_bought_in_between_does_not_hide_a_twin(ask: Any) -> None:
    first = ask.bought("N-0", paid_at="2026-09-01T09:55:00+08:00")
    other = ask.bought("N-00", paid_at="2026-09-01T09:57:00+08:00", item="monthly")
    assert ask(others=(first, other), asked_at=LATE).clauses == ("K-12",)


def test_where_its_twin_has_gone_back_what_was_paid_is_proposed_to_a_person(ask: Any) -> None:
    first = ask.bought("N-0", paid_at="2026-09-01T09:55:00+08:00")
    refunds = (ask.gone_back("299.00", order_number="N-0"),)
    decision = ask("bitpie", reason="double_payment", others=(first,), refunds=refunds)
    assert (decision.refusal_codes, str(decision.amount)) == (("reason_unclear",), "299.00 CNY")


@pytest.mark.parametrize(
    ("paid_at", "outcome"),
    [("2026-08-01T00:00:00Z", "approved"), ("2026-08-01T00:00:01Z", "needs_review")],
)
def test_only_what_is_bought_after_cancelling_is_bought_anew(
    ask: Any, paid_at: str, outcome: str
) -> None:
    told = {"kind": "renewal", "cancelled_at": "2026-08-01T00:00:00Z"}
    assert ask(**told, others=(ask.bought("N-0", paid_at=paid_at),)).outcome == outcome


# --- terms that a brand does not have ------------------------------------------------------


def test_a_kind_that_is_not_sold_is_never_out_of_time(ask: Any) -> None:
    assert ask("bitpie", kind="renewal", asked_at=LATE).refusal_codes == ("kind_not_covered",)


def test_a_brand_has_no_last_day_where_it_states_none(brands: dict[str, Brand], ask: Any) -> None:
    paid_at = ask.facts().order.paid_at
    assert brands["kuailian"].terms.time_limit(paid_at) is None
    assert brands["bitpie"].terms.window_closes(paid_at) is None


def test_where_nothing_is_said_of_how_often_refunds_are_not_counted(ask: Any) -> None:
    brand = ask.brands["kuailian"]
    patient = replace(brand, terms=replace(brand.terms, velocity=None))
    refunds = tuple(ask.gone_back("1.00", order_number=f"O-{n}") for n in range(9))
    assert type(ask)({"kuailian": patient})(refunds=refunds).outcome == "approved"


def test_a_refund_of_the_order_itself_is_not_one_of_other_orders(ask: Any) -> None:
    numbers = ("N-1", "O-1", "O-2")
    refunds = tuple(ask.gone_back("1.00", order_number=number) for number in numbers)
    assert ask(refunds=refunds).outcome == "approved"
    third = ask.gone_back("1.00", order_number="O-3")
    assert ask(refunds=(*refunds, third)).refusal_codes == ("unusual_velocity",)


@pytest.mark.parametrize(
    ("mine", "theirs"), [("fp_1", None), (None, "fp_1"), (None, None), ("fp_1", "fp_1")]
)
def test_where_one_record_does_not_know_the_instrument_its_last_digits_must_do(
    ask: Any, mine: str | None, theirs: str | None
) -> None:
    numbers = [f"O-{n}" for n in range(5)]
    given = {"account": "A-2", "item": "monthly", "hint": "4242", "instrument": theirs}
    others = tuple(ask.bought(number, **given) for number in numbers)
    refunds = tuple(ask.gone_back("1.00", order_number=number) for number in numbers)
    decision = ask(hint="4242", instrument=mine, others=others, refunds=refunds)
    assert decision.refusal_codes == ("unusual_velocity",)


# --- a share by the policy itself ----------------------------------------------------------


def by(ask: Any, decided_by: PartialBy) -> Any:
    """A counter at which nobody or the policy itself decides on what is left."""
    brand = ask.brands["kuailian"]
    partial = PartialTerms(decided_by, Rounding.DOWN)
    return type(ask)({"kuailian": replace(brand, terms=replace(brand.terms, partial=partial))})


def test_a_share_that_the_policy_grants_is_told_with_the_days_it_is_counted_by(ask: Any) -> None:
    decision = by(ask, PartialBy.POLICY)(asked_at=LATE)
    assert (decision.outcome, str(decision.amount)) == ("partial", "223.63 CNY")
    assert decision.explanation["zh"].startswith(
        "这笔订单的退款期已于2026年10月1日结束，按剩余的 273 天（共 365 天）计算，"
        "可以退还 ¥223.63。（K-3）"
    )
    assert decision.explanation["en"].startswith(
        "The money-back period ended on 1 October 2026; 273 of 365 days are left, so CN¥223.63"
        " goes back to you. (K-3)"
    )


def test_where_nobody_grants_a_share_the_refusal_tells_when_the_window_closed(ask: Any) -> None:
    decision = by(ask, PartialBy.NOBODY)(asked_at=LATE)
    assert (decision.outcome, decision.refusal_codes) == ("denied", ("out_of_time",))
    assert "申请截止到2026年10月1日，您在" in decision.explanation["zh"]
    assert "could ask until 1 October 2026" in decision.explanation["en"]
    assert "2026年10月1日" in decision.explanation["zh"]


@pytest.mark.parametrize(
    ("rounding", "of_four", "of_five"),
    [(Rounding.DOWN, 0, 0), (Rounding.HALF_UP, 0, 1), (Rounding.UP, 1, 1)],
)
def test_a_share_is_rounded_to_the_smallest_unit_as_the_brand_has_it(
    rounding: Rounding, of_four: int, of_five: int
) -> None:
    terms = PartialTerms(PartialBy.POLICY, rounding)
    assert terms.share(Money(4, "CNY"), 1, 10) == Money(of_four, "CNY")
    assert terms.share(Money(5, "CNY"), 1, 10) == Money(of_five, "CNY")
    assert terms.share(Money(20, "CNY"), 1, 10) == Money(2, "CNY")

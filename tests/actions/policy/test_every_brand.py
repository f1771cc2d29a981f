"""What holds for every brand: money taken, given back, disputed, charged twice, accounts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.domain.account import AccountStatus
from actions.domain.decision import Outcome
from actions.domain.errors import FactsRefused, OverRefund, ReviewRefused
from actions.domain.money import Money
from actions.domain.order import Kind, Method, Order, OrderStatus, Payment, Refund
from actions.policy import rules
from actions.policy.brand import load_brands
from actions.policy.check import requests as every_sort
from actions.policy.engine import RULES, decide, decide_by_person
from actions.policy.facts import Facts
from actions.policy.grounds import Ground
from actions.policy.terms import Terms
from actions.policy.verdict import Verdict
from actions.testing.builders import an_account

BOTH = pytest.mark.parametrize("brand", ["kuailian", "bitpie"])
LATE = "2027-01-20T00:00:00+08:00"


@BOTH
@pytest.mark.parametrize(
    "order",
    [
        {"status": "pending"},
        {"status": "pending", "paid_at": None},
        {"status": "failed"},
        {"status": "failed", "paid_at": None},
        {"status": "paid", "captured": False},
        {"amount": "0.00"},
    ],
)
def test_where_no_money_was_taken_none_goes_back(
    ask: Any, brand: str, order: dict[str, Any]
) -> None:
    decision = ask(brand, reason="wrong_operation", **order)
    assert (decision.outcome, decision.refusal_codes) == ("denied", ("nothing_paid",))


@BOTH
@pytest.mark.parametrize("paid_at", [None, "2026-01-01T00:00:00+08:00"])
def test_a_failed_payment_that_was_taken_goes_back_in_full_at_any_time(
    ask: Any, brand: str, paid_at: str | None
) -> None:
    decision = ask(brand, status="failed", captured=True, paid_at=paid_at, asked_at=LATE)
    assert (decision.outcome, str(decision.amount)) == ("approved", "299.00 CNY")


@BOTH
@pytest.mark.parametrize("amounts", [["299.00"], ["199.00", "100.00"], ["299.01"]])
def test_what_went_back_in_full_does_not_go_back_again(
    ask: Any, brand: str, amounts: list[str]
) -> None:
    refunds = tuple(ask.gone_back(amount) for amount in amounts)
    for status in ("paid", "partially_refunded", "refunded", "disputed"):
        decision = ask(brand, reason="wrong_operation", status=status, refunds=refunds)
        assert (decision.outcome, decision.refusal_codes) == ("denied", ("already_refunded",))


@BOTH
def test_an_order_marked_refunded_is_believed_without_the_entry(ask: Any, brand: str) -> None:
    decision = ask(brand, reason="wrong_operation", status="refunded")
    assert decision.refusal_codes == ("already_refunded",)


@BOTH
@pytest.mark.parametrize("status", ["paid", "partially_refunded"])
def test_of_a_partly_refunded_order_the_rest_goes_back(ask: Any, brand: str, status: str) -> None:
    refunds = (ask.gone_back("100.00"), ask.gone_back("50.00", order_number="N-9"))
    decision = ask(brand, reason="wrong_operation", status=status, refunds=refunds)
    assert (decision.outcome, str(decision.amount)) == ("approved", "199.00 CNY")
    assert "¥100.00" in decision.explanation["zh"]


@BOTH
def test_records_that_do_not_add_up_go_to_a_person(ask: Any, brand: str) -> None:
    for told in (
        {"status": "partially_refunded"},
        {"status": "pending", "captured": True},
        {"refunds": (ask.gone_back("1.00", currency="USD"),)},
    ):
        decision = ask(brand, reason="wrong_operation", **told)
        assert (decision.outcome, decision.refusal_codes) == ("needs_review", ("records_disagree",))


@BOTH
def test_a_disputed_order_goes_to_a_person_without_a_proposal(ask: Any, brand: str) -> None:
    decision = ask(brand, reason="wrong_operation", status="disputed")
    assert (decision.outcome, decision.refusal_codes) == ("needs_review", ("disputed",))
    assert decision.amount.minor == 0


@BOTH
@pytest.mark.parametrize("status", ["suspended", "closed"])
def test_a_suspended_or_closed_account_goes_to_a_person_with_the_proposal(
    ask: Any, brand: str, status: str
) -> None:
    decision = ask(brand, reason="wrong_operation", account_status=status)
    assert (decision.outcome, decision.pay_out) == ("needs_review", None)
    assert decision.refusal_codes == ("account_standing",)
    assert str(decision.amount) == "299.00 CNY"


def test_a_refusal_for_a_suspended_account_is_a_person_s_too(ask: Any) -> None:
    decision = ask(kind="renewal", account_status="suspended")
    assert decision.refusal_codes == ("account_standing", "renewal_not_cancelled")
    assert (decision.outcome, decision.amount.minor) == ("needs_review", 0)


def test_a_suspended_account_is_not_reviewed_where_there_is_nothing_to_give(ask: Any) -> None:
    assert ask(status="refunded", account_status="suspended").outcome == "denied"


# --- charged twice -------------------------------------------------------------------------

TWIN = {"paid_at": "2026-09-01T09:50:00+08:00"}


@BOTH
def test_the_later_of_two_equal_charges_goes_back_whatever_the_window(ask: Any, brand: str) -> None:
    decision = ask(brand, others=(ask.bought("N-0", **TWIN),), asked_at=LATE)
    assert (decision.outcome, str(decision.amount)) == ("approved", "299.00 CNY")
    assert decision.clauses in (("K-12",), ("B-13", "B-22"))
    assert all("N-0" in words for words in decision.explanation.values())


@pytest.mark.parametrize(
    ("paid_at", "twin"),
    [
        ("2026-09-01T09:50:00+08:00", True),
        ("2026-09-01T01:50:00Z", True),
        ("2026-09-01T09:49:59.999999+08:00", False),
        ("2026-09-01T10:00:00.000001+08:00", False),
    ],
)
def test_a_twin_was_charged_no_more_than_ten_minutes_before(
    ask: Any, paid_at: str, twin: bool
) -> None:
    decision = ask(others=(ask.bought("N-0", paid_at=paid_at),), asked_at=LATE)
    assert (decision.outcome == "approved") is twin


@pytest.mark.parametrize(
    "different",
    [
        {"item": "monthly"},
        {"amount": "298.99"},
        {"currency": "USD"},
        {"account": "A-2"},
        {"status": "failed", "captured": True},
        {"status": "paid", "captured": False},
        {"status": "refunded"},
        {"status": "pending", "paid_at": None},
    ],
)
def test_it_takes_an_equal_charge_of_the_same_account_that_was_kept(
    ask: Any, different: dict[str, Any]
) -> None:
    other = ask.bought("N-0", **{**TWIN, **different})
    decision = ask(others=(other,), asked_at=LATE, reason="double_payment")
    assert decision.clauses != ("K-12",)
    assert decision.outcome != "approved"


def test_once_the_first_charge_went_back_the_second_is_no_duplicate(ask: Any) -> None:
    decision = ask(
        others=(ask.bought("N-0", **TWIN),),
        refunds=(ask.gone_back("299.00", order_number="N-0"),),
        asked_at=LATE,
    )
    assert decision.refusal_codes == ("past_window",)


def test_the_second_charge_is_still_a_first_purchase_when_the_first_went_back(ask: Any) -> None:
    decision = ask(others=(ask.bought("N-0", **TWIN, status="refunded"),))
    assert (decision.outcome, decision.clauses) == ("approved", ("K-1",))


def test_the_first_of_two_charges_is_not_the_duplicate(ask: Any) -> None:
    later = ask.bought("N-2", paid_at="2026-09-01T10:05:00+08:00")
    assert ask(others=(later,), asked_at=LATE).outcome == "needs_review"


def test_of_charges_in_the_same_instant_exactly_one_is_the_duplicate(ask: Any) -> None:
    first, second = ask.bought("N-1"), ask.bought("N-2")
    of_first = ask(order_number="N-1", others=(second,), asked_at=LATE)
    of_second = ask(order_number="N-2", others=(first,), asked_at=LATE)
    assert [of_first.outcome, of_second.outcome] == ["needs_review", "approved"]


@BOTH
@pytest.mark.parametrize("kind", ["purchase", "renewal"])
def test_a_few_yuan_back_on_the_first_charge_leave_the_second_a_duplicate(
    ask: Any, brand: str, kind: str
) -> None:
    first = ask.bought("N-0", **TWIN, status="partially_refunded")
    refunds = (ask.gone_back("10.00", order_number="N-0"),)
    decision = ask(brand, kind=kind, others=(first,), refunds=refunds, asked_at=LATE)
    assert (decision.outcome, str(decision.amount)) == ("approved", "299.00 CNY")


def test_of_three_charges_in_a_row_the_third_repeats_the_first_through_the_second(ask: Any) -> None:
    first = ask.bought("N-1", paid_at="2026-09-01T09:44:00+08:00")
    second = ask.bought("N-2", paid_at="2026-09-01T09:52:00+08:00")
    for others, refunds in (
        ((first, second), ()),
        ((second, first), (ask.gone_back("299.00", order_number="N-2"),)),
    ):
        decision = ask(order_number="N-3", others=others, refunds=refunds, asked_at=LATE)
        assert decision.outcome == "approved"
        assert decision.clauses == ("K-12",)


@BOTH
@pytest.mark.parametrize("kind", ["purchase", "renewal"])
def test_while_a_bank_may_return_the_first_charge_a_person_looks_at_the_second(
    ask: Any, brand: str, kind: str
) -> None:
    twin = ask.bought("N-0", **TWIN, kind=kind, status="disputed")
    decision = ask(brand, kind=kind, others=(twin,), asked_at=LATE)
    assert (decision.outcome, decision.refusal_codes) == ("needs_review", ("disputed",))
    assert decision.amount.minor == 0


@BOTH
def test_asked_about_the_first_charge_the_answer_names_the_second(ask: Any, brand: str) -> None:
    later = ask.bought("N-2", paid_at="2026-09-01T10:05:00+08:00")
    decision = ask(brand, others=(later,), asked_at=LATE, reason="other")
    assert decision.would_change[0] == "later_charge"
    assert all("N-2" in words for words in decision.explanation.values())


@pytest.mark.parametrize(
    "second",
    [{"status": "refunded"}, {"status": "failed"}, {"status": "disputed"}, {"amount": "1"}],
)
def test_a_later_charge_that_went_back_or_differs_is_not_named(
    ask: Any, second: dict[str, str]
) -> None:
    later = ask.bought("N-2", paid_at="2026-09-01T10:05:00+08:00", **second)
    assert "later_charge" not in ask(others=(later,), asked_at=LATE).would_change


# --- how often -----------------------------------------------------------------------------


def refunded_before(ask: Any, count: int, **order: str) -> dict[str, tuple[Any, ...]]:
    """Other orders of which each was refunded on 2 September."""
    at = {"paid_at": "2026-09-01T11:00:00+08:00", "item": "monthly"}
    orders = tuple(ask.bought(f"O-{n}", **{**at, **order}) for n in range(count))
    refunds = tuple(ask.gone_back("1.00", order_number=f"O-{n}") for n in range(count))
    return {"others": orders, "refunds": refunds}


@BOTH
@pytest.mark.parametrize(("count", "outcome"), [(2, "approved"), (3, "needs_review")])
def test_after_three_refunds_in_thirty_days_a_person_looks_at_the_next(
    ask: Any, brand: str, count: int, outcome: str
) -> None:
    decision = ask(brand, reason="dissatisfaction", **refunded_before(ask, count))
    assert (decision.outcome, str(decision.amount)) == (outcome, "299.00 CNY")
    assert (decision.refusal_codes[:1] == ("unusual_velocity",)) is (count == 3)


@pytest.mark.parametrize(
    ("asked_at", "outcome"),
    [("2026-10-01T23:59:59+08:00", "needs_review"), ("2026-10-02T00:00:00+08:00", "approved")],
)
def test_refunds_count_for_thirty_times_twenty_four_hours(
    ask: Any, asked_at: str, outcome: str
) -> None:
    told = {"reason": "dissatisfaction", "paid_at": "2026-09-20T10:00:00+08:00"}
    decision = ask("bitpie", asked_at=asked_at, **told, **refunded_before(ask, 3))
    assert decision.outcome == outcome


@pytest.mark.parametrize(
    ("count", "hint", "outcome"),
    [(4, "4242", "approved"), (5, "4242", "needs_review"), (5, "4343", "approved")],
)
def test_refunds_to_the_same_card_count_whoever_s_account_it_is(
    ask: Any, count: int, hint: str, outcome: str
) -> None:
    known = refunded_before(ask, count, account="A-2", hint=hint)
    assert ask(hint="4242", **known).outcome == outcome


@pytest.mark.parametrize(("theirs", "outcome"), [("fp_1", "needs_review"), ("fp_2", "approved")])
def test_an_instrument_tells_cards_apart_better_than_their_last_digits(
    ask: Any, theirs: str, outcome: str
) -> None:
    known = refunded_before(ask, 5, account="A-2", hint="4242", instrument=theirs)
    assert ask(hint="4242", instrument="fp_1", **known).outcome == outcome


def test_cards_that_nobody_can_tell_apart_are_not_counted_as_one(ask: Any) -> None:
    assert ask(**refunded_before(ask, 5, account="A-2")).outcome == "approved"


def test_several_refunds_of_one_order_or_of_this_one_are_no_velocity(ask: Any) -> None:
    other = ask.bought("O-1", paid_at="2026-09-01T11:00:00+08:00")
    refunds = (
        *(ask.gone_back("1.00", order_number="O-1") for _ in range(9)),
        *(ask.gone_back("1.00") for _ in range(9)),
    )
    assert ask(others=(other,), refunds=refunds).outcome == "approved"


def test_refunds_of_orders_that_are_not_told_count_as_the_account_s(ask: Any) -> None:
    refunds = tuple(ask.gone_back("1.00", order_number=f"O-{n}") for n in range(3))
    assert ask(refunds=refunds).refusal_codes == ("unusual_velocity",)


def test_velocity_makes_nothing_of_a_refusal(ask: Any) -> None:
    refunds = tuple(ask.gone_back("1.00", order_number=f"O-{n}") for n in range(9))
    assert ask(kind="renewal", refunds=refunds).outcome == "denied"


# --- what a person decides -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "outcome"),
    [("199.00", "approved"), ("198.99", "partial"), ("0.00", "denied")],
)
def test_a_person_s_amount_is_a_decision_like_any_other(
    ask: Any, amount: str, outcome: str
) -> None:
    facts = ask.facts(asked_at=LATE, refunds=(ask.gone_back("100.00"),))
    words = {"zh": "服务多次中断。", "en": "The service was down often."}
    decision = decide_by_person(
        facts, ask.brands["kuailian"], Money.parse(amount, "CNY"), clauses=["K-3"], words=words
    )
    assert (decision.outcome, decision.amount.decimal_text()) == (outcome, amount)
    assert decision.clauses == ("K-3",)
    assert decision.refusal_codes == (("person_refused",) if outcome == "denied" else ())
    assert (decision.pay_out is None) is (outcome == "denied")
    assert all(words[language] in said for language, said in decision.explanation.items())


def test_a_person_may_name_the_code_and_large_amounts_still_need_others(ask: Any) -> None:
    brand = ask.brands["kuailian"]
    nothing = Money.zero("CNY")
    refused = decide_by_person(
        ask.facts(), brand, nothing, clauses=["K-3"], refusal_codes=["past_window"]
    )
    assert refused.refusal_codes == ("past_window",)
    large = ask.facts(amount="20000.01")
    decision = decide_by_person(large, brand, large.remaining, clauses=["K-3", "K-3"])
    assert (decision.approvals_needed, decision.approvals_by) == (2, "supervisors")
    assert decision.clauses == ("K-3", "K-20")


@pytest.mark.parametrize(
    ("minor", "named", "error"),
    [
        (29901, {"clauses": ["K-3"]}, OverRefund),
        (1, {"clauses": ["K-3"], "refusal_codes": ["past_window"]}, ReviewRefused),
        (0, {"clauses": ["K-3"], "refusal_codes": ["money_back"]}, ReviewRefused),
        (0, {"clauses": ["K-3"], "refusal_codes": ["swap_not_supported"]}, ReviewRefused),
        (0, {"clauses": ["B-1"]}, ReviewRefused),
        (0, {"clauses": []}, ReviewRefused),
    ],
)
def test_a_person_can_t_decide_outside_the_policy(
    ask: Any, minor: int, named: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        decide_by_person(ask.facts(), ask.brands["kuailian"], Money(minor, "CNY"), **named)


# --- facts that can't be decided on --------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "path"),
    [
        ({"asked_at": "2026-09-01T09:59:59+08:00"}, "asked_at"),
        ({"asked_at": "2026-09-05T12:00:00"}, "asked_at"),
        ({"paid_at": None}, "order.paid_at"),
        ({"paid_at": "2026-09-01T10:00:00"}, "order.paid_at"),
        ({"account": "A-2"}, "order.account"),
    ],
)
def test_impossible_facts_are_refused_by_their_path(
    ask: Any, told: dict[str, Any], path: str
) -> None:
    with pytest.raises(FactsRefused) as refused:
        ask(**told)
    assert [fault.path for fault in refused.value.faults] == [path]


def test_facts_of_another_brand_are_refused(ask: Any) -> None:
    facts = ask.facts("kuailian")
    with pytest.raises(FactsRefused, match="brand"):
        decide(facts, ask.brands["bitpie"])
    with pytest.raises(FactsRefused, match="account: belongs to another brand"):
        replace(facts, account=an_account(brand="bitpie"))


def test_a_rule_that_would_give_more_than_is_left_is_stopped(ask: Any) -> None:
    def greedy(facts: Facts, terms: Terms) -> Verdict:
        return Verdict(Outcome.APPROVED, facts.order.amount, (Ground.MONEY_BACK,))

    facts = ask.facts(refunds=(ask.gone_back("0.01"),))
    with pytest.raises(OverRefund):
        decide(facts, ask.brands["kuailian"], [greedy])


# --- whatever the facts --------------------------------------------------------------------

BRANDS = load_brands()
START = datetime(2025, 1, 1, tzinfo=UTC)
moments = st.integers(0, 3 * 365 * 24 * 3600).map(lambda after: START + timedelta(seconds=after))
amounts = st.builds(
    Money, st.integers(0, 500_000), st.sampled_from(["CNY", "USD", "JPY", "KWD", "ETH"])
)


def orders(brand: str, number: str) -> st.SearchStrategy[Order]:
    """Orders in every state, sensible or not."""
    return st.builds(
        Order,
        brand=st.just(brand),
        order_number=st.just(number),
        account_id=st.just("A-1"),
        item=st.sampled_from(["monthly", "yearly"]),
        kind=st.sampled_from(Kind),
        amount=amounts,
        paid_at=moments,
        status=st.sampled_from(OrderStatus),
        payment=st.builds(
            Payment, st.sampled_from(Method), captured=st.sampled_from([None, True, False])
        ),
        term_start=st.one_of(st.none(), st.dates(date(2025, 1, 1), date(2027, 1, 1))),
        term_end=st.one_of(st.none(), st.dates(date(2025, 6, 1), date(2029, 1, 1))),
        auto_renew_cancelled_at=st.one_of(st.none(), moments),
    )


@st.composite
def requests(draw: st.DrawFn) -> Facts:
    brand = draw(st.sampled_from(sorted(BRANDS)))
    order = draw(orders(brand, "N-1"))
    refunds = st.builds(Refund, st.sampled_from(["N-1", "N-2"]), amounts, moments)
    return Facts(
        brand=brand,
        asked_at=max(draw(moments), order.paid_at or datetime.max.replace(tzinfo=UTC)),
        reason=draw(st.sampled_from([None, "wrong_operation", "other", "price_change", "太贵"])),
        account=an_account(brand=brand, status=draw(st.sampled_from(AccountStatus))),
        order=order,
        other_orders=tuple(draw(st.lists(orders(brand, "N-2"), max_size=2))),
        refunds=tuple(draw(st.lists(refunds, max_size=3))),
    )


@given(requests())
def test_never_more_goes_back_than_was_paid_and_is_left(facts: Facts) -> None:
    decision = decide(facts, BRANDS[facts.brand])
    gone = [r.amount for r in facts.refunds if r.order_number == "N-1"]
    same = sum(money.minor for money in gone if money.currency == facts.order.amount.currency)
    paid = facts.order.amount.minor if facts.order.captured else 0
    assert 0 <= decision.amount.minor <= max(paid - same, 0)
    assert decision.amount.currency == facts.order.amount.currency


@given(requests())
def test_the_same_facts_give_the_same_decision(facts: Facts) -> None:
    brand = BRANDS[facts.brand]
    assert decide(facts, brand) == decide(replace(facts), brand)
    turned = replace(facts, other_orders=facts.other_orders[::-1], refunds=facts.refunds[::-1])
    assert decide(turned, brand).outcome == decide(facts, brand).outcome


@given(requests())
def test_every_decision_is_explained_in_both_languages_without_gaps(facts: Facts) -> None:
    brand = BRANDS[facts.brand]
    decision = decide(facts, brand)
    assert set(decision.explanation) == {"zh", "en"}
    for language, words in decision.explanation.items():
        assert words
        assert "{" not in words
        assert all(brand.clauses[clause].words[language] in words for clause in decision.clauses)


@given(requests(), st.integers(1, 400))
def test_asking_later_never_brings_more(facts: Facts, days: int) -> None:
    brand = BRANDS[facts.brand]
    later = replace(facts, asked_at=facts.asked_at + timedelta(days=days))
    assert decide(later, brand).amount <= decide(facts, brand).amount


# Which of these are asked first must not matter: each speaks of its own sort of order. Within
# a group the first has the word.
INDEPENDENT = (
    (rules.within_money_back_window,),
    (rules.past_money_back_window,),
    (rules.later_purchase,),
    (rules.renewal_after_cancelling, rules.renewal_not_cancelled),
    (rules.upgrade_with_purchase, rules.upgrade_alone),
    (rules.out_of_time, rules.with_reason),
)
FIRST_FREE = INDEPENDENT[0][0]


@pytest.mark.parametrize("by", range(1, len(INDEPENDENT) + 1))
def test_the_order_of_rules_for_different_sorts_of_orders_does_not_matter(by: int) -> None:
    turned = [*INDEPENDENT[by:], *INDEPENDENT[:by]][::-1]
    before, after = RULES[: RULES.index(FIRST_FREE)], RULES[-1:]
    shuffled = [*before, *(rule for group in turned for rule in group), *after]
    for brand in BRANDS.values():
        for facts in every_sort(brand):
            found, usual = decide(facts, brand, shuffled), decide(facts, brand)
            assert (found.outcome, found.amount) == (usual.outcome, usual.amount)
            assert (found.clauses, found.refusal_codes) == (usual.clauses, usual.refusal_codes)


def test_every_rule_is_either_fixed_in_its_place_or_free_of_it() -> None:
    free = [rule for group in INDEPENDENT for rule in group]
    assert list(RULES[RULES.index(FIRST_FREE) : -1]) == free

"""快连VPN: facts → decision, on both sides of each limit."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from actions.policy.terms import PartialBy, PartialTerms, Rounding
from tests.actions.policy.conftest import Counter

RENEWAL = {"kind": "renewal", "order_number": "N-2"}
LATE = "2026-10-20T00:00:00+08:00"


@pytest.mark.parametrize("item", ["monthly", "yearly", "three_years"])
def test_a_first_purchase_is_refunded_in_full_without_a_reason_whatever_the_plan(
    ask: Any, item: str
) -> None:
    decision = ask(item=item)
    assert (decision.outcome, str(decision.amount)) == ("approved", "299.00 CNY")
    assert decision.clauses == ("K-1",)
    assert decision.refusal_codes == ()
    assert decision.approvals_needed == 0
    assert decision.policy_version == ask.brands["kuailian"].version


@pytest.mark.parametrize(
    ("asked_at", "outcome"),
    [
        ("2026-09-01T10:00:00+08:00", "approved"),
        ("2026-10-01T23:59:59.999999+08:00", "approved"),
        ("2026-10-01T15:59:59Z", "approved"),
        ("2026-10-02T00:00:00+08:00", "needs_review"),
        ("2026-10-01T16:00:00Z", "needs_review"),
        ("2026-10-01T12:00:00-04:00", "needs_review"),
    ],
)
def test_the_window_closes_with_the_30th_day_after_the_day_of_purchase_in_shanghai(
    ask: Any, asked_at: str, outcome: str
) -> None:
    assert ask(asked_at=asked_at).outcome == outcome


@pytest.mark.parametrize(
    ("paid_at", "last", "first_too_late"),
    [
        # Late on 31 August in London is 1 September in Shanghai.
        ("2026-08-31T16:00:00Z", "2026-10-01T15:59:59Z", "2026-10-01T16:00:00Z"),
        ("2026-08-31T15:59:59Z", "2026-09-30T15:59:59Z", "2026-09-30T16:00:00Z"),
        # A leap day lies within the window, or begins it.
        ("2028-02-01T00:00:00+08:00", "2028-03-02T23:59:59+08:00", "2028-03-03T00:00:00+08:00"),
        ("2028-02-29T23:59:59+08:00", "2028-03-30T23:59:59+08:00", "2028-03-31T00:00:00+08:00"),
        ("2027-02-01T00:00:00+08:00", "2027-03-03T23:59:59+08:00", "2027-03-04T00:00:00+08:00"),
        ("2026-12-15T08:00:00+08:00", "2027-01-14T23:59:59+08:00", "2027-01-15T00:00:00+08:00"),
    ],
)
def test_days_are_counted_in_the_brand_s_zone_over_leap_days_and_new_year(
    ask: Any, paid_at: str, last: str, first_too_late: str
) -> None:
    assert ask(paid_at=paid_at, asked_at=last).outcome == "approved"
    assert ask(paid_at=paid_at, asked_at=first_too_late).outcome == "needs_review"


def test_past_the_window_a_person_decides_with_the_unused_days_share_worked_out(ask: Any) -> None:
    decision = ask(asked_at="2026-10-02T00:00:00+08:00")
    # 1 September up to and with 2 October are 32 days used, so 333 of 365 are left.
    assert decision.amount.minor == 29900 * 333 // 365 == 27278
    assert (decision.refusal_codes, decision.clauses) == (("past_window",), ("K-3",))
    assert (decision.pay_out, decision.approvals_needed) == (None, 0)


@pytest.mark.parametrize(
    ("asked_at", "days_left"),
    [
        ("2027-08-30T23:59:59+08:00", 1),
        ("2027-08-31T00:00:00+08:00", 0),
        ("2027-09-01T00:00:00+08:00", 0),
        ("2029-01-01T00:00:00+08:00", 0),
    ],
)
def test_a_used_up_term_leaves_nothing_to_propose(ask: Any, asked_at: str, days_left: int) -> None:
    assert ask(asked_at=asked_at).amount.minor == 29900 * days_left // 365


def test_a_term_that_has_not_begun_is_wholly_unused(ask: Any) -> None:
    decision = ask(asked_at=LATE, term_start=date(2027, 9, 1), term_end=date(2028, 9, 1))
    assert decision.amount.minor == 29900


@pytest.mark.parametrize(
    "term",
    [
        {"term_start": None},
        {"term_end": None},
        {"term_start": date(2027, 9, 1), "term_end": date(2027, 9, 1)},
    ],
)
def test_without_a_term_on_record_nothing_is_proposed(ask: Any, term: dict[str, Any]) -> None:
    decision = ask(asked_at=LATE, **term)
    assert (decision.outcome, decision.amount.minor) == ("needs_review", 0)


def test_a_later_purchase_is_not_covered_by_the_guarantee(ask: Any) -> None:
    earlier = ask.bought("N-0", paid_at="2025-01-01T00:00:00+08:00")
    decision = ask(others=(earlier,))
    assert (decision.outcome, decision.amount.minor) == ("denied", 0)
    assert (decision.refusal_codes, decision.clauses) == (("not_first_purchase",), ("K-18",))


@pytest.mark.parametrize("status", ["paid", "refunded", "partially_refunded", "disputed"])
def test_an_earlier_purchase_counts_even_if_its_money_went_back(ask: Any, status: str) -> None:
    earlier = ask.bought("N-0", paid_at="2025-01-01T00:00:00+08:00", status=status)
    assert ask(others=(earlier,)).outcome == "denied"


@pytest.mark.parametrize(
    "other",
    [
        {"status": "failed"},
        {"status": "failed", "captured": True},
        {"status": "pending", "paid_at": None},
        {"status": "paid", "captured": False},
        {"account": "A-2"},
        {"paid_at": "2026-09-02T00:00:00+08:00"},
        {"paid_at": "2026-09-01T10:00:00+08:00", "item": "extra"},
    ],
)
def test_what_was_not_bought_before_leaves_a_purchase_the_first(
    ask: Any, other: dict[str, Any]
) -> None:
    told = {"paid_at": "2025-01-01T00:00:00+08:00", **other}
    assert ask(others=(ask.bought("N-0", **told),)).outcome == "approved"


# --- renewals ------------------------------------------------------------------------------


def test_a_renewal_that_nobody_cancelled_is_not_refunded(ask: Any) -> None:
    decision = ask(**RENEWAL)
    assert (decision.outcome, decision.amount.minor, decision.pay_out) == ("denied", 0, None)
    assert (decision.refusal_codes, decision.clauses) == (("renewal_not_cancelled",), ("K-4",))


@pytest.mark.parametrize(
    ("cancelled_at", "outcome"),
    [
        ("2026-09-01T09:59:59.999999+08:00", "approved"),
        ("2026-09-01T01:59:59Z", "approved"),
        ("2026-09-01T10:00:00+08:00", "denied"),
        ("2026-09-01T10:00:01+08:00", "denied"),
    ],
)
def test_a_renewal_is_refunded_if_it_was_cancelled_before_the_charge(
    ask: Any, cancelled_at: str, outcome: str
) -> None:
    assert ask(**RENEWAL, cancelled_at=cancelled_at).outcome == outcome


@pytest.mark.parametrize(
    ("where", "outcome"),
    [
        ({"item": "yearly"}, "approved"),
        ({"item": "monthly", "subscription": "S-1"}, "approved"),
        ({"item": "monthly", "subscription": "S-2"}, "denied"),
        ({"item": "monthly"}, "denied"),
        ({"item": "yearly", "account": "A-2"}, "denied"),
    ],
)
def test_cancelling_counts_on_any_order_of_the_same_subscription_or_item(
    ask: Any, where: dict[str, Any], outcome: str
) -> None:
    purchase = ask.bought(
        "N-1",
        paid_at="2025-09-01T10:00:00+08:00",
        cancelled_at="2026-08-20T00:00:00+08:00",
        **where,
    )
    decision = ask(**RENEWAL, subscription="S-1", others=(purchase,), asked_at=LATE)
    assert decision.outcome == outcome


def test_orders_without_a_subscription_do_not_share_one(ask: Any) -> None:
    other = ask.bought(item="monthly", cancelled_at="2026-08-20T00:00:00+08:00")
    assert ask(**RENEWAL, others=(other,)).outcome == "denied"


# --- upgrades ------------------------------------------------------------------------------

UPGRADE = {"kind": "upgrade", "order_number": "N-2", "item": "plus"}
FIRST = {"paid_at": "2026-08-10T10:00:00+08:00"}


@pytest.mark.parametrize(
    ("asked_at", "outcome"),
    [("2026-09-09T23:59:59+08:00", "approved"), ("2026-09-10T00:00:00+08:00", "needs_review")],
)
def test_an_upgrade_is_refundable_while_the_first_purchase_is(
    ask: Any, asked_at: str, outcome: str
) -> None:
    decision = ask(**UPGRADE, others=(ask.bought("N-1", **FIRST),), asked_at=asked_at)
    assert (decision.outcome, decision.clauses) == (outcome, ("K-15",))


@pytest.mark.parametrize(
    "others",
    [
        [],
        [{"kind": "renewal"}],
        [{"subscription": "S-2"}],
        [{}, {"paid_at": "2025-01-01T00:00:00+08:00"}],
        [{"status": "failed"}],
        [{"account": "A-2"}],
        [{"paid_at": "2026-09-02T10:00:00+08:00"}],
    ],
)
def test_an_upgrade_of_anything_but_a_first_purchase_goes_to_a_person(
    ask: Any, others: list[dict[str, Any]]
) -> None:
    orders = tuple(ask.bought(f"O-{i}", **{**FIRST, **told}) for i, told in enumerate(others))
    decision = ask(**UPGRADE, subscription="S-1", others=orders)
    assert (decision.outcome, decision.refusal_codes) == ("needs_review", ("upgrade_past_window",))


def test_a_kind_that_subscribers_can_t_buy_goes_to_a_person(ask: Any) -> None:
    decision = ask(kind="swap")
    assert (decision.outcome, decision.refusal_codes) == ("needs_review", ("kind_not_covered",))


# --- approvals and dates -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "currency", "approvals"),
    [
        ("2000.00", "CNY", 0),
        ("2000.01", "CNY", 1),
        ("300.00", "USD", 0),
        ("300.01", "USD", 1),
        ("40000", "JPY", 0),
        ("40001", "JPY", 1),
        ("90.000", "KWD", 0),
        ("90.001", "KWD", 1),
        ("20000.00", "CNY", 1),
        ("20000.01", "CNY", 2),
        ("0.001", "TND", 1),
    ],
)
def test_a_large_amount_or_an_unusual_currency_needs_another_person_s_yes(
    ask: Any, amount: str, currency: str, approvals: int
) -> None:
    decision = ask(amount=amount, currency=currency)
    assert (decision.outcome, decision.approvals_needed) == ("approved", approvals)
    assert decision.clauses == (("K-1", "K-20") if approvals else ("K-1",))


@pytest.mark.parametrize(
    ("asked_at", "method", "expected"),
    [
        # Wednesday to Friday next week: no holiday in between, and Saturday off.
        ("2026-09-02T12:00:00+08:00", "card", (date(2026, 9, 7), date(2026, 9, 11))),
        # 1 to 7 October are holidays; 10 October, a Saturday, is worked.
        ("2026-09-29T12:00:00+08:00", "card", (date(2026, 10, 9), date(2026, 10, 14))),
        ("2026-09-29T12:00:00+08:00", "alipay", (date(2026, 9, 30), date(2026, 10, 9))),
        # It is already the 30th in Shanghai.
        ("2026-09-29T20:00:00Z", "alipay", (date(2026, 10, 8), date(2026, 10, 10))),
    ],
)
def test_money_is_promised_between_working_days_of_the_chinese_calendar(
    ask: Any, asked_at: str, method: str, expected: tuple[date, date]
) -> None:
    found = ask(asked_at=asked_at, method=method).pay_out
    assert (found.from_date, found.to_date, found.provisional) == (*expected, False)


def test_a_refund_in_crypto_needs_two_people(ask: Any) -> None:
    decision = ask(method="crypto", amount="1.00", currency="USDT")
    assert (decision.approvals_needed, decision.approvals_by) == (2, "supervisors")
    assert decision.clauses == ("K-1", "K-22")


def test_a_promise_names_the_holiday_that_makes_it_late(ask: Any) -> None:
    decision = ask(asked_at="2026-09-29T12:00:00+08:00")
    assert "2026年10月1日至10月7日国庆节放假，不计入工作日。" in decision.explanation["zh"]
    assert "1 to 7 October 2026 (National Day) is not counted." in decision.explanation["en"]
    assert "closures" not in decision.pay_out.as_json()
    assert decision.as_json()["closures"] == [
        {
            "from": "2026-10-01",
            "to": "2026-10-07",
            "name": {"zh": "国庆节", "en": "National Day"},
        }
    ]


def test_a_review_is_promised_by_a_day_too(ask: Any) -> None:
    decision = ask(asked_at="2026-10-09T12:00:00+08:00")
    # Saturday the 10th is worked, Sunday is not.
    assert decision.handling.to_date == date(2026, 10, 13)
    assert "2026年10月13日前" in decision.explanation["zh"]
    assert "until 13 October 2026" in decision.explanation["en"]


# --- what a policy owner may change --------------------------------------------------------


@pytest.fixture
def under(brands: Any) -> Any:
    """``under("policy", "half_up")(…)`` asks a kuailian with other terms for partial refunds."""

    def changed(decided_by: str, rounding: str = "down") -> Any:
        terms = brands["kuailian"].terms
        partial = PartialTerms(PartialBy(decided_by), Rounding(rounding))
        brand = replace(brands["kuailian"], terms=replace(terms, partial=partial))
        return Counter({"kuailian": brand})

    return changed


@pytest.mark.parametrize(
    ("rounding", "asked_at", "minor"),
    [
        # 333 of 365 days of 299.00 are 272.786…, and of 2 days' term one day is exactly half.
        ("down", "2026-10-02T00:00:00+08:00", 27278),
        ("half_up", "2026-10-02T00:00:00+08:00", 27279),
        ("up", "2026-10-02T00:00:00+08:00", 27279),
        ("half_up", "2026-10-03T00:00:00+08:00", 27197),
        ("up", "2026-10-03T00:00:00+08:00", 27197),
    ],
)
def test_a_brand_may_pay_the_unused_share_by_its_policy(
    under: Any, rounding: str, asked_at: str, minor: int
) -> None:
    decision = under("policy", rounding)(asked_at=asked_at)
    assert (decision.outcome, decision.amount.minor) == ("partial", minor)
    assert (decision.clauses, decision.refusal_codes) == (("K-3",), ())
    assert decision.pay_out is not None


@pytest.mark.parametrize(("rounding", "minor"), [("down", 1), ("half_up", 2), ("up", 2)])
def test_half_a_smallest_unit_goes_the_way_the_brand_says(
    under: Any, rounding: str, minor: int
) -> None:
    term = {"term_start": date(2026, 11, 19), "term_end": date(2026, 11, 21)}
    decision = under("policy", rounding)(
        asked_at="2026-11-19T12:00:00+08:00", amount="0.03", **term
    )
    assert decision.amount.minor == minor


@pytest.mark.parametrize(
    "told",
    [
        {"asked_at": "2027-09-01T00:00:00+08:00"},
        {"asked_at": LATE, "term_end": None},
    ],
)
def test_where_nothing_is_unused_the_policy_refuses(under: Any, told: dict[str, Any]) -> None:
    decision = under("policy")(**told)
    assert (decision.outcome, decision.refusal_codes) == ("denied", ("out_of_time",))


@pytest.mark.parametrize(("before", "minor"), [("100.00", 15804), ("258.03", 1), ("258.04", 0)])
def test_what_went_back_before_is_part_of_the_share(
    under: Any, ask: Any, before: str, minor: int
) -> None:
    # On 20 October 315 of 365 days are left, which come to 258.04 and a fraction.
    told = {"asked_at": LATE, "refunds": (ask.gone_back(before),)}
    assert ask(**told).amount.minor == minor
    assert under("policy")(**told).amount.minor == minor


def test_a_brand_may_refuse_all_that_is_late(under: Any) -> None:
    decision = under("nobody")(asked_at=LATE)
    assert (decision.outcome, decision.amount.minor) == ("denied", 0)
    assert decision.would_change == ("proof_of_earlier_request",)


@pytest.mark.parametrize(
    "earlier",
    [
        {"amount": "0.00"},
        {"kind": "service_fee"},
        {"status": "pending"},
        {"captured": False},
    ],
)
def test_a_trial_or_something_else_before_leaves_a_first_purchase_the_first(
    ask: Any, earlier: dict[str, Any]
) -> None:
    other = ask.bought("N-0", paid_at="2025-01-01T00:00:00+08:00", **earlier)
    assert ask(others=(other,)).clauses == ("K-1",)


@pytest.mark.parametrize(
    ("bought_at", "outcome"),
    [
        ("2026-07-31T00:00:00+08:00", "approved"),
        ("2026-08-02T00:00:00+08:00", "needs_review"),
        ("2026-09-01T10:00:00+08:00", "approved"),
    ],
)
def test_bought_anew_after_cancelling_a_person_looks_at_the_renewal(
    ask: Any, bought_at: str, outcome: str
) -> None:
    cancelled = ask.bought(
        "N-0", paid_at="2025-09-01T10:00:00+08:00", cancelled_at="2026-08-01T00:00:00+08:00"
    )
    anew = ask.bought("N-1", paid_at=bought_at, amount="399.00")
    decision = ask(**RENEWAL, others=(cancelled, anew))
    assert (decision.outcome, str(decision.amount)) == (outcome, "299.00 CNY")

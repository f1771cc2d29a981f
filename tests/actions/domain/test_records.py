"""Accounts, orders, decisions, errors and clocks say what they should."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from actions.domain import errors
from actions.domain.account import Account, email_key
from actions.domain.clock import utc_now
from actions.domain.decision import Closure, Decision, Outcome, Promise
from actions.domain.errors import BadDecision, DeskError, Fault, IllegalMove, ImportRefused
from actions.domain.money import Money
from actions.domain.order import Method, OrderStatus, Payment
from actions.domain.wording import date_range_text, date_text, money_text
from actions.testing.builders import an_order

PAY_OUT = Promise(date(2026, 9, 30), date(2026, 10, 12), provisional=True)
APPROVED = Decision(
    outcome=Outcome.APPROVED,
    amount=Money(29900, "CNY"),
    clauses=("K-1",),
    refusal_codes=(),
    approvals_needed=0,
    pay_out=PAY_OUT,
    policy_version="2026-11+0",
    explanation={"zh": "可以", "en": "yes"},
)


@pytest.mark.parametrize(
    "typed", ["li@example.com", " LI@Example.COM ", "ｌｉ＠ｅｘａｍｐｌｅ．ｃｏｍ"]
)
def test_an_e_mail_is_the_same_however_it_is_typed(typed: str) -> None:
    account = Account("kuailian", "A-1", "Li@example.com", "李雷")
    assert email_key(typed) == account.email_key()


@pytest.mark.parametrize(
    ("status", "told", "captured"),
    [
        ("paid", None, True),
        ("disputed", None, True),
        ("refunded", None, True),
        ("pending", None, False),
        ("failed", None, False),
        ("failed", True, True),
        ("paid", False, False),
    ],
)
def test_money_counts_as_taken_unless_the_payment_did_not_go_through(
    status: str, told: bool | None, captured: bool
) -> None:
    order = an_order(status=status)
    order = replace(order, payment=Payment(Method.CARD, captured=told))
    assert order.captured is captured
    assert order.status is OrderStatus(status)


def test_a_decision_reads_back_from_its_json() -> None:
    denied = replace(
        APPROVED,
        outcome=Outcome.DENIED,
        amount=Money(0, "CNY"),
        refusal_codes=("past_window",),
        pay_out=None,
    )
    for decision in (APPROVED, denied):
        assert Decision.from_json(decision.as_json()) == decision


def test_holidays_in_between_are_told_and_read_back_with_whichever_dates_are_promised() -> None:
    closed = Closure(date(2026, 10, 1), date(2026, 10, 7), {"zh": "国庆节", "en": "National Day"})
    promise = Promise(date(2026, 9, 30), date(2026, 10, 12), closures=(closed,))
    paid = replace(APPROVED, pay_out=promise)
    reviewed = replace(APPROVED, outcome=Outcome.NEEDS_REVIEW, pay_out=None, handling=promise)
    for decision in (paid, reviewed):
        assert decision.as_json()["closures"] == [
            {
                "from": "2026-10-01",
                "to": "2026-10-07",
                "name": {"zh": "国庆节", "en": "National Day"},
            }
        ]
        assert Decision.from_json(decision.as_json()) == decision


def test_a_decision_s_json_has_the_promised_shape() -> None:
    assert APPROVED.as_json() == {
        "outcome": "approved",
        "amount": "299.00",
        "currency": "CNY",
        "clauses": ["K-1"],
        "refusal_codes": [],
        "approvals_needed": 0,
        "approvals_by": None,
        "handling": None,
        "closures": [],
        "would_change": [],
        "pay_out": {"from": "2026-09-30", "to": "2026-10-12", "provisional": True},
        "policy_version": "2026-11+0",
        "explanation": {"zh": "可以", "en": "yes"},
    }


@pytest.mark.parametrize(
    "contradiction",
    [
        {"pay_out": None},
        {"amount": Money(0, "CNY")},
        {"amount": Money(-1, "CNY")},
        {"outcome": Outcome.NEEDS_REVIEW},
        {"outcome": Outcome.NEEDS_REVIEW, "pay_out": None, "amount": Money(-1, "CNY")},
        {"outcome": Outcome.DENIED, "pay_out": None, "refusal_codes": ("x",)},
        {"outcome": Outcome.DENIED, "pay_out": None, "amount": Money(0, "CNY")},
    ],
)
def test_a_decision_that_contradicts_itself_is_refused(contradiction: dict[str, Any]) -> None:
    with pytest.raises(BadDecision):
        replace(APPROVED, **contradiction)


def test_every_error_has_a_code_after_its_name_and_a_message_of_its_own() -> None:
    found = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, DeskError)
    ]
    assert len({kind.code for kind in found}) == len(found) > 20
    assert errors.OrderNotFound.code == "order_not_found"
    assert str(errors.OrderNotFound()).startswith("No order of this customer's matches")
    assert all(kind.__doc__ and kind.__doc__ != DeskError.__doc__ for kind in found[1:])


def test_errors_say_what_and_where() -> None:
    refused = ImportRefused(Fault("orders[3].amount", "is a float", 12), Fault("brand", "?"))
    assert str(refused) == "line 12: orders[3].amount: is a float\nbrand: ?"
    assert str(Fault("", "the file is empty")) == "the file is empty"
    assert str(errors.TicketTaken("wang")) == "This ticket is wang's."
    assert errors.TicketTaken("wang").owner == "wang"
    assert str(ImportRefused()) == "The file was refused; nothing of it has been written."
    assert (IllegalMove("RF-1", "paid", "send").was, errors.NotVerified("no").args) == (
        "paid",
        ("no",),
    )


def test_the_clock_is_aware_and_in_utc() -> None:
    assert utc_now().tzinfo is UTC
    assert abs((datetime.now(UTC) - utc_now()).total_seconds()) < 5


@pytest.mark.parametrize(
    ("minor", "currency", "zh", "en"),
    [
        (129900, "CNY", "¥1,299.00", "CN¥1,299.00"),
        (-990, "USD", "-US$9.90", "-US$9.90"),
        (1500, "JPY", "1,500 JPY", "1,500 JPY"),
        (1234567, "IQD", "1,234.567 IQD", "1,234.567 IQD"),
        (9_300_000_000_000_000_000, "ETH", "9.3 ETH", "9.3 ETH"),
        (12_000_000, "USDT", "12 USDT", "12 USDT"),
        (10**37, "CNY", f"¥{10**35:,}.00", f"CN¥{10**35:,}.00"),
    ],
)
def test_money_is_said_exactly_and_unmistakably(
    minor: int, currency: str, zh: str, en: str
) -> None:
    assert money_text(Money(minor, currency), "zh") == zh
    assert money_text(Money(minor, currency), "en") == en


@pytest.mark.parametrize(
    ("first", "last", "zh", "en"),
    [
        ("2026-09-01", "2026-09-01", "2026年9月1日", "1 September 2026"),
        ("2026-09-01", "2026-09-04", "2026年9月1日至9月4日", "1 to 4 September 2026"),
        ("2026-09-30", "2026-10-12", "2026年9月30日至10月12日", "30 September to 12 October 2026"),
        (
            "2026-12-31",
            "2027-01-06",
            "2026年12月31日至2027年1月6日",
            "31 December 2026 to 6 January 2027",
        ),
        ("2025-09-01", "2026-09-01", "2025年9月1日至2026年9月1日", None),
    ],
)
def test_a_range_of_days_says_no_more_than_it_must(
    first: str, last: str, zh: str, en: str | None
) -> None:
    days = date.fromisoformat(first), date.fromisoformat(last)
    assert date_range_text(*days, "zh") == zh
    assert date_range_text(*days, "en") == (en or "1 September 2025 to 1 September 2026")
    assert date_text(days[0], "zh") in zh

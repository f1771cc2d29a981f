"""Facts from JSON: every fault at its path, in both languages, and never anything but that."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from actions.domain.account import Account, AccountStatus
from actions.domain.errors import FactsRefused
from actions.domain.money import DECIMALS, MOST_DIGITS, Money
from actions.domain.order import Kind, Method, Order, OrderStatus, Payment, Refund
from actions.policy.engine import decide
from actions.policy.facts import Facts
from actions.services.facts_json import LONGEST_REASON, facts_json, read_facts
from actions.services.json_text import read_json
from actions.testing.desk import shipped_brands

BRANDS = ("kuailian", "bitpie")
HAN = re.compile(r"[\u3400-\u9fff]")

ORDER = {
    "order_number": "KL1",
    "account": "A-1",
    "item": "yearly",
    "kind": "purchase",
    "amount": "299.00",
    "currency": "CNY",
    "paid_at": "2026-09-01T10:00:00+08:00",
    "status": "paid",
    "payment": {"method": "card"},
}
REFUND = {
    "order_number": "KL1",
    "amount": "10.00",
    "currency": "CNY",
    "at": "2026-09-02T10:00:00+08:00",
}
FACTS: dict[str, Any] = {
    "brand": "kuailian",
    "asked_at": "2026-09-05T12:00:00+08:00",
    "account": {"id": "A-1", "email": "li@example.com", "name": "李雷", "status": "active"},
    "order": ORDER,
}
FULL = FACTS | {
    "reason": "other",
    "order": ORDER
    | {
        "term_start": "2026-09-01",
        "term_end": "2027-09-01",
        "auto_renew": True,
        "auto_renew_cancelled_at": "2026-09-02T10:00:00Z",
        "last_used_at": "2026-09-04T10:00:00Z",
        "subscription": "S-1",
        "payment": {
            "method": "card",
            "hint": "4242",
            "gateway": "manual",
            "reference": "ch_1",
            "captured": True,
        },
    },
    "other_orders": [ORDER | {"order_number": name} for name in ("KL0", "KL2", "KL3")],
    "refunds": [REFUND],
}

Path = tuple[str | int, ...]
ABSENT = object()


def with_at(facts: Any, path: Path, value: Any) -> Any:
    """A copy of ``facts`` with another value at ``path``, or without it."""
    if not path:
        return value
    changed = json.loads(json.dumps(facts))  # nothing in it is shared
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    if value is ABSENT:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return changed


def paths_of(found: Any, path: Path = ()) -> list[Path]:
    """The path of every value within ``found``, itself first."""
    if isinstance(found, dict):
        return [path] + [p for key, inner in found.items() for p in paths_of(inner, (*path, key))]
    if isinstance(found, list):
        return [path] + [p for n, inner in enumerate(found) for p in paths_of(inner, (*path, n))]
    return [path]


def faults_in(found: Any, **more: str) -> list[str]:
    """The path of each fault; each is told in both languages."""
    with pytest.raises(FactsRefused) as refused:
        read_facts(found, BRANDS, **more)
    faults = refused.value.faults
    for fault in faults:
        zh, _, en = fault.message.partition(" · ")
        assert HAN.search(zh), fault
        assert en, fault
        assert not HAN.search(en), fault
    return [fault.path for fault in faults]


def test_the_least_that_is_needed_is_enough() -> None:
    facts = read_facts(FACTS, BRANDS)
    assert facts.order.amount == Money(29900, "CNY")
    assert facts.order.captured
    assert (facts.reason, facts.other_orders, facts.refunds) == (None, (), ())


def test_everything_that_may_be_said_is_read() -> None:
    facts = read_facts(FULL, BRANDS)
    assert facts.reason == "other"
    assert [order.order_number for order in facts.other_orders] == ["KL0", "KL2", "KL3"]
    assert facts.refunded == Money(1000, "CNY")
    assert facts.order.payment == Payment(Method.CARD, "4242", "manual", "ch_1", True)
    assert facts.order.subscription == "S-1"


@pytest.mark.parametrize(
    "path",
    [
        ("brand",),
        ("asked_at",),
        ("account",),
        *(("account", name) for name in ("id", "email", "name", "status")),
        ("order",),
        *(("order", name) for name in ORDER),
        ("order", "payment", "method"),
        ("other_orders", 2, "payment", "method"),
        ("refunds", 0, "at"),
        ("refunds", 0, "order_number"),
        ("refunds", 0, "amount"),
        ("refunds", 0, "currency"),
    ],
)
def test_what_is_required_is_missed_where_it_should_be(path: Path) -> None:
    where = "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in path)[1:]
    assert faults_in(with_at(FULL, path, ABSENT)) == [where]
    assert faults_in(with_at(FULL, path, None)) == [where]


@pytest.mark.parametrize(
    "path",
    [("reason",), ("other_orders",), ("refunds",)]
    + [
        path
        for path in paths_of(FULL)
        if len(path) == 2 and path[0] == "order" and path[1] not in ORDER
    ]
    + [("order", "payment", name) for name in ("hint", "gateway", "reference", "captured")],
)
def test_all_else_may_be_absent_or_null(path: Path) -> None:
    absent = read_facts(with_at(FULL, path, ABSENT), BRANDS)
    assert absent == read_facts(with_at(FULL, path, None), BRANDS)
    assert absent != read_facts(FULL, BRANDS)


def test_what_nobody_knows_is_passed_over() -> None:
    more = with_at(FACTS, ("order", "colour"), {"a": [[[1.5]]]}) | {"trace": 7}
    assert read_facts(more, BRANDS) == read_facts(FACTS, BRANDS)


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("brand", "nobody", "brand"),
        ("brand", 7, "brand"),
        ("brand", " ", "brand"),
        ("asked_at", "2026-09-05T12:00:00", "asked_at"),
        ("asked_at", "2026-09-05", "asked_at"),
        ("asked_at", "yesterday", "asked_at"),
        ("asked_at", 1788000000, "asked_at"),
        ("asked_at", "2026-02-30T12:00:00Z", "asked_at"),
        ("asked_at", "0001-01-01T00:00:00+14:00", "asked_at"),
        ("asked_at", "9999-12-31T23:59:59-12:00", "asked_at"),
        ("asked_at", "3000-01-01T00:00:00Z", "asked_at"),
        ("asked_at", "2026-09-01T01:59:59Z", "asked_at"),
        ("reason", 5, "reason"),
        ("reason", True, "reason"),
        ("reason", ["other"], "reason"),
        ("reason", "x" * (LONGEST_REASON + 1), "reason"),
        ("reason", "a\0b", "reason"),
        ("reason", "\ud83d", "reason"),
        ("account", [], "account"),
        ("account", "A-1", "account"),
        ("account.id", 7, "account.id"),
        ("account.id", "x" * 129, "account.id"),
        ("account.email", "li", "account.email"),
        ("account.email", True, "account.email"),
        ("account.name", "", "account.name"),
        ("account.name", "\ud83d", "account.name"),
        ("account.language", "fr", "account.language"),
        ("account.status", "happy", "account.status"),
        ("account.status", [], "account.status"),
        ("order.account", "A-2", "order.account"),
        ("order.order_number", "\0", "order.order_number"),
        ("order.kind", "gift", "order.kind"),
        ("order.kind", 1, "order.kind"),
        ("order.amount", 299, "order.amount"),
        ("order.amount", 299.0, "order.amount"),
        ("order.amount", True, "order.amount"),
        ("order.amount", "299.001", "order.amount"),
        ("order.amount", "-299.00", "order.amount"),
        ("order.amount", "1,299.00", "order.amount"),
        ("order.amount", "２９９", "order.amount"),
        ("order.amount", "", "order.amount"),
        ("order.amount", "9" * 60, "order.amount"),
        ("order.currency", "XXX", "order.currency"),
        ("order.currency", "cny", "order.currency"),
        ("order.currency", 156, "order.currency"),
        ("order.paid_at", "2026-09-01T10:00:00", "order.paid_at"),
        ("order.paid_at", "1969-12-31T00:00:00Z", "order.paid_at"),
        ("order.status", "lost", "order.status"),
        ("order.term_start", "2026-13-01", "order.term_start"),
        ("order.term_start", "1969-12-31", "order.term_start"),
        ("order.term_end", "2026-08-31", "order.term_end"),
        ("order.term_end", 20270901, "order.term_end"),
        ("order.auto_renew", "yes", "order.auto_renew"),
        ("order.auto_renew", 1, "order.auto_renew"),
        ("order.auto_renew_cancelled_at", "2026-09-02", "order.auto_renew_cancelled_at"),
        ("order.subscription", " ", "order.subscription"),
        ("order.payment", "card", "order.payment"),
        ("order.payment.method", "cash", "order.payment.method"),
        ("order.payment.captured", "true", "order.payment.captured"),
        ("order.payment.hint", 4242, "order.payment.hint"),
        ("other_orders", {}, "other_orders"),
        ("other_orders.1", 7, "other_orders[1]"),
        ("other_orders.2.payment.method", "cash", "other_orders[2].payment.method"),
        ("other_orders.0.amount", 1.5, "other_orders[0].amount"),
        ("refunds", "none", "refunds"),
        ("refunds.0.at", "2026-09-02", "refunds[0].at"),
        ("refunds.0.amount", 10, "refunds[0].amount"),
        ("refunds.0.reference", 1, "refunds[0].reference"),
    ],
)  # fmt: skip
def test_a_fault_is_found_at_its_path_and_nowhere_else(path: str, value: Any, where: str) -> None:
    steps = tuple(int(step) if step.isdigit() else step for step in path.split("."))
    assert faults_in(with_at(FULL, steps, value)) == [where]


def test_all_faults_are_named_at_once() -> None:
    bad = with_at(with_at(FULL, ("order", "amount"), 1), ("order", "currency"), "XXX")
    bad = with_at(with_at(bad, ("refunds", 0, "at"), "now"), ("reason",), 7)
    assert faults_in(bad) == ["reason", "order.currency", "order.amount", "refunds[0].at"]


@pytest.mark.parametrize("found", [None, True, 7, 1.5, "text", [], [FACTS]])
def test_what_is_no_object_is_refused_as_a_whole(found: Any) -> None:
    assert faults_in(found) == [""]


def test_another_brand_than_asked_for_is_a_fault() -> None:
    assert faults_in(FACTS, only="bitpie") == ["brand"]
    assert read_facts(FACTS, BRANDS, only="kuailian") == read_facts(FACTS, BRANDS)


def test_the_very_instant_of_paying_is_not_too_early() -> None:
    facts = read_facts(FACTS | {"asked_at": "2026-09-01T02:00:00Z"}, BRANDS)
    assert facts.asked_at == facts.order.paid_at


@pytest.mark.parametrize("status", list(OrderStatus))
def test_only_what_is_unpaid_may_lack_the_time_of_payment(status: OrderStatus) -> None:
    found = with_at(with_at(FACTS, ("order", "paid_at"), None), ("order", "status"), status.value)
    if status in (OrderStatus.PENDING, OrderStatus.FAILED):
        assert not read_facts(found, BRANDS).order.captured
    else:
        assert faults_in(found) == ["order.paid_at"]


@pytest.mark.parametrize("blank", ["", " ", "\n\t", "\u3000"])
def test_a_blank_reason_is_none(blank: str) -> None:
    assert read_facts(FACTS | {"reason": blank}, BRANDS).reason is None


def test_a_reason_is_kept_as_it_was_written() -> None:
    """A code with spaces around it is the customer's words, not a code."""
    assert read_facts(FACTS | {"reason": " other "}, BRANDS).reason == " other "
    longest = "理" * LONGEST_REASON
    assert read_facts(FACTS | {"reason": longest}, BRANDS).reason == longest


# --- the text itself -----------------------------------------------------------------------


def text_faults(text: bytes) -> list[str]:
    with pytest.raises(FactsRefused) as refused:
        read_json(text)
    assert all(HAN.search(fault.message) for fault in refused.value.faults)
    return [fault.path for fault in refused.value.faults]


@pytest.mark.parametrize(
    "text",
    [b"", b" \n", b"{", b"{]", b"nonsense", b"{}{}", b'{"a": NaN}', b"[-Infinity]", b"\xff\xfe{}"],
)
def test_what_is_not_json_is_refused_as_a_whole(text: bytes) -> None:
    assert text_faults(text) == [""]


def test_where_the_text_breaks_is_said() -> None:
    with pytest.raises(FactsRefused, match=r"第 3 行第 1 列.*line 3, column 1"):
        read_json(b'{"a": 1,\n"b": 2\n"c": 3}')
    with pytest.raises(FactsRefused, match=r"（第 2 列）.*\(column 2\)"):
        read_json(b"{bad}\n")


@pytest.mark.parametrize("text", [b"[" * 200_000, b'{"a":' * 200_000, b"9" * 5000])
def test_what_python_itself_can_not_read_is_refused(text: bytes) -> None:
    assert text_faults(text) == [""]


def test_a_key_that_stands_twice_is_named_by_its_path() -> None:
    text = b'{"a": [{"b": 1}, {"b": 1, "b": 2}], "c": {"d": {"e": 1, "e": 1}}, "c": 7, "a": []}'
    assert sorted(text_faults(text)) == ["a", "c"]
    text = b'{"a": [{"b": 1}, {"b": 1, "b": 2}], "c": {"d": {"e": 1, "e": 1}}}'
    assert sorted(text_faults(text)) == ["a[1].b", "c.d.e"]


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read_json(b'\xef\xbb\xbf{"a": "\xe7\x90\x86"}') == {"a": "理"}


# --- whatever comes ------------------------------------------------------------------------

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
likely = st.sampled_from(
    [
        *("0", "0.00", "1" * 38, "KL0", "KL1", "A-2", "bitpie", "refunded", "failed", "disputed"),
        *(member.value for words in (Kind, Method, OrderStatus) for member in words),
        *DECIMALS,
        *("1970-01-01T00:00:00+23:59", "2999-12-31T23:59:59-23:59", "2026-10-01T23:59:59+08:00"),
        *("1970-01-01", "9999-12-31", "2026-09-01", ABSENT, None, True, False, [], {}),
    ]
)


@given(anything)
def test_any_json_is_facts_or_is_refused(found: Any) -> None:
    if not isinstance(found, dict):
        assert faults_in(found) == [""]
    else:
        assert faults_in(found)


@given(st.lists(st.tuples(st.sampled_from(paths_of(FULL)), likely | anything), max_size=5))
def test_any_change_gives_facts_that_can_be_decided_on_or_faults(
    changes: list[tuple[Path, Any]],
) -> None:
    found: Any = FULL
    for path, value in changes:
        try:
            found = with_at(found, path, value)
        except (LookupError, TypeError):
            continue  # what is to be changed is gone already
        if found is ABSENT:
            found = None
    try:
        facts = read_facts(found, BRANDS)
    except FactsRefused:
        assert faults_in(found)
        return
    decision = decide(facts, shipped_brands()[facts.brand])
    json.dumps(decision.as_json(), ensure_ascii=False).encode()
    assert read_facts(facts_json(facts), BRANDS) == facts


@given(
    st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace"))
)
def test_any_bytes_are_json_or_are_refused(text: bytes) -> None:
    try:
        found = read_json(text)
    except FactsRefused:
        assert text_faults(text)
    else:
        assert json.loads(text.decode("utf-8-sig")) == found


# --- there and back ------------------------------------------------------------------------

words = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=30
).map(str.strip).filter(bool)  # fmt: skip
zones = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
times = st.builds(
    lambda seconds, zone: datetime.fromtimestamp(seconds, zone),
    st.integers(2 * 10**7, 3 * 10**10),
    zones,
)
days = st.dates(date(1970, 1, 1))
money = st.builds(Money, st.integers(0, 10**MOST_DIGITS - 1), st.sampled_from(sorted(DECIMALS)))
payments = st.builds(
    Payment,
    st.sampled_from(Method),
    hint=st.none() | words,
    gateway=st.none() | words,
    reference=st.none() | words,
    captured=st.none() | st.booleans(),
)


def orders(account: st.SearchStrategy[str]) -> st.SearchStrategy[Order]:
    return st.builds(
        Order,
        brand=st.just("kuailian"),
        order_number=words,
        account_id=account,
        item=words,
        kind=st.sampled_from(Kind),
        amount=money,
        paid_at=times,
        status=st.sampled_from(OrderStatus),
        payment=payments,
        term_start=st.none() | days.filter(lambda day: day.year < 2500),
        term_end=st.none() | days.filter(lambda day: day.year >= 2500),
        auto_renew=st.none() | st.booleans(),
        auto_renew_cancelled_at=st.none() | times,
        last_used_at=st.none() | times,
        subscription=st.none() | words,
    )


refunds = st.builds(Refund, words, money, times, st.none() | words)


@given(
    asked_at=times,
    reason=st.none() | words,
    order=orders(st.just("A-1")),
    others=st.lists(orders(words), max_size=2),
    gone=st.lists(refunds, max_size=2),
    account=st.builds(
        Account,
        brand=st.just("kuailian"),
        id=st.just("A-1"),
        email=st.just("li@example.com"),
        name=words,
        language=st.sampled_from([None, "zh", "en"]),
        status=st.sampled_from(AccountStatus),
    ),
)
def test_facts_come_back_from_their_json_as_they_were(
    asked_at: datetime,
    reason: str | None,
    order: Order,
    others: list[Order],
    gone: list[Refund],
    account: Account,
) -> None:
    assume(order.paid_at is not None and asked_at >= order.paid_at)
    facts = Facts("kuailian", asked_at, reason, account, order, tuple(others), tuple(gone))
    found = read_json(json.dumps(facts_json(facts)).encode())
    assert read_facts(found, BRANDS) == facts
    assert facts_json(read_facts(found, BRANDS)) == found


def test_the_same_instants_in_other_zones_give_the_same_json() -> None:
    facts = read_facts(FULL, BRANDS)

    def moved(text: str) -> str:
        return datetime.fromisoformat(text).astimezone(UTC).isoformat()

    same = with_at(FULL, ("asked_at",), moved(FULL["asked_at"]))
    same = with_at(same, ("order", "paid_at"), moved(ORDER["paid_at"]))
    assert facts_json(read_facts(same, BRANDS)) == facts_json(facts)

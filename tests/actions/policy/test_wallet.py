"""比特派: facts → decision, on both sides of each limit."""

from typing import Any

import pytest

ACCEPTED = ["wrong_operation", "double_payment", "dissatisfaction"]


@pytest.mark.parametrize("kind", ["service_fee", "purchase"])
@pytest.mark.parametrize("reason", ACCEPTED)
def test_fees_and_purchases_are_refunded_for_an_accepted_reason(
    ask: Any, kind: str, reason: str
) -> None:
    decision = ask("bitpie", kind=kind, reason=reason)
    assert (decision.outcome, str(decision.amount)) == ("approved", "299.00 CNY")
    assert (decision.clauses, decision.refusal_codes) == (("B-2", "B-22"), ())
    assert decision.approvals_needed == 0


@pytest.mark.parametrize("method", ["card", "third_party", "crypto"])
def test_crypto_alone_always_needs_two_people_s_yes(ask: Any, method: str) -> None:
    decision = ask("bitpie", reason="dissatisfaction", method=method, amount="1.00")
    assert decision.outcome == "approved"
    assert decision.approvals_needed == (2 if method == "crypto" else 0)
    clause = {"card": "B-22", "third_party": "B-23", "crypto": "B-9"}[method]
    assert decision.clauses == ("B-2", clause)


def test_an_approval_is_given_time_in_the_promised_dates(ask: Any) -> None:
    asked_at = "2026-09-02T12:00:00+08:00"
    told = {"reason": "dissatisfaction", "asked_at": asked_at}
    by_card = ask("bitpie", **told, method="alipay").pay_out
    by_crypto = ask("bitpie", **told, method="crypto").pay_out
    assert by_card.from_date == by_crypto.from_date
    assert (by_crypto.to_date - by_card.to_date).days == 2


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (None, "reason_missing"),
        ("", "reason_missing"),
        ("  ", "reason_missing"),
        ("我点错了", "reason_unclear"),
        ("wrong operation", "reason_unclear"),
        ("WRONG_OPERATION", "reason_unclear"),
        ("other", "reason_unclear"),
    ],
)
def test_a_missing_or_free_reason_goes_to_a_person(ask: Any, reason: str | None, code: str) -> None:
    decision = ask("bitpie", reason=reason)
    assert (decision.outcome, decision.refusal_codes) == ("needs_review", (code,))
    assert str(decision.amount) == "299.00 CNY"


@pytest.mark.parametrize("reason", ["price_change", "not_received"])
def test_a_known_reason_outside_the_policy_is_refused(ask: Any, reason: str) -> None:
    decision = ask("bitpie", reason=reason)
    assert (decision.outcome, decision.refusal_codes) == ("denied", ("reason_not_accepted",))
    assert decision.clauses == ("B-5",)


@pytest.mark.parametrize(
    ("asked_at", "outcome"),
    [
        ("2026-10-01T23:59:59+08:00", "approved"),
        ("2026-10-01T15:59:59Z", "approved"),
        ("2026-10-02T00:00:00+08:00", "denied"),
        ("2026-10-01T16:00:00Z", "denied"),
    ],
)
def test_out_of_time_is_refused_by_the_day_in_shanghai(
    ask: Any, asked_at: str, outcome: str
) -> None:
    assert ask("bitpie", reason="wrong_operation", asked_at=asked_at).outcome == outcome


def test_out_of_time_is_refused_before_the_reason_is_asked(ask: Any) -> None:
    decision = ask("bitpie", reason=None, asked_at="2027-01-01T00:00:00+08:00")
    assert (decision.refusal_codes, decision.clauses) == (("out_of_time",), ("B-4",))


@pytest.mark.parametrize(
    ("kind", "code", "clause"),
    [
        ("onchain_transfer", "onchain_irreversible", "B-6"),
        ("swap", "swap_not_supported", "B-7"),
    ],
)
def test_on_chain_transfers_and_swaps_are_refused_with_what_can_still_be_done(
    ask: Any, kind: str, code: str, clause: str
) -> None:
    decision = ask("bitpie", kind=kind, reason="wrong_operation", amount="9.3", currency="ETH")
    assert (decision.outcome, decision.refusal_codes) == ("denied", (code,))
    assert (decision.clauses, decision.amount.decimal_text()) == ((clause,), "0.000000000000000000")
    advice = next(words for ground, words in ask.brands["bitpie"].advice.items() if ground == code)
    assert all(advice[language] in decision.explanation[language] for language in ("zh", "en"))


@pytest.mark.parametrize("kind", ["onchain_transfer", "swap"])
def test_what_was_done_on_chain_stays_refused_even_if_it_was_done_twice(
    ask: Any, kind: str
) -> None:
    twin = ask.bought("N-0", kind=kind, paid_at="2026-09-01T09:59:00+08:00")
    assert ask("bitpie", kind=kind, others=(twin,)).outcome == "denied"
    assert (
        ask("bitpie", kind=kind, others=(twin,), asked_at="2026-12-01T00:00:00Z").amount.minor == 0
    )


@pytest.mark.parametrize("kind", ["onchain_transfer", "swap"])
def test_what_failed_was_not_done_and_goes_back_if_it_was_taken(ask: Any, kind: str) -> None:
    decision = ask("bitpie", kind=kind, status="failed", captured=True, method="crypto")
    assert (decision.outcome, decision.approvals_needed) == ("approved", 2)
    assert decision.clauses == ("B-14", "B-9")


@pytest.mark.parametrize("kind", ["renewal", "upgrade"])
def test_a_kind_that_a_wallet_does_not_sell_goes_to_a_person(ask: Any, kind: str) -> None:
    decision = ask("bitpie", kind=kind, reason="wrong_operation")
    assert (decision.outcome, decision.refusal_codes) == ("needs_review", ("kind_not_covered",))


def test_of_two_equal_payments_a_claim_brings_one_back_and_a_person_looks_at_the_other(
    ask: Any,
) -> None:
    first = ask.bought("N-1", kind="service_fee")
    second = ask.bought("N-2", kind="service_fee", paid_at="2026-09-01T10:01:00+08:00")
    told = {"kind": "service_fee", "reason": "double_payment"}
    for number, at, other in (
        ("N-1", "2026-09-01T10:00:00+08:00", second),
        ("N-2", "2026-09-01T10:01:00+08:00", first),
    ):
        asked = {**told, "order_number": number, "paid_at": at, "others": (other,)}
        assert ask("bitpie", **asked).outcome == "approved"
        gone = ask.gone_back("299.00", order_number=other.order_number)
        decision = ask("bitpie", **asked, refunds=(gone,))
        assert (decision.outcome, decision.refusal_codes) == ("needs_review", ("reason_unclear",))


def test_a_transfer_of_one_s_own_money_is_no_charge_that_a_fee_could_repeat(ask: Any) -> None:
    transfer = ask.bought("N-0", kind="onchain_transfer", paid_at="2026-09-01T09:59:00+08:00")
    decision = ask("bitpie", kind="service_fee", others=(transfer,), reason="wrong_operation")
    assert decision.clauses == ("B-2", "B-22")

"""What a decision carries beside its outcome: who must agree, what would change it, what it says
of the wrong facts and of a person who decides outside the policy.
"""

from typing import Any

import pytest

from actions.domain.errors import FactsRefused, Fault, OverRefund, ReviewRefused
from actions.domain.money import Money
from actions.policy.engine import decide, decide_by_person
from actions.testing.builders import an_account

LATE = "2027-01-20T00:00:00+08:00"
AGAIN = {"paid_at": "2026-09-01T10:05:00+08:00"}
NOTHING = Money.zero("CNY")


@pytest.mark.parametrize(
    ("minor", "clauses", "codes", "message"),
    [
        (0, [], [], "A decision names the clauses that it rests on."),
        (0, ["K-3", "B-1", "B-2"], [], "There is no clause B-1."),
        (
            0,
            ["K-3"],
            ["past_window", "swap_not_supported"],
            "swap_not_supported is not a refusal code of this brand.",
        ),
        (0, ["K-3"], ["money_back"], "money_back is not a refusal code of this brand."),
        (1, ["K-3"], ["past_window"], "A refusal code goes with a refusal only."),
    ],
)
def test_a_person_who_decides_outside_the_policy_is_told_what_is_wrong(
    ask: Any, minor: int, clauses: list[str], codes: list[str], message: str
) -> None:
    with pytest.raises(ReviewRefused) as refused:
        decide_by_person(
            ask.facts(),
            ask.brands["kuailian"],
            Money(minor, "CNY"),
            clauses=clauses,
            refusal_codes=codes,
        )
    assert str(refused.value) == message


def test_a_person_can_t_decide_on_another_brand_s_facts(ask: Any) -> None:
    with pytest.raises(FactsRefused) as refused:
        decide_by_person(ask.facts(), ask.brands["bitpie"], NOTHING, clauses=["B-1"])
    assert refused.value.faults == (Fault("brand", "is not bitpie"),)
    with pytest.raises(FactsRefused) as refused:
        decide(ask.facts("bitpie"), ask.brands["kuailian"])
    assert refused.value.faults == (Fault("brand", "is not kuailian"),)


def test_a_person_can_t_give_more_than_is_left(ask: Any) -> None:
    facts = ask.facts(refunds=(ask.gone_back("20.00"),))
    brand = ask.brands["kuailian"]
    most = decide_by_person(facts, brand, Money.parse("279.00", "CNY"), clauses=["K-3"])
    assert most.outcome == "approved"
    with pytest.raises(OverRefund):
        decide_by_person(facts, brand, Money.parse("279.01", "CNY"), clauses=["K-3"])


# --- who must agree ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "people", "to"),
    [("2000.00", 0, "2026-09-15"), ("2000.01", 1, "2026-09-16"), ("20000.01", 2, "2026-09-16")],
)
def test_whoever_must_agree_is_given_a_working_day_for_it(
    ask: Any, amount: str, people: int, to: str
) -> None:
    decision = ask(amount=amount)
    assert decision.approvals_needed == people
    assert decision.approvals_by == ("supervisors" if people else None)
    assert decision.pay_out.to_date.isoformat() == to


# --- what would change it ------------------------------------------------------------------


def test_what_would_change_a_review_is_told_once_and_in_order(ask: Any) -> None:
    later = ask.bought("N-2", **AGAIN)
    decision = ask(others=(later,), asked_at=LATE, account_status="suspended")
    assert decision.would_change == (
        "later_charge",
        "account_restored",
        "special_circumstances",
        "proof_of_earlier_request",
    )


def test_nothing_would_change_what_was_granted(ask: Any) -> None:
    assert ask(others=(ask.bought("N-2", **AGAIN),)).would_change == ()


@pytest.mark.parametrize(
    ("status", "remedies"), [("refunded", ()), ("failed", ("proof_of_charge",))]
)
def test_where_there_is_nothing_to_give_back_no_other_charge_is_spoken_of(
    ask: Any, status: str, remedies: tuple[str, ...]
) -> None:
    decision = ask(status=status, others=(ask.bought("N-2", **AGAIN),), asked_at=LATE)
    assert decision.would_change == remedies
    assert not any("N-2" in words for words in decision.explanation.values())


@pytest.mark.parametrize(
    ("kind", "remedy"),
    [("onchain_transfer", "recipient_returns"), ("swap", "fee_of_failed_swap")],
)
def test_what_was_done_on_chain_is_not_put_off_to_another_charge(
    ask: Any, kind: str, remedy: str
) -> None:
    # A fee for the same thing and price is a charge; the transfer itself is none.
    later = ask.bought("N-2", kind="service_fee", **AGAIN)
    decision = ask("bitpie", kind=kind, others=(later,))
    assert decision.would_change == (remedy,)


# --- facts that can't be decided on --------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"asked_at": "2026-09-01T09:59:59+08:00"}, "asked_at: is before the order was paid"),
        ({"asked_at": "2026-09-05T12:00:00"}, "asked_at: needs an offset from UTC"),
        (
            {"paid_at": None},
            "order.paid_at: may be absent only while pending or failed",
        ),
        ({"paid_at": "2026-09-01T10:00:00"}, "order.paid_at: needs an offset from UTC"),
        ({"account": "A-2"}, "order.account: is not the account of these facts"),
    ],
)
def test_impossible_facts_say_what_is_wrong_with_them(
    ask: Any, told: dict[str, Any], fault: str
) -> None:
    with pytest.raises(FactsRefused) as refused:
        ask.facts(**told)
    assert str(refused.value) == fault


def test_an_account_of_another_brand_s_is_told_apart_from_another_account(ask: Any) -> None:
    facts = ask.facts()
    with pytest.raises(FactsRefused) as refused:
        type(facts)(
            brand="kuailian",
            asked_at=facts.asked_at,
            reason=None,
            account=an_account(brand="bitpie"),
            order=facts.order,
        )
    assert str(refused.value) == "account: belongs to another brand"

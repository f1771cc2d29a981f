"""A case moves only along its table, and no money moves without its grounds."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.domain.appeal import MOST_APPEALS
from actions.domain.decision import Decision, Outcome, Promise
from actions.domain.errors import IllegalMove, SamePerson
from actions.domain.events import Actor, CaseMoved, Role
from actions.domain.money import Money
from actions.domain.order import Method
from actions.domain.refund_case import (
    ALPHABET,
    MOVES,
    CaseStatus,
    Destination,
    RefundCase,
    State,
    is_number,
    move,
    new_number,
    normalise_number,
)

NOW = datetime(2026, 9, 1, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
DESK, LI = Actor(Role.DESK), Actor(Role.CUSTOMER, "A-1")
WANG, ZHAO = Actor(Role.AGENT, "wang"), Actor(Role.AGENT, "zhao")
STEPS = sorted({step for _, step in MOVES})
APPROVED = Decision(
    Outcome.APPROVED,
    Money(29900, "CNY"),
    ("K-1",),
    (),
    0,
    Promise(date(2026, 9, 2), date(2026, 9, 4)),
    "1",
    {"zh": "可以", "en": "yes"},
)
DENIED = replace(
    APPROVED,
    outcome=Outcome.DENIED,
    amount=Money(0, "CNY"),
    refusal_codes=("renewal_not_cancelled",),
    pay_out=None,
)
IN_TWO_EYES = replace(APPROVED, approvals_needed=1)
DECISION_FOR = {"appeal": DENIED, "refuse": DENIED, "approve": IN_TWO_EYES}
REVIEW = replace(APPROVED, outcome=Outcome.NEEDS_REVIEW, pay_out=None)


def a_case(state: State, decision: Decision | None = APPROVED) -> RefundCase:
    return RefundCase(
        number="RF-3333333333",
        brand="kuailian",
        order_number="KL1",
        account_id="A-1",
        conversation="c",
        state=state,
        decision=decision,
        destination=Destination(Method.CARD, "4242"),
        opened_at=NOW,
        updated_at=NOW,
    )


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", STEPS)
def test_every_step_from_every_state_is_either_in_the_table_or_refused(
    state: State, step: str
) -> None:
    case = a_case(state, DECISION_FOR.get(step, APPROVED))
    if (state, step) in MOVES:
        assert move(case, step, by=WANG, at=LATER).state == case.state == MOVES[state, step]
    else:
        with pytest.raises(IllegalMove):
            move(case, step, by=WANG, at=LATER)
        assert (case.state, case.updated_at) == (state, NOW)


def test_a_move_says_who_moved_what_when() -> None:
    case = a_case(State.DECIDED)
    moved = move(case, "confirm", by=LI, at=LATER)
    assert moved == CaseMoved("RF-3333333333", "decided", "confirmed", LI, LATER)
    assert case.updated_at == LATER
    assert str(moved.by) == "customer:A-1"


@pytest.mark.parametrize("step", ["settle", "fail"])
def test_a_paid_or_withdrawn_case_stays_so(step: str) -> None:
    for state in (State.PAID, State.WITHDRAWN):
        assert not [found for found in MOVES if found[0] is state]
        with pytest.raises(IllegalMove):
            move(a_case(state), step, by=DESK, at=LATER)


@pytest.mark.parametrize("decision", [None, DENIED, REVIEW])
@pytest.mark.parametrize(
    ("state", "step"),
    [(State.DECIDED, "confirm"), (State.CONFIRMED, "send"), (State.FAILED, "send")],
)
def test_no_money_moves_without_a_decision_that_pays(
    decision: Decision | None, state: State, step: str
) -> None:
    with pytest.raises(IllegalMove):
        move(a_case(state, decision), step, by=LI, at=LATER)


@pytest.mark.parametrize("state", [State.CONFIRMED, State.FAILED])
def test_what_needs_approval_is_sent_only_after_as_many_different_people_agreed(
    state: State,
) -> None:
    case = a_case(state, replace(APPROVED, approvals_needed=2))
    for approved_by in ((), ("wang",), ("wang", "wang")):
        case.approved_by = approved_by
        assert case.awaits_approval
        with pytest.raises(IllegalMove):
            move(case, "send", by=DESK, at=LATER)
    case.approved_by = ("wang", "zhao")
    assert move(case, "send", by=DESK, at=LATER).state == "paying"


@pytest.mark.parametrize("step", ["decide", "review"])
def test_a_case_is_not_decided_without_a_decision(step: str) -> None:
    with pytest.raises(IllegalMove):
        move(a_case(State.DECIDED, None), step, by=WANG, at=LATER)


@pytest.mark.parametrize("state", [State.DECIDED, State.APPEALED])
def test_only_a_person_reviews(state: State) -> None:
    with pytest.raises(IllegalMove):
        move(a_case(state), "review", by=DESK, at=LATER)
    assert move(a_case(state), "review", by=WANG, at=LATER).state == "decided"


@pytest.mark.parametrize(
    ("state", "step", "decision"),
    [
        (State.APPEALED, "review", APPROVED),
        (State.CONFIRMED, "approve", IN_TWO_EYES),
        (State.CONFIRMED, "refuse", DENIED),
    ],
)
@pytest.mark.parametrize("had_a_say", ["reviewed_by", "approved_by"])
def test_who_has_had_a_say_has_no_second_one(
    state: State, step: str, decision: Decision, had_a_say: str
) -> None:
    case = a_case(state, replace(decision, approvals_needed=2))
    setattr(case, had_a_say, ("wang",))
    with pytest.raises(SamePerson):
        move(case, step, by=WANG, at=LATER)
    assert case.state is state
    for nobody in (DESK, LI, Actor(Role.AGENT)):
        with pytest.raises(IllegalMove):
            move(case, step, by=nobody, at=LATER)


def test_a_case_keeps_who_decided_and_who_agreed() -> None:
    case = a_case(State.CONFIRMED, replace(APPROVED, approvals_needed=2))
    move(case, "approve", by=WANG, at=LATER)
    assert case.approved_by == ("wang",)
    case.decision = DENIED
    move(case, "refuse", by=ZHAO, at=LATER)
    assert (case.approved_by, case.reviewed_by, case.state) == ((), ("zhao",), "decided")
    move(case, "appeal", by=LI, at=LATER)
    case.decision = APPROVED
    move(case, "review", by=WANG, at=LATER)
    assert (case.reviewed_by, case.appeals) == (("zhao", "wang"), 1)


def test_a_decider_does_not_count_among_those_who_agreed() -> None:
    case = a_case(State.CONFIRMED, IN_TWO_EYES)
    case.approved_by = case.reviewed_by = ("wang",)
    assert case.awaits_approval


@pytest.mark.parametrize("decision", [None, APPROVED, REVIEW])
def test_only_a_refusal_or_a_part_is_appealed(decision: Decision | None) -> None:
    with pytest.raises(IllegalMove):
        move(a_case(State.DECIDED, decision), "appeal", by=LI, at=LATER)
    part = replace(APPROVED, outcome=Outcome.PARTIAL)
    for appealable in (DENIED, part):
        assert move(a_case(State.DECIDED, appealable), "appeal", by=LI, at=LATER)


def test_a_case_is_appealed_so_often_and_no_more() -> None:
    case = a_case(State.DECIDED, DENIED)
    case.appeals = MOST_APPEALS
    with pytest.raises(IllegalMove):
        move(case, "appeal", by=LI, at=LATER)


@pytest.mark.parametrize("decision", [None, APPROVED])
def test_a_refusal_of_the_payout_needs_a_decision_that_denies(decision: Decision | None) -> None:
    with pytest.raises(IllegalMove):
        move(a_case(State.CONFIRMED, decision), "refuse", by=WANG, at=LATER)


def test_a_case_waits_for_a_person_when_appealed_or_put_before_one() -> None:
    assert a_case(State.APPEALED, DENIED).awaits_review
    assert a_case(State.DECIDED, REVIEW).awaits_review
    for case in (a_case(State.DECIDED), a_case(State.PAID, REVIEW), a_case(State.DRAFT, None)):
        assert not case.awaits_review


def test_a_case_s_status_says_how_far_it_is_and_nothing_of_the_amount() -> None:
    assert a_case(State.DECIDED).status == CaseStatus(
        number="RF-3333333333",
        state=State.DECIDED,
        outcome=Outcome.APPROVED,
        pay_out=APPROVED.pay_out,
        opened_at=NOW,
        updated_at=NOW,
    )
    undecided = a_case(State.VERIFIED, None).status
    assert (undecided.state, undecided.outcome, undecided.pay_out) == (State.VERIFIED, None, None)
    assert "29900" not in repr(a_case(State.DECIDED).status)


def test_a_case_is_open_until_it_is_paid_or_withdrawn() -> None:
    assert {state for state in State if not a_case(state).is_open} == {State.PAID, State.WITHDRAWN}


# --- tracking numbers ----------------------------------------------------------------------

numbers = st.integers(0, 10**9).map(lambda seed: new_number(Random(seed)))


@given(numbers)
def test_a_new_number_is_a_number_in_its_one_spelling(number: str) -> None:
    assert is_number(number)
    assert normalise_number(number) == number
    assert len(number) == 13


@given(numbers, st.integers(3, 12), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(number: str, place: int, char: str) -> None:
    wrong = number[:place] + char + number[place + 1 :]
    assert is_number(wrong) == (wrong == number)


@given(numbers, st.integers(3, 11))
def test_swapped_neighbours_are_noticed(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert is_number(swapped) == (swapped == number)


def test_no_two_characters_of_a_number_look_alike() -> None:
    for alike in ("0OQ", "1IL", "2Z", "5S", "8B", "UV"):
        assert len(set(alike) & set(ALPHABET)) <= 1


@pytest.mark.parametrize(
    "typed",
    [
        "RF-{0}",
        "rf-{0}",
        "RF{0}",
        "rf {0}",
        "{0}",
        " {0} ",
        "RF－{0}",
        "{1} {2}",
        "我的编号是 RF-{0}",
    ],
)
def test_a_number_is_understood_however_it_is_typed(typed: str) -> None:
    number = new_number(Random(7))
    body = number[3:]
    assert normalise_number(typed.format(body, body[:5], body[5:])) == number
    assert normalise_number(typed.format(body, body[:5], body[5:]).lower()) == number


@pytest.mark.parametrize("typed", ["", "RF-", "RF-123", "退款", "RF-0000000000", "XX-3333333333"])
def test_what_is_no_number_is_none(typed: str) -> None:
    assert normalise_number(typed) is None
    assert not is_number(typed)

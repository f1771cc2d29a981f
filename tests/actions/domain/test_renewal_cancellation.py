"""The cancelling of auto-renewal moves only along its table, and only by those who may."""

from datetime import UTC, datetime, timedelta

import pytest

from actions.domain.errors import IllegalMove
from actions.domain.events import Actor, Role
from actions.domain.renewal_cancellation import (
    RENEWAL_MOVES,
    NextCharge,
    RenewalCancellation,
    RenewalState,
    move_renewal,
)

NOW = datetime(2026, 9, 1, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
LI, WANG = Actor(Role.CUSTOMER, "A-1"), Actor(Role.AGENT, "wang")


def a_cancellation(state: RenewalState = RenewalState.REQUESTED) -> RenewalCancellation:
    return RenewalCancellation(
        number="RN-3333333333",
        brand="kuailian",
        order_number="KL1",
        account_id="A-1",
        conversation=None,
        state=state,
        asked_at=NOW,
        updated_at=NOW,
        next_charge=NextCharge(),
    )


@pytest.mark.parametrize(
    ("step", "by", "state"),
    [
        ("finish", WANG, "done"),
        ("refuse", WANG, "refused"),
        ("withdraw", LI, "withdrawn"),
        ("withdraw", WANG, "withdrawn"),
    ],
)
def test_a_wish_is_done_refused_or_withdrawn(step: str, by: Actor, state: str) -> None:
    case = a_cancellation()
    assert move_renewal(case, step, by=by, at=LATER) is RenewalState.REQUESTED
    assert (case.state, case.asked_at, case.updated_at) == (state, NOW, LATER)


@pytest.mark.parametrize("by", [LI, Actor(Role.DESK), Actor(Role.WORKER)])
@pytest.mark.parametrize("step", ["finish", "refuse"])
def test_neither_a_customer_nor_a_machine_finishes_or_refuses_it(step: str, by: Actor) -> None:
    case = a_cancellation()
    with pytest.raises(IllegalMove) as refused:
        move_renewal(case, step, by=by, at=LATER)
    assert (refused.value.was, case.state, case.updated_at) == ("requested", "requested", NOW)


@pytest.mark.parametrize("state", sorted(set(RenewalState) - {RenewalState.REQUESTED}))
@pytest.mark.parametrize("step", sorted({step for _, step in RENEWAL_MOVES}))
def test_what_is_settled_stays_so(state: RenewalState, step: str) -> None:
    case = a_cancellation(state)
    with pytest.raises(IllegalMove):
        move_renewal(case, step, by=WANG, at=LATER)
    assert case.state is state


def test_an_unknown_step_is_refused() -> None:
    with pytest.raises(IllegalMove):
        move_renewal(a_cancellation(), "finished", by=WANG, at=LATER)

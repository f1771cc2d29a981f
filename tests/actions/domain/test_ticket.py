"""Tickets move by one table, and priorities know which of them comes first."""

from itertools import product

import pytest

from actions.domain.errors import IllegalTicketMove
from actions.domain.ticket import (
    STAFF_ONLY,
    TICKET_MOVES,
    Priority,
    TicketStatus,
    status_after,
)

STEPS = sorted({step for _status, step in TICKET_MOVES})


@pytest.mark.parametrize(("status", "step"), product(TicketStatus, STEPS))
def test_only_the_moves_of_the_table_are_made(status: TicketStatus, step: str) -> None:
    if (status, step) in TICKET_MOVES:
        assert status_after("T-1", status, step) is TICKET_MOVES[status, step]
    else:
        with pytest.raises(IllegalTicketMove) as refused:
            status_after("T-1", status, step)
        assert (refused.value.was, refused.value.step) == (status, step)


def test_every_state_is_reached_and_none_is_a_dead_end() -> None:
    assert set(TICKET_MOVES.values()) == set(TicketStatus)
    assert {before for before, _step in TICKET_MOVES} == set(TicketStatus)
    assert set(STEPS) >= STAFF_ONLY


def test_a_closed_ticket_can_only_be_opened_again() -> None:
    steps = {step for status, step in TICKET_MOVES if status is TicketStatus.CLOSED}
    assert steps == {"reopen"}


def test_priorities_rise_step_by_step_and_no_further() -> None:
    assert [priority.raised for priority in (Priority.NORMAL, Priority.HIGH, Priority.URGENT)] == [
        Priority.HIGH,
        Priority.URGENT,
        Priority.URGENT,
    ]
    assert sorted(Priority, key=lambda priority: priority.rank) == [
        Priority.URGENT,
        Priority.HIGH,
        Priority.NORMAL,
    ]

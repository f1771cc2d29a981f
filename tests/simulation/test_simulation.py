"""A slice of the simulation against the whole desk: every kind of wish, no money rule broken.

All of it is ``make simulate``.
"""

from __future__ import annotations

import asyncio
from typing import Any

from tests.simulation.evidence import Run
from tests.simulation.judge import SPEECH, broken_money_rules
from tests.simulation.report import as_chat
from tests.simulation.runner import bookings, play_all
from tests.simulation.tasks import TASKS, Task

SEED = 11
OFTEN_ENOUGH = 0.9
"""So many of a slice end as they must; how many of all do is for ``make simulate`` to say."""


def a_slice() -> list[Task]:
    """The first task of each kind of wish."""
    found: dict[str, Task] = {}
    for task in TASKS.values():
        for wish in task.wishes:
            found.setdefault(wish.kind, task)
    first_of_brands = [task for task in TASKS.values() if task.brand == "bitpie"][:6]
    return list({task.name: task for task in (*found.values(), *first_of_brands)}.values())


def test_simulated_customers_meet_a_desk_that_breaks_no_rule_for_money(stack: Any) -> None:
    runs: list[Run] = []
    booked = bookings(a_slice(), 1, SEED)
    asyncio.run(play_all(stack.home, stack.url, booked, at_once=4, done=runs.append))
    assert len(runs) == len(booked) >= 20
    told = "\n\n".join(as_chat(run) for run in runs if not run.passed)
    assert [found for run in runs for found in broken_money_rules(run)] == [], told
    failed = {rule for run in runs for rule, _ in run.problems} & set(SPEECH)
    assert failed == set(), told
    assert sum(run.passed for run in runs) >= OFTEN_ENOUGH * len(runs), told

"""pass^k, the page, and the plan of who comes with what."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.policy.brand import load_brands
from tests.simulation import forged
from tests.simulation.measures import grouped, pass_hat, pass_k, pass_k_of_tasks
from tests.simulation.personas import PERSONAS
from tests.simulation.report import page
from tests.simulation.runner import bookings
from tests.simulation.speech import LANGUAGES
from tests.simulation.tasks import TASKS


@pytest.mark.parametrize(
    ("passes", "runs", "k", "chance"),
    [(4, 4, 4, 1.0), (3, 4, 4, 0.0), (3, 4, 1, 0.75), (4, 5, 4, 0.2), (6, 8, 2, 15 / 28)],
)
def test_pass_k_is_the_chance_that_k_runs_all_pass(
    passes: int, runs: int, k: int, chance: float
) -> None:
    assert pass_hat(passes, runs, k) == pytest.approx(chance)


def test_pass_k_of_too_few_runs_is_not_known() -> None:
    assert pass_hat(3, 3, 4) is None


def test_the_tasks_count_alike_however_often_they_were_run() -> None:
    good = forged.a_refund(load_brands())
    bad = replace(good, problems=[("outcome", "wrong")], task=TASKS["a renewal"])
    runs = [good, bad, bad, bad]
    assert pass_k(runs, 1) == 0.25
    assert pass_k_of_tasks(runs, 1) == 0.5
    assert list(grouped(runs, lambda run: run.task.name)) == ["a first purchase", "a renewal"]


def test_the_page_shows_the_figures_and_the_failed_chats() -> None:
    good = forged.a_refund(load_brands())
    bad = replace(good, problems=[("confirmed before paid", "RF-1 without the customer's yes")])
    told = page([good, bad], seed=7, booked=9)
    assert "2 conversations of 9 (it was cut short)" in told
    assert "1 violations of the money rules" in told
    assert "yes go ahead" in told
    assert "without the customer's yes" in told


def test_there_are_enough_tasks() -> None:
    assert len(TASKS) >= 60


def test_every_task_meets_different_personas_and_every_language() -> None:
    booked = bookings(list(TASKS.values()), 4, seed=1)
    assert {one.persona.name for one in booked} == set(PERSONAS)
    for task in TASKS:
        mine = [one for one in booked if one.task.name == task]
        assert {one.language for one in mine} == set(LANGUAGES)
        assert len({one.persona.name for one in mine}) == 4


def test_the_same_seed_books_the_same_conversations() -> None:
    tasks = list(TASKS.values())
    assert bookings(tasks, 2, seed=5) == bookings(tasks, 2, seed=5)
    assert bookings(tasks, 2, seed=5) != bookings(tasks, 2, seed=6)

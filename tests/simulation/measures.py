"""pass^k: how likely it is that k runs of the same thing all pass."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from math import comb
from statistics import mean

from tests.simulation.evidence import Run


def pass_hat(passes: int, runs: int, k: int) -> float | None:
    """The chance that k of these runs, drawn without putting back, all passed; None if too few."""
    return comb(passes, k) / comb(runs, k) if runs >= k else None


def grouped(runs: Iterable[Run], by: Callable[[Run], str]) -> Mapping[str, list[Run]]:
    """The runs by what ``by`` says of each, in order of name."""
    found: dict[str, list[Run]] = defaultdict(list)
    for run in runs:
        found[by(run)].append(run)
    return dict(sorted(found.items()))


def pass_k(runs: Iterable[Run], k: int) -> float | None:
    """Of the runs together, whatever their tasks."""
    every = list(runs)
    return pass_hat(sum(run.passed for run in every), len(every), k)


def pass_k_of_tasks(runs: Iterable[Run], k: int) -> float | None:
    """The mean over the tasks, each by its own runs; tasks with too few of them are left out."""
    each = [pass_k(group, k) for group in grouped(runs, lambda run: run.task.name).values()]
    known = [chance for chance in each if chance is not None]
    return mean(known) if known else None

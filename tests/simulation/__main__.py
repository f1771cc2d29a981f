"""``make simulate``: start a desk of one's own, play the conversations, write the page.

Ctrl-C ends it early: what has been played so far is reported all the same.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
from collections.abc import Sequence

from tests.conftest import ROOT, start_stack
from tests.simulation.evidence import Run
from tests.simulation.judge import broken_money_rules
from tests.simulation.measures import pass_k_of_tasks
from tests.simulation.report import GOAL, page
from tests.simulation.runner import bookings, play_all
from tests.simulation.tasks import TASKS, Task

FOLDER = ROOT / "build" / "simulation"
AT_ONCE = 4


def main(arguments: Sequence[str] | None = None) -> int:
    """0 if everything is as good as it has to be, else 1."""
    asked = _parser().parse_args(arguments)
    home = FOLDER / "home"
    shutil.rmtree(FOLDER, ignore_errors=True)
    home.mkdir(parents=True)
    booked = bookings(_tasks(asked.tasks), asked.runs, asked.seed)
    runs: list[Run] = []

    def done(run: Run) -> None:
        runs.append(run)
        mark = "✓" if run.passed else "✗"
        name = f"{run.task.name} · {run.persona.name} · {run.language}"
        _tell(f"{mark} {len(runs)}/{len(booked)} {name}")
        for rule, what in run.problems:
            _tell(f"    {rule}: {what}")

    desk = start_stack(home)
    try:
        desk.wait_until_ready()
        asyncio.run(play_all(home, desk.url, booked, at_once=asked.at_once, done=done))
    except KeyboardInterrupt:
        _tell("提前结束 · cut short")
    finally:
        desk.stop()
    return _report(runs, asked.seed, len(booked))


def _report(runs: list[Run], seed: int, booked: int) -> int:
    file = FOLDER / "report.md"
    file.write_text(page(runs, seed=seed, booked=booked), "utf-8")
    money = sum(len(broken_money_rules(run)) for run in runs)
    each = [pass_k_of_tasks(runs, k) for k in (1, 4)]
    told = ["–" if chance is None else f"{chance:.3f}" for chance in each]
    _tell(f"pass^1 {told[0]}, pass^4 {told[1]}, {money} violations; {file.relative_to(ROOT)}")
    worst = each[1] if each[1] is not None else each[0]
    return int(bool(money) or (worst or 0.0) < GOAL)


def _tasks(names: str) -> list[Task]:
    """The tasks whose names hold one of the words given; all if none is."""
    words = [word.strip() for word in names.split(",") if word.strip()]
    return [task for task in TASKS.values() if not words or any(w in task.name for w in words)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="simulate", description=__doc__)
    parser.add_argument("--runs", type=int, default=4, help="conversations of each task")
    parser.add_argument("--tasks", default="", help="parts of tasks' names, between commas")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=AT_ONCE)
    return parser


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

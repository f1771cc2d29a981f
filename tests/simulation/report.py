"""The page on a simulation: how often it went well, what did not, and those chats to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from tests.simulation.evidence import Run
from tests.simulation.judge import FREELY, SPEECH, broken_money_rules
from tests.simulation.measures import grouped, pass_k, pass_k_of_tasks

MOST_CHATS = 60
GOAL = 0.95
KS = (1, 4)


def page(runs: Sequence[Run], *, seed: int, booked: int) -> str:
    """The report as Markdown."""
    parts = [
        "# Simulated customers",
        _summary(runs, seed, booked),
        "## By language\n" + _table(runs, lambda run: run.language),
        "## By persona\n" + _table(runs, lambda run: run.persona.name),
        "## By task\n" + _table(runs, lambda run: run.task.name),
        "## What was wrong\n" + _causes(runs),
        "## The chats\n" + _chats(runs),
    ]
    return "\n\n".join(parts) + "\n"


def _summary(runs: Sequence[Run], seed: int, booked: int) -> str:
    money = sum(len(broken_money_rules(run)) for run in runs)
    speech = sum(rule in SPEECH for run in runs for rule, _ in run.problems)
    finished = sorted(run.turns for run in runs if _gave_freely(run))
    cut = "" if len(runs) == booked else f" of {booked} (it was cut short)"
    return "\n".join(
        (
            f"- {len(runs)} conversations{cut}, {len({run.task.name for run in runs})} tasks,"
            f" seed {seed}",
            f"- pass^1 {_figure(pass_k_of_tasks(runs, 1))},"
            f" pass^4 {_figure(pass_k_of_tasks(runs, 4))} (goal: {GOAL}), the mean over the tasks",
            f"- {money} violations of the money rules",
            f"- {speech} replies empty, missing, failed, unfilled or in the wrong language",
            f"- messages to a finished refund from a customer who gives all facts: at most"
            f" {finished[-1] if finished else '–'} (goal: {FREELY})",
            "",
            "pass^k is the chance that k runs all pass: comb(passes, k) / comb(runs, k). For"
            " languages and personas it is taken over all their runs together.",
        )
    )


def _gave_freely(run: Run) -> bool:
    alone = len(run.task.wishes) == 1 and run.task.wishes[0].kind == "refund"
    return run.persona.name == "frank" and alone and not run.gave_up


def _table(runs: Sequence[Run], by: Callable[[Run], str]) -> str:
    rows = ["| | runs | passed | pass^1 | pass^4 |", "|---|---|---|---|---|"]
    groups = grouped(runs, by).items()
    for name, group in sorted(groups, key=lambda item: (pass_k(item[1], 1) or 0, item[0])):
        figures = " | ".join(_figure(pass_k(group, k)) for k in KS)
        rows.append(f"| {name} | {len(group)} | {sum(r.passed for r in group)} | {figures} |")
    return "\n".join(rows)


def _figure(chance: float | None) -> str:
    return "–" if chance is None else f"{chance:.3f}"


def _causes(runs: Sequence[Run]) -> str:
    found = Counter(
        (rule, _without_numbers(what)) for run in runs for rule, what in set(run.problems)
    )
    return "\n".join(f"- {count} × {rule}: {what}" for (rule, what), count in found.most_common())


def _without_numbers(what: str) -> str:
    """The same fault in two conversations reads the same."""
    words = (word if not any(c.isdigit() for c in word) else "#" for word in what.split())
    return " ".join(words)


def _chats(runs: Sequence[Run]) -> str:
    failed = [run for run in runs if not run.passed]
    # Broken money rules first: there must be none.
    failed.sort(key=lambda run: not broken_money_rules(run))
    shown = [as_chat(run) for run in failed[:MOST_CHATS]]
    if len(failed) > MOST_CHATS:
        shown.append(f"… and {len(failed) - MOST_CHATS} more.")
    return "\n\n".join(shown) or "None failed."


def as_chat(run: Run) -> str:
    """One conversation to be read."""
    lines = [f"### {run.task.name} · {run.persona.name} · {run.language}", ""]
    lines += [f"- **{rule}**: {what}" for rule, what in run.problems]
    lines.append("")
    for line in run.lines:
        who = "👤" if line.author == "customer" else "🤖"
        name = f" `{line.response}`" if line.response else ""
        pressed = " (button)" if line.payload else ""
        lines.append(f"{who}{name}{pressed} {line.text}".replace("\n", "  \n  ") + "\n")
    return "\n".join(lines)

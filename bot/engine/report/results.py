"""Everything that one run has measured, and what was to be reached."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot.engine.report.benchmarks import Benchmarks
from bot.engine.report.curves import Point
from bot.engine.report.evaluation import Facts, Verdict
from bot.engine.report.measures import percentile


class Speed(NamedTuple):
    """Milliseconds for a message, asked one by one by a process that is warm."""

    half: float
    """The median (p50)."""
    most: float
    """95 of 100 are no slower (p95)."""


def speed_of(milliseconds: Sequence[float]) -> Speed:
    """Median and 95th percentile."""
    return Speed(percentile(milliseconds, 0.5), percentile(milliseconds, 0.95))


class StockRun(NamedTuple):
    """Stock Rasa, if it was asked."""

    verdict: Verdict
    epochs: int
    suggested_epochs: int
    training_seconds: float
    speed: Speed


class Results(NamedTuple):
    """One run of the report."""

    examples: dict[str, int]
    """Training messages by language."""
    intents: int
    ours: Verdict
    stock: StockRun | None
    speed: Speed
    facts_speed: Speed | None
    facts: dict[str, Facts]
    """By language; none where there is no test set."""
    curve: list[Point]
    public: Benchmarks | None
    versions: dict[str, str]
    cores: int
    date: str
    seconds: float


class Target(NamedTuple):
    """A figure to be reached; where ``least`` is false, not to be passed."""

    value: float
    least: bool = True

    def reached(self, value: float) -> bool:
        """Whether the figure is as good as it has to be."""
        return value >= self.value if self.least else value <= self.value


TARGETS = {
    "dev_accuracy": Target(0.90),
    "macro_f1": Target(0.95),
    "recall": Target(0.85),
    "entity_f1": Target(0.97),
    "parse_p50": Target(3.0, least=False),
    "facts_p50": Target(1.5, least=False),
    "BANKING77": Target(0.92),
    "HINT3 curekart": Target(0.66),
}
"""What the project has set itself in figures: shares, milliseconds, by public set its own measure.
The rest is compared with stock Rasa and with what others published."""

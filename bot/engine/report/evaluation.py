"""One system's answers to the test sets, judged; ours and stock Rasa's by the same rules.

Knows which messages are asked and what is measured on which set. Leaves the formulas to
``measures``, asking to whoever holds the system, and words to ``page``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.engine.report.disturb import Way, spoiled
from bot.engine.report.measures import (
    Bin,
    Found,
    Turned,
    accuracy,
    calibration,
    confusion_pairs,
    found,
    found_by_kind,
    macro_f1,
    recall_at_loss,
    recall_by_label,
    turning_curve,
)
from bot.engine.report.sets import LANGUAGES, OUT_OF_SCOPE, Answer, Labelled, Said, coarse

LOSS = 0.05
"""The share of the desk's own messages that the comparison lets a system turn away."""
LOSSES = tuple(i / 100 for i in range(16))
SPOILED = 300
"""Messages of each language that are spoiled."""
SHOWN_CONFUSIONS = 12
SEED = 20260901


class Figures(NamedTuple):
    """How often the right intent was said."""

    messages: int
    accuracy: float
    macro_f1: float


class Strangers(NamedTuple):
    """How messages that are none of the desk's business were told apart."""

    ours: int
    foreign: int
    own: Turned
    """As the system itself decides."""
    allowed: Turned
    """With its threshold moved to lose ``LOSS`` of the desk's own."""
    curve: list[Turned]
    """The same for each of ``LOSSES``."""


class Spoiled(NamedTuple):
    """Messages that one way of spoiling changed: accuracy before and after."""

    changed: int
    before: float
    after: float


class Verdict(NamedTuple):
    """All figures of one system, each by language."""

    dev: dict[str, Figures]
    fresh: dict[str, Figures]
    fresh_strangers: dict[str, Strangers]
    unseen: dict[str, Figures]
    inside: dict[str, Figures]
    """The desk's own messages of the unseen set; one that is turned away is wrong."""
    strangers: dict[str, Strangers]
    confusions: dict[str, list[tuple[str, str, int]]]
    by_intent: dict[str, dict[str, float]]
    bins: dict[str, list[Bin]]
    robustness: dict[str, dict[str, Spoiled]]
    """By way of spoiling, then by language."""


class Trial(NamedTuple):
    """What every system is asked."""

    dev: list[Labelled]
    fresh: list[Labelled]
    """Nothing was chosen by it: weights and thresholds were set before it was written."""
    unseen: list[Labelled]
    spoiled: dict[str, list[tuple[Labelled, str]]]
    """By way: the message and what was made of it."""

    def texts(self) -> list[str]:
        """Each text once."""
        asked = [message.text for message in [*self.dev, *self.fresh, *self.unseen]]
        asked += [text for pairs in self.spoiled.values() for _, text in pairs]
        return list(dict.fromkeys(asked))


def trial(
    dev: list[Labelled],
    fresh: list[Labelled],
    unseen: list[Labelled],
    ways: Mapping[str, Way],
) -> Trial:
    """The sets, and of the unseen one some of the desk's own messages spoiled in each way."""
    sample = [message for language in LANGUAGES for message in _sample(unseen, language)]
    return Trial(
        dev,
        fresh,
        unseen,
        {
            name: [
                (message, changed)
                for message in sample
                if (changed := spoiled(message.text, name, way, SEED)) != message.text
            ]
            for name, way in ways.items()
        },
    )


def _sample(messages: Iterable[Labelled], language: str) -> list[Labelled]:
    """Evenly from the whole file, so that every intent is there."""
    ours = [one for one in messages if one.language == language and one.intent != OUT_OF_SCOPE]
    step = max(1.0, len(ours) / SPOILED)
    return [ours[int(i * step)] for i in range(min(SPOILED, len(ours)))]


def judge(asked: Trial, answers: Mapping[str, Answer]) -> Verdict:
    """The verdict on a system that answered every text of the trial."""
    dev = {name: _of(asked.dev, name) for name in LANGUAGES}
    fresh = {name: _of(asked.fresh, name) for name in LANGUAGES}
    unseen = {name: _of(asked.unseen, name) for name in LANGUAGES}
    pairs = {name: _pairs(unseen[name], answers) for name in LANGUAGES}
    inside = {n: [p for p in pairs[n] if p[0] != OUT_OF_SCOPE] for n in LANGUAGES}
    return Verdict(
        dev={
            name: _figures([(coarse(r), coarse(s)) for r, s in _pairs(dev[name], answers)])
            for name in LANGUAGES
        },
        fresh={name: _figures(_pairs(fresh[name], answers)) for name in LANGUAGES},
        fresh_strangers={name: _strangers(fresh[name], answers) for name in LANGUAGES},
        unseen={name: _figures(pairs[name]) for name in LANGUAGES},
        inside={name: _figures(inside[name]) for name in LANGUAGES},
        strangers={name: _strangers(unseen[name], answers) for name in LANGUAGES},
        confusions={n: confusion_pairs(pairs[n], SHOWN_CONFUSIONS) for n in LANGUAGES},
        by_intent={name: recall_by_label(pairs[name]) for name in LANGUAGES},
        bins={name: _bins(unseen[name], answers) for name in LANGUAGES},
        robustness={
            name: {language: _spoiled(changed, language, answers) for language in LANGUAGES}
            for name, changed in asked.spoiled.items()
        },
    )


def _of(messages: Iterable[Labelled], language: str) -> list[Labelled]:
    return [message for message in messages if message.language == language]


def _pairs(messages: Iterable[Labelled], answers: Mapping[str, Answer]) -> list[tuple[str, str]]:
    return [(message.intent, answers[message.text].intent) for message in messages]


def _figures(pairs: Sequence[tuple[str, str]]) -> Figures:
    return Figures(len(pairs), accuracy(pairs), macro_f1(pairs))


def _bins(messages: Sequence[Labelled], answers: Mapping[str, Answer]) -> list[Bin]:
    given = [answers[message.text] for message in messages]
    right = [one.intent == answer.intent for one, answer in zip(messages, given, strict=True)]
    return calibration([answer.confidence for answer in given], right)


def _strangers(messages: Sequence[Labelled], answers: Mapping[str, Answer]) -> Strangers:
    ours = [answers[one.text] for one in messages if one.intent != OUT_OF_SCOPE]
    foreign = [answers[one.text] for one in messages if one.intent == OUT_OF_SCOPE]
    known, strange = [a.strangeness for a in ours], [a.strangeness for a in foreign]
    own = Turned(_turned(foreign), _turned(ours), float("nan"))
    return Strangers(
        len(ours),
        len(foreign),
        own,
        recall_at_loss(known, strange, LOSS),
        turning_curve(known, strange, LOSSES),
    )


def _turned(answers: Sequence[Answer]) -> float:
    away = sum(answer.intent == OUT_OF_SCOPE for answer in answers)
    return away / len(answers) if answers else 0.0


def _spoiled(
    changed: Iterable[tuple[Labelled, str]], language: str, answers: Mapping[str, Answer]
) -> Spoiled:
    here = [(message, text) for message, text in changed if message.language == language]
    before = accuracy([(message.intent, answers[message.text].intent) for message, _ in here])
    after = accuracy([(message.intent, answers[text].intent) for message, text in here])
    return Spoiled(len(here), before, after)


class Facts(NamedTuple):
    """How well facts were found in the messages of one language."""

    messages: int
    whole: Found
    """Kind, value and place all right."""
    by_kind: dict[str, Found]
    rejected: Found
    """Those that the message takes back, marked so."""
    clean: float
    """The share of the messages without a fact in which none was found."""


def judge_facts(right: Sequence[Sequence[Said]], said: Sequence[Sequence[Said]]) -> Facts:
    """Compare the facts of each message with those that were found in it."""
    wanted, got = _numbered(right), _numbered(said)
    empty = [not extra for true, extra in zip(right, said, strict=True) if not true]
    return Facts(
        messages=len(right),
        whole=found([key for key, _ in wanted], [key for key, _ in got]),
        by_kind=found_by_kind(
            [key for key, _ in wanted], [key for key, _ in got], lambda key: key[1]
        ),
        rejected=found([k for k, back in wanted if back], [k for k, back in got if back]),
        clean=sum(empty) / len(empty) if empty else 0.0,
    )


Key = tuple[int, str, str, int, int]


def _numbered(messages: Sequence[Sequence[Said]]) -> list[tuple[Key, bool]]:
    return [
        ((number, fact.kind, fact.value, fact.start, fact.end), fact.rejected)
        for number, facts in enumerate(messages)
        for fact in facts
    ]

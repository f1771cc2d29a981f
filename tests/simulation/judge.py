"""Judges a run: how it ended, the rules for money, and how the customer was spoken to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from actions.policy.brand import Brand
from tests.simulation import money_rules, outcomes
from tests.simulation.evidence import Line, Run
from tests.simulation.speech import ANSWERED_IN

OUTCOME = "outcome"
SPEECH = (
    "an empty reply",
    "an unfilled placeholder",
    "the wrong language",
    "no reply",
    "a failure",
)
FREELY = 6
"""A customer who gives all facts at once has the refund after so many messages at most."""

BARE_FACTS = frozenset({"order", "email", "code", "number", "guess", "contact_code", "new_email"})
"""What is said in no language."""
_PLACEHOLDER = re.compile(r"\{[A-Za-z_]*\}|\butter_\w+|\bNone\b|\bnull\b")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_OWN_WORDS = re.compile(r"\S+@\S+|“[^”]*”")
"""Addresses, and what is quoted: 转人工 may be said in English."""


def judge(run: Run, brands: Mapping[str, Brand]) -> list[tuple[str, str]]:
    """Everything that is wrong with it, each with the name of the rule."""
    found = [(OUTCOME, what) for what in outcomes.problems_of(run, brands)]
    for name, rule in money_rules.RULES.items():
        found += [(name, what) for what in rule(run, brands)]
    found += list(_spoken(run))
    found += [("too many turns", what) for what in _too_long(run)]
    return found


def broken_money_rules(run: Run) -> list[tuple[str, str]]:
    """Those of its problems that are about money."""
    return [(rule, what) for rule, what in run.problems if rule in money_rules.RULES]


def _spoken(run: Run) -> Iterator[tuple[str, str]]:
    for line in run.lines:
        if line.author != "bot":
            continue
        if not line.text.strip():
            yield "an empty reply", f"message {line.seq}"
        if found := _PLACEHOLDER.search(line.text):
            yield "an unfilled placeholder", f"{found[0]} in message {line.seq}"
        if line.response == "desk_problem":
            yield "a failure", f"message {line.seq}"
    last = run.lines[-1] if run.lines else None
    if last and last.author == "customer" and run.records.status == "bot":
        yield "no reply", f"message {last.seq} was never answered"
    yield from _languages(run)


def _languages(run: Run) -> Iterator[tuple[str, str]]:
    """Every reply is in the customer's language, as soon as that can be known."""
    expected = ANSWERED_IN[run.language]
    known = False
    for line in run.lines:
        if line.author == "customer":
            known = _shows_language(run, line) or (known and not _is_all_english(run, line))
        elif line.author == "bot":
            if line.response == "utter_language_changed":
                expected = {"zh": "en", "en": "zh"}[expected]
            if known and spoken_in(line.text) != expected:
                yield "the wrong language", f"message {line.seq} ({line.response})"


def _shows_language(run: Run, line: Line) -> bool:
    """Whether the desk can know the language now: of another browser only by a sentence."""
    if _is_all_english(run, line):
        return False
    told = line.payload is None and line.meant not in BARE_FACTS
    return told or not run.persona.foreign_browser


def _is_all_english(run: Run, line: Line) -> bool:
    """A mixed customer's message without Chinese may be answered in either language."""
    bare = line.payload is not None or line.meant in BARE_FACTS
    return run.language == "mixed" and not bare and not _HAN.search(line.text)


def spoken_in(text: str) -> str:
    """zh or en: which language a reply is in."""
    return "zh" if _HAN.search(_OWN_WORDS.sub("", text)) else "en"


def _too_long(run: Run) -> Iterator[str]:
    """The measure for a finished refund, where every fact was given freely."""
    alone = len(run.task.wishes) == 1 and run.task.wishes[0].kind == "refund"
    said = [line for line in run.lines if line.author == "customer"]
    freely = run.persona.name == "frank" and bool(said) and said[0].payload is None
    if freely and alone and not run.gave_up and run.turns > FREELY:
        yield f"{run.turns} messages from a customer who gave all facts at once"

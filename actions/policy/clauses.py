"""The clauses of a brand's file. A number that the terms hold stands in them as a gap.

"Within {window_days} days" is filled from the terms when the file is read, so that what is said
can't differ from what is decided. What clauses are used for is left to others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from actions.policy.terms import Terms, WorkingDays
from actions.policy.yaml_reader import Node

Words = dict[str, str]
"""The same thing in both languages, under the keys "zh" and "en"."""

_CLAUSE_ID = re.compile(r"[A-Z]{1,3}-[1-9][0-9]?")
_GAP = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True, slots=True)
class Clause:
    """One sentence of the policy, and where the brand's documents say it.

    ``assumption`` marks what they leave open and the desk has filled in.
    """

    id: str
    words: Words
    source: str
    assumption: bool = False


def numbers_of(terms: Terms) -> dict[str, str]:
    """What the gaps are filled with, by the names that the terms have in the file."""
    single = {
        "window_days": terms.window_days,
        "time_limit_days": terms.time_limit_days,
        "double_charge_minutes": terms.double_charge_minutes,
        "reply_hours": terms.reply_hours,
    }
    numbers = {name: str(term.value) for name, term in single.items() if term}
    return numbers | {"handling_working_days": _span(terms.handling_days)}


def _span(days: WorkingDays) -> str:
    return str(days.most) if days.least == days.most else f"{days.least}–{days.most}"


def read_clauses(node: Node, numbers: Mapping[str, str]) -> dict[str, Clause]:
    """Every clause by its id, with its numbers in it; faults are noted on ``node``."""
    clauses: dict[str, Clause] = {}
    for entry in node.items():
        fields = entry.fields("id zh en source", "assumption")
        clause = Clause(
            id=fields.read(
                "id", lambda found: found.matching(_CLAUSE_ID, ("编号，如 K-1", "an id as K-1"))
            ),
            words=filled(entry, fields.words(), numbers),
            source=fields.read("source", Node.text),
            assumption=fields.flag("assumption"),
        )
        if clause.id in clauses:
            entry.fault(f"条款 {clause.id} 重复出现", f"the clause {clause.id} stands here twice")
        clauses[clause.id] = clause
    return clauses


def filled(node: Node, words: Words, numbers: Mapping[str, str]) -> Words:
    """The words with each number in its gap; in both languages it must be the same one."""
    gaps = {language: set(_GAP.findall(said)) for language, said in words.items()}
    if gaps["zh"] != gaps["en"]:
        node.fault("中英文中的数字必须相同", "zh and en must name the same numbers")
    return {
        language: _GAP.sub(lambda gap: numbers.get(gap[1], gap[0]), said)
        for language, said in words.items()
    }


def check_gaps(node: Node, numbers: Mapping[str, str]) -> None:
    """Note the gaps of a list of words that no number of the terms can fill."""
    for entry in node.items():
        parts = entry.pairs()
        for language in ("zh", "en"):
            for name in sorted(set(_GAP.findall(parts[language].text())) - set(numbers)):
                parts[language].fault(f"terms 里没有 {name}", f"the terms have no {name}")

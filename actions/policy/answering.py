"""Puts together the answer to a question about the rules, from the brand's own file.

Knows how much is said of several topics at once, and what is meant when a question names none.
Which topics a message holds is the engine's to read; how the answer ends, the skill's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from actions.policy.brand import Brand
from actions.policy.clauses import Words
from actions.policy.topics import MOST_PASSAGES, NAMES, Topic

MEANT_BY: dict[str, tuple[Topic, ...]] = {
    "how_long": (Topic.TIMES,),
    "fees_or_partial_refund": (Topic.FEES, Topic.PARTIAL),
    "invoice": (Topic.INVOICE,),
    "security_question": (Topic.SECURITY,),
}
"""The topics of a question that names none, by its intent; any other is about all the rules."""


_BETWEEN = {"zh": "、", "en": ", "}


@dataclass(frozen=True, slots=True)
class PolicyAnswer:
    """What the brand's file says, and the topics on which it says nothing."""

    passages: tuple[Words, ...]
    covered: tuple[Topic, ...]
    silent: tuple[Topic, ...]

    def text(self, language: str) -> str:
        """The passages in one language, a line each."""
        return "\n".join(words[language] for words in self.passages)

    def silent_on(self, language: str) -> str:
        """The names of the topics that nothing is said on."""
        return _BETWEEN[language].join(NAMES[topic][language] for topic in self.silent)


def answer(brand: Brand, topics: Sequence[Topic], intent: str | None = None) -> PolicyAnswer:
    """The answer to a question on these topics, or on what its intent alone suggests."""
    asked = tuple(dict.fromkeys(topics)) or MEANT_BY.get(intent or "", (Topic.REFUND_POLICY,))
    found = {topic: brand.passages_on(topic) for topic in asked}
    covered = tuple(topic for topic in asked if found[topic])
    silent = tuple(topic for topic in asked if not found[topic])
    if covered and not topics:
        silent = ()  # nobody has asked for that one by name
    return PolicyAnswer(_fairly([found[topic] for topic in covered]), covered, silent)


def _fairly(lists: Sequence[tuple[Words, ...]]) -> tuple[Words, ...]:
    """As many passages as are read: the first of each topic, then the second, said by topic."""
    rounds = [
        (place, words)
        for turn in zip_longest(*lists)
        for place, words in enumerate(turn)
        if words is not None
    ]
    taken: list[tuple[int, Words]] = []
    for place, words in rounds:
        if len(taken) < MOST_PASSAGES and words not in [said for _, said in taken]:
            taken.append((place, words))
    return tuple(words for _, words in sorted(taken, key=lambda pair: pair[0]))

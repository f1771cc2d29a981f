"""Which topics of the rules a question asks about: the window, renewals, fees, invoices …

The expressions are ours (``data/topics.zh.yml``, ``data/topics.en.yml``). Knows which intents are
questions that a brand's rules answer, and which are so only when put as a question. What is said
on a topic is left to the brand files (``actions/policy/topics.py`` names the same topics).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from typing import Any, NamedTuple

from bot.engine.nlu.normaliser import normalise

PREFIX = "topic_"
"""Expressions of training data named so are topics' and no facts'."""

QUESTIONS = frozenset({"fees_or_partial_refund", "how_long", "refund_policy", "security_question"})
"""Intents that ask about the rules, however they are put."""

WISHES = frozenset({"appeal_or_dispute", "cancel_subscription", "invoice"})
"""Intents that ask about the rules only where they are put as a question."""

ONLY = {
    "appeal_or_dispute": frozenset({"appeal"}),
    "cancel_subscription": frozenset({"auto_renewal", "renewal"}),
    "invoice": frozenset({"invoice"}),
    "security_question": frozenset({"privacy", "security"}),
}
"""Intents beside which other topics are mere circumstances: a fee that an impostor asks for."""

ANSWERS_FIRST = QUESTIONS | {
    "appeal_or_dispute",
    "cancel_subscription",
    "change_contact",
    "invoice",
    "order_status",
    "refund_status",
    "report_double_charge_or_wrong_payment",
    "request_refund",
}
"""Intents whose skills say what the rules say before they do anything else: a question in the same
message need not wait for them.
"""

YIELDING = ("partial", "notices", "times")
"""Topics whose words stand in questions about others too (多久, "how do I know"): of equal finds
the other one is it."""

ABOUT_RULES = "refund_policy"
UNSURE = "nlu_fallback"

_QUESTION = re.compile(
    r"[?]|吗|么|呢|嘛|怎样|如何|咋|啥|哪|谁|几|多少|多久|能不能|可不可以|可否|能否|是否|有没有|是不是"
    r"|会不会|要不要|给不给|[退行能开]不$"
    r"|\b(?:how|what|when|where|which|who|why|whether)\b"
    r"|(?:^|[,.;!]\s*|\b(?:and|but|so|or|hi|hello|hey)\s+)"
    r"(?:can|could|do|does|did|is|are|am|will|would|may|should|must|any)\b",
    re.IGNORECASE,
)
_LATIN_ONLY = re.compile(r"[\x00-\x7f]+")


class Found(NamedTuple):
    """A topic and where the text (normalised) speaks of it."""

    topic: str
    start: int
    end: int


class Topics:
    """Finds topics; built from (name, expression), the names beginning with ``prefix``."""

    def __init__(self, patterns: Iterable[tuple[str, str]], prefix: str = PREFIX) -> None:
        mine = [
            (name.removeprefix(prefix), way) for name, way in patterns if name.startswith(prefix)
        ]
        # Rasa hands them over in an order of its own, and of equal finds the first one stands.
        mine.sort(key=lambda one: (_yields(one[0]), one))
        self.patterns = [(prefix + topic, way) for topic, way in mine]
        self._ways = [(topic, _compiled(way)) for topic, way in mine]

    def found(self, text: str, among: Container[str] | None = None) -> list[Found]:
        """The topics of ``text`` (normalised) in its order, each where it is said first.

        Of finds that overlap the longer one stands; of equal ones, see ``YIELDING``.
        """
        finds = [
            Found(topic, *match.span())
            for topic, way in self._ways
            if among is None or topic in among
            for match in way.finditer(text)
        ]
        standing: list[Found] = []
        for find in sorted(finds, key=lambda one: one.start - one.end):
            if all(find.end <= other.start or other.end <= find.start for other in standing):
                standing.append(find)
        first: dict[str, Found] = {}
        for find in sorted(standing, key=lambda one: one.start):
            first.setdefault(find.topic, find)
        return list(first.values())


def _yields(topic: str) -> int:
    return YIELDING.index(topic) + 1 if topic in YIELDING else 0


def is_question(text: str) -> bool:
    """Whether the text (normalised) is put as a question."""
    return bool(_QUESTION.search(text))


def topics_asked(topics: Topics, text: str, intent: str | None) -> list[Found]:
    """The topics that a message with this intent asks about, placed in the text as written."""
    normalised = normalise(text)
    if intent not in QUESTIONS and not (intent in WISHES and is_question(normalised.text)):
        return []
    return [
        Found(find.topic, *normalised.span(find.start, find.end))
        for find in topics.found(normalised.text, among=ONLY.get(intent))
    ]


def settled(topics: Topics, text: str, ranking: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The reading of a doubtful question that names a topic: one that the brand's rules answer.

    Of two close readings one must be such a question; what the rules say does no harm if it was
    the other. None if nothing is in doubt, or a doubt has to be put to the customer.
    """
    if not ranking or ranking[0]["name"] != UNSURE or not is_question(normalise(text).text):
        return None
    likely = [one for one in ranking if one["name"] != UNSURE][:2]
    asking = [one for one in likely if one["name"] in QUESTIONS]
    for one in asking:
        if topics_asked(topics, text, one["name"]):
            return one
    if asking and topics_asked(topics, text, ABOUT_RULES):
        return {**asking[0], "name": ABOUT_RULES}
    return None


def _compiled(way: str) -> re.Pattern[str]:
    if _LATIN_ONLY.fullmatch(way):
        way = rf"(?<![a-z0-9])(?:{way})(?![a-z0-9])"
    return re.compile(way, re.IGNORECASE)

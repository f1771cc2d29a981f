"""A customer's own matter is read beside the intent, in both languages.

``tests/nlu/matters`` holds messages by their matter.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.engine.nlu.matters import (
    BESIDE,
    BESIDE_QUESTIONS,
    IN_DOUBT,
    PREFIX,
    matters_in,
    settled_by,
)
from bot.engine.nlu.topics import Topics

ROOT = Path(__file__).parents[4]
LANGUAGES = ("zh", "en")
LEAST = 8
BELONGS_TO = {
    "decision": "appeal_or_dispute",
    "wrong_transfer": "report_double_charge_or_wrong_payment",
    "call_back": "contact_human",
    "contact_details": "contact_human",
    "pause": "small_talk",
}


def _patterns() -> list[tuple[str, str]]:
    return [
        (block["regex"], line[2:])
        for language in LANGUAGES
        for block in yaml.safe_load((ROOT / f"data/matters.{language}.yml").read_text("utf-8"))[
            "nlu"
        ]
        for line in block["examples"].splitlines()
    ]


MATTERS = Topics(_patterns(), PREFIX)
SAID = [
    (matter, text)
    for language in LANGUAGES
    for matter, texts in yaml.safe_load(
        (ROOT / f"tests/nlu/matters/{language}.yml").read_text("utf-8")
    ).items()
    for text in texts
]


@pytest.mark.parametrize(("matter", "text"), [one for one in SAID if one[0] != "none"])
def test_a_matter_is_read(matter: str, text: str) -> None:
    assert matters_in(MATTERS, text, BELONGS_TO[matter]) == [matter]


@pytest.mark.parametrize("text", [text for matter, text in SAID if matter == "none"])
@pytest.mark.parametrize("intent", BELONGS_TO.values())
def test_what_only_sounds_like_a_matter_is_none(text: str, intent: str) -> None:
    assert matters_in(MATTERS, text, intent) == []


def test_a_dispute_that_asks_nothing_asks_for_no_grounds() -> None:
    assert matters_in(MATTERS, "拒绝的理由我不接受", "appeal_or_dispute") == []
    assert matters_in(MATTERS, "your reason for this is wrong", "appeal_or_dispute") == []


@pytest.mark.parametrize("intent", ["greet", "request_refund", None])
def test_a_matter_counts_beside_its_intents_only(intent: str | None) -> None:
    assert matters_in(MATTERS, "why was it refused? call me back", intent) == []


def test_every_matter_has_ways_in_both_languages_and_an_intent() -> None:
    named = {name.removeprefix(PREFIX) for name, _ in _patterns()}
    said = [(matter, text) for matter, text in SAID if matter != "none"]
    assert {matter for matter, _ in said} == named == set(BELONGS_TO)
    assert len(said) >= LEAST * 2 * len(named)
    assert set(IN_DOUBT) == named
    allowed = frozenset().union(*BESIDE.values(), *BESIDE_QUESTIONS.values())
    assert allowed == named


@pytest.mark.parametrize(
    ("text", "intent", "settled"),
    [
        ("network 那里选错链了怎么办", "out_of_scope", "report_double_charge_or_wrong_payment"),
        (
            "my coins went to the wrong chain",
            "nlu_fallback",
            "report_double_charge_or_wrong_payment",
        ),
        ("能解释下为什么是这个结果吗", "nlu_fallback", "appeal_or_dispute"),
        ("on what grounds", "nlu_fallback", "appeal_or_dispute"),
        ("call me back", "nlu_fallback", "contact_human"),
        ("call me Ishmael", "out_of_scope", None),
        ("为什么天是蓝的", "out_of_scope", None),
        ("凭什么不给退", "complaint", None),
    ],
)
def test_a_matter_settles_a_doubt(text: str, intent: str, settled: str | None) -> None:
    assert settled_by(MATTERS, text, intent) == settled

"""Both languages, always: responses with their placeholders and buttons, examples of intents."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))
RESPONSES: dict[str, list[dict[str, Any]]] = DOMAIN["responses"]
HAN = re.compile(r"[\u3400-\u9fff]")
LEAST_EXAMPLES = 40
LONGEST_TEXT, LONGEST_TITLE, MOST_BUTTONS = 1000, 20, 10
"""Characters of a text and of a button, and buttons (a list, where there are more than three)."""


def variant(name: str, language: str) -> dict[str, Any]:
    """The response's only wording in this language."""
    wanted = [{"type": "slot", "name": "language", "value": language}]
    (found,) = [v for v in RESPONSES[name] if v.get("condition") == wanted]
    return found


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"(?<!{){(\w+)}(?!})", text))


@pytest.mark.parametrize("name", sorted(RESPONSES))
def test_a_response_says_the_same_in_both_languages(name: str) -> None:
    assert len(RESPONSES[name]) == 2, "no default, no channel, no random variants"
    zh, en = variant(name, "zh"), variant(name, "en")
    assert placeholders(zh["text"]) == placeholders(en["text"])
    assert [b["payload"] for b in zh.get("buttons", [])] == [
        b["payload"] for b in en.get("buttons", [])
    ]


@pytest.mark.parametrize("name", sorted(RESPONSES))
def test_a_response_is_in_the_language_that_it_is_for(name: str) -> None:
    zh, en = variant(name, "zh"), variant(name, "en")
    words = [zh["text"], *(b["title"] for b in zh.get("buttons", []))]
    assert all(HAN.search(text) or not re.sub(r"{\w+}", "", text).strip() for text in words)
    assert not HAN.search(en["text"] + "".join(b["title"] for b in en.get("buttons", [])))


@pytest.mark.parametrize("name", sorted(RESPONSES))
def test_a_response_fits_into_every_channel(name: str) -> None:
    """WhatsApp's and Messenger's limits, the strictest of those that a brand may be on."""
    for one in RESPONSES[name]:
        buttons = one.get("buttons", [])
        assert len(one["text"]) <= LONGEST_TEXT
        assert len(buttons) <= MOST_BUTTONS
        assert [b["title"] for b in buttons if len(b["title"]) > LONGEST_TITLE] == []


def test_chinese_text_has_chinese_punctuation() -> None:
    wrong = re.compile(r"[\u3400-\u9fff][,:;?!]")
    assert [n for n in RESPONSES if wrong.search(variant(n, "zh")["text"])] == []


def test_every_response_that_a_skill_names_exists() -> None:
    named: set[str] = set()
    for module in (ROOT / "actions" / "skills").glob("*.py"):
        named |= set(re.findall(r'"(utter_[a-z_]+)"', module.read_text("utf-8")))
    assert named
    in_metadata = {"utter_action"}
    assert sorted(named - in_metadata - set(RESPONSES)) == []


def test_every_button_leads_to_an_intent() -> None:
    intents = {next(iter(intent)) for intent in DOMAIN["intents"]}
    payloads = {
        button["payload"]
        for variants in RESPONSES.values()
        for variant in variants
        for button in variant.get("buttons", [])
    }
    assert payloads
    # Readings of a message, and its second wish: tests/actions/skills/test_readings.py knows them.
    payloads -= {"/{first_intent}", "/{second_intent}", "/{wish_intent}"}
    assert sorted(p for p in payloads if p.strip("/").partition("{")[0] not in intents) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_intent_has_examples_in_both_languages(language: str) -> None:
    examples: Counter[str] = Counter()
    for file in (ROOT / "data").glob(f"*.{language}.yml"):
        for block in yaml.safe_load(file.read_text("utf-8"))["nlu"]:
            if "intent" not in block:  # ways to say a concept
                continue
            examples[block["intent"]] += len(block["examples"].splitlines())
    intents = {next(iter(intent)) for intent in DOMAIN["intents"]} - {"nlu_fallback"}
    assert {
        intent: examples[intent] for intent in intents if examples[intent] < LEAST_EXAMPLES
    } == {}
    assert set(examples) == intents


def test_no_example_stands_under_two_intents() -> None:
    meant: dict[str, set[str]] = {}
    for file in (ROOT / "data").glob("*.??.yml"):
        for block in yaml.safe_load(file.read_text("utf-8"))["nlu"]:
            for line in block["examples"].splitlines() if "intent" in block else ():
                meant.setdefault(line[2:].strip().lower(), set()).add(block["intent"])
    assert {text: intents for text, intents in meant.items() if len(intents) > 1} == {}

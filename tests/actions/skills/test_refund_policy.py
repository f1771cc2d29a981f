"""How an answer about the rules ends: by the topic, by what the brand leaves open, by the form."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from rasa_sdk import Tracker

from actions.policy.brand import load_brands
from actions.policy.topics import Topic
from actions.skills.base import Skill
from actions.skills.contact_human import OfferPerson
from actions.skills.refund_policy import AnswerPolicyQuestion

DESK: Any = SimpleNamespace(brands=load_brands())


def asked(
    skill: type[Skill],
    *topics: str,
    intent: str = "refund_policy",
    brand: str = "kuailian",
    language: str = "zh",
    form: str | None = None,
    **slots: Any,
) -> tuple[list[tuple[str, str]], Any]:
    """Each reply's name and words, and what a plain yes would answer then."""
    message = {
        "intent": {"name": intent},
        "entities": [{"entity": "topic", "value": topic} for topic in topics],
    }
    event = {"event": "user", "metadata": {"brand": brand}}
    loop = {"name": form} if form else {}
    tracker = Tracker(
        "c", {"language": language, **slots}, message, [event], False, None, loop, None
    )
    said: list[tuple[str, str]] = []

    class Dispatcher:
        def utter_message(self, response: str, **facts: Any) -> None:
            said.append((response, facts.get("answer") or facts.get("topics") or ""))

    events = asyncio.run(skill(DESK).run(Dispatcher(), tracker, {}))  # type: ignore[arg-type]
    slots_set = {event["name"]: event["value"] for event in events}
    return said, slots_set["awaiting"]


@pytest.mark.parametrize(
    ("topic", "response"),
    [
        (Topic.WINDOW, "utter_policy_answer"),
        (Topic.RENEWAL, "utter_policy_answer"),
        (Topic.TIMES, "utter_policy_answer_status"),
        (Topic.NOTICES, "utter_policy_answer_status"),
        (Topic.APPEAL, "utter_policy_answer_person"),
        (Topic.CRYPTO, "utter_policy_answer_person"),
    ],
)
def test_an_answer_ends_with_the_button_that_helps(topic: Topic, response: str) -> None:
    ((name, words),), awaiting = asked(AnswerPolicyQuestion, topic)
    passages = DESK.brands["kuailian"].passages_on(topic)
    assert (name, words) == (response, "\n".join(passage["zh"] for passage in passages))
    assert awaiting is None


def test_where_a_form_asks_next_the_answer_has_no_button() -> None:
    said, _ = asked(AnswerPolicyQuestion, "times", form="refund_form")
    assert [name for name, _ in said] == ["utter_policy_answer_only"]


def test_silence_offers_a_person_and_a_yes_accepts() -> None:
    said, awaiting = asked(AnswerPolicyQuestion, "fees", language="en")
    assert said == [("utter_policy_silent", "fees")]
    assert awaiting == "person"


def test_silence_inside_a_form_leaves_the_yes_to_the_form() -> None:
    said, awaiting = asked(
        AnswerPolicyQuestion, "fees", form="refund_form", awaiting="confirmation"
    )
    assert said == [("utter_policy_silent", "手续费")]
    assert awaiting == "confirmation"


def test_of_two_topics_one_is_answered_and_the_other_owned_up_to() -> None:
    said, _ = asked(AnswerPolicyQuestion, "times", "invoice")
    assert [name for name, _ in said] == ["utter_policy_answer_only", "utter_policy_silent"]
    assert said[1][1] == "发票和收据"


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "人工服务时间：每天 09:00–21:00"), ("en", "09:00 to 21:00")]
)
def test_ways_to_reach_the_brand_come_with_its_hours(language: str, words: str) -> None:
    said, _ = asked(AnswerPolicyQuestion, "channels", brand="bitpie", language=language)
    assert words in said[0][1].splitlines()[-1]


@pytest.mark.parametrize(
    ("topics", "names"),
    [
        ((), ["utter_security"]),
        (("security",), ["utter_policy_answer_only", "utter_security"]),
        (("privacy",), ["utter_policy_answer_person"]),
        (("privacy", "security"), ["utter_policy_answer_only", "utter_security"]),
    ],
)
def test_who_asks_about_impostors_is_warned(topics: tuple[str, ...], names: list[str]) -> None:
    said, _ = asked(AnswerPolicyQuestion, *topics, intent="security_question")
    assert [name for name, _ in said] == names


def test_a_topic_that_this_version_does_not_know_is_left() -> None:
    said, _ = asked(AnswerPolicyQuestion, "weather", intent="how_long")
    assert [name for name, _ in said] == ["utter_policy_answer_status"]


@pytest.mark.parametrize(
    ("topics", "names"),
    [
        ((), ["utter_needs_person"]),
        (("auto_renewal",), ["utter_policy_answer_only", "utter_needs_person"]),
        (("invoice",), ["utter_policy_silent"]),
    ],
)
def test_what_the_rules_say_goes_before_the_offer_of_a_person(
    topics: tuple[str, ...], names: list[str]
) -> None:
    said, awaiting = asked(OfferPerson, *topics, intent="cancel_subscription")
    assert [name for name, _ in said] == names
    assert awaiting == "person"

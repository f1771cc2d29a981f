"""Two likely readings are offered in words; a guess is not."""

from types import SimpleNamespace

import pytest
import yaml

from actions.settings import ROOT
from actions.skills.contact_human import NotUnderstood
from actions.skills.readings import WORDS, likely_readings


def ranked(*pairs: tuple[str, float]) -> list[dict]:
    return [{"name": name, "confidence": confidence} for name, confidence in pairs]


@pytest.mark.parametrize(
    ("ranking", "offered"),
    [
        (
            ranked(("nlu_fallback", 0.6), ("refund_status", 0.38), ("how_long", 0.35)),
            ("refund_status", "how_long"),
        ),
        (
            ranked(("refund_status", 0.3), ("greet", 0.25), ("invoice", 0.24)),
            ("refund_status", "invoice"),
        ),
        (ranked(("refund_status", 0.9), ("how_long", 0.02)), None),
        (ranked(("refund_status", 0.2), ("how_long", 0.15)), None),
        (ranked(("greet", 0.3), ("refund_status", 0.28)), None),
        (ranked(("nlu_fallback", 1.0)), None),
        ([], None),
    ],
)
def test_what_is_likely_enough_is_offered(ranking: list, offered: tuple | None) -> None:
    assert likely_readings(ranking) == offered


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [("zh", "查退款进度", "要多久"), ("en", "Where my refund is", "How long it takes")],
)
async def test_the_question_names_both_in_the_customers_language(
    language: str, first: str, second: str
) -> None:
    turn = SimpleNamespace(
        intent="nlu_fallback",
        language=language,
        ranking=ranked(("refund_status", 0.4), ("how_long", 0.35)),
        form=None,
        is_wordless=False,
        slot=lambda name: None,
        open_offer=lambda: "confirmation",
        open_question=lambda: "confirmation",
    )
    answer = await NotUnderstood(desk=None).answer(turn)
    assert answer.slots["awaiting"] == "confirmation"
    (reply,) = answer.replies
    assert reply.response == "utter_which_of_two"
    assert (reply.facts["first"], reply.facts["second"]) == (first, second)
    assert (reply.facts["first_intent"], reply.facts["second_intent"]) == (
        "refund_status",
        "how_long",
    )


async def test_a_third_miss_offers_a_person_instead() -> None:
    turn = SimpleNamespace(
        intent="nlu_fallback",
        language="zh",
        ranking=ranked(("refund_status", 0.4), ("how_long", 0.35)),
        form=None,
        is_wordless=False,
        slot=lambda name: 2.0 if name == "misses" else None,
        open_offer=lambda: None,
    )
    answer = await NotUnderstood(desk=None).answer(turn)
    assert answer.replies[0].response == "utter_not_understood_again"


def test_words_fit_on_a_button_and_name_intents_that_exist() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))
    intents = {name for entry in domain["intents"] for name in entry}
    for intent, words in WORDS.items():
        assert intent in intents
        assert set(words) == {"zh", "en"}
        assert len(words["zh"]) <= 24
        assert len(words["en"]) <= 40
        assert intent not in words.values()

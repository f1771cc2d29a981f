"""The intent model: learns, is honest about its doubt, turns strangers away, survives storing."""

from pathlib import Path

import numpy as np
import pytest

from bot.engine.nlu.classifier import IntentModel, train
from bot.engine.nlu.concepts import Concepts
from bot.engine.nlu.features import masked
from bot.engine.nlu.sentences import DIMENSIONS, vectors

EXAMPLES = {
    "request_refund": [
        "我要退款",
        "把钱退给我",
        "退钱",
        "这单不要了，钱还我",
        "麻烦办下退款",
        "I want a refund",
        "money back please",
        "give me my money back",
        "please return what I paid",
        "refund this order",
    ],
    "contact_human": [
        "转人工",
        "找真人客服",
        "人工",
        "叫你们客服来",
        "我要跟人说话",
        "talk to a person",
        "get me an agent",
        "put me through to somebody",
        "human please",
        "I need a real person",
    ],
    "greet": [
        "你好",
        "在吗",
        "您好",
        "早上好",
        "哈喽",
        "hello there",
        "good morning",
        "hi",
        "hey",
        "good evening",
    ],
    "out_of_scope": [
        "明天下雨吗",
        "讲讲恐龙",
        "红烧肉怎么做",
        "帮我写作文",
        "附近有什么好吃的",
        "will it rain tomorrow",
        "tell me about dinosaurs",
        "how do I cook rice",
        "write my essay",
        "who won the match",
    ],
}
WAYS = {"money_back": ["退款", "退钱", "refund", "money back"], "person": ["人工", "agent"]}


@pytest.fixture(scope="module")
def model() -> IntentModel:
    pairs = [(text, intent) for intent, texts in EXAMPLES.items() for text in texts]
    return train([text for text, _ in pairs], [intent for _, intent in pairs], WAYS)


@pytest.mark.parametrize(
    ("message", "intent"),
    [
        ("我想退款", "request_refund"),
        ("請給我退錢", "request_refund"),
        ("REFUND please", "request_refund"),
        ("叫人工来", "contact_human"),
        ("an agent please", "contact_human"),
        ("你好啊", "greet"),
        ("hello", "greet"),
    ],
)
def test_new_messages_find_their_intent(model: IntentModel, message: str, intent: str) -> None:
    best = next(guess for guess in model.rankings([message])[0] if guess.intent != "out_of_scope")
    assert best.intent == intent


@pytest.mark.parametrize("message", ["讲讲火山", "how do I cook noodles"])
def test_what_is_none_of_the_desks_business_is_turned_away(
    model: IntentModel, message: str
) -> None:
    assert model.rankings([message])[0][0].intent == "out_of_scope"


def test_confidences_are_probabilities_in_order(model: IntentModel) -> None:
    for ranking in model.rankings(["我要退款", "zzzz", "🤷", "明天下雨吗"]):
        confidences = [guess.confidence for guess in ranking]
        assert sum(confidences) == pytest.approx(1.0, abs=1e-6)
        assert all(confidence >= 0 for confidence in confidences)
        assert {guess.intent for guess in ranking} == set(EXAMPLES)


def test_many_at_once_are_read_as_one_by_one(model: IntentModel) -> None:
    messages = ["我要退款", "hello", "转人工吧", "明天下雨吗"]
    for alone, together in zip(
        [model.rankings([message])[0] for message in messages],
        model.rankings(messages),
        strict=True,
    ):
        assert [guess.intent for guess in alone] == [guess.intent for guess in together]
        np.testing.assert_allclose(
            [guess.confidence for guess in alone],
            [guess.confidence for guess in together],
            atol=1e-4,
        )


def test_a_stored_model_answers_as_before(model: IntentModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    again = IntentModel.load(tmp_path)
    messages = ["我要退款", "hello", "转人工吧"]
    for was, now in zip(model.rankings(messages), again.rankings(messages), strict=True):
        assert [guess.intent for guess in was] == [guess.intent for guess in now]
        np.testing.assert_allclose(
            [guess.confidence for guess in was], [guess.confidence for guess in now], atol=1e-5
        )


def test_nothing_that_is_stored_is_executed_when_read(model: IntentModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    for path in tmp_path.iterdir():
        assert path.suffix in (".json", ".npz")
        if path.suffix == ".npz":
            with np.load(path, allow_pickle=False) as arrays:
                assert all(arrays[name].dtype != object for name in arrays.files)


def test_one_intent_alone_is_refused() -> None:
    with pytest.raises(ValueError, match="two intents"):
        train(["a", "b"], ["greet", "greet"])


def test_numbers_and_addresses_are_masked() -> None:
    assert masked("订单KL20260901001 邮箱Li@example.com 等了30天") == (
        "订单 ⟨id⟩ 邮箱 ⟨mail⟩ 等了0天"
    )


def test_a_concept_is_found_however_it_is_said() -> None:
    concepts = Concepts(WAYS)
    assert concepts.found("我要退钱,转人工") == ["money_back", "person"]
    assert concepts.found("an agent, money back") == ["money_back", "person"]
    assert concepts.found("agenty refunded") == []  # parts of other words


def test_concepts_that_stand_together_count_as_a_pair() -> None:
    assert Concepts(WAYS).features("退款 人工") == ["money_back", "person", "money_back+person"]


def test_like_meanings_have_like_vectors_across_languages() -> None:
    chinese, english, other = vectors(["我要退款", "I want a refund", "讲讲恐龙"])
    assert chinese @ english > 0.5 > chinese @ other


def test_a_message_of_any_length_has_a_vector() -> None:
    for text in ("", "   ", "退" * 4000, "\u202e\x00", "🤷" * 500):
        assert vectors([text]).shape == (1, DIMENSIONS)
        assert np.isfinite(vectors([text])).all()


def test_the_wish_at_the_end_of_a_long_message_is_read() -> None:
    rambling = "昨天我去了公园，天气很好，遇见了老朋友，聊了很久。" * 60
    alone, ended = vectors([rambling, rambling + "我要退款" * 20])
    assert alone @ ended < 0.99

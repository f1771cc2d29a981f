"""The linear classifier: learns, is honest about its doubt, and survives being stored."""

from pathlib import Path

import numpy as np
import pytest

from bot.engine.nlu.classifier import LinearModel, train
from bot.engine.nlu.features import masked

EXAMPLES = {
    "request_refund": ["我要退款", "把钱退给我", "退钱", "I want a refund", "money back please"],
    "contact_human": ["转人工", "找真人客服", "人工", "talk to a person", "get me an agent"],
    "greet": ["你好", "在吗", "您好", "hello there", "good morning"],
}


@pytest.fixture(scope="module")
def model() -> LinearModel:
    pairs = [(text, intent) for intent, texts in EXAMPLES.items() for text in texts]
    return train([text for text, _ in pairs], [intent for _, intent in pairs])


@pytest.mark.parametrize(
    ("message", "intent"),
    [
        ("我想退款", "request_refund"),
        ("請給我退錢", "request_refund"),
        ("REFUND please", "request_refund"),
        ("叫人工来", "contact_human"),
        ("an agent please", "contact_human"),
        ("你好啊", "greet"),
    ],
)
def test_new_messages_find_their_intent(model: LinearModel, message: str, intent: str) -> None:
    probabilities = model.probabilities(message)
    assert model.labels[int(np.argmax(probabilities))] == intent


def test_probabilities_are_probabilities(model: LinearModel) -> None:
    for message in ("我要退款", "zzzz", "", "🤷"):
        probabilities = model.probabilities(message)
        assert probabilities.sum() == pytest.approx(1.0)
        assert (probabilities >= 0).all()


def test_a_stored_model_answers_as_before(model: LinearModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    again = LinearModel.load(tmp_path)
    for message in ("我要退款", "hello", "转人工吧"):
        np.testing.assert_allclose(
            again.probabilities(message), model.probabilities(message), atol=1e-5
        )


def test_numbers_and_addresses_are_masked() -> None:
    assert masked("订单KL20260901001 邮箱Li@example.com 等了30天") == (
        "订单 ⟨id⟩ 邮箱 ⟨mail⟩ 等了0天"
    )

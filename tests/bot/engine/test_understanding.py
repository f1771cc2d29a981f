"""The trained model reads messages that it has never seen. Floors, not aims: docs/nlu.md has both.

The messages are in tests/nlu, written by other hands than the examples.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sklearn.metrics import f1_score

from bot.engine.understand import Understanding

ROOT = Path(__file__).parents[3]
LEAST_F1 = 0.90
LEAST_RECALL = 0.85
MOST_LOSS = 0.05


@pytest.fixture(scope="module")
def model() -> Path:
    """The newest model: ``make test`` has trained it for the present data."""
    return max((ROOT / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)


@pytest.fixture(scope="module")
def understanding(model: Path) -> Understanding:
    return Understanding.load(model)


@pytest.fixture(scope="module", params=["unseen/zh", "unseen/en", "fresh/zh", "fresh/en"])
def read(request: pytest.FixtureRequest, understanding: Understanding) -> list[tuple[str, str]]:
    """What each message of a set means, and what the model says it means."""
    path = ROOT / "tests" / "nlu" / f"{request.param}.jsonl"
    meant = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    said = understanding.read([one["text"] for one in meant])
    return [
        (one["intent"], other["intent"].rsplit("/")[-1])
        for one, other in zip(meant, said, strict=True)
    ]


def test_unseen_messages_are_understood(read: list[tuple[str, str]]) -> None:
    meant, said = zip(*read, strict=True)
    assert f1_score(meant, said, average="macro", labels=sorted(set(meant))) >= LEAST_F1


def test_strangers_are_turned_away_and_customers_are_not(read: list[tuple[str, str]]) -> None:
    strangers = [said for meant, said in read if meant == "out_of_scope"]
    customers = [said for meant, said in read if meant != "out_of_scope"]
    assert strangers.count("out_of_scope") / len(strangers) >= LEAST_RECALL
    assert customers.count("out_of_scope") / len(customers) <= MOST_LOSS


@pytest.mark.parametrize(
    "text", ["", "   ", "\x00\x00", "\u202e\u200b", "退" * 4000, "🤷" * 1000, "1" * 4000]
)
def test_any_text_gets_an_answer_of_the_same_form(understanding: Understanding, text: str) -> None:
    (said,) = understanding.read([text])
    assert set(said) == {"text", "intent", "confidence", "ranking", "language", "entities"}
    assert said["text"] == text
    assert 0 <= said["confidence"] <= 1


def test_lines_come_back_in_order_as_json(model: Path) -> None:
    texts = ["我要退款，订单KL20260901001", "", "where is my refund", "明天会下雨吗"]
    ran = subprocess.run(
        [sys.executable, "-m", "bot.engine.understand", str(model)],
        cwd=ROOT,
        input="\n".join(texts).encode() + b"\n\xff\n",
        capture_output=True,
        check=True,
    )
    said = [json.loads(line) for line in ran.stdout.decode().splitlines()]
    assert [one["text"] for one in said[:-1]] == texts
    assert [one["intent"] for one in said[:-1]] == [
        "request_refund",
        None,
        "refund_status",
        "out_of_scope",
    ]
    assert [one["language"] for one in said[:-1]] == ["zh-Hans", "none", "en", "zh-Hans"]
    assert said[0]["entities"][0]["value"] == "KL20260901001"
    assert said[-1]["text"] == "\ufffd"  # broken UTF-8 is a line like any other

"""A short answer to the question for the reason is read as one of its kinds, or not at all."""

from __future__ import annotations

import pytest

from bot.engine.nlu.entities import find_facts
from bot.engine.nlu.facts.reasons import LONGEST_ANSWER, answered_reason


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("东西一直没到", "not_received"),
        ("没有到账", "not_received"),
        ("钱付了啥也没给", "not_received"),
        ("nothing ever arrived", "not_received"),
        ("I didn't get it", "not_received"),
        ("我click错了", "wrong_operation"),
        ("点错了", "wrong_operation"),
        ("手快按到了", "wrong_operation"),
        ("oops, wrong button", "wrong_operation"),
        ("it was a mistake", "wrong_operation"),
        ("付了两回", "double_payment"),
        ("you took it twice", "double_payment"),
        ("不怎么好用", "dissatisfaction"),
        ("it's useless", "dissatisfaction"),
        ("都不是", "other"),
        ("none of those", "other"),
    ],
)
def test_a_short_answer_is_a_reason(text: str, kind: str) -> None:
    assert answered_reason(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "好的",
        "what do you mean",
        "转人工",
        "付了两次结果东西没到",
        "twice charged and nothing came",
        "?",
    ],
)
def test_none_or_several_are_no_answer(text: str) -> None:
    assert answered_reason(text) is None


def test_a_story_is_no_short_answer() -> None:
    assert answered_reason("没到" + "啊" * LONGEST_ANSWER) is None


@pytest.mark.parametrize("asked", [None, "order_number", "email"])
def test_only_the_question_makes_it_a_reason(pipeline, asked: str | None) -> None:  # type: ignore[no-untyped-def]
    assert [f for f in find_facts(pipeline, "没有到账", asked) if f.kind == "reason"] == []
    (fact,) = find_facts(pipeline, "没有到账", "reason")
    assert (fact.kind, fact.value) == ("reason", "not_received")

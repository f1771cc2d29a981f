"""The examples in ``data/``: none near another, none under two intents, enough of each."""

import pytest

from bot.engine.examples import (
    Example,
    amounts,
    enough,
    faults,
    near_duplicates,
    read_examples,
    under_two_intents,
)


def zh(intent: str, *texts: str) -> list[Example]:
    return [Example(intent, "zh", text, "a.zh.yml") for text in texts]


def en(intent: str, *texts: str) -> list[Example]:
    return [Example(intent, "en", text, "a.en.yml") for text in texts]


def test_our_examples_have_no_faults() -> None:
    assert faults(read_examples()) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("我要退款!", "我要退款"), ("Refund please", "refund, please"), ("請退款", "请退款")],
)
def test_the_same_words_under_two_intents_are_found(one: str, other: str) -> None:
    found = list(under_two_intents([*zh("request_refund", one), *zh("complaint", other)]))
    assert len(found) == 1
    assert "complaint, request_refund" in found[0]


@pytest.mark.parametrize(
    "texts",
    [
        ("我上个月买的年卡想退掉可以吗", "我上个月买的年卡想退掉可以吗亲"),
        ("could you please check where my parcel is", "could you please check where my parcel is?"),
        ("退钱", "退钱!"),
    ],
)
def test_examples_that_hardly_differ_are_found(texts: tuple[str, str]) -> None:
    assert len(list(near_duplicates(zh("order_status", *texts)))) == 1


def test_different_examples_and_other_intents_are_left_alone() -> None:
    examples = [
        *zh("request_refund", "我要退款", "把钱还给我"),
        *zh("complaint", "我要退款啊"),
        *en("request_refund", "please refund me", "I'd like my money back"),
    ]
    assert list(near_duplicates(examples)) == []


def test_too_few_and_lopsided_amounts_are_found() -> None:
    many = [f"第{number}句" for number in range(enough("greet"))]
    found = list(amounts([*zh("greet", *many), *en("greet", "hi")]))
    assert [fault.split(" (")[0] for fault in found] == ["too few", "lopsided"]

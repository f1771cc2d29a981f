"""Courtesies around a wish are set aside; messages that are nothing else stay as they are."""

from __future__ import annotations

import pytest

from bot.engine.nlu.courtesies import core_of


@pytest.mark.parametrize(
    ("written", "core"),
    [
        ("你好，我想退款", "我想退款"),
        ("您好呀~ 在吗？钱什么时候到账", "钱什么时候到账"),
        ("亲，帮我查下订单", "帮我查下订单"),
        ("客服你好 我被扣了两次钱，谢谢", "我被扣了两次钱"),
        ("哈喽 请问在吗 会员怎么取消呀？麻烦你了", "会员怎么取消呀?"),
        ("Hi there, I want my money back", "I want my money back"),
        ("Good morning! Where is my refund? Thanks in advance", "Where is my refund?"),
        ("Dear Sir or Madam, you charged me twice. Kind regards", "you charged me twice."),
        ("hello, 我要退款, thx", "我要退款"),
        ("please cancel my plan. Many thanks!", "please cancel my plan."),
    ],
)
def test_the_wish_is_left(written: str, core: str) -> None:
    assert core_of(written).rstrip(".") == core.rstrip(".")


@pytest.mark.parametrize(
    "written",
    [
        "ok thanks",
        "谢谢",
        "好的谢谢",
        "hello",
        "你好",
        "在吗",
        "thanks a lot",
        "hi",
        "您好，客服",
        "Thank you so much",
    ],
)
def test_courtesy_alone_stays(written: str) -> None:
    assert core_of(written) == written.replace("，", ",")


@pytest.mark.parametrize(
    "written",
    [
        "hi-vis jacket never arrived",
        "亲测没用,要求退钱",
        "history of my orders",
        "they owe me a party refund",
        "大家都退了为什么我不行",
        "老师的课不好想退",
        "the thanksgiving order is late",
        "你好意思收两次钱吗",
    ],
)
def test_words_that_only_look_like_courtesies_stay(written: str) -> None:
    assert core_of(written) == written


def test_a_question_keeps_its_mark() -> None:
    assert core_of("can I get a refund? thanks").endswith("?")
    assert core_of("可以退款吗？谢谢").endswith("?")

"""Coins sent astray: advice and warnings at once, no promise, and a person if wanted."""

import pytest


@pytest.mark.parametrize(
    ("brand", "language", "words"),
    [
        ("bitpie", "zh", "我把usdt转错地址了怎么办"),
        ("bitpie", "en", "I sent my USDT to the wrong address"),
        ("bitpie", "zh", "充币选错网络了，能找回来吗"),
        ("bitpie", "en", "picked the wrong network when withdrawing, can you get it back?"),
        ("kuailian", "zh", "付款的时候链选错了，币打到别的地址了"),
    ],
)
def test_advice_comes_at_once_and_nothing_is_promised(chat, brand, language, words):
    talk = chat(brand, language)
    talk.user(words)
    assert talk.responses()[-1] == "utter_wrong_transfer"
    talk.user({"zh": "好的", "en": "yes"}[language]).bot("utter_person_coming")


def test_a_refund_can_still_be_asked_for(chat, customer):
    who = customer("bitpie")
    talk = chat("bitpie", "en")
    talk.user("oh no, wrong chain. I sent it to someone else's wallet")
    talk.press("Ask for a refund")
    assert talk.responses()[-1].startswith("utter_ask_")
    assert who.cases() == []

"""Which language the customer is answered in."""

import pytest

from bot.engine.nlu.language import (
    language_of,
    language_to_answer_in,
    tag_of,
    wished_language,
    wished_script,
)


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("我要退款", "zh"),
        ("請問退款進度", "zh"),
        ("我想refund一下", "zh"),
        ("I want my money back", "en"),
        ("please refund my 快连 order now", "en"),
        ("refund", "en"),
        ("Thanks!", "en"),
        ("asdfghjkl", None),
        ("tuikuan", None),
        ("KL20260901001", None),
        ("lilei@example.com", None),
        ("OK", None),
        ("VPN", None),
        ("299", None),
        ("👍", None),
        ("", None),
    ],
)
def test_a_message_shows_its_language_or_none(message: str, language: object) -> None:
    assert language_of(message) == language


def test_an_order_number_never_switches_the_language() -> None:
    assert language_to_answer_in("AB123456", so_far="zh", locked=False) == "zh"
    assert language_to_answer_in("AB123456", so_far="en", locked=False) == "en"


def test_a_clear_message_switches_and_an_explicit_wish_holds() -> None:
    assert language_to_answer_in("I want a refund", so_far="zh", locked=False) == "en"
    assert language_to_answer_in("I want a refund", so_far="zh", locked=True) == "zh"


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        ("English please", "en"),
        ("can you speak Chinese?", "zh"),
        ("I don't read Chinese", "en"),
        ("no chinese pls", "en"),
        ("我看不懂英文", "zh"),
        ("别讲英语了说中文", "zh"),
        ("講中文好嗎", "zh"),
        ("換個語言", None),
    ],
)
def test_a_wish_names_its_language(wish: str, language: object) -> None:
    assert wished_language(wish) == language


@pytest.mark.parametrize(
    ("wish", "language", "script"),
    [
        ("请用繁体", "zh", "Hant"),
        ("可以打繁體字嗎", "zh", "Hant"),
        ("繁中 please", "zh", "Hant"),
        ("改用正體字", "zh", "Hant"),
        ("Traditional Chinese please", "zh", "Hant"),
        ("I can't read simplified Chinese", "zh", "Hant"),
        ("我看不懂简体字", "zh", "Hant"),
        ("我不太看得懂簡體字", "zh", "Hant"),
        ("我不會簡體,可以用繁體回我嗎", "zh", "Hant"),
        ("換成簡體", "zh", "Hans"),
        ("用简体，繁体字我认得慢", "zh", "Hans"),
        ("别用繁体", "zh", "Hans"),
        ("simplified chinese pls", "zh", "Hans"),
        ("no traditional, english please", "en", "Hans"),
        ("说中文", "zh", None),
        ("English please", "en", None),
        ("換個語言", None, None),
    ],
)
def test_a_wish_may_name_a_script_which_is_chinese(
    wish: str, language: object, script: object
) -> None:
    assert (wished_language(wish), wished_script(wish)) == (language, script)


@pytest.mark.parametrize(
    ("message", "tag"),
    [
        ("我要退款", "zh-Hans"),
        ("后面的里程怎么算", "zh-Hans"),
        ("你好", "zh-Hans"),
        ("我的iPhone坏了", "zh-Hans"),
        ("PayPal付的", "zh-Hans"),
        ("订单 KL20260901001 发到 li@example.com", "zh-Hans"),
        ("請問退款進度", "zh-Hant"),
        ("錢幾時到呀", "zh-Hant"),
        ("我想refund一下", "mixed"),
        ("where is my order 啊", "mixed"),
        ("這個 subscription 我想 cancel", "mixed"),
        ("I want my money back", "en"),
        ("please refund my 快连 order now", "en"),
        ("ｒｅｆｕｎｄ", "en"),
        ("tuikuan", "none"),
        ("KL20260901001", "none"),
        ("299", "none"),
        ("발송", "none"),
        ("👍", "none"),
        ("", "none"),
    ],
)
def test_each_message_has_a_tag_of_language_and_script(message: str, tag: str) -> None:
    assert tag_of(message) == tag

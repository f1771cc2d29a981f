"""A person is always to be had; and then the bot is quiet."""

import pytest


@pytest.mark.parametrize(
    ("language", "wish"),
    [
        ("zh", "转人工"),
        ("zh", "我要找真人客服"),
        ("en", "let me talk to a real person"),
        ("en", "agent"),
    ],
)
def test_a_person_is_queued_from_anywhere(chat, language, wish):
    chat("kuailian", language).user(wish).bot("utter_person_coming")


def test_a_person_is_queued_from_inside_the_form(chat):
    talk = chat()
    talk.user("我要退款").bot("utter_ask_order_number")
    talk.user("转人工").bot("utter_person_coming")


def test_the_bot_is_quiet_once_a_person_is_awaited(chat):
    talk = chat("kuailian", "en")
    talk.user("human please").bot("utter_person_coming")
    talk.user("I bought the wrong plan").bot()


def test_three_misses_in_a_row_offer_a_person(chat):
    talk = chat()
    for _ in range(2):
        talk.user("今天天气怎么样")
    talk.user("帮我写首诗吧").bot("utter_not_understood_again")
    talk.user("好的").bot("utter_person_coming")

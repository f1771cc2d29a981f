"""Troubles with the account: what is helped here, and what takes a person."""

import pytest


@pytest.mark.parametrize(
    ("language", "words", "button", "response"),
    [
        ("zh", "我的账号登录不上去了", "更换邮箱", "utter_ask_order_number"),
        ("zh", "我的账号登录不上去了", "转人工", "utter_person_coming"),
        ("en", "I can't log in to my account", "Change my e-mail", "utter_ask_order_number"),
        ("en", "I can't log in to my account", "Old mailbox is lost", "utter_mailbox_lost"),
    ],
)
def test_each_way_out_is_open(chat, language, words, button, response):
    talk = chat("kuailian", language)
    talk.user(words).bot("utter_account_problem")
    talk.press(button).bot(response)


def test_a_yes_brings_a_person(chat):
    talk = chat("kuailian", "en")
    talk.user("I can't log in to my account").bot("utter_account_problem")
    talk.user("yes please").bot("utter_person_coming")


def test_in_the_form_it_is_answered_and_the_form_goes_on(chat):
    talk = chat()
    talk.user("我要退款").bot("utter_ask_order_number")
    talk.user("我的账号登录不上去了").bot("utter_account_problem", "utter_ask_order_number")

"""The form, whatever its facts are for: nobody is trapped in it, and nothing is asked twice."""

import pytest


@pytest.mark.parametrize(
    ("language", "wish", "nonsense"),
    [
        ("zh", "我要退款", ("今天天气怎么样", "帮我写首诗吧", "晚饭吃什么好")),
        (
            "en",
            "I want a refund",
            ("what's the weather like", "write me a poem", "who won the game"),
        ),
    ],
)
def test_three_useless_answers_end_the_form_and_offer_a_person(chat, language, wish, nonsense):
    talk = chat("kuailian", language)
    talk.user(wish).bot("utter_ask_order_number")
    for words in nonsense[:2]:
        talk.user(words).bot("utter_out_of_scope", "utter_ask_order_number")
    talk.user(nonsense[2]).bot("utter_not_understood_again")
    talk.user("好的" if language == "zh" else "yes").bot("utter_person_coming")


def test_three_numbers_that_cannot_be_end_the_form(chat):
    talk = chat("kuailian", "en")
    talk.user("where is my refund").bot("utter_ask_tracking_number")
    for number in ("RF-2345678922", "RF-2345678923"):
        talk.user(number).bot("utter_ask_tracking_number")
    talk.user("RF-2345678924").bot("utter_not_understood_again")


def test_a_useful_answer_forgives_the_useless_ones(chat, customer):
    who = customer()
    talk = chat()
    talk.user("我要退款").bot("utter_ask_order_number")
    talk.user("今天天气怎么样").bot("utter_out_of_scope", "utter_ask_order_number")
    talk.user("帮我写首诗吧").bot("utter_out_of_scope", "utter_ask_order_number")
    talk.user(who.order).bot("utter_ask_email")
    talk.user("今天天气怎么样").bot("utter_out_of_scope", "utter_ask_email")


def test_the_facts_of_one_wish_serve_the_next(chat, customer):
    who = customer()
    talk = chat()
    talk.user(f"退款进度查一下 {who.email}").bot("utter_ask_tracking_number")
    talk.user("我还没申请，先帮我申请退款吧").bot("utter_ask_order_number")
    talk.user(who.order).bot("utter_ask_code")


def test_what_was_pursued_before_is_forgotten_with_the_form(chat, customer):
    who = customer()
    talk = chat("kuailian", "en")
    talk.user("I want to change my e-mail address").bot("utter_ask_order_number")
    talk.user("bye").bot("utter_goodbye")
    talk.user(f"{who.order} {who.email}").bot("utter_ask_code")
    talk.user(who.code()).bot("utter_refund_approved")

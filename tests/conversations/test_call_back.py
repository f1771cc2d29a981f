"""A call by telephone: registered once, with a number, and never in the way of a refund."""

import pytest


@pytest.mark.parametrize(
    ("language", "wish", "number", "ending"),
    [
        ("zh", "能给我打个电话吗", "13800138000", "8000"),
        ("en", "can someone call me?", "+44 20 7946 0991", "0991"),
    ],
)
def test_the_number_is_asked_for_and_the_call_registered(chat, language, wish, number, ending):
    talk = chat("kuailian", language)
    talk.user(wish).bot("utter_ask_phone")
    talk.user(number).bot("utter_call_back_noted", says=ending)
    assert len(talk.calls()) == 1


@pytest.mark.parametrize(
    ("language", "wish", "ending"),
    [
        ("zh", "请给我回个电话，13800138000，下午三点以后", "8000"),
        ("en", "please call me back on 020 7946 0991 after 6pm", "0991"),
    ],
)
def test_a_number_that_was_given_is_not_asked_for(chat, language, wish, ending):
    talk = chat("kuailian", language)
    talk.user(wish).bot("utter_call_back_noted", says=ending)
    (data,) = talk.calls()
    assert data["preferred_time"]


@pytest.mark.parametrize(
    ("language", "wish", "other", "ending"),
    [
        ("zh", "回我电话 13800138000", "打错了，打我电话 13900139111 吧", "9111"),
        (
            "en",
            "call me back on 020 7946 0991",
            "sorry, call me on 020 7946 0123 instead",
            "0123",
        ),
    ],
)
def test_asked_for_twice_it_is_one_call_to_the_newer_number(chat, language, wish, other, ending):
    talk = chat("kuailian", language)
    talk.user(wish).bot("utter_call_back_noted")
    talk.user(other).bot("utter_call_back_noted", says=ending)
    assert len(talk.calls()) == 1


@pytest.mark.parametrize(
    ("language", "wish", "no"),
    [("zh", "打电话给我行吗", "不用了"), ("en", "could you ring me", "no, never mind")],
)
def test_it_can_be_left(chat, language, wish, no):
    talk = chat("kuailian", language)
    talk.user(wish).bot("utter_ask_phone")
    talk.user(no).bot("utter_nothing_done")
    assert talk.calls() == []


@pytest.mark.parametrize(
    ("language", "wish", "call", "again"),
    [
        ("zh", "我要退款，订单号{order}", "能不能给我打个电话", "我要退款"),
        ("en", "i want a refund for {order}", "can somebody call me", "i want a refund"),
    ],
)
def test_a_refund_under_way_keeps_its_facts(chat, customer, language, wish, call, again):
    who = customer()
    talk = chat("kuailian", language)
    talk.user(wish.format(order=who.order)).bot("utter_ask_email")
    talk.user(call).bot("utter_ask_phone")
    talk.user("+86 138 0013 8000").bot("utter_call_back_noted", says="8000")
    talk.user(again).bot("utter_ask_email")


@pytest.mark.parametrize(
    ("language", "wish", "why", "number"),
    [
        ("zh", "给我回个电话吧", "要电话干嘛", "13800138000"),
        ("en", "please call me", "what's that for?", "+44 20 7946 0991"),
    ],
)
def test_who_asks_what_the_number_is_for_is_told(chat, language, wish, why, number):
    talk = chat("kuailian", language)
    talk.user(wish).bot("utter_ask_phone")
    talk.user(why).bot("utter_why_phone", "utter_ask_phone")
    talk.user({"zh": "谢谢", "en": "thanks"}[language]).bot("utter_welcome")
    talk.user({"zh": "你吃饭了吗", "en": "how are you today"}[language]).bot("utter_small_talk")
    talk.user(number).bot("utter_call_back_noted", says=number[-4:])


@pytest.mark.parametrize(
    ("language", "wish", "when", "number"),
    [
        ("zh", "给我回个电话吧", "明天下午", "13800138000"),
        ("en", "please call me", "tomorrow after three", "+44 20 7946 0991"),
    ],
)
def test_something_else_than_the_number_does_not_lose_the_call(chat, language, wish, when, number):
    talk = chat("kuailian", language)
    talk.user(wish).bot("utter_ask_phone")
    talk.user(when)
    talk.user(number).bot("utter_call_back_noted", says=number[-4:])


@pytest.mark.parametrize(
    ("language", "wish", "bad", "good"),
    [
        ("zh", "能给我打个电话吗", "电话是 12345", "13800138000"),
        ("en", "can someone call me?", "my number is 12345", "+44 20 7946 0991"),
    ],
)
def test_a_number_that_cannot_be_is_asked_for_again(chat, language, wish, bad, good):
    talk = chat("kuailian", language)
    talk.user(wish).bot("utter_ask_phone")
    talk.user(bad)
    assert talk.calls() == []
    talk.user(good).bot("utter_call_back_noted", says=good[-4:])


@pytest.mark.parametrize(
    ("language", "wish", "number"),
    [
        ("zh", "我要退款", "打我电话吧 13800138000"),
        ("en", "i want a refund", "just call me on +44 20 7946 0991"),
    ],
)
def test_a_number_to_call_given_for_something_else_books_the_call(chat, language, wish, number):
    talk = chat("kuailian", language)
    talk.user(wish).bot("utter_ask_order_number")
    talk.user(number).bot("utter_call_back_noted", says=number[-4:])
    assert len(talk.calls()) == 1


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("zh", "你们客服电话多少"),
        ("zh", "晚上有人吗"),
        ("en", "what's your phone number?"),
        ("en", "are you open at night?"),
    ],
)
def test_who_asks_how_to_reach_us_is_told_and_offered_a_person(chat, language, question):
    talk = chat("kuailian", language)
    talk.user(question).bot("utter_policy_answer_person")
    talk.user({"zh": "好的", "en": "yes please"}[language]).bot("utter_person_coming")


def test_a_question_in_between_does_not_lose_the_call(chat):
    talk = chat("kuailian", "en")
    talk.user("can someone call me?").bot("utter_ask_phone")
    talk.user("how long does a refund take?")
    talk.user("+44 20 7946 0991").bot("utter_call_back_noted", says="0991")

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


def test_asked_for_twice_it_is_one_call_to_the_newer_number(chat):
    talk = chat("kuailian", "en")
    talk.user("call me back on 020 7946 0991").bot("utter_call_back_noted")
    talk.user("sorry, call me on 020 7946 0123 instead").bot("utter_call_back_noted", says="0123")
    assert len(talk.calls()) == 1


def test_it_can_be_left(chat):
    talk = chat()
    talk.user("打电话给我行吗").bot("utter_ask_phone")
    talk.user("不用了").bot("utter_nothing_done")
    assert talk.calls() == []


def test_a_refund_under_way_keeps_its_facts(chat, customer):
    who = customer()
    talk = chat()
    talk.user(f"我要退款，订单号{who.order}").bot("utter_ask_email")
    talk.user("能不能给我打个电话").bot("utter_ask_phone")
    talk.user("13800138000").bot("utter_call_back_noted")
    talk.user("我要退款").bot("utter_ask_email")


def test_a_question_in_between_does_not_lose_the_call(chat):
    talk = chat("kuailian", "en")
    talk.user("can someone call me?").bot("utter_ask_phone")
    talk.user("how long does a refund take?")
    talk.user("+44 20 7946 0991").bot("utter_call_back_noted", says="0991")

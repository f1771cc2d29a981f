"""Complaints: on record, with a supervisor, urgent where something is threatened."""

import pytest


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", "我要投诉你们，服务态度太差了"),
        ("en", "I want to make a complaint about your service"),
    ],
)
def test_a_complaint_is_put_before_a_supervisor(chat, language, words):
    talk = chat("kuailian", language)
    talk.user(words).bot("utter_complaint_taken")
    assert talk.tickets() == [("complaint", "complaint", "high")]


@pytest.mark.parametrize(
    ("language", "words", "threat"),
    [
        ("zh", "再不处理我就打12315投诉你们", "regulator"),
        ("zh", "我要投诉，不解决就找律师起诉你们", "lawyer"),
        ("en", "this is a formal complaint, my lawyer will be in touch", "lawyer"),
        ("en", "I'm making a complaint and reporting you to the ombudsman", "regulator"),
    ],
)
def test_a_threat_makes_it_urgent(chat, language, words, threat):
    talk = chat("kuailian", language)
    talk.user(words).bot("utter_complaint_taken_urgent")
    assert talk.tickets() == [("complaint", f"threat:{threat}", "urgent")]


def test_a_yes_after_a_complaint_brings_a_person_at_once(chat):
    talk = chat()
    talk.user("我要投诉到12315").bot("utter_complaint_taken_urgent")
    talk.user("好的").bot("utter_person_coming")
    assert ("hand_over", "urgent") in [(kind, urgent) for kind, _, urgent in talk.tickets()]


def test_a_complaint_in_the_form_is_taken_and_the_form_goes_on(chat):
    talk = chat("kuailian", "en")
    talk.user("I want a refund").bot("utter_ask_order_number")
    talk.user("your service is a disgrace, I want to file a complaint")
    talk.bot("utter_complaint_taken", "utter_ask_order_number")
    assert [category for category, _, _ in talk.tickets()] == ["complaint"]


def test_a_threat_beside_a_wish_is_taken_down_and_the_wish_is_followed(chat):
    talk = chat()
    talk.user("马上给我退款，不然我打12315").bot("utter_ask_order_number")
    assert talk.tickets() == [("complaint", "threat:regulator", "urgent")]

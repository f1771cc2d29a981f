"""Where a refund stands, with and without having been verified."""

import re


def _number(text):
    return re.search(r"RF-\w{10}", text)[0]


def test_a_verified_customer_just_asks(chat, customer):
    who = customer()
    talk = chat().verified(who).bot("utter_refund_approved")
    talk.press("确认退款").bot("utter_refund_confirmed")
    number = _number(talk.text())
    talk.user("我的退款到哪了").bot("utter_refund_status_under_way", says=number)


def test_number_and_address_show_state_and_dates_but_no_amount(chat, customer):
    who = customer()
    talk = chat("kuailian", "en").verified(who, "refund please")
    talk.press("Yes, refund it").bot("utter_refund_confirmed")
    number = _number(talk.text())
    later = chat("kuailian", "en")
    later.user("where is my refund?").bot("utter_ask_tracking_number")
    later.user(number).bot("utter_ask_email")
    later.user(who.email).bot("utter_refund_status_under_way", says=number)
    assert "299" not in later.text()


def test_a_wrong_address_finds_nothing(chat, customer):
    who, other = customer(), customer()
    talk = chat().verified(who)
    talk.press("确认退款").bot("utter_refund_confirmed")
    number = _number(talk.text())
    later = chat()
    later.user(f"查一下退款进度 {number}").bot("utter_ask_email")
    later.user(other.email).bot("utter_no_refund_found")

"""Where a refund stands, with and without having been verified."""

import json
import re
import sqlite3

import pytest


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


@pytest.mark.parametrize(
    ("language", "wish", "button", "status"),
    [
        ("zh", "我要退款", "确认退款", "订单{order}的退款到哪一步了"),
        ("en", "refund please", "Yes, refund it", "where is the refund for order {order}?"),
    ],
)
def test_who_knows_the_order_only_proves_it_and_is_told(
    chat, customer, language, wish, button, status
):
    who = customer()
    talk = chat("kuailian", language).verified(who, wish)
    talk.press(button).bot("utter_refund_confirmed")
    later, mailed = chat("kuailian", language), len(who.mails())
    later.user(status.format(order=who.order)).bot("utter_ask_email")
    later.user(who.email).bot("utter_ask_code")
    later.user(who.code(after=mailed)).bot(
        "utter_refund_status_under_way", says=_number(talk.text())
    )


@pytest.mark.parametrize(
    ("language", "status"),
    [("zh", "订单{order}退款退了没有"), ("en", "has order {order} been refunded yet?")],
)
def test_an_order_without_a_refund_is_said_to_have_none(chat, customer, language, status):
    who = customer()
    talk = chat("kuailian", language)
    talk.user(status.format(order=who.order)).bot("utter_ask_email")
    talk.user(who.email).bot("utter_ask_code")
    talk.user(who.code()).bot("utter_order_has_no_refund", says=who.order)
    assert who.cases() == []
    talk.user({"zh": "好", "en": "yes"}[language]).bot("utter_refund_approved", says=who.order)


@pytest.mark.parametrize(
    ("language", "wish", "button", "late"),
    [
        ("zh", "我要退款", "确认退款", "都过了说好的日子了，退款怎么还没到"),
        ("en", "refund please", "Yes, refund it", "my refund is days overdue, where is it?"),
    ],
)
def test_a_refund_past_its_promise_goes_to_a_supervisor_once(
    stack, chat, customer, language, wish, button, late
):
    who = customer()
    talk = chat("kuailian", language).verified(who, wish)
    talk.press(button).bot("utter_refund_confirmed")
    number = _number(talk.text())
    _promised_long_ago(stack.home, number)
    talk.user(late).bot("utter_refund_late", says=(number, "T-"))
    talk.user(late).bot("utter_refund_late")
    assert [ticket[0] for ticket in talk.tickets()] == ["complaint"]


def _promised_long_ago(home, number):
    """As if the last promised day had been long ago."""
    with sqlite3.connect(home / "desk.db") as database:
        query = "SELECT decision FROM cases WHERE number = ?"
        ((held,),) = database.execute(query, (number,)).fetchall()
        decision = json.loads(held)
        decision["pay_out"] |= {"from": "2026-01-05", "to": "2026-01-09"}
        database.execute(
            "UPDATE cases SET decision = ? WHERE number = ?", (json.dumps(decision), number)
        )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_corrected_address_asks_for_the_status_again(chat, customer, language):
    who, other = customer(), customer()
    wish, button = {"zh": ("我要退款", "确认退款"), "en": ("refund please", "Yes, refund it")}[
        language
    ]
    talk = chat("kuailian", language).verified(who, wish)
    talk.press(button).bot("utter_refund_confirmed")
    number = _number(talk.text())
    later = chat("kuailian", language)
    later.user({"zh": "查一下退款进度", "en": "where is my refund"}[language])
    later.user(number).bot("utter_ask_email")
    later.user(other.email).bot("utter_no_refund_found")
    later.user({"zh": f"邮箱写错了，是{who.email}", "en": f"sorry, it's {who.email}"}[language])
    later.bot("utter_ask_tracking_number")
    later.user(number).bot("utter_refund_status_under_way")

"""Going on in another chat: the code is given here and typed there."""

import re

import pytest


def link_code(talk):
    return re.search(r"LK-[0-9A-Z]{4}-[0-9A-Z]{4}", talk.text())[0]


@pytest.mark.parametrize(
    ("language", "wish", "refund"),
    [
        ("zh", "我想换微信继续", "我要退款"),
        ("en", "I'd like to continue on my phone", "I want a refund"),
    ],
)
def test_a_verified_customer_goes_on_elsewhere(chat, customer, language, wish, refund):
    who = customer()
    talk = chat("kuailian", language).verified(who, refund).bot("utter_refund_approved")
    talk.user(wish).bot("utter_link_code")
    there = chat("kuailian", language)
    there.user(link_code(talk)).bot("utter_link_redeemed")
    there.user(f"{refund} {who.order}").bot("utter_refund_approved", says="299.00")


def test_a_code_typed_inside_the_form_spares_its_questions(chat, customer):
    who = customer()
    talk = chat().verified(who).bot("utter_refund_approved")
    code = link_code(talk.user("换到手机上继续").bot("utter_link_code"))
    there = chat()
    there.user(f"我要退款 {who.order}").bot("utter_ask_email")
    there.user(f"接续码：{code.lower()}").bot("utter_link_redeemed", "utter_refund_approved")


def test_a_code_works_once(chat, customer):
    talk = chat().verified(customer()).bot("utter_refund_approved")
    code = link_code(talk.user("换微信继续").bot("utter_link_code"))
    chat().user(code).bot("utter_link_redeemed")
    chat("kuailian", "en").user(f"my link code is {code}").bot("utter_link_wrong")


def test_a_code_is_no_good_for_another_brand(chat, customer):
    talk = chat().verified(customer()).bot("utter_refund_approved")
    code = link_code(talk.user("换微信继续").bot("utter_link_code"))
    chat("bitpie").user(code).bot("utter_link_wrong")


def test_who_is_not_verified_has_nothing_to_take_along(chat):
    chat().user("我想换微信继续").bot("utter_link_needs_verification")
    chat("kuailian", "en").user("continue on my phone").bot("utter_link_needs_verification")


def test_guessing_is_stopped(chat):
    talk = chat()
    for n in range(4):
        talk.user(f"LK-ABCD-234{n}").bot("utter_link_wrong")
    talk.user("LK-ABCD-2349").bot("utter_link_locked")


def test_whoever_speaks_of_a_code_is_asked_for_it(chat):
    chat().user("我有接续码").bot("utter_ask_link_code")
    chat("kuailian", "en").user("I have a link code").bot("utter_ask_link_code")

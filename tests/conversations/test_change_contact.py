"""Another e-mail address for the account: more proof first, then a code to the new one."""

import re
import time

import pytest

ASKED = {"zh": "帮我换绑邮箱", "en": "I want to change my e-mail address"}


def paid(who, language):
    if language == "zh":
        return f"银行卡尾号4242，{who.paid_on.month}月{who.paid_on.day}号，299元"
    return f"card ending 4242, {who.paid_on.day} {who.paid_on:%B}, 299 CNY"


def code_to(stack, address, after=0):
    """The newest code in this mailbox."""
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline:
        mails = [mail for mail in stack.mails() if address in str(mail["to"])]
        if len(mails) > after and (found := re.search(r"\b\d{6}\b", mails[0]["text"])):
            return found[0]
        time.sleep(0.05)
    pytest.fail(f"no code was mailed to {address}")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_address_is_changed_and_the_old_one_is_told(stack, chat, customer, language):
    who = customer()
    new = who.email.replace("@", ".new@")
    talk = chat("kuailian", language)
    talk.user(ASKED[language]).bot("utter_ask_order_number")
    talk.user(who.order).bot("utter_ask_email")
    talk.user(who.email).bot("utter_ask_code")
    talk.user(who.code()).bot("utter_contact_ask_payment_method", says=who.order)
    talk.user(paid(who, language)).bot("utter_ask_new_email")
    before = len(who.mails())
    talk.user(new).bot("utter_ask_contact_code", says=new)
    talk.user(code_to(stack, new)).bot("utter_contact_changed", says=new)
    deadline = time.monotonic() + 40
    while len(who.mails()) == before:
        assert time.monotonic() < deadline, "the old address was not told"
        time.sleep(0.05)


def test_a_signed_in_customer_still_proves_a_payment(stack, chat, customer):
    who = customer()
    talk = chat().signed_in(who)
    talk.user("我要改邮箱").bot("utter_ask_order_number")
    talk.user(who.order).bot("utter_contact_ask_payment_method")
    talk.user(paid(who, "zh")).bot("utter_ask_new_email")
    talk.user(who.email).bot("utter_new_email_refused")
    new = who.email.replace("@", ".s@")
    talk.user(new).bot("utter_ask_contact_code")
    right = code_to(stack, new)
    talk.user(f"{(int(right) + 1) % 1_000_000:06d}").bot("utter_contact_code_wrong")
    talk.user(right).bot("utter_contact_changed")


def test_wrong_details_three_times_offer_a_person(chat, customer):
    who = customer()
    talk = chat("kuailian", "en").signed_in(who)
    talk.user(f"change my e-mail, my order is {who.order}").bot("utter_contact_ask_payment_method")
    wrong = f"PayPal, last four 1111, {who.paid_on.day} {who.paid_on:%B}, 299 CNY"
    talk.user(wrong).bot("utter_payment_wrong")
    talk.user(wrong).bot("utter_payment_wrong")
    talk.user(wrong).bot("utter_payment_locked")
    talk.user("yes").bot("utter_person_coming")
    assert talk.ticket() == ("hand_over", "payment_locked")


def test_wrong_codes_to_the_new_address_offer_a_person(stack, chat, customer):
    who = customer()
    talk = chat().signed_in(who)
    talk.user("换绑邮箱").user(who.order)
    talk.user(paid(who, "zh")).bot("utter_ask_new_email")
    new = who.email.replace("@", ".w@")
    talk.user(new).bot("utter_ask_contact_code")
    wrong = f"{(int(code_to(stack, new)) + 1) % 1_000_000:06d}"
    for _ in range(4):
        talk.user(wrong).bot("utter_contact_code_wrong")
    talk.user(wrong).bot("utter_contact_locked")
    talk.user("好的").bot("utter_person_coming")
    assert talk.ticket() == ("hand_over", "contact_locked")


def test_it_can_be_left_and_a_person_is_to_be_had(chat, customer):
    talk = chat()
    talk.user("帮我换绑邮箱").bot("utter_ask_order_number")
    talk.user("算了").bot("utter_started_over")
    talk.user("我想换个邮箱").bot("utter_ask_order_number")
    talk.user("转人工").bot("utter_person_coming")


def test_the_refund_form_makes_way_for_it_and_it_for_a_refund(chat, customer):
    who = customer()
    talk = chat("kuailian", "en")
    talk.user(f"I want a refund for {who.order}").bot("utter_ask_email")
    talk.user("first change my email address please").bot("utter_ask_email")
    talk.user("I want my money back").bot("utter_ask_email")
    talk.user(who.email).bot("utter_ask_code")
    talk.user(who.code()).bot("utter_refund_approved")

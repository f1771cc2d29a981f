"""A refund from the first word to the tracking number, and every way out of it."""

import re

import pytest


def test_a_whole_refund_in_chinese(chat, customer):
    who = customer(bought_days_ago=3)
    talk = chat("kuailian", "zh")
    talk.user("我要退款").bot("utter_ask_order_number")
    talk.user(who.order).bot("utter_ask_email")
    talk.user(who.email).bot("utter_ask_code")
    talk.user(who.code()).bot("utter_refund_approved", says=("299.00", "4242", who.order))
    assert who.payouts() == 0
    talk.press("确认退款").bot("utter_refund_confirmed", says="RF-")
    assert [outcome for _, outcome in who.cases()] == ["approved"]


def test_a_whole_refund_in_english(chat, customer):
    who = customer(bought_days_ago=3, amount="49.99", currency="USD")
    talk = chat("kuailian", "en")
    talk.user("hi, I'd like my money back").bot("utter_ask_order_number")
    talk.user(f"it's {who.order}").bot("utter_ask_email")
    talk.user(who.email).bot("utter_ask_code", says="6-digit")
    talk.user(who.code()).bot("utter_refund_approved", says=("49.99", "4242"))
    talk.press("Yes, refund it").bot("utter_refund_confirmed", says=("RF-", "card ending in 4242"))
    assert [outcome for _, outcome in who.cases()] == ["approved"]


def test_facts_in_the_first_message_are_not_asked_for_again(chat, customer):
    who = customer()
    talk = chat()
    talk.user(f"你好我想退款 订单{who.order}邮箱{who.email}谢谢").bot("utter_ask_code")
    talk.user(who.code()).bot("utter_refund_approved")


def test_a_typed_yes_to_the_question_confirms(chat, customer):
    who = customer()
    talk = chat("kuailian", "en").verified(who, "please refund me")
    talk.bot("utter_refund_approved")
    talk.user("yes please").bot("utter_refund_confirmed")


def test_a_yes_to_something_else_confirms_nothing(chat, customer):
    who = customer()
    talk = chat().verified(who).bot("utter_refund_approved")
    talk.user("谢谢").bot("utter_welcome")
    talk.user("好的").bot("utter_refund_ask_again", says="299.00")
    assert who.cases() == [("decided", "approved")]
    talk.user("确认").bot("utter_refund_confirmed")


def test_a_no_leaves_the_money_where_it_is(chat, customer):
    who = customer()
    talk = chat().verified(who).bot("utter_refund_approved")
    talk.press("先不退").bot("utter_refund_declined")
    assert who.cases() == [("decided", "approved")]
    assert who.payouts() == 0


@pytest.mark.parametrize(
    ("language", "wish", "later"),
    [
        ("zh", "我要退款", "还是先不退了吧"),
        ("zh", "我要退款", "等等再说"),
        ("en", "please refund me", "hold off for now"),
        ("en", "please refund me", "let me think about it"),
    ],
)
def test_a_refund_put_off_is_neither_paid_nor_taken_back(chat, customer, language, wish, later):
    who = customer()
    talk = chat("kuailian", language).verified(who, wish).bot("utter_refund_approved")
    talk.user(later).bot("utter_refund_declined")
    assert who.cases() == [("decided", "approved")]
    assert who.payouts() == 0


@pytest.mark.parametrize(
    ("language", "wish", "take_back", "button", "stands"),
    [
        ("zh", "我要退款", "撤回退款申请", "确认退款", "已撤回"),
        ("en", "please refund me", "withdraw my refund request", "Yes, refund it", "withdrawn"),
    ],
)
def test_an_old_button_says_where_the_refund_stands(
    chat, customer, language, wish, take_back, button, stands
):
    who = customer()
    talk = chat("kuailian", language).verified(who, wish).bot("utter_refund_approved")
    talk.user(take_back).bot("utter_refund_withdrawn")
    talk.press(button).bot("utter_refund_not_open", says=stands)
    assert who.payouts() == 0


@pytest.mark.parametrize(
    ("language", "wish", "pauses"),
    [
        ("zh", "我要退款", ("稍等", "等一下", "我找一下订单号", "wait 一下")),
        ("en", "i want a refund", ("hang on", "one sec", "let me look for it", "wait")),
    ],
)
def test_who_needs_a_moment_loses_nothing(chat, customer, language, wish, pauses):
    who = customer()
    talk = chat("kuailian", language)
    talk.user(wish).bot("utter_ask_order_number")
    for pause in pauses:
        talk.user(pause).bot("utter_take_your_time", "utter_ask_order_number")
    talk.user(who.order).bot("utter_ask_email")
    talk.user(who.email).bot("utter_ask_code")
    talk.user(pauses[0]).bot("utter_take_your_time", "utter_ask_code")
    talk.user(who.code()).bot("utter_refund_approved")
    talk.user(pauses[1]).bot("utter_take_your_time")
    assert who.cases() == [("decided", "approved")]


@pytest.mark.parametrize(
    ("language", "question", "then"),
    [
        ("zh", "买了三天能退吗", "那就退吧"),
        ("zh", "买了三天能退吗", "那就这么办吧"),
        ("en", "do you refund after 3 days?", "ok refund it"),
        ("en", "do you refund after 3 days?", "ok let's do it"),
    ],
)
def test_a_yes_to_the_rules_asks_for_the_refund(chat, language, question, then):
    talk = chat("kuailian", language)
    talk.user(question).bot("utter_policy_answer")
    talk.user(then).bot("utter_ask_order_number")


@pytest.mark.parametrize(
    ("language", "wish", "missing"),
    [
        ("zh", "我要退款", ("没有", "找不到", "我没有订单号啊")),
        ("en", "i want a refund", ("i don't have it", "can't find it", "where is it?")),
    ],
)
def test_who_has_no_number_is_told_where_it_is(chat, language, wish, missing):
    for words in missing:
        talk = chat("kuailian", language)
        talk.user(wish).bot("utter_ask_order_number")
        talk.user(words).bot("utter_why_order_number", "utter_ask_order_number")


@pytest.mark.parametrize(
    ("language", "wish", "missing"),
    [("zh", "我要退款", "没有啊"), ("en", "i want a refund", "i don't have one")],
)
def test_who_has_no_code_is_sent_another(chat, customer, language, wish, missing):
    who = customer()
    talk = chat("kuailian", language)
    talk.user(wish).bot("utter_ask_order_number")
    talk.user(f"{who.order} {who.email}").bot("utter_ask_code")
    talk.user(missing).bot("utter_ask_code")
    talk.user(who.code()).bot("utter_refund_approved")


@pytest.mark.parametrize(
    ("language", "wish", "thanks"),
    [("zh", "我要退款", "好的谢谢"), ("en", "please refund me", "ok thanks")],
)
def test_thanks_that_may_be_a_yes_are_asked_about(chat, customer, language, wish, thanks):
    who = customer()
    talk = chat("kuailian", language).verified(who, wish).bot("utter_refund_approved")
    talk.user(thanks).bot("utter_refund_ask_again")
    assert who.cases() == [("decided", "approved")]
    talk.user({"zh": "确认", "en": "yes"}[language]).bot("utter_refund_confirmed")


@pytest.mark.parametrize(
    ("language", "wish", "yes"),
    [
        ("zh", "我要退款", "好，请退款"),
        ("en", "please refund me", "that's right, please refund it"),
    ],
)
def test_a_yes_that_names_the_refund_is_a_yes(chat, customer, language, wish, yes):
    who = customer()
    talk = chat("kuailian", language).verified(who, wish).bot("utter_refund_approved")
    talk.user(yes).bot("utter_refund_confirmed")


@pytest.mark.parametrize(
    ("language", "wish", "again"),
    [
        ("zh", "我要退款", "我要退款"),
        ("zh", "我要退款", "好慢啊，快给我退款"),
        ("en", "please refund me", "I want a refund"),
        ("en", "please refund me", "right now I want a refund but not to that card"),
    ],
)
def test_the_wish_said_again_is_no_yes(chat, customer, language, wish, again):
    who = customer()
    talk = chat("kuailian", language).verified(who, wish).bot("utter_refund_approved")
    talk.user(again)
    assert who.cases() == [("decided", "approved")]


@pytest.mark.parametrize(
    ("language", "wish", "yes"), [("zh", "我要退款", "确认"), ("en", "please refund me", "yes")]
)
def test_mere_signs_have_the_offer_put_again(chat, customer, language, wish, yes):
    who = customer()
    talk = chat("kuailian", language).verified(who, wish).bot("utter_refund_approved")
    talk.user("……").bot("utter_refund_ask_again")
    talk.user("？")
    assert who.cases() == [("decided", "approved")]
    talk.user(yes).bot("utter_refund_confirmed")


def test_confirming_twice_pays_once(chat, customer):
    who = customer()
    talk = chat().verified(who).bot("utter_refund_approved")
    talk.press("确认退款").bot("utter_refund_confirmed")
    talk.press("确认退款").bot("utter_refund_confirmed")
    assert len(who.cases()) == 1
    assert who.payouts() <= 1


def test_a_renewal_is_refused_with_its_clause(chat, customer):
    who = customer(kind="renewal", bought_days_ago=2)
    chat().verified(who).bot("utter_refund_denied", says="续订")
    assert who.cases() == [("decided", "denied")]
    assert who.payouts() == 0


def test_a_late_request_goes_to_a_person(chat, customer):
    who = customer(bought_days_ago=40, term_start="2026-01-01", term_end="2027-01-01")
    talk = chat("kuailian", "en").verified(who, "i want a refund")
    talk.bot("utter_refund_needs_review", says="RF-")
    assert [outcome for _, outcome in who.cases()] == ["needs_review"]
    assert who.payouts() == 0


def test_a_wallets_fee_is_refunded_for_a_chosen_reason(chat, customer):
    who = customer("bitpie", kind="service_fee", bought_days_ago=2, amount="12.50", currency="USD")
    talk = chat("bitpie", "zh")
    talk.user("我要申请退款").bot("utter_ask_transaction_id")
    talk.user(who.order).bot("utter_ask_email")
    talk.user(who.email).bot("utter_ask_code")
    talk.user(who.code()).bot("utter_ask_reason")
    talk.press("操作失误").bot("utter_refund_approved", says="12.50")
    talk.press("确认退款").bot("utter_refund_confirmed")


def test_a_transfer_on_chain_is_refused_and_explained(chat, customer):
    who = customer("bitpie", kind="onchain_transfer", method="crypto", currency="USDT")
    talk = chat("bitpie", "en")
    talk.user(f"I want a refund for {who.order}, my email is {who.email}").bot("utter_ask_code")
    talk.user(who.code()).bot("utter_ask_reason")
    talk.press("A mistake of mine").bot("utter_refund_denied")
    assert who.cases() == [("decided", "denied")]


def test_a_wrong_code_is_said_to_be_wrong_and_the_right_one_still_works(chat, customer):
    who = customer()
    talk = chat()
    talk.user(f"退款 {who.order} {who.email}").bot("utter_ask_code")
    right = who.code()
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    talk.user(wrong).bot("utter_code_wrong")
    talk.user(right).bot("utter_refund_approved")


def test_five_wrong_codes_pause_the_verification(chat, customer):
    who = customer()
    talk = chat()
    talk.user(f"退款 {who.order} {who.email}").bot("utter_ask_code")
    wrong = f"{(int(who.code()) + 1) % 1_000_000:06d}"
    for _ in range(4):
        talk.user(wrong).bot("utter_code_wrong")
    talk.user(wrong).bot("utter_code_locked")
    talk.user(who.code()).bot("utter_code_locked")
    assert who.cases() == []


def test_a_stranger_hears_what_the_owner_hears_and_gets_no_code(chat, customer):
    who, stranger = customer(), "nobody@example.com"
    talk = chat()
    talk.user(f"退款 {who.order} {stranger}").bot("utter_ask_code")
    told = talk.text().replace(stranger, "")
    other = chat()
    other.user(f"退款 {who.order} {who.email}").bot("utter_ask_code")
    assert other.text().replace(who.email, "") == told
    who.code()
    assert not [mail for mail in who.stack.mails() if stranger in str(mail["to"])]
    talk.user("123456").bot("utter_code_wrong")


def test_a_corrected_address_gets_its_own_code(chat, customer):
    who = customer()
    talk = chat()
    talk.user(f"我要退款 {who.order} wrong.address@example.com").bot("utter_ask_code")
    talk.user(f"邮箱写错了,是 {who.email}").bot("utter_ask_code", says=who.email)
    talk.user(who.code()).bot("utter_refund_approved")


def test_one_verification_serves_the_whole_conversation(chat, customer):
    who = customer()
    talk = chat().verified(who).bot("utter_refund_approved")
    talk.press("先不退").bot("utter_refund_declined")
    talk.user("还是退了吧,我要退款").bot("utter_refund_approved")


def test_another_customers_order_is_not_found(chat, customer):
    who, other = customer(), customer()
    talk = chat().verified(who).bot("utter_refund_approved")
    talk.press("先不退").bot("utter_refund_declined")
    talk.user(f"我要退款,订单 {other.order}").bot("utter_order_not_found")
    assert other.cases() == []


@pytest.mark.parametrize(
    ("question", "response"),
    [
        ("为什么要订单号?", "utter_why_order_number"),
        ("你是机器人吗", "utter_bot_challenge"),
    ],
)
def test_a_question_in_the_form_is_answered_and_the_form_goes_on(chat, question, response):
    talk = chat()
    talk.user("我要退款").bot("utter_ask_order_number")
    talk.user(question).bot(response, "utter_ask_order_number")


def test_the_form_can_be_left(chat):
    talk = chat()
    talk.user("我要退款").bot("utter_ask_order_number")
    talk.user("算了不退了").bot("utter_started_over")
    talk.user("谢谢").bot("utter_welcome")


def test_commands_typed_by_a_customer_do_nothing(chat, customer):
    who = customer()
    talk = chat().verified(who).bot("utter_refund_approved")
    talk.user("/affirm")
    assert who.cases() == [("decided", "approved")]
    assert not re.search("RF-", talk.text())


@pytest.mark.parametrize(
    ("language", "noise", "yes", "button"),
    [
        ("zh", "哦豁豁哈嗖", "可以，退吧", "确认退款"),
        ("en", "asdf qwer", "ok do it", "Yes, refund it"),
    ],
)
def test_a_yes_after_something_else_is_asked_for_once_more(
    chat, customer, language, noise, yes, button
):
    who = customer()
    wish = {"zh": "我要退款", "en": "I want a refund"}[language]
    talk = chat("kuailian", language).verified(who, wish).bot("utter_refund_approved")
    talk.user(noise)
    talk.user(yes).bot("utter_refund_ask_again", says="299.00")
    assert who.payouts() == 0
    talk.press(button).bot("utter_refund_confirmed")


@pytest.mark.parametrize("sound", ["嗯", "嗯……"])
def test_no_money_moves_on_a_sound_that_may_be_a_yes(chat, customer, sound):
    who = customer()
    talk = chat().verified(who).bot("utter_refund_approved")
    talk.user(sound)
    assert who.payouts() == 0
    assert who.cases() == [("decided", "approved")]
    talk.press("确认退款").bot("utter_refund_confirmed")


def test_said_twice_it_is_a_yes(chat, customer):
    who = customer()
    talk = chat().verified(who).bot("utter_refund_approved")
    talk.user("嗯").bot("utter_refund_ask_again", says="299.00")
    talk.user("嗯").bot("utter_refund_confirmed")

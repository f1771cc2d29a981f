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


@pytest.mark.parametrize(
    ("language", "wish", "chatter"),
    [("zh", "我要退款", ("嗯", "谢谢", "嗯嗯")), ("en", "I want a refund", ("ok", "thanks", "hi"))],
)
def test_chatter_is_asked_again_and_does_not_go_on_for_ever(chat, language, wish, chatter):
    talk = chat("kuailian", language)
    talk.user(wish).bot("utter_ask_order_number")
    for words in chatter[:2]:
        talk.user(words).bot("utter_ask_order_number")
    talk.user(chatter[2]).bot("utter_not_understood_again")


def test_the_same_wish_again_is_asked_again(chat):
    talk = chat()
    talk.user("我要退款").bot("utter_ask_order_number")
    talk.user("我要退款").bot("utter_ask_order_number")


@pytest.mark.parametrize(
    ("language", "wish", "words"),
    [
        ("zh", "我要退款", "验证码没来，再发一次行吗"),
        ("zh", "我要退款", "没收到邮件啊"),
        ("en", "I want a refund", "I didn't get any code, can you resend it?"),
    ],
)
def test_a_code_that_did_not_come_is_sent_again(chat, customer, language, wish, words):
    who = customer()
    talk = chat("kuailian", language)
    talk.user(f"{wish} {who.order} {who.email}").bot("utter_ask_code")
    talk.user(words).bot("utter_ask_code")
    talk.user(who.code()).bot("utter_refund_approved")


def test_a_hotline_is_no_order_number(chat):
    talk = chat()
    talk.user("我要退款").bot("utter_ask_order_number")
    talk.user("再不解决我打12315了").bot("utter_complaint_taken_urgent", "utter_ask_order_number")


def test_facts_between_foreign_words_do_not_change_the_language(chat, customer):
    who = customer()
    talk = chat()
    talk.user(f"order {who.order}，email {who.email}，要 refund").bot("utter_ask_code", says="邮箱")


def test_anger_at_an_open_offer_does_not_take_the_yes_away(chat, customer):
    who = customer()
    talk = chat().verified(who).bot("utter_refund_approved")
    talk.user("你们服务太差了，我要投诉").bot("utter_complaint_taken")
    talk.user("好的").bot("utter_refund_ask_again", says="299.00")
    talk.user("确认").bot("utter_refund_confirmed")


@pytest.mark.parametrize("words", ["操作失误", "其他原因", "被 charge 了两次", "不小心操作失误了"])
def test_a_reason_may_be_typed(chat, customer, words):
    who = customer("bitpie", kind="service_fee", amount="12.50", currency="USD")
    talk = chat("bitpie", "zh").signed_in(who)
    talk.user(f"我要退款 {who.order}").bot("utter_ask_reason")
    talk.user(words)
    assert len(who.cases()) == 1


@pytest.mark.parametrize(
    ("language", "wish", "nothing"),
    [("zh", "我要退款", "？？？"), ("en", "I want a refund", "...?")],
)
def test_mere_signs_are_no_failed_try(chat, language, wish, nothing):
    talk = chat("kuailian", language)
    talk.user(wish).bot("utter_ask_order_number")
    for _ in range(4):
        talk.user(nothing).bot("utter_ask_order_number")

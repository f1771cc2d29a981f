"""A larger refund takes the details of its payment besides: straight, wrong, too often, left."""

import pytest

LARGE = {"amount": "2999.00", "bought_days_ago": 3}


@pytest.fixture
def large(customer):
    """A customer whose order is above what the brand refunds without a payment proof."""
    return customer(**LARGE)


def zh_day(who):
    return f"{who.paid_on.month}月{who.paid_on.day}号"


def en_day(who):
    return f"{who.paid_on.day} {who.paid_on:%B}"


def other_day(who):
    return f"{who.paid_on.year - 1}年{who.paid_on.month}月1日"


def test_all_of_it_in_one_chinese_sentence(chat, large):
    talk = chat().verified(large).bot("utter_ask_payment_method", says="付款信息")
    talk.user(f"银行卡尾号4242，{zh_day(large)}付的，2999元").bot("utter_refund_approved")
    talk.press("确认退款").bot("utter_refund_awaits_approval", says="RF-")


def test_all_of_it_in_one_english_sentence(chat, customer):
    who = customer(amount="399.00", currency="USD", bought_days_ago=3)
    talk = chat("kuailian", "en").verified(who, "I want a refund for")
    talk.bot("utter_ask_payment_method", says="how it was paid")
    talk.user(f"card ending 4242, paid {en_day(who)}, 399 USD").bot("utter_refund_approved")
    talk.press("Yes, refund it").bot("utter_refund_awaits_approval", says="RF-")


def test_one_fact_after_the_other_beginning_with_a_button(chat, large):
    talk = chat().verified(large).bot("utter_ask_payment_method")
    talk.press("银行卡").bot("utter_ask_payment_hint")
    talk.user("４２４２").bot("utter_ask_payment_date")
    talk.user(zh_day(large)).bot("utter_ask_payment_amount")
    talk.user("2999").bot("utter_refund_approved")


def test_one_fact_after_the_other_in_english(chat, customer):
    who = customer(amount="399.00", currency="USD", bought_days_ago=3, method="paypal")
    talk = chat("kuailian", "en").verified(who, "refund please")
    talk.user("it was PayPal").bot("utter_ask_payment_hint")
    talk.user("4242").bot("utter_ask_payment_date")
    talk.user("3/4").bot("utter_ask_payment_date")  # March or April: it is not guessed
    talk.user(en_day(who)).bot("utter_ask_payment_amount")
    talk.user("$399").bot("utter_refund_approved")


def test_a_small_refund_asks_for_none(chat, customer):
    chat().verified(customer(amount="1999.00")).bot("utter_refund_approved")


def test_a_signed_in_customer_is_asked_for_the_payment_too(chat, large):
    talk = chat().signed_in(large)
    talk.user("我要退款").bot("utter_ask_order_number")
    talk.user(large.order).bot("utter_ask_payment_method")
    talk.user(f"卡尾号4242 {zh_day(large)} 2999元").bot("utter_refund_approved")


def test_a_person_wanted_beside_a_fact_is_what_counts_in_english(chat, customer):
    who = customer(amount="399.00", currency="USD")
    talk = chat("kuailian", "en").verified(who, "refund please").bot("utter_ask_payment_method")
    talk.user("paid with card, just get me a human").bot("utter_person_coming")


@pytest.mark.parametrize("wrong", ["method", "hint", "day", "amount"])
def test_whatever_is_wrong_the_words_are_the_same(chat, large, wrong):
    said = {"method": "银行卡", "hint": "4242", "day": zh_day(large), "amount": "2999元"}
    said |= {wrong: {"method": "支付宝", "hint": "4243", "amount": "2998元"}.get(wrong)}
    said["day"] = said["day"] or other_day(large)
    talk = chat().verified(large).bot("utter_ask_payment_method")
    claim = f"{said['method']}，后四位{said['hint']}，{said['day']}，{said['amount']}"
    talk.user(claim).bot(
        "utter_payment_wrong", says="这些付款信息和记录对不上，请照着账单再核对一遍"
    )
    assert large.cases() == []
    talk.user(f"银行卡尾号4242，{zh_day(large)}付的，2999元").bot("utter_refund_approved")


def test_three_wrong_claims_offer_a_person_and_the_ticket_says_why(chat, large):
    talk = chat().verified(large)
    for _ in range(2):
        talk.user(f"支付宝，尾号1111，{zh_day(large)}，2999元").bot("utter_payment_wrong")
    talk.user(f"微信，尾号1111，{zh_day(large)}，2999元").bot("utter_payment_locked")
    talk.user("好的").bot("utter_person_coming")
    assert talk.ticket() == ("hand_over", "payment_locked")
    assert large.cases() == []


def test_a_locked_payment_is_locked_in_english_and_for_the_right_details(chat, customer):
    who = customer(amount="399.00", currency="USD", bought_days_ago=3)
    talk = chat("kuailian", "en").verified(who, "refund please")
    for response in ("utter_payment_wrong", "utter_payment_wrong", "utter_payment_locked"):
        talk.user(f"visa ending 1111, {en_day(who)}, 399 USD").bot(response)
    talk.user("I want a refund").bot("utter_ask_payment_method")
    talk.user(f"card ending 4242, {en_day(who)}, 399 USD").bot("utter_payment_locked")
    talk.press("Talk to a person").bot("utter_person_coming")
    assert talk.ticket() == ("hand_over", "payment_locked")


def test_why_it_is_asked_for_is_explained_and_it_can_be_left(chat, large):
    talk = chat().verified(large).bot("utter_ask_payment_method")
    talk.user("为什么要问这个").bot("utter_why_payment_method", "utter_ask_payment_method")
    talk.user("用银行卡付的").bot("utter_ask_payment_hint")
    talk.user("算了不退了").bot("utter_started_over")
    talk.user("我要退款").bot("utter_ask_order_number")
    assert large.cases() == []


def test_a_person_is_to_be_had_in_the_middle_of_it(chat, large):
    talk = chat().verified(large).bot("utter_ask_payment_method")
    talk.user("用支付宝付的，别问了，转人工").bot("utter_person_coming")
    assert talk.ticket()[0] == "hand_over"


def test_nothing_of_the_claim_stays_in_the_dialogue(chat, large):
    talk = chat().verified(large).bot("utter_ask_payment_method")
    talk.user("支付宝").bot("utter_ask_payment_hint")
    talk.user(f"尾号1111 {zh_day(large)} 2999元").bot("utter_payment_wrong")
    talk.user("尾号4242").bot("utter_ask_payment_method")  # the method is asked for anew

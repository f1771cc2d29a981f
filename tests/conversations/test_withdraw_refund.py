"""A refund taken back: at once while nothing is confirmed, else only once that is asked."""

import pytest

TAKE_BACK = {"zh": "算了，撤回退款申请吧", "en": "I'd like to withdraw my refund request"}


def confirmed(chat, customer, language):
    """A refund that is confirmed and waits for a person: it is a large one."""
    who = customer(amount="2999.00", bought_days_ago=3)
    talk = chat("kuailian", language)
    talk.verified(who, {"zh": "我要退款", "en": "I want a refund for"}[language])
    talk.bot("utter_ask_payment_method")
    day = who.paid_on
    talk.user(
        {
            "zh": f"银行卡尾号4242，{day.month}月{day.day}日付的，2999元",
            "en": f"card ending 4242, paid {day.day} {day:%B}, 2999 CNY",
        }[language]
    ).bot("utter_refund_approved")
    talk.press({"zh": "确认退款", "en": "Yes, refund it"}[language])
    talk.bot("utter_refund_awaits_approval")
    return who, talk


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("typed", [True, False])
def test_a_confirmed_refund_goes_once_that_is_confirmed_too(chat, customer, language, typed):
    who, talk = confirmed(chat, customer, language)
    talk.user(TAKE_BACK[language]).bot("utter_ask_withdraw", says=who.order)
    assert who.cases() == [("confirmed", "approved")]
    if typed:
        talk.user({"zh": "是的", "en": "yes"}[language])
    else:
        talk.press({"zh": "确定撤回", "en": "Yes, withdraw it"}[language])
    talk.bot("utter_refund_withdrawn")
    assert who.cases() == [("withdrawn", "approved")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_confirmed_refund_stays_after_a_no(chat, customer, language):
    who, talk = confirmed(chat, customer, language)
    talk.user(TAKE_BACK[language]).bot("utter_ask_withdraw")
    talk.user({"zh": "不要", "en": "no"}[language]).bot("utter_refund_kept")
    assert who.cases() == [("confirmed", "approved")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_yes_to_something_else_takes_nothing_back(chat, customer, language):
    who, talk = confirmed(chat, customer, language)
    talk.user(TAKE_BACK[language]).bot("utter_ask_withdraw")
    talk.user({"zh": "退款要多久到账", "en": "how long do refunds take"}[language])
    talk.user({"zh": "好的", "en": "ok"}[language])
    assert who.cases() == [("confirmed", "approved")]


@pytest.mark.parametrize(
    ("language", "wish"),
    [("zh", "订单{order}的退款我不要了，撤回"), ("en", "withdraw the refund for {order}")],
)
def test_a_wish_about_another_order_takes_nothing_back(chat, customer, language, wish):
    who, talk = confirmed(chat, customer, language)
    talk.user(wish.format(order=customer().order)).bot("utter_nothing_to_withdraw")
    assert who.cases() == [("confirmed", "approved")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_offer_is_taken_back_at_once(chat, customer, language):
    who = customer()
    talk = chat("kuailian", language)
    talk.verified(who, {"zh": "我要退款", "en": "I want a refund for"}[language])
    talk.user(TAKE_BACK[language]).bot("utter_refund_withdrawn")
    assert who.cases() == [("withdrawn", "approved")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_who_is_unknown_has_nothing_to_take_back(chat, language):
    talk = chat("kuailian", language)
    talk.user(TAKE_BACK[language]).bot("utter_nothing_to_withdraw")

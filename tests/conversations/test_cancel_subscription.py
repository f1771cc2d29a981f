"""The end of an auto-renewal, asked for in a chat."""

RENEWS = {"auto_renew": True, "term_start": "2026-01-01", "term_end": "2099-01-01"}


def test_a_renewal_is_cancelled_and_told_what_it_saves(chat, customer):
    who = customer(**RENEWS)
    talk = chat()
    talk.user("帮我取消自动续费").bot("utter_ask_order_number")
    talk.user(f"{who.order} {who.email}").bot("utter_ask_code")
    talk.user(who.code()).bot("utter_renewal_cancelling", says=(who.order, "2099"))
    assert who.renewals() == ["requested"]
    assert who.cases() == []


def test_asked_twice_it_is_one_wish(chat, customer):
    who = customer(**RENEWS)
    talk = chat("kuailian", "en").signed_in(who)
    wish = f"please turn off auto renewal for {who.order}"
    talk.user(wish).bot("utter_renewal_cancelling")
    talk.user(wish).bot("utter_renewal_cancelling")
    assert who.renewals() == ["requested"]


def test_what_does_not_renew_is_not_cancelled(chat, customer):
    who = customer()
    talk = chat("kuailian", "en").signed_in(who)
    talk.user(f"cancel the subscription renewal of {who.order}").bot("utter_not_renewing")
    assert who.renewals() == []


def test_what_is_off_already_is_said_to_be(chat, customer):
    off = {"auto_renew": False, "auto_renew_cancelled_at": "2026-08-01T10:00:00+08:00"}
    who = customer(**RENEWS | off)
    chat().signed_in(who).user(f"取消自动续订 订单{who.order}").bot("utter_renewal_off_already")
    assert who.renewals() == []


def test_a_wallet_renews_nothing(chat):
    chat("bitpie", "zh").user("取消自动续费").bot("utter_nothing_renews_here")


def test_another_customers_renewal_is_not_touched(chat, customer):
    who, other = customer(), customer(**RENEWS)
    talk = chat().signed_in(who)
    talk.user(f"取消自动续费，订单 {other.order}").bot("utter_order_not_found")
    assert other.renewals() == []


def test_the_form_moves_from_cancelling_to_a_refund(chat, customer):
    who = customer(**RENEWS)
    talk = chat("kuailian", "en")
    talk.user("stop my auto renewal").bot("utter_ask_order_number")
    talk.user("actually I want a refund instead").bot("utter_ask_order_number")
    talk.user(f"{who.order} {who.email}").bot("utter_ask_code")
    talk.user(who.code()).bot("utter_refund_approved")
    assert who.renewals() == []

"""A customer who writes Traditional Chinese is answered in it, from the first word to the last."""

import re

import pytest

HAN = re.compile(r"[\u3400-\u9fff]")


def shown(talk):
    """All that the newest answers show, buttons too."""
    titles = [button["title"] for answer in talk.answers for button in answer["buttons"]]
    return "\n".join([talk.text(), *titles])


def simplified_in(talk):
    """The characters of the newest answers that Traditional Chinese (Big5) does not write."""
    return "".join(c for c in HAN.findall(shown(talk)) if not c.encode("big5", errors="ignore"))


def traditional_in(talk):
    """The characters of the newest answers that Simplified Chinese (GB 2312) does not write."""
    return "".join(c for c in HAN.findall(shown(talk)) if not c.encode("gb2312", errors="ignore"))


def test_a_whole_refund_in_traditional(chat, customer):
    who = customer(bought_days_ago=3)
    talk = chat("kuailian", "zh")
    talk.user("你好，請問可以退錢嗎？我要申請退款").bot("utter_ask_order_number", says="訂單號")
    assert simplified_in(talk) == ""
    talk.user(who.order).bot("utter_ask_email", says="請告訴我帳戶")
    talk.user(who.email).bot("utter_ask_code", says=("驗證碼", "@example.com"))
    assert simplified_in(talk) == ""
    talk.user(who.code()).bot(
        "utter_refund_approved", says=("299.00", "4242", who.order, "全額退款")
    )
    assert simplified_in(talk) == ""
    assert who.payouts() == 0
    talk.press("確認退款").bot("utter_refund_confirmed", says=("RF-", "退款已經受理", "預計到帳"))
    assert simplified_in(talk) == ""
    assert [outcome for _, outcome in who.cases()] == ["approved"]


def test_a_refusal_is_explained_in_traditional(chat, customer):
    who = customer(kind="renewal", bought_days_ago=2)
    talk = chat().verified(who, "請幫我退錢，訂單")
    talk.bot("utter_refund_denied", says="續訂")
    assert simplified_in(talk) == ""
    talk.press("轉人工").bot("utter_person_coming", says="已經為您轉接人工")
    assert simplified_in(talk) == ""


def test_a_wallets_reasons_are_offered_and_pressed_in_traditional(chat, customer):
    who = customer("bitpie", kind="service_fee", bought_days_ago=2, amount="12.50", currency="USD")
    talk = chat("bitpie", "zh")
    talk.user("我要申請退費").bot("utter_ask_transaction_id", says="這筆交易")
    talk.user(who.order).bot("utter_ask_email")
    talk.user(who.email).bot("utter_ask_code")
    talk.user(who.code()).bot("utter_ask_reason")
    assert "對服務不滿意" in shown(talk)
    talk.press("操作失誤").bot("utter_refund_approved", says=("12.50", "確認退款"))
    talk.press("先不退").bot("utter_refund_declined", says="錢沒有動")
    assert who.payouts() == 0


def test_a_question_in_the_middle_of_a_form_is_answered_in_traditional(chat):
    talk = chat()
    talk.user("我要申請退款，怎麼辦理").bot("utter_ask_order_number")
    talk.user("KL20260909999").bot("utter_ask_email", says="請告訴我帳戶")
    talk.user("等一下，為什麼要郵箱").bot("utter_why_email", "utter_ask_email", says="驗證碼")
    assert simplified_in(talk) == ""


def test_simplified_switches_back_and_traditional_again(chat):
    talk = chat()
    talk.user("謝謝").bot("utter_welcome", says="還有別的可以幫您嗎")
    talk.user("谢谢").bot("utter_welcome", says="还有别的可以帮您吗")
    assert traditional_in(talk) == ""
    talk.user("謝謝你").bot("utter_welcome", says="還有別的可以幫您嗎")


def test_english_in_between_is_english_and_then_it_is_traditional_again(chat):
    talk = chat()
    talk.user("謝謝").bot("utter_welcome", says="還有別的可以幫您嗎")
    talk.user("thank you so much").bot("utter_welcome")
    assert HAN.search(shown(talk)) is None
    talk.user("我要退款").bot("utter_ask_order_number", says="訂單號")
    assert simplified_in(talk) == ""
    talk.user("sorry, what do you need that for?").bot(
        "utter_why_order_number", "utter_ask_order_number"
    )
    assert HAN.search(shown(talk)) is None


def test_what_was_said_is_said_again_in_traditional(chat):
    talk = chat()
    talk.user("謝謝").bot("utter_welcome")
    said = talk.text()
    talk.user("可以再說一遍嗎")
    assert talk.text() == said


@pytest.mark.parametrize("wish", ["请用繁体", "可以打繁體字嗎", "I can't read simplified Chinese"])
def test_traditional_is_wished_for_in_any_script_and_kept(chat, wish):
    talk = chat()
    talk.user(wish).bot("utter_language_changed", says="好的，之後用中文回答您")
    talk.user("我要退款，这个订单不想要了").bot("utter_ask_order_number", says="訂單號")
    assert simplified_in(talk) == ""


def test_simplified_can_be_wished_for_in_traditional(chat):
    talk = chat()
    talk.user("謝謝").bot("utter_welcome", says="還有")
    talk.user("換成簡體").bot("utter_language_changed", says="好的，之后用中文回答您")
    talk.user("謝謝").bot("utter_welcome", says="还有")

"""Two wishes in one message: both are heard, one after the other."""


def test_the_second_wish_is_taken_up_after_the_first(chat, customer):
    who = customer()
    talk = chat().verified(who)
    talk.press("确认退款").bot("utter_refund_confirmed")
    talk.user("退款到哪了？另外发票怎么开").bot(
        "utter_refund_status_under_way", "utter_also_wanted"
    )
    talk.press("开发票")
    assert "utter_also_wanted" not in talk.responses()


def test_in_english_the_second_wish_waits_for_the_decision(chat, customer):
    who = customer()
    talk = chat("kuailian", "en").signed_in(who)
    talk.user(f"I want a refund for {who.order}. Also, how do I get an invoice?")
    talk.bot("utter_refund_approved")
    talk.press("Yes, refund it").bot("utter_refund_confirmed", "utter_also_wanted")


def test_a_second_wish_can_be_declined(chat, customer):
    who = customer()
    talk = chat().verified(who)
    talk.press("确认退款").bot("utter_refund_confirmed")
    talk.user("退款到哪了？另外发票怎么开").bot(
        "utter_refund_status_under_way", "utter_also_wanted"
    )
    talk.press("先不用").bot("utter_nothing_done")
    talk.user("谢谢").bot("utter_welcome")

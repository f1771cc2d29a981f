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


def test_a_question_beside_a_wish_is_answered_at_once(chat, customer):
    who = customer()
    talk = chat()
    talk.user("我想把钱退了，另外问下退款多久到账")
    talk.bot("utter_policy_answer_only", "utter_ask_order_number")
    talk.user(f"{who.order} {who.email}").bot("utter_ask_code")
    talk.user(who.code()).bot("utter_refund_approved")
    talk.press("确认退款").bot("utter_refund_confirmed")
    assert "utter_also_wanted" not in talk.responses()


def test_in_english_too_a_question_beside_a_wish_is_answered_at_once(chat, customer):
    talk = chat("kuailian", "en")
    talk.user("I want a refund please. Also, how long does it take to get the money?")
    talk.bot("utter_policy_answer_only", "utter_ask_order_number")


def test_two_questions_are_answered_in_one_go(chat):
    talk = chat("kuailian", "en")
    talk.user("Do you charge a fee for refunds? Also, how long does a refund take?")
    talk.bot("utter_policy_answer_only", "utter_policy_silent")  # nothing is known of fees
    assert "utter_also_wanted" not in talk.responses()

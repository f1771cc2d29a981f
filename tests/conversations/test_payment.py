"""Money taken and nothing given for it."""

TAKEN = {"method": "card", "hint": "4242", "gateway": "manual", "reference": "ch_taken"} | {
    "captured": True
}


def test_a_payment_without_a_service_leads_to_the_records(chat, customer):
    who = customer(status="failed", paid_at=None, payment=TAKEN)
    talk = chat().signed_in(who)
    talk.user("我付款成功了但是会员一直没开通").bot("utter_payment_problem")
    talk.press("查订单").bot("utter_ask_order_number")
    talk.user(who.order).bot("utter_order_unpaid", says="付款未成功")


def test_a_payment_that_was_taken_but_failed_is_refunded(chat, customer):
    who = customer(status="failed", payment=TAKEN)
    talk = chat("kuailian", "en").signed_in(who)
    talk.user("the payment went through on my card but the plan is still not active")
    talk.bot("utter_payment_problem")
    talk.press("Ask for a refund").bot("utter_ask_order_number")
    talk.user(who.order).bot("utter_refund_approved", says="299.00")

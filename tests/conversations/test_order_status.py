"""Where an order stands: for its owner, and nobody else."""


def test_the_owner_hears_what_the_records_say(chat, customer):
    who = customer()
    talk = chat()
    talk.user("帮我查一下订单状态").bot("utter_ask_order_number")
    talk.user(f"{who.order}，邮箱{who.email}").bot("utter_ask_code")
    talk.user(who.code()).bot("utter_order_paid", says=(who.order, "299", "已付款"))


def test_whoever_is_signed_in_just_names_the_order(chat, customer):
    who = customer(amount="49.99", currency="USD")
    talk = chat("kuailian", "en").signed_in(who)
    talk.user(f"what's the status of my order {who.order}").bot("utter_order_paid", says="49.99")


def test_an_order_that_is_not_theirs_is_not_found(chat, customer):
    who, other = customer(), customer()
    talk = chat("kuailian", "en").signed_in(who)
    talk.user(f"what's the status of my order {other.order}").bot("utter_order_not_found")


def test_nothing_is_said_before_the_code(chat, customer):
    who = customer()
    talk = chat()
    talk.user(f"帮我查一下订单状态 {who.order} {who.email}").bot("utter_ask_code")
    assert "299" not in talk.text()


def test_a_pending_payment_is_said_to_be_pending(chat, customer):
    who = customer(status="pending", paid_at=None)
    talk = chat("kuailian", "en").signed_in(who)
    talk.user(f"order status please {who.order}").bot("utter_order_unpaid", says="waiting")

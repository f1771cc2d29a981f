"""Greeting, language, starting over: what holds whatever the need is."""


def test_the_first_message_is_the_brands_greeting(chat):
    talk = chat("bitpie", "en")
    assert talk.seen == 1
    assert "recovery phrase" in talk.text()


def test_the_answer_follows_the_customers_language(chat):
    talk = chat("kuailian", "zh")
    talk.user("I want a refund please").bot("utter_ask_order_number", says="order number")
    talk.user("KL20260909999").bot("utter_ask_email", says="e-mail")
    talk.user("等一下,为什么要邮箱").bot("utter_why_email", "utter_ask_email", says="验证码")


def test_a_wished_language_is_kept(chat):
    talk = chat("kuailian", "zh")
    talk.user("English please").bot("utter_language_changed", says="English")
    talk.user("我要退款").bot("utter_ask_order_number", says="order number")


def test_traditional_characters_are_understood(chat):
    chat().user("請問可以退錢給我嗎?我要申請退款").bot("utter_ask_order_number")


def test_starting_over_forgets_the_facts(chat, customer):
    who = customer()
    talk = chat()
    talk.user(f"我要退款 订单{who.order}").bot("utter_ask_email")
    talk.user("重新开始").bot("utter_started_over")
    talk.user("我要退款").bot("utter_ask_order_number")


def test_what_was_said_is_said_again(chat):
    talk = chat("kuailian", "en")
    talk.user("thanks").bot("utter_welcome")
    said = talk.text()
    talk.user("sorry, can you repeat that?")
    assert talk.text() == said


def test_a_goodbye_ends_what_was_asked(chat):
    talk = chat("kuailian", "en")
    talk.user("I want a refund please").bot("utter_ask_order_number")
    talk.user("gotta go, bye").bot("utter_goodbye", says="Goodbye")
    talk.user("thanks").bot("utter_welcome")


def test_the_chat_may_be_closed_in_the_middle_of_a_question(chat):
    talk = chat("kuailian", "zh")
    talk.user("退款到哪一步了").bot("utter_ask_tracking_number")
    talk.user("结束对话").bot("utter_goodbye", says="再见")
    talk.user("谢谢").bot("utter_welcome")

"""Who is speaking: signed in, without the mailbox, locked out; and what a stranger can learn."""

import pytest

PAIRS = ("wrong e-mail", "wrong order", "another brand's", "closed account", "two customers'")


def test_a_signed_in_customer_is_asked_for_the_order_only(chat, customer):
    who = customer()
    talk = chat().signed_in(who)
    talk.user("我要退款").bot("utter_ask_order_number")
    talk.user(who.order).bot("utter_refund_approved", says="299.00")
    assert who.mails() == []


def test_a_signed_in_customer_in_english_gives_the_order_at_once(chat, customer):
    who = customer()
    talk = chat("kuailian", "en").signed_in(who)
    talk.user(f"please refund my order {who.order}").bot("utter_refund_approved")


def test_a_signed_in_customer_gets_nothing_of_anybody_elses(chat, customer):
    who, other = customer(), customer()
    talk = chat().signed_in(who)
    talk.user(f"我要退款，订单 {other.order}").bot("utter_order_not_found")
    assert other.cases() == []


def _pair(kind, customer):
    """Facts that some customer could give, right or wrong: (order, e-mail)."""
    who, other = customer(), customer()
    return {
        "right": lambda: (who.order, who.email),
        "wrong e-mail": lambda: (who.order, "nobody@example.com"),
        "wrong order": lambda: ("KL20990101999", who.email),
        "another brand's": lambda: (lambda b: (b.order, b.email))(customer("bitpie")),
        "closed account": lambda: (lambda c: (c.order, c.email))(customer(account_status="closed")),
        "two customers'": lambda: (who.order, other.email),
    }[kind]()


def _heard(chat, language, order, email):
    """Everything the bot says up to a wrong code: names, words without the facts given, buttons."""
    wish = {"zh": "我要退款", "en": "I want a refund"}[language]
    talk, heard = chat("kuailian", language), []
    for text in (wish, order, email, "000000"):
        talk.user(text)
        words = talk.text().replace(order, "ORDER").replace(email, "EMAIL")
        buttons = [[b["title"] for b in answer["buttons"]] for answer in talk.answers]
        heard.append((talk.responses(), words, buttons))
    return heard


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", PAIRS)
def test_a_wrong_pair_hears_what_a_right_one_hears(chat, customer, kind, language):
    right = _heard(chat, language, *_pair("right", customer))
    assert [names for names, *_ in right] == [
        ["utter_ask_order_number"],
        ["utter_ask_email"],
        ["utter_ask_code"],
        ["utter_code_wrong"],
    ]
    assert _heard(chat, language, *_pair(kind, customer)) == right


@pytest.mark.parametrize(
    ("language", "words", "yes"),
    [
        ("zh", "那个邮箱我早就不用了，登不进去", "好的"),
        ("en", "I no longer have that mailbox", "yes"),
    ],
)
def test_without_the_mailbox_a_person_is_offered(chat, customer, language, words, yes):
    who = customer()
    talk = chat("kuailian", language)
    talk.user(
        f"refund {who.order} {who.email}" if language == "en" else f"退款 {who.order} {who.email}"
    )
    talk.bot("utter_ask_code").user(words).bot("utter_mailbox_lost")
    assert who.order not in talk.text()
    talk.user(yes).bot("utter_person_coming")
    assert talk.ticket() == ("hand_over", "mailbox_lost")


@pytest.mark.parametrize(("language", "yes"), [("zh", "好"), ("en", "yes please")])
def test_too_many_wrong_codes_offer_a_person_and_the_ticket_says_why(chat, customer, language, yes):
    who = customer()
    talk = chat("kuailian", language)
    talk.user(f"refund {who.order} {who.email}").bot("utter_ask_code")
    wrong = f"{(int(who.code()) + 1) % 1_000_000:06d}"
    for _ in range(4):
        talk.user(wrong).bot("utter_code_wrong")
    talk.user(wrong).bot("utter_code_locked")
    talk.user(yes).bot("utter_person_coming")
    assert talk.ticket() == ("hand_over", "code_locked")


def test_a_locked_stranger_hears_the_same_as_a_locked_owner(chat, customer):
    who = customer()
    heard = []
    for email in (who.email, "nobody.at.all@example.com"):
        talk = chat()
        talk.user(f"退款 {who.order} {email}").bot("utter_ask_code")
        for _ in range(5):
            talk.user("000000")
            heard.append((talk.responses(), talk.text()))
        talk.user("我要退款")
        heard.append((talk.responses(), talk.text()))
    assert heard[:6] == heard[6:]
    assert heard[4][0] == ["utter_code_locked"]

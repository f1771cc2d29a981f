"""Why it was decided so: clause by clause, for whoever asks."""

import pytest

REFUSED = {"zh": "我要退款", "en": "I want a refund"}
WHY = {"zh": "为什么拒绝我的退款？", "en": "why was my refund refused?"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_refusal_is_explained_again_and_the_appeal_offered(chat, customer, language):
    who = customer(kind="renewal", bought_days_ago=2)
    talk = chat("kuailian", language).verified(who, REFUSED[language]).bot("utter_refund_denied")
    talk.user(WHY[language]).bot(
        "utter_decision_why", "utter_ask_disputed_fact", says="（K-" if language == "zh" else "(K-"
    )
    assert who.cases() == [("decided", "denied")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_another_day_the_customer_proves_who_they_are_first(chat, customer, language):
    who = customer(kind="renewal", bought_days_ago=2)
    chat("kuailian", language).verified(who, REFUSED[language]).bot("utter_refund_denied")
    mails = len(who.mails())
    talk = chat("kuailian", language)
    talk.user(WHY[language]).bot("utter_ask_order_number")
    talk.user(f"{who.order} {who.email}").bot("utter_ask_code")
    talk.user(who.code(mails)).bot("utter_decision_why", "utter_ask_disputed_fact", says="RF-")


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", "这个金额是怎么算出来的"), ("en", "how did you work out that amount?")],
)
def test_an_offer_is_explained_and_stays_open(chat, customer, language, words):
    who = customer()
    talk = chat("kuailian", language).verified(who, REFUSED[language]).bot("utter_refund_approved")
    talk.user(words).bot("utter_decision_why", says="299.00")
    talk.user({"zh": "好的", "en": "ok"}[language]).bot("utter_refund_ask_again")
    assert who.payouts() == 0


def test_what_is_under_review_is_explained(chat, customer):
    who = customer(bought_days_ago=40)
    talk = chat().verified(who).bot("utter_refund_needs_review")
    talk.user("凭什么不给退啊").bot("utter_decision_why", says="RF-")
    assert who.cases() == [("decided", "needs_review")]


def test_without_a_decision_the_rules_are_told(chat):
    talk = chat("kuailian", "en")
    talk.user("why do you only refund part of it?")
    assert talk.responses()[-1].startswith("utter_policy_")

"""A refusal, and what a customer can do about it."""

import pytest


def _refused(chat, customer, language="zh", brand="kuailian"):
    who = customer(brand, kind="renewal", bought_days_ago=2)
    wish = "我要退款" if language == "zh" else "I want a refund"
    talk = chat(brand, language).verified(who, wish).bot("utter_refund_denied")
    return who, talk


def test_a_refusal_is_appealed_by_its_button(chat, customer):
    who, talk = _refused(chat, customer)
    talk.press("申诉").bot("utter_ask_disputed_fact")
    talk.press("自动续订早就取消了").bot("utter_ask_appeal_words")
    talk.user("我8月就关掉自动续费了，有截图为证").bot("utter_appeal_made", says="RF-")
    assert who.cases() == [("appealed", "denied")]
    assert who.payouts() == 0


def test_a_refusal_is_appealed_in_words(chat, customer):
    who, talk = _refused(chat, customer, "en")
    talk.user("I don't accept that decision, I want to appeal").bot("utter_ask_disputed_fact")
    talk.user("I had switched off auto-renewal weeks before you charged me")
    talk.bot("utter_appeal_made", says="RF-")
    assert who.cases() == [("appealed", "denied")]


def test_an_appeal_needs_no_words(chat, customer):
    who, talk = _refused(chat, customer)
    talk.press("申诉").bot("utter_ask_disputed_fact")
    talk.press("金额").bot("utter_ask_appeal_words")
    talk.press("没有要补充的").bot("utter_appeal_made")
    assert who.cases() == [("appealed", "denied")]


def test_nothing_more_to_say_is_no_refusal_to_appeal(chat, customer):
    who, talk = _refused(chat, customer, "en")
    talk.press("Appeal").bot("utter_ask_disputed_fact")
    talk.press("Something else").bot("utter_ask_appeal_words")
    talk.user("no").bot("utter_appeal_made")
    assert who.cases() == [("appealed", "denied")]


@pytest.mark.parametrize(
    ("language", "wish", "anger", "story"),
    [
        ("zh", "我要申诉", "垃圾公司", "客服在电话里说过可以退，我有录音"),
        ("en", "I want to appeal", "what a rubbish company", "your agent promised me a refund"),
    ],
)
def test_mere_anger_is_no_story(chat, customer, language, wish, anger, story):
    who, talk = _refused(chat, customer, language)
    talk.user(wish).bot("utter_ask_disputed_fact")
    talk.user(anger).bot("utter_ask_appeal_words")
    assert who.cases() == [("decided", "denied")]
    talk.user(story).bot("utter_appeal_made")


def test_a_second_appeal_while_one_is_open_changes_nothing(chat, customer):
    who, talk = _refused(chat, customer)
    talk.press("申诉").bot("utter_ask_disputed_fact")
    talk.press("金额").bot("utter_ask_appeal_words")
    talk.press("没有要补充的").bot("utter_appeal_made")
    talk.user("我还要申诉，处理结果我不服").bot("utter_appeal_under_way")
    assert len(who.cases()) == 1


def test_a_file_sent_meanwhile_goes_with_the_appeal(chat, customer):
    who, talk = _refused(chat, customer)
    talk.press("申诉").bot("utter_ask_disputed_fact")
    talk.press("其他").bot("utter_ask_appeal_words")
    talk.attach("statement.png")
    talk.user("见截图").bot("utter_appeal_made")
    assert who.evidence() == ["statement.png"]


def test_there_is_nothing_to_appeal_without_a_decision(chat, customer):
    who = customer()
    talk = chat("kuailian", "en").signed_in(who)
    talk.user("I disagree with your decision and want to appeal").bot("utter_appeal_nothing")


@pytest.mark.parametrize(
    ("language", "wish", "words"),
    [
        ("zh", "我要退款", "我不服，我要申诉"),
        ("en", "I want a refund", "I want to appeal against this decision"),
    ],
)
def test_what_is_still_under_review_needs_no_appeal(chat, customer, language, wish, words):
    who = customer(bought_days_ago=40)
    talk = chat("kuailian", language).verified(who, wish).bot("utter_refund_needs_review")
    talk.user(words).bot("utter_appeal_not_yet", says="RF-")
    assert who.cases() == [("decided", "needs_review")]


def test_an_appeal_can_be_given_up(chat, customer):
    who, talk = _refused(chat, customer)
    talk.press("申诉").bot("utter_ask_disputed_fact")
    talk.user("算了 重新开始吧").bot("utter_started_over")
    assert who.cases() == [("decided", "denied")]


def test_a_person_comes_out_of_the_appeal(chat, customer):
    _, talk = _refused(chat, customer, "en")
    talk.press("Appeal").bot("utter_ask_disputed_fact")
    talk.press("The amount").bot("utter_ask_appeal_words")
    talk.user("let me talk to a human").bot("utter_person_coming")


def test_the_language_changes_in_the_middle_of_an_appeal(chat, customer):
    _, talk = _refused(chat, customer)
    talk.press("申诉").bot("utter_ask_disputed_fact")
    talk.user("English please").bot("utter_language_changed", "utter_ask_disputed_fact")
    talk.press("The amount").bot("utter_ask_appeal_words", says="own words")

"""Questions about the rules: answered by the clauses asked for, from the brand's file."""

import pytest

from actions.policy.brand import load_brands

BRANDS = load_brands()
REFUND, STATUS = "utter_policy_answer", "utter_policy_answer_status"
"""The answer with a button for a refund, and with one for its progress."""


def clauses(brand, language, *ids):
    """The clauses' own words, as the brand's file has them."""
    return [BRANDS[brand].clauses[id].words[language] for id in ids]


@pytest.mark.parametrize(
    ("brand", "language", "question", "ids", "response"),
    [
        ("kuailian", "zh", "续费的钱能退吗？", ("K-4", "K-5"), REFUND),
        ("kuailian", "zh", "退款会原路退回吗？", ("K-8", "K-22"), REFUND),
        ("kuailian", "zh", "退款期限是多少天", ("K-1", "K-2", "K-3", "K-18"), REFUND),
        ("kuailian", "zh", "申请退款需要什么材料", ("K-6", "K-2", "K-26"), REFUND),
        ("kuailian", "zh", "退款多久到账", ("K-7", "K-8", "K-9"), STATUS),
        ("kuailian", "en", "do renewals get refunded?", ("K-4", "K-5"), REFUND),
        ("kuailian", "en", "how long does a refund take?", ("K-7", "K-8", "K-9"), STATUS),
        ("kuailian", "en", "can I get a partial refund for unused months?", ("K-3", "K-1"), REFUND),
        ("bitpie", "zh", "退款会退到哪张卡？", ("B-8", "B-22", "B-23", "B-9"), REFUND),
        ("bitpie", "zh", "退款审核要几天", ("B-3", "B-25"), STATUS),
        ("bitpie", "en", "what is the time limit for a refund?", ("B-4", "B-2", "B-13"), REFUND),
        ("bitpie", "en", "what documents do I need for a refund?", ("B-1", "B-18"), REFUND),
    ],
)
def test_a_question_is_answered_by_the_clauses_on_its_topic_only(
    chat, brand, language, question, ids, response
):
    talk = chat(brand, language).user(question).bot(response)
    assert talk.text().splitlines() == clauses(brand, language, *ids)


def test_a_question_about_all_the_rules_is_answered_in_short(chat):
    talk = chat("kuailian", "zh").user("你们的退款政策是什么").bot("utter_policy_answer")
    assert talk.text().splitlines() == clauses("kuailian", "zh", "K-1", "K-3", "K-4", "K-27")


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("zh", "退款多久到账？退到哪张卡？"),
        ("en", "how long does a refund take, and which card does it go back to?"),
    ],
)
def test_two_topics_in_one_question_are_both_answered(chat, language, question):
    talk = chat("kuailian", language).user(question)
    assert talk.text().splitlines() == clauses("kuailian", language, "K-7", "K-9", "K-8", "K-22")


@pytest.mark.parametrize(
    ("brand", "language", "question", "named"),
    [
        ("kuailian", "zh", "退款要手续费吗", "手续费"),
        ("kuailian", "en", "is there a fee for refunds?", "fees"),
        ("bitpie", "zh", "续费的钱能退吗", "续费退款"),
        ("bitpie", "en", "are renewals refundable?", "refunds of renewals"),
    ],
)
def test_what_the_brand_does_not_say_is_owned_up_to_and_a_person_offered(
    chat, brand, language, question, named
):
    talk = chat(brand, language).user(question).bot("utter_policy_silent", says=named)
    talk.user({"zh": "好的", "en": "yes please"}[language]).bot("utter_person_coming")


@pytest.mark.parametrize(
    ("language", "question", "words"),
    [
        ("zh", "链上转账能撤销退款吗", "联系收款方协商退回"),
        (
            "en",
            "can an on-chain transfer be refunded or reversed?",
            "ask the recipient to send it back",
        ),
    ],
)
def test_of_a_transfer_on_a_chain_is_said_what_can_still_be_done(chat, language, question, words):
    talk = chat("bitpie", language).user(question)
    talk.bot("utter_policy_answer_person", says=(*clauses("bitpie", language, "B-6"), words))


@pytest.mark.parametrize("brand", ["kuailian", "bitpie"])
@pytest.mark.parametrize(
    ("language", "question", "named"),
    [("zh", "可以开发票吗？", "发票"), ("en", "can I get an invoice?", "invoices")],
)
def test_of_invoices_nothing_is_made_up(chat, brand, language, question, named):
    talk = chat(brand, language).user(question).bot("utter_policy_silent", says=named)
    talk.press({"zh": "转人工", "en": "Talk to a person"}[language]).bot("utter_person_coming")


@pytest.mark.parametrize(
    ("language", "question"),
    [("zh", "怎么关闭自动续费？"), ("en", "how do I turn off auto-renewal?")],
)
def test_a_question_about_auto_renewal_is_answered_before_its_order_is_asked_for(
    chat, language, question
):
    talk = chat("kuailian", language).user(question)
    talk.bot("utter_policy_answer_only", "utter_ask_order_number")
    assert talk.text().splitlines()[:2] == clauses("kuailian", language, "K-5", "K-4")


def test_a_question_about_data_is_answered_and_one_about_impostors_warns(chat):
    talk = chat("bitpie", "zh")
    talk.user("你们会收集我哪些个人信息？").bot(
        "utter_policy_answer_person", says=clauses("bitpie", "zh", "B-1")[0]
    )
    talk.user("怎么确认你们是官方的？").bot(
        "utter_policy_answer_only", "utter_security", says=clauses("bitpie", "zh", "B-11")[0]
    )


@pytest.mark.parametrize(
    ("brand", "language", "wish", "question", "ids"),
    [
        ("kuailian", "zh", "我要退款", "续费的钱能退吗？", ("K-4", "K-5")),
        (
            "kuailian",
            "en",
            "I want a refund please",
            "how long does a refund take?",
            ("K-7", "K-8", "K-9"),
        ),
        ("bitpie", "zh", "我要退款", "申请退款需要什么材料", ("B-1", "B-18")),
        (
            "bitpie",
            "en",
            "I want a refund please",
            "what is the time limit for a refund?",
            ("B-4", "B-2", "B-13"),
        ),
    ],
)
def test_a_question_inside_the_form_is_answered_and_the_form_asks_again(
    chat, brand, language, wish, question, ids
):
    asks = {"kuailian": "utter_ask_order_number", "bitpie": "utter_ask_transaction_id"}[brand]
    talk = chat(brand, language).user(wish).bot(asks)
    asked = talk.text()
    talk.user(question).bot("utter_policy_answer_only", asks)
    assert talk.text() == "\n".join([*clauses(brand, language, *ids), asked])
    assert talk.answers[0]["buttons"] == []


def test_inside_the_form_silence_is_owned_up_to_and_the_form_goes_on(chat):
    talk = chat("kuailian", "zh").user("我要退款").bot("utter_ask_order_number")
    talk.user("退款要手续费吗").bot("utter_policy_silent", "utter_ask_order_number")
    talk.user("KL20260909999").bot("utter_ask_email")


def test_the_button_under_an_answer_leads_on(chat):
    talk = chat("kuailian", "zh").user("退款多久到账").bot("utter_policy_answer_status")
    talk.press("查退款进度").bot("utter_ask_tracking_number")
    talk = chat("kuailian", "en").user("do renewals get refunded?").bot("utter_policy_answer")
    talk.press("Ask for a refund").bot("utter_ask_order_number")

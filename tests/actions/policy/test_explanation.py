"""What a customer is told: which sentences, in which order, in both languages."""

from dataclasses import replace
from typing import Any

import pytest

from actions.domain.decision import Decision
from actions.domain.money import Money
from actions.domain.order import Method
from actions.policy.brand import Brand
from actions.policy.engine import decide_by_person
from actions.policy.terms import MethodTerms, WorkingDays

LATE = "2026-12-01T12:00:00+08:00"


def but_for_the_clauses(decision: Decision, brand: Brand) -> dict[str, str]:
    """The words of a decision without those of its clauses, whose place is marked."""
    found = {}
    for language, words in decision.explanation.items():
        shape = {"zh": "（{}）{}", "en": "({}) {}"}[language]
        for clause in decision.clauses:
            said = shape.format(clause, brand.clauses[clause].words[language])
            assert words.count(said) == 1
            words = words.replace(said, f"[{clause}]")
        found[language] = words
    return found


@pytest.fixture
def told(ask: Any) -> Any:
    """The words for one request, without those of the clauses."""

    def told(brand: str = "kuailian", **request: Any) -> dict[str, str]:
        return but_for_the_clauses(ask(brand, **request), ask.brands[brand])

    return told


def test_a_review_is_told_its_reason_what_went_back_the_proposal_and_when(
    ask: Any, told: Any
) -> None:
    assert told(asked_at=LATE, refunds=(ask.gone_back("20.00"),)) == {
        "zh": "这笔订单付款于2026年9月1日，退款期已于2026年10月1日结束，需要由人工审核。"
        "按剩余的 273 天（共 365 天）计算，未使用部分为 ¥223.63，扣除此前已退的 ¥20.00，"
        "还剩 ¥203.63，是否退还由审核决定。"
        "[K-3]"
        "审核一般在 3 个工作日内完成（2026年12月4日前），情况复杂的需要更长时间。",
        "en": "You paid on 1 September 2026 and the money-back period ended on 1 October 2026,"
        " so a person has to look at this request."
        " 273 of 365 days are left, which comes to CN¥223.63; less the CN¥20.00 that was refunded"
        " before, that leaves CN¥203.63. Whether it is refunded is for the review to decide."
        " [K-3]"
        " A review usually takes up to 3 working days (until 4 December 2026), longer if it is"
        " involved.",
    }


def test_without_a_term_on_record_no_share_is_spoken_of(told: Any) -> None:
    words = told(asked_at=LATE, term_end=None)
    assert "需要由人工审核。[K-3]审核一般" in words["zh"]
    assert "look at this request. [K-3] A review" in words["en"]


@pytest.mark.parametrize(
    ("status", "zh", "en"),
    [("suspended", "已被暂停", "suspended"), ("closed", "已注销", "closed")],
)
def test_of_a_suspended_account_only_that_is_told_not_what_else_would_be_said(
    told: Any, status: str, zh: str, en: str
) -> None:
    words = told(kind="renewal", account_status=status)
    assert words["zh"].startswith(f"您的账户目前{zh}，这项申请需要由人工审核。[K-14][K-4]审核")
    assert words["en"].startswith(
        f"Your account is {en}, so a person has to look at this request. [K-14] [K-4] A review"
    )


def test_a_refusal_is_told_its_reason_the_advice_and_the_way_to_object(told: Any) -> None:
    assert told("bitpie", reason="price_change") == {
        "zh": "您的退款原因（行情变化）不在可退款的范围内，因此不能退款。[B-5]"
        "如果实际情况属于操作错误、重复支付或对服务不满意，请补充说明和证据后提出申诉。"
        "如果您不认同这个决定，可以向我们了解具体原因，收集证据后提出申诉，由另一位工作人员重新审核；"
        "也可以向支付平台、监管机构求助，或通过法律途径解决。",
        "en": "The reason you gave (a change of price) is not among those we refund for, so it"
        " can't be refunded. [B-5] If it was in fact a mistaken operation, a double payment or"
        " dissatisfaction with the service, appeal with an explanation and evidence. If you"
        " don't agree, ask us for the exact reason, gather your evidence and appeal; someone"
        " else on our team will decide again. You can also turn to your payment provider or the"
        " regulator, or take legal steps.",
    }


def test_a_refusal_without_advice_goes_on_to_the_way_to_object(ask: Any) -> None:
    brand = replace(ask.brands["kuailian"], advice={})
    words = but_for_the_clauses(type(ask)({"kuailian": brand})(status="refunded"), brand)
    assert words["zh"] == f"订单 N-1 的款项已经全部退还。[K-16]{brand.after_refusal['zh']}"
    assert words["en"] == (
        "The whole amount of N-1 has already been refunded. [K-16] " + brand.after_refusal["en"]
    )


def test_a_refusal_does_not_speak_of_what_went_back_before(ask: Any) -> None:
    facts = ask.facts(refunds=(ask.gone_back("20.00"),))
    brand = ask.brands["kuailian"]
    decision = decide_by_person(facts, brand, Money.zero("CNY"), clauses=["K-3"])
    assert decision.explanation == {
        "zh": "客服人员审核了您的申请，决定不予退款。（K-3）"
        + brand.clauses["K-3"].words["zh"]
        + brand.after_refusal["zh"],
        "en": "One of our staff has looked at your request and decided against a refund. (K-3) "
        f"{brand.clauses['K-3'].words['en']} {brand.after_refusal['en']}",
    }


def test_a_refund_is_told_its_reason_when_it_arrives_and_why_so_late(told: Any) -> None:
    asked_at = "2026-09-30T12:00:00+08:00"
    assert told("bitpie", reason="wrong_operation", asked_at=asked_at) == {
        "zh": "您在规定时间内提出申请，原因（操作错误）符合退款条件，可以退还 ¥299.00。[B-2][B-22]"
        "您确认后，款项预计在2026年10月10日至10月15日之间退回原付款账户。"
        "2026年10月1日至10月7日国庆节放假，不计入工作日。",
        "en": "You asked in time and for a reason we accept (a mistaken operation), so CN¥299.00"
        " goes back to you. [B-2] [B-22] Once you confirm, the money should reach the account"
        " you paid from between 10 October 2026 and 15 October 2026. 1 to 7 October 2026"
        " (National Day) is not counted.",
    }


def test_dates_beyond_the_published_calendar_are_told_to_be_uncertain(told: Any) -> None:
    words = told(paid_at="2026-12-20T10:00:00+08:00", asked_at="2026-12-27T10:00:00+08:00")
    assert words["zh"].endswith(
        "款项预计在2026年12月30日至2027年1月6日之间退回原付款账户。"
        "2027年1月1日元旦放假，不计入工作日。届时的节假日安排尚未公布，日期可能变动。"
    )
    assert words["en"].endswith(
        "between 30 December 2026 and 6 January 2027. 1 January 2027 (New Year's Day) is not"
        " counted. The public holidays for that time have not been published, so the dates may"
        " change."
    )


def test_a_refund_that_arrives_on_one_day_is_promised_for_that_day(ask: Any) -> None:
    brand = ask.brands["kuailian"]
    methods = {**brand.terms.methods, Method.CARD: MethodTerms(WorkingDays(3, 3))}
    quick = replace(brand, terms=replace(brand.terms, methods=methods))
    words = type(ask)({"kuailian": quick})().explanation
    assert words["zh"].endswith("您确认后，款项预计在2026年9月9日退回原付款账户。")
    assert words["en"].endswith(
        "Once you confirm, the money should reach the account you paid from on 9 September 2026."
    )


def test_an_order_that_was_never_marked_paid_is_explained_without_a_day(told: Any) -> None:
    words = told(status="failed", captured=True, paid_at=None)
    assert words["zh"].startswith("这笔付款没有成功，但款项已被扣除，可以退还 ¥299.00。[K-13]")
    assert words["en"].startswith(
        "This payment failed but the money was taken, so CN¥299.00 goes back to you. [K-13]"
    )


def test_a_double_charge_is_told_its_twin_and_the_minutes(ask: Any, told: Any) -> None:
    words = told(others=(ask.bought("N-0", paid_at="2026-09-01T09:55:00+08:00"),))
    assert words["zh"].startswith(
        "这笔订单与订单 N-0 内容和金额相同，付款相隔不超过 10 分钟，属于重复扣款，"
        "可以退还 ¥299.00。"
    )
    assert words["en"].startswith(
        "This order repeats N-0: the same item and amount, no more than 10 minutes later. It is a"
        " double charge, so CN¥299.00 goes back to you."
    )


def test_asked_about_the_first_of_two_charges_it_says_to_ask_for_the_second(
    ask: Any, told: Any
) -> None:
    later = ask.bought("N-2", paid_at="2026-09-01T10:05:00+08:00")
    words = told(others=(later,), asked_at=LATE)
    assert (
        "[K-3]订单 N-2 与这笔内容和金额相同、付款更晚，属于重复扣款："
        "请就那一笔申请退款。审核" in words["zh"]
    )
    assert (
        "[K-3] N-2 is the same charge made again minutes later: ask for that one instead."
        " A review" in words["en"]
    )


def test_a_person_s_own_words_stand_between_the_reason_and_the_clauses(ask: Any) -> None:
    brand, facts = ask.brands["kuailian"], ask.facts(asked_at=LATE)
    words = {"zh": "服务多次中断。"}
    decision = decide_by_person(facts, brand, Money(1000, "CNY"), clauses=["K-3"], words=words)
    found = but_for_the_clauses(decision, brand)
    assert found["zh"].startswith(
        "客服人员审核了您的申请，同意退还 ¥10.00。服务多次中断。[K-3]您确认后，"
    )
    assert found["en"].startswith(
        "One of our staff has looked at your request and agreed to refund CN¥10.00. [K-3] Once"
    )


# --- an explanation as a mapping -----------------------------------------------------------


def test_an_explanation_is_a_mapping_of_two_languages(ask: Any) -> None:
    explanation = ask().explanation
    assert (list(explanation), len(explanation)) == (["zh", "en"], 2)
    assert repr(explanation) == repr(dict(explanation))
    assert "fr" not in explanation
    with pytest.raises(KeyError) as unknown:
        explanation["fr"]
    assert unknown.value.args == ("fr",)


def test_an_explanation_is_written_once(ask: Any) -> None:
    explanation = ask().explanation
    assert explanation["zh"] is explanation["zh"]
    assert explanation["zh"] != explanation["en"]

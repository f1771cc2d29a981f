"""The shipped brand files are whole, and what they say is said in both languages."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.domain.decision import Outcome
from actions.domain.order import Method
from actions.policy import phrases
from actions.policy.brand import BRANDS_FOLDER, Brand, Topic, load_brand, read_brand
from actions.policy.grounds import PAYING, REFUSAL_CODES, Ground, Reason
from tests.actions.policy.brand_texts import BITPIE, KUAILIAN, changed, faults_of, line_of

CHINESE = re.compile(r"[一-鿿]")
HALF_WIDTH = re.compile(r"[一-鿿][,;:?!(]|[,;?!)][一-鿿]")


def test_both_brands_are_loaded_by_their_ids(brands: dict[str, Brand]) -> None:
    assert set(brands) == {"kuailian", "bitpie"}
    for name, brand in brands.items():
        assert brand.id == name
        assert str(brand.time_zone) == "Asia/Shanghai"
        assert re.fullmatch(r"2026-11\+[0-9a-f]{8}", brand.version)


def test_the_numbers_the_brands_state_are_in_their_files(brands: dict[str, Brand]) -> None:
    kuailian, bitpie = brands["kuailian"].terms, brands["bitpie"].terms
    assert kuailian.window_days
    assert (kuailian.window_days.value, kuailian.window_days.assumption) == (30, False)
    assert kuailian.reply_hours.value == 24
    assert not kuailian.reasons.required
    assert bitpie.reasons.required
    assert (bitpie.handling_days.least, bitpie.handling_days.most) == (1, 3)
    assert bitpie.time_limit_days
    assert bitpie.time_limit_days.assumption
    assert kuailian.double_charge_minutes.value == bitpie.double_charge_minutes.value == 10
    assert kuailian.double_charge_minutes.assumption
    for terms in (kuailian, bitpie):
        assert set(terms.methods) == set(Method)


def test_every_text_of_a_brand_is_in_both_languages(brands: dict[str, Brand]) -> None:
    def pairs(found: Any) -> list[dict[str, str]]:
        if isinstance(found, dict):
            inner = [pair for value in found.values() for pair in pairs(value)]
            return [found, *inner] if {"zh", "en"} & set(found) else inner
        return [pair for value in found for pair in pairs(value)] if isinstance(found, list) else []

    for name in brands:
        texts = pairs(yaml.safe_load((BRANDS_FOLDER / f"{name}.yml").read_text("utf-8")))
        assert len(texts) > 30
        for text in texts:
            assert CHINESE.search(text["zh"])
            assert not CHINESE.search(text["en"])
            assert not HALF_WIDTH.search(text["zh"]), text["zh"]


@pytest.mark.parametrize("brand", ["kuailian", "bitpie"])
def test_the_example_of_an_order_number_is_one(brands: dict[str, Brand], brand: str) -> None:
    found = brands[brand]
    assert any(re.fullmatch(p, found.order_number_example) for p in found.order_number_patterns)


def test_every_change_of_a_file_changes_the_version() -> None:
    other = changed("value: support@kuailian.example", "value: help@kuailian.example")
    assert read_brand(other).version != read_brand(KUAILIAN).version
    assert read_brand(KUAILIAN).version == read_brand(KUAILIAN).version


# --- words ---------------------------------------------------------------------------------


@pytest.mark.parametrize("ground", Ground)
def test_every_ground_is_worded_in_both_languages_with_the_same_gaps(ground: Ground) -> None:
    phrase = phrases.GROUNDS[ground]
    gaps = {language: set(re.findall(r"{(\w+)}", words)) for language, words in phrase.items()}
    assert set(phrase) == {"zh", "en"}
    assert gaps["zh"] == gaps["en"]
    assert CHINESE.search(phrase["zh"])
    assert not CHINESE.search(phrase["en"])


def test_every_reason_is_worded_and_refusal_codes_are_the_grounds_that_do_not_pay() -> None:
    assert set(phrases.REASONS) == set(Reason)
    assert set(REFUSAL_CODES) | PAYING == set(Ground)
    assert not set(REFUSAL_CODES) & PAYING


REACHED: dict[Ground, dict[str, Any]] = {
    Ground.MONEY_BACK: {},
    Ground.RENEWAL_CANCELLED: {"kind": "renewal", "cancelled_at": "2026-08-01T00:00:00Z"},
    Ground.DOUBLE_CHARGE: {"twin": True},
    Ground.CAPTURED_FAILURE: {"status": "failed", "captured": True},
    Ground.UPGRADE_IN_WINDOW: {"kind": "upgrade", "twin": True, "amount": "10.00"},
    Ground.REASON_ACCEPTED: {"brand": "bitpie", "reason": "wrong_operation"},
    Ground.UNUSUAL_VELOCITY: {"refunded": 3},
    Ground.NOTHING_PAID: {"status": "failed"},
    Ground.ALREADY_REFUNDED: {"status": "refunded"},
    Ground.RECORDS_DISAGREE: {"status": "partially_refunded"},
    Ground.DISPUTED: {"status": "disputed"},
    Ground.ACCOUNT_STANDING: {"account_status": "closed"},
    Ground.PAST_WINDOW: {"asked_at": "2026-12-01T00:00:00Z"},
    Ground.NOT_FIRST_PURCHASE: {"earlier": True},
    Ground.RENEWAL_NOT_CANCELLED: {"kind": "renewal"},
    Ground.UPGRADE_PAST_WINDOW: {"kind": "upgrade"},
    Ground.OUT_OF_TIME: {"brand": "bitpie", "asked_at": "2026-12-01T00:00:00Z"},
    Ground.REASON_MISSING: {"brand": "bitpie"},
    Ground.REASON_UNCLEAR: {"brand": "bitpie", "reason": "点错了"},
    Ground.REASON_NOT_ACCEPTED: {"brand": "bitpie", "reason": "price_change"},
    Ground.ONCHAIN_IRREVERSIBLE: {"brand": "bitpie", "kind": "onchain_transfer"},
    Ground.SWAP_NOT_SUPPORTED: {"brand": "bitpie", "kind": "swap"},
    Ground.KIND_NOT_COVERED: {"kind": "service_fee"},
}


OF_OTHER_TERMS = {Ground.UNUSED_SHARE, Ground.PERSON_AGREED, Ground.PERSON_REFUSED}


@pytest.mark.parametrize("ground", sorted(set(Ground) - OF_OTHER_TERMS))
def test_every_ground_is_reached_by_some_request_and_rests_on_its_clause(
    ask: Any, ground: Ground
) -> None:
    told = {"brand": "kuailian", **REACHED[ground]}
    brand, others = ask.brands[told["brand"]], ()
    if told.pop("twin", False):
        others = (ask.bought("N-0", paid_at="2026-09-01T09:59:00+08:00"),)
    if told.pop("earlier", False):
        others = (ask.bought("N-0", paid_at="2025-09-01T09:59:00+08:00"),)
    refunds = tuple(
        ask.gone_back("1.00", order_number=f"O-{n}") for n in range(told.pop("refunded", 0))
    )
    decision = ask(**told, others=others, refunds=refunds)
    assert decision.clauses[0] == brand.grounds[ground] == brand.clause_for(ground).id
    assert (ground.value in decision.refusal_codes) == (ground not in PAYING)
    first_words = phrases.GROUNDS[ground]["en"].partition("{")[0]
    assert first_words in decision.explanation["en"]


@pytest.mark.parametrize("brand", ["kuailian", "bitpie"])
@pytest.mark.parametrize("topic", Topic)
def test_a_question_on_a_topic_is_answered_by_its_passages_in_their_order(
    brands: dict[str, Brand], brand: str, topic: Topic
) -> None:
    found = brands[brand]
    named = found.topics.get(topic, ())
    texts = {
        **{clause.id: clause.words for clause in found.clauses.values()},
        **{f"advice.{ground}": words for ground, words in found.advice.items()},
        "after_refusal": found.after_refusal,
    }
    assert found.passages_on(topic) == tuple(texts[name] for name in named)


def test_a_brand_may_say_nothing_on_a_topic_and_leave_renewals_out(
    brands: dict[str, Brand],
) -> None:
    silent = {name for name, brand in brands.items() if not brand.passages_on(Topic.FEES)}
    assert silent == {"kuailian"}
    assert not any(brand.passages_on(Topic.INVOICE) for brand in brands.values())
    assert not {Topic.RENEWAL, Topic.AUTO_RENEWAL} & set(brands["bitpie"].topics)


def test_the_numbers_in_the_clauses_are_those_of_the_terms() -> None:
    shorter = read_brand(changed("window_days: {value: 30", "window_days: {value: 14"))
    assert "首次购买后 14 天内" in shorter.clauses["K-1"].words["zh"]
    assert "within 14 days" in shorter.clauses["K-1"].words["en"]
    slower = read_brand(
        changed(
            "handling_working_days: {least: 1, most: 3}",
            "handling_working_days: {least: 2, most: 3}",
            BITPIE,
        )
    )
    assert "2–3 个工作日" in slower.clauses["B-3"].words["zh"]


def test_the_languages_must_name_the_same_numbers() -> None:
    broken = changed("refunded in full within {window_days} days", "refunded in full")
    (fault,) = faults_of(broken)
    assert (fault.path, fault.line) == ("clauses[0]", line_of(broken, "id: K-1"))
    assert fault.message == "zh and en must name the same numbers"


def test_a_number_that_the_terms_do_not_hold_is_a_fault_on_its_line() -> None:
    chinese, english = "每次申请都有一个追踪编号", "Every request has a tracking number"
    broken = changed(english, english + " {answer_hours}")
    broken = changed(chinese, chinese + "{answer_hours}", broken)
    faults = {(fault.path, fault.line, fault.message) for fault in faults_of(broken)}
    assert faults == {
        ("clauses[8].zh", line_of(broken, chinese), "the terms have no answer_hours"),
        ("clauses[8].en", line_of(broken, english), "the terms have no answer_hours"),
    }


@pytest.mark.parametrize("brand", ["kuailian", "bitpie"])
def test_a_refusal_says_what_can_still_be_done(ask: Any, brand: str) -> None:
    decision = ask(brand, status="refunded")
    assert decision.outcome is Outcome.DENIED
    for language, words in decision.explanation.items():
        assert words.endswith(ask.brands[brand].after_refusal[language])
        assert ask.brands[brand].advice[Ground.ALREADY_REFUNDED][language] in words


def test_an_explanation_reads_well_in_both_languages(ask: Any) -> None:
    assert ask().explanation == {
        "zh": "这是您的首次购买（2026年9月1日），30 天退款期到2026年10月1日为止，可以退还 ¥299.00。"
        "（K-1）新订阅用户首次购买后 30 天内可申请全额退款，月付、年付和多年期套餐都适用。"
        "您确认后，款项预计在2026年9月9日至9月15日之间退回原付款账户。",
        "en": "This was your first purchase, paid on 1 September 2026. Its 30-day money-back"
        " period lasts until 1 October 2026, so CN¥299.00 goes back to you. (K-1) New"
        " subscribers can have their first purchase refunded in full within 30 days, whichever"
        " plan they chose, monthly, yearly or longer. Once you confirm, the money should reach"
        " the account you paid from between 9 September 2026 and 15 September 2026.",
    }


def test_a_third_brand_is_one_more_file_and_no_code(tmp_path: Path, ask: Any) -> None:
    path = tmp_path / "maple.yml"
    path.write_text(changed("id: kuailian", "id: maple"), "utf-8")
    maple = load_brand(path)
    assert (maple.id, maple.source) == ("maple", path)
    decision = type(ask)({"maple": maple})("maple")
    assert decision.outcome == "approved"

"""The shipped brand files are whole, and a broken one says where."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.domain.decision import Outcome
from actions.domain.errors import BrandFileRefused, Fault
from actions.domain.order import Method
from actions.policy import phrases
from actions.policy.brand import BRANDS_FOLDER, Brand, Topic, load_brand, load_brands, read_brand
from actions.policy.grounds import PAYING, REFUSAL_CODES, Ground, Reason

KUAILIAN = (BRANDS_FOLDER / "kuailian.yml").read_text(encoding="utf-8")
BITPIE = (BRANDS_FOLDER / "bitpie.yml").read_text(encoding="utf-8")
CHINESE = re.compile(r"[一-鿿]")
HALF_WIDTH = re.compile(r"[一-鿿][,;:?!(]|[,;?!)][一-鿿]")


def faults_of(text: str) -> tuple[Fault, ...]:
    with pytest.raises(BrandFileRefused) as refused:
        read_brand(text)
    return refused.value.faults


def line_of(text: str, piece: str) -> int:
    return text[: text.index(piece)].count("\n") + 1


def changed(old: str, new: str, text: str = KUAILIAN) -> str:
    assert text.count(old) == 1, f"{old!r} must stand in the file once"
    return text.replace(old, new)


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
        assert set(terms.pay_out_days) == set(Method)


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


@pytest.mark.parametrize("ground", Ground)
def test_every_ground_is_reached_by_some_request_and_rests_on_its_clause(
    ask: Any, ground: Ground
) -> None:
    told = {"brand": "kuailian", **REACHED[ground]}
    brand, others = ask.brands[told["brand"]], ()
    if told.pop("twin", False):
        others = (ask.bought("N-0", paid_at="2026-09-01T09:59:00+08:00"),)
    if told.pop("earlier", False):
        others = (ask.bought("N-0", paid_at="2025-09-01T09:59:00+08:00"),)
    decision = ask(**told, others=others)
    assert decision.clauses[0] == brand.grounds[ground] == brand.clause_for(ground).id
    assert (ground.value in decision.refusal_codes) == (ground not in PAYING)
    first_words = phrases.GROUNDS[ground]["en"].partition("{")[0]
    assert first_words in decision.explanation["en"]


@pytest.mark.parametrize("brand", ["kuailian", "bitpie"])
@pytest.mark.parametrize("topic", Topic)
def test_a_general_question_is_answered_by_its_clauses_in_their_order(
    brands: dict[str, Brand], brand: str, topic: Topic
) -> None:
    found = brands[brand]
    assert tuple(clause.id for clause in found.clauses_on(topic)) == found.topics[topic]


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


# --- broken files --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "path", "message"),
    [
        ("id: kuailian", "id: Kuai Lian", "id", "a short lower-case name"),
        ("time_zone: Asia/Shanghai", "time_zone: Asia/Nowhere", "time_zone", "a time zone"),
        (
            "names: {zh: 快连VPN, en: KuaiLian VPN}",
            "names: {zh: 快连VPN}",
            "names.en",
            "is missing",
        ),
        ("names: {zh: 快连VPN", "names: {zh: ' '", "names.zh", "must not be empty"),
        ('opens: "09:00"', 'opens: "9:00"', "hours.opens", "must be a time"),
        ('opens: "09:00"', "opens: 9", "hours.opens", "must be text"),
        ('opens: "09:00"', 'opens: "23:00"', "hours", "closes must be later"),
        ("days: [1, 2,", "days: [0, 2,", "hours.days[0]", "a whole number from 1 to 7"),
        (r"'KL\d{8,14}'", "'KL('", "order_numbers.patterns[0]", "not a regular expression"),
        ("example: KL20260901001", "example: KL1", "order_numbers", "matches none"),
        ('primary: "#0b63ce"', 'primary: "blue"', "theme.primary", "must be a colour"),
        ('primary: "#0b63ce"', 'prime: "#0b63ce"', "theme.prime", "is not a known key"),
        (
            "payload: /refund_status",
            "payload: refund_status",
            "quick_start[1].payload",
            "must be an intent",
        ),
        ("  - id: K-2\n", "  - id: K-1\n", "clauses[1]", "K-1 stands here twice"),
        ("  - id: K-2\n", "  - id: two\n", "clauses[1].id", "must be an id"),
        (
            "  money_back: K-1",
            "  money_back: K-99",
            "grounds.money_back",
            "there is no clause K-99",
        ),
        ("  money_back: K-1", "  monkey_back: K-1", "grounds.monkey_back", "must be one of"),
        ("how_long: [K-7,", "how_long: [K-70,", "topics.how_long[0]", "there is no clause K-70"),
        ("  how_long: [K-7, K-8]\n", "", "topics", "names no clause for how_long"),
        ("  how_long: [", "  how_old: [", "topics.how_old", "must be one of"),
        ("  disputed: K-17\n", "", "grounds", "names no clause for disputed"),
        (
            "advice:\n",
            "advice:\n  money_back: {zh: 好, en: Good}\n",
            "advice.money_back",
            "refusal codes only",
        ),
        (
            "window_days: {value: 30, clause: K-1}",
            "window_days: {value: -30, clause: K-1}",
            "terms.window_days.value",
            "a whole number from 0",
        ),
        (
            "window_days: {value: 30, clause: K-1}",
            "window_days: {value: 30.5, clause: K-1}",
            "terms.window_days.value",
            "must be a whole number",
        ),
        (
            "window_days: {value: 30, clause: K-1}",
            "window_days: {value: 030, clause: K-1}",
            "terms.window_days.value",
            "a whole number from 0",
        ),
        (
            "window_days: {value: 30, clause: K-1}",
            "window_days: {value: 30, clause: K-77}",
            "terms.window_days",
            "there is no clause K-77",
        ),
        ("  window_days: {value: 30, clause: K-1}\n", "", "terms", "need window_days"),
        (
            "reasons: {required: false}",
            "reasons: {required: true}",
            "terms.reasons",
            "required goes with",
        ),
        (
            "reasons: {required: false}",
            "reasons: {required: sometimes}",
            "terms.reasons.required",
            "true or false",
        ),
        (
            "purchase: {treatment: money_back}",
            "purchase: {treatment: maybe}",
            "terms.kinds.purchase.treatment",
            "must be one of money_back",
        ),
        (
            "purchase: {treatment: money_back}",
            "present: {treatment: money_back}",
            "terms.kinds.present",
            "must be one of purchase",
        ),
        (
            "purchase: {treatment: money_back}",
            "purchase: {treatment: never}",
            "terms.kinds.purchase",
            "refused_as goes with",
        ),
        (
            "purchase: {treatment: money_back}",
            "purchase: {treatment: never, refused_as: money_back}",
            "terms.kinds.purchase",
            "must be a refusal code",
        ),
        ('CNY: "2000.00"', 'CNY: "2000.001"', "terms.approvals.above.limits.CNY", "2 decimals"),
        ('CNY: "2000.00"', 'RMB: "2000.00"', "terms.approvals.above.limits.RMB", "currency"),
        ('CNY: "2000.00"', "CNY: 2000.00", "terms.approvals.above.limits.CNY", "must be text"),
        ("clause: K-20", "clause: K-21", "terms.approvals", "there is no clause K-21"),
        (
            "paypal: {least: 1, most: 5,",
            "paypal: {least: 6, most: 5,",
            "terms.pay_out_working_days.paypal",
            "least must not be more",
        ),
        (
            "    paypal: {least: 1, most: 5, assumption: true}\n",
            "",
            "terms.pay_out_working_days",
            "says nothing of paypal",
        ),
        ("quick_start:\n", "quick_start: []\nmore:\n", "quick_start", "a list with at least one"),
        ("theme:\n", "theme: []\nmore:\n", "theme", "a mapping of keys"),
        ("time_zone: Asia/Shanghai\n", "time_zone: UTC\nid: kuailian\n", "id", "stands here twice"),
    ],
)
def test_a_broken_file_names_line_and_field(old: str, new: str, path: str, message: str) -> None:
    text = changed(old, new)
    found = [fault for fault in faults_of(text) if fault.path == path]
    assert found, faults_of(text)
    assert message in found[0].message
    assert found[0].line
    assert found[0].line <= text.count("\n")


def test_a_fault_s_line_is_the_line_it_stands_on() -> None:
    text = changed("window_days: {value: 30, clause: K-1}", "window_days: {value: x, clause: K-1}")
    assert [fault.line for fault in faults_of(text)] == [line_of(text, "window_days: {value: x")]


def test_all_faults_are_told_at_once() -> None:
    text = changed("id: kuailian", "id: 7").replace("least: 3", "least: three")
    assert len(faults_of(text)) == 3


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("accepted: [wrong_operation,", "accepted: [other, wrong_operation,", "either accepted or"),
        (
            "accepted: [wrong_operation, double_payment, dissatisfaction]\n    ",
            "",
            "at least one reason must be accepted",
        ),
        ("methods: [crypto], clause: B-9", "methods: [crypto], clause: B-99", "no clause B-99"),
        ("  time_limit_days: {value: 30, clause: B-4, assumption: true}\n", "", "time_limit_days"),
    ],
)
def test_a_wallet_s_terms_must_fit_together(old: str, new: str, message: str) -> None:
    assert message in faults_of(changed(old, new, BITPIE))[0].message


@pytest.mark.parametrize(
    ("text", "line"), [("", 1), ("id: [", 1), ("id: kuailian\n\tnames: x", 2), ("- a", 1)]
)
def test_what_is_no_brand_file_at_all_says_so(text: str, line: int) -> None:
    assert faults_of(text)[0].line in (line, line + 1)
    assert faults_of(text)[0].message


def test_control_characters_are_refused() -> None:
    assert faults_of("id: \x00")


def test_a_folder_s_faults_are_told_by_file(tmp_path: Path) -> None:
    (tmp_path / "kuailian.yml").write_text(changed("id: kuailian", "id: 快连"), "utf-8")
    (tmp_path / "bitpie.yml").write_text(KUAILIAN, "utf-8")
    with pytest.raises(BrandFileRefused) as refused:
        load_brands(tmp_path)
    assert [fault.path for fault in refused.value.faults] == ["bitpie.yml id", "kuailian.yml id"]
    assert f"line {line_of(KUAILIAN, 'id: kuailian')}: kuailian.yml id" in str(refused.value)


def test_a_folder_without_brands_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrandFileRefused, match="holds no brand file"):
        load_brands(tmp_path)


def test_a_third_brand_is_one_more_file_and_no_code(tmp_path: Path, ask: Any) -> None:
    path = tmp_path / "maple.yml"
    path.write_text(changed("id: kuailian", "id: maple"), "utf-8")
    maple = load_brand(path)
    assert (maple.id, maple.source) == ("maple", path)
    decision = type(ask)({"maple": maple})("maple")
    assert decision.outcome == "approved"


@pytest.fixture
def with_overrides() -> Callable[[str], Brand]:
    """The kuailian brand with some days of its own."""
    return lambda days: read_brand(f"{KUAILIAN}\n  working_day_overrides:\n{days}")


def test_overrides_are_read_as_days(with_overrides: Callable[[str], Brand]) -> None:
    brand = with_overrides("    - {date: 2026-09-02, working: false}\n")
    assert {str(day): on for day, on in brand.terms.working_day_overrides.items()} == {
        "2026-09-02": False
    }


@pytest.mark.parametrize(
    ("days", "message"),
    [
        ("    - {date: '2026-09-02', working: false}\n", "must be a date"),
        ("    - {date: 2026-09-02T10:00:00, working: false}\n", "must be a date"),
        ("    - {date: 2026-09-02, working: 1}\n", "true or false"),
        ("    - {date: 2026-09-02, working: true}\n" * 2, "stands here twice"),
    ],
)
def test_a_broken_override_is_refused(
    with_overrides: Callable[[str], Brand], days: str, message: str
) -> None:
    with pytest.raises(BrandFileRefused, match=message):
        with_overrides(days)

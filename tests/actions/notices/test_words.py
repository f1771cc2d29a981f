"""Every kind of notice is worded in both languages, escaped, and free of header tricks."""

import html
import re
from datetime import UTC, date, datetime
from html import escape
from zoneinfo import ZoneInfo

import pytest

from actions.domain.decision import Outcome, Promise
from actions.domain.order import Method
from actions.domain.refund_case import State
from actions.notices.kinds import FACTS, NoticeKind
from actions.notices.templates import TEMPLATES, write
from actions.notices.wording import (
    METHODS,
    OUTCOMES,
    STATES,
    destination_text,
    hours_text,
    pay_out_text,
    state_text,
    time_text,
)

CHINESE = re.compile(r"[一-鿿]")
HALF_WIDTH = re.compile(r"[一-鿿][,;:?!(]|[,;?!)][一-鿿]")
GAPS = re.compile(r"{(\w+)}")
SHANGHAI = ZoneInfo("Asia/Shanghai")
EVERY = {
    "brand": "Maple",
    "name": "Li Lei",
    "number": "RF-MRWR4NYCNG",
    "order_number": "KL20260901001",
    "link": "https://desk.example/?brand=kuailian&lang=en",
    "amount": "CN¥299.00",
    "destination": "card ending in 4242",
    "promise": "7 to 11 September 2026",
    "explanation": "Because.",
    "disputed": "the amount",
    "asked_at": "1 September 2026, 10:00",
    "saved": "You will not be charged again.",
    "changed_at": "1 September 2026, 10:00",
    "code": "042917",
    "minutes": "10",
}

each_kind = pytest.mark.parametrize("kind", NoticeKind)
each_language = pytest.mark.parametrize("language", ["zh", "en"])


@each_kind
@each_language
def test_every_kind_uses_exactly_the_facts_it_is_given(kind: NoticeKind, language: str) -> None:
    template = TEMPLATES[kind][language]
    assert set(GAPS.findall(template.subject + "".join(template.paragraphs))) == FACTS[kind]


@each_kind
def test_every_kind_is_worded_in_both_languages(kind: NoticeKind) -> None:
    assert set(TEMPLATES[kind]) == {"zh", "en"}
    zh, en = (write(kind, language, EVERY) for language in ("zh", "en"))
    assert CHINESE.search(zh.subject)
    assert not HALF_WIDTH.search(zh.text), zh.text
    assert not CHINESE.search(en.subject + en.text)
    assert '<html lang="zh-Hans">' in zh.html
    assert '<html lang="en">' in en.html


@each_kind
@each_language
def test_text_and_html_say_the_same(kind: NoticeKind, language: str) -> None:
    written = write(kind, language, EVERY)
    body = written.html.partition("<body")[2]
    said = html.unescape(re.sub(r"<[^>]*>", " ", "<" + body))
    assert said.split() == written.text.split()


@pytest.mark.parametrize("kind", [kind for kind in NoticeKind if "number" in FACTS[kind]])
@each_language
def test_a_notice_about_a_refund_has_its_number_and_link(kind: NoticeKind, language: str) -> None:
    written = write(kind, language, EVERY)
    assert EVERY["number"] in written.subject
    assert EVERY["number"] in written.text
    link = escape(EVERY["link"])
    assert f'<a href="{link}">{link}</a>' in written.html


@each_language
def test_a_code_is_in_its_mail_with_how_long_it_lasts(language: str) -> None:
    written = write(NoticeKind.SEND_CODE, language, EVERY)
    assert "042917" in written.subject
    assert "042917" in written.text
    assert "<strong>042917</strong>" in written.html
    assert "10" in written.text


@each_kind
@each_language
def test_facts_can_neither_add_markup_nor_headers_nor_gaps(kind: NoticeKind, language: str) -> None:
    nasty = "<b>{code}&\r\nBcc: x@example.com"
    written = write(kind, language, dict.fromkeys(EVERY, nasty))
    assert "<b>" not in written.html
    assert "&lt;b&gt;{code}&amp;" in written.html
    assert "\n" not in written.subject
    assert "\r" not in written.subject
    assert "{code}" in written.subject


@each_kind
def test_a_missing_fact_is_named(kind: NoticeKind) -> None:
    needed = sorted(FACTS[kind])[0]
    with pytest.raises(KeyError, match=needed):
        write(kind, "zh", {name: fact for name, fact in EVERY.items() if name != needed})


@pytest.mark.parametrize(
    ("method", "hint", "zh", "en"),
    [
        ("card", "4242", "尾号 4242 的银行卡", "card ending in 4242"),
        ("card", None, "银行卡", "card"),
        ("paypal", "l•••@e.com", "PayPal 账户（l•••@e.com）", "PayPal account (l•••@e.com)"),
        ("wechat_pay", "", "微信支付", "WeChat Pay account"),
        ("crypto", "0x7f…91", "加密货币地址（0x7f…91）", "crypto address (0x7f…91)"),
    ],
)
def test_a_destination_is_said_with_its_hint(
    method: str, hint: str | None, zh: str, en: str
) -> None:
    assert destination_text(Method(method), hint, "zh") == zh
    assert destination_text(Method(method), hint, "en") == en


def test_every_method_state_and_outcome_is_worded() -> None:
    assert (set(METHODS), set(STATES), set(OUTCOMES)) == (set(Method), set(State), set(Outcome))
    for words in (*METHODS.values(), *STATES.values(), *OUTCOMES.values()):
        assert set(words) == {"zh", "en"}
        assert CHINESE.search(words["zh"])
        assert not CHINESE.search(words["en"])


def test_a_decided_case_is_said_by_its_outcome_and_others_by_their_state() -> None:
    assert state_text(State.DECIDED, Outcome.NEEDS_REVIEW, "zh") == "人工审核中"
    assert state_text(State.DECIDED, None, "en") == "decided"
    assert state_text(State.PAID, Outcome.APPROVED, "en") == "paid back"


def test_a_pay_out_says_when_it_is_provisional() -> None:
    days = date(2026, 9, 30), date(2026, 10, 12)
    assert pay_out_text(Promise(*days), "zh") == "2026年9月30日至10月12日"
    assert pay_out_text(Promise(*days, provisional=True), "zh") == "2026年9月30日至10月12日（暂定）"
    assert pay_out_text(Promise(*days, provisional=True), "en").endswith("2026 (provisional)")


def test_an_instant_is_said_in_the_zone_asked_for() -> None:
    at = datetime(2026, 8, 31, 16, 5, tzinfo=UTC)
    assert time_text(at, "zh", SHANGHAI) == "2026年9月1日 00:05"
    assert time_text(at, "en", SHANGHAI) == "1 September 2026, 00:05"


def test_hours_are_said_in_both_languages() -> None:
    every_day = ([("09:00", "22:00", range(1, 8))], SHANGHAI)
    assert hours_text(*every_day, "zh") == "人工服务时间：每天 09:00–22:00（北京时间）。"
    assert "every day from 09:00 to 22:00, Beijing time" in hours_text(*every_day, "en")


def test_hours_name_the_days_and_the_zone_of_the_brand() -> None:
    weekdays = ([("08:30", "17:00", (5, 1, 3))], ZoneInfo("Europe/London"))
    assert "周一、周三、周五 08:30–17:00（Europe/London）" in hours_text(*weekdays, "zh")
    assert "Mon, Wed, Fri from 08:30 to 17:00, Europe/London" in hours_text(*weekdays, "en")


def test_split_hours_are_said_by_their_days_and_holidays_are_named() -> None:
    week = (1, 2, 3, 4, 5)
    spans = [("09:00", "12:00", week), ("13:30", "18:00", week), ("10:00", "14:00", (6,))]
    assert hours_text(spans, SHANGHAI, "zh", closed_on_holidays=True) == (
        "人工服务时间：周一、周二、周三、周四、周五 09:00–12:00、13:30–18:00，周六 10:00–14:00"
        "（北京时间），法定节假日休息。"
    )
    assert hours_text(spans, SHANGHAI, "en", closed_on_holidays=True) == (
        "People are here Mon, Tue, Wed, Thu, Fri from 09:00 to 12:00 and 13:30 to 18:00,"
        " Sat from 10:00 to 14:00, Beijing time; closed on public holidays."
    )

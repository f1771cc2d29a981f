"""The facts in a message: which, with which value, and where."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import spacy
from rasa.shared.nlu.training_data.message import Message
from spacy.language import Language

from bot.engine.components.facts import FactExtractor
from bot.engine.nlu.entities import find_facts
from bot.engine.nlu.facts.fact import Fact

SHANGHAI = ZoneInfo("Asia/Shanghai")
HASH = "0x" + "ab12" * 16


@pytest.mark.parametrize(
    ("message", "facts"),
    [
        ("我要退款,订单KL20260901001的", [("order_number", "KL20260901001")]),
        ("ＫＬ２０２６０９０１００１", [("order_number", "KL20260901001")]),
        ("KL 2026 0901 001", [("order_number", "KL20260901001")]),
        ("退款 KLF3A0B90001 谢谢", [("order_number", "KLF3A0B90001")]),
        ("#A10293 please", [("order_number", "A10293")]),
        ("单号 2026-09-01-7788", [("order_number", "2026-09-01-7788")]),
        ("order number TEST-ORDER-77", [("order_number", "TEST-ORDER-77")]),
        (f"交易{HASH}付错了", [("order_number", HASH)]),
        (
            "KL20260901001 李雷 Li@Example.com",
            [("order_number", "KL20260901001"), ("email", "li@example.com")],
        ),
        ("邮箱是a.b@c.com,谢谢", [("email", "a.b@c.com")]),
        ("RF-ACDEFGH34J 到哪了", [("tracking_number", "RF-ACDEFGH34J")]),
        ("i paid 49.99 usd", [("amount", "49.99 usd")]),
        ("花了299元", [("amount", "299元")]),
        ("2026年9月1日买的", [("date", "2026年9月1日")]),
        ("call 138 0013 8000", [("phone", "138 0013 8000")]),
        ("I waited 30 days already since 15 sept", []),
        ("my vpn is v2", []),
        ("", []),
    ],
)
def test_facts_are_found_in_both_languages(pipeline: Language, message: str, facts: list) -> None:
    assert [(fact.kind, fact.value) for fact in find_facts(pipeline, message)] == facts


@pytest.mark.parametrize("typed", ["123456", "验证码是１２３ ４５６", "123-456", "it's 123456."])
def test_six_digits_are_the_code_once_it_was_asked_for(pipeline: Language, typed: str) -> None:
    assert [(f.kind, f.value) for f in find_facts(pipeline, typed, "code")] == [("code", "123456")]


def test_digits_inside_an_address_are_no_code(pipeline: Language) -> None:
    found = find_facts(pipeline, "写错了,是 li.739201@example.com", "code")
    assert [fact.kind for fact in found] == ["email"]


def test_six_digits_are_no_code_when_none_was_asked_for(pipeline: Language) -> None:
    assert [fact.kind for fact in find_facts(pipeline, "123456")] == []


@pytest.mark.parametrize("typed", ["T-1001", "a1b2c3", "13800138000", "778899"])
def test_any_number_answers_the_question_for_the_order(pipeline: Language, typed: str) -> None:
    found = find_facts(pipeline, typed, "order_number")
    assert [(fact.kind, fact.value) for fact in found] == [("order_number", typed)]


@pytest.mark.parametrize(
    "typed", ["打我电话吧 13800138000", "我手机13800138000", "call me on 13800138000"]
)
def test_a_number_to_call_answers_no_question_for_the_order(pipeline: Language, typed: str) -> None:
    found = find_facts(pipeline, typed, "order_number")
    assert [(fact.kind, fact.value) for fact in found] == [("phone", "13800138000")]


CLAIM = [
    ("payment_method", "card"),
    ("payment_hint", "4242"),
    ("payment_date", "DAY"),
    ("payment_amount", "AMOUNT"),
]


@pytest.mark.parametrize("asked", ["payment_method", "payment_hint", "payment_amount"])
@pytest.mark.parametrize(
    ("message", "day", "amount"),
    [
        ("银行卡尾号4242，9月1号付的，2999元", "9月1号", "2999元"),
        ("信用卡后四位是４２４２，九月一号，￥２，９９９．００", "九月一号", "¥2,999.00"),
        ("card ending 4242, paid 1 Sept, 2,999 CNY", "1 Sept", "2,999 CNY"),
        ("Visa 4242, on September 1st, $2,999.00", "September 1st", "$2,999.00"),
    ],
)
def test_a_payment_is_read_from_one_sentence_while_it_is_asked_for(
    pipeline: Language, message: str, day: str, amount: str, asked: str
) -> None:
    known = {"DAY": day, "AMOUNT": amount}
    expected = [(kind, known.get(value, value)) for kind, value in CLAIM]
    assert [(f.kind, f.value) for f in find_facts(pipeline, message, asked)] == expected


@pytest.mark.parametrize("message", ["尾号4242，9月1号付的", "card ending 4242, 1 Sept", "支付宝"])
def test_nothing_is_read_of_a_payment_that_nobody_has_asked_for(
    pipeline: Language, message: str
) -> None:
    assert find_facts(pipeline, message) == []


@pytest.mark.parametrize(
    ("typed", "asked", "fact"),
    [
        ("４２４２", "payment_hint", ("payment_hint", "4242")),
        ("138****0002", "payment_hint", ("payment_hint", "138***0002")),
        ("王*", "payment_hint", ("payment_hint", "王*")),
        ("Ed@Example.com", "payment_hint", ("payment_hint", "Ed@Example.com")),
        ("9/1", "payment_date", ("payment_date", "9/1")),
        ("20260901", "payment_date", ("payment_date", "20260901")),
        ("2999", "payment_amount", ("payment_amount", "2999")),
        ("New.Me@Example.com", "new_email", ("new_email", "new.me@example.com")),
        ("123 456", "contact_code", ("contact_code", "123456")),
        ("接续码：lk 7hq2 xm4d", None, ("link_code", "7HQ2XM4D")),
        ("LK-7HQ2-XM4D", "order_number", ("link_code", "7HQ2XM4D")),
    ],
)
def test_a_bare_answer_is_what_was_asked_for(
    pipeline: Language, typed: str, asked: str | None, fact: tuple[str, str]
) -> None:
    assert [(f.kind, f.value) for f in find_facts(pipeline, typed, asked)] == [fact]


@pytest.mark.parametrize(
    ("typed", "asked", "fact"),
    [
        ("上周五付的", "payment_date", ("payment_date", "2026-11-20")),
        ("昨天晚上八点半", "payment_date", ("payment_date", "2026-11-24")),
        ("二百九十九块九", "payment_amount", ("payment_amount", "299.9 CNY")),
        ("300u", "payment_amount", ("payment_amount", "300 USDT")),
        ("299块", "payment_amount", ("payment_amount", "299块")),
        ("不是4242，是1881", "payment_hint", ("payment_hint", "1881")),
        ("not T-1001 but T-1002", "order_number", ("order_number", "T-1002")),
        ("误操作", "reason", ("reason", "wrong_operation")),
    ],
)
def test_an_answer_in_words_is_read_as_a_value(
    pipeline: Language, typed: str, asked: str, fact: tuple[str, str]
) -> None:
    found = find_facts(pipeline, typed, asked, datetime(2026, 11, 25, 18, 30, tzinfo=SHANGHAI))
    assert [(f.kind, f.value) for f in found] == [fact]


@pytest.mark.parametrize(
    "message", ["我是误操作", "包月的", "快连", "我叫李雷", "快递单号SF1409928837721", "上周五"]
)
def test_what_no_slot_waits_for_is_no_entity(pipeline: Language, message: str) -> None:
    assert find_facts(pipeline, message) == []


def test_a_parsed_message_holds_the_facts_besides(pipeline: Language) -> None:
    extractor = FactExtractor(FactExtractor.get_default_config(), None, None)
    extractor._nlp = pipeline
    message = Message({"text": "我叫李雷，单号不是KL001是KL002"})
    extractor.process([message])
    output = message.as_dict(only_output_properties=True)
    assert [(f["entity"], f["value"], f["rejected"]) for f in output["facts"]] == [
        ("person_name", "李雷", False),
        ("order_number", "KL001", True),
        ("order_number", "KL002", False),
    ]
    assert [(e["entity"], e["value"]) for e in output["entities"]] == [("order_number", "KL002")]


def test_a_date_is_not_taken_for_the_order_that_was_asked_for(pipeline: Language) -> None:
    kinds = [fact.kind for fact in find_facts(pipeline, "2026-09-01 买的", "order_number")]
    assert kinds == ["date"]


def test_positions_are_those_of_the_original_text(pipeline: Language) -> None:
    message = "订\u200b单：ＫＬ２０２６０９０１００１的"
    (fact,) = find_facts(pipeline, message)
    assert isinstance(fact, Fact)
    assert message[fact.start : fact.end] == "ＫＬ２０２６０９０１００１"


def test_a_stored_pipeline_finds_the_same(pipeline: Language, tmp_path: Path) -> None:
    pipeline.to_disk(tmp_path / "facts")
    again = spacy.load(tmp_path / "facts")
    for message in ("订单KL20260901001 花了¥299", f"{HASH} li@example.com", "订单号=A-77-12"):
        assert find_facts(again, message) == find_facts(pipeline, message) != []

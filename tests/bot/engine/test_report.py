"""The evaluation report: its formulas, its ways of spoiling messages, and its page."""

from __future__ import annotations

import json
import math
import xml.etree.ElementTree as ET
from datetime import datetime
from pathlib import Path

import pytest

from bot.engine.examples import Example
from bot.engine.nlu.normaliser import normalise
from bot.engine.report import evaluation, measures, page, results, tables
from bot.engine.report.benchmarks import Benchmark, Benchmarks
from bot.engine.report.curves import Point, stratified
from bot.engine.report.disturb import all_ways, code_mixer, spoiled
from bot.engine.report.evaluation import judge, judge_facts, trial
from bot.engine.report.sets import (
    Answer,
    Labelled,
    Said,
    coarse,
    read_concepts,
    read_factual,
    read_labelled,
)

WAYS = {"money_back": ["退款", "退钱", "refund", "money back"], "invoice": ["发票", "invoice"]}


@pytest.mark.parametrize(
    ("pairs", "accuracy", "macro"),
    [
        ([], 0.0, 0.0),
        ([("a", "a"), ("b", "b")], 1.0, 1.0),
        ([("a", "a"), ("a", "a"), ("a", "a"), ("b", "a")], 0.75, (6 / 7) / 2),
        ([("a", "b"), ("b", "a")], 0.0, 0.0),
        ([("a", "never right")], 0.0, 0.0),
    ],
)
def test_a_rare_intent_counts_as_much_as_a_common_one(
    pairs: list[tuple[str, str]], accuracy: float, macro: float
) -> None:
    assert measures.accuracy(pairs) == pytest.approx(accuracy)
    assert measures.macro_f1(pairs) == pytest.approx(macro)


def test_the_commonest_mistake_comes_first() -> None:
    pairs = [("a", "b"), ("a", "c"), ("a", "c"), ("b", "b")]
    assert measures.confusion_pairs(pairs, 5) == [("a", "c", 2), ("a", "b", 1)]
    assert measures.confusion_pairs(pairs, 1) == [("a", "c", 2)]
    assert measures.recall_by_label(pairs) == {"a": 0.0, "b": 1.0}


@pytest.mark.parametrize(
    ("ours", "foreign", "loss", "recall", "lost"),
    [
        ([0.1, 0.2, 0.3, 0.9], [0.5, 0.95, 0.99], 0.25, 1.0, 0.25),
        ([0.1, 0.2, 0.3, 0.9], [0.5, 0.95, 0.99], 0.0, 2 / 3, 0.0),
        ([0.5] * 20, [0.5, 0.6], 0.05, 0.5, 0.0),
        ([], [0.5], 0.05, 1.0, 0.0),
        ([0.1], [], 0.05, 0.0, 0.0),
    ],
)
def test_no_threshold_loses_more_than_it_may(
    ours: list[float], foreign: list[float], loss: float, recall: float, lost: float
) -> None:
    found = measures.recall_at_loss(ours, foreign, loss)
    assert found.recall == pytest.approx(recall)
    assert found.loss == pytest.approx(lost)
    assert found.loss <= loss


def test_more_may_be_lost_and_more_is_found() -> None:
    curve = measures.turning_curve([i / 50 for i in range(50)], [0.3, 0.6, 0.9], (0, 0.2, 0.5, 1))
    recalls = [one.recall for one in curve]
    assert recalls == sorted(recalls)
    assert recalls[-1] == 1.0


def test_confidence_that_means_what_it_says_has_no_error() -> None:
    bins = measures.calibration([0.75] * 4 + [1.0], [True, True, True, False, True])
    assert [one.count for one in bins] == [4, 1]
    assert measures.calibration_error(bins) == pytest.approx(0)
    too_sure = measures.calibration([0.95, 0.95], [True, False])
    assert measures.calibration_error(too_sure) == pytest.approx(0.45)
    assert measures.calibration_error([]) == 0


@pytest.mark.parametrize(
    ("right", "said", "precision", "recall", "f1"),
    [
        ([], [], 1, 1, 1),
        (["x"], [], 0, 0, 0),
        ([], ["x"], 0, 0, 0),
        (["x", "y"], ["x"], 1, 0.5, 2 / 3),
        (["x"], ["x", "x"], 0.5, 1, 2 / 3),
    ],
)
def test_a_find_counts_once(
    right: list[str], said: list[str], precision: float, recall: float, f1: float
) -> None:
    found = measures.found(right, said)
    assert found[:3] == pytest.approx((precision, recall, f1))


def test_correlation_is_best_where_strangers_are_turned_away() -> None:
    curve = dict(
        measures.correlation_curve(
            ["a", "b", "?", "?"], ["a", "b", "a", "b"], [0.1, 0.2, 0.8, 0.9], "?", (0.05, 0.5, 0.95)
        )
    )
    assert curve[0.5] == pytest.approx(1)
    assert curve[0.05] < 1
    assert curve[0.95] < 1


TEXTS = {
    "zh": "你好，我要退款，订单 KL20260901001，¥29.90，邮箱 li@example.com",
    "en": "Hello, I want a refund for KL20260901001, $29.90, li@example.com",
}


@pytest.mark.parametrize("name", list(all_ways(WAYS)))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_spoiling_is_the_same_for_the_same_seed(language: str, name: str) -> None:
    way = all_ways(WAYS)[name]
    once = spoiled(TEXTS[language], name, way, 1)
    assert once == spoiled(TEXTS[language], name, way, 1)
    assert once.strip()
    assert spoiled("", name, way, 1) is not None


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("capitals", "refund me 退款", "REFUND ME 退款"),
        ("full_width", "ok 299", "ｏｋ ２９９"),
        ("traditional", "我要退款，发票怎么开", "我要退款，發票怎麼開"),
        ("traditional", "I want a refund", "I want a refund"),
        ("no_punctuation", "退款，订单 KL-1！", "退款 订单 KL-1"),
        ("no_punctuation", "Well, it's $2.50?", "Well it's 2.50"),
        ("code_mix", "我要退款", "我要 refund"),
        ("code_mix", "Refund me please", "退款 me please"),
        ("code_mix", "天气好", "天气好"),
    ],
)
def test_each_way_spoils_in_its_own_manner(name: str, text: str, expected: str) -> None:
    assert spoiled(text, name, all_ways(WAYS)[name], 1) == expected


def test_what_only_looks_different_is_read_alike() -> None:
    for name in ("full_width", "traditional"):
        changed = spoiled("我要退款 refund 299", name, all_ways(WAYS)[name], 1)
        assert normalise(changed).text == "我要退款 refund 299"


@pytest.mark.parametrize("text", ["我要退款", "please refund my order"])
def test_a_typing_error_is_a_small_one(text: str) -> None:
    for seed in range(20):
        changed = spoiled(text, "typos", all_ways(WAYS)["typos"], seed)
        assert abs(len(changed) - len(text)) <= 1
        assert sum(a != b for a, b in zip(text, changed, strict=False)) <= len(text)


def test_concepts_have_counterparts_in_both_languages() -> None:
    mix = code_mixer(read_concepts())
    assert "refund" in mix("我要退款", None)  # type: ignore[arg-type]


def test_a_missing_set_has_no_messages(tmp_path: Path) -> None:
    assert read_labelled(tmp_path) == []
    assert read_factual(tmp_path) == []


def test_facts_are_found_at_their_places(tmp_path: Path) -> None:
    line = {
        "text": "不是001，是002，001",
        "now": "2026-11-25T10:00:00+08:00",
        "facts": [
            {"fact": "order_number", "text": "001", "value": "001", "rejected": True},
            {"fact": "order_number", "text": "002", "value": "002"},
            {"fact": "order_number", "text": "001", "value": "001"},
        ],
    }
    (tmp_path / "zh.jsonl").write_text(json.dumps(line, ensure_ascii=False), "utf-8")
    (message,) = read_factual(tmp_path)
    assert [(fact.start, fact.rejected) for fact in message.facts] == [
        (2, True),
        (7, False),
        (11, False),
    ]
    assert message.now == datetime.fromisoformat("2026-11-25T10:00:00+08:00")


def test_a_fact_that_does_not_stand_in_its_message_is_an_error(tmp_path: Path) -> None:
    line = '{"text": "a", "now": "2026-11-25", "facts": [{"fact": "x", "text": "b", "value": "b"}]}'
    (tmp_path / "en.jsonl").write_text(line, "utf-8")
    with pytest.raises(ValueError, match="does not stand"):
        read_factual(tmp_path)


@pytest.mark.parametrize(
    ("intent", "expected"),
    [
        ("change_contact", "account_problem"),
        ("mailbox_lost", "account_problem"),
        ("refund_status", "refund_status"),
    ],
)
def test_the_development_set_knows_fewer_intents(intent: str, expected: str) -> None:
    assert coarse(intent) == expected


def test_a_share_of_the_examples_is_one_of_each_intent_and_language() -> None:
    examples = [
        Example(intent, language, f"{intent} {i}", "x.yml")
        for intent, count in (("a", 100), ("b", 10), ("c", 1))
        for language in ("zh", "en")
        for i in range(count)
    ]
    kept = [examples[i] for i in stratified(examples, 0.2)]
    assert stratified(examples, 0.2) == stratified(examples, 0.2)
    counts = {(e.intent, e.language): 0 for e in examples}
    for one in kept:
        counts[one.intent, one.language] += 1
    assert set(counts.values()) == {20, 2, 1}
    assert stratified(examples, 1.0) == list(range(len(examples)))


MESSAGES = [
    Labelled("我要退款", "request_refund", "zh"),
    Labelled("开发票", "invoice", "zh"),
    Labelled("今天天气", "out_of_scope", "zh"),
    Labelled("refund please", "request_refund", "en"),
    Labelled("send the invoice", "invoice", "en"),
    Labelled("what is the weather", "out_of_scope", "en"),
]


def _verdict(wrong: str | None = None) -> evaluation.Verdict:
    asked = trial(MESSAGES[:1] + MESSAGES[3:4], MESSAGES, MESSAGES, all_ways(WAYS))
    right = {one.text: one.intent for one in MESSAGES}
    for pairs in asked.spoiled.values():
        right |= {text: message.intent for message, text in pairs}
    return judge(
        asked,
        {
            text: Answer(wrong or intent, 0.9, 0.9 if intent == "out_of_scope" else 0.1)
            for text, intent in right.items()
        },
    )


def test_a_system_that_knows_everything_is_perfect() -> None:
    verdict = _verdict()
    for language in ("zh", "en"):
        assert verdict.unseen[language] == evaluation.Figures(3, 1.0, 1.0)
        assert verdict.fresh[language] == verdict.unseen[language]
        assert verdict.fresh_strangers[language].own[:2] == (1.0, 0.0)
        assert verdict.inside[language].messages == 2
        assert verdict.strangers[language].own[:2] == (1.0, 0.0)
        assert verdict.strangers[language].allowed[:2] == (1.0, 0.0)
        assert verdict.confusions[language] == []
        assert all(by[language].after == 1 for by in verdict.robustness.values() if by[language][0])


def test_a_system_that_turns_everyone_away_loses_everyone() -> None:
    verdict = _verdict("out_of_scope")
    for language in ("zh", "en"):
        assert verdict.inside[language].accuracy == 0
        assert verdict.strangers[language].own[:2] == (1.0, 1.0)
        assert verdict.strangers[language].allowed[:2] == (1.0, 0.0)


def test_a_fact_is_right_when_kind_value_and_place_are() -> None:
    right = [[Said("amount", "299 CNY", 2, 6)], [Said("date", "2026-09-01", 0, 3, True)], []]
    same = judge_facts(right, right)
    assert (same.whole.f1, same.rejected.f1, same.clean) == (1, 1, 1)
    for wrong in (
        Said("phone", "299 CNY", 2, 6),
        Said("amount", "299", 2, 6),
        Said("amount", "299 CNY", 2, 5),
    ):
        assert judge_facts(right, [[wrong], right[1], []]).whole.f1 == pytest.approx(0.5)
    noisy = judge_facts(right, [right[0], right[1], right[0]])
    assert noisy.clean == 0
    assert noisy.by_kind["amount"].precision == pytest.approx(0.5)


def _results(*, full: bool) -> results.Results:
    verdict, speed = _verdict(), results.Speed(4.0, 9.0)
    facts = judge_facts([[Said("amount", "1", 0, 1)]], [[Said("amount", "2", 0, 1)]])
    public = Benchmarks(
        [
            Benchmark("BANKING77 (en)", "accuracy", 10, 5, 0.91, {"BERT tuned": 0.9366}),
            Benchmark("HINT3 curekart (en)", "best MCC", 10, 5, 0.67, {"Haptik": 0.603}),
        ],
        {"ours": [(0.1, 0.5), (0.9, 0.6)], "Haptik": [(0.1, 0.4), (0.9, 0.5)]},
    )
    return results.Results(
        examples={"zh": 10, "en": 12},
        intents=3,
        ours=verdict,
        stock=results.StockRun(_verdict("invoice"), 3, 100, 400.0, results.Speed(9.0, 20.0))
        if full
        else None,
        speed=speed,
        facts_speed=speed,
        facts={"zh": facts, "en": facts} if full else {},
        curve=[Point(s, int(s * 22), {"zh": 0.8, "en": 0.9}) for s in (0.1, 1.0)] if full else [],
        public=public if full else None,
        versions={"rasa": "3.6.21"},
        cores=2,
        date="2026-11-25",
        seconds=600.0,
    )


@pytest.mark.parametrize("full", [True, False])
def test_the_page_shows_what_was_measured_and_names_what_was_not(
    tmp_path: Path, full: bool
) -> None:
    text = page.write(_results(full=full), tmp_path).read_text("utf-8")
    assert text.index("| what 指标 |") < text.index("## ")
    assert ("没有实体测试集" in text) is not full
    assert ("--without-stock`). 本次未测" in text) is not full
    assert ("3 epochs" in text) is full
    assert str(Path.cwd()) not in text
    assert "nan" not in text
    pictures = sorted(path.name for path in (tmp_path / "nlu").glob("*.svg"))
    assert all(f"nlu/{name}" in text for name in pictures)
    assert text.count("](nlu/") == len(pictures)
    assert len(pictures) == (5 if full else 3)


def test_what_falls_short_is_shown_as_falling_short() -> None:
    rows = {line.split("|")[1].strip(): line for line in tables.summary(_results(full=True))}
    assert tables.SHORT in rows["entity F1 (kind, value, place) 实体 F1"]
    assert tables.SHORT in rows["BANKING77 (en), accuracy 公开评测"]
    assert tables.REACHED in rows["HINT3 curekart (en), best MCC 公开评测"]
    assert tables.REACHED in rows["accuracy, desk's own messages 业务内准确率"]
    assert tables.SHORT in rows["— of it facts alone, p50 / p95 其中实体"]


def test_tables_have_as_many_cells_as_heads() -> None:
    widths = set()
    for line in page.rendered(_results(full=True)).splitlines():
        if line.startswith("|"):
            widths.add(line.count("|"))
        elif widths:
            assert len(widths) == 1
            widths = set()


def test_pictures_are_the_same_each_time_and_hold_text(tmp_path: Path) -> None:
    page.write(_results(full=True), tmp_path / "one")
    page.write(_results(full=True), tmp_path / "two")
    for path in (tmp_path / "one" / "nlu").glob("*.svg"):
        drawn = path.read_text("utf-8")
        assert drawn == (tmp_path / "two" / "nlu" / path.name).read_text("utf-8")
        root = ET.fromstring(drawn)
        words = "".join(root.itertext())
        assert "·" in words
        assert any("一" <= character <= "鿿" for character in words)
        assert "prefers-color-scheme: dark" in drawn
        assert len(drawn) < 40_000


def test_speed_is_the_middle_and_the_slow_end() -> None:
    assert results.speed_of([1.0, 2.0, 3.0]).half == pytest.approx(2.0)
    assert math.isclose(results.speed_of([1.0] * 100).most, 1.0)

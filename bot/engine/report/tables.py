"""The report's tables, as Markdown: figures of a run in, lines of text out.

Heads are in both languages. A figure that falls short says so. Leaves prose to ``page``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.engine.report.benchmarks import Benchmark
from bot.engine.report.curves import Point
from bot.engine.report.evaluation import Facts, Verdict
from bot.engine.report.measures import Found, calibration_error
from bot.engine.report.results import TARGETS, Results
from bot.engine.report.sets import LANGUAGES

SHORT, REACHED, NONE = "✗ short of it 未达到", "✓ reached 达到", "—"
MARKS = {True: REACHED, False: SHORT}
WAYS = {
    "typos": "typing errors 错字",
    "no_punctuation": "no punctuation 无标点",
    "capitals": "CAPITALS 全大写",
    "full_width": "full-width ＡＢＣ 全角",
    "traditional": "Traditional 繁體",
    "code_mix": "one word in the other language 中英夹杂",
    "noise": "fillers and emoji 语气词、表情",
    "courtesies": "greeting and thanks 寒暄",
}


def share(value: float) -> str:
    """A share in per cent, one decimal."""
    return f"{value * 100:.1f} %"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a Markdown table; the first column is words, the others are figures."""
    rule = ["---", *["---:"] * (len(heads) - 1)]
    return ["| " + " | ".join(cells) + " |" for cells in (heads, rule, *rows)]


def summary(results: Results) -> list[str]:
    """What was to be reached and what was."""
    stock = results.stock.verdict if results.stock else None
    rows = [
        _row("accuracy, desk's own messages 业务内准确率", results.ours, stock, _inside),
        _row("macro F1, all intents 宏平均 F1", results.ours, stock, _macro, aim="macro_f1"),
        _row("macro F1, fresh set 新测试集宏平均 F1", results.ours, stock, _fresh, aim="macro_f1"),
        _row(
            "accuracy, development set 开发集准确率", results.ours, stock, _dev, aim="dev_accuracy"
        ),
        _row("macro F1, development set 开发集宏平均 F1", results.ours, stock, _dev_macro),
        _row(
            "out-of-scope recall at ≤ 5 % loss 业务外召回率",
            results.ours,
            stock,
            _allowed,
            aim="recall",
        ),
        _row(
            "the same, fresh set 同上，新测试集",
            results.ours,
            stock,
            _fresh_allowed,
            aim="recall",
        ),
        _row("— at its own threshold 按模型自己的阈值", results.ours, stock, _own),
        _row("— and what that loses 同时误拒", results.ours, stock, _lost, more=False),
        _row("calibration error (ECE) 校准误差", results.ours, stock, _calibration, more=False),
        _facts_row(results),
        _speed_row(results),
        *([_facts_speed_row(results)] if results.facts_speed else []),
        *[_public_row(one) for one in (results.public.results if results.public else [])],
    ]
    heads = ["what 指标", "target 目标", "zh 中文", "en 英文", "stock Rasa zh / en", "reached 结果"]
    return table(heads, rows)


def _inside(verdict: Verdict, language: str) -> float:
    return verdict.inside[language].accuracy


def _macro(verdict: Verdict, language: str) -> float:
    return verdict.unseen[language].macro_f1


def _fresh(verdict: Verdict, language: str) -> float:
    return verdict.fresh[language].macro_f1


def _fresh_allowed(verdict: Verdict, language: str) -> float:
    return verdict.fresh_strangers[language].allowed.recall


def _dev(verdict: Verdict, language: str) -> float:
    return verdict.dev[language].accuracy


def _dev_macro(verdict: Verdict, language: str) -> float:
    return verdict.dev[language].macro_f1


def _allowed(verdict: Verdict, language: str) -> float:
    return verdict.strangers[language].allowed.recall


def _own(verdict: Verdict, language: str) -> float:
    return verdict.strangers[language].own.recall


def _lost(verdict: Verdict, language: str) -> float:
    return verdict.strangers[language].own.loss


def _calibration(verdict: Verdict, language: str) -> float:
    return calibration_error(verdict.bins[language])


def _row(name, ours, stock, figure, *, more=True, aim=None):  # type: ignore[no-untyped-def]
    """A figure of ours beside stock Rasa's, which it has to beat where no aim is set."""
    own = [figure(ours, language) for language in LANGUAGES]
    theirs = [figure(stock, language) for language in LANGUAGES] if stock else []
    target, mark = NONE, NONE
    if aim:
        target, mark = f"≥ {share(TARGETS[aim].value)}", MARKS[all(map(TARGETS[aim].reached, own))]
    elif theirs:
        pairs = list(zip(own, theirs, strict=True))
        target = "stock Rasa's 优于原版"
        mark = MARKS[all(a > b if more else a < b for a, b in pairs)]
    return [name, target, *map(share, own), " / ".join(map(share, theirs)) or NONE, mark]


def _facts_row(results: Results) -> list[str]:
    name, target = "entity F1 (kind, value, place) 实体 F1", TARGETS["entity_f1"]
    if set(results.facts) != set(LANGUAGES):
        return [name, f"≥ {share(target.value)}", NONE, NONE, NONE, "no test set 无测试集"]
    reached = [results.facts[language].whole.f1 for language in LANGUAGES]
    mark = MARKS[all(map(target.reached, reached))]
    return [name, f"≥ {share(target.value)}", *map(share, reached), NONE, mark]


def _speed_row(results: Results) -> list[str]:
    name = "time a message, p50 / p95 每条耗时"
    ours = f"{results.speed.half:.1f} / {results.speed.most:.1f} ms"
    stock = NONE
    if results.stock is not None:
        stock = f"{results.stock.speed.half:.1f} / {results.stock.speed.most:.1f} ms"
    target = TARGETS["parse_p50"]
    mark = MARKS[target.reached(results.speed.half)]
    return [name, f"p50 ≤ {target.value} ms", ours, ours, stock, mark]


def _facts_speed_row(results: Results) -> list[str]:
    assert results.facts_speed is not None
    target, reached = TARGETS["facts_p50"], results.facts_speed
    own = f"{reached.half:.2f} / {reached.most:.2f} ms"
    name = "— of it facts alone, p50 / p95 其中实体"
    return [name, f"p50 ≤ {target.value} ms", own, own, NONE, MARKS[target.reached(reached.half)]]


def _public_row(one: Benchmark) -> list[str]:
    best = max(one.published, key=lambda name: one.published[name])
    published = f"{best}: {_height(one, one.published[best])}"
    aim = TARGETS.get(one.name.partition(" (")[0])
    target = f"≥ {_height(one, aim.value)} ({published})" if aim else published
    cells = [NONE, NONE]
    cells["(en)" in one.name] = _height(one, one.ours)
    mark = MARKS[aim.reached(one.ours) if aim else one.ours > one.published[best]]
    return [f"{one.name}, {one.measure} 公开评测", target, *cells, NONE, mark]


def _height(one: Benchmark, value: float) -> str:
    return f"{value:.3f}" if "MCC" in one.measure else share(value)


def confusions(verdict: Verdict, language: str) -> list[str]:
    """The commonest mistakes."""
    heads = ["right 正确", "said 误判为", "times 次数"]
    rows = [[f"`{a}`", f"`{b}`", str(count)] for a, b, count in verdict.confusions[language]]
    return table(heads, rows)


def by_intent(ours: Verdict, stock: Verdict | None) -> list[str]:
    """Which share of each intent's messages was understood."""
    heads = ["intent 意图", "zh 中文", "en 英文", *(["stock zh", "stock en"] if stock else [])]
    systems = [ours, stock] if stock else [ours]
    names = sorted({name for language in LANGUAGES for name in ours.by_intent[language]})
    return table(
        heads,
        [
            [
                f"`{name}`",
                *[
                    share(system.by_intent[language][name])
                    if name in system.by_intent[language]
                    else NONE
                    for system in systems
                    for language in LANGUAGES
                ],
            ]
            for name in names
        ],
    )


def robustness(ours: Verdict, stock: Verdict | None) -> list[str]:
    """Accuracy on spoiled messages, and in brackets on the same ones before."""
    heads = ["spoiled by 干扰", "messages 条数", "zh 中文", "en 英文"]
    heads += ["stock zh", "stock en"] if stock else []
    systems = [ours, stock] if stock else [ours]
    rows = []
    for name in ours.robustness:
        counts = [ours.robustness[name][language].changed for language in LANGUAGES]
        cells = [
            f"{share(one.after)} ({share(one.before)})" if one.changed else NONE
            for system in systems
            for one in (system.robustness[name][language] for language in LANGUAGES)
        ]
        rows.append([WAYS.get(name, name), " + ".join(map(str, counts)), *cells])
    return table(heads, rows)


def facts(by_language: dict[str, Facts]) -> list[str]:
    """How well each kind of fact was found."""
    heads = ["fact 实体", *[f"{n}: {what}" for n in by_language for what in ("P", "R", "F1", "n")]]
    kinds = sorted({kind for one in by_language.values() for kind in one.by_kind})
    rows = [
        [f"`{kind}`", *_found(one.by_kind.get(kind) for one in by_language.values())]
        for kind in kinds
    ]
    rows.append(["**all 合计**", *_found(one.whole for one in by_language.values())])
    rows.append(["taken back 已否定", *_found(one.rejected for one in by_language.values())])
    return table(heads, rows)


def _found(figures: Iterable[Found | None]) -> list[str]:
    cells = []
    for one in figures:
        cells += (
            [share(one.precision), share(one.recall), share(one.f1), str(one.count)]
            if one
            else [NONE] * 4
        )
    return cells


def learning(points: Sequence[Point]) -> list[str]:
    """What shares of the examples were enough for."""
    heads = ["share 比例", "examples 样本", "zh 中文", "en 英文"]
    return table(
        heads,
        [
            [share(one.share), f"{one.examples:,}", *[share(one.accuracy[n]) for n in LANGUAGES]]
            for one in points
        ],
    )


def public(results: Sequence[Benchmark]) -> list[str]:
    """Our figures beside the published ones."""
    heads = ["set 数据", "measure 指标", "train / test", "ours 本项目", "published 已发表"]
    return table(
        heads,
        [
            [
                one.name,
                one.measure,
                f"{one.train:,} / {one.test:,}",
                f"**{_height(one, one.ours)}**",
                ", ".join(f"{name} {_height(one, v)}" for name, v in one.published.items()),
            ]
            for one in results
        ],
    )

"""Which pictures the report shows, by file name; ``plots`` draws them."""

from __future__ import annotations

from collections.abc import Iterable

from bot.engine.report.benchmarks import Benchmarks
from bot.engine.report.curves import Point
from bot.engine.report.evaluation import LOSS, Verdict
from bot.engine.report.plots import Axis, Bar, Line, bar_chart, line_chart
from bot.engine.report.results import Results
from bot.engine.report.sets import LANGUAGES
from bot.engine.report.tables import WAYS

NAMES = {"zh": "中文 zh", "en": "英文 en"}
TENTHS = tuple(i / 10 for i in range(0, 11, 2))
CLEARANCE = 0.05


def pictures(results: Results) -> dict[str, str]:
    """File name -> SVG; what was not measured has none."""
    systems = [("", results.ours, 0)]
    if results.stock:
        systems.append(("stock ", results.stock.verdict, 2))
    found = {
        "calibration.svg": _calibration(systems),
        "out-of-scope.svg": _strangers(systems),
        "robustness.svg": _robustness(results.ours),
    }
    if results.curve:
        found["learning.svg"] = _learning(results.curve)
    if results.public:
        found["hint3.svg"] = _hint3(results.public)
    return found


Systems = Iterable[tuple[str, Verdict, int]]


def _calibration(systems: Systems) -> str:
    lines = [Line("exact 完全校准", [(0, 0), (1, 1)], 5, dashed=True)]
    for name, verdict, colour in systems:
        for place, language in enumerate(LANGUAGES):
            points = [(one.confidence, one.accuracy) for one in verdict.bins[language]]
            lines.append(Line(name + NAMES[language], points, colour + place))
    return line_chart(
        "Is 70 % right 70 % of the time? · 置信度与实际正确率",
        Axis("confidence 置信度", 0, 1, TENTHS),
        Axis("right 正确率", 0, 1, TENTHS),
        lines,
    )


def _strangers(systems: Systems) -> str:
    lines = []
    for name, verdict, colour in systems:
        for place, language in enumerate(LANGUAGES):
            points = [(one.loss, one.recall) for one in verdict.strangers[language].curve]
            lines.append(Line(name + NAMES[language], points, colour + place))
    lines.append(Line("5 % loss 误拒", [(LOSS, 0), (LOSS, 1)], 5, dashed=True))
    return line_chart(
        "Out of scope: found, against what is lost · 业务外召回与业务内误拒",
        Axis("own messages turned away 业务内误拒", 0, 0.15, (0, 0.05, 0.1, 0.15)),
        Axis("out-of-scope recall 业务外召回", 0, 1, TENTHS),
        lines,
    )


def _robustness(verdict: Verdict) -> str:
    bars = [
        Bar(
            WAYS.get(name, name).replace("one word in the other language", "code-mix"),
            [one.after if one.changed else None for one in map(by_language.get, LANGUAGES) if one],
        )
        for name, by_language in verdict.robustness.items()
    ]
    title = "Accuracy on spoiled messages · 受干扰消息的准确率"
    return bar_chart(title, [NAMES[language] for language in LANGUAGES], bars)


def _learning(points: list[Point]) -> str:
    heights = [one.accuracy[language] for one in points for language in LANGUAGES]
    low = max(0.0, int((min(heights) - CLEARANCE) * 20) / 20)
    high = max(low + 0.1, min(1.0, int((max(heights) + CLEARANCE) * 20 + 1) / 20))
    steps = round((high - low) / 0.05)
    most = points[-1].examples
    return line_chart(
        "Accuracy by number of examples · 样本数与准确率",
        Axis(
            "examples 样本数",
            0,
            most,
            [one.examples for one in points if one.share != SHARE_CLOSE],
            percent=False,
        ),
        Axis("accuracy 准确率", low, high, [low + 0.05 * i for i in range(steps + 1)]),
        [
            Line(NAMES[n], [(one.examples, one.accuracy[n]) for one in points], colour)
            for colour, n in enumerate(LANGUAGES)
        ],
    )


SHARE_CLOSE = 0.1
"""Too near the next mark to be labelled."""


def _hint3(public: Benchmarks) -> str:
    lines = [
        Line("ours 本项目" if name == "ours" else name, curve, colour)
        for colour, (name, curve) in enumerate(public.curves.items())
    ]
    return line_chart(
        "HINT3 curekart: MCC by threshold · 各阈值下的 MCC",
        Axis("threshold 阈值", 0.1, 0.9, [i / 10 for i in range(1, 10)], percent=False),
        Axis("MCC", 0, 0.8, [i / 10 for i in range(0, 9, 2)], percent=False),
        lines,
    )

"""Writes ``docs/nlu.md`` and its pictures from the figures of one run.

Prose and order of the page; tables are ``tables``' and pictures ``pictures``'. Every figure comes
from the run, the published ones excepted, and what was not measured is said to be missing.
"""

from __future__ import annotations

from pathlib import Path

from bot.engine.report import tables
from bot.engine.report.evaluation import SPOILED
from bot.engine.report.measures import calibration_error
from bot.engine.report.pictures import pictures
from bot.engine.report.results import Results
from bot.engine.report.sets import LANGUAGES
from bot.engine.report.tables import share

NAMES = {"zh": "Chinese · 中文", "en": "English · 英文"}
FOLDER = "nlu"


def write(results: Results, docs: Path) -> Path:
    """Write the page and its pictures; pictures of an earlier run go."""
    folder = docs / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.svg"):
        old.unlink()
    for name, drawn in pictures(results).items():
        (folder / name).write_text(drawn, "utf-8")
    page = docs / "nlu.md"
    page.write_text(rendered(results), "utf-8")
    return page


def rendered(results: Results) -> str:
    """The page as Markdown."""
    sections = [
        _opening(results),
        _sets(results),
        _mistakes(results),
        _strangers(results),
        _calibration(results),
        _facts(results),
        _robustness(results),
        _learning(results),
        _public(results),
        _stock(results),
        _how(results),
    ]
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


def _opening(results: Results) -> list[str]:
    return [
        "# How well messages are understood · 消息理解的测量",
        "",
        "Written by `make nlu-report`, every figure measured in that run except the published "
        "ones; changes by hand are lost. What each intent means: [intents](intents.md).",
        "本页由 `make nlu-report` 生成，除注明为已发表的数字外都是当次测得的；手工改动会丢失。",
        "",
        *tables.summary(results),
    ]


def _sets(results: Results) -> list[str]:
    unseen, dev, fresh = results.ours.unseen, results.ours.dev, results.ours.fresh
    strangers = results.ours.strangers
    rows = [
        [
            "training examples 训练样本 (`data/`)",
            *[f"{results.examples[name]:,}" for name in LANGUAGES],
        ],
        ["unseen set 未见集 (`tests/nlu/unseen`)", *[f"{unseen[n].messages:,}" for n in LANGUAGES]],
        ["— of it out of scope 其中业务外", *[f"{strangers[n].foreign:,}" for n in LANGUAGES]],
        ["fresh set 新测试集 (`tests/nlu/fresh`)", *[f"{fresh[n].messages:,}" for n in LANGUAGES]],
        ["development set 开发集 (`tests/nlu/dev`)", *[f"{dev[n].messages:,}" for n in LANGUAGES]],
        [
            "messages with facts 实体集 (`tests/nlu/facts`)",
            *[
                f"{results.facts[n].messages:,}" if n in results.facts else tables.NONE
                for n in LANGUAGES
            ],
        ],
    ]
    return [
        "## What was measured on · 数据",
        "",
        *tables.table(["set 数据", "zh 中文", "en 英文"], rows),
        "",
        f"There are {results.intents} intents. The unseen set was written by others than the "
        "examples, from the table of intents alone. The development set knows 24 intents: there, "
        "`change_contact` and `mailbox_lost` count as `account_problem`. Test messages are kept "
        "out of the examples, but short ones (“hi”, 退款) stand in both by chance. The weights "
        "of the models were chosen with the unseen and the development set in view, so their "
        "figures flatter a little; the fresh set was written afterwards, and decided nothing. "
        "What is measured is the whole pipeline as `desk nlu` runs it, with no question asked "
        "before. Macro F1 is over the intents that occur in the set.",
    ]


def _mistakes(results: Results) -> list[str]:
    stock = results.stock.verdict if results.stock else None
    lines = [
        "## Where it is wrong · 错在哪里",
        "",
        "The commonest confusions in the unseen set, and below them the share of each intent's "
        "messages that was understood (recall). 未见集里最常见的混淆；其后为各意图的召回率。",
    ]
    for language in LANGUAGES:
        lines += ["", f"### {NAMES[language]}", "", *tables.confusions(results.ours, language)]
    return [
        *lines,
        "",
        "### Each intent · 各意图",
        "",
        *_folded("recall by intent 各意图召回率", tables.by_intent(results.ours, stock)),
    ]


def _folded(title: str, lines: list[str]) -> list[str]:
    return ["<details>", f"<summary>{title}</summary>", "", *lines, "", "</details>"]


def _strangers(results: Results) -> list[str]:
    rows = []
    systems = [("ours 本项目", results.ours)]
    systems += [("stock Rasa 原版", results.stock.verdict)] if results.stock else []
    for name, verdict in systems:
        for language in LANGUAGES:
            one = verdict.strangers[language]
            rows.append(
                [
                    f"{name}, {language}",
                    share(one.own.recall),
                    share(one.own.loss),
                    share(one.allowed.recall),
                    share(one.allowed.loss),
                ]
            )
    return [
        "## Messages that are none of the desk's business · 业务外的消息",
        "",
        "*Loss* is the share of the desk's own messages that are answered `out_of_scope`. Once "
        "at the threshold that the model uses, which was chosen on training examples held out; "
        "once with the threshold moved on this set to the lowest that loses at most 5 %. Stock "
        "Rasa turns away by its fallback and by the intent; its threshold is moved over the "
        "likelier of `out_of_scope` and “no other intent is likely”. "
        "误拒是业务内消息被答为业务外的比例。",
        "",
        *tables.table(
            ["system 系统", "recall 召回", "loss 误拒", "recall at ≤ 5 % 召回", "its loss 误拒"],
            rows,
        ),
        "",
        "![recall against loss](nlu/out-of-scope.svg)",
    ]


def _calibration(results: Results) -> list[str]:
    errors = [f"{n} {share(calibration_error(results.ours.bins[n]))}" for n in LANGUAGES]
    stock = ""
    if results.stock:
        theirs = results.stock.verdict.bins
        said = [f"{n} {share(calibration_error(theirs[n]))}" for n in LANGUAGES]
        stock = f"; stock Rasa: {', '.join(said)}"
    return [
        "## Confidence · 置信度",
        "",
        f"Expected calibration error over ten bins of the unseen set: {', '.join(errors)}{stock}. "
        "Above the dashed line the model is too modest, below it too sure. 虚线之上为过于保守，"
        "之下为过于自信。",
        "",
        "![calibration](nlu/calibration.svg)",
    ]


def _facts(results: Results) -> list[str]:
    lines = ["## Facts · 实体", ""]
    if not results.facts:
        return [*lines, "There is no test set of facts. 没有实体测试集。"]
    clean = ", ".join(f"{name} {share(one.clean)}" for name, one in results.facts.items())
    return [
        *lines,
        "A fact is right when its kind, its normal value and its place all are. P is precision, "
        f"R recall, n how many there are. Messages without a fact left alone: {clean}. The stock "
        "pipeline learns facts from marked examples only, of which this project has none: it "
        "finds nothing, and is not compared. 类型、规范值和位置全对才算对。原版需要标注样本，"
        "故不比较。",
        "",
        *tables.facts(results.facts),
    ]


def _robustness(results: Results) -> list[str]:
    stock = results.stock.verdict if results.stock else None
    return [
        "## Spoiled messages · 受干扰的消息",
        "",
        f"Up to {SPOILED} of the desk's own messages of the unseen set in each language, evenly "
        "from the file, each spoiled in one way (seeded, `bot/engine/report/disturb.py`); only "
        "those that are changed count. In brackets: the same messages as they were; — is not "
        "measured. 括号内为同一批消息未受干扰时的准确率。",
        "",
        *tables.robustness(results.ours, stock),
        "",
        "![robustness](nlu/robustness.svg)",
    ]


def _learning(results: Results) -> list[str]:
    lines = ["## More examples · 学习曲线", ""]
    if not results.curve:
        return [*lines, "Not measured in this run. 本次未测。"]
    return [
        *lines,
        "Accuracy on the desk's own messages of the unseen set, by words, meaning and examples, "
        "before anything is turned away, after training on a share of the examples (the same "
        "share of each intent and language). Stock Rasa is left out: one training takes minutes. "
        "未见集业务内消息的准确率（不含拒识）；原版训练过慢，未测。",
        "",
        *tables.learning(results.curve),
        "",
        "![learning curve](nlu/learning.svg)",
    ]


def _public(results: Results) -> list[str]:
    lines = ["## Public benchmarks · 公开评测", ""]
    if results.public is None:
        return [*lines, "The benchmarks' folder is not here: not measured. 没有评测数据，未测。"]
    return [
        *lines,
        "The same classifier, without our examples and concepts, trained on each set's own "
        "training split. MCC is Matthews' correlation over all labels, the best of the "
        "thresholds 0.1 to 0.9, for us as for the published curves. Published: BANKING77, "
        "Casanueva et al. 2020; HINT3, Arora et al. 2020, from the authors' own csv files; xSID, "
        "van der Goot et al. 2021, of which only our first tries with a linear model are given. "
        "只用各数据集自己的训练集；阈值取法与已发表的一致。",
        "",
        *tables.public(results.public.results),
        "",
        "![HINT3 curekart](nlu/hint3.svg)",
    ]


def _stock(results: Results) -> list[str]:
    lines = ["## Stock Rasa · 原版 Rasa", ""]
    if results.stock is None:
        return [*lines, "Not asked in this run (`--without-stock`). 本次未测。"]
    run = results.stock
    return [
        *lines,
        "Rasa's suggested pipeline (WhitespaceTokenizer, RegexFeaturizer, "
        "LexicalSyntacticFeaturizer, CountVectorsFeaturizer of words and of pieces, "
        "DIETClassifier, FallbackClassifier) on the same examples and the same test sets. DIET "
        f"was trained for **{run.epochs} epochs** instead of the suggested "
        f"{run.suggested_epochs}, so that a training takes minutes; more epochs may serve it "
        f"better. Training: {run.training_seconds:.0f} s. A message: {run.speed.half:.1f} ms "
        f"(p50), {run.speed.most:.1f} ms (p95), by `Agent.parse_message`. DIET 只训练了 "
        f"{run.epochs} 轮（建议 {run.suggested_epochs} 轮）。",
    ]


def _how(results: Results) -> list[str]:
    versions = ", ".join(f"{name} {number}" for name, number in results.versions.items())
    return [
        "## How it was measured · 测量方法",
        "",
        "```sh",
        "make nlu-report                          # everything · 全部",
        "make nlu-report REPORT=--without-stock   # without stock Rasa · 不测原版",
        "```",
        "",
        f"{results.date}, {results.cores} cores, {results.seconds / 60:.0f} minutes. {versions}. "
        "Times are of one warm process, messages asked one by one (`Understanding.read`): p50 "
        f"{results.speed.half:.1f} ms, p95 {results.speed.most:.1f} ms.",
    ]

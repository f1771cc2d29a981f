"""Stock Rasa for comparison: its default pipeline, trained on our examples, asked our test sets.

The components and settings are those that Rasa 3.6 suggests where a configuration names none; only
DIET's epochs are fewer, so that training fits into minutes. It runs in a process of its own
(``python -m bot.engine.report.stock FOLDER``), because it needs the TensorFlow that everything
else here leaves out. What its answers are worth is ``measures``' to say.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import structlog

from bot.engine.report.sets import OUT_OF_SCOPE, Answer

EPOCHS = 1
"""Rasa suggests 100; one over all examples takes more than ten minutes on two cores."""
SUGGESTED_EPOCHS = 100
FALLBACK = "nlu_fallback"

PIPELINE: list[dict[str, Any]] = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {"name": "DIETClassifier", "epochs": EPOCHS, "random_seed": 20260901},
    {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
]
"""Rasa's suggestion without what has nothing to do here: synonyms and response selection."""


class Stock(NamedTuple):
    """What stock Rasa made of the texts, and how long it took."""

    answers: dict[str, Answer]
    training_seconds: float
    milliseconds: list[float]
    """One for each text, asked one by one."""


def ask_stock(examples: Sequence[tuple[str, str]], texts: Sequence[str]) -> Stock:
    """Train stock Rasa on (text, intent) and ask it each text.

    Raises:
        subprocess.CalledProcessError: Rasa refused; its own words are on standard error.
    """
    with tempfile.TemporaryDirectory() as folder:
        given = {"examples": examples, "texts": list(dict.fromkeys(texts))}
        (Path(folder) / "given.json").write_text(json.dumps(given), "utf-8")
        command = [sys.executable, "-m", "bot.engine.report.stock", folder]
        surroundings = {
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "CUDA_VISIBLE_DEVICES": "",
            "PYTHONWARNINGS": "ignore",
        }
        subprocess.run(command, check=True, env=os.environ | surroundings, stdout=sys.stderr)
        found = json.loads((Path(folder) / "found.json").read_text("utf-8"))
    answers = {text: _answer(said) for text, said in found["said"].items()}
    return Stock(answers, found["training_seconds"], found["milliseconds"])


def _answer(said: dict[str, Any]) -> Answer:
    """Stock Rasa turns a message away by its fallback, or as an intent like any other."""
    ranking = [(one["name"], float(one["confidence"])) for one in said["intent_ranking"]]
    named = [one for one in ranking if one[0] != FALLBACK]
    fell_back = said["intent"]["name"] == FALLBACK
    intent = OUT_OF_SCOPE if fell_back else str(said["intent"]["name"])
    foreign = dict(named).get(OUT_OF_SCOPE, 0.0)
    ours = [confidence for name, confidence in named if name != OUT_OF_SCOPE]
    strangeness = max(foreign, 1.0 - max(ours, default=0.0))
    return Answer(intent, named[0][1] if named else 0.0, strangeness)


def _train(folder: Path, examples: Sequence[tuple[str, str]]) -> tuple[Path, float]:
    from rasa.model_training import train_nlu
    from rasa.shared.utils.io import write_yaml

    by_intent: dict[str, list[str]] = {}
    for text, intent in examples:
        by_intent.setdefault(intent, []).append(" ".join(text.split()))
    blocks = [
        {"intent": intent, "examples": "".join(f"- {_plain(text)}\n" for text in texts)}
        for intent, texts in sorted(by_intent.items())
    ]
    config = {
        "recipe": "default.v1",
        "assistant_id": "stock",
        "language": "en",
        "pipeline": PIPELINE,
    }
    write_yaml(config, folder / "config.yml")
    write_yaml({"version": "3.1", "nlu": blocks}, folder / "nlu.yml")
    started = time.perf_counter()
    model = train_nlu(
        str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder), fixed_model_name="stock"
    )
    if model is None:
        raise RuntimeError("Rasa has trained no model")
    return Path(model), time.perf_counter() - started


def _plain(text: str) -> str:
    """Without the brackets that Rasa would read as an annotation."""
    return text.replace("[", "(").replace("]", ")")


async def _ask(model: Path, texts: Sequence[str]) -> tuple[dict[str, Any], list[float]]:
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))
    await agent.parse_message("warm up")
    said, milliseconds = {}, []
    for text in texts:
        started = time.perf_counter()
        parsed = await agent.parse_message(text)
        milliseconds.append((time.perf_counter() - started) * 1000)
        said[text] = {name: parsed[name] for name in ("intent", "intent_ranking")}
    return said, milliseconds


def main(folder: Path) -> None:
    """Read ``given.json`` in ``folder``, write ``found.json``."""
    # Rasa would print each message it reads, in the time that is measured.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.getLogger("rasa").setLevel(logging.ERROR)
    given = json.loads((folder / "given.json").read_text("utf-8"))
    model, seconds = _train(folder, given["examples"])
    said, milliseconds = asyncio.run(_ask(model, given["texts"]))
    found = {"said": said, "training_seconds": seconds, "milliseconds": milliseconds}
    (folder / "found.json").write_text(json.dumps(found), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

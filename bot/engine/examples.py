"""Looks over the examples in ``data/``: what would teach the model nothing, or something wrong.

``python -m bot.engine.examples`` (``make nlu-lint``) prints what it finds; exit code 1 if anything.
It finds near-duplicates within an intent, one text under two intents, intents with too few
examples, and languages that are far apart. Whether a label is right it can't know.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from rasa.shared.utils.io import read_yaml_file

from bot.engine.nlu.normaliser import normalise

DATA = Path(__file__).resolve().parents[2] / "data"
LANGUAGES = ("zh", "en")

TOO_ALIKE = 0.9
"""Likeness (cosine over runs of one to three characters, rarer ones counting more) from which two
examples of an intent are the same one. Short ones are compared as a whole only."""
SHORT = 8
"""Characters up to which a message is too short to be compared by its pieces."""
LOPSIDED = 1.6
"""How many times as many examples one language may have as the other."""
ENOUGH = 300
ENOUGH_OF_SMALL = 100
SMALL = frozenset(
    {
        "abuse",
        "affirm",
        "ask_why_needed",
        "bot_challenge",
        "change_contact",
        "change_language",
        "correct_information",
        "deny",
        "goodbye",
        "greet",
        "help",
        "mailbox_lost",
        "repeat",
        "small_talk",
        "stop_or_start_over",
        "thank",
        "withdraw_refund",
    }
)
"""Intents that are said in few ways."""
ENOUGH_OF_OWN = 50
OWN = frozenset({"continue_elsewhere", "give_link_code", "provide_payment_details"})
"""Intents that are mostly read off facts (``nlu/answers.py``)."""


class Example(NamedTuple):
    """One message of the training data."""

    intent: str
    language: str
    text: str
    file: str


def read_examples(folder: Path = DATA) -> list[Example]:
    """All examples of ``<need>.<language>.yml``, in the order of the files."""
    found = []
    for language in LANGUAGES:
        for path in sorted(folder.glob(f"*.{language}.yml")):
            for block in read_yaml_file(path).get("nlu", []):
                if "intent" in block:
                    found += [
                        Example(block["intent"], language, text, path.name)
                        for text in texts_of(block)
                    ]
    return found


def texts_of(block: Mapping[str, str]) -> list[str]:
    """The lines of a block of training data, each a ``- text``."""
    lines = (line[2:].strip() for line in block["examples"].splitlines())
    return [line for line in lines if line]


def faults(examples: Sequence[Example]) -> list[str]:
    """What is wrong with the examples, a line each; none is good."""
    return [*under_two_intents(examples), *near_duplicates(examples), *amounts(examples)]


def under_two_intents(examples: Iterable[Example]) -> Iterator[str]:
    """The same words, whatever their dots and letters' size, with two labels."""
    by_text: dict[str, dict[str, str]] = {}
    for example in examples:
        by_text.setdefault(_words(example.text), {})[example.intent] = example.text
    for labels in by_text.values():
        if len(labels) > 1:
            yield f"two intents ({', '.join(sorted(labels))}): {next(iter(labels.values()))}"


def near_duplicates(examples: Iterable[Example]) -> Iterator[str]:
    """Two examples of an intent that hardly differ."""
    ordered = sorted(examples, key=lambda one: (one.intent, one.language))
    for (intent, _), group in groupby(ordered, key=lambda one: (one.intent, one.language)):
        texts = [example.text for example in group]
        for one, other in _alike(texts):
            yield f"near-duplicates ({intent}): {one} | {other}"


def amounts(examples: Iterable[Example]) -> Iterator[str]:
    """Too few of an intent in a language, or far more in one language than in the other."""
    counts: dict[str, dict[str, int]] = {}
    for example in examples:
        of_intent = counts.setdefault(example.intent, dict.fromkeys(LANGUAGES, 0))
        of_intent[example.language] += 1
    for intent, by_language in sorted(counts.items()):
        for language, count in by_language.items():
            if count < enough(intent):
                yield f"too few ({intent}, {language}): {count} of {enough(intent)}"
        least, most = min(by_language.values()), max(by_language.values())
        if most > LOPSIDED * least:
            yield f"lopsided ({intent}): {by_language}"


def enough(intent: str) -> int:
    """How many examples an intent needs in each language."""
    if intent in OWN:
        return ENOUGH_OF_OWN
    return ENOUGH_OF_SMALL if intent in SMALL else ENOUGH


def _words(text: str) -> str:
    return re.sub(r"\W+", " ", normalise(text).text.lower()).strip() or text


def _alike(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    seen: dict[str, str] = {}
    long = []
    for text in texts:
        words = _words(text)
        if words in seen:
            yield seen[words], text
        elif len(words) > SHORT:
            long.append(text)
        seen.setdefault(words, text)
    if len(long) < 2:
        return
    matrix = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True).fit_transform(
        [_words(text) for text in long]
    )
    likeness = (matrix @ matrix.T).tocoo()
    close = (likeness.data >= TOO_ALIKE) & (likeness.row < likeness.col)
    for row, column in zip(likeness.row[close], likeness.col[close], strict=True):
        yield long[int(row)], long[int(column)]


def main() -> int:
    """Print the faults and how many examples there are."""
    examples = read_examples()
    found = faults(examples)
    print(*found, sep="\n")
    by_language = {name: sum(one.language == name for one in examples) for name in LANGUAGES}
    print(f"examples: {by_language}; faults: {len(found)}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

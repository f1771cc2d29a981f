"""Reads the facts of a message with a spaCy pipeline: expressions, readers, choice.

``fact_patterns`` marks what the expressions of ``data/entities.yml`` find, ``fact_readers`` what
takes code (sums, days, phone numbers, names), ``fact_choice`` decides between them. What was asked
in the dialogue plays no part here: that is ``bot.engine.nlu.entities``.
"""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from bot.engine.nlu.facts.amounts import find_amounts
from bot.engine.nlu.facts.choose import chosen, with_rejected, with_siblings
from bot.engine.nlu.facts.dates import find_dates
from bot.engine.nlu.facts.fact import SURE, USUAL, Fact, Find
from bot.engine.nlu.facts.names import find_names
from bot.engine.nlu.facts.phones import find_phones
from bot.engine.nlu.facts.pieces import filled
from bot.engine.nlu.facts.reasons import is_of_goods
from bot.engine.nlu.normaliser import Normalised, normalise

KINDS = frozenset(
    [
        "order_number",
        "transaction_id",
        "wallet_address",
        "tracking_number",
        "parcel_number",
        "email",
        "phone",
        "amount",
        "date",
        "payment_method",
        "last_four",
        "plan",
        "reason",
        "person_name",
        "brand",
    ]
)
"""The kinds of docs/intents.md."""

ALSO = frozenset({"link_code"})
"""Kinds that only the dialogue knows: the code that ties two channels."""

VALUED = {"plan_": "plan", "reason_": "reason", "brand_": "brand", "method_": "payment_method"}
"""Expressions named so give the value in their name: prefix -> kind."""

WITH_DIGITS = frozenset(
    [
        "order_number",
        "order_number_named",
        "parcel_number_named",
        "transaction_id",
        "last_four",
        "code",
        "bare_number",
        "paid_amount",
        "bare_day",
        "bare_amount",
        "bare_hint",
    ]
)
"""Kinds that no text without a digit holds; half of all messages are such."""

NAMED = "_named"
NOTHING = frozenset({"no_fact", "secret"})

_DIGIT = re.compile("[0-9]")
_FULL_DATE = re.compile(r"(?:19|20)[0-9]{2}([-/.])(?:1[0-2]|0?[1-9])\1(?:3[01]|[12][0-9]|0?[1-9])")
_NUMBER_WORD = re.compile(
    r"(?:号码?|编号|number|no\.?|id|#)\s?(?:是|为|is|[:#=])?\s?$", re.IGNORECASE
)


class FactPatterns:
    """The spaCy component that notes what the expressions find under ``doc.user_data``."""

    def __init__(self) -> None:
        self._patterns: list[tuple[str, re.Pattern[str]]] = []

    def use(self, patterns: Iterable[tuple[str, str]]) -> None:
        """Find these from now on: pairs of kind and regular expression."""
        self._patterns = [
            (kind, re.compile(filled(pattern), re.IGNORECASE)) for kind, pattern in patterns
        ]

    def __call__(self, doc: Doc) -> Doc:
        found = []
        text = doc.text  # put together anew at each access
        digits = _DIGIT.search(text)
        for kind, pattern in self._patterns:
            if not digits and kind in WITH_DIGITS:
                continue
            for match in pattern.finditer(text):
                start, end = match.span(match.lastindex or 0)
                if start < end:
                    found.append(Find(kind, text[start:end], start, end))
        doc.user_data["found"] = found
        return doc

    def to_disk(self, path: Path, *, exclude: Sequence[str] = ()) -> None:
        """Beside the pipeline's configuration, not in it: that would read ``$`` and ``#`` anew."""
        written = [(kind, pattern.pattern) for kind, pattern in self._patterns]
        Path(path).write_text(json.dumps(written, ensure_ascii=False), "utf-8")

    def from_disk(self, path: Path, *, exclude: Sequence[str] = ()) -> "FactPatterns":
        """Read what ``to_disk`` wrote."""
        self.use(json.loads(Path(path).read_text("utf-8")))
        return self


@Language.factory("fact_patterns")
def _make_fact_patterns(nlp: Language, name: str) -> FactPatterns:
    return FactPatterns()


@Language.component("fact_readers")
def read_with_code(doc: Doc) -> Doc:
    """Note what takes code to find; ``doc.user_data["now"]`` is the message's moment."""
    text = doc.text
    now = doc.user_data["now"]
    doc.user_data["read"] = [
        *find_amounts(text),
        *find_dates(text, now),
        *find_phones(text),
        *find_names(text),
    ]
    return doc


@Language.component("fact_choice")
def choose(doc: Doc) -> Doc:
    """Decide between the finds: ``doc.user_data["facts"]``, and as spans ``doc.spans["facts"]``."""
    text = doc.text
    named = [kept for find in doc.user_data["found"] if (kept := _normal(find, text))]
    standing = chosen([*named, *doc.user_data["read"]])
    facts = [find for find in standing if find.kind not in NOTHING]
    facts = with_rejected(text, with_siblings(text, facts))
    doc.user_data["facts"] = facts
    spans = [doc.char_span(f.start, f.end, label=f.kind, alignment_mode="expand") for f in facts]
    doc.spans["facts"] = [span for span in spans if span is not None]
    return doc


def build_pipeline(patterns: Iterable[tuple[str, str]]) -> Language:
    """A spaCy pipeline for mixed Chinese and English text with the given patterns.

    Its tokens are characters: a fact glued to a Chinese word is still a span of tokens.
    """
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "char"}}})
    nlp.add_pipe("fact_patterns").use(patterns)
    nlp.add_pipe("fact_readers")
    nlp.add_pipe("fact_choice")
    return nlp


@lru_cache(maxsize=1)  # the dialogue and `desk nlu` ask for one message twice
def marked(nlp: Language, text: str, now: datetime) -> tuple[Normalised, Doc | None]:
    """The message as the pipeline reads it, with its finds; None if it is blank."""
    normalised = normalise(text)
    if not normalised.text.strip():
        return normalised, None
    doc = nlp.make_doc(normalised.text)
    doc.user_data["now"] = now
    return normalised, nlp(doc)


def read_facts(nlp: Language, text: str, *, now: datetime) -> list[Fact]:
    """The facts of a message in order, whatever was asked; ``now`` is in the brand's zone."""
    normalised, doc = marked(nlp, text, now)
    if doc is None:
        return []
    finds = [find for find in doc.user_data["facts"] if find.kind in KINDS]
    return [as_fact(normalised, text, find) for find in finds]


def as_fact(normalised: Normalised, original: str, find: Find) -> Fact:
    """The find with its place in the original text."""
    start, end = normalised.span(find.start, find.end)
    value = original[start:end] if find.kind == "person_name" else find.value
    return Fact(find.kind, value, start, end, original[start:end], find.rejected)


def _normal(find: Find, text: str) -> Find | None:
    """What an expression found, with its kind and normal value; None if it is no fact by itself."""
    kind, sure = find.kind, USUAL
    if kind in NOTHING:
        return Find(kind, "", find.start, find.end, sure=SURE)
    for prefix, valued in VALUED.items():
        if kind.startswith(prefix):
            if kind == "reason_not_received" and not is_of_goods(text, find):
                return None
            sure = SURE if valued == "plan" else USUAL  # 12-month is no plan by itself
            return Find(valued, kind.removeprefix(prefix), find.start, find.end, sure)
    if kind.endswith(NAMED):
        kind, sure = kind.removesuffix(NAMED), SURE
    if kind not in KINDS | ALSO:
        return None
    start, end, value = find.start, find.end, find.value
    if kind == "order_number":
        stripped = value.rstrip("-_/")
        end, value = end - len(value) + len(stripped), re.sub(r"\s+", "", stripped)
        if _FULL_DATE.fullmatch(value) and not _NUMBER_WORD.search(
            text[max(0, start - 12) : start]
        ):
            return None
    return Find(kind, _value(kind, value), start, end, sure=SURE if kind == "last_four" else sure)


def _value(kind: str, text: str) -> str:
    """The fact in the form in which it is looked up."""
    if kind == "email":
        return text.lower()
    if kind == "tracking_number":
        return "RF-" + re.sub(r"[^0-9A-Z]", "", text.upper())[2:]
    if kind == "parcel_number":
        return re.sub(r"[\s-]+", "", text.upper())
    if kind == "link_code":
        return re.sub(r"[^0-9A-Z]", "", text.upper()).removeprefix("LK")
    return text

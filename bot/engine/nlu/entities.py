"""Finds the facts in a message: order and tracking numbers, addresses, codes, amounts.

A spaCy pipeline does it: jieba cuts the words, and ``fact_patterns`` marks what the expressions of
``data/entities.yml`` find (each ``regex`` there is one kind; of overlapping finds the longer one
stands). What a bare number means depends on what was just asked, so the component looks at the
requested slot. Values are normalised; positions are those of the original text.
"""

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import spacy
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.language import Language
from spacy.tokens import Doc, Span

from bot.engine.nlu.normaliser import Normalised, normalise

ASKED_ONLY = {"code": "code", "bare_number": "order_number"}
"""Kinds that mean something only as the answer to a question: kind -> the slot that was asked."""

TIES = ("code", "email", "tracking_number", "transaction_id", "date", "bare_number", "phone")
"""Of finds of one length the kind named first here stands; kinds not named come last."""

READ_AS = {"bare_number": "order_number", "transaction_id": "order_number"}
"""Kinds that are another kind by the time the dialogue sees them: a wallet's order number is its
transaction id (design §3)."""


class Fact(NamedTuple):
    """A fact found in a message; ``start`` and ``end`` are positions in the original text."""

    kind: str
    value: str
    start: int
    end: int


class FactPatterns:
    """The spaCy component that marks facts as entity spans under ``doc.spans['facts']``."""

    def __init__(self) -> None:
        self._patterns: list[tuple[str, re.Pattern[str]]] = []

    def use(self, patterns: Iterable[tuple[str, str]]) -> None:
        """Find these from now on: pairs of kind and regular expression."""
        self._patterns = [(kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in patterns]

    def __call__(self, doc: Doc) -> Doc:
        found = []
        for kind, pattern in self._patterns:
            for match in pattern.finditer(doc.text):
                group = 1 if pattern.groups else 0
                span = doc.char_span(*match.span(group), label=kind, alignment_mode="expand")
                if span is not None:
                    span.id_ = f"{match.start(group)}:{match.end(group)}"
                    found.append(span)
        doc.spans["facts"] = found
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


def build_pipeline(patterns: Iterable[tuple[str, str]]) -> Language:
    """A spaCy pipeline for mixed Chinese and English text with the given patterns."""
    tokenizer = {"segmenter": "jieba"}
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": tokenizer}})
    nlp.add_pipe("fact_patterns").use(patterns)
    return nlp


def find_facts(nlp: Language, text: str, asked: str | None = None) -> list[Fact]:
    """The facts of a message in order; ``asked`` is the slot that was asked for, if any."""
    normalised = normalise(text)
    if not normalised.text.strip():
        return []
    doc = nlp(normalised.text)
    meant = [span for span in doc.spans["facts"] if ASKED_ONLY.get(span.label_, asked) == asked]
    # The code that was asked for goes before whatever else its digits might be; else length counts.
    meant.sort(key=lambda span: (span.label_ != "code", -len(span.text), _tie(span.label_)))
    chosen: list[Span] = []
    for span in meant:
        if not any(_overlap(span, other) for other in chosen):
            chosen.append(span)
    return [_fact(normalised, span) for span in sorted(chosen, key=lambda span: span.start_char)]


def _tie(kind: str) -> int:
    return TIES.index(kind) if kind in TIES else len(TIES)


def _overlap(one: Span, other: Span) -> bool:
    return bool(one.start_char < other.end_char and other.start_char < one.end_char)


def _fact(normalised: Normalised, span: Span) -> Fact:
    start, end = (int(edge) for edge in span.id_.split(":"))
    kind = READ_AS.get(span.label_, span.label_)
    return Fact(kind, _value(kind, normalised.text[start:end]), *normalised.span(start, end))


def _value(kind: str, text: str) -> str:
    """The fact in the form in which it is looked up."""
    if kind == "email":
        return text.lower().rstrip(".")
    if kind == "code":
        return re.sub(r"\D", "", text)
    if kind in ("order_number", "tracking_number"):
        return re.sub(r"\s+", "", text)
    return text.strip()


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=True)
class FactExtractor(GraphComponent):
    """The spaCy pipeline as a component of Rasa's; "training" builds it from the patterns."""

    def __init__(self, storage: ModelStorage, resource: Resource) -> None:
        self._storage = storage
        self._resource = resource
        self._nlp: Language | None = None

    @staticmethod
    def required_packages() -> list[str]:
        return ["spacy", "jieba"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "FactExtractor":
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "FactExtractor":
        component = cls(model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._nlp = spacy.load(folder / "facts")
        find_facts(component._nlp, "预热 warm up")  # jieba reads its dictionary at first use
        return component

    def train(self, training_data: TrainingData) -> Resource:
        patterns = [(p["name"], p["pattern"]) for p in training_data.regex_features]
        self._nlp = build_pipeline(patterns)
        with self._storage.write_to(self._resource) as folder:
            self._nlp.to_disk(folder / "facts")
        return self._resource

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        asked = tracker.get_slot("requested_slot") if tracker is not None else None
        for message in messages:
            text = message.get(TEXT) or ""
            facts = find_facts(self._nlp, text, asked) if self._nlp else []
            entities = [
                {
                    "entity": fact.kind,
                    "value": fact.value,
                    "start": fact.start,
                    "end": fact.end,
                    "extractor": type(self).__name__,
                }
                for fact in facts
            ]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *entities], add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

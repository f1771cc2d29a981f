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

PAYMENT_PROOF = ("payment_method", "payment_hint", "payment_date", "payment_amount")
"""What a payment is proved with: whichever is asked for, one sentence may give all of it."""

ASKED_ONLY = {
    "code": ("code", "contact_code"),
    "bare_number": ("order_number",),
    "paid_day": PAYMENT_PROOF,
    "paid_amount": PAYMENT_PROOF,
    "paid_hint": PAYMENT_PROOF,
    "bare_day": ("payment_date",),
    "bare_amount": ("payment_amount",),
    "bare_hint": ("payment_hint",),
}
"""Kinds that mean something only as the answer to a question: kind -> the slots that were asked."""

PAID_WITH = "paid_with_"
"""Kinds named so, each with a payment method after it, are asked for as payment proof only."""

TIES = (
    "code",
    "link_code",
    "email",
    "tracking_number",
    "transaction_id",
    "date",
    "paid_day",
    "paid_amount",
    "paid_hint",
    "bare_day",
    "bare_amount",
    "bare_hint",
    "bare_number",
    "phone",
)
"""Of finds of one length the kind named first here stands; kinds not named come last."""

READ_AS = {
    "bare_number": "order_number",
    "transaction_id": "order_number",
    "paid_day": "payment_date",
    "bare_day": "payment_date",
    "paid_amount": "payment_amount",
    "bare_amount": "payment_amount",
    "paid_hint": "payment_hint",
    "bare_hint": "payment_hint",
}
"""Kinds that are another kind by the time the dialogue sees them: a wallet's order number is its
transaction id (design §3)."""

READ_WHEN_ASKED = {
    **{("date", slot): "payment_date" for slot in PAYMENT_PROOF},
    **{("amount", slot): "payment_amount" for slot in PAYMENT_PROOF},
    ("email", "payment_hint"): "payment_hint",
    ("phone", "payment_hint"): "payment_hint",
    ("email", "new_email"): "new_email",
    ("code", "contact_code"): "contact_code",
}
"""Kinds that answer the question that was asked: (kind, slot asked for) -> what it is then."""


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
    meant = [span for span in doc.spans["facts"] if _is_meant(span.label_, asked)]
    # The code that was asked for goes before whatever else its digits might be; else length counts.
    meant.sort(key=lambda span: (span.label_ != "code", -len(span.text), _tie(span.label_)))
    chosen: list[Span] = []
    for span in meant:
        if not any(_overlap(span, other) for other in chosen):
            chosen.append(span)
    chosen.sort(key=lambda span: span.start_char)
    return [_fact(normalised, span, asked) for span in chosen]


def _is_meant(kind: str, asked: str | None) -> bool:
    if kind.startswith(PAID_WITH):
        return asked in PAYMENT_PROOF
    return kind not in ASKED_ONLY or asked in ASKED_ONLY[kind]


def _tie(kind: str) -> int:
    return TIES.index(kind) if kind in TIES else len(TIES)


def _overlap(one: Span, other: Span) -> bool:
    return bool(one.start_char < other.end_char and other.start_char < one.end_char)


def _fact(normalised: Normalised, span: Span, asked: str | None) -> Fact:
    start, end = (int(edge) for edge in span.id_.split(":"))
    place = normalised.span(start, end)
    if span.label_.startswith(PAID_WITH):
        return Fact("payment_method", span.label_.removeprefix(PAID_WITH), *place)
    kind = READ_AS.get(span.label_, span.label_)
    kind = READ_WHEN_ASKED.get((kind, asked), kind)
    return Fact(kind, _value(kind, normalised.text[start:end]), *place)


def _value(kind: str, text: str) -> str:
    """The fact in the form in which it is looked up."""
    if kind in ("email", "new_email"):
        return text.lower().rstrip(".")
    if kind in ("code", "contact_code"):
        return re.sub(r"\D", "", text)
    if kind == "link_code":
        return re.sub(r"[^0-9A-Z]", "", text.upper()).removeprefix("LK")
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

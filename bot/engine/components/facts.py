"""The reading of facts as a component of Rasa's pipeline."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

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

from bot.engine.nlu import matters, topics
from bot.engine.nlu.entities import ZONE, as_output, find_facts
from bot.engine.nlu.facts.reading import build_pipeline, read_facts

FACTS = "facts"
"""What the parsed message calls the facts of docs/intents.md; they decide nothing by themselves."""


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=True)
class FactExtractor(GraphComponent):
    """The spaCy pipeline as a component of Rasa's; "training" builds it from the patterns."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._zone = ZoneInfo(config["time_zone"])
        self._storage = storage
        self._resource = resource
        self._nlp: Language | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"time_zone": ZONE}

    @staticmethod
    def required_packages() -> list[str]:
        return ["spacy", "lunardate"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FactExtractor:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> FactExtractor:
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._nlp = spacy.load(folder / "facts")
        find_facts(component._nlp, "预热 warm up")  # the first one is slower
        return component

    def train(self, training_data: TrainingData) -> Resource:
        patterns = [
            (p["name"], p["pattern"])
            for p in training_data.regex_features
            if not p["name"].startswith((topics.PREFIX, matters.PREFIX))
        ]
        self._nlp = build_pipeline(patterns)
        with self._storage.write_to(self._resource) as folder:
            self._nlp.to_disk(folder / "facts")
        return self._resource

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        asked = tracker.get_slot("requested_slot") if tracker is not None else None
        now = datetime.now(self._zone)
        for message in messages:
            text = message.get(TEXT) or ""
            facts = find_facts(self._nlp, text, asked, now) if self._nlp else []
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
            told = read_facts(self._nlp, text, now=now) if self._nlp else []
            message.set(FACTS, [as_output(fact) for fact in told], add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

"""The reading of topics as a component of Rasa's pipeline; it comes after the intent is settled."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.components.wishes import ALSO
from bot.engine.nlu import matters
from bot.engine.nlu.topics import ANSWERS_FIRST, QUESTIONS, Found, Topics, settled, topics_asked
from bot.engine.nlu.wishes import PARTS, Heard

ENTITY, MATTER = "topic", "matter"
_FILE = "topics.json"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=True)
class TopicReader(GraphComponent):
    """Adds an entity ``topic`` for each topic of the rules that a question asks about, and one
    ``matter`` for each matter of the customer's own that the message is about.
    """

    def __init__(self, storage: ModelStorage, resource: Resource) -> None:
        self._storage = storage
        self._resource = resource
        self._topics = self._matters = Topics([])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicReader:
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicReader:
        component = cls(model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._read(json.loads((folder / _FILE).read_text("utf-8")))
        return component

    def train(self, training_data: TrainingData) -> Resource:
        self._read([(p["name"], p["pattern"]) for p in training_data.regex_features])
        patterns = [*self._topics.patterns, *self._matters.patterns]
        with self._storage.write_to(self._resource) as folder:
            (folder / _FILE).write_text(json.dumps(patterns), "utf-8")
        return self._resource

    def _read(self, patterns: Iterable[tuple[str, str]]) -> None:
        self._topics = Topics(patterns)
        self._matters = Topics(patterns, matters.PREFIX)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text, intent = message.get(TEXT) or "", message.get(INTENT) or {}
            ranking = message.get(INTENT_RANKING_KEY, [])
            reading = settled(self._topics, text, ranking)
            by_matter = matters.settled_by(self._matters, text, intent.get("name"))
            if reading is None and by_matter is not None:
                reading = {"name": by_matter, "confidence": 1.0}
            found = topics_asked(self._topics, text, (reading or intent).get("name"))
            if reading:
                gone = (reading["name"], intent.get("name"))
                others = [one for one in ranking if one["name"] not in gone]
                message.set(INTENT, reading, add_to_output=True)
                message.set(INTENT_RANKING_KEY, [reading, *others], add_to_output=True)
            entities = message.get(ENTITIES, [])
            if not reading and intent.get("name") in ANSWERS_FIRST:
                beside = self._asked_beside(entities, message.get(PARTS) or [])
                asked = {find.topic for find in found}
                found += [find for find in beside if find.topic not in asked]
                entities = [one for one in entities if not (beside and one["entity"] == ALSO)]
            said = (message.get(INTENT) or {}).get("name")
            own = matters.matters_in(self._matters, text, said)
            entities = [
                *entities,
                *(_entity(find) for find in found),
                *(_entity(Found(matter, 0, 0), MATTER) for matter in own),
            ]
            message.set(ENTITIES, entities, add_to_output=True)
        return messages

    def _asked_beside(
        self, entities: Sequence[Mapping[str, Any]], parts: Sequence[Heard]
    ) -> list[Found]:
        """The topics of a second wish that is a question."""
        second = next((one["value"] for one in entities if one["entity"] == ALSO), None)
        if second not in QUESTIONS:
            return []
        asking = next(heard.part.text for heard in parts if heard.wish.intent == second)
        return [Found(find.topic, 0, 0) for find in topics_asked(self._topics, asking, second)]

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data


def _entity(find: Found, entity: str = ENTITY) -> dict[str, Any]:
    return {
        "entity": entity,
        "value": find.topic,
        "start": find.start,
        "end": find.end,
        "extractor": TopicReader.__name__,
    }

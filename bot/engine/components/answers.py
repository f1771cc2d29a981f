"""The reading of answers as a component of Rasa's pipeline."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.engine.nlu.answers import kept_facts, read_answer


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=False)
class AnswerReader(GraphComponent):
    """Corrects the intent of a message by the facts in it and by what was asked."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> AnswerReader:
        return cls()

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        asked = tracker.get_slot("requested_slot") if tracker is not None else None
        for message in messages:
            facts = message.get(ENTITIES, [])
            kinds = {fact["entity"] for fact in facts}
            text, guesses = message.get(TEXT) or "", message.get(INTENT_RANKING_KEY, [])
            ranking = read_answer(text, kinds, guesses, asked)
            if ranking:
                message.set(INTENT, dict(ranking[0]), add_to_output=True)
                message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
                message.set(ENTITIES, kept_facts(facts, ranking), add_to_output=True)
        return messages

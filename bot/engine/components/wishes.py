"""The second wish of a message as a component of Rasa's pipeline."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.engine.nlu.answers import put_first
from bot.engine.nlu.wishes import PARTS, two_wishes

ALSO = "also"
"""The entity, and the slot, whose value is the second wish's intent."""


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=False)
class WishReader(GraphComponent):
    """Makes the first of two wishes the intent and tells the dialogue of the second.

    The parts of the message have been read by the intent classifier, together with the whole.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> WishReader:
        return cls()

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        if tracker is not None and tracker.get_slot("requested_slot"):
            return messages  # an answer is expected, and a second wish would cut the form short
        for message in messages:
            whole = (message.get(INTENT) or {}).get("name")
            wishes = two_wishes(message.get(PARTS) or [], whole)
            if wishes is None:
                continue
            first, second = wishes
            ranking = message.get(INTENT_RANKING_KEY, [])
            ranking = put_first(first.intent, ranking, first.confidence)
            message.set(INTENT, dict(ranking[0]), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
            found = [*message.get(ENTITIES, []), _entity(second.intent)]
            message.set(ENTITIES, found, add_to_output=True)
        return messages


def _entity(intent: str) -> dict[str, Any]:
    extractor = WishReader.__name__
    return {"entity": ALSO, "value": intent, "start": 0, "end": 0, "extractor": extractor}

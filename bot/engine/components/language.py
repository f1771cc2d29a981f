"""The tagging of languages as a component of Rasa's pipeline."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.engine.nlu.language import (
    language_entity,
    language_to_answer_in,
    other_than,
    tag_of,
    wished_language,
    wished_script,
)


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class LanguageTagger(GraphComponent):
    """Tags each message with the language of its answer, from message, channel and tracker."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageTagger:
        return cls()

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        for message in messages:
            said = message.get("metadata") or {}
            so_far, locked = said.get("language"), bool(said.get("language_locked"))
            if so_far is None and tracker is not None:
                so_far = tracker.get_slot("language")
            text = message.get(TEXT) or ""
            language = language_to_answer_in(text, so_far=so_far, locked=locked)
            if (message.get(INTENT) or {}).get("name") == "change_language":
                language = wished_language(text) or other_than(so_far, language)
                message.set("wished_script", wished_script(text), add_to_output=True)
            message.set("language", language, add_to_output=True)
            message.set("language_tag", tag_of(text), add_to_output=True)
            message.set(
                ENTITIES,
                [*message.get(ENTITIES, []), language_entity(language)],
                add_to_output=True,
            )
        return messages

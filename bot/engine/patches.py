"""Changes to Rasa itself, each with its reason; applied when the private channel is loaded.

They hold for one version of Rasa and refuse any other: whoever updates Rasa reads them again.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Any

import rasa.version
from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction, create_bot_utterance
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, UserUtteranceReverted
from rasa.shared.exceptions import RasaException

RASA_VERSION = "3.6.21"
TROUBLE_RESPONSE = "utter_desk_trouble"
FAILED = "failed"

logger = logging.getLogger(__name__)


class WrongRasaVersion(RasaException):
    """The patches were written for another version of Rasa."""


@lru_cache(maxsize=1)
def _action_result_validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    return validator_for(schema)(schema)


def validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    """Check an action server's answer with a schema that is compiled once.

    ``jsonschema.validate`` checks the schema itself again at each call: three quarters of the time
    of every turn that has a custom action.
    """
    error = best_match(_action_result_validator().iter_errors(result))
    if error is not None:
        raise error
    return True


_run_action = MessageProcessor._run_action


async def run_action_or_end_the_turn(
    self: MessageProcessor,
    action: Any,
    tracker: Any,
    output_channel: Any,
    nlg: Any,
    prediction: Any,
) -> bool:
    """Run an action; when it fails, say so, take the turn back and go no further.

    Rasa logs a failed action as executed and lets the dialogue go on as if it had succeeded. Here
    the customer is told that nothing was done, the dialogue stands where it stood before their
    message (slots that were not validated are gone), and the action's event is marked as failed.
    """
    failures = []
    run = action.run

    async def watched(*args: Any, **kwargs: Any) -> Any:
        try:
            return await run(*args, **kwargs)
        except ActionExecutionRejection:
            raise
        except Exception as failure:
            failures.append(failure)
            raise

    action.run = watched
    try:
        goes_on = await _run_action(self, action, tracker, output_channel, nlg, prediction)
    finally:
        del action.run
    if not failures:
        return bool(goes_on)
    await _end_failed_turn(self, action.name(), tracker, output_channel, nlg)
    return False


async def _end_failed_turn(
    processor: MessageProcessor, name: str, tracker: Any, output_channel: Any, nlg: Any
) -> None:
    for event in reversed(tracker.events):
        if isinstance(event, ActionExecuted) and event.action_name == name:
            event.metadata[FAILED] = True
            break
    # Worded before the turn is taken back: the message's language goes with it.
    apology = await nlg.generate(TROUBLE_RESPONSE, tracker, output_channel.name())
    tracker.update(UserUtteranceReverted(), processor.domain)
    if apology:
        said = create_bot_utterance({**apology, "utter_action": TROUBLE_RESPONSE})
        tracker.update(said, processor.domain)
        await processor._send_bot_messages([said], tracker, output_channel)
    # Taking a message back takes the listening before it back too.
    tracker.update(ActionExecuted(ACTION_LISTEN_NAME), processor.domain)


def apply() -> None:
    """Apply every patch, once; raises ``WrongRasaVersion`` on any other Rasa than 3.6.21."""
    if rasa.version.__version__ != RASA_VERSION:
        raise WrongRasaVersion(
            f"bot/engine/patches.py is for Rasa {RASA_VERSION}, "
            f"this is {rasa.version.__version__}: read each patch again"
        )
    RemoteAction._validate_action_result = validate_action_result
    MessageProcessor._run_action = run_action_or_end_the_turn
    logger.debug("Rasa %s patched: compiled validator, failed turns end", RASA_VERSION)

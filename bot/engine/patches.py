"""Changes to Rasa itself, each with its reason; applied when the private channel is loaded.

They hold for one version of Rasa and refuse any other: whoever updates Rasa reads them again.
"""

from __future__ import annotations

import logging
import time
from functools import lru_cache
from typing import Any

import rasa.core.actions.action
import rasa.version
from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.core.actions.action import (
    ActionExecutionRejection,
    ActionSessionStart,
    RemoteAction,
)
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUtteranceReverted, UserUttered
from rasa.shared.exceptions import RasaException

RASA_VERSION = "3.6.21"
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
    """Run an action; when it fails, take the turn back and go no further.

    Rasa logs a failed action as executed and lets the dialogue go on as if it had succeeded. Here
    it counts as rejected and is marked as failed, which is how the gateway knows what to tell the
    customer, and the dialogue stands where it stood before their message: slots that nobody has
    validated are gone.
    """
    failed = False
    run = action.run

    async def watched(*args: Any, **kwargs: Any) -> Any:
        nonlocal failed
        try:
            return await run(*args, **kwargs)
        except ActionExecutionRejection:
            raise
        except Exception:
            logger.exception("action %s failed; the turn is taken back", action.name())
            failed = True
            # As a rejection it leaves no trace of having been executed, least of all in a form,
            # where a second execution swallows the message before it.
            raise ActionExecutionRejection(action.name()) from None

    action.run = watched
    try:
        goes_on = await _run_action(self, action, tracker, output_channel, nlg, prediction)
    finally:
        del action.run
    if failed:
        _take_the_turn_back(tracker, self.domain)
    return bool(goes_on) and not failed


def _take_the_turn_back(tracker: Any, domain: Any) -> None:
    tracker.events[-1].metadata[FAILED] = True  # the rejection
    tracker.update(UserUtteranceReverted(), domain)
    # Taking a message back takes the listening before it back too.
    tracker.update(ActionExecuted(ACTION_LISTEN_NAME), domain)


_run_prediction_loop = MessageProcessor._run_prediction_loop


async def run_prediction_loop_to_an_end(
    self: MessageProcessor, output_channel: Any, tracker: Any
) -> None:
    """Let every turn end with the dialogue listening.

    When Rasa breaks off after too many actions, it counts them again at the next message and stays
    silent in that conversation for ever.
    """
    await _run_prediction_loop(self, output_channel, tracker)
    if tracker.latest_action_name != ACTION_LISTEN_NAME:
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME), self.domain)


CASE_OVER = "case_over"
"""The slot that says that what the session was about is settled."""
LINGERING = 120.0
"""Seconds for which a customer may still mean the case that was settled: "say that again?"."""
LONG = 400
"""Events after which a session with nothing open is not lingered in: every turn reads them all."""

_has_session_expired = MessageProcessor._has_session_expired


def has_session_ended(self: MessageProcessor, tracker: Any) -> bool:
    """Start a new session for each case, and where the old one can't go on.

    Rasa replays a session's events at every turn, so a conversation that never starts a new one
    grows slower. A session whose form a newer model doesn't have would never be answered again.
    """
    if tracker.active_loop_name and tracker.active_loop_name not in self.domain.form_names:
        return True
    if _has_session_expired(self, tracker):
        return True
    last = tracker.get_last_event_for(UserUttered)
    if last is None or tracker.active_loop_name or tracker.get_slot(CASE_OVER) is None:
        return False
    return time.time() - last.timestamp > LINGERING or len(tracker.events) > LONG


CARRIED_OVER = frozenset({"language", "threat"})
"""Slots that every new session of a conversation begins with."""
UNFINISHED = frozenset({"email", "order_number", "tracking_number"})
"""Slots that it begins with as well where the last one was broken off within ``REMEMBERED``: they
need not be said again. They prove nothing; codes are asked for anew.
"""
REMEMBERED = 86_400.0
"""Seconds."""


def carried_over(tracker: Any) -> list[SlotSet]:
    """What a new session of a conversation begins with; everything else is forgotten."""
    last = tracker.get_last_event_for(UserUttered)
    broken_off = tracker.get_slot(CASE_OVER) is None
    recent = last is not None and time.time() - last.timestamp < REMEMBERED
    names = CARRIED_OVER | UNFINISHED if broken_off and recent else CARRIED_OVER
    return [
        SlotSet(name, slot.value)
        for name, slot in tracker.slots.items()
        if name in names and slot.value is not None
    ]


SLOWEST_ACTION = 20.0
"""Seconds that Rasa waits for an action; its own five minutes would hold the customer as long."""


def apply() -> None:
    """Apply every patch, once; raises ``WrongRasaVersion`` on any other Rasa than 3.6.21."""
    if rasa.version.__version__ != RASA_VERSION:
        raise WrongRasaVersion(
            f"bot/engine/patches.py is for Rasa {RASA_VERSION}, "
            f"this is {rasa.version.__version__}: read each patch again"
        )
    RemoteAction._validate_action_result = validate_action_result
    rasa.core.actions.action.DEFAULT_REQUEST_TIMEOUT = SLOWEST_ACTION
    MessageProcessor._run_action = run_action_or_end_the_turn
    MessageProcessor._run_prediction_loop = run_prediction_loop_to_an_end
    MessageProcessor._has_session_expired = has_session_ended
    ActionSessionStart._slot_set_events_from_tracker = staticmethod(carried_over)
    logger.debug("Rasa %s patched: validator, failed turns, sessions", RASA_VERSION)

"""Each patch of Rasa does what it is for, on the one version it is for."""

import asyncio
import copy
import time
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest
import rasa.core.actions.action
import rasa.version
from rasa.core.actions.action import ActionSessionStart, RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine import patches

ANSWERS: list[Any] = [
    {"events": [], "responses": []},
    {},
    {"events": [{"event": "slot", "name": "code", "value": None}], "responses": [{"text": "x"}]},
    {"events": [{"event": "slot", "name": 7}]},
    {"events": [{"event": "unheard of"}]},
    {"events": "none"},
    {"responses": ["text"]},
    [],
    None,
]


def _verdict(validate: Any, answer: Any) -> bool:
    try:
        return bool(validate(RemoteAction("action_x", None), copy.deepcopy(answer)))
    except jsonschema.ValidationError:
        return False


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_compiled_validator_judges_as_rasas_own(answer: Any) -> None:
    theirs = jsonschema.Draft202012Validator(RemoteAction.action_response_format_spec())
    assert _verdict(patches.validate_action_result, answer) is theirs.is_valid(answer)


def test_the_schema_is_compiled_once() -> None:
    assert patches._action_result_validator() is patches._action_result_validator()


def test_another_version_of_rasa_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasa.version, "__version__", "3.6.99")
    with pytest.raises(patches.WrongRasaVersion, match=r"3\.6\.99"):
        patches.apply()


def test_every_patch_is_in_place_once_applied() -> None:
    patches.apply()
    patches.apply()
    assert RemoteAction._validate_action_result is patches.validate_action_result
    assert MessageProcessor._run_action is patches.run_action_or_end_the_turn
    assert rasa.core.actions.action.DEFAULT_REQUEST_TIMEOUT == patches.SLOWEST_ACTION
    assert MessageProcessor._run_prediction_loop is patches.run_prediction_loop_to_an_end
    assert MessageProcessor._has_session_expired is patches.has_session_ended
    assert ActionSessionStart._slot_set_events_from_tracker is patches.carried_over


DOMAIN = Domain.from_yaml(
    """
    intents: [affirm]
    slots:
      code: {type: text, influence_conversation: false, mappings: [{type: custom}]}
      email: {type: text, influence_conversation: false, mappings: [{type: custom}]}
    actions: [action_confirm_refund]
    """
)


class Action:
    """An action that does as it is told."""

    def __init__(self, does: Any) -> None:
        self._does = does

    def name(self) -> str:
        return "action_confirm_refund"

    async def run(self, *args: Any) -> list[Any]:
        return self._does()

    def event_for_successful_execution(self, prediction: Any) -> ActionExecuted:
        return ActionExecuted(self.name())


IN_A_FORM = [
    ActionExecuted("action_listen"),
    UserUttered("我要退款", {"name": "affirm"}, message_id="m0"),
    SlotSet("email", "li@example.com"),
    ActionExecuted("action_confirm_refund"),
    ActiveLoop("action_confirm_refund"),
]


def _turn(does: Any, before: Sequence[Any] = ()) -> Any:
    """One turn in which the customer's code has been read and an action is run."""
    tracker = DialogueStateTracker.from_events(
        "c1",
        [
            *before,
            ActionExecuted("action_listen"),
            UserUttered("确认", {"name": "affirm"}, message_id="m1"),
            SlotSet("code", "123456"),
        ],
        slots=DOMAIN.slots,
    )
    processor = MessageProcessor.__new__(MessageProcessor)
    processor.model_metadata = SimpleNamespace(domain=DOMAIN)
    processor.domain = DOMAIN
    prediction = SimpleNamespace(events=[], policy_name="RulePolicy", max_confidence=1.0)
    goes_on = asyncio.run(
        patches.run_action_or_end_the_turn(
            processor, Action(does), tracker, CollectingOutputChannel(), None, prediction
        )
    )
    return goes_on, tracker


def _marked_as_failed(tracker: Any) -> list[str]:
    rejected = [event for event in tracker.events if isinstance(event, ActionExecutionRejected)]
    return [event.action_name for event in rejected if event.metadata.get("failed")]


def _broken() -> list[Any]:
    raise RuntimeError("no action server")


def test_a_failed_action_ends_the_turn_without_a_word() -> None:
    goes_on, tracker = _turn(_broken)
    assert goes_on is False
    assert not [event for event in tracker.events if isinstance(event, BotUttered)]


def test_a_failed_action_is_marked_and_leaves_no_slot_behind() -> None:
    _, tracker = _turn(_broken)
    assert _marked_as_failed(tracker) == ["action_confirm_refund"]
    assert tracker.get_slot("code") is None


def test_after_a_failed_action_the_dialogue_waits_where_it_was() -> None:
    _, tracker = _turn(_broken)
    assert tracker.latest_action_name == "action_listen"


def test_a_form_that_fails_keeps_what_it_knew_before() -> None:
    _, tracker = _turn(_broken, before=IN_A_FORM)
    assert tracker.get_slot("email") == "li@example.com"
    assert tracker.get_slot("code") is None
    assert tracker.active_loop_name == "action_confirm_refund"
    assert not tracker.is_active_loop_rejected


def test_an_action_that_succeeds_is_left_alone() -> None:
    goes_on, tracker = _turn(lambda: [SlotSet("code", "verified")])
    assert goes_on is True
    assert tracker.get_slot("code") == "verified"
    assert _marked_as_failed(tracker) == []


def test_a_turn_that_was_broken_off_ends_listening(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken_off(self: Any, output_channel: Any, tracker: Any) -> None:
        tracker.update(ActionExecuted("action_confirm_refund"))

    monkeypatch.setattr(patches, "_run_prediction_loop", broken_off)
    processor = MessageProcessor.__new__(MessageProcessor)
    processor.domain = DOMAIN
    tracker = DialogueStateTracker.from_events("c1", [], slots=DOMAIN.slots)
    asyncio.run(patches.run_prediction_loop_to_an_end(processor, None, tracker))
    assert tracker.latest_action_name == "action_listen"


SESSIONS = Domain.from_yaml(
    """
    intents: [affirm]
    slots:
      case_over: {type: text, influence_conversation: false, mappings: [{type: custom}]}
    forms: {facts_form: {required_slots: []}}
    session_config: {session_expiration_time: 60, carry_over_slots_to_new_session: false}
    """
)


@pytest.mark.parametrize(
    ("minutes", "events", "is_over"),
    [
        (1, [], False),
        (59, [], False),
        (61, [], True),
        (1, [SlotSet("case_over", "RF-1")], False),
        (3, [SlotSet("case_over", "RF-1")], True),
        (1, [SlotSet("case_over", "RF-1")] * 401, True),
        (3, [SlotSet("case_over", "RF-1"), ActiveLoop("facts_form")], False),
        (1, [ActiveLoop("facts_form")], False),
        (1, [ActiveLoop("a_form_of_last_week")], True),
    ],
)
def test_a_session_ends_with_its_case_its_hour_or_its_form(
    minutes: float, events: list[Any], is_over: bool
) -> None:
    patches.apply()
    said = UserUttered("谢谢", {"name": "affirm"}, timestamp=time.time() - 60 * minutes)
    tracker = DialogueStateTracker.from_events("c1", [said, *events], slots=SESSIONS.slots)
    processor = MessageProcessor.__new__(MessageProcessor)
    processor.domain = SESSIONS
    assert processor._has_session_expired(tracker) is is_over


WHOLE_DOMAIN = Domain.load("domain.yml")
HOUR = 3600.0


@pytest.mark.parametrize(
    ("hours", "case_over", "kept"),
    [
        (1.1, None, {"language", "threat", "email", "order_number", "tracking_number"}),
        (23, None, {"language", "threat", "email", "order_number", "tracking_number"}),
        (25, None, {"language", "threat"}),
        (24 * 31, None, {"language", "threat"}),
        (1.1, "RF-1", {"language", "threat"}),
    ],
)
def test_a_new_session_begins_with_these_slots_and_no_other(
    hours: float, case_over: str | None, kept: set[str]
) -> None:
    patches.apply()
    said = UserUttered("我要退款", {"name": "affirm"}, timestamp=time.time() - hours * HOUR)
    filled = [SlotSet(slot.name, "x") for slot in WHOLE_DOMAIN.slots if slot.name != "case_over"]
    events = [said, *filled, SlotSet("case_over", case_over), ActiveLoop("facts_form")]
    tracker = DialogueStateTracker.from_events("c1", events, slots=WHOLE_DOMAIN.slots)
    started = asyncio.run(
        ActionSessionStart().run(CollectingOutputChannel(), None, tracker, WHOLE_DOMAIN)
    )
    assert {event.key for event in started if isinstance(event, SlotSet)} == kept


def test_nothing_that_proves_anything_is_carried_over() -> None:
    proofs = {
        "code",
        "code_check",
        "contact_code",
        "payment_check",
        "goal",
        "awaiting",
        "case_number",
    }
    assert not proofs & (patches.CARRIED_OVER | patches.UNFINISHED)
    assert {slot.name for slot in WHOLE_DOMAIN.slots} >= patches.CARRIED_OVER | patches.UNFINISHED

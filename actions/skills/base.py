"""What every skill is made of: a turn comes in, one service is asked, named replies go out.

A skill holds no text and no rule: texts are responses in ``domain.yml``, rules are the policy's.
What a failing service means for the customer is decided here, once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.bootstrap import Desk
from actions.notices import wording
from actions.policy.brand import Brand
from actions.skills.readings import WORDS

ENOUGH_MISSES = 3
"""After so many failures in a row a person is offered (design §6)."""


FACTS = "facts"
"""In ``awaiting``: a fact was asked for outside the form, for the goal in ``goal``."""
ASIDES = frozenset(
    {
        "abuse",
        "ask_why_needed",
        "bot_challenge",
        "complaint",
        "greet",
        "help",
        "repeat",
        "security_question",
        "small_talk",
        "thank",
    }
)
"""Intents that leave such a question open: nothing else is wanted."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A response by name and the facts that fill it; without a name, the facts are the message."""

    response: str | None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a skill says and which slots it sets."""

    replies: tuple[Reply, ...] = ()
    slots: Mapping[str, Any] = field(default_factory=dict)
    then: str | None = None
    """The action or form that follows, where the dialogue is not to wait for the customer."""


def say(response: str, facts: Mapping[str, Any] | None = None, /, **slots: Any) -> Answer:
    """One reply, and the slots it leaves behind."""
    return Answer((Reply(response, facts or {}),), slots)


class Turn:
    """One message of the customer's, and what the dialogue knows beside it."""

    def __init__(self, tracker: Tracker, desk: Desk) -> None:
        self._tracker = tracker
        self._said = _last_message(tracker)
        metadata = self._said.get("metadata") or {}
        self.conversation: str = tracker.sender_id
        self.brand: Brand = desk.brands[str(metadata.get("brand"))]
        self.language: str = tracker.get_slot("language") or "zh"
        self.intent: str | None = (tracker.latest_message.get("intent") or {}).get("name")
        self.text: str = tracker.latest_message.get("text") or ""
        self.ranking: list[dict[str, Any]] = tracker.latest_message.get("intent_ranking") or []

    def slot(self, name: str) -> Any:
        """The slot's value, None if it is empty."""
        return self._tracker.get_slot(name)

    def entity(self, name: str) -> str | None:
        """What this very message says of a fact, None if nothing."""
        return next(self._tracker.get_latest_entity_values(name), None)

    def entities(self, name: str) -> list[str]:
        """All that this very message says of a fact, in the order in which it says it."""
        return list(self._tracker.get_latest_entity_values(name))

    def offering_a_person(self) -> str:
        """What a yes would answer once a person is offered: an open question about money stays."""
        return self.open_offer() or "person"

    def open_offer(self) -> str | None:
        """What a yes still answers where the customer said something else: a refund offered."""
        return "confirmation" if self.slot("awaiting") == "confirmation" else None

    def open_question(self) -> str | None:
        """The same, or a fact that is still waited for."""
        return FACTS if self.slot("awaiting") == FACTS else self.open_offer()

    @property
    def is_wordless(self) -> bool:
        """Whether the message is mere signs: "?", "……"."""
        return not any(each.isalnum() for each in self.text)

    @property
    def is_pause(self) -> bool:
        """Whether the message only asks for a moment: 稍等, "let me check my inbox"."""
        return "pause" in self.entities("matter")

    @property
    def requested_slot(self) -> str | None:
        """The fact that an active form has asked for last."""
        return self._tracker.get_slot("requested_slot")

    @property
    def form(self) -> str | None:
        """The form that is asking, None if none is."""
        name: str | None = self._tracker.active_loop.get("name")
        return name

    def said_last(self) -> Mapping[str, Any] | None:
        """The bot's last message before this one of the customer's."""
        seen = False
        for event in reversed(self._tracker.events):
            seen = seen or event is self._said
            if seen and event.get("event") == "bot":
                return event
        return None

    def has_said(self, words: str) -> bool:
        """Whether the bot has said these words in this session."""
        bot = (e.get("text") or "" for e in self._tracker.events if e.get("event") == "bot")
        return any(words in text for text in bot)

    def hours(self) -> str:
        """When people answer, in the customer's language."""
        hours = self.brand.hours
        return wording.hours_text(
            [(span.opens, span.closes, span.days) for span in hours.spans],
            hours.zone,
            self.language,
            closed_on_holidays=hours.closed_on_holidays,
        )

    def asked_last(self) -> str | None:
        """The name of the bot's last response before this message, also if that was said again."""
        last = self.said_last()
        if last is None:
            return None
        same = (e for e in self._tracker.events if e.get("event") == "bot")
        named = (_response(e) for e in same if e.get("text") == last.get("text"))
        return _response(last) or next((name for name in named if name), None)


def _response(event: Mapping[str, Any]) -> str | None:
    return (event.get("metadata") or {}).get("utter_action")


def _last_message(tracker: Tracker) -> Mapping[str, Any]:
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return event
    return {}


class Skill(Action):
    """An action of the bot's. ``action`` is its name in the domain."""

    action: ClassVar[str]
    leads_on: ClassVar[bool] = True
    """Whether the customer's second wish may be taken up once this is said."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def name(self) -> str:
        return self.action

    async def answer(self, turn: Turn) -> Answer:
        """Ask one service and say what came of it."""
        raise NotImplementedError

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Rasa's entry: an error that nobody expected ends the turn (``bot/engine/patches.py``)."""
        turn = Turn(tracker, self.desk)
        answer = await self.answer(turn)
        if self.leads_on:
            answer = led_on(turn, answer)
        for reply in answer.replies:
            dispatcher.utter_message(response=reply.response, **reply.facts)
        # A question that is not repeated is no longer open; the form counts tries by itself.
        open_still = FACTS if turn.slot("awaiting") == FACTS and turn.intent in ASIDES else None
        slots = {"awaiting": open_still, **_nothing_pursued(turn), **answer.slots}
        if slots["awaiting"] == FACTS and "goal" not in answer.slots:
            slots["goal"] = turn.slot("goal")  # a question beside it was answered
        events: list[EventType] = [SlotSet(name, value) for name, value in slots.items()]
        return [*events, FollowupAction(answer.then)] if answer.then else events


def led_on(turn: Turn, answer: Answer) -> Answer:
    """The answer, and after it the second of two wishes, unless a question is open."""
    also = turn.slot("also")
    if also is None or turn.form or answer.slots.get("awaiting"):
        return answer
    slots = {**answer.slots, "also": None}
    if also == turn.intent or also not in WORDS:
        return Answer(answer.replies, slots)
    wish = Reply("utter_also_wanted", {"wish": WORDS[also][turn.language], "wish_intent": also})
    return Answer((*answer.replies, wish), slots)


def _nothing_pursued(turn: Turn) -> dict[str, Any]:
    """Outside the form no goal is pursued, however it was left; and what led to a skill was
    understood.
    """
    return {} if turn.form else {"goal": None, "misses": 0.0}


class Goal:
    """What a customer wants that takes facts: a refund, its status, another address."""

    name: ClassVar[str]
    begun_by: ClassVar[frozenset[str]]
    """The intents that begin it, also in the midst of another goal."""
    begun_alone_by: ClassVar[frozenset[str]] = frozenset()
    """The intents that begin it only where nothing else is under way."""
    matter: ClassVar[str | None] = None
    """The matter (``bot/engine/nlu/matters.py``) that begins it where nothing is being asked."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def needs(self, turn: Turn) -> list[str]:
        """The slots to fill, in the order in which they are asked for."""
        raise NotImplementedError

    async def fulfil(self, turn: Turn) -> Answer:
        """All facts are there: do it, and say what came of it."""
        raise NotImplementedError


class Facts(FormValidationAction):
    """A kind of facts of the form, and whether each is right (``validate_<slot>``)."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

"""The private channel through which the gateway talks to Rasa, one turn a call.

It knows how a turn goes into Rasa and what came of it: the bot's messages, and what was understood
and done, for the transcript. Who the customer is and what is stored is the gateway's business. The
answer is read from the tracker's events, so a message id seen before gets the same answer again
without anything being run, also after a restart.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    BotUttered,
    Event,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.engine import guard, patches
from bot.engine.nlu.language import DEFAULT, language_entity
from bot.engine.nlu.normaliser import normalise

NOT_UNDERSTOOD = "nlu_fallback"
NOT_WORTH_SHOWING = ("action_listen", "action_extract_slots", "action_session_start")
_SLASHES = r"/\\\u0338\u2044\u2215\u29f8"
"""The slash, and what looks like one or stands for one on another keyboard."""
COMMAND = re.compile(
    rf"[^\w{_SLASHES}]*[{_SLASHES}]\W*(?:[A-Za-z_]+\W*(?:[@{{\[/].*)?)?"
    r"|\W*(?:action|utter|validate)_[a-z_]+\W*|\W*@\w+\s+[a-z]+(?:_[a-z]+)+\W*",
    re.DOTALL,
)
"""What looks like Rasa's own command syntax, or is a name out of it; nobody asks for a refund that
way. Words behind a slash are words: /转人工 is a wish for a person."""
DEFUSED_SLASH = "\u2215"
"""DIVISION SLASH: looks like "/", and is not read as a command."""


class BadTurn(ValueError):
    """The call's body is not a turn; the message says what is wrong with it."""


class DeskOutput(CollectingOutputChannel):
    """Collects nothing that is read: the answer comes from the tracker's events."""

    @classmethod
    def name(cls) -> str:
        return "desk"


class DeskChannel(InputChannel):
    """``POST /webhooks/desk/turn`` and ``GET /webhooks/desk/ready``, for the gateway alone."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @classmethod
    def name(cls) -> str:
        return "desk"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> DeskChannel:
        secret = (credentials or {}).get("secret")
        if not secret:
            raise RasaException("the desk channel needs a `secret` in the credentials file")
        patches.apply()
        return cls(str(secret))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        desk = Blueprint("desk")

        @desk.listener("before_server_start")
        async def close_the_rest(app: Any, _loop: Any) -> None:
            guard.close(app, self._secret)

        @desk.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            refusal = self._refusal(request)
            if refusal is not None:
                return refusal
            return response.json({"model": str(request.app.ctx.agent.model_id)})

        @desk.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            refusal = self._refusal(request)
            if refusal is not None:
                return refusal
            try:
                asked = read_turn(request.body)
            except BadTurn as fault:
                return response.json({"error": str(fault)}, status=400)
            return response.json(await self._answer(request.app.ctx.agent, asked))

        return desk

    def _refusal(self, request: Request) -> HTTPResponse | None:
        refusal = guard.refusal(request, self._secret)
        if refusal is not None:
            return refusal
        agent = getattr(request.app.ctx, "agent", None)
        if agent is None or not agent.is_ready():
            return response.json({"error": "no model is loaded"}, status=503)
        return None

    async def _answer(self, agent: Any, asked: dict[str, Any]) -> dict[str, Any]:
        conversation, message_id = asked["conversation"], asked["message"]
        lock = self._locks.setdefault(conversation, asyncio.Lock())
        async with lock:
            events = await _events_of(agent, conversation, message_id)
            repeated = events is not None
            started = time.perf_counter()
            if events is None:
                await agent.handle_message(user_message(asked))
                events = await _events_of(agent, conversation, message_id)
            milliseconds = round((time.perf_counter() - started) * 1000)
        if events is None:
            raise RasaException("Rasa took the message and did not keep it")
        return {
            "conversation": conversation,
            "message": message_id,
            "replies": replies_in(events),
            "understood": {**understood_in(events), "milliseconds": milliseconds},
            "repeated": repeated,
        }


def read_turn(body: bytes) -> dict[str, Any]:
    """The call's body, checked; raises ``BadTurn``."""
    try:
        asked = json.loads(body)
    except ValueError as fault:
        raise BadTurn("the body is not JSON") from fault
    if not isinstance(asked, dict):
        raise BadTurn("the body is not an object")
    for field in ("conversation", "message", "brand"):
        if not isinstance(asked.get(field), str) or not asked[field]:
            raise BadTurn(f"`{field}` is missing or not text")
    text, payload = asked.get("text"), asked.get("payload")
    if payload is not None and not (isinstance(payload, str) and payload.startswith("/")):
        raise BadTurn("`payload` is not a button's payload")
    if payload is None and not isinstance(text, str):
        raise BadTurn("`text` is missing")
    if asked.get("language") not in (None, "zh", "en"):
        raise BadTurn("`language` is neither zh nor en")
    return asked


def user_message(asked: dict[str, Any]) -> UserMessage:
    """The turn as Rasa takes it; only a pressed button can name an intent.

    Typed text in command syntax is not understood, whatever its words would mean.
    """
    metadata = {
        "brand": asked["brand"],
        "language": asked.get("language"),
        "language_locked": bool(asked.get("language_locked")),
    }
    payload = asked.get("payload")
    text = asked.get("text") or ""
    return UserMessage(
        text=(text or payload) if payload else defused(text),
        output_channel=DeskOutput(),
        sender_id=asked["conversation"],
        parse_data=_given(payload, text, metadata),
        input_channel=DeskChannel.name(),
        message_id=asked["message"],
        metadata=metadata,
    )


def defused(text: str) -> str:
    """A text that no longer starts with Rasa's command sign, whatever stands before it."""
    stripped = text.strip()
    return DEFUSED_SLASH + stripped[1:] if stripped.startswith("/") else stripped


def _given(payload: str | None, text: str, metadata: dict[str, Any]) -> dict[str, Any] | None:
    """What is known without reading the text; None when it has to be read."""
    if payload:
        return pressed(payload, text, metadata)
    if in_a_programs_words(text):
        return pressed(f"/{NOT_UNDERSTOOD}", defused(text), metadata)
    return None


def in_a_programs_words(text: str) -> bool:
    """Whether a text is a command or data, however disguised, and nothing that a person says."""
    readable = normalise(text).text.strip()
    if COMMAND.fullmatch(readable):
        return True
    if not readable.startswith(("{", "[")):
        return False
    try:
        json.loads(readable)
    except (ValueError, RecursionError):
        return False
    return True


def pressed(payload: str, title: str, metadata: dict[str, Any]) -> dict[str, Any]:
    """What a button means: its payload is ``/intent`` or ``/intent{"entity": "value"}``."""
    intent, entities = read_payload(payload)
    found = [
        {"entity": name, "value": value, "start": 0, "end": 0, "extractor": "button"}
        for name, value in entities.items()
    ]
    language = metadata["language"] or DEFAULT
    return {
        "text": title or payload,
        "intent": {"name": intent, "confidence": 1.0},
        "intent_ranking": [{"name": intent, "confidence": 1.0}],
        "entities": [*found, language_entity(language)],
        "language": language,
    }


def read_payload(payload: str) -> tuple[str, dict[str, Any]]:
    """The intent and the entities of a button's payload; raises ``BadTurn``."""
    intent, brace, rest = payload[1:].partition("{")
    try:
        entities = json.loads(brace + rest) if brace else {}
    except ValueError as fault:
        raise BadTurn("`payload` has broken entities") from fault
    return intent, entities


async def _events_of(agent: Any, conversation: str, message_id: str) -> list[Event] | None:
    """The events of one message's turn, its own first; None if it was never seen."""
    tracker = await agent.tracker_store.retrieve(conversation)
    events: list[Event] = []
    for event in tracker.events if tracker else []:
        if isinstance(event, UserUttered):
            if events:
                break
            if event.message_id == message_id:
                events = [event]
        elif events:
            events.append(event)
    return events or None


def replies_in(events: list[Event]) -> list[dict[str, Any]]:
    """What the bot said, in order, with the name of each response."""
    return [
        {
            "text": event.text or "",
            "buttons": [
                {"title": button["title"], "payload": button["payload"]}
                for button in event.data.get("buttons") or []
            ],
            "response": event.metadata.get("utter_action"),
            "custom": event.data.get("custom"),
        }
        for event in events
        if isinstance(event, BotUttered)
    ]


def understood_in(events: list[Event]) -> dict[str, Any]:
    """What was understood and done, as the transcript shows it."""
    said = events[0].parse_data or {}
    actions = [event for event in events if isinstance(event, ActionExecuted)]
    reverted = any(isinstance(event, UserUtteranceReverted) for event in events)
    intent = said.get("intent") or {}
    return {
        "intent": intent.get("name"),
        "confidence": float(intent.get("confidence") or 0.0),
        "ranking": [
            {"name": one["name"], "confidence": float(one["confidence"])}
            for one in said.get("intent_ranking") or []
        ],
        "entities": [
            {key: one.get(key) for key in ("entity", "value", "start", "end")}
            for one in said.get("entities") or []
            if one["entity"] != "language"
        ],
        "language": said.get("language") or DEFAULT,
        "language_tag": said.get("language_tag"),
        "wished_script": said.get("wished_script"),
        "slots": {}
        if reverted
        else {event.key: event.value for event in events if isinstance(event, SlotSet)},
        "actions": [a.action_name for a in actions if a.action_name not in NOT_WORTH_SHOWING],
        "failed_actions": [
            event.action_name
            for event in events
            if isinstance(event, ActionExecutionRejected) and event.metadata.get(patches.FAILED)
        ],
    }

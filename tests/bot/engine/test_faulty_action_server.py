"""An action server that fails in any way ends the turn, and nothing is said or kept of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest
import rasa.core.actions.action
from aiohttp import web
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.engine import patches

DOMAIN = Domain.from_yaml(
    """
    intents: [affirm]
    slots:
      code: {type: text, influence_conversation: false, mappings: [{type: custom}]}
    responses: {utter_refund_confirmed: [{text: done}]}
    actions: [action_yes]
    """
)
PROMISE = {"events": [], "responses": [{"response": "utter_refund_confirmed"}]}
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def says(body: str, status: int = 200, kind: str = "application/json") -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(text=body, status=status, content_type=kind)

    return answer


async def _never(request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError("unreachable")


async def _hangs_up(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def _half_of_it(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "900"})
    await response.prepare(request)
    await response.write(json.dumps(PROMISE)[:20].encode())
    assert request.transport is not None
    request.transport.close()
    return response


FAULTS: dict[str, Answer] = {
    # Rasa takes a 400 for a form's rejection, if it says of what.
    "400 of something else": says("bad request", 400, "text/plain"),
    "404": says("not found", 404, "text/plain"),
    "500": says("boom", 500, "text/plain"),
    "500 with a promise": says(json.dumps(PROMISE), 500),
    "502 from a proxy": says("<html>Bad gateway</html>", 502, "text/html"),
    "503": says("", 503),
    "garbage": says("\x00<<<not json"),
    "a page": says("<html></html>", kind="text/html"),
    "a list": says("[]"),
    "a number": says("7"),
    "events of no kind": says('{"events": [{"event": 7}], "responses": []}'),
    "an unknown event": says('{"events": [{"event": "paid"}], "responses": []}'),
    "responses of the wrong type": says('{"events": [], "responses": "done"}'),
    "silence": _never,
    "hangs up": _hangs_up,
    "half an answer": _half_of_it,
}


async def turn(answer: Answer) -> tuple[bool, DialogueStateTracker, list[dict[str, Any]]]:
    """One turn against a server that answers so: whether it goes on, and what came of it."""
    app = web.Application()
    app.router.add_post("/webhook", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        return await _turn(f"http://127.0.0.1:{port}/webhook")
    finally:
        await runner.cleanup()


async def _turn(url: str) -> tuple[bool, DialogueStateTracker, list[dict[str, Any]]]:
    asked = [
        ActionExecuted("action_listen"),
        UserUttered("确认", {"name": "affirm"}, message_id="m1"),
        SlotSet("code", "123456"),
    ]
    tracker = DialogueStateTracker.from_events("c1", asked, slots=DOMAIN.slots)
    processor = MessageProcessor.__new__(MessageProcessor)
    processor.model_metadata = SimpleNamespace(domain=DOMAIN)
    processor.domain = DOMAIN
    channel = CollectingOutputChannel()
    prediction = PolicyPrediction.for_action_name(DOMAIN, "action_yes", "RulePolicy")
    action = RemoteAction("action_yes", EndpointConfig(url))
    nlg = TemplatedNaturalLanguageGenerator(DOMAIN.responses)
    goes_on = await patches.run_action_or_end_the_turn(
        processor, action, tracker, channel, nlg, prediction
    )
    return goes_on, tracker, channel.messages


def _failed(tracker: DialogueStateTracker) -> bool:
    return any(
        isinstance(event, ActionExecutionRejected) and event.metadata.get(patches.FAILED)
        for event in tracker.events
    )


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_promised_and_the_dialogue_waits_where_it_was(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    patches.apply()
    monkeypatch.setattr(rasa.core.actions.action, "DEFAULT_REQUEST_TIMEOUT", 0.5)
    goes_on, tracker, said = asyncio.run(turn(FAULTS[fault]))
    assert not goes_on
    assert said == []
    assert _failed(tracker)
    assert tracker.get_slot("code") is None
    assert tracker.latest_action_name == "action_listen"


def test_a_server_that_works_is_listened_to() -> None:
    patches.apply()
    goes_on, tracker, said = asyncio.run(turn(says(json.dumps(PROMISE))))
    assert goes_on
    assert [message["text"] for message in said] == ["done"]
    assert not _failed(tracker)


def test_nobody_there_is_a_failure_too(monkeypatch: pytest.MonkeyPatch) -> None:
    patches.apply()
    goes_on, tracker, said = asyncio.run(_turn("http://127.0.0.1:9/webhook"))
    assert (goes_on, said, _failed(tracker)) == (False, [], True)

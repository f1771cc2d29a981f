"""The chat API: JSON in, JSON out.

Knows the routes and what each field may be. Leaves storing to ``transcript``, answering to
``inbox`` and the event stream to ``stream``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

from aiohttp import web

from actions.domain.errors import EvidenceNotFound, IdentityNotAccepted
from actions.policy.brand import Brand
from actions.storage.conversations import MessageRow
from bot.gateway import bodies
from bot.gateway.client import address_of
from bot.gateway.errors import ChatError
from bot.gateway.keys import (
    DESK,
    FANOUT,
    GATE,
    INBOX,
    METRICS,
    TIMINGS,
    TRANSCRIPT,
    WAITING,
)
from bot.gateway.limits.table import Kind, Scope
from bot.gateway.origins import check_site
from bot.gateway.transcript import Draft, Page, Speaker, new_id

routes = web.RouteTableDef()
Facts = dict[str, Any]
SPEAKER = web.RequestKey("speaker", Speaker)
"""Set once ``signed_in`` has let the request through."""


@routes.post("/api/chat/sessions")
async def begin(request: web.Request) -> web.Response:
    """Begin a conversation; the greeting is its first message."""
    gate = request.app[GATE]
    await gate.take(Kind.BEGIN, who(request))
    body = await bodies.json_object(request)
    brand = request.app[DESK].brands.get(bodies.required_text(body, "brand"))
    if brand is None:
        raise ChatError("unknown_brand")
    check_site(request, brand)
    language = bodies.language(body, required=False) or bodies.preferred_language(
        request.headers.get("Accept-Language")
    )
    await gate.take(Kind.BEGIN, {Scope.BRAND: brand.id})
    conversation, account = new_id(), None
    if body.get("identity") is not None:
        await gate.take(Kind.LOOK_UP, who(request))
        account = await _accept(request, conversation, brand.id, body)
    conversation, token = await request.app[TRANSCRIPT].start(
        brand.id,
        language,
        _greeting(brand, language),
        conversation=conversation,
        account=account,
    )
    request.app[METRICS].sessions.labels(brand.id).inc()
    return web.json_response({"conversation": conversation, "token": token}, status=201)


@routes.post("/api/chat/identity")
async def sign_in(request: web.Request) -> web.Response:
    """The customer has signed in at the brand's site since the conversation began."""
    conversation = await signed_in(request, Kind.LOOK_UP)
    body = await bodies.json_object(request)
    await _accept(request, conversation, request[SPEAKER].brand, body)
    return web.json_response({"accepted": True})


async def _accept(
    request: web.Request, conversation: str, brand: str, body: dict[str, object]
) -> str:
    """The account that the signed identity in ``body`` proves.

    Raises:
        ChatError: it is not accepted; the same whatever is wrong with it.
    """
    token = body.get("identity")
    try:
        if not isinstance(token, str):
            raise IdentityNotAccepted()
        customer = await request.app[DESK].verification.accept_identity(conversation, brand, token)
    except IdentityNotAccepted:
        raise ChatError("identity_not_accepted") from None
    return customer.account_id


@routes.post("/api/chat/messages")
async def say(request: web.Request) -> web.Response:
    """Store a customer's message, then acknowledge it; the answer follows by itself."""
    conversation = await signed_in(request)
    body = await bodies.json_object(request)
    client_id, attachments = bodies.message_id(body), bodies.attachment_ids(body)
    text, button = bodies.optional_text(body, "text"), bodies.optional_text(body, "button")
    if attachments and button is None:
        text = text or ""
    if (text is None) == (button is None):
        raise ChatError("text_or_button")
    if text is not None and not text.strip() and not attachments:
        raise ChatError("empty_message")
    files = await _files(request, conversation, attachments)
    received = await request.app[TRANSCRIPT].receive(conversation, client_id, text, button, files)
    # For a message sent again too: the first time may have ended between the two.
    await request.app[DESK].tickets.customer_wrote(conversation)
    if received.new:
        request.app[METRICS].messages.labels("customer").inc()
        if received.warned:
            request.app[METRICS].messages.labels("system").inc()
        request.app[FANOUT].publish(conversation)
        request.app[INBOX].wake(conversation)
    return web.json_response({"seq": received.seq}, status=202)


async def _files(request: web.Request, conversation: str, ids: Sequence[str]) -> list[Facts]:
    """What a message keeps of files that came in the same conversation."""
    try:
        files = await request.app[DESK].evidence.in_chat(conversation, ids)
    except EvidenceNotFound:
        raise ChatError("unknown_attachment") from None
    return [
        {"id": file.id, "name": file.label, "kind": file.kind.value, "size": file.size}
        for file in files
    ]


@routes.get("/api/chat/messages")
async def read(request: web.Request) -> web.Response:
    """The messages past ``after``; with ``wait``, as soon as there is something to tell."""
    conversation = await signed_in(request, Kind.READ)
    after = bodies.sequence(request.query.get("after"))
    wait = bodies.seconds(request.query.get("wait"), request.app[TIMINGS].longest_poll)
    # Whoever reads at once holds nothing open, and is let through however many are waiting.
    with request.app[WAITING].one(who(request) if wait else {}):
        page = await _page(request, conversation, after, wait)
    messages = [message_json(message) for message in page.messages]
    return web.json_response({"messages": messages, "pending": page.pending})


async def _page(request: web.Request, conversation: str, after: int, wait: float) -> Page:
    transcript, fanout = request.app[TRANSCRIPT], request.app[FANOUT]
    deadline = asyncio.get_running_loop().time() + wait
    with fanout.listen(conversation) as listener, request.app[METRICS].streams.track_inprogress():
        listener.changed()
        page = await transcript.after(conversation, after)
        while not page.messages and not fanout.closed:
            was_pending = page.pending
            if not await listener.news(deadline - asyncio.get_running_loop().time()):
                break
            if listener.changed():
                page = await transcript.after(conversation, after)
            if was_pending and not page.pending:
                break
    return page


@routes.post("/api/chat/language")
async def choose_language(request: web.Request) -> web.Response:
    """The customer wants this language, whatever the messages are written in."""
    conversation = await signed_in(request)
    language = bodies.language(await bodies.json_object(request), required=True)
    assert language is not None
    if await request.app[TRANSCRIPT].choose_language(conversation, language):
        request.app[METRICS].messages.labels("system").inc()
        request.app[FANOUT].publish(conversation)
    return web.json_response({"language": language})


@routes.post("/api/chat/rating")
async def rate(request: web.Request) -> web.Response:
    """The customer's opinion of the conversation; a later one replaces it."""
    conversation = await signed_in(request, Kind.RATE)
    body = await bodies.json_object(request)
    stars, comment = bodies.stars(body), bodies.optional_text(body, "comment")
    await request.app[TRANSCRIPT].rate(conversation, stars, comment)
    return web.json_response({"stars": stars})


async def signed_in(request: web.Request, kind: Kind = Kind.SAY) -> str:
    """The id of the conversation that the bearer token opens; one of ``kind`` is counted.

    Raises:
        ChatError: missing, malformed and unknown tokens, all alike; too many of them, or of
            what is asked for.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    found = None
    if scheme.lower() == "bearer" and token:
        found = await request.app[TRANSCRIPT].by_token(token.strip())
    if found is None:
        await request.app[GATE].take(Kind.LOOK_UP, who(request))
        raise ChatError("not_signed_in", headers={"WWW-Authenticate": "Bearer"})
    request[SPEAKER] = found
    await request.app[GATE].take(kind, who(request))
    return found.conversation


def who(request: web.Request) -> Mapping[Scope, str | None]:
    """On whose behalf a request is counted, as far as it is known yet."""
    speaker = request.get(SPEAKER)
    if speaker is None:
        return {Scope.ADDRESS: address_of(request)}
    account = speaker.account and f"{speaker.brand}/{speaker.account}"
    return {
        Scope.CONVERSATION: speaker.conversation,
        Scope.ACCOUNT: account,
        Scope.ADDRESS: address_of(request),
        Scope.BRAND: speaker.brand,
    }


def message_json(message: MessageRow) -> dict[str, object]:
    """A message as customers get it; what buttons stand for stays here.

    A customer's message has the ``id`` that their page gave it, by which the page knows it again.
    """
    own = {} if message.client_id is None else {"id": message.client_id}
    return {
        **own,
        "seq": message.seq,
        "author": message.author,
        "text": message.text,
        "buttons": [
            {"id": button["id"], "title": button["title"]} for button in message.buttons or ()
        ],
        "attachments": message.attachments or [],
        "at": message.at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "reply_to": message.reply_to,
    }


def _greeting(brand: Brand, language: str) -> Draft:
    buttons = [
        {"title": button.title[language], "payload": button.payload} for button in brand.quick_start
    ]
    return Draft("bot", brand.greeting[language], buttons, response="greeting", language=language)

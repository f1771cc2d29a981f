"""The action server: Rasa calls it, a skill answers. On loopback, behind a shared secret.

``rasa_sdk`` runs the actions; its own web server is left out, because on an error it sends the
whole request, personal data and all, back into Rasa's log.
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator
from typing import Any

import structlog
from aiohttp import web
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

from actions.bootstrap import build_desk
from actions.settings import Settings
from actions.skills import (
    appeal,
    change_contact,
    continue_elsewhere,
    conversation,
    courtesy,
    facts_form,
    identity,
    payment_proof,
    refund_facts,
    request_refund,
)
from actions.skills.account import AccountProblem
from actions.skills.complaint import Complain
from actions.skills.contact_human import ContactHuman, Lost, NotUnderstood, OfferPerson
from actions.skills.payment import PaymentProblem
from actions.skills.refund_policy import AnswerPolicyQuestion

SKILLS = (
    AccountProblem,
    AnswerPolicyQuestion,
    Complain,
    ContactHuman,
    Lost,
    NotUnderstood,
    OfferPerson,
    PaymentProblem,
    appeal.AskDisputedFact,
    change_contact.AskContactCode,
    change_contact.AskNewEmail,
    continue_elsewhere.ContinueElsewhere,
    continue_elsewhere.GiveLinkCode,
    conversation.Repeat,
    conversation.SmallTalk,
    conversation.StartOver,
    courtesy.Goodbye,
    courtesy.No,
    courtesy.Thanks,
    courtesy.Yes,
    facts_form.Begin,
    facts_form.FactsForm,
    facts_form.Fulfil,
    identity.AskCode,
    identity.MailboxLost,
    payment_proof.AskPaymentMethod,
    refund_facts.AskOrderNumber,
    refund_facts.AskReason,
    refund_facts.ExplainNeed,
    request_refund.WithdrawRefund,
)
LARGEST_CALL = 16 * 1024 * 1024  # Rasa sends the whole session and the domain with every call

log = structlog.get_logger(__name__)
_EXECUTOR: web.AppKey[ActionExecutor] = web.AppKey("executor")


def action_server(settings: Settings) -> web.Application:
    """The server with every skill; the desk is opened when it starts, closed when it stops."""
    secret = settings.internal_secret

    async def desk_of_the_server(app: web.Application) -> AsyncIterator[None]:
        desk = await build_desk(settings)
        app[_EXECUTOR] = ActionExecutor()
        for skill in SKILLS:
            app[_EXECUTOR].register_action(skill(desk))
        yield
        await desk.close()

    @web.middleware
    async def only_rasa(request: web.Request, handler: Any) -> web.StreamResponse:
        given = request.headers.get("Authorization", "")
        if request.path != "/health" and not hmac.compare_digest(
            given.encode(), f"Bearer {secret}".encode()
        ):
            return web.json_response({"error": "wrong or missing secret"}, status=401)
        response: web.StreamResponse = await handler(request)
        return response

    app = web.Application(middlewares=[only_rasa], client_max_size=LARGEST_CALL)
    app.cleanup_ctx.append(desk_of_the_server)
    app.router.add_get("/health", health)
    app.router.add_post("/webhook", webhook)
    return app


async def health(request: web.Request) -> web.Response:
    """Alive, and the desk is open."""
    return web.json_response({"status": "ok"})


async def webhook(request: web.Request) -> web.Response:
    """Run one action; a failure is an error to Rasa, and says nothing of what was in the call."""
    try:
        call = await request.json()
    except ValueError:
        return web.json_response({"error": "the body is not JSON"}, status=422)
    name = call.get("next_action") if isinstance(call, dict) else None
    try:
        result = await request.app[_EXECUTOR].run(call)
    except ActionExecutionRejection as refusal:
        return web.json_response({"error": refusal.message, "action_name": name}, status=400)
    except ActionNotFoundException:
        return web.json_response({"error": f"no action {name}", "action_name": name}, status=404)
    except Exception as failure:
        log.error("action_failed", action=name, error=type(failure).__name__, exc_info=failure)
        return web.json_response({"error": type(failure).__name__}, status=500)
    return web.json_response(result.model_dump() if result else {"events": [], "responses": []})

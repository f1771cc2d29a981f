"""Signed identities over the chat API: taken once, refused in one wording, nothing begun."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from actions.domain.clock import utc_now
from actions.storage.conversations import ConversationRow
from actions.storage.tables import VerificationRow
from actions.testing.builders import an_account
from actions.testing.identity import sign_identity
from bot.gateway.keys import DESK
from tests.bot.gateway.talk import Talk

SESSIONS, IDENTITY = "/api/chat/sessions", "/api/chat/identity"


@pytest.fixture
async def desk(web):
    desk = web.server.app[DESK]
    async with desk.storage.writing() as work:
        await work.records.save_accounts([an_account(), an_account("A-2")], utc_now())
    return desk


def signed(settings, account="A-1", **claims):
    key = settings.identity_keys["kuailian"]
    return sign_identity(account, "kuailian", key, utc_now(), **claims)


async def begin(web, identity):
    body = {"brand": "kuailian", "language": "zh", "identity": identity}
    response = await web.post(SESSIONS, json=body)
    return response.status, await response.json()


async def count(database, table):
    async with database.connect() as connection:
        return await connection.scalar(select(func.count()).select_from(table))


async def test_a_conversation_begun_with_an_identity_is_verified(
    web, desk, settings, database
) -> None:
    status, begun = await begin(web, signed(settings))
    assert status == 201
    customer = await desk.verification.customer(begun["conversation"])
    assert customer.account_id == "A-1"
    async with database.connect() as connection:
        assert await connection.scalar(select(ConversationRow.account)) == "A-1"


async def test_every_refusal_reads_the_same_and_begins_nothing(
    web, desk, settings, database
) -> None:
    used = signed(settings)
    await begin(web, used)
    before = await count(database, ConversationRow), await count(database, VerificationRow)
    bad = ["", "x.y.z", 7, {}, [], used, signed(settings, "A-9"), signed(settings, exp=1)]
    answers = [await begin(web, identity) for identity in bad]
    assert {status for status, _body in answers} == {400}
    assert all(body == answers[0][1] for _status, body in answers)
    assert answers[0][1]["error"]["code"] == "identity_not_accepted"
    assert set(answers[0][1]["error"]["message"]) == {"zh", "en"}
    after = await count(database, ConversationRow), await count(database, VerificationRow)
    assert after == before


async def test_a_customer_may_sign_in_later(web, desk, settings) -> None:
    talk = await Talk.begin(web)
    assert await desk.verification.customer(talk.conversation) is None
    token = signed(settings)
    assert await talk.post("identity", {"identity": token}) == (200, {"accepted": True})
    assert (await desk.verification.customer(talk.conversation)).account_id == "A-1"
    other = await Talk.begin(web)
    for body in ({"identity": token}, {"identity": None}, {}):
        status, answer = await other.post("identity", body)
        assert (status, answer["error"]["code"]) == (400, "identity_not_accepted")
    assert await desk.verification.customer(other.conversation) is None


async def test_signing_in_takes_the_conversations_own_token(web, desk, settings) -> None:
    response = await web.post(IDENTITY, json={"identity": signed(settings)})
    assert response.status == 401

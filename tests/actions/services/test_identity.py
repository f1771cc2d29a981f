"""Signed identity: what a brand's site says is taken once, in one conversation, and never bent."""

from __future__ import annotations

import asyncio
import base64
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest
from sqlalchemy import func, select

from actions.domain.assurance import Level, Proof
from actions.domain.errors import IdentityNotAccepted
from actions.services.verification import Verification
from actions.storage.tables import AuditRow, SpentIdentityRow, VerificationRow
from actions.testing.clock import START
from actions.testing.desk import IDENTITY_KEYS, DeskForTests
from actions.testing.identity import sign_identity

KEY, OTHER_KEY = IDENTITY_KEYS["kuailian"], IDENTITY_KEYS["bitpie"]
NOW = int(START.timestamp())


@pytest.fixture
async def verification(desk: DeskForTests) -> Verification:
    await desk.has_account()
    await desk.has_account(id="A-2", email="han@example.com")
    await desk.has_account(id="B-1", brand="bitpie")
    return desk.verification


def signed(account: str = "A-1", key: str = KEY, **claims: Any) -> str:
    return sign_identity(account, "kuailian", key, START, **claims)


def unsigned(header: dict[str, Any], claims: dict[str, Any], signature: str = "") -> str:
    parts = [json.dumps(part).encode() for part in (header, claims)]
    return ".".join(
        [*(base64.urlsafe_b64encode(p).rstrip(b"=").decode() for p in parts), signature]
    )


GOOD = jwt.decode(signed(), options={"verify_signature": False})
REFUSED = {
    "nothing": "",
    "no token": "hello",
    "not ascii": signed() + "é",
    "a lone surrogate": "\ud800",
    "too long": signed(more="x" * 4096),
    "nested for ever": unsigned({"alg": "HS256"}, GOOD).replace(".", "." + "W1tb" * 900, 1),
    "no signature": unsigned({"alg": "none"}, GOOD),
    "no signature, said otherwise": unsigned({"alg": "NONE"}, GOOD),
    "HS256 without a signature": unsigned({"alg": "HS256"}, GOOD),
    "an RSA signature's name over our key": unsigned(
        {"alg": "RS256"}, GOOD, signed().split(".")[2]
    ),
    "another HMAC": signed(key="k" * 64, algorithm="HS512"),
    "another key": signed(key="k" * 40),
    "another brand's key": signed(key=OTHER_KEY),
    "another brand's token": sign_identity("B-1", "bitpie", OTHER_KEY, START),
    "another brand in our name": signed(iss="bitpie"),
    "another audience": signed(aud="refund-desk:bitpie"),
    "no brand in the audience": signed(aud="refund-desk"),
    "many audiences": signed(aud=["refund-desk:kuailian", "refund-desk:bitpie"]),
    "an unknown account": signed("A-9"),
    "another brand's account": signed("B-1"),
    "an empty account": signed(""),
    "an empty id": signed(jti=""),
    "run out": signed(iat=NOW - 120, exp=NOW),
    "good for too long": signed(exp=NOW + 301),
    "backwards": signed(iat=NOW + 20, exp=NOW + 10),
    "from the future": signed(iat=NOW + 31, exp=NOW + 60),
    "text for a time": signed(iat="now"),
    "no number for a time": signed(iat=float("nan"), exp=float("nan")),
    "for ever": signed(exp=float("inf")),
    "true for a time": signed(iat=True, exp=NOW + 60),
    **{f"no {claim}": signed(**{claim: None}) for claim in ("iss", "aud", "sub", "iat", "exp")},
    "no jti": signed(jti=None),
}


async def test_a_signed_identity_verifies_this_conversation_only(verification, desk) -> None:
    customer = await verification.accept_identity("c1", "kuailian", signed())
    assert (customer.account_id, customer.proofs) == ("A-1", {Proof.IDENTITY})
    assert customer.level is Level.HIGH
    assert await verification.customer("c1") == customer
    assert await verification.customer("c2") is None


@pytest.mark.parametrize(
    "claims",
    [
        {"iat": NOW + 30, "exp": NOW + 330},
        {"iat": NOW - 299, "exp": NOW + 1},
        {"iat": NOW - 0.5, "exp": NOW + 0.5},
    ],
    ids=str,
)
async def test_clocks_may_differ_by_half_a_minute(verification, claims) -> None:
    assert await verification.accept_identity("c1", "kuailian", signed(**claims))


@pytest.mark.parametrize("why", REFUSED)
async def test_whatever_is_wrong_the_answer_is_one_and_nothing_is_kept(
    verification, desk, why
) -> None:
    with pytest.raises(IdentityNotAccepted) as refused:
        await verification.accept_identity("c1", "kuailian", REFUSED[why])
    assert str(refused.value) == str(IdentityNotAccepted())
    assert await verification.customer("c1") is None
    async with desk.desk.storage.reading() as work:
        for table in (SpentIdentityRow, VerificationRow, AuditRow):
            assert await work.session.scalar(select(func.count()).select_from(table)) == 0


async def test_a_brand_without_a_key_accepts_no_identity(verification, desk) -> None:
    real = desk.desk
    keyless = Verification(real.storage, real.notices, real.brands, "secret", {}, desk.clock)
    for token in (signed(), unsigned({"alg": "HS256"}, GOOD, "x")):
        with pytest.raises(IdentityNotAccepted):
            await keyless.accept_identity("c1", "kuailian", token)


async def test_a_token_is_taken_once_even_by_many_at_once(verification, desk) -> None:
    token = signed()
    said = await asyncio.gather(
        *(verification.accept_identity(f"c{n}", "kuailian", token) for n in range(6)),
        return_exceptions=True,
    )
    taken = [n for n, answer in enumerate(said) if not isinstance(answer, Exception)]
    assert len(taken) == 1
    assert sum(isinstance(answer, IdentityNotAccepted) for answer in said) == 5
    verified = [n for n in range(6) if await verification.customer(f"c{n}")]
    assert verified == taken
    desk.clock.forward(minutes=1)
    with pytest.raises(IdentityNotAccepted):
        await verification.accept_identity(f"c{taken[0]}", "kuailian", token)


async def test_what_is_kept_of_a_token_goes_once_it_has_run_out(verification, desk) -> None:
    token = signed(jti="just-this-once")
    await verification.accept_identity("c1", "kuailian", token)
    async with desk.desk.storage.reading() as work:
        [row] = await work.session.scalars(select(SpentIdentityRow))
    assert row.expires_at == START + timedelta(minutes=2)
    assert "just-this-once" not in repr(vars(row))
    desk.clock.forward(minutes=3)
    later = sign_identity("A-1", "kuailian", KEY, desk.clock())
    await verification.accept_identity("c1", "kuailian", later)
    async with desk.desk.storage.reading() as work:
        [left] = await work.session.scalars(select(SpentIdentityRow))
    assert left.hash != row.hash


async def test_signing_in_as_somebody_else_takes_all_proofs_along(verification) -> None:
    await verification.accept_identity("c1", "kuailian", signed())
    customer = await verification.accept_identity("c1", "kuailian", signed("A-2"))
    assert (customer.account_id, customer.proofs) == ("A-2", {Proof.IDENTITY})
    assert await verification.customer("c1") == customer


async def test_the_trail_has_who_was_verified_and_no_part_of_the_token(verification, desk) -> None:
    token = signed()
    await verification.accept_identity("c1", "kuailian", token)
    [row] = await desk.trail("account:kuailian/A-1")
    assert (row.what, row.data["proofs"], row.data["level"]) == (
        "customer_verified",
        ["identity"],
        "high",
    )
    assert not any(part in repr(vars(row)) for part in token.split("."))

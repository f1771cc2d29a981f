"""Signed identity: the brand's own site says who is signed in there, for this one conversation.

A token is a JWT signed with HS256 and the brand's key (``docs/identity.md`` is for who makes
them). It must claim ``iss`` (the brand's id), ``aud`` (``refund-desk:<brand>``), ``sub`` (the
account's id), ``iat``, ``exp`` (at most five minutes later) and ``jti`` (never used before).
Whatever is wrong with one, the refusal is the same, and nothing of it is kept.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from actions.domain.assurance import Proof
from actions.domain.customer import Customer
from actions.domain.errors import IdentityNotAccepted
from actions.services.proving import Proving

ALGORITHM = "HS256"
LONGEST_TOKEN = 4096
LASTS_AT_MOST = timedelta(minutes=5)
LEEWAY = timedelta(seconds=30)  # by which a site's clock may be ahead of ours
CLAIMS = ("iss", "aud", "sub", "iat", "exp", "jti")


def audience_of(brand: str) -> str:
    """Who a token for ``brand`` is meant for."""
    return f"refund-desk:{brand}"


@dataclass(frozen=True, slots=True)
class Identity:
    """What a good token says."""

    account_id: str
    jti: str
    expires_at: datetime


class Identities(Proving):
    """Accepts signed identities."""

    async def accept_identity(self, conversation: str, brand: str, token: str) -> Customer:
        """Take the brand's word for whose account ``conversation`` speaks for.

        Raises:
            IdentityNotAccepted: whatever is wrong with it; nothing has been stored.
        """
        now = self._clock()
        said = read_identity(token, brand, self._identity_keys.get(brand), now)
        async with self._storage.writing() as work:
            spent = _hash(brand, said.jti)
            if not await work.checks.spend_identity(spent, said.expires_at, at=now):
                raise IdentityNotAccepted()
            if await work.records.account(brand, said.account_id) is None:
                raise IdentityNotAccepted()
            proofs = frozenset({Proof.IDENTITY})
            given = Customer(brand, said.account_id, conversation, proofs)
            return await self._prove(work, given, now)


def read_identity(token: str, brand: str, key: str | None, now: datetime) -> Identity:
    """What a token for ``brand`` says. Raises ``IdentityNotAccepted``."""
    if not key or len(token) > LONGEST_TOKEN or not token.isascii():
        raise IdentityNotAccepted()
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=audience_of(brand),
            issuer=brand,
            options={
                "require": list(CLAIMS),
                "strict_aud": True,
                # The desk's own clock says what time it is.
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except (jwt.PyJWTError, RecursionError, ValueError):
        raise IdentityNotAccepted() from None
    return _checked(claims, now)


def _checked(claims: dict[str, Any], now: datetime) -> Identity:
    issued, expires = claims["iat"], claims["exp"]
    texts = (claims["sub"], claims["jti"])
    if not all(isinstance(text, str) and text for text in texts):
        raise IdentityNotAccepted()
    if not all(type(time) in (int, float) for time in (issued, expires)):
        raise IdentityNotAccepted()
    at = now.timestamp()
    # Written so that a time which is no number at all is refused too.
    lasts = 0 < expires - issued <= LASTS_AT_MOST.total_seconds()
    if not (lasts and issued <= at + LEEWAY.total_seconds() and expires > at):
        raise IdentityNotAccepted()
    return Identity(*texts, datetime.fromtimestamp(expires, UTC))


def _hash(brand: str, jti: str) -> str:
    return hashlib.sha256(json.dumps([brand, jti]).encode()).hexdigest()

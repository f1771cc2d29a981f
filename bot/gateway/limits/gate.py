"""What routes ask before they do anything: may this one have one more of that?

Knows which buckets a request touches, how they are named and how a refusal is said. Names are
keyed hashes: no address, account or conversation stands in Redis or in memory.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from bot.gateway.errors import ChatError
from bot.gateway.limits.buckets import Buckets, MemoryBuckets, Want
from bot.gateway.limits.shared import FailingOpen, RedisBuckets, connect
from bot.gateway.limits.table import LIMITS, Kind, Rate, Scope
from bot.gateway.metrics import Metrics

HASH_CHARACTERS = 32


class Gate:
    """Lets through or refuses. ``is_open`` lets everybody through, in a demo that asks for it."""

    def __init__(
        self,
        buckets: Buckets,
        secret: str,
        metrics: Metrics,
        *,
        is_open: bool = False,
        limits: Mapping[Kind, Mapping[Scope, Rate]] = LIMITS,
    ) -> None:
        self._buckets, self._secret, self._metrics = buckets, secret, metrics
        self._is_open, self._limits = is_open, limits

    async def take(self, kind: Kind, who: Mapping[Scope, str | None], cost: int = 1) -> None:
        """Count ``cost`` of ``kind`` for everybody in ``who`` whom the table has a limit for.

        Raises:
            ChatError: too many; ``Retry-After`` says in how many seconds one more is let through.
        """
        scopes = [scope for scope in self._limits[kind] if who.get(scope) is not None]
        if self._is_open or not scopes:
            return
        wants = [
            Want(self._name(kind, scope, str(who[scope])), self._limits[kind][scope], cost)
            for scope in scopes
        ]
        refusal = await self._buckets.take(wants)
        if refusal is not None:
            self._metrics.refused.labels(kind, scopes[refusal.place]).inc()
            seconds = str(refusal.retry_after)
            raise ChatError("too_many_requests", headers={"Retry-After": seconds})

    async def close(self) -> None:
        """Let go of the buckets."""
        await self._buckets.close()

    def _name(self, kind: Kind, scope: Scope, who: str) -> str:
        return f"{kind}:{scope}:{keyed_hash(self._secret, f'{scope}:{who}')}"


def buckets_at(redis_url: str | None, secret: str, metrics: Metrics) -> Buckets:
    """Where it is counted: in Redis if there is one, in this process if not."""
    own = MemoryBuckets()
    if redis_url is None:
        return own
    shared = RedisBuckets(connect(redis_url), prefix_of(secret))
    return FailingOpen(shared, own, metrics.limits_alone.inc)


def prefix_of(secret: str) -> str:
    """What this desk's keys in Redis begin with: another desk there has another secret.

    The braces keep all keys of one take on one machine of a cluster.
    """
    return f"refund-desk:{{{keyed_hash(secret, 'desk')[:12]}}}:limit:"


def keyed_hash(secret: str, text: str) -> str:
    """Addresses are so few that a plain hash could be turned back by trying them all."""
    made = hmac.new(secret.encode(), b"limits:" + text.encode("utf-8", "replace"), hashlib.sha256)
    return made.hexdigest()[:HASH_CHARACTERS]

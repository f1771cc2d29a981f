"""Token buckets in Redis, shared by all gateway processes; in memory while Redis is away.

Knows the script, the short timeouts and when to ask again. The clock is Redis' own, so that
processes on machines whose clocks differ agree. Every key ends by itself when its bucket is full.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from bot.gateway.limits.buckets import Buckets, Refusal, Want, microseconds

log = structlog.get_logger("gateway.limits")

TIMEOUT_SECONDS = 0.25
"""To connect, to be answered, and to be given a connection: a customer waits for this."""
MOST_CONNECTIONS = 16
ASK_AGAIN = 1_000_000
"""Microseconds during which Redis is left alone after it failed."""

# KEYS: buckets. ARGV: interval, size and cost of each. A moment further off than a whole bucket
# can only come from a clock that was put back, or from a limit that was larger once.
TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local after, longest, place = {}, 0, 0
for i, key in ipairs(KEYS) do
  local interval, size, cost = ARGV[3 * i - 2], ARGV[3 * i - 1], ARGV[3 * i]
  local full_at = tonumber(redis.call('GET', key) or 0) or 0
  full_at = math.min(math.max(full_at, now), now + size * interval)
  after[i] = full_at + cost * interval
  local wait = after[i] - size * interval - now
  if wait > longest then longest, place = wait, i end
end
if longest > 0 then return {longest, place} end
for i, key in ipairs(KEYS) do
  local stays = math.ceil((after[i] - now) / 1000)
  redis.call('SET', key, string.format('%.0f', after[i]), 'PX', stays)
end
return {0, 0}
"""


def connect(url: str) -> Redis:
    """A client that gives up soon and never tries twice by itself."""
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=MOST_CONNECTIONS,
        timeout=TIMEOUT_SECONDS,
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    return Redis.from_pool(pool)


class RedisBuckets:
    """Buckets in Redis. ``take`` raises what the client raises."""

    def __init__(self, redis: Redis, prefix: str) -> None:
        self._redis, self._prefix = redis, prefix
        self._take = redis.register_script(TAKE)

    async def take(self, wants: Sequence[Want]) -> Refusal | None:
        """One script for all buckets: nobody comes between."""
        keys = [self._prefix + want.key for want in wants]
        numbers = [n for want in wants for n in (want.rate.interval, want.rate.size, want.cost)]
        wait, place = await self._take(keys=keys, args=numbers)
        return Refusal(place - 1, wait) if wait else None

    async def close(self) -> None:
        """Give the connections back."""
        await self._redis.aclose()


class FailingOpen:
    """Asks ``shared``; while that fails, ``own`` counts for this process alone.

    Customers come before counting: an outage of Redis makes limits wider (each process has its
    own), never an error. After a failure Redis is left alone for a second; then one call finds
    out whether it is back, and the others don't wait for it.
    """

    def __init__(
        self,
        shared: Buckets,
        own: Buckets,
        alone: Callable[[], None],
        now: Callable[[], int] = microseconds,
    ) -> None:
        self._shared, self._own, self._alone, self._now = shared, own, alone, now
        self._is_away = False
        self._ask_at = 0

    async def take(self, wants: Sequence[Want]) -> Refusal | None:
        """As ``shared`` says, or else ``own``."""
        now = self._now()
        if self._is_away:
            if now < self._ask_at:
                return await self._by_oneself(wants)
            self._ask_at = now + ASK_AGAIN
        try:
            refusal = await self._shared.take(wants)
        except (RedisError, OSError) as error:
            self._lost(error)
            return await self._by_oneself(wants)
        if self._is_away:
            self._is_away = False
            log.warning("limits_shared_again")
        return refusal

    async def close(self) -> None:
        """Both."""
        await self._shared.close()
        await self._own.close()

    def _lost(self, error: Exception) -> None:
        if not self._is_away:
            # Only its kind: the message may quote an address with its password.
            log.error("limits_not_shared", error=type(error).__name__)
        self._is_away = True
        self._ask_at = self._now() + ASK_AGAIN

    def _by_oneself(self, wants: Sequence[Want]) -> Awaitable[Refusal | None]:
        self._alone()
        return self._own.take(wants)

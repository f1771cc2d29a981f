"""How often signing in may be tried: some tries are free, then each one makes the next wait longer.

Knows how many and how long. A try is counted before it is looked at and given back if it was
right, so that many at once gain nothing; counts are in the database, so that a restart forgives
nothing. Leaves what is tried to the sign-in service.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.domain.staff import name_key
from actions.services.derived import derived_key, keyed_hash
from actions.storage.staff_tables import SignInWaitRow
from actions.storage.work import Work

FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)
IPV6_NETWORK = 64  # what one household or one server gets


@dataclass(frozen=True, slots=True)
class Counted:
    """Something whose failures are counted, and how many of them are free."""

    key: str
    free: int
    forgiven_after: timedelta


@dataclass(frozen=True, slots=True)
class TryLater:
    """Not now: too many tries have failed."""

    until: datetime


class SignInWaits:
    """Counts tries for one desk."""

    def __init__(self, secret: str) -> None:
        self._key = derived_key(secret, "staff/sign-in-waits")

    def account(self, typed_name: str) -> Counted:
        """Tries of a password under one name, whether or not somebody has it."""
        return self._counted(f"account:{name_key(typed_name)}", 5, timedelta(hours=24))

    def second_factor(self, staff: str) -> Counted:
        """Tries of a code by somebody who knows the password."""
        return self._counted(f"second-factor:{staff}", 5, timedelta(hours=24))

    def address(self, address: str) -> Counted:
        """Tries from one network address, under whatever name; an office may share one."""
        return self._counted(f"address:{_network(address)}", 20, timedelta(hours=1))

    async def take(self, work: Work, counted: Sequence[Counted], now: datetime) -> TryLater | None:
        """Count a try as failed already, unless one of them has to wait: then nothing is."""
        rows = {row.key: row for row in await work.staff.waits([each.key for each in counted])}
        waits = [row.waits_until for row in rows.values() if row.waits_until is not None]
        if waits and max(waits) > now:
            return TryLater(max(waits))
        for each in counted:
            _count(rows[each.key], each, now)
        return None

    async def give_back(self, work: Work, counted: Counted) -> None:
        """The try was right after all."""
        (row,) = await work.staff.waits([counted.key])
        row.failures = max(0, row.failures - 1)
        if row.failures < counted.free:
            row.waits_until = None

    def _counted(self, about: str, free: int, forgiven_after: timedelta) -> Counted:
        return Counted(keyed_hash(self._key, about), free, forgiven_after)


def _count(row: SignInWaitRow, counted: Counted, now: datetime) -> None:
    if row.failed_at is not None and now - row.failed_at > counted.forgiven_after:
        row.failures = 0
    row.failures += 1
    row.failed_at = now
    past = row.failures - counted.free
    row.waits_until = None if past < 0 else now + _wait(past)


def _wait(past: int) -> timedelta:
    doublings: int = 2 ** min(past, 10)
    return min(FIRST_WAIT * doublings, LONGEST_WAIT)


def _network(address: str) -> str:
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, IPV6_NETWORK), strict=False))
    return str(ip)

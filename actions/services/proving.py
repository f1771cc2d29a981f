"""What every way of proving who is speaking shares: what it is kept in, and for how long it holds.

Knows how a proof is remembered and recorded. Leaves what a proof is to each way's own module:
``mailed_codes``, ``identity``, ``payment_proofs``, ``link_codes``, and ``verification`` for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from actions.domain.assurance import Level
from actions.domain.clock import Clock
from actions.domain.customer import Customer
from actions.domain.errors import NotVerified
from actions.domain.events import Actor, Role
from actions.policy.brand import Brand
from actions.services.locks import account_key
from actions.services.notices import Notices
from actions.storage.work import Storage, Work

IDLE_AT_MOST = timedelta(minutes=30)


class CodeCheck(StrEnum):
    """What came of a code that somebody typed."""

    VERIFIED = "verified"
    WRONG = "wrong"
    EXPIRED = "expired"
    LOCKED = "locked"
    NOT_SENT = "not_sent"


class Proving:
    """Remembers proofs, and says who a conversation speaks for."""

    def __init__(
        self,
        storage: Storage,
        notices: Notices,
        brands: Mapping[str, Brand],
        code_secret: str,
        identity_keys: Mapping[str, str],
        clock: Clock,
    ) -> None:
        self._storage = storage
        self._notices = notices
        self._brands = brands
        self._secret = code_secret
        self._identity_keys = identity_keys
        self._clock = clock

    async def customer(self, conversation: str) -> Customer | None:
        """Who ``conversation`` speaks for; None unless verified and not idle for half an hour.

        A call counts as use: it starts the half hour anew.
        """
        now = self._clock()
        async with self._storage.writing() as work:
            found = await work.checks.renew(conversation, since=now - IDLE_AT_MOST, at=now)
        return found if found and found.level > Level.NONE else None

    async def _present(self, work: Work, customer: Customer, now: datetime) -> Customer:
        """The customer with the proofs that their conversation has now.

        Raises ``NotVerified`` if it speaks for them no longer.
        """
        found = await work.checks.renew(customer.conversation, since=now - IDLE_AT_MOST, at=now)
        mine = (customer.brand, customer.account_id)
        if found is None or (found.brand, found.account_id) != mine:
            raise NotVerified()
        return found

    async def _prove(
        self,
        work: Work,
        given: Customer,
        now: datetime,
        *,
        by: Actor | None = None,
        more: Mapping[str, Any] | None = None,
        continues: str | None = None,
    ) -> Customer:
        """Remember the proofs of ``given``, and record that they were given.

        Proofs for another account, or idle ones, go. Who the conversation speaks for now.
        """
        # Of two who write into one trail at once, one would fail.
        await work.checks.lock_of(account_key(given.brand, given.account_id))
        customer = await work.checks.verify(
            given, since=now - IDLE_AT_MOST, at=now, continues=continues
        )
        await work.chats.belongs_to(given.conversation, given.account_id)
        told = {
            "conversation": given.conversation,
            "proofs": sorted(given.proofs),
            "level": customer.level.name.lower(),
        }
        await work.audit.record(
            account_subject(given.brand, given.account_id),
            "customer_verified",
            by=by or Actor(Role.CUSTOMER, given.account_id),
            at=now,
            data=told | dict(more or {}),
        )
        return customer


def account_subject(brand: str, account: str) -> str:
    """The audit trail of an account."""
    return f"account:{brand}/{account}"

"""Proof of who is speaking: a one-time code to the account's e-mail, asked for with an order.

Knows how long codes, locks and proofs last, and answers a stranger's pair exactly as a right
one. Leaves the mail itself to the outbox.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from actions.domain.account import Account, email_key
from actions.domain.clock import Clock
from actions.domain.customer import Customer
from actions.domain.events import Actor, Role
from actions.services.codes import is_code_of
from actions.services.notices import Notices
from actions.storage.records import order_key
from actions.storage.tables import ChallengeRow, LockRow
from actions.storage.work import Storage, Work

CODE_LASTS = timedelta(minutes=10)
CODE_LASTS_AT_MOST = timedelta(minutes=30)  # however often it is sent again
SEND_AGAIN_AFTER = timedelta(seconds=60)
MOST_SENDS = 5
TRIES = 5
FIRST_LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(hours=24)
FORGIVEN_AFTER = timedelta(hours=24)
IDLE_AT_MOST = timedelta(minutes=30)


class CodeCheck(StrEnum):
    """What came of a code that somebody typed."""

    VERIFIED = "verified"
    WRONG = "wrong"
    EXPIRED = "expired"
    LOCKED = "locked"
    NOT_SENT = "not_sent"


class Assurance(StrEnum):
    """By what a conversation has proved whose account it speaks for."""

    CODE = "code"


class Verification:
    """Sends codes, checks them, and says who a conversation speaks for."""

    def __init__(self, storage: Storage, notices: Notices, code_secret: str, clock: Clock) -> None:
        self._storage = storage
        self._notices = notices
        self._secret = code_secret
        self._clock = clock

    async def send_code(
        self,
        conversation: str,
        brand: str,
        email: str,
        order_number: str,
        *,
        again: bool = False,
    ) -> None:
        """Mail a code if e-mail and order belong to one account; do as much work if they don't.

        Asked for again, the pair's code is sent again (``again``: also within a minute).
        """
        now = self._clock()
        async with self._storage.writing() as work:
            lock = await work.checks.lock_of(_lock_key(brand, email_key(email)))
            owner = await work.records.owner(brand, email, order_number)
            challenge = await work.checks.latest_challenge(conversation)
            if challenge is None or not _is_for(challenge, brand, email, order_number, now):
                challenge = _new_challenge(conversation, brand, email, order_number, owner, now)
                work.checks.add(challenge)
            elif not _may_send_again(challenge, now, again):
                return
            _count_send(challenge, now)
            if not _is_locked(lock, now):
                await self._notices.promise_code_in(work, challenge)

    async def check_code(self, conversation: str, code: str) -> CodeCheck:
        """Say whether ``code`` is the one mailed last; a right one verifies the conversation."""
        now = self._clock()
        async with self._storage.writing() as work:
            challenge = await work.checks.latest_challenge(conversation)
            if challenge is None:
                return CodeCheck.NOT_SENT
            lock = await work.checks.lock_of(_lock_key(challenge.brand, challenge.email_key))
            # Another request may have used it up while this one waited for the lock.
            await work.session.refresh(challenge)
            if _is_locked(lock, now):
                return CodeCheck.LOCKED
            if challenge.expires_at <= now:
                return CodeCheck.EXPIRED
            right = is_code_of(challenge.id, self._secret, code)
            if not right or challenge.account_id is None:
                return _count_failure(lock, now)
            lock.failures, lock.failed_at, lock.locked_until = 0, None, None
            if challenge.used_at is None:
                await self._verify(work, challenge, challenge.account_id, now)
            # Else it is the same code again, as when an answer was lost: it proves nothing new.
            return CodeCheck.VERIFIED

    async def customer(self, conversation: str) -> Customer | None:
        """Who ``conversation`` speaks for; None unless verified and not idle for half an hour.

        A call counts as use: it starts the half hour anew.
        """
        now = self._clock()
        async with self._storage.writing() as work:
            return await work.checks.renew(conversation, since=now - IDLE_AT_MOST, at=now)

    async def _verify(
        self, work: Work, challenge: ChallengeRow, account: str, now: datetime
    ) -> None:
        challenge.used_at = now
        customer = Customer(challenge.brand, account, challenge.conversation)
        await work.checks.verify(customer, Assurance.CODE, now)
        await work.chats.belongs_to(challenge.conversation, account)
        await work.audit.record(
            f"account:{challenge.brand}/{account}",
            "customer_verified",
            by=Actor(Role.CUSTOMER, account),
            at=now,
            data={"conversation": challenge.conversation, "level": Assurance.CODE.value},
        )


def _lock_key(brand: str, key: str) -> str:
    return f"{brand}:{key}"


def _is_locked(lock: LockRow, now: datetime) -> bool:
    return lock.locked_until is not None and lock.locked_until > now


def _is_for(
    challenge: ChallengeRow, brand: str, email: str, order_number: str, now: datetime
) -> bool:
    """Whether the challenge is still good, and for this very pair."""
    pair = (challenge.brand, challenge.email_key, challenge.order_number)
    good = challenge.used_at is None and challenge.expires_at > now
    return good and pair == (brand, email_key(email), order_key(order_number))


def _new_challenge(
    conversation: str,
    brand: str,
    email: str,
    order_number: str,
    owner: Account | None,
    now: datetime,
) -> ChallengeRow:
    return ChallengeRow(
        id=secrets.token_urlsafe(24),
        conversation=conversation,
        brand=brand,
        email_key=email_key(email),
        order_number=order_key(order_number),
        account_id=owner.id if owner else None,
        sends=0,
        created_at=now,
        sent_at=now,
        expires_at=now + CODE_LASTS,
    )


def _may_send_again(challenge: ChallengeRow, now: datetime, again: bool) -> bool:
    waited = now - challenge.sent_at >= SEND_AGAIN_AFTER
    return challenge.sends < MOST_SENDS and (again or waited)


def _count_send(challenge: ChallengeRow, now: datetime) -> None:
    challenge.sends += 1
    challenge.sent_at = now
    challenge.expires_at = min(now + CODE_LASTS, challenge.created_at + CODE_LASTS_AT_MOST)


def _count_failure(lock: LockRow, now: datetime) -> CodeCheck:
    """Count a wrong code; every fifth in a row locks, each time for twice as long."""
    if lock.failed_at is not None and now - lock.failed_at > FORGIVEN_AFTER:
        lock.failures = 0
    lock.failures += 1
    lock.failed_at = now
    if lock.failures % TRIES:
        return CodeCheck.WRONG
    doublings = min(lock.failures // TRIES - 1, 10)
    lock.locked_until = now + min(FIRST_LOCK * 2**doublings, LONGEST_LOCK)
    return CodeCheck.LOCKED

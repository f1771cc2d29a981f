"""Another e-mail address for an account: asked for with the highest assurance, proved by a code to
the new address, and told to the old one.

Knows how a change is proved and undone. Leaves the words to ``notices``. The audit trail keeps
addresses only as hashes keyed with the desk's secret. No import undoes a change by itself (see
``storage.records``); a member of staff can.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from actions.domain.account import Account, email_key
from actions.domain.assurance import Operation
from actions.domain.clock import Clock
from actions.domain.contact_change import ContactChange
from actions.domain.customer import Customer
from actions.domain.errors import (
    AccountNotFound,
    ContactChangeNotFound,
    Fault,
    InputRefused,
    TriedTooOften,
)
from actions.domain.events import Actor, Role
from actions.services.assurance import needs
from actions.services.codes import is_code_of
from actions.services.inputs import LONGEST_NOTE, STAFF, must_be, text_of
from actions.services.locks import Limit, account_key, forgive, is_locked, key_of
from actions.services.notices import Notices
from actions.services.proving import CodeCheck, account_subject
from actions.storage.tables import ContactChangeRow
from actions.storage.work import Storage, Work

CODE_LASTS = timedelta(minutes=10)
ASK_AGAIN_AFTER = timedelta(seconds=60)
MOST_A_DAY = 5
DAY = timedelta(days=1)
OF_CHANGE = Limit(5, first=timedelta(minutes=15), longest=timedelta(hours=24))
LONGEST_EMAIL = 320
NO_EMAIL = "请填写有效的电子邮箱 · must be an e-mail address"
SAME_EMAIL = "这已经是账户现在的邮箱 · is the account's address already"

_EMAIL = re.compile(r"[^\s@<>\"(),:;\\\[\]]+@[^\s@<>\"(),:;\\\[\]]+\.[^\s@<>\"(),:;\\\[\].]+")


class ContactChanges:
    """Changes accounts' e-mail addresses."""

    def __init__(self, storage: Storage, notices: Notices, code_secret: str, clock: Clock) -> None:
        self._storage = storage
        self._notices = notices
        self._secret = code_secret
        self._clock = clock

    @needs(Operation.CHANGE_CONTACT)
    async def request(self, customer: Customer, new_email: str) -> None:
        """Mail a code to the new address; asked again within a minute, nothing more is sent.

        Raises:
            InputRefused: this is no address, or it is the account's already.
            TriedTooOften: five have been asked for in a day, or too many codes were wrong.
        """
        email, now = _address(new_email), self._clock()
        async with self._storage.writing() as work:
            if is_locked(await work.checks.lock_of(_lock_key(customer)), now):
                raise TriedTooOften()
            account = await _account(work, customer.brand, customer.account_id)
            if account.email_key() == email_key(email):
                raise InputRefused(Fault("email", SAME_EMAIL))
            last = await _latest(work, customer)
            if last and last.new_email == email and now - last.asked_at < ASK_AGAIN_AFTER:
                return
            mine = (customer.brand, customer.account_id)
            if await work.contact_changes.asked_since(*mine, now - DAY) >= MOST_A_DAY:
                raise TriedTooOften()
            change = _new_change(customer, account, email, now)
            work.contact_changes.add(change)
            await self._notices.promise_contact_in(work, change, "code")
            await self._record(work, change, "contact_change_asked", by=_who(customer))

    @needs(Operation.CHANGE_CONTACT)
    async def confirm(self, customer: Customer, code: str) -> CodeCheck:
        """Change the address if ``code`` is the one mailed to it last, in this conversation.

        The old address is told. The same code again changes nothing.
        """
        now = self._clock()
        async with self._storage.writing() as work:
            lock = await work.checks.lock_of(_lock_key(customer))
            change = await _latest(work, customer)
            if change is None:
                return CodeCheck.NOT_SENT
            if is_locked(lock, now):
                return CodeCheck.LOCKED
            if change.expires_at <= now:
                return CodeCheck.EXPIRED
            if not is_code_of(change.id, self._secret, code):
                return CodeCheck.LOCKED if OF_CHANGE.count(lock, now) else CodeCheck.WRONG
            forgive(lock)
            if change.done_at is None:
                await self._carry_out(work, change, now, by=_who(customer))
            return CodeCheck.VERIFIED

    async def of_account(self, brand: str, account_id: str, *, by: Actor) -> list[ContactChange]:
        """What was changed of an account, oldest first. Raises ``NotAllowed`` unless staff ask."""
        must_be(by, *STAFF)
        async with self._storage.reading() as work:
            rows = await work.contact_changes.done_of(brand, account_id)
        return [
            ContactChange(
                row.id, row.brand, row.account_id, row.conversation, row.done_at, row.undone_at
            )
            for row in rows
            if row.done_at is not None
        ]

    async def undo(self, id: str, *, by: Actor, reason: str) -> None:
        """Give the account the address that it had before a change.

        Raises:
            NotAllowed: nobody of the staff says so.
            ContactChangeNotFound: there is none such, or it has been undone.
            InputRefused: no reason is given, or one that can't be kept.
        """
        must_be(by, *STAFF)
        reason, now = text_of(reason, "reason", LONGEST_NOTE), self._clock()
        async with self._storage.writing() as work:
            seen = await work.contact_changes.get(id)
            if seen is None:
                raise ContactChangeNotFound()
            await work.checks.lock_of(key_of("contact", seen.brand, seen.account_id))
            await work.session.refresh(seen)
            if seen.done_at is None or seen.undone_at is not None:
                raise ContactChangeNotFound()
            seen.undone_at = now
            await work.records.change_email(seen.brand, seen.account_id, seen.old_email)
            told = {"reason": reason}
            await self._record(work, seen, "contact_change_undone", by=by, more=told)

    async def _carry_out(
        self, work: Work, change: ContactChangeRow, now: datetime, *, by: Actor
    ) -> None:
        account = await _account(work, change.brand, change.account_id)
        change.old_email, change.done_at = account.email, now
        await work.records.change_email(change.brand, change.account_id, change.new_email)
        await self._notices.promise_contact_in(work, change, "changed")
        await self._record(work, change, "contact_changed", by=by)

    async def _record(
        self,
        work: Work,
        change: ContactChangeRow,
        what: str,
        *,
        by: Actor,
        more: dict[str, Any] | None = None,
    ) -> None:
        await work.checks.lock_of(account_key(change.brand, change.account_id))
        await work.audit.record(
            account_subject(change.brand, change.account_id),
            what,
            by=by,
            at=self._clock(),
            data={
                "conversation": change.conversation,
                "from": self._mark(change.old_email),
                "to": self._mark(change.new_email),
            }
            | (more or {}),
        )

    def _mark(self, email: str) -> str:
        """An address as the trail keeps it: the same one is the same mark, and no more."""
        said = f"email:{email_key(email)}".encode()
        return hmac.new(self._secret.encode(), said, hashlib.sha256).hexdigest()


def _who(customer: Customer) -> Actor:
    return Actor(Role.CUSTOMER, customer.account_id)


def _lock_key(customer: Customer) -> str:
    return key_of("contact", customer.brand, customer.account_id)


def _address(typed: str) -> str:
    email = text_of(typed, "email", LONGEST_EMAIL)
    if not _EMAIL.fullmatch(email):
        raise InputRefused(Fault("email", NO_EMAIL))
    return email


async def _account(work: Work, brand: str, id: str) -> Account:
    account = await work.records.account(brand, id)
    if account is None:
        raise AccountNotFound()
    return account


async def _latest(work: Work, customer: Customer) -> ContactChangeRow | None:
    return await work.contact_changes.latest(
        customer.brand, customer.account_id, customer.conversation
    )


def _new_change(
    customer: Customer, account: Account, email: str, now: datetime
) -> ContactChangeRow:
    return ContactChangeRow(
        id=secrets.token_urlsafe(24),
        brand=customer.brand,
        account_id=customer.account_id,
        conversation=customer.conversation,
        old_email=account.email,
        new_email=email,
        asked_at=now,
        expires_at=now + CODE_LASTS,
    )

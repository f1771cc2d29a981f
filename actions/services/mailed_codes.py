"""A one-time code to the account's e-mail, asked for with one of its orders.

A code is six digits, good for ten minutes, and kept nowhere, not even hashed: it follows from its
challenge and the desk's secret (see ``codes``). A pair of e-mail and order that doesn't belong
together gets a decoy challenge: the same work, rows and words, but no mail and no right code.

Wrong codes are counted three times, each fifth in a row locks, and each lock is twice as long:

* by conversation, up to a day: whoever guesses here stops guessing here;
* by the pair that was named, real or not, up to two hours: new conversations don't help;
* by account, up to two hours, over all pairs and conversations: who knows several of an
  account's orders gets no more tries. This one is never told: it would tell that two orders
  belong together. While it holds, the right code is called wrong, and none is mailed.

Only a pair that really is the account's counts against the account. So a stranger who knows an
address can't lock its owner out, whatever order numbers they try. One who knows an order too can
stop codes for it, for fifteen minutes at first and two hours at most after the last wrong one;
the owner still has the brand's sign-in, another conversation's link code, or a person.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from actions.domain.account import Account, email_key
from actions.domain.assurance import Proof
from actions.domain.customer import Customer
from actions.services.codes import is_code_of
from actions.services.locks import Limit, account_key, forgive, is_locked, key_of
from actions.services.proving import CodeCheck, Proving
from actions.storage.records import order_key
from actions.storage.tables import ChallengeRow
from actions.storage.work import Work

CODE_LASTS = timedelta(minutes=10)
CODE_LASTS_AT_MOST = timedelta(minutes=30)  # however often it is sent again
SEND_AGAIN_AFTER = timedelta(seconds=60)
MOST_SENDS = 5
OF_CONVERSATION = Limit(5, first=timedelta(minutes=15), longest=timedelta(hours=24))
OF_OWNER = Limit(5, first=timedelta(minutes=15), longest=timedelta(hours=2))


class MailedCodes(Proving):
    """Sends codes and checks them."""

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
            here = await work.checks.lock_of(_conversation_key(conversation))
            pair = await work.checks.lock_of(_pair_key(brand, email, order_number))
            owner = await work.records.owner(brand, email, order_number)
            challenge = await work.checks.latest_challenge(conversation)
            if challenge is None or not _is_for(challenge, brand, email, order_number, now):
                challenge = _new_challenge(conversation, brand, email, order_number, owner, now)
                work.checks.add(challenge)
            elif not _may_send_again(challenge, now, again):
                return
            _count_send(challenge, now)
            if not is_locked(here, now) and not is_locked(pair, now):
                await self._notices.promise_code_in(work, challenge)

    async def check_code(self, conversation: str, code: str) -> CodeCheck:
        """Say whether ``code`` is the one mailed last; a right one proves the account is theirs."""
        now = self._clock()
        async with self._storage.writing() as work:
            challenge = await work.checks.latest_challenge(conversation)
            if challenge is None:
                return CodeCheck.NOT_SENT
            pair = _pair_key(challenge.brand, challenge.email_key, challenge.order_number)
            seen = [
                await work.checks.lock_of(_conversation_key(conversation)),
                await work.checks.lock_of(pair),
            ]
            unseen = await work.checks.lock_of(_owner_key(challenge))
            # Another request may have used it up while this one waited for the locks.
            await work.session.refresh(challenge)
            if any(is_locked(lock, now) for lock in seen):
                return CodeCheck.LOCKED
            if challenge.expires_at <= now:
                return CodeCheck.EXPIRED
            right = is_code_of(challenge.id, self._secret, code) and not is_locked(unseen, now)
            if not right or challenge.account_id is None:
                if is_locked(unseen, now):
                    unseen.failed_at = now  # a blind try must not make the owner wait longer
                else:
                    OF_OWNER.count(unseen, now)
                limits = (OF_CONVERSATION, OF_OWNER)
                locked = [limit.count(lock, now) for limit, lock in zip(limits, seen, strict=True)]
                return CodeCheck.LOCKED if any(locked) else CodeCheck.WRONG
            for lock in (*seen, unseen):
                forgive(lock)
            if challenge.used_at is None:
                await self._used(work, challenge, challenge.account_id, now)
            # Else it is the same code again, as when an answer was lost: it proves nothing new.
            return CodeCheck.VERIFIED

    async def _used(self, work: Work, challenge: ChallengeRow, account: str, now: datetime) -> None:
        challenge.used_at = now
        proofs = frozenset({Proof.CODE})
        given = Customer(challenge.brand, account, challenge.conversation, proofs)
        await self._prove(work, given, now)


def _conversation_key(conversation: str) -> str:
    return key_of("codes_of_conversation", conversation)


def _pair_key(brand: str, email: str, order_number: str) -> str:
    return key_of("codes_of_pair", brand, email_key(email), order_key(order_number))


def _owner_key(challenge: ChallengeRow) -> str:
    """The account's; of a decoy, one that nothing else counts on."""
    if challenge.account_id is not None:
        return account_key(challenge.brand, challenge.account_id)
    return key_of("decoy", challenge.brand, challenge.email_key, challenge.order_number)


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

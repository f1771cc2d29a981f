"""Going on in another channel: a code from one conversation opens another, once.

Knows how a code is made, how long it holds, and what guessing meets. The code is kept only as a
hash keyed with the desk's secret. It passes on the proofs that its conversation had when it was
made, never more.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import replace
from datetime import timedelta

from actions.domain.assurance import Operation
from actions.domain.customer import Customer
from actions.domain.refund_case import ALPHABET
from actions.services.assurance import needs, require
from actions.services.locks import Limit, forgive, is_locked, key_of
from actions.services.proving import CodeCheck, Proving

LINK_LENGTH = 8  # of 23 characters without look-alikes: 7.8 * 10**10 codes
LINK_LASTS = timedelta(minutes=10)
OF_CONVERSATION = Limit(5, first=timedelta(minutes=15), longest=timedelta(hours=24))
OF_BRAND = Limit(200, first=timedelta(minutes=15), longest=timedelta(minutes=15))
"""Over all conversations, right codes between not counted off: 20,000 guesses a day at most, so
with a hundred codes alive at any time one would fit in a hundred years. A brand whose codes rest
for a quarter of an hour still has all other ways to prove who one is.
"""


class LinkCodes(Proving):
    """Gives codes that continue a conversation elsewhere, and takes them."""

    @needs(Operation.LINK_CHANNEL)
    async def link_code(self, customer: Customer) -> str:
        """A new code for the customer to type in another channel; the one before ends with it.

        Raises:
            NotVerified: the conversation speaks for the customer no longer.
        """
        code = "".join(secrets.choice(ALPHABET) for _ in range(LINK_LENGTH))
        now = self._clock()
        async with self._storage.writing() as work:
            present = await self._present(work, customer, now)
            require(present, Operation.LINK_CHANNEL)
            await work.checks.put_link_code(present, self._hash(code), now + LINK_LASTS)
        return code

    async def redeem_link(self, conversation: str, brand: str, code: str) -> CodeCheck:
        """Let ``conversation`` continue the one that ``code`` was given in: verified, wrong or
        locked. A code of another brand, used or too old is a wrong one.
        """
        now = self._clock()
        async with self._storage.writing() as work:
            here = await work.checks.lock_of(key_of("links_of_conversation", conversation))
            everywhere = await work.checks.lock_of(key_of("links_of_brand", brand))
            if is_locked(here, now) or is_locked(everywhere, now):
                return CodeCheck.LOCKED
            old = await work.checks.take_link_code(brand, self._hash(code), at=now)
            if old is None:
                OF_BRAND.count(everywhere, now)
                locked = OF_CONVERSATION.count(here, now)
                return CodeCheck.LOCKED if locked else CodeCheck.WRONG
            forgive(here)
            more = {"continues": old.conversation}
            given = replace(old, conversation=conversation)
            await self._prove(work, given, now, more=more, continues=old.conversation)
            return CodeCheck.VERIFIED

    def _hash(self, typed: str) -> str:
        plain = unicodedata.normalize("NFKC", typed).upper()
        said = "".join(char for char in plain if not char.isspace() and char not in "-‐‑–—")
        return hmac.new(self._secret.encode(), f"link:{said}".encode(), hashlib.sha256).hexdigest()

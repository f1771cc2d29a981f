"""Who is speaking: the ladder of proofs, from the brand's own sign-in to a person's word.

Knows what staff may say of a customer. Each other rung is in its own module; all of them are
verbs of ``Verification``.
"""

from __future__ import annotations

from actions.domain.assurance import Proof
from actions.domain.customer import Customer
from actions.domain.errors import AccountNotFound
from actions.domain.events import Actor
from actions.services.identity import Identities
from actions.services.inputs import LONGEST_NOTE, STAFF, must_be, text_of
from actions.services.link_codes import LinkCodes
from actions.services.locks import account_key
from actions.services.mailed_codes import MailedCodes
from actions.services.payment_proofs import PaymentProofs
from actions.services.proving import IDLE_AT_MOST, CodeCheck, account_subject
from actions.storage.work import Work

__all__ = ["IDLE_AT_MOST", "CodeCheck", "Verification"]


class Verification(Identities, MailedCodes, PaymentProofs, LinkCodes):
    """Takes proofs, takes them back, and says who a conversation speaks for."""

    async def vouch(
        self, conversation: str, brand: str, account_id: str, *, by: Actor, reason: str
    ) -> Customer:
        """A member of staff has checked who is speaking: the highest level, recorded.

        Raises:
            NotAllowed: nobody of the staff says so.
            AccountNotFound: the brand has no such account.
            InputRefused: no reason is given, or one that can't be kept.
        """
        must_be(by, *STAFF)
        reason = text_of(reason, "reason", LONGEST_NOTE)
        async with self._storage.writing() as work:
            if await work.records.account(brand, account_id) is None:
                raise AccountNotFound()
            given = Customer(brand, account_id, conversation, frozenset({Proof.PERSON}))
            return await self._prove(work, given, self._clock(), by=by, more={"reason": reason})

    async def revoke(self, conversation: str, *, by: Actor, reason: str) -> None:
        """Take all proofs of a conversation away, with its codes, and of those that continue it.

        Twice is fine.

        Raises:
            NotAllowed: nobody of the staff says so.
            InputRefused: no reason is given, or one that can't be kept.
        """
        must_be(by, *STAFF)
        reason = text_of(reason, "reason", LONGEST_NOTE)
        async with self._storage.writing() as work:
            seen, left = {conversation}, [conversation]
            while left:
                here = left.pop()
                further = set(await work.checks.continued_in(here)) - seen
                seen |= further
                left += sorted(further)
                await self._revoke(work, here, by=by, reason=reason)

    async def _revoke(self, work: Work, conversation: str, *, by: Actor, reason: str) -> None:
        customer = await work.checks.forget(conversation)
        if customer is None:
            return
        await work.checks.lock_of(account_key(customer.brand, customer.account_id))
        await work.audit.record(
            account_subject(customer.brand, customer.account_id),
            "verification_revoked",
            by=by,
            at=self._clock(),
            data={"conversation": conversation, "reason": reason},
        )

"""Proof of a payment: method, part of its number, day and amount, where the brand asks for it.

Knows when it is asked for and how often one may be wrong. Leaves comparing to the domain. Which
part of a claim was wrong, or that there is no such order, is never said.
"""

from __future__ import annotations

from datetime import timedelta

from actions.domain.assurance import Operation, Proof
from actions.domain.customer import Customer
from actions.domain.payment_claim import PaymentCheck, PaymentClaim
from actions.services.assurance import needs, owes_payment_proof
from actions.services.locks import Limit, forgive, is_locked, key_of
from actions.services.proving import Proving

OF_PAYMENT = Limit(3, first=timedelta(minutes=15), longest=timedelta(hours=24))
"""By account, over all its orders and conversations. Only who has proved to be the account's
owner can claim at all, so no stranger locks anybody out with it.
"""


class PaymentProofs(Proving):
    """Takes claims about payments."""

    @needs(Operation.REFUND)
    async def asks_for_payment(self, customer: Customer, order_number: str) -> bool:
        """Whether a refund of this order still takes a payment proof; no if there is none such."""
        async with self._storage.reading() as work:
            order = await work.records.order(customer.brand, customer.account_id, order_number)
        brand = self._brands[customer.brand]
        return order is not None and owes_payment_proof(brand, customer, order)

    @needs(Operation.REFUND)
    async def prove_payment(
        self, customer: Customer, order_number: str, claim: PaymentClaim
    ) -> PaymentCheck:
        """Compare a claim with the order's payment; a right one is a proof, for that order.

        Raises:
            NotVerified: the conversation speaks for the customer no longer.
        """
        now, brand = self._clock(), customer.brand
        async with self._storage.writing() as work:
            lock = await work.checks.lock_of(key_of("payments", brand, customer.account_id))
            present = await self._present(work, customer, now)
            order = await work.records.order(brand, present.account_id, order_number)
            if is_locked(lock, now):
                return PaymentCheck.LOCKED
            zone = self._brands[brand].time_zone
            if order is None or not claim.fits(order, zone):
                return PaymentCheck.LOCKED if OF_PAYMENT.count(lock, now) else PaymentCheck.WRONG
            forgive(lock)
            given = Customer(
                brand,
                present.account_id,
                present.conversation,
                frozenset({Proof.PAYMENT}),
                frozenset({order.order_number}),
            )
            await self._prove(work, given, now, more={"order": order.order_number})
            return PaymentCheck.PROVED

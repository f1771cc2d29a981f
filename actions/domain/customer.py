"""Who is talking, once proved. How it is proved is left to the verification service."""

from dataclasses import dataclass

from actions.domain.assurance import Level, Proof, level_of


@dataclass(frozen=True, slots=True)
class Customer:
    """A person who speaks for one account of one brand, within one conversation.

    Without ``proofs`` it is a mere claim: no service does anything for it. ``paid_orders`` are
    the numbers of the orders whose payment has been proved.
    """

    brand: str
    account_id: str
    conversation: str
    proofs: frozenset[Proof] = frozenset()
    paid_orders: frozenset[str] = frozenset()

    @property
    def level(self) -> Level:
        """What the proofs add up to."""
        return level_of(self.proofs)

    def has_proved_payment_of(self, order_number: str) -> bool:
        """Whether nothing more has to be known about an order's payment.

        Who can't prove a payment goes to a person, so a person's word stands for it.
        """
        return Proof.PERSON in self.proofs or order_number in self.paid_orders

"""How sure the desk is of who is speaking, and how sure it has to be for what.

Knows the proofs there are, the level that they add up to, and the level that each operation
needs. How a proof is given, and for how long it holds, is left to the verification service.
"""

from collections.abc import Iterable
from enum import IntEnum, StrEnum


class Proof(StrEnum):
    """One way in which a conversation has proved whose account it speaks for."""

    IDENTITY = "identity"
    """A token signed by the brand's own site, where the customer is signed in."""
    CODE = "code"
    """A one-time code mailed to the account, asked for with an order of the account."""
    PAYMENT = "payment"
    """The details of a payment; adds to another proof and is none by itself."""
    PERSON = "person"
    """A member of staff has checked who it is."""


class Level(IntEnum):
    """The assurance that proofs add up to; a higher one allows all that a lower one does."""

    NONE = 0
    LOW = 1
    """Somebody knows a refund's tracking number and its e-mail address."""
    HIGH = 2
    """The account's own sign-in or mailbox has been used."""
    HIGHEST = 3
    """Two proofs that don't rest on each other, or a person has checked."""


class Operation(StrEnum):
    """What is done for a customer, as far as it takes proof of who that is."""

    STATUS_BY_NUMBER = "status_by_number"
    READ_ACCOUNT = "read_account"
    REFUND = "refund"
    APPEAL = "appeal"
    GIVE_EVIDENCE = "give_evidence"
    CANCEL_RENEWAL = "cancel_renewal"
    LINK_CHANNEL = "link_channel"
    CHANGE_CONTACT = "change_contact"


NEEDS: dict[Operation, Level] = {
    Operation.STATUS_BY_NUMBER: Level.LOW,
    Operation.READ_ACCOUNT: Level.HIGH,
    Operation.REFUND: Level.HIGH,
    Operation.APPEAL: Level.HIGH,
    Operation.GIVE_EVIDENCE: Level.HIGH,
    Operation.CANCEL_RENEWAL: Level.HIGH,
    Operation.LINK_CHANNEL: Level.HIGH,
    Operation.CHANGE_CONTACT: Level.HIGHEST,
}
"""The least level for each operation; a refund may take a payment proof besides (brand file)."""

_BY_THEMSELVES = frozenset({Proof.IDENTITY, Proof.CODE})


def level_of(proofs: Iterable[Proof]) -> Level:
    """What the proofs given in one conversation, for one account, add up to."""
    given = frozenset(proofs)
    if Proof.PERSON in given:
        return Level.HIGHEST
    if not given & _BY_THEMSELVES:
        return Level.NONE
    return Level.HIGHEST if len(given) > 1 else Level.HIGH

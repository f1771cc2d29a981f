"""Everything that can go wrong on the desk, as one tree.

An error is raised; a refusal of a refund is a value (see ``decision``). Each class'
docstring is its default message, and its ``code`` is its name in snake_case. The words
customers read for a code are left to the responses and pages that show it.
"""

import re
from dataclasses import dataclass
from typing import ClassVar


def _snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


class DeskError(Exception):
    """Something went wrong at the desk."""

    code: ClassVar[str] = "desk_error"

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        cls.code = _snake_case(cls.__name__)

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or self.code).partition("\n")[0])


# --- looking things up ---------------------------------------------------------------------


class NotFound(DeskError):
    """There is nothing by that name."""


class OrderNotFound(NotFound):
    """No order of this customer's matches; said alike whether or not the order exists."""


class CaseNotFound(NotFound):
    """No refund case of this customer's matches."""


class AccountNotFound(NotFound):
    """There is no such account."""


class ContactChangeNotFound(NotFound):
    """There is no such change of an e-mail address, or it has been undone already."""


class TicketNotFound(NotFound):
    """There is no such ticket."""


class EvidenceNotFound(NotFound):
    """No file of this customer's matches."""


class PersonNotFound(NotFound):
    """No account of this brand has this id or e-mail."""


class RenewalNotFound(NotFound):
    """No cancellation of auto-renewal of this customer's matches."""


# --- who may do what -----------------------------------------------------------------------


class NotVerified(DeskError):
    """The customer has not been verified in this conversation, or not recently enough."""


class NotVerifiedEnough(NotVerified):
    """This takes more proof of who the customer is than this conversation has given."""


class PaymentProofNeeded(NotVerified):
    """This refund takes the details of its payment, and they have not been given yet."""

    def __init__(self, order_number: str) -> None:
        super().__init__()
        self.order_number = order_number


class IdentityNotAccepted(DeskError):
    """This signed identity is not accepted; why is not said."""


class TriedTooOften(DeskError):
    """This has been tried too often and rests for a while."""


class NotAllowed(DeskError):
    """This is not for this person to do."""


class SamePerson(NotAllowed):
    """Somebody else must do this: this person has had a say in the case already."""


class NotSignedIn(DeskError):
    """Nobody is signed in here, or not any more."""


class PasswordRefused(DeskError):
    """This password can't be taken."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"This password can't be taken: {reason}.")
        self.reason = reason


class StaffNotFound(NotFound):
    """There is no such member of staff."""


class StaffExists(DeskError):
    """A member of staff has this name or e-mail address already."""


class LastAdmin(NotAllowed):
    """Nobody would be left to manage staff."""


# --- cases and money -----------------------------------------------------------------------


class IllegalMove(DeskError):
    """A refund case can't take this step from the state it is in."""

    def __init__(self, number: str, was: str, step: str) -> None:
        super().__init__(f"Case {number} can't {step!r}: it is {was}.")
        self.number, self.was, self.step = number, was, step


class CaseChanged(DeskError):
    """Somebody else has changed this refund case in the meantime."""


class BadDecision(DeskError):
    """A decision contradicts itself."""


class OrderDisputed(DeskError):
    """A bank or payment provider is deciding on this payment; nothing can be paid from here."""


class AppealTooLate(DeskError):
    """The time for an appeal against this decision is over."""


class NoAppealsLeft(DeskError):
    """This case has been appealed as often as it may be."""


class AppealOpen(DeskError):
    """An appeal of this case is being looked at already."""


class OtherCaseOpen(DeskError):
    """Another refund case of the same order is open."""


class NotRenewing(DeskError):
    """This order does not renew by itself."""


class MoneyError(DeskError):
    """This amount of money makes no sense."""


class BadAmount(MoneyError):
    """An amount is digits with at most one point, such as 299.00."""


class TooManyDecimals(MoneyError):
    """The amount has more decimals than its currency."""


class UnknownCurrency(MoneyError):
    """The desk does not know this currency."""


class CurrencyMismatch(MoneyError):
    """Amounts in different currencies can't be combined."""


class OverRefund(MoneyError):
    """More would be paid back than was paid."""


# --- personal data -------------------------------------------------------------------------


class SeveralAccounts(DeskError):
    """Several accounts of this brand have this e-mail: say which is meant."""

    def __init__(self, ids: tuple[str, ...]) -> None:
        super().__init__()
        self.ids = ids


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Something under way that a person can't be erased before: what, and its number."""

    code: str
    subject: str


class ErasureRefused(DeskError):
    """Something about this person is still under way."""

    def __init__(self, *hindrances: Hindrance) -> None:
        super().__init__()
        self.hindrances = hindrances


class StoreBusy(DeskError):
    """A file that holds personal data is in use; it will be tried again."""


# --- tickets -------------------------------------------------------------------------------


class IllegalTicketMove(DeskError):
    """A ticket can't take this step from the state it is in."""

    def __init__(self, id: str, was: str, step: str) -> None:
        super().__init__(f"Ticket {id} can't {step!r}: it is {was}.")
        self.id, self.was, self.step = id, was, step


class TicketTaken(DeskError):
    """Somebody else has claimed this ticket."""

    def __init__(self, owner: str) -> None:
        super().__init__(f"This ticket is {owner}'s.")
        self.owner = owner


class TicketChanged(DeskError):
    """Somebody else has changed this ticket in the meantime."""


# --- the outside world ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a record: where (``orders[3].amount``, from line 12) and what."""

    path: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        where = self.path if self.line is None else f"line {self.line}: {self.path}"
        return f"{where}: {self.message}" if where else self.message


class Faulty(DeskError):
    """What was handed in has faults."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("\n".join(map(str, faults)) or None)
        self.faults = faults


class ImportRefused(Faulty):
    """The file was refused; nothing of it has been written."""


class FactsRefused(Faulty):
    """These facts can't be decided on."""


class InputRefused(Faulty):
    """What was entered can't be taken."""


class ReviewRefused(DeskError):
    """A member of staff's decision does not fit the case or the brand's policy."""


class BrandFileRefused(Faulty):
    """A brand file is not valid."""


class FileRefused(DeskError):
    """Only PNG and JPEG pictures and PDF documents can be taken, and only whole ones."""


class FileTooLarge(FileRefused):
    """The file is larger than ten megabytes."""


class TooManyFiles(FileRefused):
    """There are ten files here already."""


class FileDamaged(DeskError):
    """A stored file is missing, or is not what was given."""


class DeliveryFailed(DeskError):
    """A notice could not be delivered."""


class DeliveryDelayed(DeliveryFailed):
    """A notice could not be delivered for now; trying again later may help."""


class DeliveryRefused(DeliveryFailed):
    """A notice was refused for good; trying again would not help."""

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


class TicketNotFound(NotFound):
    """There is no such ticket."""


# --- who may do what -----------------------------------------------------------------------


class NotVerified(DeskError):
    """The customer has not been verified in this conversation, or not recently enough."""


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


class BrandFileRefused(Faulty):
    """A brand file is not valid."""


class DeliveryFailed(DeskError):
    """A notice could not be delivered."""


class DeliveryDelayed(DeliveryFailed):
    """A notice could not be delivered for now; trying again later may help."""


class DeliveryRefused(DeliveryFailed):
    """A notice was refused for good; trying again would not help."""

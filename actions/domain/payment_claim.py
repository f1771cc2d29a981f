"""What a customer says of a payment, and whether the records say the same.

Knows how a hint is compared as people type it. Leaves the counting of wrong claims to the
verification service.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from actions.domain.money import Money
from actions.domain.order import Method, Order

DAYS_OFF = timedelta(days=1)
"""Statements book a payment a day before or after the shop does."""

LONGEST_HINT = 320
_MASK = re.compile(r"[*•●×]+")
_FILLER = re.compile(r"[\s\-‐-―]+")
_DIGITS = re.compile(r"\d+")
_SHOWN_AT_LEAST = 4
"""Of a mask that shows less, such as "王*", only the mask itself is taken: it fits too many."""


class PaymentCheck(StrEnum):
    """What came of a claim; which part of it was wrong is never said."""

    PROVED = "proved"
    WRONG = "wrong"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class PaymentClaim:
    """How an order was paid, says the customer.

    ``hint`` is a card's last four digits, or what the payment shows of its payer: the number or
    address masked as in a statement, or in full. ``paid_on`` is a day in the brand's zone.
    """

    method: Method
    hint: str = field(repr=False)
    paid_on: date
    amount: Money

    def fits(self, order: Order, zone: ZoneInfo) -> bool:
        """Whether method, hint, day (give or take one) and amount are all the order's."""
        if order.paid_at is None or order.payment.hint is None:
            return False
        booked = order.paid_at.astimezone(zone).date()
        return all(
            (
                self.method is order.payment.method,
                same_hint(self.hint, order.payment.hint),
                abs(self.paid_on - booked) <= DAYS_OFF,
                self.amount == order.amount,
            )
        )


def same_hint(typed: str, recorded: str) -> bool:
    """Whether ``typed`` names the payer that the records show as ``recorded``.

    Width, case, spaces and dashes don't count. Digits alone must be the same digits
    ("**** 4242" is "4242"); where the records are masked inside ("138****0002"), the full
    number or address fits too.
    """
    said, known = _plain(typed[:LONGEST_HINT]), _plain(recorded)
    if said == known:
        return bool(known)
    if _DIGITS.fullmatch(known):
        return _MASK.sub("", said).strip("x") == known
    parts = _MASK.split(known)
    if len(parts) < 2 or sum(map(len, parts)) < _SHOWN_AT_LEAST:
        return False
    return re.fullmatch(".+".join(map(re.escape, parts)), said) is not None


def _plain(text: str) -> str:
    return _FILLER.sub("", unicodedata.normalize("NFKC", text).casefold())

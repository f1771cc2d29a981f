"""An appeal: which fact of a decision the customer disputes, with what words and evidence.

Knows how often and how long after a decision one may be made. Who decides it, and how, is left
to the services.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

MOST_APPEALS = 2
"""Appeals of one case. The first puts new facts before another person, the second before a
third; after that the same facts would only be read again.
"""
APPEAL_WITHIN = timedelta(days=30)
"""How long after a decision it may be appealed. An assumption: neither brand's policy gives a
number, and thirty days is the longest time limit that either of them states.
"""
LONGEST_WORDS = 2000


class DisputedFact(StrEnum):
    """What the customer says is wrong; an appeal without one is only a complaint."""

    PAYMENT_DATE = "payment_date"
    AMOUNT = "amount"
    CANCELLATION = "cancellation"
    ACCOUNT_STATUS = "account_status"
    DOUBLE_CHARGE = "double_charge"
    CAPTURED_PAYMENT = "captured_payment"
    REASON = "reason"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Appeal:
    """The ``nth`` appeal of a case; ``evidence`` are ids of its files."""

    case_number: str
    nth: int
    fact: DisputedFact
    words: str
    evidence: tuple[str, ...]
    made_at: datetime

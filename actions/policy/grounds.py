"""The names for why a request is answered as it is, and for how each kind is treated.

Brand files tie each ground to a clause; ``phrases`` words it in both languages.
"""

from enum import StrEnum


class Treatment(StrEnum):
    """Which refund rule a brand applies to a kind of order."""

    MONEY_BACK = "money_back"
    WITH_PURCHASE = "with_purchase"
    UNLESS_CANCELLED = "unless_cancelled"
    WITH_REASON = "with_reason"
    NEVER = "never"


class Reason(StrEnum):
    """Why a customer wants the money back, as a code; anything else is free text."""

    WRONG_OPERATION = "wrong_operation"
    DOUBLE_PAYMENT = "double_payment"
    DISSATISFACTION = "dissatisfaction"
    NOT_RECEIVED = "not_received"
    PRICE_CHANGE = "price_change"
    OTHER = "other"


class Ground(StrEnum):
    """Why: the first group pays, the second refuses or asks for a person (a refusal code)."""

    MONEY_BACK = "money_back"
    RENEWAL_CANCELLED = "renewal_cancelled"
    UPGRADE_IN_WINDOW = "upgrade_in_window"
    REASON_ACCEPTED = "reason_accepted"
    DOUBLE_CHARGE = "double_charge"
    CAPTURED_FAILURE = "captured_failure"
    UNUSED_SHARE = "unused_share"
    PERSON_AGREED = "person_agreed"

    NOTHING_PAID = "nothing_paid"
    ALREADY_REFUNDED = "already_refunded"
    RECORDS_DISAGREE = "records_disagree"
    DISPUTED = "disputed"
    ACCOUNT_STANDING = "account_standing"
    PAST_WINDOW = "past_window"
    NOT_FIRST_PURCHASE = "not_first_purchase"
    RENEWAL_NOT_CANCELLED = "renewal_not_cancelled"
    UPGRADE_PAST_WINDOW = "upgrade_past_window"
    OUT_OF_TIME = "out_of_time"
    REASON_MISSING = "reason_missing"
    REASON_UNCLEAR = "reason_unclear"
    REASON_NOT_ACCEPTED = "reason_not_accepted"
    ONCHAIN_IRREVERSIBLE = "onchain_irreversible"
    SWAP_NOT_SUPPORTED = "swap_not_supported"
    KIND_NOT_COVERED = "kind_not_covered"
    UNUSUAL_VELOCITY = "unusual_velocity"
    PERSON_REFUSED = "person_refused"


class Remedy(StrEnum):
    """What could lead to another answer, or to another way of getting the money."""

    GIVE_REASON = "give_reason"
    ACCEPTED_REASON = "accepted_reason"
    PROOF_OF_CANCELLATION = "proof_of_cancellation"
    PROOF_OF_CHARGE = "proof_of_charge"
    PROOF_OF_EARLIER_REQUEST = "proof_of_earlier_request"
    SPECIAL_CIRCUMSTANCES = "special_circumstances"
    ACCOUNT_RESTORED = "account_restored"
    DISPUTE_SETTLED = "dispute_settled"
    RECORDS_CORRECTED = "records_corrected"
    RECIPIENT_RETURNS = "recipient_returns"
    FEE_OF_FAILED_SWAP = "fee_of_failed_swap"
    LATER_CHARGE = "later_charge"
    NEW_EVIDENCE = "new_evidence"


PAYING = frozenset(
    {
        Ground.MONEY_BACK,
        Ground.RENEWAL_CANCELLED,
        Ground.UPGRADE_IN_WINDOW,
        Ground.REASON_ACCEPTED,
        Ground.DOUBLE_CHARGE,
        Ground.CAPTURED_FAILURE,
        Ground.UNUSED_SHARE,
        Ground.PERSON_AGREED,
    }
)
"""Grounds on which money goes back; every other ground is a refusal code."""

REFUSAL_CODES = tuple(ground for ground in Ground if ground not in PAYING)

EVERYWHERE = frozenset(
    {
        Ground.DOUBLE_CHARGE,
        Ground.CAPTURED_FAILURE,
        Ground.NOTHING_PAID,
        Ground.ALREADY_REFUNDED,
        Ground.RECORDS_DISAGREE,
        Ground.DISPUTED,
        Ground.ACCOUNT_STANDING,
        Ground.KIND_NOT_COVERED,
        Ground.UNUSUAL_VELOCITY,
    }
)
"""Grounds that every brand may meet, whatever it sells."""

GROUNDS_OF: dict[Treatment, frozenset[Ground]] = {
    Treatment.MONEY_BACK: frozenset(
        {
            Ground.MONEY_BACK,
            Ground.PAST_WINDOW,
            Ground.OUT_OF_TIME,
            Ground.UNUSED_SHARE,
            Ground.NOT_FIRST_PURCHASE,
        }
    ),
    Treatment.WITH_PURCHASE: frozenset({Ground.UPGRADE_IN_WINDOW, Ground.UPGRADE_PAST_WINDOW}),
    Treatment.UNLESS_CANCELLED: frozenset({Ground.RENEWAL_CANCELLED, Ground.RENEWAL_NOT_CANCELLED}),
    Treatment.WITH_REASON: frozenset(
        {
            Ground.REASON_ACCEPTED,
            Ground.OUT_OF_TIME,
            Ground.REASON_MISSING,
            Ground.REASON_UNCLEAR,
            Ground.REASON_NOT_ACCEPTED,
        }
    ),
    Treatment.NEVER: frozenset(),
}
"""Grounds that a brand may meet only when it treats some kind of order this way."""

REMEDIES: dict[Ground, tuple[Remedy, ...]] = {
    Ground.NOTHING_PAID: (Remedy.PROOF_OF_CHARGE,),
    Ground.ALREADY_REFUNDED: (),
    Ground.RECORDS_DISAGREE: (Remedy.RECORDS_CORRECTED,),
    Ground.DISPUTED: (Remedy.DISPUTE_SETTLED,),
    Ground.ACCOUNT_STANDING: (Remedy.ACCOUNT_RESTORED,),
    Ground.PAST_WINDOW: (Remedy.SPECIAL_CIRCUMSTANCES, Remedy.PROOF_OF_EARLIER_REQUEST),
    Ground.NOT_FIRST_PURCHASE: (Remedy.SPECIAL_CIRCUMSTANCES,),
    Ground.RENEWAL_NOT_CANCELLED: (Remedy.PROOF_OF_CANCELLATION,),
    Ground.UPGRADE_PAST_WINDOW: (Remedy.SPECIAL_CIRCUMSTANCES,),
    Ground.OUT_OF_TIME: (Remedy.PROOF_OF_EARLIER_REQUEST,),
    Ground.REASON_MISSING: (Remedy.GIVE_REASON,),
    Ground.REASON_UNCLEAR: (Remedy.GIVE_REASON,),
    Ground.REASON_NOT_ACCEPTED: (Remedy.ACCEPTED_REASON,),
    Ground.ONCHAIN_IRREVERSIBLE: (Remedy.RECIPIENT_RETURNS,),
    Ground.SWAP_NOT_SUPPORTED: (Remedy.FEE_OF_FAILED_SWAP,),
    Ground.KIND_NOT_COVERED: (Remedy.SPECIAL_CIRCUMSTANCES,),
    Ground.UNUSUAL_VELOCITY: (),
    Ground.PERSON_REFUSED: (Remedy.NEW_EVIDENCE,),
}
"""What a customer could bring or do about each refusal code; nothing helps where it is empty."""

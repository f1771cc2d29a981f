"""What a simulated customer may want, and when they have it.

One row a wish: with which words it begins, and which responses end it. What the database must hold
then is ``outcomes``; a new skill of the bot's takes a row here, one there and its tasks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ACCEPT, DECLINE = "accept", "decline"

DECIDED = frozenset(
    f"utter_refund_{end}"
    for end in ("confirmed", "awaits_approval", "denied", "needs_review", "under_way", "declined")
)
POLICY_ANSWERS = frozenset(
    f"utter_policy_{end}" for end in ("answer", "answer_only", "answer_person", "answer_status")
)
PERSON = frozenset({"utter_person_coming", "desk_person_coming"})


@dataclass(frozen=True)
class Wish:
    """One thing wanted: its row in ``KINDS``, of which order, and what a yes-or-no gets."""

    kind: str
    order: int = 0
    ending: str = ACCEPT


@dataclass(frozen=True)
class Kind:
    """``opens`` is said for it; ``of`` its order or number is said in the same sentence."""

    opens: str
    done: frozenset[str]
    button: str | None = None
    """The stem of the payload of the button that says the same."""
    gives_up_after: int | None = None
    """Answers that lead nowhere, after which this wish is let go: for what must not succeed."""


KINDS: Mapping[str, Kind] = {
    "refund": Kind("ask_refund", DECIDED, "/request_refund"),
    # Two accounts of their own, and the address that comes to mind first is the other one's.
    "refund_from_another_account": Kind("ask_refund_of", DECIDED),
    "status": Kind(
        "ask_status",
        frozenset({"utter_refund_status", "utter_refund_status_under_way"}),
        "/refund_status",
    ),
    "status_of_nothing": Kind("ask_status_of", frozenset({"utter_no_refund_found"})),
    # Two wishes in one message: the question is answered, and the refund goes on.
    "refund_and_how_long": Kind("ask_refund_and_how_long", DECIDED),
    "order_status": Kind(
        "ask_order_status", frozenset({"utter_order_paid", "utter_order_unpaid"}), "/order_status"
    ),
    "end_renewal": Kind(
        "ask_end_renewal",
        frozenset({"utter_renewal_cancelling", "utter_renewal_off_already"}),
        "/cancel_subscription",
    ),
    "why": Kind("ask_why_decided", frozenset({"utter_decision_explained", "utter_decision_why"})),
    "wrong_transfer": Kind("tell_wrong_transfer", frozenset({"utter_wrong_transfer"})),
    "call_back": Kind("ask_call_back", frozenset({"utter_call_back_noted"})),
    "appeal": Kind("ask_appeal", frozenset({"utter_appeal_made"}), "/appeal_or_dispute"),
    "appeal_too_soon": Kind(
        "ask_appeal", frozenset({"utter_appeal_not_yet"}), "/appeal_or_dispute"
    ),
    "complain": Kind(
        "ask_complain", frozenset({"utter_complaint_taken", "utter_complaint_taken_urgent"})
    ),
    "change_email": Kind("ask_change_email", frozenset({"utter_contact_changed"})),
    "withdraw": Kind(
        "ask_withdraw",
        frozenset(
            {"utter_refund_withdrawn", "utter_too_late_to_withdraw", "utter_nothing_to_withdraw"}
        ),
    ),
    "policy": Kind("ask_policy", POLICY_ANSWERS, "/refund_policy"),
    "how_long": Kind("ask_how_long", POLICY_ANSWERS),
    "fees": Kind("ask_fees", POLICY_ANSWERS),
    "safety": Kind("ask_safety", frozenset({"utter_security", "desk_impostor"})),
    "person": Kind("ask_person", PERSON, "/contact_human"),
    "language": Kind("ask_language", frozenset({"utter_language_changed"})),
    "chat": Kind(
        "small_talk",
        frozenset({"utter_small_talk", "utter_bot_challenge", "utter_out_of_scope", "utter_help"}),
    ),
    "without_mailbox": Kind("ask_refund", PERSON, "/request_refund"),
    # What must not succeed: somebody else's money, or facts.
    "steal": Kind("ask_refund_all", frozenset({"utter_code_locked"}), gives_up_after=3),
    "steal_by_own_mailbox": Kind("ask_refund_all", frozenset(), gives_up_after=3),
    "order_of_another": Kind("ask_refund_of", frozenset({"utter_order_not_found"})),
    "impostor": Kind("impostor", frozenset({"desk_impostor"}), gives_up_after=2),
    "fish": Kind("ask_amount", frozenset(), gives_up_after=3),
}
OPENS_A_CASE = frozenset({"refund", "refund_from_another_account", "refund_and_how_long"})
"""Whoever wants one of these asks for a refund."""

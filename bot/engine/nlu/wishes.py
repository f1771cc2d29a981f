"""Whether a message holds two wishes: 退款到哪了？另外发票怎么开.

A second wish that is none annoys more than one that is missed: so it has to be sure, a wish of its
own, and not the first one's reason, story or other half. What each part means is the intent model's
to say, how a part looks ``asking``'s; what is done with two wishes, the dialogue's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot.engine.nlu.asking import asks, complains, is_refused, is_told, runs_on
from bot.engine.nlu.parts import Part

SURE = 0.75
"""From this confidence on a part's reading is believed."""
SURE_OF_A_PERSON = 0.9
"""The same for a person who is asked for in one breath with what went wrong."""

PARTS = "parts"
"""What a message calls its parts and their readings, on the way from one component to another."""

A_PERSON = "contact_human"
APPEAL = "appeal_or_dispute"
CANCEL = "cancel_subscription"
COMPLAINT = "complaint"
FEES = "fees_or_partial_refund"
REFUND = "request_refund"
WRONG_PAYMENT = "report_double_charge_or_wrong_payment"

WISHES = frozenset(
    {
        "account_problem",
        APPEAL,
        CANCEL,
        "change_contact",
        "change_language",
        COMPLAINT,
        A_PERSON,
        FEES,
        "how_long",
        "invoice",
        "order_status",
        "payment_problem",
        "refund_policy",
        "refund_status",
        WRONG_PAYMENT,
        REFUND,
        "security_question",
    }
)
"""Intents that ask the desk for something by themselves."""

DEEDS = frozenset({APPEAL, CANCEL, "change_contact", COMPLAINT, A_PERSON, REFUND})
"""What may have been done before, and is then only told: "I cancelled yesterday"."""

TAKES_IN: dict[str, frozenset[str]] = {
    REFUND: frozenset(
        {
            "account_problem",
            APPEAL,
            COMPLAINT,
            "order_status",
            "payment_problem",
            "refund_policy",
            "refund_status",
            WRONG_PAYMENT,
        }
    ),
    "refund_status": frozenset({"how_long", APPEAL, COMPLAINT, "order_status"}),
    "order_status": frozenset({"how_long", COMPLAINT, "payment_problem"}),
    APPEAL: frozenset({COMPLAINT, FEES, "refund_policy", WRONG_PAYMENT}),
    WRONG_PAYMENT: frozenset({COMPLAINT, FEES, "payment_problem", "security_question"}),
    "account_problem": frozenset(
        {"change_contact", COMPLAINT, "payment_problem", "security_question"}
    ),
    "payment_problem": frozenset({COMPLAINT, "how_long", "security_question"}),
    FEES: frozenset({COMPLAINT}),
}
"""Wish -> what is, beside it, its reason, story or other half unless the writer says that it comes
on top: "it never arrived, I want my money back" is one wish."""


class Wish(NamedTuple):
    """What a part is taken for, and with which confidence."""

    intent: str
    confidence: float


class Heard(NamedTuple):
    """A part and the likeliest reading of it."""

    part: Part
    wish: Wish


def two_wishes(heard: Sequence[Heard], whole: str | None) -> tuple[Wish, Wish] | None:
    """The first two wishes in the order of the message, but a person always first.

    None if there are not two that are sure; the message as a ``whole`` has to be read as one of
    them, unless a person is asked for.
    """
    kept: list[Heard] = []
    for one in heard:
        if _is_wish(one.part.text, one.wish):
            _keep(kept, one)
    if len(kept) < 2:
        return None
    first, second, *_ = sorted((one.wish for one in kept), key=lambda w: w.intent != A_PERSON)
    agreed = whole in (first.intent, second.intent) or first.intent == A_PERSON
    return (first, second) if agreed else None


def _is_wish(text: str, reading: Wish) -> bool:
    if reading.intent not in WISHES or reading.confidence < SURE or is_refused(text):
        return False
    if reading.intent == COMPLAINT and not complains(text):
        return False
    return not (reading.intent in DEEDS and is_told(text))


def _keep(kept: list[Heard], new: Heard) -> None:
    """Add it unless it belongs to one that is kept; one that belongs to it gives way."""
    for place, old in enumerate(kept):
        stays = _one_matter(old, new)
        if stays is not None:
            kept[place] = stays
            return
    kept.append(new)


def _one_matter(old: Heard, new: Heard) -> Heard | None:
    """Of two that are one wish, the one that says it; None if they are two."""
    if old.wish.intent == new.wish.intent:
        return old
    if new.part.added:
        return None
    if new.wish.intent == A_PERSON and new.wish.confidence >= SURE_OF_A_PERSON:
        return None if asks(new.part.text) else old
    if not asks(old.part.text):
        return new
    if not asks(new.part.text) or new.wish.intent in TAKES_IN.get(old.wish.intent, ()):
        return old
    if old.wish.intent in TAKES_IN.get(new.wish.intent, ()):
        return new
    return _refund_of_what_is_cancelled(old, new)


def _refund_of_what_is_cancelled(old: Heard, new: Heard) -> Heard | None:
    """A booking cancelled and paid back is one wish; what goes on until stopped, two."""
    both = {old.wish.intent: old, new.wish.intent: new}
    if set(both) != {CANCEL, REFUND} or runs_on(f"{old.part.text} {new.part.text}"):
        return None
    return both[REFUND]

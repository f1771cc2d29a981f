"""What a message says of the customer's own matter that its intent does not: that it asks for a
decision's grounds, tells of coins sent astray, wants a call, asks how to reach
the desk, needs a moment.

The expressions are ours (``data/matters.zh.yml``, ``data/matters.en.yml``). What is done about a
matter is the skills' to know.
"""

from __future__ import annotations

from bot.engine.nlu.normaliser import normalise
from bot.engine.nlu.topics import UNSURE, Topics, is_question

FOREIGN = "out_of_scope"

PREFIX = "matter_"
"""Expressions of training data named so are matters' and no facts'."""

BESIDE = {
    "account_problem": frozenset({"wrong_transfer"}),
    "ask_why_needed": frozenset({"decision"}),
    "contact_human": frozenset({"call_back", "contact_details"}),
    "how_long": frozenset({"call_back"}),
    "payment_problem": frozenset({"wrong_transfer"}),
    "provide_contact": frozenset({"call_back"}),
    "refund_policy": frozenset({"decision", "wrong_transfer"}),
    "refund_reason_or_evidence": frozenset({"wrong_transfer"}),
    "report_double_charge_or_wrong_payment": frozenset({"wrong_transfer"}),
    "request_refund": frozenset({"wrong_transfer"}),
    "security_question": frozenset({"wrong_transfer"}),
    "small_talk": frozenset({"pause"}),
}
"""Intent -> the matters that count beside it."""

BESIDE_QUESTIONS = {
    "appeal_or_dispute": frozenset({"decision"}),
    "fees_or_partial_refund": frozenset({"decision"}),
    "refund_status": frozenset({"decision"}),
}
"""The same for what has to be put as a question: "on what grounds?" asks, "that reason is wrong"
disputes.
"""


IN_DOUBT = {
    "wrong_transfer": "report_double_charge_or_wrong_payment",
    "call_back": "contact_human",
    "contact_details": "contact_human",
    "decision": "appeal_or_dispute",
    "pause": "small_talk",
}
"""Matter -> what a message is about whose intent is in doubt."""
STRANGE = frozenset({"wrong_transfer"})
"""Matters that are believed even where the message sounds like none of the desk's business."""

PLAIN = frozenset({"pause"})
"""Matters whose expressions take in the whole message: nothing is in doubt about it then."""


def settled_by(matters: Topics, text: str, intent: str | None) -> str | None:
    """The intent of a message that is in doubt, by its matter; None if that settles nothing."""
    plain = normalise(text).text
    if whole := matters.found(plain, among=PLAIN):
        return IN_DOUBT[whole[0].topic]
    if intent not in (UNSURE, FOREIGN):
        return None
    found = [one.topic for one in matters.found(plain)]
    return next((IN_DOUBT[m] for m in found if intent == UNSURE or m in STRANGE), None)


def matters_in(matters: Topics, text: str, intent: str | None) -> list[str]:
    """The matters of a message with this intent, each once."""
    plain = normalise(text).text
    allowed = BESIDE.get(intent or "", frozenset())
    if is_question(plain):
        allowed |= BESIDE_QUESTIONS.get(intent or "", frozenset())
    return [found.topic for found in matters.found(plain, among=allowed)] if allowed else []

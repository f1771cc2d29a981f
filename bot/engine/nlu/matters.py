"""What a message says of the customer's own matter that its intent does not: that it asks for a
decision's grounds, tells of coins sent astray, wants a call.

The expressions are ours (``data/matters.zh.yml``, ``data/matters.en.yml``). What is done about a
matter is the skills' to know.
"""

from __future__ import annotations

from bot.engine.nlu.normaliser import normalise
from bot.engine.nlu.topics import Topics, is_question

PREFIX = "matter_"
"""Expressions of training data named so are matters' and no facts'."""

BESIDE = {
    "account_problem": frozenset({"wrong_transfer"}),
    "contact_human": frozenset({"call_back"}),
    "how_long": frozenset({"call_back"}),
    "payment_problem": frozenset({"wrong_transfer"}),
    "provide_contact": frozenset({"call_back"}),
    "refund_policy": frozenset({"decision", "wrong_transfer"}),
    "refund_reason_or_evidence": frozenset({"wrong_transfer"}),
    "report_double_charge_or_wrong_payment": frozenset({"wrong_transfer"}),
    "request_refund": frozenset({"wrong_transfer"}),
    "security_question": frozenset({"wrong_transfer"}),
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


def matters_in(matters: Topics, text: str, intent: str | None) -> list[str]:
    """The matters of a message with this intent, each once."""
    plain = normalise(text).text
    allowed = BESIDE.get(intent or "", frozenset())
    if is_question(plain):
        allowed |= BESIDE_QUESTIONS.get(intent or "", frozenset())
    return [found.topic for found in matters.found(plain, among=allowed)] if allowed else []

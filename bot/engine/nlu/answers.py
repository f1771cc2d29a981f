"""A message that gives what was just asked for is the answer, whatever else it sounds like.

"4242" and "PayPal" say nothing by themselves; after "how did you pay?" they are plain. Knows which
facts make a message an answer, which wishes go before it, and which answers there can't be without
the question. What counts as a fact is left to ``entities``.
"""

from __future__ import annotations

import re
from typing import Any

from bot.engine.nlu.entities import PAYMENT_PROOF
from bot.engine.nlu.normaliser import normalise

PAYMENT_DETAILS = "provide_payment_details"
ANSWERS: dict[str, tuple[str, ...]] = {
    "give_link_code": ("link_code",),
    PAYMENT_DETAILS: PAYMENT_PROOF,
    "provide_contact": ("new_email", "contact_code"),
}
REASON = "refund_reason_or_evidence"
"""Intent -> the facts that show it beyond doubt; most of them are read only when asked for."""

GOES_FIRST = frozenset(
    {
        "ask_why_needed",
        "change_language",
        "contact_human",
        "mailbox_lost",
        "security_question",
        "stop_or_start_over",
        "withdraw_refund",
    }
)
"""What is obeyed even if the message also holds an answer: 我用支付宝付的，转人工."""

LEADS_AWAY = frozenset({"change_contact", "continue_elsewhere", "give_link_code", "mailbox_lost"})
"""What nobody is led to on a guess: seldom meant, and a long way back."""

SURE = 0.5
"""From this confidence on a wish goes first, and what leads away is believed."""

A_PERSON = "contact_human"
_PERSON_WANTED = re.compile(
    r"(?<![没無无不])(?:人工|真人)|\b(?:human|agent|real person|representative)\b", re.IGNORECASE
)
"""Obeyed in any answer, however many facts outweigh these words for the classifier."""

AGAIN = "repeat"
CODES = frozenset({"code", "contact_code"})
_CODE_MISSING = re.compile(
    r"(?:没|未|收不到|还没)\S{0,6}(?:收到|来|码|邮件|信)|收不到|(?:重新?|再)(?:发|来|寄)|没有?(?:任何)?(?:邮件|验证码)"
    r"|\b(?:re-?send|send (?:it |me |the code )*(?:again|another|a new)|(?:another|new) code"
    r"|(?:not|n't|never|no) .{0,24}(?:code|mail|receive|got|get|arrive|come)"
    r"|nothing (?:came|arrived))",
    re.IGNORECASE,
)
"""Said where a code is waited for, all of it asks for the code once more."""

Ranking = list[dict[str, Any]]


def read_answer(text: str, kinds: set[str], ranking: Ranking, asked: str | None) -> Ranking:
    """The ranking of intents in the light of the facts found and of the question asked last."""
    best = ranking[0] if ranking else {"name": None, "confidence": 0.0}
    plain = normalise(text).text
    if asked in PAYMENT_PROOF and _PERSON_WANTED.search(plain):
        return put_first(A_PERSON, ranking)
    wish = best["name"] in GOES_FIRST and best["confidence"] >= SURE
    if asked in CODES and not wish and not kinds & CODES and _CODE_MISSING.search(plain):
        return put_first(AGAIN, ranking)
    if asked == "reason" and "reason" in kinds and not wish:
        return put_first(REASON, ranking)
    for name, facts in ANSWERS.items():
        if kinds & set(facts) and not (wish and name != "give_link_code"):
            return put_first(name, ranking)
    unasked = best["name"] == PAYMENT_DETAILS and asked not in PAYMENT_PROOF
    unsure = best["name"] in LEADS_AWAY and best["confidence"] < SURE
    return [*ranking[1:], best] if (unasked or unsure) and len(ranking) > 1 else ranking


def kept_facts(found: Ranking, ranking: Ranking) -> Ranking:
    """The facts that still count beside this intent.

    A form whose question is answered goes on whatever the intent is (RulePolicy asks the form
    first), so a wish that goes first takes the answer with it, and one for a person all facts.
    """
    best = ranking[0] if ranking else {"name": None, "confidence": 0.0}
    if best["name"] not in GOES_FIRST or best["confidence"] < SURE:
        return found
    if best["name"] == A_PERSON:
        return []
    return [fact for fact in found if fact["entity"] not in PAYMENT_PROOF]


def put_first(name: str, ranking: Ranking, confidence: float = 1.0) -> Ranking:
    """The ranking with this intent at its head, and beyond doubt."""
    # The others well below it: FallbackClassifier takes two that are close for doubt.
    others = [
        {**other, "confidence": other["confidence"] / 2}
        for other in ranking
        if other["name"] != name
    ]
    return [{"name": name, "confidence": confidence}, *others]

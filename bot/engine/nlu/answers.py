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

WHERE_TO_FIND = "ask_why_needed"
NUMBERS = frozenset({"order_number", "tracking_number"})
_HAS_NONE = re.compile(
    r"\W*(?:(?:可是|但是?|我|啊|哦|呃|都|这个|那个|真的?|也|就){0,4}"
    r"(?:没有?|忘(?:记|掉)?了?|不知道|不记得|不清楚|找不到|没找到|没收到|丢了)"
    r"(?:这个|那个|它|码|号|了|啊|呀|呢|诶|耶|的){0,4}"
    r"|(?:sorry|oh|well|um|but|hmm|and|no)?[\s,]*(?:(?:i|we) )?(?:still |just |really )?"
    r"(?:don'?t|do not|didn'?t|can'?t|cannot|couldn'?t|haven'?t|have not|never)"
    r"(?: have| got| get| find| see| know| remember){1,2}"
    r"(?: it| one| that| any| anything| this)?(?: yet| anywhere| sorry| any ?more){0,2}"
    r"|(?:i )?(?:lost|forgot) (?:it|that)|no idea|not sure"
    r"|where(?:'s| is| do i find| can i find| do i get| would i find) (?:it|that|one)"
    r"|(?:这个?|那个?|它|编?号)?(?:在|去|从|上)?哪(?:里|儿)?(?:找|看|有|查)?(?:到|啊|呢|呀)?)\W*",
    re.IGNORECASE,
)
"""All of a message that says what was asked for is not at hand; to "no" alone it is a no."""

Ranking = list[dict[str, Any]]


def read_answer(text: str, kinds: set[str], ranking: Ranking, asked: str | None) -> Ranking:
    """The ranking of intents in the light of the facts found and of the question asked last."""
    best = ranking[0] if ranking else {"name": None, "confidence": 0.0}
    plain = normalise(text).text
    if asked in PAYMENT_PROOF and _PERSON_WANTED.search(plain):
        return put_first(A_PERSON, ranking)
    wish = best["name"] in GOES_FIRST and best["confidence"] >= SURE
    missing = not wish and not kinds and _HAS_NONE.fullmatch(plain) is not None
    no_code = not kinds & CODES and (missing or _CODE_MISSING.search(plain))
    if asked in CODES and not wish and no_code:
        return put_first(AGAIN, ranking)
    if asked in NUMBERS and missing:
        return put_first(WHERE_TO_FIND, ranking)
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

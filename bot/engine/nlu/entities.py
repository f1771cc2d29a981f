"""What the dialogue takes from a message's facts, given what it has just asked for.

``facts.reading`` finds the facts. Here a transaction id becomes the order number, a day the day of
payment that was asked for, and a bare number whatever it answers. What a message takes back fills
nothing. Days and sums of a payment stay as written where the words may mean several currencies or
days: who checks the payment knows more.
"""

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from spacy.language import Language

from bot.engine.nlu.facts.choose import with_rejected
from bot.engine.nlu.facts.fact import Fact, Find, apart
from bot.engine.nlu.facts.reading import as_fact, marked
from bot.engine.nlu.facts.reasons import answered_reason

ZONE = "Asia/Shanghai"
"""The brands' zone; a pipeline's ``time_zone`` may name another."""

PAYMENT_PROOF = ("payment_method", "payment_hint", "payment_date", "payment_amount")
"""What a payment is proved with: whichever is asked for, one sentence may give all of it."""

ASKED_ONLY = {
    "code": ("code", "contact_code"),
    "bare_number": ("order_number",),
    "paid_day": PAYMENT_PROOF,
    "paid_amount": PAYMENT_PROOF,
    "paid_hint": PAYMENT_PROOF,
    "bare_day": ("payment_date",),
    "bare_amount": ("payment_amount",),
    "bare_hint": ("payment_hint",),
}
"""Kinds that mean something only as the answer to a question: kind -> the slots that were asked."""

PAID_WITH = "paid_with_"
"""Kinds named so, each with a payment method after it, are asked for as payment proof only."""

TAKEN = frozenset(
    {"order_number", "tracking_number", "email", "phone", "amount", "date", "link_code"}
)
"""Facts that reach the dialogue unasked."""

TIES = (
    "code",
    "link_code",
    "email",
    "tracking_number",
    "transaction_id",
    "paid_day",
    "paid_amount",
    "paid_hint",
    "bare_day",
    "bare_amount",
    "bare_hint",
    "date",
    "bare_number",
    "phone",
)
"""Of finds of one length the kind named first here stands; kinds not named come last."""

READ_AS = {
    "bare_number": "order_number",
    "transaction_id": "order_number",
    "paid_day": "payment_date",
    "bare_day": "payment_date",
    "paid_amount": "payment_amount",
    "bare_amount": "payment_amount",
    "paid_hint": "payment_hint",
    "bare_hint": "payment_hint",
}
"""Kinds that are another kind by the time the dialogue sees them: a wallet's order number is its
transaction id (design §3)."""

READ_WHEN_ASKED = {
    **{("date", slot): "payment_date" for slot in PAYMENT_PROOF},
    **{("amount", slot): "payment_amount" for slot in PAYMENT_PROOF},
    **{("last_four", slot): "payment_hint" for slot in PAYMENT_PROOF},
    **{("payment_method", slot): "payment_method" for slot in PAYMENT_PROOF},
    ("reason", "reason"): "reason",
    ("email", "payment_hint"): "payment_hint",
    ("phone", "payment_hint"): "payment_hint",
    ("email", "new_email"): "new_email",
    ("code", "contact_code"): "contact_code",
}
"""Kinds that answer the question that was asked: (kind, slot asked for) -> what it is then."""

_CALLED = re.compile(
    r"电话|手机|打给|打我|回电|\b(?:call|phone|ring|mobile|cell|tel|whatsapp)\b", re.IGNORECASE
)
"""Words that make a number one to be called, even where another number was asked for."""
_PAUSE = " .,…-—~"
"""What people write before a number while they look for it, and is no part of it."""
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T.*)?")
_WHOLE_DATE = re.compile(r"(?:19|20)[0-9]{2}\D{1,3}[0-9]{1,2}\D{1,3}[0-9]{1,2}(?:\s?[日号])?")
_SEVERAL_CURRENCIES = re.compile(
    r"[$¥]?\s?([0-9,]+(?:\.[0-9]+)?)\s?(?:元|圆|块钱?|dollars?|bucks?)?", re.I
)


def find_facts(
    nlp: Language, text: str, asked: str | None = None, now: datetime | None = None
) -> list[Fact]:
    """The facts that the dialogue takes, in order; ``asked`` is the slot asked for, if any.

    ``now`` is the message's moment in the brand's zone; left out, this one.
    """
    normalised, doc = marked(nlp, text, now or datetime.now(ZoneInfo(ZONE)))
    if doc is None:
        return []
    facts: list[Find] = doc.user_data["facts"]
    answers = [find for find in doc.user_data["found"] if _answers(find.kind, asked)]
    if _CALLED.search(normalised.text):
        phones = {(find.start, find.end) for find in facts if find.kind == "phone"}
        answers = [find for find in answers if (find.start, find.end) not in phones]
    # The code that was asked for goes before whatever else its digits might be; else length counts.
    meant = sorted([*answers, *facts], key=lambda f: (f.kind != "code", f.start - f.end, _tie(f)))
    standing = apart(meant, lambda find: 0, lambda find: (find.start, find.end))
    kept = _not_taken_back(normalised.text, standing, facts)
    taken = [_taken(find, normalised.text, asked) for find in kept]
    told = [as_fact(normalised, text, find) for find in taken if find is not None]
    if asked == "reason" and not any(fact.kind == "reason" for fact in told):
        kind = answered_reason(normalised.text)
        return [*told, Fact("reason", kind, 0, len(text), text)] if kind else told
    return told


def as_output(fact: Fact) -> dict[str, Any]:
    """The fact as the parsed message and ``desk nlu`` give it."""
    return {
        "entity": fact.kind,
        "value": fact.value,
        "text": fact.text,
        "start": fact.start,
        "end": fact.end,
        "rejected": fact.rejected,
    }


def _answers(kind: str, asked: str | None) -> bool:
    if kind.startswith(PAID_WITH):
        return asked in PAYMENT_PROOF
    return asked in ASKED_ONLY.get(kind, ())


def _tie(find: Find) -> int:
    return TIES.index(find.kind) if find.kind in TIES else len(TIES)


def _not_taken_back(text: str, standing: list[Find], facts: list[Find]) -> list[Find]:
    """Without what the message rejects, read as an answer or by itself."""
    gone = {place for find in facts if find.rejected for place in range(find.start, find.end)}
    return [
        find
        for find in with_rejected(text, standing)
        if not find.rejected and gone.isdisjoint(range(find.start, find.end))
    ]


def _taken(find: Find, text: str, asked: str | None) -> Find | None:
    """The find as the dialogue takes it; None if it doesn't."""
    words = text[find.start : find.end]
    if find.kind.startswith(PAID_WITH):
        return _as(find, "payment_method", find.kind.removeprefix(PAID_WITH))
    kind = READ_AS.get(find.kind, find.kind)
    answer = READ_WHEN_ASKED.get((kind, asked))
    if answer is None and kind not in TAKEN | set(READ_AS.values()) | {"code"}:
        return None
    if kind == "date":
        if answer is None:
            # Nothing waits for a day; it is told where the words alone say which.
            return _as(find, "date", words) if _WHOLE_DATE.fullmatch(words) else None
        day = _DAY.fullmatch(find.value)
        return _as(find, answer, day[1]) if day else None
    if kind == "amount" and answer:
        return _as(find, answer, _sum(words, find.value))
    if kind in ("code", "contact_code"):
        return _as(find, answer or kind, re.sub(r"\D", "", words))
    if kind == "order_number":
        return _as(find, kind, re.sub(r"\s+", "", words))
    if kind in ("amount", "phone") or (answer == "payment_hint" and kind != "last_four"):
        return _as(find, answer or kind, words)
    if kind == "payment_hint":
        return _as(find, kind, find.value.strip(_PAUSE))
    return _as(find, answer or kind, find.value.strip())


def _as(find: Find, kind: str, value: str) -> Find:
    return Find(kind, value, find.start, find.end)


def _sum(words: str, value: str) -> str:
    """As written where the word for money may mean several currencies, else the normal form."""
    found = _SEVERAL_CURRENCIES.fullmatch(words)
    try:
        same = found and Decimal(found[1].replace(",", "")) == Decimal(value.split()[0])
    except InvalidOperation:
        same = False
    return words if same else value

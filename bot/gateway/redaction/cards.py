"""Bank card numbers, and the security code and expiry date that stand beside them.

A card number is told from an order number by its issuer's prefix and length, its check digit, the
way its digits are grouped, and the words before it. The last four digits stay readable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.gateway.redaction.checksum import is_luhn
from bot.gateway.redaction.reading import Reading
from bot.gateway.redaction.spans import Kind, Span

_DIGITS = re.compile(r"[0-9](?:[ .·_\u2010-\u2015-]{0,3}[0-9]){12,}")
_GROUP = re.compile(r"[0-9]+")
_BEFORE = 24  # how far back the words are read that say what a number is

_CARD_WORD = (
    r"卡号|卡號|(?:银行|銀行|信用|储蓄|借记|储值|万事达)卡|银联|銀聯|visa|master ?card|union ?pay|"
    r"amex"
    r"|american express|jcb|\b(?:debit|credit|bank)? ?card\b|\bpan\b"
)
_OTHER_WORD = (
    r"订单|訂單|[单單][号號]|流水|交易|编号|編號|快[递遞]|运单|物流|参考号|工单|序列号|手机|手機|"
    r"电话"
    r"|電話|单据|发票|order|transaction|txn|tracking|invoice|\bref(?:erence)?\b|imei|serial|ticket|phone|parcel"
)
_WHICH = re.compile(rf"(?P<card>{_CARD_WORD})|{_OTHER_WORD}")
_GLUED_BEFORE = re.compile(r"(?:card|visa|mastercard|amex|jcb|unionpay|no|number|is|pan)$")
_GLUED_AFTER = re.compile(r"(?:cvv|cvc|cvn|exp|valid|and|thru)")
_CODE = re.compile(
    r"(?<![a-z])(?:cvv2?|cvc2?|cvn2?|安全[码碼]|(?:card )?security code|(?:背面|后|末)三位)"
    r"(?:[码碼]|number|code|数字)?\s{0,3}(?:就?是|为|is|was|[:=])?\s{0,3}([0-9]{3,4})(?![0-9a-z])"
)
_EXPIRY = re.compile(
    r"[\s,;/|,。、]{0,3}(?:(?:卡)?(?:的)?(?:有效期|到期|exp(?:iry|ires|iration)?(?: date)?|"
    r"valid(?: thru)?)"
    r"\s{0,2}(?:是|为|is|至|[:=.])?\s{0,2})?((?:0?[1-9]|"
    r"1[0-2])\s?[/-]\s?(?:20)?[2-4][0-9])(?![0-9])"
)
_BARE_CODE = re.compile(r"[\s,;/|、]{1,3}([0-9]{3,4})(?![0-9a-z年月日元块])")
_CURRENCY_BEFORE = "+#$¥€£￥"


class _Card(NamedTuple):
    start: int
    end: int
    tail: str


def find_cards(reading: Reading) -> Iterator[Span]:
    """Every card number, each with what belongs to it; and security codes that are called so."""
    text = reading.folded
    for match in _CODE.finditer(text):
        yield reading.span(Kind.CARD_CODE, *match.span(1))
    for chain in _DIGITS.finditer(text):
        for card in _cards_in(text, *chain.span()):
            yield reading.span(Kind.CARD, card.start, card.end, card.tail)
            yield from _beside(reading, card.end)


def _beside(reading: Reading, at: int) -> Iterator[Span]:
    for pattern, kind in ((_EXPIRY, Kind.EXPIRY), (_BARE_CODE, Kind.CARD_CODE)):
        match = pattern.match(reading.folded, at)
        if match is not None:
            yield reading.span(kind, *match.span(1))
            at = match.end()


def _cards_in(text: str, start: int, end: int) -> Iterator[_Card]:
    groups = [match.span() for match in _GROUP.finditer(text, start, end)]
    at = 0
    while at < len(groups):
        taken = _card_at(text, groups, at)
        if taken:
            digits = "".join(text[a:b] for a, b in groups[at : at + taken])
            yield _Card(groups[at][0], groups[at + taken - 1][1], digits[-4:])
        at += taken or 1


def _card_at(text: str, groups: list[tuple[int, int]], at: int) -> int:
    """How many groups of digits from this one on are a card's number; 0 if none are."""
    lengths: list[int] = []
    for count, (start, end) in enumerate(groups[at : at + 19], 1):
        lengths.append(end - start)
        total = sum(lengths)
        if total > 19:
            return 0
        if total < 13:
            continue
        digits = "".join(text[a:b] for a, b in groups[at : at + count])
        if not (is_luhn(digits) and len(set(digits)) > 1):
            continue
        called = _is_called_a_card(text, groups[at][0])
        if (
            called is not False
            and _is_card(digits, lengths, called=bool(called))
            and _stands_alone(text, groups, at, count, bool(called))
        ):
            return count
    return 0


def _is_card(digits: str, lengths: list[int], *, called: bool) -> bool:
    if called:
        return _issuer_knows(digits, generous=True)
    return _issuer_knows(digits, generous=False) and _is_grouped_like_a_card(lengths)


def _issuer_knows(digits: str, *, generous: bool) -> bool:
    """Whether an issuer gives out numbers with this prefix at this length."""
    length, two, four = len(digits), int(digits[:2]), int(digits[:4])
    if digits[0] == "4":
        return length == 16 or (generous and length in (13, 19))
    if 51 <= two <= 55 or 2221 <= four <= 2720:
        return length == 16
    if two in (34, 37):
        return length == 15
    if two == 62 or four == 8171:
        return 16 <= length <= 19
    if 3528 <= four <= 3589 or two == 65 or four == 6011 or 644 <= four // 10 <= 649:
        return length == 16
    if two in (36, 38, 39) or 300 <= four // 10 <= 305:
        return length == 14
    if 2200 <= four <= 2204 or four in (9558, 6033, 6304, 6759):
        return 16 <= length <= 19
    return generous and digits[0] in "569"


def _is_grouped_like_a_card(lengths: list[int]) -> bool:
    if len(lengths) == 1 or set(lengths) == {1}:
        return True
    if lengths in ([4, 6, 5], [4, 6, 4]) or (len(lengths) == 2 and lengths[0] in (4, 6, 8)):
        return True
    return set(lengths[:-1]) == {4} and lengths[-1] <= 4


def _is_called_a_card(text: str, start: int) -> bool | None:
    """What the nearest words before say: a card, something else (False), nothing (None)."""
    said = list(_WHICH.finditer(text, max(0, start - _BEFORE), start))
    return said[-1]["card"] is not None if said else None


def _stands_alone(
    text: str, groups: list[tuple[int, int]], at: int, count: int, called: bool
) -> bool:
    """Whether neither letters nor further digits make the number part of something longer."""
    start, end = groups[at][0], groups[at + count - 1][1]
    before, after = text[max(0, start - 12) : start], text[end : end + 6]
    if before[-1:].isascii() and before[-1:].isalpha() and not _GLUED_BEFORE.search(before):
        return False
    if after[:1].isascii() and after[:1].isalpha() and not _GLUED_AFTER.match(after):
        return False
    if called:
        return True
    if before[-1:] in _CURRENCY_BEFORE and before:
        return False
    dashed_before = at > 0 and not text[groups[at - 1][1] : start].isspace()
    follows = at + count < len(groups)
    dashed_after = follows and not text[end : groups[at + count][0]].isspace()
    return not (dashed_before or dashed_after)

"""Private keys of wallets: WIF, extended keys, raw keys, PEM blocks, key stores.

WIF and extended keys carry a checksum and are hidden wherever they stand. Sixty-four hexadecimal
digits are an order number here (a transaction's hash): they are a key only beside words that say
so, and not where other words, nearer, say something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.gateway.redaction.checksum import base58_checked
from bot.gateway.redaction.reading import Reading
from bot.gateway.redaction.spans import Kind, Span

_SHORTEST = 51
_BEFORE, _AFTER = 28, 28  # how far a word can be from the digits that it is about

_CUE = (
    r"私[钥鑰匙]|密[钥鑰]|秘[钥鑰]|priv(?:ate)?[ _-]?keys?|secret(?:[ _-]?key)?|\bwif\b"
    r"|keystore|개인 ?키|秘密(?:鍵|键|かぎ)"
)
_OTHER = (
    r"交易|哈希|转账|轉賬|订单|訂單|单号|流水|地址|公[钥鑰]|凭证|hash|\btx|transaction|order"
    r"|address|public[ _-]?key"
)
_WHICH = re.compile(rf"(?P<cue>{_CUE})|(?:{_OTHER})")
_SAYS_SO = re.compile(
    rf"\W{{0,3}}(?:这|這|它)?(?P<is>就?是|为|is|[=:]|<-|←)?\W?(?:我|my|the|a)?(?:的)?\W?"
    rf"(?:钱包|錢包|wallet)?(?:的)?\W?(?:{_CUE})"
)
_BASE58 = "1-9A-HJ-NP-Za-km-z"
_WIF = re.compile(rf"(?<![0-9A-Za-z])[5KL9c][{_BASE58}]{{50,51}}(?![0-9A-Za-z])")
_EXTENDED = re.compile(rf"(?<![0-9A-Za-z])[tuvxyzUVYZ]prv[{_BASE58}]{{107,108}}(?![0-9A-Za-z])")
_LONG58 = re.compile(rf"(?<![0-9A-Za-z])[{_BASE58}]{{86,88}}(?![0-9A-Za-z])")
_HEX = re.compile(r"(?<![0-9a-z])(?:0x)?[0-9a-f]{64}(?![0-9a-z])")
_SPACED_HEX = re.compile(
    r"(?<![0-9a-z])(?:0x ?)?[0-9a-f]{4,16}(?:[ \n:-][0-9a-f]{4,16}){3,15}(?![0-9a-z])"
)
_PEM_BEGIN = re.compile(r"-{2,}\s*BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY[A-Z ]{0,16}-{2,}")
_PEM_END = re.compile(r"-{2,}\s*END [A-Z0-9 ]{0,32}PRIVATE KEY[A-Z ]{0,16}-{2,}")
_BYTES = re.compile(r"\[\s{0,4}[0-9]{1,3}(?:\s{0,4},\s{0,4}[0-9]{1,3}){31,127}\s{0,4}\]")
_WIF_VERSIONS = (0x80, 0xEF)


def find_keys(reading: Reading) -> Iterator[Span]:
    """Every private key."""
    if len(reading.folded) < _SHORTEST:
        return
    for start, end in (*_checked(reading), *_beside_words(reading), *_files(reading)):
        yield reading.span(Kind.KEY, start, end)


def _checked(reading: Reading) -> Iterator[tuple[int, int]]:
    for match in _WIF.finditer(reading.exact):
        held = base58_checked(match[0])
        if held is not None and held[0] in _WIF_VERSIONS and len(held) in (33, 34):
            yield match.span()
    if "prv" in reading.folded:
        for match in _EXTENDED.finditer(reading.exact):
            held = base58_checked(match[0])
            if held is not None and len(held) == 78:
                yield match.span()


def _beside_words(reading: Reading) -> Iterator[tuple[int, int]]:
    """What is a key only because words say so: also one with a typing error in it."""
    if not _WHICH.search(reading.folded):
        return
    for pattern in (_WIF, _EXTENDED, _LONG58):
        for match in pattern.finditer(reading.exact):
            if _is_called_a_key(reading.folded, *match.span()):
                yield match.span()
    for pattern in (_HEX, _SPACED_HEX):
        for match in pattern.finditer(reading.folded):
            digits = re.sub(r"[^0-9a-f]", "", match[0].removeprefix("0x"))
            if len(digits) == 64 and _is_called_a_key(reading.folded, *match.span()):
                yield match.span()


def _is_called_a_key(text: str, start: int, end: int) -> bool:
    after = _SAYS_SO.match(text, end, end + _AFTER)
    if after is not None and after["is"]:
        return True
    said = list(_WHICH.finditer(text, max(0, start - _BEFORE), start))
    return said[-1]["cue"] is not None if said else after is not None


def _files(reading: Reading) -> Iterator[tuple[int, int]]:
    for begin in _PEM_BEGIN.finditer(reading.exact):
        end = _PEM_END.search(reading.exact, begin.end())
        yield begin.start(), end.end() if end else len(reading.exact)
    if "ciphertext" in reading.folded and "kdf" in reading.folded:
        first = reading.folded.find("{")
        last = reading.folded.rfind("}")
        inside = reading.folded.find("ciphertext")
        if 0 <= first < inside:
            yield first, last + 1 if last > inside else len(reading.folded)
    for match in _BYTES.finditer(reading.folded):
        values = [int(value) for value in re.findall(r"[0-9]+", match[0])]
        if len(values) in (32, 64) and max(values) < 256:
            yield match.span()

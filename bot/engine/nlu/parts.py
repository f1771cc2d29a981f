"""Cuts a message into the parts that may each say something of their own.

At ends of sentences, line breaks, commas and words that begin something new (另外, "by the way");
never inside a number, a date or an address. A condition or a reason stays with what it belongs to.
What the parts mean is left to ``wishes``.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.engine.nlu.normaliser import han_count, normalise

LONGEST = 600
"""Characters; a longer message tells a story, and is read as a whole only."""
MOST = 12
"""Parts; for more the same holds."""
THIN = 2
"""So few Chinese characters or Latin words, or fewer, don't open a part in mid-sentence."""


class Part(NamedTuple):
    """What one part says, without the word that ties it to the one before."""

    text: str
    added: bool
    """Its writer says that it comes on top: 另外, "also", an item of a numbered list."""


class _Cut(NamedTuple):
    """A piece of the message and what stands before it."""

    text: str
    after_end: bool
    """A sentence has ended before it, not just a clause."""


_WHOLE = re.compile(
    r"https?://\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|\b(?:no|nr)\.(?=\s*\w*\d)|\b(?:approx|mr|mrs|ms|vs)\.",
    re.I,
)
"""Nothing is cut inside these."""
_END = re.compile(r"[。!?;\n…]+|(?<!\d)\.+(?=\s|$)|\.+(?=\s+[A-Za-z]|$)")
_PAUSE = re.compile(r"(?<!\d),|,(?!\s*\d)|\s[-–—]\s|——|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")

_MORE_ZH = r"还(?:(?=[要想](?!等|多|几|不))|(?=需要(?!等|多|几)))"
_NEW_ZH = (
    r"另外(?![一两那])|此外|还有(?!\d|[一两三几半])|顺便|顺带|对了|再就是|同时"
    rf"|{_MORE_ZH}"
)
_ANOTHER_EN = r"(?:one|another) (?:more |other )?thing"
_NEW_EN = (
    r"(?:(?:and|but)\s+)?(?:also|plus|by the way|btw|p\.?\s?s\b[.:]?|additionally|in addition"
    rf"|{_ANOTHER_EN}|separately|on another note|while (?:i'm|you're) at it)"
)
"""Words that say: this comes on top."""
_ON_ZH = r"并且|然后|以及|并(?=把|给|帮|请|退|取消|开|要求|需要)|再(?=帮|给|查|问|把|开)|和(?=怎么)"
_ON_EN = r"and(?: then)?|then"
"""Words that only go on."""
_OPENS = (
    r"(?=i\b|i'|(?:can|could|would|will|how|when|why|who|is|are|do|does|did|has|have|please|pls"
    r"|my|the|send|give|get|let|stop|turn|change|update|check|tell|transfer|connect|put|delete"
    r"|unlock|if|you|need|want|there|any|return|know|switch|close)\b|where|what|refund|cancel)"
)
"""How a clause begins in English, and a list of things does not."""
_NEW = re.compile(rf"(?:{_NEW_ZH})[,:\s]*|\b(?:{_NEW_EN})\b[,:\s]*", re.I)
_ON = re.compile(rf"(?:{_ON_ZH})\s*|\b(?:{_ON_EN})\b\s*", re.I)
_ITEM = re.compile(r"(?:[-*•]|\(?\d{1,2}[.)、:](?!\d)|第?[一二三四五][、:.])\s*")
_ALSO = re.compile(
    rf"(?:我们?|也)?{_MORE_ZH}"
    r"|(?:i|we|i'd|can you|could you|please)\s+(?:(?:would|will)\s+)?also\b",
    re.I,
)
"""Says the same from inside its clause: 我还要, "I also want"."""
_TIES = re.compile(
    rf"(?<=[\u3400-\u9fff])(?:{_NEW_ZH}|{_ON_ZH})"
    rf"|(?<=\s)(?:and also|by the way|btw|{_ANOTHER_EN})\b"
    rf"|(?<=\s)(?:{_NEW_EN}|{_ON_EN})[,:]?\s+{_OPENS}",
    re.I,
)
"""Where a new part begins although no stop is written."""

_CONDITION = re.compile(
    r"(?:如果|要是|假如|假设|万一|若|只要|除非|一旦|等|当|虽然"
    r"|(?:if|when(?! (?:will|is|are|do|does|can))|once|unless|before|after|although|even though"
    r"|in case|until|as soon as)\b)",
    re.I,
)
_REASON = re.compile(r"(?:因为|由于|既然|毕竟|(?:because|since|as|cause|cuz|given that)\b)", re.I)
_BOUND = re.compile(
    r"(?:否则|不然|要不|要么|或者?|还是(?!想|要|希望)|而不是|(?:or|otherwise|nor|which|so that)\b)",
    re.I,
)


def parts_of(text: str) -> list[Part]:
    """The parts in order; one at most if the message can't be cut or is too long to be."""
    plain = normalise(text).text.strip()
    if len(plain) > LONGEST:
        return []
    cuts = _joined(_pieces(plain))
    parts: list[Part] = []
    tied = False
    for part in (_without_tie(cut.text) for cut in cuts):
        if _says_something(part.text):
            parts.append(part._replace(added=part.added or tied))
        tied = part.added and not _says_something(part.text)  # 还有，…
    return parts if len(parts) <= MOST else []


def _pieces(plain: str) -> list[_Cut]:
    """The message cut at all stops, and at ties where what stands before is not too thin."""
    whole = {place for found in _WHOLE.finditer(plain) for place in range(*found.span())}
    stops = [(found.start(), found.end(), True) for found in _END.finditer(plain)]
    stops += [(found.start(), found.end(), False) for found in _PAUSE.finditer(plain)]
    stops += [(found.start(), found.start(), False) for found in _TIES.finditer(plain)]
    pieces, begun, after_end = [], 0, True
    for start, end, ends in sorted(stops):
        if start in whole or start < begun:
            continue
        if start == end and _is_thin(plain[begun:start]):
            continue
        pieces.append(_Cut(plain[begun:end].strip(), after_end))
        begun, after_end = end, ends
    return [piece for piece in [*pieces, _Cut(plain[begun:].strip(), after_end)] if piece.text]


def _joined(pieces: list[_Cut]) -> list[_Cut]:
    """Conditions and reasons put back to the clause that they belong to."""
    joined: list[_Cut] = []
    waits = False
    for piece in pieces:
        bare = _without_tie(piece.text).text
        condition, reason = _CONDITION.match(bare), _REASON.match(bare)
        bound = _BOUND.match(bare)
        back = bound or (not piece.after_end and (condition or reason or waits))
        if joined and back:
            joined[-1] = joined[-1]._replace(text=f"{joined[-1].text} {piece.text}")
        else:
            joined.append(piece)
        waits = bool(condition or (reason and not back))
    return joined


def _without_tie(text: str) -> Part:
    added = False
    while found := _NEW.match(text) or _ITEM.match(text) or _ON.match(text):
        added = added or found.re is not _ON or bool(_ALSO.match(text))
        text = text[found.end() :]
    return Part(text, added or bool(_ALSO.match(text)))


def _is_thin(text: str) -> bool:
    return han_count(text) + len(re.findall(r"[A-Za-z']+", text)) <= THIN


def _says_something(text: str) -> bool:
    return han_count(text) > 1 or len(re.findall(r"[A-Za-z]", text)) > 1

"""Secrets to be planted in a run of the desk, and the search for them in everything it left.

Knows in how many ways a secret may be written down; each is computed when a test runs. Leaves
where they are planted to the tests. It tells a secret's name and a file's, never the secret.
"""

from __future__ import annotations

import base64
import json
import stat
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

from tests.bot.gateway.redaction import dummies

IN_A_ROW = 4
"""So many words of a recovery phrase may never be found together."""
GLUED = ("chinese_simplified", "chinese_traditional", "japanese")
"""Languages that may be written without spaces."""
LEAST_BASE64 = 10
"""Shorter pieces of base64 would be found by chance."""


@dataclass(frozen=True)
class Planted:
    """One way to write a secret; ``kept_in`` names what under the home is there to hold it."""

    name: str
    text: str
    kept_in: tuple[str, ...] = ()


class Chest:
    """The secrets of one run. Each verb plants one and gives it back, to be put somewhere."""

    def __init__(self) -> None:
        self.planted: list[Planted] = []
        self._seed = 10

    def own(self, name: str, text: str, *kept_in: str) -> str:
        """A secret of the desk's own, or one that was made outside."""
        assert len(text) >= IN_A_ROW, f"{name} is too short to be looked for"
        self.planted.append(Planted(name, text, kept_in))
        return text

    def phrase(self, language: str = "english", length: int = 12) -> str:
        """A recovery phrase; a few of its words in a row are a secret too."""
        words = dummies.words(length, language, self._next())
        for at in range(length - IN_A_ROW + 1):
            for sign in (" ", "\u3000", "") if language in GLUED else (" ",):
                row = sign.join(words[at : at + IN_A_ROW])
                self.own(f"phrase of {length} words in {language}, from word {at + 1}", row)
        return " ".join(words)

    def wif(self) -> str:
        """A private key as wallets export it."""
        return self.own("WIF key", dummies.wif(self._next()))

    def extended_key(self) -> str:
        """An extended private key."""
        return self.own("extended key", dummies.extended(seed=self._next()))

    def raw_key(self) -> str:
        """Sixty-four hexadecimal digits."""
        return self.own("raw key", dummies.raw_key(self._next()))

    def card(self, sign: str = " ") -> str:
        """A card's number in fours, with ``sign`` between them."""
        number = dummies.card(seed=self._next())
        for written in (number, dummies.grouped(number), dummies.grouped(number, "-")):
            self.own("card number", written)
        return dummies.grouped(number, sign)

    def password(self, name: str = "password") -> str:
        """A password."""
        return self.own(name, f"Wq{dummies.raw_key(self._next())[:12]}!")

    def identity_number(self) -> str:
        """A mainland identity number."""
        number = dummies.mainland_id(serial=f"{self._next():03d}")
        return self.own("identity number", number)

    def _next(self) -> int:
        self._seed += 1
        return self._seed


def found_in(home: Path, said: str, planted: list[Planted]) -> list[str]:
    """Where any of it lies: in each file under ``home`` and its name, and in what was printed."""
    needles = {each: tuple(set(_ways_to_write(each.text))) for each in planted}
    found = _told("what was printed", said.encode(), needles)
    for path in sorted(home.rglob("*")):
        name = path.relative_to(home).as_posix()
        content = path.read_bytes() if path.is_file() else b""
        rightly = {each for each in planted if name in each.kept_in}
        if rightly:
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, f"others can read {name}"
        there = {each: ways for each, ways in needles.items() if each not in rightly}
        found += _told(name, name.encode() + b"\n" + content, there)
    return sorted(set(found))


def _told(where: str, content: bytes, needles: Mapping[Planted, tuple[bytes, ...]]) -> list[str]:
    return [
        f"{each.name}: in {where}"
        for each, ways in needles.items()
        if any(way in content for way in ways)
    ]


def _ways_to_write(text: str) -> Iterator[bytes]:
    for form in {unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC")} | {text}:
        raw = form.encode()
        yield raw
        yield json.dumps(form)[1:-1].encode()
        yield quote(form, safe="").encode()
        yield quote_plus(form).encode()
        yield form.encode("utf-16-le")
        yield from _in_base64(raw)


def _in_base64(raw: bytes) -> Iterator[bytes]:
    """What of it is the same whatever stands before and after, at each of three alignments."""
    for before, unsure in enumerate((0, 2, 3)):
        whole = (before + len(raw)) * 8 // 6
        piece = base64.b64encode(bytes(before) + raw)[unsure:whole]
        if len(piece) >= LEAST_BASE64:
            yield piece
            yield piece.translate(bytes.maketrans(b"+/", b"-_"))

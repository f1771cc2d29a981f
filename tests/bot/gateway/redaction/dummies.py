"""Secrets that are nobody's, computed from fixed bytes when a test runs: none lies in a file."""

from __future__ import annotations

import hashlib

from mnemonic import Mnemonic

from bot.gateway.redaction.checksum import BASE58

LANGUAGES = (
    "english",
    "chinese_simplified",
    "chinese_traditional",
    "japanese",
    "korean",
    "spanish",
    "french",
    "italian",
    "czech",
    "portuguese",
)
ENTROPY_BYTES = {12: 16, 15: 20, 18: 24, 21: 28, 24: 32}


def words(length: int = 12, language: str = "english", seed: int = 1) -> list[str]:
    """The words of a valid recovery phrase."""
    entropy = hashlib.sha512(bytes([seed])).digest()[: ENTROPY_BYTES[length]]
    return Mnemonic(language).to_mnemonic(entropy).replace("\u3000", " ").split(" ")


def phrase(length: int = 12, language: str = "english", seed: int = 1) -> str:
    """A valid recovery phrase, with single spaces."""
    return " ".join(words(length, language, seed))


def invalid(length: int = 12, seed: int = 1) -> list[str]:
    """Recovery words whose checksum is wrong."""
    found = words(length, seed=seed)
    return [*found[:-1], "zoo" if found[-1] != "zoo" else "abandon"]


def raw_key(seed: int = 1) -> str:
    """Sixty-four hexadecimal digits."""
    return hashlib.sha256(bytes([seed, 7])).hexdigest()


def base58check(held: bytes) -> str:
    """Bytes as base58 with a checksum."""
    raw = held + hashlib.sha256(hashlib.sha256(held).digest()).digest()[:4]
    value, text = int.from_bytes(raw, "big"), ""
    while value:
        value, digit = divmod(value, 58)
        text = BASE58[digit] + text
    return text


def wif(seed: int = 1, *, compressed: bool = True) -> str:
    """A private key as wallets export it."""
    return base58check(b"\x80" + bytes.fromhex(raw_key(seed)) + (b"\x01" if compressed else b""))


def extended(version: str = "0488ade4", seed: int = 1) -> str:
    """An extended private key: xprv, yprv (049d7878) or zprv (04b2430c)."""
    chain, key = bytes.fromhex(raw_key(seed)), bytes.fromhex(raw_key(seed + 1))
    return base58check(bytes.fromhex(version) + bytes(9) + chain + b"\0" + key)


def card(prefix: str = "42424242", length: int = 16, seed: int = 1) -> str:
    """A card number with a right check digit."""
    filled = (prefix + str(int(raw_key(seed), 16)))[: length - 1]
    total = 0
    for place, digit in enumerate(reversed(filled)):
        value = int(digit) * (2 - place % 2)
        total += value - 9 if value > 9 else value
    return filled + str(-total % 10)


def grouped(number: str, sign: str = " ") -> str:
    """A number in fours."""
    return sign.join(number[at : at + 4] for at in range(0, len(number), 4))


def mainland_id(place: str = "110101", born: str = "19900307", serial: str = "771") -> str:
    """An identity number that checks itself."""
    body = place + born + serial
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(d) * w for d, w in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def full_width(text: str) -> str:
    """The same in full-width letters and digits."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)

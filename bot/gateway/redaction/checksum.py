"""The checksums that tell a secret from a number or a word that only looks like one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
LENGTHS = (12, 15, 18, 21, 24)
"""How many words a recovery phrase has."""

_DIGIT58 = {char: value for value, char in enumerate(BASE58)}


def is_phrase(numbers: Sequence[int]) -> bool:
    """Whether words with these numbers (0 to 2047 each) are a recovery phrase."""
    if len(numbers) not in LENGTHS:
        return False
    bits = 0
    for number in numbers:
        bits = bits << 11 | number
    check_bits = len(numbers) * 11 // 33
    entropy = (bits >> check_bits).to_bytes(check_bits * 4, "big")
    expected = hashlib.sha256(entropy).digest()[0] >> (8 - check_bits)
    return expected == bits & ((1 << check_bits) - 1)


def base58_checked(text: str) -> bytes | None:
    """What a base58check string holds, without its checksum; None if it is not one."""
    value = 0
    for char in text:
        digit = _DIGIT58.get(char)
        if digit is None:
            return None
        value = value * 58 + digit
    zeros = len(text) - len(text.lstrip("1"))
    raw = b"\0" * zeros + value.to_bytes((value.bit_length() + 7) // 8, "big")
    held, check = raw[:-4], raw[-4:]
    again = hashlib.sha256(hashlib.sha256(held).digest()).digest()
    return held if len(raw) > 4 and again[:4] == check else None


def is_luhn(digits: str) -> bool:
    """Whether the last digit checks the others, as on bank cards."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10x98765432"


def is_mainland_id(number: str) -> bool:
    """Whether the eighteenth character (a digit or ``x``) checks the seventeen before it."""
    total = sum(int(d) * weight for d, weight in zip(number, _ID_WEIGHTS, strict=False))
    return _ID_CHECKS[total % 11] == number[17]

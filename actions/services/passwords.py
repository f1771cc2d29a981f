"""Passwords of staff: which can be taken, and how they are kept and compared.

Knows argon2id and that a comparison costs the same whether or not there is an account. Leaves
whose password it is, and how often somebody may try, to the sign-in service.
"""

from __future__ import annotations

import asyncio
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from actions.domain.errors import PasswordRefused

LEAST = 12
MOST = 200
LEAST_DIFFERENT = 5
SHORTEST_NAME_LOOKED_FOR = 4
TEMPORARY_GROUPS = 4
TEMPORARY_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that reads like another
AT_ONCE = 2
"""Comparisons under way in one process: each takes 64 MB and a core for a tenth of a second."""

_COMMON = """
123456789012 1234567890123 12345678901234 123456789abc 1234567890ab 012345678901 0123456789ab
1234567890qwe 123456qwerty qwerty123456 qwertyuiop12 qwertyuiop123 qwertyuiopas qwertyuiopasdf
1qaz2wsx3edc 1qaz2wsx3edc4rfv qazwsxedcrfv zaq12wsxcde3 q1w2e3r4t5y6 1q2w3e4r5t6y 1q2w3e4r5t6y7u
passwordpassword password1234 password12345 password123456 passw0rd1234 p@ssw0rd1234
p@ssword1234 mypassword123 newpassword1 newpassword123 changeme1234 changemenow1 letmein12345
welcome12345 welcome123456 administrator administrator1 admin1234567 admin12345678 adminadmin12
adminadmin123 root12345678 iloveyou1234 iloveyou12345 iloveyouforever iloveyousomuch
sunshine1234 football1234 baseball1234 princess1234 superman1234 monkey123456 dragon123456
abcdefghijkl abcdefghijklm abcd12345678 abc123456789 abcabcabcabc asdfghjkl123 asdfghjkl1234
zxcvbnm12345 zxcvbnmasdfgh woaini1314520 woaini5201314 woaini123456 woaini1314521 a123456789012
aa1234567890 a12345678910 qq1234567890 wang12345678 zhang12345678 li1234567890 5201314520131
520131452013 147258369147 147258369000 741852963741 789456123000 112233445566 111222333444
123123123123 121212121212 refunddesk12 refunddesk123 refunddesk1234 refund-desk-1
customerservice customerservice1 correcthorsebatterystaple trustno1trustno1 computer1234
internet1234 samsung12345 michael12345
"""
COMMON = frozenset(_COMMON.split())


class Passwords:
    """Hashes and compares, off the event loop and a few at a time."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobodys: str | None = None
        self._room = asyncio.Semaphore(AT_ONCE)
        self.compared = 0
        """How many comparisons have been made, of real passwords and of nobody's alike."""

    async def hashed(self, password: str) -> str:
        """What is kept of ``password``: an argon2id hash with its own salt and parameters."""
        async with self._room:
            return await asyncio.to_thread(self._hasher.hash, normalised(password))

    async def is_right(self, kept: str | None, password: str) -> bool:
        """Whether ``password`` is the one kept. Without one (nobody has that name) it is not, and
        finding out takes as long.
        """
        if self._nobodys is None:
            self._nobodys = await self.hashed(secrets.token_urlsafe())
        self.compared += 1
        async with self._room:
            right = await asyncio.to_thread(self._matches, kept or self._nobodys, password)
        return right and kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Whether it was hashed with other parameters than are used now."""
        return self._hasher.check_needs_rehash(kept)

    def _matches(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, normalised(password)[:MOST])
        except (VerificationError, InvalidHashError):
            return False


def normalised(password: str) -> str:
    """The same password however a keyboard composes it; half a character becomes a mark."""
    whole = password.encode("utf-8", "replace").decode()
    return unicodedata.normalize("NFKC", whole)


def check_new(password: str, *own_words: str) -> None:
    """Make sure that a password may be taken; ``own_words`` are the person's name and address.

    Raises:
        PasswordRefused: ``reason`` is too_short, too_long, too_simple, common or own_name.
    """
    plain = normalised(password).casefold()
    if len(plain) < LEAST:
        raise PasswordRefused("too_short")
    if len(plain) > MOST:
        raise PasswordRefused("too_long")
    if len(set(plain)) < LEAST_DIFFERENT:
        raise PasswordRefused("too_simple")
    if plain in COMMON:
        raise PasswordRefused("common")
    words = {part for word in own_words for part in (normalised(word).casefold(), _local(word))}
    if any(len(word) >= SHORTEST_NAME_LOOKED_FOR and word in plain for word in words):
        raise PasswordRefused("own_name")


def temporary_password() -> str:
    """A password to be told to somebody once: 16 characters, 79 bits."""
    groups = (
        "".join(secrets.choice(TEMPORARY_ALPHABET) for _ in range(4))
        for _ in range(TEMPORARY_GROUPS)
    )
    return "-".join(groups)


def _local(address: str) -> str:
    return normalised(address).casefold().partition("@")[0]

"""One-time codes. No code is kept anywhere: it follows from its challenge's id and the desk's
secret, so that a mail sent twice says the same and nothing readable lies in the database.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

DIGITS = 6


def code_of(challenge: str, secret: str) -> str:
    """The six digits of a challenge."""
    digest = hmac.new(secret.encode(), challenge.encode(), hashlib.sha256).digest()
    return str(int.from_bytes(digest) % 10**DIGITS).zfill(DIGITS)


def is_code_of(challenge: str, secret: str, typed: str) -> bool:
    """Whether ``typed`` is the challenge's code; full-width digits, spaces and dashes are fine.

    Takes as long for a wrong code as for a right one.
    """
    plain = unicodedata.normalize("NFKC", typed)
    said = "".join(char for char in plain if not char.isspace() and char not in "-‐‑–—")
    return hmac.compare_digest(said.encode(), code_of(challenge, secret).encode())

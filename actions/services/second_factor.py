"""The second factor of staff: time-based codes (RFC 6238) and recovery codes.

Knows how both are made. No TOTP secret is kept: it follows from the desk's secret, the person and
how often their set-up was begun anew. Leaves who may try, and how often, to the sign-in service.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import unicodedata
from datetime import datetime, timedelta

import pyotp

from actions.services.derived import derived_key, keyed_hash

ISSUER = "Refund Desk"
STEPS_ASIDE = 1  # a phone's clock, and the time it takes to type
SECRET_BYTES = 20  # what every authenticator app takes (SHA-1's block of RFC 4226)
RECOVERY_CODES = 10
RECOVERY_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
RECOVERY_HALF = 5  # two halves: 49 bits


class SecondFactor:
    """Makes and checks codes for one desk."""

    def __init__(self, secret: str) -> None:
        self._totp_key = derived_key(secret, "staff/totp")
        self._recovery_key = derived_key(secret, "staff/recovery-codes")

    def secret_of(self, staff: str, generation: int) -> str:
        """The secret that a person's app holds, in Base32."""
        about = f"{staff}:{generation}".encode()
        digest = hmac.new(self._totp_key, about, hashlib.sha256).digest()
        return base64.b32encode(digest[:SECRET_BYTES]).decode()

    def address_of(self, staff: str, generation: int, name: str) -> str:
        """The ``otpauth:`` address that a QR code tells to an app."""
        totp = pyotp.TOTP(self.secret_of(staff, generation))
        return totp.provisioning_uri(name=name, issuer_name=ISSUER)

    def step_of(self, staff: str, generation: int, typed: str, at: datetime) -> int | None:
        """The time step whose code ``typed`` is, if that is about now; else None.

        Takes as long for a wrong code as for a right one.
        """
        totp, said = pyotp.TOTP(self.secret_of(staff, generation)), plain(typed).encode()
        now, found = totp.timecode(at), None
        for step in range(now - STEPS_ASIDE, now + STEPS_ASIDE + 1):
            if hmac.compare_digest(said, totp.generate_otp(step).encode()):
                found = step
        return found

    def recovery_hash(self, staff: str, typed: str) -> str:
        """What is kept of a recovery code."""
        return keyed_hash(self._recovery_key, f"{staff}:{plain(typed).lower()}")


def new_recovery_codes() -> list[str]:
    """Codes to be written down, each good for one sign-in."""
    return [f"{_half()}-{_half()}" for _ in range(RECOVERY_CODES)]


def code_now(secret: str, at: datetime, *, later: timedelta = timedelta()) -> str:
    """What an app that holds ``secret`` shows at a time."""
    return pyotp.TOTP(secret).at(at + later)


def plain(typed: str) -> str:
    """A code without spaces and dashes; full-width characters are fine."""
    folded = unicodedata.normalize("NFKC", typed)
    return "".join(char for char in folded if not char.isspace() and char not in "-‐‑–—")


def _half() -> str:
    return "".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_HALF))

"""Signs identities as a brand's site does, for tests and demonstrations.

The way in which a real site should do it is in ``docs/identity.md``; this adds only that any
claim can be spoilt.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

import jwt

DEMO_LASTS = timedelta(minutes=2)


def sign_identity(
    account: str, brand: str, key: str, now: datetime, *, algorithm: str = "HS256", **claims: Any
) -> str:
    """A token by which ``brand``'s site says that ``account`` is signed in there.

    Each of ``claims`` takes the place of the right one; None leaves that claim out.
    """
    right: dict[str, Any] = {
        "iss": brand,
        "aud": f"refund-desk:{brand}",
        "sub": account,
        "iat": int(now.timestamp()),
        "exp": int((now + DEMO_LASTS).timestamp()),
        "jti": secrets.token_urlsafe(16),
    }
    said = {name: value for name, value in (right | claims).items() if value is not None}
    return jwt.encode(said, key, algorithm=algorithm)

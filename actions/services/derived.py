"""Keys for one purpose each, derived from the desk's secret: none of them tells another."""

from __future__ import annotations

import hashlib
import hmac


def derived_key(secret: str, purpose: str) -> bytes:
    """The 32 bytes that ``secret`` gives for ``purpose`` (RFC 5869's extract step)."""
    return hmac.new(f"refund-desk/{purpose}".encode(), secret.encode(), hashlib.sha256).digest()


def keyed_hash(key: bytes, text: str) -> str:
    """What is stored of a text that nobody shall read back, in hex."""
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

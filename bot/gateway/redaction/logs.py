"""Log lines without secrets: the last look at each, whatever wrote it.

The desk logs nobody's words. Should one slip in all the same, in an exception's text or a library's
message, what can be told to be a secret does not get out.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

from bot.gateway.redaction.finding import redact

_SHORTEST = 6  # no secret is shorter, and most values are
_DEEPEST = 6
_TOO_DEEP = "…"
_OURS = frozenset({"level", "logger", "timestamp", "process", "pid"})
"""What the logging itself says of a line."""


def without_secrets(
    logger: object, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A structlog processor; stands right before the one that writes."""
    for key, value in event.items():
        if key not in _OURS:
            event[key] = _clean(value)
    return event


def _clean(value: Any, depth: int = 0) -> Any:
    if isinstance(value, str):
        return redact(value, "en") if len(value) >= _SHORTEST else value
    if depth > _DEEPEST:
        return _TOO_DEEP
    if isinstance(value, Mapping):
        return {_clean(key, depth + 1): _clean(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(item, depth + 1) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return _clean(str(value), depth)

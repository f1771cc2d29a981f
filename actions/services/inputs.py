"""What people type, before it is kept: not too long, not empty where it counts, storable.

Knows length and characters. Leaves what the words mean to the services that take them.
"""

from __future__ import annotations

from collections.abc import Mapping

from actions.domain.errors import Fault, InputRefused, NotAllowed
from actions.domain.events import Actor, Role

LANGUAGES = ("zh", "en")
LONGEST_NOTE = 2000
LONGEST_REFERENCE = 200

MISSING = "请填写此项 · is missing"
TOO_LONG = "过长，最多 {most} 个字符 · is too long: {most} characters at most"
UNREADABLE = "含有无法保存的字符 · holds characters that can't be kept"
BOTH = "请同时填写中文和英文 · needs both Chinese and English"


def text_of(typed: str, path: str, most: int, *, required: bool = True) -> str:
    """``typed`` without the space around it. Raises ``InputRefused``, with ``path``."""
    text = typed.strip()
    if required and not text:
        raise InputRefused(Fault(path, MISSING))
    if len(text) > most:
        raise InputRefused(Fault(path, TOO_LONG.format(most=most)))
    if any(char == "\0" or "\ud800" <= char <= "\udfff" for char in text):
        raise InputRefused(Fault(path, UNREADABLE))
    return text


def words_of(typed: Mapping[str, str] | None, path: str) -> dict[str, str]:
    """Words for a customer in both languages, or none at all. Raises ``InputRefused``."""
    if not typed:
        return {}
    if set(typed) != set(LANGUAGES):
        raise InputRefused(Fault(path, BOTH))
    return {name: text_of(typed[name], f"{path}.{name}", LONGEST_NOTE) for name in LANGUAGES}


def must_be(by: Actor, *roles: Role) -> None:
    """Raise ``NotAllowed`` unless ``by`` acts in one of ``roles``, as a person under a name."""
    nameless = by.role.is_staff and not by.name.strip()
    if by.role not in roles or nameless:
        raise NotAllowed()


STAFF = tuple(role for role in Role if role.is_staff)

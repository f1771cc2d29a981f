"""One JSON text to the value it holds, strictly: no key twice in an object, nothing but JSON.

Knows how such a text can be broken and says it in both languages. Leaves what the value means
to its reader.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from actions.domain.errors import FactsRefused, Fault

EMPTY = "没有内容 · is empty"
NOT_UTF8 = "不是 UTF-8 文本 · is not UTF-8 text"
TOO_DEEP = "嵌套太深 · is nested too deeply"
LONG_NUMBER = "含有过长的数字 · holds a number that is too long"
TWICE = "在同一对象里出现了两次 · stands twice in the same object"


def read_json(text: bytes) -> Any:
    """The one value in ``text``. Raises ``FactsRefused``."""
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FactsRefused(Fault("", NOT_UTF8)) from None
    if not decoded.strip():
        raise FactsRefused(Fault("", EMPTY))
    try:
        found = json.loads(decoded, object_pairs_hook=_object, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise FactsRefused(Fault("", _broken(error, decoded))) from None
    except RecursionError:
        raise FactsRefused(Fault("", TOO_DEEP)) from None
    except ValueError:  # Python reads no whole number of more than 4300 digits
        raise FactsRefused(Fault("", LONG_NUMBER)) from None
    faults = [Fault(path, TWICE) for path in _repeated(found)]
    if faults:
        raise FactsRefused(*faults)
    return found


class _Repeating(dict[str, Any]):
    """An object some of whose keys stand in it more than once."""

    twice: list[str]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    keys = [key for key, _ in pairs]
    repeating = _Repeating(found)
    repeating.twice = [key for key in found if keys.count(key) > 1]
    return repeating


def _repeated(found: Any) -> Iterator[str]:
    """The path of every key that stands twice. Goes down without recursion: it may be deep."""
    waiting: list[tuple[str, Any]] = [("", found)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, _Repeating):
            yield from (_below(path, key) for key in value.twice)
        if isinstance(value, dict):
            waiting += [(_below(path, key), inner) for key, inner in reversed(value.items())]
        elif isinstance(value, list):
            waiting += [(f"{path}[{n}]", inner) for n, inner in reversed([*enumerate(value)])]


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _broken(error: json.JSONDecodeError, text: str) -> str:
    zh, en = f"第 {error.colno} 列", f"column {error.colno}"
    if "\n" in text.strip():
        zh, en = f"第 {error.lineno} 行{zh}", f"line {error.lineno}, {en}"
    return f"不是合法的 JSON（{zh}） · is not JSON ({en})"


def _refuse(constant: str) -> NoReturn:
    raise FactsRefused(Fault("", f"不是合法的 JSON（{constant}） · is not JSON ({constant})"))

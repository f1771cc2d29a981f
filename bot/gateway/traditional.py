"""Traditional Chinese: how the desk's Simplified texts read in it, and who writes it.

Knows OpenCC and the exceptions beside this module. Leaves what a conversation remembers to
``transcript``. Converted are texts of the desk alone, at the moment they are stored; every source
stays Simplified. Addresses, links, numbers and ids are ASCII, which nothing here touches. A brand's
Chinese name is the same name in the other script (快連VPN): one Simplified character in the middle
of a Traditional sentence looks like somebody posing as the brand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml
from opencc import OpenCC

HANS, HANT = "Hans", "Hant"
EXCEPTIONS = Path(__file__).with_name("traditional.yml")

PROFILE = "s2tw"
"""Chosen by reading what each profile makes of every text of the desk.

s2t leaves forms that nobody types (爲, 覈實, 羣, 纔). s2hk has 裏 and 户 where most readers have 裡
and 戶; Hong Kong reads Taiwan's forms with ease. s2twp also changes words, and wrongly for a refund
desk: 审核 becomes 稽核 (an audit), 已注销 已登出 (signed out), 拒绝代码 程式碼 (source code), and
比特派 位元派, which is a brand's name. So the script is s2tw's, and the few words are our own.
"""

_CLEARLY = 2
"""So many times more characters of the one script than of the other make a message clear."""


def load() -> None:
    """Read all tables now, so that no customer waits for it."""
    traditional("简")
    script_of("简繁")


def traditional(text: str) -> str:
    """A text of the desk as Traditional Chinese reads it."""
    convert, exceptions = _converter(PROFILE).convert, _exceptions()
    parts, at = [], 0
    for found in _pattern().finditer(text):
        parts += [convert(text[at : found.start()]), exceptions[found[0]]]
        at = found.end()
    return "".join([*parts, convert(text[at:])])


def script_of(text: str) -> str | None:
    """The script that a message is clearly in; None if it could be either, or is not Chinese."""
    shown = [_shown_by(character) for character in _names().sub(" ", text)]
    hant, hans = shown.count(HANT), shown.count(HANS)
    if hant > _CLEARLY * hans:
        return HANT
    return HANS if hans > _CLEARLY * hant else None


@lru_cache(maxsize=8192)
def _shown_by(character: str) -> str | None:
    """The only script that writes this character.

    Old national character sets know best what people can type where: 台, 群 and 里 stand in both.
    """
    if not "\u3400" <= character <= "\u9fff":
        return None
    if _converter("t2s").convert(character) != character and not _is_in("gb2312", character):
        return HANT
    if _converter("s2t").convert(character) != character and not _is_in("big5", character):
        return HANS
    return None


def _is_in(charset: str, character: str) -> bool:
    return bool(character.encode(charset, errors="ignore"))


@cache
def _converter(profile: str) -> OpenCC:
    return OpenCC(profile)


@cache
def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = yaml.safe_load(EXCEPTIONS.read_text("utf-8"))
    return table


@cache
def _exceptions() -> Mapping[str, str]:
    return {**_table()["shapes"], **_table()["words"]}


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(_exceptions(), key=len, reverse=True))))


@cache
def _names() -> re.Pattern[str]:
    names = _table()["names"]
    return re.compile("|".join({*names, *map(traditional, names)}))

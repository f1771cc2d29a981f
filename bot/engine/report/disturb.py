"""Spoils messages as people, phones and keyboards do, without changing what they mean.

Each way is a function of a message and a seeded source of chance: the same run spoils alike. Some
ways have nothing to do with some messages and leave them as they are.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from opencc import OpenCC

Chance = random.Random
Way = Callable[[str, Chance], str]

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_ALIKE = (
    "的得地", "在再", "做作", "钱前", "退推腿", "款宽", "单但", "订定", "货或获", "换还",
    "没每", "有又友", "是事试", "我窝", "你尼", "要药", "给各", "账帐", "号好", "收手",
    "到道倒", "付负副", "费废", "客刻", "服福", "人仁", "工公", "发法", "票漂", "已以己",
    "申身", "请清", "取去", "消销", "会回", "员圆元", "密蜜", "码马吗", "登等", "录路",
    "查茶", "为位", "什神", "么嘛", "怎真", "样像", "多夺", "少烧", "天添", "里理",
    "了乐", "这着", "那哪", "买卖", "支之", "扣口", "错挫", "重从", "复付", "投头",
)  # fmt: skip
"""Characters that sound alike, or nearly, or that a pinyin keyboard offers side by side."""
_SOUNDS = {one: group.replace(one, "") for group in _ALIKE for one in group}
_EMOJI = ("😂", "🙏", "😡", "😭", "👍", "🤔", "❤️", "😤")
_FILLERS = {
    "zh": ("那个", "嗯", "额", "就是说", "话说", "哈哈哈", "啊啊啊", "。。。。"),
    "en": ("um", "uh", "like", "well", "so yeah", "lol", "hmm", "....."),
}
_COURTESIES = {
    "zh": (("你好，", "您好 ", "在吗？", "亲，"), "，", ("谢谢", "麻烦了", "多谢啦")),
    "en": (("Hi, ", "hello team. ", "Hey there, "), " ", ("thanks", "Thank you!", "cheers")),
}
"""Before, between and after."""
_HAN = re.compile(r"[\u3400-\u9fff]")
ONE_IN = 12
"""One character in so many is mistyped, and at least one."""


def mistyped(text: str, chance: Chance) -> str:
    """A neighbouring key, a swap, a letter lost; in Chinese a character that sounds alike."""
    characters = list(text)
    for _ in range(max(1, len(text) // ONE_IN)):
        places = [i for i, one in enumerate(characters) if one in _SOUNDS or _key(one)]
        if not places:
            break
        _mistype(characters, chance.choice(places), chance)
    return "".join(characters)


def _key(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _mistype(characters: list[str], place: int, chance: Chance) -> None:
    one = characters[place]
    if one in _SOUNDS:
        characters[place] = chance.choice(_SOUNDS[one])
        return
    kind = chance.randrange(3)
    following = place + 1
    if kind == 0 and following < len(characters) and _key(characters[following]):
        characters[place], characters[following] = characters[following], one
    elif kind == 1:
        del characters[place]
    else:
        near = _neighbour(one.lower(), chance)
        characters[place] = near.upper() if one.isupper() else near


def _neighbour(letter: str, chance: Chance) -> str:
    row = next(row for row in _ROWS if letter in row)
    place = row.index(letter)
    return chance.choice([row[i] for i in (place - 1, place + 1) if 0 <= i < len(row)])


def without_punctuation(text: str, chance: Chance) -> str:
    """No commas, dots and question marks; those inside numbers and addresses stay."""
    return " ".join(re.sub(r"(?<![0-9A-Za-z])[^\w\s]|[^\w\s](?![0-9A-Za-z])", " ", text).split())


def shouted(text: str, chance: Chance) -> str:
    """CAPITALS, as far as the script has any."""
    return text.upper()


def full_width(text: str, chance: Chance) -> str:
    """Letters, digits and signs as wide as Chinese characters."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@lru_cache(maxsize=1)
def _to_traditional() -> OpenCC:
    return OpenCC("s2twp")


def traditional(text: str, chance: Chance) -> str:
    """In Traditional characters and with Taiwan's words."""
    return str(_to_traditional().convert(text))


def noisy(text: str, chance: Chance) -> str:
    """Fillers and emoji before, after and held-down characters at the end."""
    language = "zh" if _HAN.search(text) else "en"
    before, after = chance.choice(_FILLERS[language]), chance.choice(_EMOJI) * chance.randint(1, 3)
    gap = "，" if language == "zh" else " "
    return f"{before}{gap}{text}{chance.choice(('!!!', '？？？', '~~', '…'))}{after}"


def greeted(text: str, chance: Chance) -> str:
    """With a greeting before it and thanks after it."""
    before, gap, after = _COURTESIES["zh" if _HAN.search(text) else "en"]
    return f"{chance.choice(before)}{text}{gap}{chance.choice(after)}"


def code_mixer(ways: Mapping[str, Sequence[str]]) -> Way:
    """A way that puts one word into the other language, by the lists of concepts.

    A word of a concept is replaced by the concept's first word in the other language.
    """
    counterparts = _counterparts(ways)
    longest_first = sorted(counterparts, key=len, reverse=True)

    def mixed(text: str, chance: Chance) -> str:
        lower = text.lower()
        for word in longest_first:
            place = _place(lower, word)
            if place >= 0:
                other = counterparts[word]
                gaps = (" ", " ") if not other.isascii() or _HAN.search(text) else ("", "")
                end = place + len(word)
                return (
                    f"{text[:place].rstrip()}{gaps[0]}{other}{gaps[1]}{text[end:].lstrip()}".strip()
                )
        return text

    return mixed


def _counterparts(ways: Mapping[str, Sequence[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for said in ways.values():
        chinese = [one for one in said if _HAN.search(one)]
        english = [one for one in said if one.isascii() and " " not in one and len(one) > 2]
        if chinese and english:
            found |= {one: english[0] for one in chinese if len(one) > 1}
            found |= {one.lower(): chinese[0] for one in english if len(one) > 3}
    return found


def _place(text: str, word: str) -> int:
    if not word.isascii():
        return text.find(word)
    match = re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", text)
    return match.start() if match else -1


def all_ways(ways: Mapping[str, Sequence[str]]) -> dict[str, Way]:
    """Every way by its name."""
    return {
        "typos": mistyped,
        "no_punctuation": without_punctuation,
        "capitals": shouted,
        "full_width": full_width,
        "traditional": traditional,
        "code_mix": code_mixer(ways),
        "noise": noisy,
        "courtesies": greeted,
    }


def spoiled(text: str, name: str, way: Way, seed: int) -> str:
    """The message spoiled in one way; the same for the same seed."""
    return way(text, random.Random(f"{seed}:{name}:{text}"))

"""Names of persons, where they are given as names: 我叫李雷, 户名:赵敏, "my name is Jane Doe".

A name must follow words that introduce one, and look like one: 我叫人工 and "this is ridiculous"
name nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.engine.nlu.facts.fact import SURE, USUAL, Find
from bot.engine.nlu.facts.name_words import (
    LATIN,
    NO_NAMES,
    NOT_LATIN,
    STOP,
    STOP_WORDS,
    SURNAMES,
)
from bot.engine.nlu.facts.names_signed import HERE, SIGNED, SIGNED_HAN, WHOSE, WHOSE_HAN

_COMPOUND = "欧阳|上官|司马|诸葛|夏侯|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|端木|独孤|南宫"
_MIGHT_HAN = re.compile("[名叫姓人是主此礼款上—–-]|谢|感|拜|辛|祝|顺")
_TITLES = "先生|女士|小姐|老师|太太|阿姨|同学"
_LED = re.compile(
    r"(?P<named>我(?:的)?(?:名字|姓名|全名|真名|名)?[就不]?叫做?|(?:我的)?(?:名字|姓名|全名|"
    r"真实姓名|中文名|英文名)(?:[就不]?是|为|叫做?|[填写登留]的?是?|[:,])?|"
    r"(?:账户|开户|(?<!用)户|持卡|银行卡户|账号)名(?:字|称)?(?:不?是|为|不?叫|[:,])?|(?:收件|收货|"
    r"联系|持卡|开户|账户|注册|付款|收款|下单|购买|投保|预订|订票|乘机|乘客|申请|持有|经办|当事)"
    r"人(?:的?(?:名字|姓名))?(?:不?是|为|不?叫|[:,])?|(?<![a-z账])[号户机卡房车]主(?:的?(?:名字|姓名))?(?:是|为|叫|[:,])?|免贵姓|敝姓|(?<=[,，])叫)\s?"
    r"|(?P<loose>本人(?:是|姓名|叫)?|(?<![给跟对和向找为让把被])我是|(?<![不])这里是|鄙人)\s?"
)
_LATIN_NAME = re.compile(LATIN)
_SMALL_NAME = re.compile(r"[a-z][a-z'-]{1,20}(?: [a-z][a-z'-]{1,20})?(?![a-z@0-9_])")
_SAID_NAME = re.compile(r"(?:name(?:'s| is| was|:)|名字?[是叫为:]|我叫做?)\s?$", re.IGNORECASE)
_GIVEN_FOR = re.compile(
    r"(?<![a-z])(?P<sure>(?:my |the |full |account |real )*name(?:'s| is| was|:| -| =)(?: not)?"
    r"(?: on (?:it|file|the (?:account|order|card)) is)?|"
    r"name on (?:the |my )?(?:account|card|order|booking)(?: is|:)?|"
    r"(?:under|in) (?:the )?name(?: of)?|under (?=(?-i:[A-Z]))|(?:account|card) ?holder(?:'s "
    r"name)?(?: is|:)?|cardholder(?: is|:)?|registered (?:to|under)|addressed to|recipient(?: "
    r"is|:)|passenger(?: is|:)?|"
    r"i go by|call me|booked for|name:|name(?= (?-i:[A-Z])))\s?"
    r"|(?<![a-z])(?P<loose>i am|i'm|im|this is|it's|it is|here is|speaking is)\s",
    re.IGNORECASE,
)


_OTHER_HAN = re.compile(r"[,;]?\s?(?P<no>而?不是|不叫|并非)?(?:而?是|应该是|我?叫)?\s?")
_OTHER = re.compile(
    r",?\s(?P<no>(?:and )?not|rather than)\s|"
    r"[,;]?\s(?:but|it'?s|it is|that'?s)(?: (?:is|rather|really|actually))?\s",
    re.IGNORECASE,
)
_DENIED = re.compile(r"(?:不[是叫]|(?<![a-z])(?:not|n't))\s?$", re.IGNORECASE)
_TITLES_LATIN = frozenset({"mr.", "mrs.", "ms.", "dr.", "st.", "jr.", "sr.", "prof."})


def find_names(text: str) -> Iterator[Find]:
    """The names of a normalised text, each with the one that corrects it or that it corrects."""
    for find in _given(text):
        yield find
        yield from _corrected(text, find)


def _corrected(text: str, find: Find) -> Iterator[Find]:
    """The name beside: "Ana Costa, not Anna Costa", 不是李明,是李敏."""
    han = _is_han(find.value[0])
    joint = (_OTHER_HAN if han else _OTHER).match(text, find.end)
    if joint is None or joint.end() == find.end:
        return
    # Only one of the two is denied: 是李明,是高级会员 corrects nothing.
    if bool(joint["no"]) == bool(_DENIED.search(text[max(0, find.start - 8) : find.start])):
        return
    start = joint.end()
    end = (_han_end if han else _latin_end)(text, start, sure=True)
    # A denied 黄牛 is no name; a mistaken name has something of the right one.
    if end and (not han or not joint["no"] or set(text[start:end]) & set(find.value)):
        yield Find("person_name", text[start:end], start, end, sure=SURE)


def _given(text: str) -> Iterator[Find]:
    if _MIGHT_HAN.search(text):
        yield from _chinese(text)
    for found in _GIVEN_FOR.finditer(text):
        end = _latin_end(text, found.end(), sure=bool(found["sure"]))
        if end:
            yield Find("person_name", text[found.end() : end], found.end(), end, sure=SURE)
    for found in SIGNED.finditer(text):
        yield from _whole(text, *found.span("name"))
    for found in HERE.finditer(text):
        group = "i" if found["i"] else "name"
        if " " in found[group] or found.start() == 0:
            yield from _whole(text, *found.span(group))
    for found in WHOSE.finditer(text):
        end = _latin_end(text, found.end(), sure=True)
        if end:
            yield Find("person_name", text[found.end() : end], found.end(), end, sure=SURE)


def _whole(text: str, start: int, end: int) -> Iterator[Find]:
    """The name, if all of it looks like one."""
    if _latin_end(text, start, sure=True) == end:
        yield Find("person_name", text[start:end], start, end, sure=USUAL)


def _chinese(text: str) -> Iterator[Find]:
    for found in SIGNED_HAN.finditer(text):
        name, place = found["name"] or found["above"], found.span(found.lastgroup or 0)
        if _han_end(name, 0, sure=True) == len(name):
            yield Find("person_name", name, *place, sure=SURE)
    for found in (*WHOSE_HAN.finditer(text), *_LED.finditer(text)):
        start, sure = found.end(), not found.groupdict().get("loose")
        end = _han_end(text, start, sure=sure)
        if end is None and text[start : start + 1].isascii():
            end = _latin_end(text, start, sure=sure)
        if end:
            yield Find("person_name", text[start:end], start, end, sure=SURE)


def _han_end(text: str, start: int, *, sure: bool) -> int | None:
    """Where the Chinese name ends that begins here; None where none does."""
    rest = text[start : start + 8]
    titled = re.match(rf"[{SURNAMES}](?:{_TITLES})", rest)
    if titled:
        return start + titled.end()
    family = 2 if re.match(_COMPOUND, rest) else 1
    if not rest or (family == 1 and rest[0] not in SURNAMES) or rest.startswith(NO_NAMES):
        return None
    end = family
    while (
        end < min(len(rest), family + 2)
        and _is_han(rest[end])
        and ((end == family and rest[end] not in "的了是在我你,，") or rest[end] not in STOP)
    ):
        if rest[end : end + 2] in STOP_WORDS:
            break
        end += 1
    if end == family or (
        rest[family] in STOP and end == family + 1 and rest[family] in "的了是在我你想要们个吗吧"
    ):
        return None
    after = rest[end : end + 1]
    if not sure and after and _is_han(after) and after not in STOP:
        return None
    if not sure and re.match("[的吗们个]", after or "x"):
        return None
    masked = re.match(r"[*某]{1,2}", rest[end:])
    return start + end + (masked.end() if masked else 0)


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def _latin_end(text: str, start: int, *, sure: bool) -> int | None:
    """Where the name in Latin letters ends that begins here; None where none does."""
    found = _LATIN_NAME.match(text, start)
    if found is None and sure:
        found = (
            _SMALL_NAME.match(text, start)
            if _SAID_NAME.search(text[max(0, start - 24) : start])
            else None
        )
        words = found[0].split() if found else []
        if found and words[0] not in NOT_LATIN:
            return (
                start
                + len(words[0])
                + (len(words[1]) + 1 if len(words) > 1 and words[1] not in NOT_LATIN else 0)
            )
        return None
    if found is None:
        return None
    kept: list[str] = []
    for word in found[0].split(" "):
        if word.lower().rstrip(".,") in NOT_LATIN or (
            word.isupper() and len(word) > 3 and not sure
        ):
            break
        kept.append(word)
        if word.endswith(".") and len(word) > 3 and word.lower() not in _TITLES_LATIN:
            break  # the sentence ends there
    while kept and kept[-1] in ("de", "la", "van", "von", "der", "del", "bin", "al"):
        kept.pop()
    name = " ".join(kept).rstrip(".-'’")
    end = start + len(name)
    if not kept or len(name) < 2 or re.match(r"[0-9@_]", text[end : end + 1]):
        return None
    if (
        not sure
        and len(kept) == 1
        and not re.match(
            r"\s*(?:[,.!;\n]|$|(?:from|here|and|with|again|calling|speaking|writing)(?![a-z]))",
            text[end:],
        )
    ):
        return None
    return end

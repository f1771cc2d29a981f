"""Names of persons, where they are given as names: 我叫李雷, 户名:赵敏, "my name is Jane Doe".

A name must follow words that introduce one, and look like one: 我叫人工 and "this is ridiculous"
name nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.engine.nlu.facts.fact import SURE, USUAL, Find

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪"
    "范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞"
    "颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华"
    "喻祁蒲房滕屈饶解牟艾尤阳穆农司卓古吉缪简项芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬"
    "仇栾隋商刁沙荣巫寇桑郎甄仲虞敖巩明佘池查麻苑迟邝谈匡鞠惠荆乐冀郁胥南班栗燕楚鄢劳谌奚皮粟冼蔺闻"
)
_COMPOUND = "欧阳|上官|司马|诸葛|夏侯|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|端木|独孤|南宫"
_STOP = set(
    "想要的是在我来号电手邮订买申退之昨上先你您麻请收和也有付用把被就了吧啊呀哦哈不没今这那给身尾账注办从可能住男女他她它们个说"
    "叫问查需觉还都很所但再又只到到跟与或以及最比让帮该已,，。.!！?？;；:：、~ \t\n()（）[]\"'“”/|"
)
_STOP_WORDS = frozenset(
    "明天 明早 明年 现在 可以 可能 如果 如何 希望 同意 于是 总共 总是 会员 对方 因为 前天 前几 后来 后天 今天 昨天".split()
)
_TITLES = "先生|女士|小姐|老师|太太|阿姨|同学"
_NO_NAME = re.compile(
    r"^(?:人工|客服|高级|高端|金卡|白金|钻石|普通|老用户|新用户|全额|全款|全部|全家|任何|时间|常用|成都|成人|应该|应届|文员|和你|和您|连续|连着|安卓|安装|"
    r"车主|车费|华为|方便|关于|关闭|申请|原来|原价|原先|官网|官方|封号|封了|查询|查了|解除|解绑|单独|单号|管理|包月|包年|包裹|路过|游客|游戏|明明|明天|"
    r"满意|时候|商家|商户|师傅|温州|石家庄|金融|金额|江苏|万分|万一|高中|高铁|白天|白嫖|向你|向您|付款|付费|付了|许多|常年|位于|平台|易宝|连接|何时|何必|何况|"
    r"司机|农村|麦当劳|米粉|安全|路由|南京|南方|边远|米饭|乐意|冷静|严重|江西|包邮|曾经|毛病|马上|全职|单身|文科|项目|古玩|吉林|宁波|宁夏|温度|康复|凌晨)"
)
_LED = re.compile(
    r"(?P<named>我(?:的)?(?:名字|姓名|全名|真名)?(?:就)?叫做?|(?:我的)?(?:名字|姓名|全名|真实姓名|中文名|英文名)(?:就?是|为|叫做?|填的?是|写的?是|[:,])?|"
    r"(?:账户|开户|(?<!用)户|持卡|银行卡户|账号)名(?:字|称)?(?:是|为|叫|[:,])?|(?:收件|收货|联系|持卡|开户|账户|注册|付款|收款|下单|购买|投保|预订|订票|乘机|乘客|申请)人(?:的?(?:名字|姓名))?(?:是|为|叫|[:,])?|免贵姓|敝姓|(?<=[,，])叫)\s?"
    r"|(?P<loose>本人(?:是|姓名|叫)?|(?<![给跟对和向找为让把被])我是|(?<![不])这里是|鄙人)\s?"
)
_LATIN = r"[A-Z][A-Za-zÀ-ÿ'’.-]{0,24}(?: (?:[A-Z][A-Za-zÀ-ÿ'’.-]{0,24}|de|la|van|von|der|del|bin|al)){0,3}"
_LATIN_NAME = re.compile(_LATIN)
_SMALL_NAME = re.compile(r"[a-z][a-z'-]{1,20}(?: [a-z][a-z'-]{1,20})?(?![a-z@0-9_])")
_SAID_NAME = re.compile(r"(?:name(?:'s| is| was|:)|名字?[是叫为:]|我叫做?)\s?$", re.IGNORECASE)
_GIVEN_FOR = re.compile(
    r"(?<![a-z])(?P<sure>(?:my |the |full |account |real )*name(?:'s| is| was|:| -| =)(?: on (?:it|file|the (?:account|order|card)) is)?|name on (?:the |my )?(?:account|card|order|booking)(?: is|:)?|"
    r"(?:under|in) (?:the )?name(?: of)?|under (?=(?-i:[A-Z]))|(?:account|card) ?holder(?:'s name)?(?: is|:)?|cardholder(?: is|:)?|registered (?:to|under)|addressed to|recipient(?: is|:)|passenger(?: is|:)?|"
    r"i go by|call me|booked for|name:|name(?= (?-i:[A-Z])))\s?"
    r"|(?<![a-z])(?P<loose>i am|i'm|im|this is|it's|it is|here is|speaking is)\s",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    rf"(?:(?:^|[.!\n] ?)(?i:(?:kind |best |warm )?regards|cheers|sincerely|yours(?: truly)?|thank you|thanks|best)[,.!]?\s*\n?\s*[-–]?\s?(?P<signed>{_LATIN})\s*\.?$"
    rf"|(?:^|[.,!] )(?P<here>{_LATIN})(?:,? here(?![a-z])(?=[,.!]|\s(?:from|mobile|calling|again)|$)|,? speaking(?![a-z])|,? that'?s (?:the name|my name)|,? is (?:my|the) name))"
)
_NOT_LATIN = set(
    "i am the a an my your our not so very really just still waiting sorry sick tired done angry upset happy sure here this that it is was "
    "ridiculous unacceptable chinese english american british indian german french canadian australian paypal alipay wechat visa mastercard bitpie "
    "kuailian amazon apple google order refund urgent monday tuesday wednesday thursday friday saturday sunday january february march april may june "
    "july august september october november december unable trying looking writing asking having getting going using about from customer support help "
    "vpn usdt btc eth trx vip ios android windows iphone mac ok no yes what why how when where crazy insane bullshit absurd nonsense outrageous theft "
    "fraud stealing robbery awful terrible horrible unfair disgusting on file wrong correct in under for to with at by and or but if because "
    "new old please thanks thank hello hi hey dear sir madam team desk agent human bot robot uk us usa china tokyo london leeds section spelled spelt back nothing still anyone somebody everything everyone nobody last first called different".split()
)


def find_names(text: str) -> Iterator[Find]:
    """The names of a normalised text."""
    if re.search("[名叫姓人是]", text):
        yield from _chinese(text)
    for found in _GIVEN_FOR.finditer(text):
        end = _latin_end(text, found.end(), sure=bool(found["sure"]))
        if end:
            yield Find("person_name", text[found.end() : end], found.end(), end, sure=SURE)
    for found in _SIGNED.finditer(text):
        group = "signed" if found["signed"] else "here"
        end = _latin_end(text, found.start(group), sure=True)
        alone = group == "here" and " " not in found[group] and found.start(group) > 0
        if end == found.end(group) and not alone:
            yield Find("person_name", found[group], *found.span(group), sure=USUAL)


def _chinese(text: str) -> Iterator[Find]:
    for found in _LED.finditer(text):
        start = found.end()
        end = _han_end(text, start, sure=bool(found["named"]))
        if end is None and text[start : start + 1].isascii():
            end = _latin_end(text, start, sure=bool(found["named"]))
        if end:
            yield Find("person_name", text[start:end], start, end, sure=SURE)


def _han_end(text: str, start: int, *, sure: bool) -> int | None:
    """Where the Chinese name ends that begins here; None where none does."""
    rest = text[start : start + 8]
    titled = re.match(rf"[{_SURNAMES}](?:{_TITLES})", rest)
    if titled:
        return start + titled.end()
    family = 2 if re.match(_COMPOUND, rest) else 1
    if not rest or (family == 1 and rest[0] not in _SURNAMES) or _NO_NAME.match(rest):
        return None
    end = family
    while end < min(len(rest), family + 2) and _is_han(rest[end]) and (end == family and rest[end] not in "的了是在我你,，" or rest[end] not in _STOP):
        if rest[end : end + 2] in _STOP_WORDS:
            break
        end += 1
    if end == family or (rest[family] in _STOP and end == family + 1 and rest[family] in "的了是在我你想要们个吗吧"):
        return None
    after = rest[end : end + 1]
    if not sure and after and _is_han(after) and after not in _STOP:
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
        found = _SMALL_NAME.match(text, start) if _SAID_NAME.search(text[max(0, start - 24) : start]) else None
        words = found[0].split() if found else []
        if found and words[0] not in _NOT_LATIN:
            return start + len(words[0]) + (len(words[1]) + 1 if len(words) > 1 and words[1] not in _NOT_LATIN else 0)
        return None
    if found is None:
        return None
    kept: list[str] = []
    for word in found[0].split(" "):
        if word.lower().rstrip(".,") in _NOT_LATIN or (word.isupper() and len(word) > 3 and not sure):
            break
        kept.append(word)
    while kept and kept[-1] in ("de", "la", "van", "von", "der", "del", "bin", "al"):
        kept.pop()
    name = " ".join(kept).rstrip(".-'’")
    end = start + len(name)
    if not kept or len(name) < 2 or re.match(r"[0-9@_]", text[end : end + 1]):
        return None
    if not sure and len(kept) == 1 and not re.match(r"\s*(?:[,.!;\n]|$|(?:from|here|and|with|again|calling|speaking|writing)(?![a-z]))", text[end:]):
        return None
    return end

"""Names at the end of a letter, and names by whose name it is: "Regards, Tom Whittaker", 此致 王芳.

Whom a letter greets or thanks is not its writer: "Thanks Anna" and 谢谢王芳 sign nothing.
"""

from __future__ import annotations

import re

from bot.engine.nlu.facts.name_words import LATIN

_RELATIVES = (
    "wife|husband|spouse|partner|mother|mom|mum|father|dad|son|daughter|brother|sister|boss|"
    "friend|colleague|roommate|flatmate|girlfriend|boyfriend|fiancee?|aunt|uncle|cousin|company"
)
_FAMILY = (
    "老婆|老公|妻子|丈夫|爱人|媳妇|对象|妈妈?|爸爸?|母亲|父亲|儿子|女儿|哥哥?|姐姐?|弟弟?|妹妹?|"
    "朋友|同事|同学|室友|男友|女友|男朋友|女朋友|家人|老板|先生|太太"
)
SIGNED = re.compile(
    rf"(?:(?:^|[.,!?\n] ?)(?i:(?:(?:kind|best|warm|many|kindest) )?regards|rgds|sincerely"
    r"(?: yours)?|yours(?: (?:truly|sincerely|faithfully))?|respectfully)[,.!]?\s*[-–—]?\s?"
    r"|(?:^|[.,!?\n] ?)(?i:cheers|(?:many )?thanks(?: (?:a lot|in advance|again))?|thank you"
    r"(?: (?:very|so) much| in advance)?|best(?: wishes)?)"
    r"(?:[,.!]\s*|\s*\n\s*|\s*[-–—]+\s?)[-–—]?\s?"
    rf"|(?:^|[\s.!?。])[-–—~]{{1,2}}\s?)(?P<name>{LATIN})[ .]*$"
)
"""A name in Latin letters that signs the message."""

HERE = re.compile(
    rf"(?:(?:^|[.,!] |(?<![a-z])(?:for|under|as) )"
    rf"(?:(?i:that'?s|this is|it'?s|for|under) )?(?P<name>{LATIN})(?:,? here(?![a-z])(?=[,.!]|"
    r"\s(?:from|mobile|calling|again)|$)|,? speaking(?![a-z])|,? that'?s (?:the name|my name)|"
    rf",? is (?:my|the) name)|(?:^|[.:,!\n] ?)I, (?P<i>{LATIN}),)"
)
"""A name that says who speaks: "Rahul Sharma here", "I, Eleanor Whitfield, …"."""

WHOSE = re.compile(
    rf"(?<![a-z])my (?:{_RELATIVES})(?:'?s)? name(?: is)?[,:]?(?: [-–—])?\s", re.IGNORECASE
)
"""What leads up to another's name: "under my wife's name, "."""

WHOSE_HAN = re.compile(
    rf"我(?:的)?(?:{_FAMILY})(?:的(?:名字?|名义|账户|账号)|名下|名义)(?:的)?(?:[,:]|就?是|叫)?\s?叫?"
    r"|(?:(?:登记|注册|实名|绑定|填写?|写|留|报|挂|认证|开户)的?(?:就?是|在|成|为)?|用的?是?)"
    r"(?:我(?:自己)?)?\s?(?=[\u3400-\u9fff]{2,4}(?:的名字?|的名义|名下|这个名字?))"
)
"""The same in Chinese: 我老婆名下, 登记的是王芳的名字."""

SIGNED_HAN = re.compile(
    r"(?:(?:此致(?:敬礼)?|敬礼|落款(?:人|处)?(?:是|写的?是?)?)[\s,.!:。—–-]*"
    r"|(?:谢谢|多谢|感谢|拜托了?|麻烦了|辛苦了?|祝好|顺颂商祺)[,.!~。]*\s*\n\s*[—–-]*\s?"
    r"|(?:^|[\s,.!?~。])[—–-]{1,3}\s?)(?P<name>[\u3400-\u9fff]{2,4})[\s.。]*$"
    r"|(?:^|[\s,.!?~。])(?P<above>[\u3400-\u9fff]{2,4}?)\s?[敬谨拜][上启][\s.。]*$"
)
"""A Chinese name that signs the message."""

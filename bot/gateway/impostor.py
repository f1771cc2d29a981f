"""Impostors: somebody who claims to be one of us, and "support" that asks for a secret or money.

Knows sentences, deterministically and rather too few than too many: asking whether this is really
the official support, or whether it ever asks for a phrase, is an ordinary question. What the
customer is then told is in ``words``; when, in ``caution``.
"""

from __future__ import annotations

import re

from bot.gateway.redaction.reading import Reading

_SECRET = (
    r"助[记記][词詞]|恢[复復][词詞]|种子词|私[钥鑰]|密[钥鑰]|密[码碼]|keystore|(?:seed|recovery|"
    r"secret|backup)"
    r" ?(?:phrases?|words?)|mnemonics?|private ?keys?|passwords?|cvv|安全[码碼]|12个(?:单)?词|"
    r"\bseed\b"
)
_CODE = (
    r"[验驗][证証證]?[码碼]|动态码|(?:one[- ]time |verification |security |login |sms )?codes?\b|"
    r"\botp\b"
)
_MONEY = (
    r"保[证證]金|解[冻凍](?:金|费|費)?|押金|激活[费費]|[认認][证證]金|刷流水|安全[账帳][户戶]|"
    r"手[续續][费費]|[税稅]"
    r"|礼品卡|禮品卡|(?:release|unlock|activation|processing|clearance) fee|gift ?cards?|deposit|"
    r"safe"
    r" (?:account|wallet)"
)

# --- those who claim to be one of us ---------------------------------------------------------
_WE_ZH = r"(?:你们|你們|贵司|公司|官方|平台|总部|快[连連]|比特派|本公司|kuailian|bitpie|内部|內部)"
_ROLE_ZH = (
    r"(?:客服(?:部|主管|经理)?|技[术術](?:部|人员|支持)|安全(?:部|中心|团队)|[风風]控(?:部)?|"
    r"管理[员員]|[员員]工"
    r"|工作人[员員]|[运運][维維]|老板|[领領][导導]|[开開][发發](?:者|人员)?|财务部|研发|主管|经理|"
    r"[测測][试試]人?[员員]?)"
)
_CLAIM_ZH = re.compile(
    rf"(?:我|这边|這邊|我们|我們|本人)就?是(?:{_WE_ZH}的?){{1,2}}{_ROLE_ZH}(?!的(?:老?客|"
    rf"用)[户戶])(?![吗嗎?])"
    rf"|(?:我|本人)(?:就)?是(?:系统|系統|超级|超級|后台|後台)?管理[员員](?![吗嗎?])|"
    rf"以管理[员員](?:的)?身份"
    rf"|(?:我|我们|我們)(?:这边|這邊)?就?是(?:客服|技[术術]|安全|[风風]控)部(?:[门門])?的(?!老?客)"
)
_DEMAND_ZH = re.compile(
    r"(?:用[户戶]|客[户戶]|[别別]人|他|她|[对對]方|所有人?|全部|这个[账帳]号|[订訂][单單]).{0,8}"
    r"(?:[邮郵]箱|手机|手機|[电電][话話]|[资資]料|信息|名[单單]|数据|數據|密[码碼]|"
    r"[验驗][证證][码碼]|地址|住址|姓名)"
    r"|(?:跳[过過]|[绕繞][过過]|免|不用|关[闭掉]|取消).{0,4}(?:[验驗][证證]|[审審]批|[审審]核)|"
    r"后台|後台|[权權]限|[数數][据據][库庫]"
    r"|直接(?:通[过過]|批准|退款|打款|放款|退[给給])|(?:发|發|给|給|告诉|告訴|报|"
    r"報).{0,6}[验驗][证證][码碼]"
)
_ROLE_EN = (
    r"(?:security|support|tech(?:nical)?|it|admin|fraud|risk|compliance|customer service|"
    r"dev(?:elopment)?|"
    r"engineering|operations) (?:team|department|dept|staff|desk|division)|admin(?:istrator)?|"
    r"sysadmin"
    r"|staff(?: member)?|employee|moderator|system administrator|supervisor|customer service"
)
_CLAIM_EN = re.compile(
    rf"\b(?:i am|i['’]?m|this is|it['’]?s|we are|we['’]?re|speaking as)(?: \w+){{0,3}}?"
    rf" (?:from|with|of|in|on) (?:the |your |our )?(?:kuailian['’s]* |"
    rf"bitpie['’s]* )?(?:{_ROLE_EN})\b"
    rf"|\b(?:i am|i['’]?m|this is|we are) (?:the|an?|your|one of your) (?:own )?"
    rf"(?:kuailian |bitpie |official |system |site )?"
    rf"(?:{_ROLE_EN})\b"
    r"|\b(?:i am|i['’]?m) (?:an? |the )?(?:developer|engineer|manager|employee)"
    r" (?:at|of|for|from) (?:your company|kuailian|bitpie|the company)"
    r"|\bas (?:the|an|your) (?:system )?admin(?:istrator)?\b"
)
_DEMAND_EN = re.compile(
    r"\b(?:give|send|tell|show|share|provide|forward|export|read|list|reveal|need)\b.{0,40}"
    r"(?:(?:customer|user|client|account|member)s?['’]?s? ?(?:e-?mails?|data|details|phones?|list|"
    r"info"
    r"|names?|addresse?s?|records?|passwords?)|\bcode\b|\botp\b|\bpasswords?|database|transcripts?"
    r"|e-?mail (?:address )?of|all (?:users|customers|orders|accounts))"
    r"|\b(?:override|overriding|bypass|skip|disable|turn off|waive|ignore)\b.{0,30}"
    r"(?:verif|check|rule|polic|approv|decision|security|limit|window|code|this|the)"
    r"|\b(?:override|bypass)\b|\b(?:approve|authori[sz]e|release|push)\b.{0,30}(?:refund|payout|"
    r"payment)"
)

# --- "support" that asks ------------------------------------------------------------------------
_WHO_ZH = (
    r"(?<![是找])(?:假?客服|客[户戶][经經]理|工作人[员員]|技[术術](?:人员|支持)?|管理[员員]|"
    r"官方(?:人员)?|自[称稱].{0,8}?的"
    r"|有(?:个|個)?人|骗子|騙子|群主|群里.{0,4}人|老[师師]|[对對]方|冒充.{0,8}?的|helper|support|"
    r"support的人|agent)"
)
_ASKED_ZH = (
    r"(?:[让讓叫]我|[问問][我]要|找我要|跟我要|[向问問]我[索要]|"
    r"要我(?!们)|索要|要求我|催我|[骗騙]我|非要|逼我)"
)
_GIVE = (
    r"(?:[发發给給]|告[诉訴]|提供|[报報]|填|[输輸]|[说說]|念|"
    r"[导導]出|截[图圖]|拍|打|转|轉|交|付|share|send|给)"
)
_IN = r"[^。！!；;\n]"
"""Within a sentence."""
_QUOTED_ZH = re.compile(
    rf"{_WHO_ZH}{_IN}{{0,24}}?{_ASKED_ZH}{_IN}{{0,16}}?(?:{_SECRET})"
    rf"|{_WHO_ZH}{_IN}{{0,24}}?{_ASKED_ZH}{_IN}{{0,10}}?{_GIVE}?{_IN}{{0,4}}?(?:{_CODE})"
    rf"{_IN}{{0,6}}(?:发给|發給|给|給|告诉|告訴|念|报|報)[他她]"
    rf"|(?:自[称稱]|[说說]是|冒充|假){_IN}{{0,12}}(?:客服|官方|你们|"
    rf"你們){_IN}{{0,20}}"
    rf"(?:{_ASKED_ZH}|找我要|要){_IN}{{0,8}}(?:{_SECRET}|{_CODE})"
    rf"|{_WHO_ZH}{_IN}{{0,24}}?(?:{_ASKED_ZH}|[说說](?:要|需要|得|"
    rf"必须)?){_IN}{{0,6}}?"
    rf"(?:先)?(?:[转轉]|付|交|打|充|[买買]|[缴繳]|刷|存){_IN}{{0,12}}?(?:{_MONEY})"
    rf"|有人[让讓叫]我[发發给給交]{_IN}{{0,4}}(?:{_SECRET})"
    rf"|{_WHO_ZH}要我的(?:{_SECRET})"
)
_HABIT_ZH = re.compile(
    r"(?:会不会|會不會|会|會|需不需要|是不是要|是否|可能)[^。！!，,]{0,6}(?:主[动動]|要|[问問]|"
    r"索)[^。！!，,]{0,12}[吗嗎?]"
)
_WHO_EN = (
    r"(?:客服|support|agents?|helper|someone|somebody|some (?:guy|one|woman|person)|a (?:person|"
    r"guy|man|woman)"
    r"|staff|rep(?:resentative)?|customer service|admin|moderator|scammer|they|(?:he|she)|"
    r"(?:your|the) (?:support|agent|team|colleague|guy))"
)
_ASKED_EN = (
    r"(?:ask(?:ed|s|ing)(?: me)? (?:for|to (?:send|give|share|enter|type|tell|pay|buy|provide|"
    r"confirm))"
    r"|wants?(?:ed)? (?:me to \w+ )?|told me to (?:send|give|share|enter|pay|type|read|buy|"
    r"provide|export)"
    r"|requested|requests|demand(?:s|ed|ing)|is asking|made me (?:send|give|share|enter|pay)"
    r"|(?:needs|needed|said (?:he|she|they) needs?)|says i (?:must|have to|need to) (?:send|give|"
    r"pay|share)"
    r"|said i (?:must|have to|had to|need to|needed to|should) (?:send|give|pay|share|provide))"
)
_QUOTED_EN = re.compile(
    rf"\b{_WHO_EN}\b[^.!;\n]{{0,60}}?\b{_ASKED_EN}[^.!;\n]{{0,40}}?(?:{_SECRET}|{_MONEY})"
    rf"|\b{_WHO_EN}\b[^.!;\n]{{0,60}}?\b{_ASKED_EN}[^.!;\n]{{0,20}}?(?:{_CODE})"
)
_HABIT_EN = re.compile(
    r"\b(?:would|will|do|does|could|should|why|if|can|never|did)\b[^.!;\n]{0,30}$", re.I
)

# --- given already ------------------------------------------------------------------------------
_GIVEN = re.compile(
    rf"(?:已[经經]|刚才?|剛才?|"
    rf"不小心)[^。！!；;\n]{{0,4}}[把将將][^。！!；;\n]{{0,6}}(?:{_SECRET})[^。！!；"
    rf";\n吗嗎?]{{0,6}}"
    r"(?:发给|發給|给|給|告诉|告訴|泄露|透露)[^。！!；;\n吗嗎?]{0,4}(?:了|[别別]人|他|她|客服|"
    r"[骗騙]子|[对對]方)"
    rf"|[把将將][^。！!；;\n]{{0,6}}(?:{_SECRET})[^。！!；;\n]{{0,3}}(?:发给|發給|给了|給了|告诉|"
    rf"告訴)了?"
    r"(?:那个|那個|假)?(?:他|她|[骗騙]子|客服|[对對]方|[别別]人|陌生人)了"
    r"|\bi(?:['’]?ve| have)? (?:already |just |stupidly |accidentally )?(?:gave|given|shared|told|"
    r"sent|typed|"
    rf"entered)\b[^.!;\n]{{0,40}}(?:{_SECRET})[^.!;\n]{{0,6}}"
    r"(?:to|with|on|in) (?:a |an |the |some |fake |him|her|them|your )"
    rf"|\bi(?:['’]?ve| have)? (?:already |just )?(?:told|gave|given|sent) "
    rf"(?:a stranger|someone|somebody|him|her|them|fake \w+|the \w+)\b[^.!;\n]{{0,16}}(?:{_SECRET})"
)


def is_about_an_impostor(text: str) -> bool:
    """Whether the writer poses as staff and demands something, or was asked by "support"."""
    read = Reading(text).folded
    return _poses(read) or _was_asked(read) or _GIVEN.search(read) is not None


def _poses(read: str) -> bool:
    if _CLAIM_ZH.search(read) and (_DEMAND_ZH.search(read) or _DEMAND_EN.search(read)):
        return True
    return bool(_CLAIM_EN.search(read) and (_DEMAND_EN.search(read) or _DEMAND_ZH.search(read)))


def _was_asked(read: str) -> bool:
    chinese = _QUOTED_ZH.search(read)
    if chinese and not _HABIT_ZH.search(read, chinese.start(), chinese.end() + 8):
        return True
    english = _QUOTED_EN.search(read)
    return english is not None and not _HABIT_EN.search(read, 0, english.start())

"""Everyday words that are recovery words too: what tells a sentence from a phrase.

Half of a sentence's words are among the few that every sentence is made of; of a phrase's words
hardly one is. Leaves the decision itself to ``phrases``.
"""

from __future__ import annotations

from collections.abc import Sequence

_ENGLISH_TEXT = (
    "about above actual again age ahead all alone already also always another any are around "
    "ask away because become before begin below best between both bring call can cannot cause "
    "change check city clean clear click close come could correct cost day decide do during "
    "each early either else end enough ever every exact exchange excuse few find finish first "
    "follow for forget from front full give glad good great guess half happen have he hear "
    "help here high hold hope hour how hurt just keep know last later learn leave left less "
    "like list little live long love make man matter maybe mean member minute more move much "
    "must name near need never new next no not note nothing now number off offer office often "
    "okay once one online only open option order other out over own page pay people person "
    "place please point problem purchase put question quick quit ready real reason right sad "
    "same say search second sell ship side sign since sort stay still such sure talk tell "
    "thank that then there they thing this time today together top travel trust try turn under "
    "until update use usual very video wait want way web welcome what when where will win wish "
    "with word work world wrong year you young your phrase wallet seed token key secret "
    "release"
)
_ENGLISH = frozenset(_ENGLISH_TEXT.split())
_CHINESE_TEXT = (
    "我的 你的 他的 您的 你们 我们 他们 您们 你們 我們 他們 什么 什麼 怎么 怎麼 可以 不能 能不 "
    "没有 沒有 一个 一個 这个 這個 那个 那個 现在 現在 已经 已經 因为 因為 所以 如果 但是 还是 "
    "還是 就是 不是 知道 手机 手機 钱包 錢包 时候 時候 客服 公司 告诉 告訴 发给 發給 给你 給你 "
    "给他 給他 给我 給我 让我 讓我 要我 问我 問我 找我 找回 丢了 忘了 忘记 不见 泄露 退款 退钱 "
    "不会 不會 会不 不要 要不 需要 应该 應該 这样 這樣 那样 一样 一下 上面 下面 里面 以后 以後 "
    "以前 之前 之后 之後 今天 昨天 明天 后来 然后 然後 只有 还有 還有 都是 都没 都不 都在 也是 "
    "也不 也没 自己 别人 別人 有人 说是 說是 是不 写在 寫在 记在 存在 放在 我不 我没 我有 我把 "
    "我是 我要 我想 他说 他說 她说 你说 了吗 了嗎 的吗 了吧 了呢 不了 不到 不对 不對 为什 為什 "
    "东西 東西 問題 问题 重要 安全 官方 打开 打開 进去 進去 出来 出來 回来 起来 起來 时间 時間 "
    "中国 我国 人民"
)
_CHINESE = tuple(_CHINESE_TEXT.split())


def is_prose(words: Sequence[str]) -> bool:
    """Whether half of these words or more are what English sentences are made of."""
    return 2 * sum(word in _ENGLISH for word in words) >= len(words)


def reads_as_chinese(characters: str) -> bool:
    """Whether these characters hold an everyday expression; chance makes one in 1 of 2,000."""
    return any(word in characters for word in _CHINESE)

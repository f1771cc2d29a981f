"""What customers ask about the rules, and which passages of a brand's file answer it.

Knows the topics, how a file lists them and what is wrong with a list. How a question is answered
from them is left to ``answering``.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from actions.policy.grounds import Ground
from actions.policy.yaml_reader import Node


class Topic(StrEnum):
    """What a question about the rules is about; ``refund_policy`` is the rules as a whole."""

    REFUND_POLICY = "refund_policy"
    WINDOW = "window"
    PARTIAL = "partial"
    RENEWAL = "renewal"
    AUTO_RENEWAL = "auto_renewal"
    DOCUMENTS = "documents"
    METHODS = "methods"
    TIMES = "times"
    FEES = "fees"
    CRYPTO = "crypto"
    PRIVACY = "privacy"
    SECURITY = "security"
    CHANNELS = "channels"
    INVOICE = "invoice"
    APPEAL = "appeal"
    NOTICES = "notices"


NAMES: dict[Topic, dict[str, str]] = {
    Topic.REFUND_POLICY: {"zh": "这个问题", "en": "this"},
    Topic.WINDOW: {"zh": "退款期限", "en": "time limits"},
    Topic.PARTIAL: {"zh": "部分退款", "en": "partial refunds"},
    Topic.RENEWAL: {"zh": "续费退款", "en": "refunds of renewals"},
    Topic.AUTO_RENEWAL: {"zh": "自动续费", "en": "auto-renewal"},
    Topic.DOCUMENTS: {"zh": "所需材料", "en": "what to have ready"},
    Topic.METHODS: {"zh": "退回方式", "en": "where the money goes back"},
    Topic.TIMES: {"zh": "处理和到账时间", "en": "how long it takes"},
    Topic.FEES: {"zh": "手续费", "en": "fees"},
    Topic.CRYPTO: {"zh": "加密货币", "en": "crypto payments"},
    Topic.PRIVACY: {"zh": "个人信息", "en": "personal data"},
    Topic.SECURITY: {"zh": "安全和防骗", "en": "safety and impostors"},
    Topic.CHANNELS: {"zh": "联系方式", "en": "ways to reach us"},
    Topic.INVOICE: {"zh": "发票和收据", "en": "invoices and receipts"},
    Topic.APPEAL: {"zh": "申诉", "en": "appeals"},
    Topic.NOTICES: {"zh": "进度通知", "en": "progress notices"},
}
"""What the customer is told a topic is called."""

OF_SUBSCRIPTIONS = frozenset({Topic.RENEWAL, Topic.AUTO_RENEWAL})
"""Topics that a brand without renewals may leave out."""

MOST_PASSAGES = 4
"""Nobody reads more than this in a chat."""

AFTER_REFUSAL = "after_refusal"
"""A topic may name the brand's words under this key as it names a clause."""

ADVICE = "advice."
"""So begins a topic's reference to the brand's advice on a ground: ``advice.out_of_time``."""

Topics = dict[Topic, tuple[str, ...]]
"""Clause ids and the like, in the order in which they are said; none where nothing is said."""


def read_topics(node: Node) -> Topics:
    """The topics as the file has them; faults are noted on ``node``."""
    return node.keyed_by(Topic, _passages)


def _passages(node: Node) -> tuple[str, ...]:
    passages = tuple(entry.text() for entry in node.items(least=0))
    if len(passages) > MOST_PASSAGES:
        node.fault(f"最多 {MOST_PASSAGES} 项", f"must have at most {MOST_PASSAGES} entries")
    return passages


def check_topics(
    topics: Topics,
    clauses: Collection[str],
    advice: Collection[Ground],
    *,
    renews: bool,
    node: Node,
) -> None:
    """Note topics that are missing and passages that the brand does not have."""
    for topic in sorted(set(Topic) - set(topics) - (set() if renews else OF_SUBSCRIPTIONS)):
        node.fault(f"没有写 {topic}", f"says nothing of {topic}")
    known = {*clauses, AFTER_REFUSAL, *(ADVICE + ground for ground in advice)}
    for passages in node.pairs().values():
        for entry in passages.items(least=0):
            if entry.text().startswith(ADVICE) and entry.text() not in known:
                entry.fault(f"没有 {entry.text()}", f"there is no {entry.text()}")
            elif entry.text() not in known:
                entry.no_clause(entry.text())

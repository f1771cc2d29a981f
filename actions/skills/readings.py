"""The two things that a message most likely meant, in words that fit on a button.

Knows which readings are likely enough to be offered, and what each is called. An intent's own name
is never shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

LIKELY_TOGETHER = 0.5
"""Below this the two likeliest readings together are a guess, and not worth a question."""
WORTH_ASKING = 0.1
"""A reading less likely than this is not offered."""

WORDS: Mapping[str, Mapping[str, str]] = {
    "account_problem": {"zh": "账号有问题", "en": "A problem with my account"},
    "appeal_or_dispute": {"zh": "对结果有异议", "en": "I disagree with a decision"},
    "cancel_subscription": {"zh": "取消订阅或订单", "en": "Cancel a subscription or order"},
    "change_contact": {"zh": "更换邮箱或手机", "en": "Change my e-mail or phone"},
    "complaint": {"zh": "我要投诉", "en": "Make a complaint"},
    "fees_or_partial_refund": {"zh": "问费用和金额", "en": "Fees and amounts"},
    "how_long": {"zh": "要多久", "en": "How long it takes"},
    "invoice": {"zh": "开发票", "en": "An invoice or receipt"},
    "mailbox_lost": {"zh": "收不到旧邮箱的邮件", "en": "I can't read my old mailbox"},
    "order_status": {"zh": "查订单", "en": "Where my order is"},
    "payment_problem": {"zh": "付款遇到问题", "en": "A problem with paying"},
    "refund_policy": {"zh": "退款规定", "en": "The refund policy"},
    "refund_reason_or_evidence": {"zh": "说明退款原因", "en": "Give the reason for a refund"},
    "refund_status": {"zh": "查退款进度", "en": "Where my refund is"},
    "report_double_charge_or_wrong_payment": {
        "zh": "多扣或错付了钱",
        "en": "I was charged wrongly or twice",
    },
    "request_refund": {"zh": "申请退款", "en": "Ask for a refund"},
    "security_question": {"zh": "担心安全或隐私", "en": "Safety or privacy"},
    "withdraw_refund": {"zh": "不退了，撤回申请", "en": "Withdraw my refund request"},
}
"""What a button says: at most 24 characters in Chinese, 40 in English."""


def likely_readings(ranking: Sequence[Mapping[str, Any]]) -> tuple[str, str] | None:
    """The two intents to offer, the likelier first; None if no two are likely enough."""
    offered = [one for one in ranking if one["name"] in WORDS][:2]
    if len(offered) == 1 or not offered:
        return None
    first, second = (float(one["confidence"]) for one in offered)
    if first + second < LIKELY_TOGETHER or second < WORTH_ASKING:
        return None
    return offered[0]["name"], offered[1]["name"]

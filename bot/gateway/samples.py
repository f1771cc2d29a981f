"""How the demo page words the sample orders that it offers to try."""

from __future__ import annotations

from actions.domain.order import Kind
from actions.domain.wording import money_text
from actions.testing.samples import SampleOrder, sample_orders

KINDS = {
    Kind.PURCHASE: {"zh": "购买", "en": "Purchase"},
    Kind.RENEWAL: {"zh": "续费", "en": "Renewal"},
    Kind.UPGRADE: {"zh": "升级", "en": "Upgrade"},
    Kind.SERVICE_FEE: {"zh": "服务费", "en": "Service fee"},
    Kind.ONCHAIN_TRANSFER: {"zh": "链上转账", "en": "On-chain transfer"},
    Kind.SWAP: {"zh": "兑换", "en": "Swap"},
}
OLD = {"zh": "30 多天前", "en": "over 30 days old"}


def samples() -> list[dict[str, str]]:
    """Each order's brand, email, order_number, and a line in zh and en."""
    return [
        {
            "brand": order.brand,
            "email": order.email,
            "order_number": order.order_number,
            **{language: _line(order, language) for language in ("zh", "en")},
        }
        for order in sample_orders()
    ]


def _line(order: SampleOrder, language: str) -> str:
    parts = [KINDS[order.kind][language], money_text(order.amount, language)]
    return " · ".join([*parts, OLD[language]] if order.old else parts)

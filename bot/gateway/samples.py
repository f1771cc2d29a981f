"""Sample orders that the demo page offers to try.

Knows where the samples lie and how to say in a line what each is. Leaves loading them into the
database to the command line.
"""

from __future__ import annotations

import json
from typing import Any

from actions.settings import ROOT

FOLDER = ROOT / "actions" / "testing" / "samples"
SHOWN_EACH_BRAND = 4

KINDS = {
    "purchase": {"zh": "购买", "en": "Purchase"},
    "renewal": {"zh": "续费", "en": "Renewal"},
    "upgrade": {"zh": "升级", "en": "Upgrade"},
    "service_fee": {"zh": "服务费", "en": "Service fee"},
    "onchain_transfer": {"zh": "链上转账", "en": "On-chain transfer"},
    "swap": {"zh": "兑换", "en": "Swap"},
}


def samples() -> list[dict[str, str]]:
    """The first orders of each brand: brand, email, order_number, and a line in zh and en."""
    shown: list[dict[str, str]] = []
    for path in sorted(FOLDER.glob("*.json")):
        facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        emails = {account["id"]: account["email"] for account in facts["accounts"]}
        shown += [
            {
                "brand": facts["brand"],
                "email": emails[order["account"]],
                "order_number": order["order_number"],
                **_lines(order),
            }
            for order in facts["orders"][:SHOWN_EACH_BRAND]
        ]
    return shown


def _lines(order: dict[str, Any]) -> dict[str, str]:
    money = f"{order['amount']} {order['currency']}"
    day = str(order["paid_at"] or "")[:10]
    return {
        language: " · ".join(part for part in (kind, money, day) if part)
        for language, kind in KINDS[order["kind"]].items()
    }

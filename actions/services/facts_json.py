"""The facts of one refund request as ``desk decide`` takes them and as a case keeps them.

Knows what must be there and what must agree. Leaves the fields of an account, an order or a
refund to ``records_json``, and what the facts lead to, to the policy.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from actions.domain.account import Account
from actions.domain.errors import FactsRefused, Fault
from actions.domain.order import Order
from actions.policy.facts import Facts
from actions.services.json_fields import Fields
from actions.services.records_json import (
    account_json,
    order_json,
    read_account,
    read_order,
    read_refund,
    refund_json,
    time_json,
)

LONGEST_REASON = 4000

A_LIST = "是一个列表：请每行写一个对象 · is a list: write one object a line"
UNKNOWN_BRAND = "未知品牌 · is not a brand served here"
OTHER_BRAND = "与 --brand 指定的品牌不同 · is not the brand named by --brand"
OTHER_ACCOUNT = "不是 account.id 所指的账户 · is not the account of account.id"
TOO_EARLY = "早于订单的付款时间 · is before the order was paid"


def read_facts(found: Any, brands: Collection[str], *, only: str | None = None) -> Facts:
    """The facts in a JSON value, which are of one of ``brands`` (if given, of ``only``).

    Keys that nobody knows are passed over.

    Raises:
        FactsRefused: with every fault, each at its path.
    """
    if isinstance(found, list):
        raise FactsRefused(Fault("", A_LIST))
    faults: list[Fault] = []
    fields = Fields(found, "", faults)
    if not fields.good:
        raise FactsRefused(*faults)
    brand = _brand(fields, brands, only)
    asked_at = fields.needed_time("asked_at")
    reason = fields.free_text("reason", LONGEST_REASON)
    account = read_account(fields.within("account"), brand)
    order = read_order(fields.within("order"), brand)
    other_orders = tuple(read_order(entry, brand) for entry in fields.each("other_orders"))
    refunds = tuple(read_refund(entry) for entry in fields.each("refunds"))
    _check_together(fields, asked_at, account, order)
    if faults or asked_at is None:
        raise FactsRefused(*faults)
    return Facts(brand, asked_at, reason, account, order, other_orders, refunds)


def facts_json(facts: Facts) -> dict[str, Any]:
    """What ``read_facts`` reads; the same facts always give the same JSON."""
    return {
        "brand": facts.brand,
        "asked_at": time_json(facts.asked_at),
        "reason": facts.reason,
        "account": account_json(facts.account),
        "order": order_json(facts.order),
        "other_orders": [order_json(order) for order in facts.other_orders],
        "refunds": [refund_json(refund) for refund in facts.refunds],
    }


def _brand(fields: Fields, brands: Collection[str], only: str | None) -> str:
    brand = fields.text("brand")
    if brand and only is not None and brand != only:
        fields.fault("brand", OTHER_BRAND)
    elif brand and brand not in brands:
        fields.fault("brand", UNKNOWN_BRAND)
    return brand


def _check_together(
    fields: Fields, asked_at: datetime | None, account: Account, order: Order
) -> None:
    """Note what only shows when several parts are seen side by side, as ``Facts`` would."""
    if asked_at and order.paid_at and asked_at < order.paid_at:
        fields.fault("asked_at", TOO_EARLY)
    if account.id and order.account_id and account.id != order.account_id:
        fields.fault("order.account", OTHER_ACCOUNT)

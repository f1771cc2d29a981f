"""What each example of the machine begins with: the records, and how far an order has come."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from actions.domain.money import Money
from actions.domain.order import Order, Refund
from actions.testing.builders import an_account, an_order
from actions.testing.clock import START
from tests.actions.services.case_calls import (
    Appeal,
    Approve,
    Call,
    Confirm,
    Request,
    Review,
    Send,
)
from tests.actions.services.case_model import Book


def an_order_of(account: str, number: str, **more: Any) -> Order:
    """An order paid through the gateway, by means that no other account has."""
    order = an_order(number, account, **{"gateway": "fake", "hint": account} | more)
    instrument = {"instrument": account} if hasattr(order.payment, "instrument") else {}
    return replace(order, payment=replace(order.payment, **instrument))


ORDERS = {
    order.order_number: order
    for order in (
        an_order_of("A-1", "first", subscription="s"),
        an_order_of("A-1", "renewal", subscription="s", kind="renewal", days_ago=1),
        an_order_of("A-2", "late", days_ago=60, amount="2500.00"),
        an_order_of("A-3", "over-limit", amount="2500.00"),
        an_order_of("A-3", "double", amount="2500.00", days_ago=5 - 0.003),
        an_order_of("A-4", "part-back", status="partially_refunded"),
        an_order_of(
            "B-1", "crypto", brand="bitpie", kind="service_fee", item="fee", method="crypto"
        ),
    )
}
PART_BACK = Refund("part-back", Money(9900, "CNY"), START - timedelta(days=1), "before")


def opening_book() -> Book:
    """The records that each example begins with."""
    owners = {(order.brand, order.account_id) for order in ORDERS.values()}
    accounts = {
        (brand, id): an_account(id, f"{id}@example.com", brand=brand) for brand, id in owners
    }
    return Book(
        now=START,
        accounts=accounts,
        orders=ORDERS,
        refunds={(PART_BACK.order_number, str(PART_BACK.reference)): PART_BACK},
    )


@dataclass
class Place:
    """Where the machine's desks have their databases, and the loop that they live in."""

    runner: asyncio.Runner
    fresh: Callable[[], Awaitable[str]]
    folder: Path


def agreed(order: str) -> list[Call]:
    """What leads to a payout in line, whichever order it is; calls that don't fit are refused."""
    case = f"{order}#1"
    by_people = [Appeal(case), Review(case, "wu")]
    agreeing = [Approve(case, "zhou"), Approve(case, "zheng")]
    return [Request(order, "wrong_operation"), *by_people, Confirm(case), *agreeing]


BEGINNINGS: dict[str, Callable[[str], list[Call]]] = {
    "agreed": agreed,
    "confirmed": lambda order: agreed(order)[:-2],
    "sent": lambda order: [*agreed(order), Send(f"{order}#1")],
    "asked": lambda order: agreed(order)[:1],
    "appealed": lambda order: agreed(order)[:2],
    "nothing": lambda order: [],
}
LIKELY = ["agreed", "confirmed", *BEGINNINGS]

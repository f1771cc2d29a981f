"""A desk for the machine: its gateway does as told, its cases go by the model's names."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from actions.domain.customer import Customer
from actions.domain.order import Order
from actions.gateways.base import GatewayUnreachable, PayoutOrder, PayoutResult, PayoutStatus
from actions.testing.builders import a_customer
from actions.testing.desk import DeskForTests
from actions.testing.gateway import FakeGateway
from tests.actions.services.case_model import REFERENCE, Mood

LOST = (Mood.LOST_BEFORE, Mood.LOST_AFTER)


class HonestGateway(FakeGateway):
    """Does what its ``moods`` say of a key, one after the other, and pays nothing twice.

    ``meanwhile`` happens once while it is being asked: before it decides, or ``afterwards``,
    while its answer is on its way.
    """

    def __init__(self) -> None:
        super().__init__()
        self.moods: dict[str, list[str]] = defaultdict(list)
        self.answers: dict[str, str] = {}
        self.untold: set[str] = set()
        """Keys whose money has moved, and nobody knows: each answer so far was lost."""
        self.meanwhile: Callable[[], Any] | None = None
        self.afterwards = False

    async def refund(self, order: PayoutOrder) -> PayoutResult:
        """Pay as the contract of all gateways says."""
        self.asked.append(order)
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None and not self.afterwards:
            await meanwhile()
        mood = self._decide(order)
        if meanwhile is not None and self.afterwards:
            await meanwhile()
        if mood in LOST:
            raise GatewayUnreachable()
        return _result(mood, order)

    def _decide(self, order: PayoutOrder) -> str:
        moods = self.moods[order.key]
        mood = moods.pop(0) if moods else Mood.SETTLED
        if order.key not in self.paid and mood in (Mood.SETTLED, Mood.SENT, Mood.LOST_AFTER):
            self.pays(order, Mood.SETTLED if mood == Mood.LOST_AFTER else mood)
            self.untold.add(order.key)
        if mood in LOST:
            return mood
        self.untold.discard(order.key)
        return self.answers[order.key] if order.key in self.paid else mood

    def pays(self, order: PayoutOrder, answer: str) -> None:
        """Money moves."""
        self.paid[order.key] = order
        self.answers[order.key] = answer


def _result(mood: str, order: PayoutOrder) -> PayoutResult:
    if mood == Mood.FAILED:
        return PayoutResult(PayoutStatus.FAILED, failure="card_closed")
    if mood == Mood.BY_HAND:
        return PayoutResult(PayoutStatus.SENT, task={"key": order.key})
    status = PayoutStatus.SETTLED if mood == Mood.SETTLED else PayoutStatus.SENT
    return PayoutResult(status, reference=REFERENCE)


class Stage:
    """A desk with the names that the model has for its cases."""

    def __init__(self, desk: DeskForTests, gateway: HonestGateway, folder: Path) -> None:
        self.desk = desk
        self.gateway = gateway
        self.numbers: dict[str, str] = {}
        self._folder = folder
        self._files = 0

    def customer(self, order: Order) -> Customer:
        """Whoever the order belongs to."""
        return a_customer(
            order.account_id,
            f"c-{order.account_id}",
            order.brand,
            paid_orders=[order.order_number],
        )

    async def load(self, brand: str, **records: list[Any]) -> None:
        """Import records, as a file."""
        self._files += 1
        path = self._folder / f"{self._files}.json"
        path.write_text(json.dumps({"brand": brand, **records}), encoding="utf-8")
        await self.desk.desk.importer.load(path)

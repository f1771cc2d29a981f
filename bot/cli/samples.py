"""The sample customers of demo mode: loaded once, and shown to whoever starts the desk.

Knows when to load them and which of their orders to show. Leaves the samples themselves, and
keeping their dates fresh, to ``actions.testing.samples``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from actions.bootstrap import build_desk
from actions.settings import Settings
from actions.storage.tables import AccountRow
from actions.testing import samples

SHOWN_EACH_BRAND = 4


@dataclass(frozen=True)
class Sample:
    """One order to try: the customer's e-mail and the order number, ready to be typed."""

    brand: str
    email: str
    order_number: str


async def load_samples(settings: Settings) -> bool:
    """Import the samples if the database has no account at all; say whether it was done."""
    desk = await build_desk(settings)
    try:
        async with desk.sessions() as session:
            if (await session.execute(select(AccountRow.id).limit(1))).first():
                return False
        await samples.load_samples(desk.importer, desk.clock())
        return True
    finally:
        await desk.close()


def samples_to_show() -> list[Sample]:
    """A few orders of each brand, as the sample files have them."""
    shown: list[Sample] = []
    for brand in reversed(samples.sample_brands()):
        text = (samples.FOLDER / f"{brand}.json").read_text(encoding="utf-8")
        facts: dict[str, Any] = json.loads(text)
        emails = {account["id"]: account["email"] for account in facts["accounts"]}
        shown += [
            Sample(brand, emails[order["account"]], order["order_number"])
            for order in facts["orders"][:SHOWN_EACH_BRAND]
        ]
    return shown

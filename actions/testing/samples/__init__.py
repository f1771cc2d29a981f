"""Sample customers of both brands. The files are import files as of ``AS_OF``; ``sample_file``
moves their days so that the same orders lead to the same answers on any day.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from actions.domain.money import Money
from actions.domain.order import Kind
from actions.services.importer import Importer

FOLDER = Path(__file__).parent
AS_OF = date(2026, 9, 21)
ZONE = ZoneInfo("Asia/Shanghai")

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(T.*)?")


SHOWN_EACH_BRAND = 4
LONG_AGO = timedelta(days=30)


@dataclass(frozen=True)
class SampleOrder:
    """One order to try: what a person types to have it refunded, and what it is.

    ``old`` says that it was paid more than thirty days before the samples were loaded.
    """

    brand: str
    email: str
    order_number: str
    kind: Kind
    amount: Money
    old: bool


def sample_orders() -> list[SampleOrder]:
    """The first few orders of each brand."""
    shown: list[SampleOrder] = []
    for brand in sample_brands():
        facts = json.loads((FOLDER / f"{brand}.json").read_text(encoding="utf-8"))
        emails = {account["id"]: account["email"] for account in facts["accounts"]}
        shown += [_sample(brand, emails, order) for order in facts["orders"][:SHOWN_EACH_BRAND]]
    return shown


def _sample(brand: str, emails: dict[str, str], order: dict[str, Any]) -> SampleOrder:
    paid_at = order["paid_at"]
    return SampleOrder(
        brand=brand,
        email=emails[order["account"]],
        order_number=order["order_number"],
        kind=Kind(order["kind"]),
        amount=Money.parse(order["amount"], order["currency"]),
        old=bool(paid_at) and AS_OF - datetime.fromisoformat(paid_at).date() > LONG_AGO,
    )


def sample_brands() -> list[str]:
    """The brands that have samples."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def sample_file(brand: str, now: datetime) -> dict[str, Any]:
    """A brand's sample customers as an import file whose days are counted back from ``now``.

    Order numbers stay as they are, so that a page may name them.
    """
    text = (FOLDER / f"{brand}.json").read_text(encoding="utf-8")
    by = now.astimezone(ZONE).date() - AS_OF
    found: dict[str, Any] = _moved(json.loads(text), by)
    return found


def _moved(value: Any, by: timedelta) -> Any:
    if isinstance(value, dict):
        return {name: _moved(part, by) for name, part in value.items()}
    if isinstance(value, list):
        return [_moved(part, by) for part in value]
    day = _DAY.fullmatch(value) if isinstance(value, str) else None
    if day is None:
        return value
    return (date.fromisoformat(day[1]) + by).isoformat() + (day[2] or "")


async def load_samples(importer: Importer, now: datetime) -> None:
    """Import the sample customers of every brand, their days counted back from ``now``."""
    with TemporaryDirectory() as folder:
        for brand in sample_brands():
            path = Path(folder) / f"{brand}.json"
            path.write_text(json.dumps(sample_file(brand, now)), encoding="utf-8")
            await importer.load(path)

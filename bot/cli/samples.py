"""The sample customers of demo mode: loaded once, and shown to whoever starts the desk.

Knows where the samples lie, which of their orders to show, and how to keep them fresh: a refund
window would be over for all of them a month after they were written, so every date is moved by
the same number of days. Leaves reading them to the importer, as it would any other file.
"""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from actions.bootstrap import build_desk
from actions.settings import ROOT, Settings
from actions.storage.tables import AccountRow

SAMPLES = ROOT / "actions" / "testing" / "samples"
SHOWN_EACH_BRAND = 4

# A whole JSON string that is a day, or an instant that begins with one.
DATED = re.compile(r'"(\d{4}-\d{2}-\d{2})(T[^"]*)?"')


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
        with tempfile.TemporaryDirectory(dir=settings.home) as folder:
            for path in freshened(SAMPLES, Path(folder), datetime.now(UTC).date()):
                await desk.importer.load(path)
        return True
    finally:
        await desk.close()


def freshened(samples: Path, folder: Path, today: date) -> list[Path]:
    """Copies of the samples in ``folder``, as if the last thing in them happened yesterday."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(samples.glob("*.json"))}
    happened = [
        date.fromisoformat(day)
        for text in texts.values()
        for day, time in DATED.findall(text)
        if time  # a day without a time may be the end of a term, far ahead
    ]
    moved = today - timedelta(days=1) - max(happened)
    written = []
    for name, text in texts.items():
        written.append(folder / name)
        written[-1].write_text(_moved(text, moved), encoding="utf-8")
    return written


def _moved(text: str, by: timedelta) -> str:
    def later(found: re.Match[str]) -> str:
        return f'"{(date.fromisoformat(found[1]) + by).isoformat()}{found[2] or ""}"'

    return DATED.sub(later, text)


def samples_to_show() -> list[Sample]:
    """A few orders of each brand, as the sample files have them."""
    shown: list[Sample] = []
    for path in sorted(SAMPLES.glob("*.json"), reverse=True):
        facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        emails = {account["id"]: account["email"] for account in facts["accounts"]}
        shown += [
            Sample(facts["brand"], emails[order["account"]], order["order_number"])
            for order in facts["orders"][:SHOWN_EACH_BRAND]
        ]
    return shown

"""What tests of the whole desk share: customers to import, and what its database holds.

``conversations`` and ``simulation`` both make customers of their own with this. Leaves talking to
the desk to them.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from actions.bootstrap import Desk, build_desk
from actions.settings import Settings, ensure_secrets


def rows(home: Path, query: str, *values: Any) -> list[Any]:
    """What the desk's database answers."""
    with sqlite3.connect(f"file:{home / 'desk.db'}?mode=ro", uri=True) as database:
        return database.execute(query, values).fetchall()


async def desk_at(home: Path) -> Desk:
    """A second hand on a running desk's data: its services, in this process."""
    environment = {"DESK_HOME": str(home), "DESK_MODE": "demo"}
    return await build_desk(ensure_secrets(Settings.from_env(environment)))


async def load(home: Path, file: Path, record: Any) -> None:
    """Import one record, by way of ``file``, as ``desk import`` does."""
    file.write_text(json.dumps(record), "utf-8")
    desk = await desk_at(home)
    try:
        await desk.importer.load(file)
    finally:
        await desk.close()


def an_account(number: str, email: str, **more: Any) -> dict[str, Any]:
    """An account as the import file has it."""
    ordinary = {"name": "林晓", "language": "zh", "status": "active"}
    return {"id": number, "email": email, **ordinary, **more}


def an_order(number: str, account: str, paid_at: str | None, **more: Any) -> dict[str, Any]:
    """A year's plan paid by card, as the import file has it; ``more`` says what is different."""
    payment = {"method": "card", "hint": "4242", "gateway": "manual", "reference": f"ch_{number}"}
    return {
        "order_number": number,
        "account": account,
        "item": "yearly",
        "kind": "purchase",
        "amount": "299.00",
        "currency": "CNY",
        "paid_at": paid_at,
        "status": "paid",
        **more,
        "payment": payment | more.get("payment", {}),
    }

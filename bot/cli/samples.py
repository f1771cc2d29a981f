"""The sample customers of demo mode: loaded once.

Knows when to load them. Leaves the samples themselves, and keeping their dates fresh, to
``actions.testing.samples``.
"""

from __future__ import annotations

from sqlalchemy import select

from actions.bootstrap import build_desk
from actions.settings import Settings
from actions.storage.tables import AccountRow
from actions.testing import samples


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

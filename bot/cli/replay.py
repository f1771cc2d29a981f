"""Past cases under a draft of a brand's file: what it would change.

Knows what a draft must be, and that looking writes nothing and makes no database. Leaves the
deciding to ``services.replay``, and how it is shown to ``replay_report``.
"""

from __future__ import annotations

from contextlib import aclosing
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from actions.bootstrap import Desk, build_desk
from actions.domain.errors import BrandFileRefused
from actions.policy.brand import Brand
from actions.services.json_fields import FIRST_YEAR, LAST_TIME_YEAR
from actions.services.replay import Totals
from actions.settings import ROOT, Settings
from actions.storage.migrate import is_current
from bot.cli.drafts import read_draft, show_faults
from bot.cli.output import ForPrograms
from bot.cli.replay_report import JsonReport, Report, TableReport
from bot.cli.say import Trouble, fail

BAD_DRAFT = 2


async def replay(
    settings: Settings, path: Path, *, since: str | None, brand: str | None, as_json: bool
) -> int:
    """Show what the draft at ``path`` would change; return the exit code.

    Raises:
        Trouble: there is no database with the newest tables.
    """
    try:
        draft = read_draft(path)
    except BrandFileRefused as refused:
        show_faults(path, refused.faults)
        return BAD_DRAFT
    await _check_database(settings)
    desk = await build_desk(settings)
    try:
        _check_brand(draft, desk, brand)
        # The days of the brand as it is: the draft may move it to another zone.
        start = _start(since, desk.brands[draft.id]) if since is not None else None
        with ForPrograms():
            await _show(
                desk, draft, start, JsonReport(draft, start) if as_json else TableReport(draft)
            )
    finally:
        await desk.close()
    return 0


async def _show(desk: Desk, draft: Brand, since: datetime | None, shown: Report) -> None:
    totals = Totals()
    shown.begin()
    async with aclosing(desk.replay.cases(draft, since)) as cases:
        async for replayed in cases:
            totals.add(replayed)
            if replayed.changed or replayed.faults:
                shown.case(replayed)
    shown.end(totals)


async def _check_database(settings: Settings) -> None:
    """Looking must not make a database, nor change one."""
    file = make_url(settings.database_url).database
    missing = settings.sqlite and file and not (ROOT / file).exists()
    try:
        if missing or not await is_current(settings.database_url):
            raise Trouble(
                "数据库不存在或不是最新，请先运行 desk migrate",
                "there is no database, or not the newest tables: run desk migrate first",
            )
    except (SQLAlchemyError, OSError) as error:
        reason = type(error).__name__
        raise Trouble(
            f"连不上数据库（{reason}）", f"no answer from the database ({reason})"
        ) from error


def _check_brand(draft: Brand, desk: Desk, brand: str | None) -> None:
    if draft.id not in desk.brands:
        known = ", ".join(desk.brands)
        zh, en = (
            f"草稿的品牌 {draft.id} 不存在；现有：{known}",
            f"is of {draft.id}, none of {known}",
        )
        fail(Trouble(zh, f"the draft {en}"), BAD_DRAFT)
    if brand is not None and brand != draft.id:
        zh, en = f"草稿是 {draft.id} 的，不是 {brand} 的", f"is of {draft.id}, not of {brand}"
        fail(Trouble(zh, f"the draft {en}"), BAD_DRAFT)


def _start(since: str, brand: Brand) -> datetime:
    """The instant that ``--since`` means; without an offset it is the brand's own time."""
    start: datetime | None
    try:
        start = datetime.fromisoformat(since)
    except ValueError:
        start = None
    if start is None or not FIRST_YEAR <= start.year <= LAST_TIME_YEAR:
        zh = f"--since 要日期或时间，如 2026-09-01，不能是 {since}"
        en = f"--since takes a date or a time such as 2026-09-01, not {since}"
        fail(Trouble(zh, en), BAD_DRAFT)
    return start if start.tzinfo else start.replace(tzinfo=brand.time_zone)

"""The migrations lead to exactly the tables that the code knows."""

from __future__ import annotations

import hashlib
import json

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError

from actions.domain.events import Actor, Role
from actions.domain.refund_case import State
from actions.storage.engine import make_engine
from actions.storage.everything import TABLES
from actions.storage.migrate import downgrade, is_current, upgrade
from actions.storage.work import Storage
from actions.testing.clock import START


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, TABLES))


async def test_a_migrated_database_has_the_tables_the_code_knows(no_tables: str) -> None:
    assert not await is_current(no_tables)
    await upgrade(no_tables)
    assert await is_current(no_tables)
    engine = make_engine(no_tables)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_migrating_twice_changes_nothing(no_tables: str) -> None:
    await upgrade(no_tables)
    await upgrade(no_tables)
    assert await is_current(no_tables)


async def test_a_migration_can_be_undone(no_tables: str) -> None:
    await upgrade(no_tables)
    await downgrade(no_tables, "base")
    engine = make_engine(no_tables)
    async with engine.connect() as connection:
        left = await connection.run_sync(lambda there: inspect(there).get_table_names())
    assert left == ["alembic_version"]
    await engine.dispose()


OF_THE_FIRST_VERSION = [
    """INSERT INTO accounts (brand, id, email, email_key, name, status, imported_at) VALUES
    ('kuailian', 'A-1', 'li@example.com', 'li@example.com', '李雷', 'active', '2026-09-01')""",
    """INSERT INTO orders (brand, order_number, order_key, account_id, item, kind, amount, currency,
    status, auto_renew, payment_method, imported_at) VALUES ('kuailian', 'KL1', 'kl1', 'A-1',
    'yearly', 'purchase', '29900', 'CNY', 'pending', TRUE, 'card', '2026-09-01')""",
    """INSERT INTO cases (id, number, brand, order_number, account_id, state, is_open, approved_by,
    payment_method, opened_at, updated_at) VALUES (1, 'RF-1', 'kuailian', 'KL1', 'A-1', 'verified',
    TRUE, '["wu"]', 'card', '2026-09-01', '2026-09-01')""",
    """INSERT INTO payouts (case_number, brand, order_number, gateway, idempotency_key, amount,
    currency, state, created_at, updated_at) VALUES ('RF-1', 'kuailian', 'KL1', 'manual', 'RF-1',
    '29900', 'CNY', 'failed', '2026-09-01', '2026-09-01')""",
]


async def test_what_was_there_before_people_decided_is_read_and_saved_after(
    no_tables: str,
) -> None:
    await upgrade(no_tables, "0001")
    engine = make_engine(no_tables)
    async with engine.begin() as connection:
        for statement in OF_THE_FIRST_VERSION:
            await connection.exec_driver_sql(
                statement.replace("'2026-09-01'", "'2026-09-01 00:00:00.000000'")
            )
    await engine.dispose()
    await upgrade(no_tables)
    storage = Storage.at(no_tables)
    async with storage.writing() as work:
        case, payout = await work.cases.get("RF-1"), await work.payouts.get("RF-1")
        assert case is not None
        assert payout is not None
        assert (case.approved_by, case.reviewed_by, case.appeals) == (("wu",), (), 0)
        assert payout.tries == 1
        await work.cases.save(case, was=State.VERIFIED)
        await work.records.end_renewal("kuailian", ["KL1"], START)
    async with storage.reading() as work:
        assert await work.cases.get("RF-1") == case
        order = await work.records.order("kuailian", "A-1", "KL1")
        assert order is not None
        assert (order.auto_renew, order.auto_renew_cancelled_at) == (False, START)
    await storage.close()
    await downgrade(no_tables, "0001")


def old_row(subject: str, seq: int, data: dict[str, object], previous: str) -> dict[str, object]:
    """A row of the trail as desks before 0007 wrote it: its hash covers what it says."""
    covered = [subject, seq, START.isoformat(timespec="microseconds"), "desk", "x", data, previous]
    text = json.dumps(covered, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return {
        "subject": subject,
        "seq": seq,
        "data": json.dumps(data),
        "previous": previous,
        "hash": hashlib.sha256(text.encode()).hexdigest(),
    }


def old_chain(subject: str, length: int) -> list[dict[str, object]]:
    rows, previous = [], "0" * 64
    for seq in range(1, length + 1):
        rows.append(old_row(subject, seq, {"名": "李雷", "n": seq}, previous))
        previous = str(rows[-1]["hash"])
    return rows


async def test_trails_are_chained_anew_and_a_broken_one_stays_broken(no_tables: str) -> None:
    """More rows than are read at once; and what is taken back leads to the old hashes again."""
    whole, changed, cut = (old_chain(f"case:{name}", 1100) for name in ("a", "b", "c"))
    changed[4]["data"] = json.dumps({"名": "韩梅梅", "n": 5})
    del cut[6]
    await upgrade(no_tables, "0004")
    engine = make_engine(no_tables)
    at = f"'{START:%Y-%m-%d %H:%M:%S.%f}{'' if 'sqlite' in no_tables else '+00'}'"
    data = ":data" if "sqlite" in no_tables else "CAST(:data AS JSONB)"
    insert = text(
        "INSERT INTO audit (subject, seq, at, actor, what, data, previous, hash) VALUES "
        f"(:subject, :seq, {at}, 'desk', 'x', {data}, :previous, :hash)"
    )
    async with engine.begin() as connection:
        await connection.execute(insert, [*whole, *changed, *cut])
    await upgrade(no_tables)
    storage = Storage.at(no_tables)
    async with storage.reading() as work:
        found = [(each.subject, each.seq) async for each in work.audit.broken()]
    assert found == [("case:b", 5), ("case:c", 8)]
    async with storage.writing() as work:
        await work.audit.record("case:a", "more", by=Actor(Role.DESK), at=START, data={})
        await work.audit.erase(["case:c"], lambda _data: {}, by=Actor(Role.DESK), at=START)
    async with storage.reading() as work:
        again = [(each.subject, each.seq) async for each in work.audit.broken()]
    assert again == found
    await storage.close()
    await downgrade(no_tables, "0004")
    async with engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT hash FROM audit WHERE subject = 'case:a' ORDER BY seq LIMIT 1100")
        )
        assert [row.hash for row in rows] == [row["hash"] for row in whole]
    await engine.dispose()


OF_THE_SEVENTH_VERSION = [
    """INSERT INTO conversations (id, brand, channel, language, language_locked, token_hash, status,
    last_seq, started_at, updated_at) VALUES ('c1', 'kuailian', 'web', 'zh', FALSE, 'h', 'bot', 1,
    '2026-09-01', '2026-09-01')""",
    """INSERT INTO messages (conversation, seq, author, text, at) VALUES ('c1', 1, 'customer',
    '請退款', '2026-09-01')""",
]


async def test_chats_keep_their_messages_when_they_learn_to_remember_a_script(
    no_tables: str,
) -> None:
    """A chat that was there before has shown no script yet, and it takes only known ones."""
    await upgrade(no_tables, "0007")
    engine = make_engine(no_tables)
    async with engine.begin() as connection:
        for statement in OF_THE_SEVENTH_VERSION:
            await connection.exec_driver_sql(
                statement.replace("'2026-09-01'", "'2026-09-01 00:00:00.000000'")
            )
    await upgrade(no_tables)
    async with engine.begin() as connection:
        chat = await connection.execute(text("SELECT script, script_locked FROM conversations"))
        assert [(script, bool(locked)) for script, locked in chat] == [(None, False)]
    with pytest.raises(IntegrityError):
        async with engine.begin() as connection:
            await connection.execute(text("UPDATE conversations SET script = 'Kana'"))
    await engine.dispose()
    await downgrade(no_tables, "0007")
    engine = make_engine(no_tables)
    async with engine.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM messages"))).scalar() == 1
    await engine.dispose()

"""Exports: exactly the columns promised, oldest first, harmless in a spreadsheet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from actions.services.exporter import COLUMNS, EVERYTHING, ExportUnknown, Within, csv_cell
from actions.storage.conversations import ConversationRow, MessageRow
from actions.testing.desk import DeskForTests


async def rows(desk: DeskForTests, kind: str, within: Within = EVERYTHING) -> list[dict[str, Any]]:
    found = [row async for row in desk.desk.exporter.rows(kind, within)]
    assert await desk.desk.exporter.count(kind, within) == len(found)
    return found


async def a_chat(desk: DeskForTests, id: str = "c1") -> None:
    now = desk.clock()
    async with desk.desk.sessions.begin() as session:
        session.add(
            ConversationRow(
                id=id,
                brand="kuailian",
                language="zh",
                token_hash=id,
                started_at=now,
                updated_at=now,
                rating=5,
            )
        )
        await session.flush()
        for seq, author in enumerate(("bot", "customer"), start=1):
            session.add(
                MessageRow(
                    conversation=id,
                    seq=seq,
                    author=author,
                    text="我要退款",
                    intent="request_refund",
                    confidence=0.9,
                    at=now + timedelta(seconds=seq),
                )
            )


@pytest.mark.parametrize("kind", sorted(COLUMNS))
async def test_an_empty_desk_exports_nothing(desk: DeskForTests, kind: str) -> None:
    assert await rows(desk, kind) == []


async def test_a_case_is_exported_with_its_decision(desk: DeskForTests) -> None:
    await desk.has_order("KL1")
    case = await desk.refunds.request(await desk.verified(), "KL1")
    [row] = await rows(desk, "cases")
    assert case.decision is not None
    assert tuple(row) == COLUMNS["cases"]
    assert row == {
        "tracking_number": case.number,
        "brand": "kuailian",
        "order_number": "KL1",
        "account": "A-1",
        "state": "decided",
        "outcome": "approved",
        "amount": "299.00",
        "currency": "CNY",
        "clauses": list(case.decision.clauses),
        "policy_version": case.decision.policy_version,
        "conversation": "c1",
        "opened_at": "2026-09-21T02:00:00+00:00",
        "updated_at": "2026-09-21T02:00:00+00:00",
    }


async def test_a_chat_is_exported_with_what_came_of_it(desk: DeskForTests) -> None:
    await a_chat(desk)
    await desk.has_order("KL1")
    await desk.refunds.request(await desk.verified(), "KL1")
    await desk.tickets.hand_over("c1", "kuailian", language="zh", reason="asked")
    [row] = await rows(desk, "conversations")
    assert row == {
        "conversation": "c1",
        "brand": "kuailian",
        "channel": "web",
        "language": "zh",
        "started_at": "2026-09-21T02:00:00+00:00",
        "ended_at": None,
        "messages": 2,
        "outcome": "approved",
        "rating": 5,
        "handed_over": True,
    }


async def test_messages_are_exported_in_order(desk: DeskForTests) -> None:
    await a_chat(desk)
    desk.clock.forward(minutes=1)
    await a_chat(desk, "b2")
    found = await rows(desk, "messages")
    assert [(row["conversation"], row["seq"]) for row in found] == [
        ("c1", 1),
        ("c1", 2),
        ("b2", 1),
        ("b2", 2),
    ]
    assert tuple(found[0]) == COLUMNS["messages"]
    assert (found[0]["channel"], found[0]["intent"]) == ("web", "request_refund")


@pytest.mark.parametrize("kind", sorted(COLUMNS))
async def test_an_export_has_what_lies_within_its_limits(desk: DeskForTests, kind: str) -> None:
    """From an instant on, and before one: two exports side by side share no row."""
    opened = desk.clock()
    await a_chat(desk)
    await desk.has_order("KL1")
    await desk.refunds.request(await desk.verified(), "KL1")
    everything = await rows(desk, kind)
    first = opened if kind != "messages" else opened + timedelta(seconds=1)
    last = opened if kind != "messages" else opened + timedelta(seconds=2)
    assert await rows(desk, kind, Within("kuailian", first)) == everything
    assert await rows(desk, kind, Within(until=last)) == everything[:-1]
    assert await rows(desk, kind, Within(since=last)) == everything[-1:]
    assert await rows(desk, kind, Within("bitpie")) == []


async def test_what_is_not_exported_is_said(desk: DeskForTests) -> None:
    with pytest.raises(ExportUnknown):
        await rows(desk, "secrets")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "=1+1",
            "+1",
            "-1+1",
            "--1",
            "@SUM(A1)",
            "\t=1",
            "  =1",
            "\r=1",
            '"=1',
            "\u200b=1",
            "＝1",
        ),
        *("\u00a0＋1", "－1", "＠SUM(1)", "﹦1", "−1", "\u202e=1", "\ufe0f=1", "'=1", "\tx", "\nx"),
    ],
)
def test_a_cell_never_begins_like_a_formula(text: str) -> None:
    assert csv_cell(text) == "'" + text


def test_other_cells_stay_as_they_are() -> None:
    cells = [csv_cell(value) for value in (None, True, 7, 0.5, "我要退款", ["K-1", "K-3"])]
    assert cells == ["", "true", "7", "0.5", "我要退款", "K-1 K-3"]
    ordinary = [
        "-12.50",
        "-1",
        "299.00",
        "1-2",
        "a=b",
        "“退款”",
        "'quoted'",
        "…",
        "（-1）",
        "_x",
        "",
    ]
    assert [csv_cell(text) for text in ordinary] == ordinary

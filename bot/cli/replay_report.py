"""How replayed cases are shown: as a table for people, as JSON for programs; row by row.

Knows columns, headings and the JSON's keys. Leaves what is compared to ``services.replay``.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from actions.domain.decision import Decision
from actions.domain.money import Money
from actions.policy.brand import Brand
from actions.services.replay import Replayed, Totals
from bot.cli.output import columns, padded


class Report(ABC):
    """How the cases that change, and what all come to, are shown."""

    @abstractmethod
    def begin(self) -> None:
        """Before the first case."""

    @abstractmethod
    def case(self, replayed: Replayed) -> None:
        """A case that changes, or that can't be compared."""

    @abstractmethod
    def end(self, totals: Totals) -> None:
        """What all cases come to."""


# --- for programs --------------------------------------------------------------------------


class JsonReport(Report):
    """One JSON object, written as it comes: a hundred thousand cases are never held at once."""

    def __init__(self, draft: Brand, since: datetime | None) -> None:
        self._head = {
            "brand": draft.id,
            "policy_version": draft.version,
            "since": since.isoformat() if since else None,
        }
        self._before = "\n"

    def begin(self) -> None:
        print(f'{_text(self._head)[:-1]}, "cases": [', end="")

    def case(self, replayed: Replayed) -> None:
        print(f"{self._before}{_text(_case_json(replayed))}", end="")
        self._before = ",\n"

    def end(self, totals: Totals) -> None:
        print(f'\n], "totals": {_text(_totals_json(totals))}}}')


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _case_json(replayed: Replayed) -> dict[str, Any]:
    return {
        "case": replayed.number,
        "opened_at": replayed.opened_at.isoformat(),
        "was": _decision_json(replayed.was),
        "now": _decision_json(replayed.now),
        "changed": list(replayed.changed),
        "reviewed": replayed.reviewed,
        "faults": [{"path": fault.path, "message": fault.message} for fault in replayed.faults],
    }


def _decision_json(decision: Decision | None) -> dict[str, Any] | None:
    if decision is None:
        return None
    shown = replace(decision, explanation={}).as_json()  # words take time, and nobody reads them
    del shown["explanation"]
    return shown


def _totals_json(totals: Totals) -> dict[str, Any]:
    return {
        "cases": totals.cases,
        "changed": totals.changed,
        "unreadable": totals.unreadable,
        "reviewed": totals.reviewed,
        "outcomes": [
            {"was": was.value, "now": now.value, "cases": cases}
            for (was, now), cases in sorted(totals.outcomes.items())
        ],
        "money": [
            {
                "currency": currency,
                "paid": _sums_json(*sums.paid),
                "proposed": _sums_json(*sums.proposed),
            }
            for currency, sums in sorted(totals.money.items())
        ],
    }


def _sums_json(was: Money, now: Money) -> dict[str, str]:
    return {
        "was": was.decimal_text(),
        "now": now.decimal_text(),
        "difference": (now - was).decimal_text(),
    }


# --- for people ----------------------------------------------------------------------------


class Column(NamedTuple):
    """One column of the table; the last needs no width."""

    zh: str
    en: str
    width: int = 0


TABLE = (
    Column("案件", "case", 15),
    Column("开案", "opened", 12),
    Column("原裁定", "was", 34),
    Column("草稿裁定", "now", 34),
    Column("变化", "changes"),
)
CHANGES = {
    "refusal_codes": "拒绝原因 refusal codes",
    "approvals_needed": "审批人数 approvals",
    "pay_out": "到账日期 dates",
}
"""What is not to be seen in the row itself; clauses are named."""
REVIEWED = "*"
NARROW, WIDE = 14, 24


class TableReport(Report):
    """A row a case that changes, then what it comes to."""

    def __init__(self, draft: Brand) -> None:
        self._draft = draft

    def begin(self) -> None:
        print(_row([(column.zh, column.width) for column in TABLE]))
        print(_row([(column.en, column.width) for column in TABLE]))

    def case(self, replayed: Replayed) -> None:
        opened = replayed.opened_at.astimezone(self._draft.time_zone)
        cells = (
            replayed.number + REVIEWED * replayed.reviewed,
            f"{opened:%Y-%m-%d}",
            _answer(replayed.was),
            _answer(replayed.now),
            _changes(replayed),
        )
        print(_row([(cell, column.width) for cell, column in zip(cells, TABLE, strict=True)]))

    def end(self, totals: Totals) -> None:
        if not totals.cases:
            print(f"\n没有 {self._draft.id} 的案件 · there is no case of {self._draft.id}")
            return
        print(
            f"\n共 {totals.cases} 个案件，{totals.changed} 个会变，{totals.unreadable} 个无法比较"
            f" · {totals.cases} cases, {totals.changed} change,"
            f" {totals.unreadable} can't be compared"
        )
        if totals.reviewed:
            print(
                f"{REVIEWED} {totals.reviewed} 个由人裁定；与草稿比较的是现行条款对同样事实的裁定"
                f" · a person decided {totals.reviewed};"
                " compared is what the policy in force says of the same facts"
            )
        _show_outcomes(totals)
        _show_money(totals)


def _show_outcomes(totals: Totals) -> None:
    print("\n裁定 · outcomes")
    for (was, now), cases in sorted(totals.outcomes.items()):
        sign = " " if was is now else "→"
        print(f"  {sign} {_row([(was.value, NARROW), (now.value, NARROW)])}{cases:>10}")


def _show_money(totals: Totals) -> None:
    headings = ("", "原 was", "草稿 now", "差额 difference")
    print(f"\n{padded('金额 · money', WIDE + 2)}" + "".join(_right(h) for h in headings[1:]))
    for currency, sums in sorted(totals.money.items()):
        for words, (was, now) in (("退回 paid", sums.paid), ("待人审 proposed", sums.proposed)):
            amounts = (was, now, now - was)
            cells = "".join(_right(amount.decimal_text()) for amount in amounts)
            print(f"  {padded(f'{currency} {words}', WIDE)}{cells}")


def _right(text: str) -> str:
    return " " * max(WIDE - columns(text), 1) + text


def _row(cells: list[tuple[str, int]]) -> str:
    return "".join(padded(text, width) for text, width in cells).rstrip()


def _answer(decision: Decision | None) -> str:
    return f"{decision.outcome} {decision.amount}" if decision else "—"


def _changes(replayed: Replayed) -> str:
    if replayed.was is None or replayed.now is None:
        return "；".join(map(str, replayed.faults))
    was, now = replayed.was.clauses, replayed.now.clauses
    clauses = [f"−{c}" for c in was if c not in now] + [f"+{c}" for c in now if c not in was]
    return ", ".join(clauses + [CHANGES[part] for part in replayed.changed if part in CHANGES])

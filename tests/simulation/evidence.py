"""What there is to judge a run by: what was said, and what the desk's database holds afterwards."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from actions.domain.money import Money
from tests.simulation.people import Cast
from tests.simulation.personas import Persona
from tests.simulation.tasks import Task
from tests.whole_desk import rows


@dataclass(frozen=True)
class Line:
    """One message. ``meant`` is what the simulated customer meant by it, ``payload`` the button."""

    seq: int
    author: str
    text: str
    at: datetime
    response: str | None = None
    payload: str | None = None
    meant: str | None = None
    buttons: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class Case:
    """A refund case as it stands."""

    number: str
    order: str
    account: str
    conversation: str | None
    state: str
    decision: Mapping[str, Any]
    method: str
    hint: str | None
    approved_by: tuple[str, ...]
    reason: str | None
    opened_at: datetime

    @property
    def amount(self) -> Money:
        """What was decided to go back."""
        return Money.parse(self.decision["amount"], self.decision["currency"])


@dataclass(frozen=True)
class Payout:
    """Money on its way."""

    case: str
    order: str
    amount: int
    currency: str


@dataclass(frozen=True)
class Ticket:
    """Something that a person has to do."""

    category: str
    reason: str
    case: str | None
    is_open: bool


@dataclass(frozen=True)
class Records:
    """Everything in the database about the people of one run."""

    verified: Mapping[str, datetime] = field(default_factory=dict)
    """Account → when this conversation proved to be its owner's."""
    cases: tuple[Case, ...] = ()
    payouts: tuple[Payout, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    emails: Mapping[str, str] = field(default_factory=dict)
    renewals: Mapping[str, str] = field(default_factory=dict)
    """Order → number of the request to end its auto-renewal."""
    status: str = "bot"


@dataclass
class Run:
    """One simulated conversation, from who came to what came of it."""

    task: Task
    persona: Persona
    language: str
    cast: Cast
    conversation: str = ""
    lines: list[Line] = field(default_factory=list)
    records: Records = field(default_factory=Records)
    wishes_done: int = 0
    gave_up: str = ""
    before: tuple[str, ...] = ()
    """Numbers of the cases that there were before it began."""
    stolen: bool = False
    problems: list[tuple[str, str]] = field(default_factory=list)
    """(rule, what was found), once judged; a run without any has passed."""

    @property
    def passed(self) -> bool:
        """Whether everything was as it must be."""
        return not self.problems

    @property
    def turns(self) -> int:
        """How often the customer had to say something."""
        return sum(line.author == "customer" for line in self.lines)


def lines_of(home: Path, conversation: str, meant: Mapping[int, str]) -> list[Line]:
    """The transcript."""
    found = rows(
        home,
        "SELECT seq, author, text, at, response, payload, buttons FROM messages"
        " WHERE conversation = ? ORDER BY seq",
        conversation,
    )
    return [
        Line(
            *(seq, author, text, _time(at), response, payload, meant.get(seq)),
            buttons=tuple(json.loads(buttons) if buttons else ()),
        )
        for seq, author, text, at, response, payload, buttons in found
    ]


def records_of(home: Path, cast: Cast, conversation: str) -> Records:
    """What the database holds about these people."""
    ids = [account["id"] for account in cast.accounts]
    some = ",".join("?" * len(ids))
    cases = rows(
        home,
        "SELECT number, order_number, account_id, conversation, state, decision, payment_method,"
        " payment_hint, approved_by, reason, opened_at FROM cases"
        f" WHERE account_id IN ({some}) ORDER BY id",
        *ids,
    )
    numbers = [case[0] for case in cases]
    [(status,)] = rows(home, "SELECT status FROM conversations WHERE id = ?", conversation)
    return Records(
        verified={
            account: _time(at)
            for account, at in rows(
                home,
                "SELECT account_id, at FROM verifications WHERE conversation = ?",
                conversation,
            )
        },
        cases=tuple(_case(row) for row in cases),
        payouts=tuple(_payouts(home, numbers)),
        tickets=tuple(_tickets(home, conversation, numbers)),
        emails=dict(rows(home, f"SELECT id, email FROM accounts WHERE id IN ({some})", *ids)),
        renewals=_renewals(home, ids),
        status=status,
    )


def _renewals(home: Path, accounts: list[str]) -> dict[str, str]:
    some = ",".join("?" * len(accounts))
    query = (
        "SELECT order_number, number FROM renewal_cancellations"
        f" WHERE account_id IN ({some}) AND state = 'requested'"
    )
    return dict(rows(home, query, *accounts))


def _case(row: tuple[Any, ...]) -> Case:
    number, order, account, conversation, state, decision, method, hint, by, reason, at = row
    return Case(
        *(number, order, account, conversation, state, json.loads(decision or "{}")),
        *(method, hint, tuple(json.loads(by)), reason, _time(at)),
    )


def _payouts(home: Path, numbers: list[str]) -> list[Payout]:
    some = ",".join("?" * len(numbers))
    query = (
        "SELECT case_number, order_number, amount, currency FROM payouts"
        f" WHERE case_number IN ({some})"
    )
    return [Payout(case, order, int(a), c) for case, order, a, c in rows(home, query, *numbers)]


def _tickets(home: Path, conversation: str, numbers: list[str]) -> list[Ticket]:
    some = ",".join("?" * len(numbers))
    query = (
        "SELECT category, reason, case_number, closed_at IS NULL FROM tickets"
        f" WHERE conversation = ? OR case_number IN ({some})"
    )
    return [Ticket(c, r, n, bool(o)) for c, r, n, o in rows(home, query, conversation, *numbers)]


def _time(text: str) -> datetime:
    """An instant as SQLite holds it: in UTC, and without saying so."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)

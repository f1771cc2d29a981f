"""Conversations with the real desk: a customer types, and the response's name is what is checked.

``customer`` imports a fresh account with one order, ``chat`` opens a conversation by the public
API. What was answered and decided is read from the database; nothing of the desk is replaced.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jwt
import pytest

from actions.services.identity import audience_of
from tests.actions.services.files import a_png
from tests.whole_desk import an_account, an_order, desk_at, load, rows

ANSWER_SECONDS = 40.0
_serial = itertools.count(1)
_run = uuid.uuid4().hex[:6].upper()


@dataclass(frozen=True)
class Customer:
    """A customer with one order, and what the desk's database holds of it."""

    stack: Any
    brand: str
    email: str
    order: str
    account: str
    paid_on: date

    def code(self, after: int = 0) -> str:
        """The newest one-time code in this customer's mailbox, past the first ``after`` mails."""
        deadline = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < deadline:
            mails = self.mails()
            for mail in mails[: len(mails) - after]:
                if found := re.search(r"\b\d{6}\b", mail["text"]):
                    return found[0]
            time.sleep(0.05)
        pytest.fail(f"no code was mailed to {self.email}")

    def mails(self) -> list[dict[str, Any]]:
        """All mail to this customer, newest first."""
        return [mail for mail in self.stack.mails() if self.email in str(mail["to"])]

    def cases(self) -> list[tuple[str, str]]:
        """State and outcome of each case of the order, oldest first."""
        return [
            (state, json.loads(decision)["outcome"])
            for state, decision in rows(
                self.stack.home,
                "SELECT state, decision FROM cases WHERE order_number = ? ORDER BY opened_at",
                self.order,
            )
        ]

    def wait_for_state(self, state: str) -> None:
        """Wait until the order's case is in this state."""
        deadline = time.monotonic() + ANSWER_SECONDS
        while [found for found, _ in self.cases()] != [state]:
            assert time.monotonic() < deadline, f"the case never was {state}: {self.cases()}"
            time.sleep(0.05)

    def evidence(self) -> list[str]:
        """The names of the files that belong to the order's cases."""
        query = (
            "SELECT label FROM evidence JOIN cases ON number = case_number"
            " WHERE cases.order_number = ? ORDER BY given_at"
        )
        return [name for (name,) in rows(self.stack.home, query, self.order)]

    def renewals(self) -> list[str]:
        """The state of each wish to end the order's auto-renewal."""
        query = "SELECT state FROM renewal_cancellations WHERE order_number = ?"
        return [state for (state,) in rows(self.stack.home, query, self.order)]

    def payouts(self) -> int:
        """How many payouts there are for the order."""
        return len(
            rows(
                self.stack.home,
                "SELECT 1 FROM payouts WHERE case_number IN"
                " (SELECT number FROM cases WHERE order_number = ?)",
                self.order,
            )
        )


@pytest.fixture
def customer(stack: Any, tmp_path: Path) -> Callable[..., Customer]:
    """Make a customer: ``customer("kuailian", bought_days_ago=40, kind="renewal")``."""

    def make(
        brand: str = "kuailian",
        *,
        kind: str = "purchase",
        bought_days_ago: int = 3,
        amount: str = "299.00",
        currency: str = "CNY",
        method: str = "card",
        account_status: str = "active",
        **order: Any,
    ) -> Customer:
        serial = next(_serial)
        number = f"{'KL' if brand == 'kuailian' else 'BT'}{_run}{serial:04d}"
        email = f"c{serial}.{_run.lower()}@example.com"
        paid_at = datetime.now(UTC) - timedelta(days=bought_days_ago)
        account = f"A-{_run}-{serial}"
        payment = {"method": method, "reference": f"ch_{serial}"}
        facts = {"kind": kind, "amount": amount, "currency": currency, "payment": payment}
        facts["paid_at"] = paid_at.isoformat()
        record = {
            "brand": brand,
            "accounts": [an_account(account, email, status=account_status)],
            "orders": [an_order(number, account, **facts | order)],
        }
        asyncio.run(load(stack.home, tmp_path / f"{serial}.json", record))
        paid_on = paid_at.astimezone(ZoneInfo("Asia/Shanghai")).date()
        return Customer(stack, brand, email, number, account, paid_on)

    return make


async def _sign_in(chat: Chat, who: Customer) -> None:
    """What the gateway does with a good token of the brand's site."""
    now = int(time.time())
    claims = {
        "iss": who.brand,
        "aud": audience_of(who.brand),
        "sub": who.account,
        "iat": now,
        "exp": now + 60,
        "jti": uuid.uuid4().hex,
    }
    desk = await desk_at(who.stack.home)
    try:
        token = jwt.encode(claims, desk.settings.identity_keys[who.brand], "HS256")
        await desk.verification.accept_identity(chat.id, who.brand, token)
    finally:
        await desk.close()


class Chat:
    """One conversation, as a customer has it. Each step waits until the desk has answered."""

    def __init__(self, stack: Any, brand: str, language: str | None) -> None:
        self.stack = stack
        asked = {"brand": brand} | ({"language": language} if language else {})
        opened = self._call("/api/chat/sessions", asked)
        self.id, self._token = opened["conversation"], opened["token"]
        self.seen = 0
        self.answers: list[dict[str, Any]] = []
        self._await_answers()

    def user(self, text: str) -> Chat:
        """The customer types this."""
        return self._send({"text": text})

    def press(self, title: str) -> Chat:
        """The customer presses the newest button with this title."""
        for answer in reversed(self._messages()):
            for button in answer["buttons"]:
                if button["title"] == title:
                    return self._send({"button": button["id"]})
        pytest.fail(f"there was no button {title!r}: {self.answers}")

    def bot(self, *responses: str, says: str | tuple[str, ...] = ()) -> Chat:
        """The answers to the last message, by name, and words that they must contain."""
        assert tuple(self.responses()) == responses, self._told()
        for words in (says,) if isinstance(says, str) else says:
            assert words in self.text(), self._told()
        return self

    def responses(self) -> list[str]:
        """The names of the newest answers' responses."""
        found = rows(
            self.stack.home,
            "SELECT seq, response FROM messages WHERE conversation = ? AND author <> 'customer'",
            self.id,
        )
        names = dict(found)
        return [names[answer["seq"]] for answer in self.answers]

    def text(self) -> str:
        """The newest answers' words."""
        return "\n".join(answer["text"] for answer in self.answers)

    def verified(self, who: Customer, wish: str = "我要退款") -> Chat:
        """Ask for a refund and prove who one is; the next answer is the decision."""
        before = len(who.mails())
        self.user(f"{wish} {who.order} {who.email}").bot("utter_ask_code")
        return self.user(who.code(after=before))

    def signed_in(self, who: Customer) -> Chat:
        """The brand's own site says who this is."""
        asyncio.run(_sign_in(self, who))
        return self

    def ticket(self) -> tuple[str, str] | None:
        """Category and reason of the ticket that this conversation has opened."""
        query = "SELECT category, reason FROM tickets WHERE conversation = ?"
        found = rows(self.stack.home, query, self.id)
        assert len(found) <= 1
        return found[0] if found else None

    def tickets(self) -> list[tuple[str, str, str]]:
        """Category, reason and priority of each ticket about this conversation, oldest first."""
        query = (
            "SELECT category, reason, priority FROM tickets WHERE conversation = ?"
            " ORDER BY opened_at"
        )
        return rows(self.stack.home, query, self.id)

    def calls(self) -> list[dict[str, Any]]:
        """Number and wished time of each call that this conversation has asked for."""
        query = "SELECT data FROM tickets WHERE conversation = ? AND category = 'call_back'"
        return [json.loads(data) for (data,) in rows(self.stack.home, query, self.id)]

    def attach(self, name: str) -> Chat:
        """Send a picture, and nothing else."""
        boundary = uuid.uuid4().hex
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"'
            "\r\nContent-Type: image/png\r\n\r\n"
        )
        request = urllib.request.Request(
            self.stack.url + "/api/chat/attachments",
            data=head.encode() + a_png() + f"\r\n--{boundary}--\r\n".encode(),
            headers={
                "Content-Type": f"multipart/form-data; boundary={boundary}",
                "Authorization": f"Bearer {self._token}",
            },
        )
        with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as answer:
            file = json.load(answer)
        body = {"id": str(uuid.uuid4()), "text": "", "attachments": [file["id"]]}
        self._call("/api/chat/messages", body)
        return self.hear()

    def _told(self) -> str:
        return f"{self.responses()}: {self.text()}"

    def _send(self, what: dict[str, str]) -> Chat:
        self.leave(what)
        return self.hear()

    def leave(self, what: dict[str, str]) -> None:
        """Send a message and do not wait for the answer."""
        self._call("/api/chat/messages", {"id": str(uuid.uuid4()), **what})

    def hear(self) -> Chat:
        """Wait until everything sent so far has been answered."""
        self._await_answers()
        return self

    def _messages(self, after: int = 0, wait: int = 0) -> list[dict[str, Any]]:
        found = self._call(f"/api/chat/messages?after={after}&wait={wait}")
        self.pending = found["pending"]
        messages: list[dict[str, Any]] = found["messages"]
        return messages

    def _await_answers(self) -> None:
        self.answers = []
        deadline = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < deadline:
            for message in self._messages(self.seen, wait=5):
                self.seen = message["seq"]
                if message["author"] != "customer":
                    self.answers.append(message)
            if not self.pending:
                return
        pytest.fail(f"the desk did not answer; so far: {self.answers}")

    def _call(self, path: str, body: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(
            self.stack.url + path,
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Content-Type": "application/json"},
        )
        if hasattr(self, "_token"):
            request.add_header("Authorization", f"Bearer {self._token}")
        with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as answer:
            return json.load(answer)


@pytest.fixture
def chat(stack: Any) -> Callable[..., Chat]:
    """Open a conversation: ``chat("kuailian", "zh")``."""

    def opened(brand: str = "kuailian", language: str | None = "zh") -> Chat:
        return Chat(stack, brand, language)

    return opened

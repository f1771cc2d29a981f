"""People with data in every place there is, each with words of their own that can be looked for."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC
from email.message import EmailMessage
from mailbox import Maildir
from pathlib import Path

from sqlalchemy import select

from actions.domain.account import Account, AccountStatus
from actions.domain.customer import Customer
from actions.domain.decision import Outcome
from actions.domain.money import Money
from actions.domain.order import Refund
from actions.domain.refund_case import State
from actions.domain.ticket import TicketOutcome
from actions.services.reviews import Ruling
from actions.services.verification import CodeCheck
from actions.storage.conversations import ConversationRow, MessageRow
from actions.storage.demo_mailbox import RECEIVED_FOR
from actions.storage.everything import TABLES
from actions.storage.tables import TicketRow
from actions.testing.desk import DeskForTests
from tests.actions.services.files import a_pdf, a_png
from tests.actions.services.people import OPERATOR, WU

SHARED_CARD = "fp_card_of_two"
SAME_FILE = a_png("the very same picture")


@dataclass(frozen=True)
class Planted:
    """One person; ``word`` is in all that they say, and in nothing of anybody else's."""

    word: str
    name: str
    phone: str
    hint: str

    @property
    def account(self) -> str:
        """Their account's id, which stays."""
        return f"A-{len(self.word)}"

    @property
    def email(self) -> str:
        """Their address."""
        return f"{self.word}@example.com"

    @property
    def chat(self) -> str:
        """Their chat's id."""
        return f"chat-{self.account}".ljust(32, "0")

    @property
    def paid_order(self) -> str:
        """An order that was refunded."""
        return f"KL{self.account}P"

    @property
    def renewed_order(self) -> str:
        """A renewal, whose refund was refused."""
        return f"KL{self.account}R"

    def says(self, what: str) -> str:
        """Something in their own words."""
        return f"{what} {self.word}"

    @property
    def traces(self) -> list[str]:
        """What must be nowhere once they are erased."""
        return [self.word, self.name, self.phone, self.hint]


LI = Planted("planted-li", "李普兰特", "+8613900001111", "card ending 7731")
MEI = Planted("planted-meimei", "韩普兰特", "+8613900002222", "card ending 8842")


async def plant(desk: DeskForTests, who: Planted) -> None:
    """Give ``who`` something in every table and file; nothing is left under way."""
    await desk.has_account(
        Account("kuailian", who.account, who.email, who.name, "zh", AccountStatus.ACTIVE)
    )
    more = {"hint": who.hint, "gateway": "fake", "instrument": SHARED_CARD}
    await desk.has_order(who.paid_order, who.account, **more)
    await desk.has_order(who.renewed_order, who.account, kind="renewal", days_ago=3, **more)
    refund = Refund(
        who.renewed_order, Money.parse("1.00", "CNY"), desk.clock(), who.says("provider's refund")
    )
    await desk.has_refund(refund)
    await _chat(desk, who)
    customer = await _verify(desk, who)
    await _ask(desk, who, customer)
    await _tickets(desk, who, customer)
    _tracker(desk, who)
    _mail(desk, who)
    await desk.run_worker_once()


async def _chat(desk: DeskForTests, who: Planted) -> None:
    at = desk.clock()
    async with desk.desk.storage.writing() as work:
        work.session.add(
            ConversationRow(
                id=who.chat,
                brand="kuailian",
                language="zh",
                token_hash=who.account.ljust(64, "0"),
                rating=4,
                rating_comment=who.says("kind people"),
                last_seq=2,
                started_at=at,
                updated_at=at,
            )
        )
        await work.session.flush()
        entities = {"entities": [{"entity": "email", "value": who.email}]}
        for seq, author in enumerate(("customer", "bot"), start=1):
            work.session.add(
                MessageRow(
                    conversation=who.chat,
                    seq=seq,
                    author=author,
                    text=who.says("I want my money back"),
                    understood=entities,
                    attachments=[{"id": "E-1", "name": who.says("label")}],
                    at=at,
                )
            )


async def _verify(desk: DeskForTests, who: Planted) -> Customer:
    await desk.verification.send_code(who.chat, "kuailian", who.email, who.paid_order)
    assert await desk.verification.check_code(who.chat, "000000") is CodeCheck.WRONG
    code = await desk.code_for(who.chat)
    assert await desk.verification.check_code(who.chat, code) is CodeCheck.VERIFIED
    # One that somebody else may have asked for, with their address and no order of theirs.
    await desk.verification.send_code("stranger", "kuailian", who.email, "KL-NONE")
    assert await desk.verification.check_code("stranger", "000000") is CodeCheck.WRONG
    customer = await desk.verification.vouch(
        who.chat, "kuailian", who.account, by=WU, reason=who.says("I know the voice of")
    )
    await desk.verification.link_code(customer)
    await desk.contact_changes.request(customer, f"new.{who.email}")
    return customer


async def _ask(desk: DeskForTests, who: Planted, customer: Customer) -> None:
    """One case is paid; one is refused, appealed and refused again by a person."""
    paid = await desk.refunds.request(customer, who.paid_order, who.says("because"))
    await desk.refunds.confirm(customer, paid.number)
    await desk.run_worker_once()
    case = await desk.refunds.by_number(customer, paid.number)
    assert case.state is State.PAID
    await desk.evidence.give(customer, paid.number, SAME_FILE, who.says("name.png"))
    file = await desk.evidence.give_in_chat(
        "kuailian", who.chat, a_pdf(who.says("in the document")), who.says("name.pdf")
    )
    await desk.evidence.give_in_chat("kuailian", who.chat, SAME_FILE, who.says("again.png"))
    refused = await desk.refunds.request(customer, who.renewed_order, who.says("because"))
    await desk.appeals.make(customer, refused.number, "other", who.says("unjust"), [file.id])
    words = {"zh": who.says("抱歉"), "en": who.says("sorry")}
    ruling = Ruling(Outcome.DENIED, who.says("note"), words=words)
    await desk.reviews.decide(refused.number, ruling, by=WU)


async def _tickets(desk: DeskForTests, who: Planted, customer: Customer) -> None:
    call = await desk.tickets.call_back("kuailian", who.phone, conversation=who.chat)
    complaint = await desk.tickets.complain(
        "kuailian", who.says("I complain"), conversation=who.chat
    )
    await desk.tickets.add_note(call.id, who.says("rang"), by=WU)
    for ticket in (call, complaint):
        await desk.tickets.claim(ticket.id, by=WU)
        await desk.tickets.close(ticket.id, TicketOutcome.SOLVED, reason=who.says("done"), by=WU)
    wish = await desk.renewals.ask(customer, who.renewed_order)
    assert wish.cancellation is not None
    words = {"zh": who.says("不行"), "en": who.says("can't")}
    await desk.renewals.refuse(wish.cancellation.number, words, by=OPERATOR)


def _tracker(desk: DeskForTests, who: Planted) -> None:
    """Rasa's own table, as Rasa 3.6 makes it."""
    path = desk.desk.settings.trackers
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, sender_id VARCHAR(255)"
            " NOT NULL, type_name VARCHAR(255) NOT NULL, timestamp FLOAT, intent_name"
            " VARCHAR(255), action_name VARCHAR(255), data TEXT)"
        )
        connection.execute("CREATE INDEX IF NOT EXISTS ix_sender ON events (sender_id)")
        for n in range(200):
            data = json.dumps({"event": "user", "text": who.says(f"message {n}")})
            connection.execute(
                "INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (?, ?, ?, ?)",
                [who.chat, "user", desk.clock().astimezone(UTC).timestamp(), data],
            )


def _mail(desk: DeskForTests, who: Planted) -> None:
    folder = desk.desk.settings.demo_mail
    folder.parent.mkdir(parents=True, exist_ok=True)
    mail = EmailMessage()
    mail[RECEIVED_FOR] = who.email
    mail["Subject"] = "Your refund"
    mail.set_content(who.says("Your money is on its way"))
    Maildir(folder, create=True).add(mail)


async def close_all_tickets(desk: DeskForTests) -> None:
    """What a person would still have to do is done."""
    async with desk.desk.storage.reading() as work:
        rows = await work.session.scalars(
            select(TicketRow.number).where(TicketRow.closed_at.is_(None))
        )
        numbers = list(rows)
    for number in numbers:
        await desk.tickets.close(number, TicketOutcome.SOLVED, by=WU)


async def rows_of(desk: DeskForTests) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    found = {}
    async with desk.desk.storage.reading() as work:
        for table in TABLES.sorted_tables:
            rows = (await work.session.execute(table.select())).mappings()
            found[table.name] = [
                json.dumps(dict(row), default=str, ensure_ascii=False) for row in rows
            ]
    return found


def files_of(desk: DeskForTests) -> Iterator[Path]:
    """Every file that the desk has written: databases, their logs, uploads, mail."""
    yield from (path for path in desk.desk.settings.home.rglob("*") if path.is_file())
    database = desk.desk.storage.engine.url.database or ""
    if desk.desk.settings.sqlite:
        yield from Path(database).parent.glob(Path(database).name + "*")

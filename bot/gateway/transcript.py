"""The transcript: conversations begun, customers' messages stored, all messages read back.

Knows the chat's tables and what one transaction must hold. Leaves answering to ``inbox`` (whose
own verbs are in ``turns``) and checking of what comes in to ``chat``.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import exists, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from actions.domain.clock import Clock
from actions.storage.conversations import ConversationRow, MessageRow, unanswered
from actions.storage.engine import reader_factory, session_factory
from bot.gateway.caution import Read
from bot.gateway.errors import ChatError
from bot.gateway.redaction import redact
from bot.gateway.said_before import hide_pieces, is_again, something_was_asked
from bot.gateway.traditional import HANT, script_of, traditional
from bot.gateway.words import LANGUAGE_CHOSEN

QUIET = ("waiting", "agent")
"""While a person is awaited or answering, the bot says nothing."""


@dataclass(frozen=True)
class Page:
    """Messages in order, and whether more is to be expected of the bot."""

    messages: Sequence[MessageRow]
    pending: bool
    status: str


@dataclass(frozen=True)
class Speaker:
    """Whose turn it is to speak: a conversation, and what limits count it under."""

    conversation: str
    brand: str
    account: str | None
    """Once verified; several conversations may have the same."""


@dataclass(frozen=True)
class Received:
    """A customer's message as it is stored now; ``new`` unless it was before."""

    seq: int
    new: bool
    warned: bool = False
    """The customer was told something about it at once."""


@dataclass(frozen=True)
class Draft:
    """A message about to be stored."""

    author: str
    text: str
    buttons: Sequence[Mapping[str, str]] = ()
    """``{"title", "payload"}`` each; ids are given here."""
    response: str | None = None
    language: str | None = None
    reply_to: int | None = None
    more: Mapping[str, Any] = field(default_factory=dict)


class Database:
    """Transactions to write and to read, no more at once than serve well.

    Within one process writers wait for each other here, in order: SQLite would let them poll for
    its lock, and the unlucky ones time out. Readers wait rather than open passing connections.
    """

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self.clock = clock
        self._reading, self._writing = reader_factory(engine), session_factory(engine)
        self._readers = asyncio.Semaphore(4)
        self._writers = asyncio.Semaphore(1 if engine.dialect.name == "sqlite" else 4)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """One transaction, committed at the end of the block."""
        async with self._writers, self._writing() as session, session.begin():
            yield session

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """One transaction that changes nothing and waits for no writer."""
        async with self._readers, self._reading() as session:
            yield session


def new_id() -> str:
    """The id of a conversation that is about to begin; nobody outside ever chooses one."""
    return secrets.token_hex(16)


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode("utf-8", errors="replace")).hexdigest()


async def append(session: AsyncSession, conversation: str, draft: Draft, at: datetime) -> int:
    """Store a message under the next number; the conversation's row is locked by it.

    All that the desk says comes through here, and here it is put into the customer's script.
    """
    numbered = (
        update(ConversationRow)
        .where(ConversationRow.id == conversation)
        .values(last_seq=ConversationRow.last_seq + 1, updated_at=at)
        .returning(ConversationRow.last_seq, ConversationRow.script)
        .execution_options(synchronize_session=False)
    )
    seq: int
    seq, script = (await session.execute(numbered)).one()
    draft = _as_read(draft, script)
    buttons = [{"id": f"b-{secrets.token_hex(5)}", **each} for each in draft.buttons]
    stored = insert(MessageRow).values(
        conversation=conversation,
        seq=seq,
        author=draft.author,
        text=draft.text,
        buttons=buttons or None,
        response=draft.response,
        language=draft.language,
        reply_to=draft.reply_to,
        at=at,
        **draft.more,
    )
    await session.execute(stored)
    return seq


def _as_read(draft: Draft, script: str | None) -> Draft:
    """The desk's own Chinese in the customer's script; what people write stays as it is."""
    if script != HANT or draft.language != "zh" or draft.author not in ("bot", "system"):
        return draft
    buttons = [{**each, "title": traditional(each["title"])} for each in draft.buttons]
    return replace(draft, text=traditional(draft.text), buttons=buttons)


class Transcript:
    """The verbs of the chat API, one transaction each."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def start(
        self,
        brand: str,
        language: str,
        greeting: Draft,
        *,
        conversation: str | None = None,
        account: str | None = None,
    ) -> tuple[str, str]:
        """Begin a conversation with the greeting as its first message; gives (id, token).

        ``account`` is whose it is, where a signed identity for ``conversation`` has said so.
        """
        conversation, token = conversation or new_id(), secrets.token_urlsafe(32)
        at = self._db.clock()
        row = ConversationRow(
            id=conversation,
            brand=brand,
            language=language,
            token_hash=token_hash(token),
            account=account,
            started_at=at,
            updated_at=at,
        )
        async with self._db.write() as session:
            session.add(row)
            await session.flush()
            await append(session, conversation, greeting, at)
        return conversation, token

    async def by_token(self, token: str) -> Speaker | None:
        """The conversation that this token opens."""
        row = ConversationRow
        asked = select(row.id, row.brand, row.account).where(row.token_hash == token_hash(token))
        async with self._db.read() as session:
            found = (await session.execute(asked)).one_or_none()
        return None if found is None else Speaker(*found)

    async def receive(
        self,
        conversation: str,
        client_id: str,
        text: str | None,
        button: str | None,
        attachments: Sequence[Mapping[str, Any]] = (),
    ) -> Received:
        """Store a customer's message without its secrets, or find it stored already.

        A warning about it is stored with it; it may be all the answer that is due.

        Raises:
            ChatError: the id belongs to another message; no such button was shown.
        """
        at, read = self._db.clock(), Read.of(text or "")
        async with self._db.write() as session:
            # The lock makes the look-up below and the insertion one step on every database.
            locked = select(ConversationRow).where(ConversationRow.id == conversation)
            row = (await session.execute(locked.with_for_update())).scalar_one()
            text, payload = await _said(session, conversation, text, button)
            same_id = select(MessageRow).where(
                MessageRow.conversation == conversation, MessageRow.client_id == client_id
            )
            before = (await session.execute(same_id)).scalar_one_or_none()
            if before is not None:
                same_files = (before.attachments or []) == list(attachments)
                if not (same_files and is_again(before, read, text, payload)):
                    raise ChatError("message_differs")
                return Received(before.seq, new=False)
            if row.status == "ended":
                row.status, row.ended_at = "bot", None
                await session.flush()
            if payload is None:
                read = await hide_pieces(session, row, read, at)
                _follow_script(row, read)
                text = read.found.hidden(row.wording)
            asked = bool(read.found.spans) and await something_was_asked(session, conversation)
            quiet = row.status in QUIET or read.is_answered_by_its_warning(asked=asked)
            more = {
                "client_id": client_id,
                "payload": payload,
                "attachments": list(attachments) or None,
                "answered_at": at if quiet else None,
            }
            seq = await append(session, conversation, Draft("customer", text, more=more), at)
            warned = await _warn(session, row, seq, read, at)
            return Received(seq, new=True, warned=warned)

    async def after(self, conversation: str, seq: int) -> Page:
        """All messages past ``seq``, as they were at one moment."""
        async with self._db.read() as session:
            _, last, status, pending = (await session.execute(_heads([conversation]))).one()
            newer = (
                select(MessageRow)
                .where(
                    MessageRow.conversation == conversation,
                    # What came after the state was read belongs to the next page.
                    MessageRow.seq.between(seq + 1, last),
                )
                .order_by(MessageRow.seq)
            )
            messages = (await session.execute(newer)).scalars().all()
        return Page(messages, bool(pending), status)

    async def choose_language(self, conversation: str, language: str) -> bool:
        """Obey the customer's wish and say so; False when it is so already."""
        at = self._db.clock()
        async with self._db.write() as session:
            chosen = (
                update(ConversationRow)
                .where(
                    ConversationRow.id == conversation,
                    or_(
                        ConversationRow.language != language,
                        ConversationRow.language_locked.is_(False),
                    ),
                )
                .values(language=language, language_locked=True)
                .returning(ConversationRow.id)
            )
            if (await session.execute(chosen)).scalar_one_or_none() is None:
                return False
            said = Draft("system", LANGUAGE_CHOSEN[language], language=language)
            await append(session, conversation, said, at)
            return True

    async def rate(self, conversation: str, stars: int, comment: str | None) -> None:
        """Keep the customer's latest opinion, without secrets."""
        async with self._db.write() as session:
            row = await session.get_one(ConversationRow, conversation)
            kept = None if comment is None else redact(comment, row.wording)
            row.rating, row.rating_comment, row.updated_at = stars, kept, self._db.clock()

    async def heads(self, conversations: Sequence[str]) -> dict[str, tuple[object, ...]]:
        """What changes whenever a conversation does: last number, status, pending."""
        heads: dict[str, tuple[object, ...]] = {}
        async with self._db.read() as session:
            for start in range(0, len(conversations), 500):
                rows = await session.execute(_heads(conversations[start : start + 500]))
                heads |= {row[0]: tuple(row[1:]) for row in rows}
        return heads


def _heads(conversations: Sequence[str]) -> Any:
    pending = exists().where(MessageRow.conversation == ConversationRow.id, unanswered())
    return select(
        ConversationRow.id, ConversationRow.last_seq, ConversationRow.status, pending
    ).where(ConversationRow.id.in_(conversations))


def _follow_script(row: ConversationRow, read: Read) -> None:
    """Go on in the script that the message is clearly in, unless the customer asked for one."""
    shown = script_of(read.found.hidden("en"))
    if shown is not None and not row.script_locked:
        row.script = shown


async def _warn(
    session: AsyncSession, row: ConversationRow, seq: int, read: Read, at: datetime
) -> bool:
    warning = read.warning(row.language)
    if warning is None:
        return False
    said = Draft(
        "system", warning.text, response=warning.response, language=row.language, reply_to=seq
    )
    await append(session, row.id, said, at)
    return True


async def _said(
    session: AsyncSession, conversation: str, text: str | None, button: str | None
) -> tuple[str, str | None]:
    """What a message says and, for a button, what it stands for."""
    if button is None:
        return text or "", None
    shown = select(MessageRow.buttons).where(
        MessageRow.conversation == conversation, MessageRow.buttons.is_not(None)
    )
    for buttons in (await session.execute(shown)).scalars():
        for each in buttons or ():
            if each["id"] == button:
                return each["title"], each["payload"]
    raise ChatError("unknown_button")

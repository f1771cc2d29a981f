"""Turns: which customer's message is next, who is answering it, and what was answered.

Knows the lease that keeps two processes from answering one conversation, and what the answer's
transaction holds. Leaves asking Rasa to ``inbox``.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from actions.domain.errors import DeskError
from actions.storage.conversations import (
    LANGUAGES,
    SCRIPTS,
    ConversationRow,
    MessageRow,
    unanswered,
)
from bot.gateway.caution import NOTHING_TO_ADD, WARNINGS
from bot.gateway.rasa import Answer, Question
from bot.gateway.transcript import QUIET, Database, Draft, append
from bot.gateway.words import ASK_FOR_A_PERSON, DELAYED, PERSON_COMING, PROBLEM, TRY_AGAIN

DELAY_RESPONSE = "desk_delayed"
PROBLEM_RESPONSE = "desk_problem"
PERSON_RESPONSE = "desk_person_coming"
PERSON_PAYLOAD = "/contact_human"
AGAIN_PAYLOAD = "desk:again:"
"""Followed by the number of the message to try again; never leaves the gateway."""


class LeaseLost(DeskError):
    """Another process answers this conversation now."""


@dataclass(frozen=True)
class Turn:
    """One customer's message on its way to an answer."""

    seq: int
    question: Question
    at: datetime


class Turns:
    """The inbox's verbs, one transaction each. ``name`` is this process' own."""

    def __init__(self, database: Database, lease: float) -> None:
        self._db = database
        self._lease = timedelta(seconds=lease)
        self.name = secrets.token_hex(8)

    async def waiting(self) -> Sequence[str]:
        """Conversations with an unanswered message that nobody else is answering."""
        asked = (
            select(ConversationRow.id)
            .join(MessageRow, MessageRow.conversation == ConversationRow.id)
            .where(unanswered(), self._free(self._db.clock()))
            .distinct()
        )
        async with self._db.read() as session:
            return (await session.execute(asked)).scalars().all()

    async def renew_all(self) -> None:
        """Prolong every lease that this process still has."""
        await self._change_leases(claimed_until=self._db.clock() + self._lease)

    async def release_all(self) -> None:
        """Give back every lease of this process, so that others need not wait for their end."""
        await self._change_leases(claimed_by=None, claimed_until=None)

    async def _change_leases(self, **values: object) -> None:
        ours = update(ConversationRow).where(ConversationRow.claimed_by == self.name)
        async with self._db.write() as session:
            await session.execute(ours.values(**values))

    async def next(self, conversation: str) -> Turn | None:
        """Take the lease and the earliest unanswered message; or give the lease back.

        None when there is nothing to answer or another process is answering. Messages that came
        while a person took over are left to that person; but one that was put to Rasa already may
        have brought the hand-over about, and its answer is still owed.
        """
        now = self._db.clock()
        free = select(ConversationRow).where(ConversationRow.id == conversation, self._free(now))
        async with self._db.write() as session:
            row = (await session.execute(free.with_for_update())).scalar_one_or_none()
            if row is None:
                return None
            return await self._next(session, row, now)

    async def _next(
        self, session: AsyncSession, row: ConversationRow, now: datetime
    ) -> Turn | None:
        for message in (await session.execute(_unanswered(row.id))).scalars():
            if row.status in QUIET and message.asked_at is None:
                message.answered_at = now
                continue
            message.asked_at = message.asked_at or now
            row.claimed_by, row.claimed_until = self.name, now + self._lease
            return await self._turn(session, row, message)
        row.claimed_by = row.claimed_until = None
        return None

    async def _turn(self, session: AsyncSession, row: ConversationRow, message: MessageRow) -> Turn:
        said = message
        if message.payload is not None and message.payload.startswith(AGAIN_PAYLOAD):
            seq = int(message.payload.removeprefix(AGAIN_PAYLOAD))
            said = await session.get_one(MessageRow, (row.id, seq))
        question = Question(
            conversation=row.id,
            message=str(message.client_id),
            text=said.text,
            payload=said.payload,
            brand=row.brand,
            language=row.language,
            language_locked=row.language_locked,
            has_files=bool(message.attachments),
        )
        return Turn(message.seq, question, message.at)

    async def delayed(self, turn: Turn) -> bool:
        """Tell the customer that the answer is late; False when that was said before."""
        conversation = turn.question.conversation
        async with self._db.write() as session:
            row = await self._held(session, conversation)
            said = select(MessageRow.seq).where(
                MessageRow.conversation == conversation,
                MessageRow.reply_to == turn.seq,
                MessageRow.response == DELAY_RESPONSE,
            )
            if (await session.execute(said)).first() is not None:
                return False
            notice = Draft(
                "system",
                DELAYED[row.language],
                response=DELAY_RESPONSE,
                language=row.language,
                reply_to=turn.seq,
            )
            await append(session, conversation, notice, self._db.clock())
            return True

    async def answer(self, turn: Turn, answer: Answer | None) -> tuple[int, Turn | None]:
        """Store the whole answer at once; without one, say that something went wrong.

        Gives the number of messages stored (at least one, unless a person has taken over or a
        warning has said more than Rasa could) and the next turn, as ``next`` would.

        Raises:
            LeaseLost: another process has taken over; nothing is stored.
        """
        conversation, now = turn.question.conversation, self._db.clock()
        async with self._db.write() as session:
            row = await self._held(session, conversation)
            message = await session.get_one(MessageRow, (conversation, turn.seq))
            if answer is not None:
                _follow_language(row, message, turn.question, answer)
                if answer.wished_script in SCRIPTS:
                    row.script, row.script_locked = answer.wished_script, True
                message.understood = dict(answer.understood)
                message.intent, message.confidence = answer.intent, answer.confidence
            message.answered_at = now
            drafts, heard = _drafts(turn, answer, row.language), False
            if await _was_warned(session, turn):
                heard, drafts = bool(drafts), _adding_something(drafts)
            if answer is not None and answer.handed_over:
                drafts.append(_person_coming(turn, row.language))
            elif not (drafts or heard) or (answer is not None and answer.failed_actions):
                drafts.append(_problem(message, row.language))
            if row.status == "agent":
                drafts = []
            for draft in drafts:
                await append(session, conversation, draft, now)
            return len(drafts), await self._next(session, row, now)

    async def _held(self, session: AsyncSession, conversation: str) -> ConversationRow:
        locked = select(ConversationRow).where(
            ConversationRow.id == conversation, ConversationRow.claimed_by == self.name
        )
        row = (await session.execute(locked.with_for_update())).scalar_one_or_none()
        if row is None:
            raise LeaseLost
        return row

    def _free(self, now: datetime) -> ColumnElement[bool]:
        return or_(
            ConversationRow.claimed_by.is_(None),
            ConversationRow.claimed_by == self.name,
            ConversationRow.claimed_until < now,
        )


def _unanswered(conversation: str) -> Select[MessageRow]:
    return (
        select(MessageRow)
        .where(MessageRow.conversation == conversation, unanswered())
        .order_by(MessageRow.seq)
    )


def _follow_language(
    row: ConversationRow, message: MessageRow, question: Question, answer: Answer
) -> None:
    """Go on in the language that Rasa answered in, unless the customer chose one meanwhile."""
    if answer.language not in LANGUAGES:
        return
    message.language = answer.language
    if (row.language, row.language_locked) == (question.language, question.language_locked):
        row.language = answer.language
        row.language_locked = row.language_locked or answer.intent == "change_language"


def _drafts(turn: Turn, answer: Answer | None, language: str) -> list[Draft]:
    """What Rasa said, without what a customer could not see."""
    return [
        Draft(
            "bot",
            reply.text,
            buttons=reply.buttons,
            response=reply.response,
            language=language,
            reply_to=turn.seq,
        )
        for reply in (answer.replies if answer else ())
        if reply.visible
    ]


async def _was_warned(session: AsyncSession, turn: Turn) -> bool:
    warning = select(MessageRow.seq).where(
        MessageRow.conversation == turn.question.conversation,
        MessageRow.reply_to == turn.seq,
        MessageRow.response.in_(WARNINGS),
    )
    return (await session.execute(warning)).first() is not None


def _adding_something(drafts: Sequence[Draft]) -> list[Draft]:
    """Not "I didn't understand", where the customer has just been told what matters."""
    return [draft for draft in drafts if draft.response not in NOTHING_TO_ADD]


def _person_coming(turn: Turn, language: str) -> Draft:
    return Draft(
        "bot",
        PERSON_COMING[language],
        response=PERSON_RESPONSE,
        language=language,
        reply_to=turn.seq,
    )


def _problem(message: MessageRow, language: str) -> Draft:
    again = message.payload or ""
    if not again.startswith(AGAIN_PAYLOAD):
        again = f"{AGAIN_PAYLOAD}{message.seq}"
    return Draft(
        "bot",
        PROBLEM[language],
        buttons=[
            {"title": TRY_AGAIN[language], "payload": again},
            {"title": ASK_FOR_A_PERSON[language], "payload": PERSON_PAYLOAD},
        ],
        response=PROBLEM_RESPONSE,
        language=language,
        reply_to=message.seq,
    )

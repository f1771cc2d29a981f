"""What a new message has to do with those before it.

Knows when a message is one sent again, when it is a piece of a phrase that came before, and
whether the bot was waiting for an answer. Runs inside the transaction that stores the message.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from actions.storage.conversations import ConversationRow, MessageRow
from bot.gateway.caution import Read
from bot.gateway.redaction import (
    MOST_MESSAGES,
    find_in_pieces,
    is_same,
    may_be_a_piece,
    may_be_a_piece_hidden_later,
)

PIECES_WITHIN = timedelta(minutes=10)
ASKING = "utter_ask"
"""How the names of responses begin that ask for something."""


def is_again(before: MessageRow, read: Read, text: str, payload: str | None) -> bool:
    """Whether this is the stored message once more.

    No digest of the original is kept, which could be guessed from: two messages that differ in
    nothing but their secrets are the same message here.
    """
    if before.payload != payload:
        return False
    if payload is not None:
        return before.text == text
    return is_same(read.found, before.text) or may_be_a_piece_hidden_later(text, before.text)


async def hide_pieces(
    session: AsyncSession, row: ConversationRow, read: Read, at: datetime
) -> Read:
    """See whether the message completes a phrase; hide the pieces that are stored already."""
    text = read.found.original
    if read.found.spans or not may_be_a_piece(text):
        return read
    recent = (
        select(MessageRow)
        .where(
            MessageRow.conversation == row.id,
            MessageRow.author == "customer",
            MessageRow.payload.is_(None),
            MessageRow.at >= at - PIECES_WITHIN,
        )
        .order_by(MessageRow.seq.desc())
        .limit(MOST_MESSAGES)
    )
    earlier = list(reversed((await session.execute(recent)).scalars().all()))
    *pieces, last = find_in_pieces([message.text for message in earlier], text)
    if not last.spans:
        return read
    for message, found in zip(earlier, pieces, strict=True):
        if found.spans:
            message.text = found.hidden(row.wording)
            message.understood = None
    await session.flush()
    return replace(read, found=last)


async def something_was_asked(session: AsyncSession, conversation: str) -> bool:
    """Whether the last thing that the bot said was a question for some fact."""
    last = (
        select(MessageRow.response)
        .where(MessageRow.conversation == conversation, MessageRow.author == "bot")
        .order_by(MessageRow.seq.desc())
        .limit(1)
    )
    return ((await session.execute(last)).scalar_one_or_none() or "").startswith(ASKING)

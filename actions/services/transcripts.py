"""Chats as staff read them, and the record of every look at personal data.

Knows that nobody sees a brand that is not theirs, whatever address they ask for, and that a look
without a reason is none. Leaves what is personal, and how it is masked, to the console.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from actions.domain.clock import Clock
from actions.domain.errors import NotFound
from actions.domain.staff import Permission, Staff
from actions.services.inputs import text_of
from actions.storage.conversations import ConversationRow, MessageRow
from actions.storage.tables import AccountRow, AuditRow, CaseRow
from actions.storage.transcripts import SEEN, Place
from actions.storage.work import Storage, Work

A_PAGE = 50
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation in a list, with the refund cases that it led to, oldest first."""

    conversation: ConversationRow
    cases: Sequence[CaseRow]


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """Some conversations, the latest touched first, and where the next page begins."""

    rows: Sequence[Listed]
    following: Place | None


@dataclass(frozen=True, slots=True)
class LookPage:
    """Some looks at personal data, the latest first, and where the next page begins."""

    rows: Sequence[AuditRow]
    following: Place | None


@dataclass(frozen=True, slots=True)
class WholeChat:
    """One conversation with all that was said; ``account`` is whose it has proved to be."""

    conversation: ConversationRow
    messages: Sequence[MessageRow]
    account: AccountRow | None
    cases: Sequence[CaseRow]


class Transcripts:
    """Reads for a member of staff, in their name."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    async def page(self, staff: Staff, *, before: Place | None = None) -> ConversationPage:
        """A page of conversations. Raises ``NotAllowed``."""
        staff.acting(Permission.READ_CONVERSATIONS)
        async with self._storage.reading() as work:
            found = await work.transcripts.newest(staff.brands, A_PAGE + 1, before=before)
            rows = found[:A_PAGE]
            cases = await work.transcripts.cases([row.id for row in rows])
        listed = [Listed(row, cases.get(row.id, ())) for row in rows]
        more = len(found) > A_PAGE
        return ConversationPage(listed, Place(rows[-1].updated_at, rows[-1].id) if more else None)

    async def read(self, staff: Staff, conversation: str) -> WholeChat:
        """One conversation.

        Raises:
            NotAllowed: they read no conversations.
            NotFound: there is none by that id, or it is of a brand that they don't see.
        """
        staff.acting(Permission.READ_CONVERSATIONS)
        async with self._storage.reading() as work:
            return await _whole(work, staff, conversation)

    async def reveal(
        self, staff: Staff, conversation: str, reason: str, fields: Iterable[str]
    ) -> WholeChat:
        """The same, once it is on record who looks at which fields, and why.

        Raises:
            InputRefused: there is no reason, or too long a one.
            NotAllowed, NotFound: as ``read``.
        """
        by = staff.acting(Permission.REVEAL_PERSONAL_DATA)
        why = text_of(reason, "reason", LONGEST_REASON)
        async with self._storage.writing() as work:
            # The lock lets two who look at once be recorded one after the other.
            held = await work.transcripts.conversation(conversation, staff.brands, lock=True)
            if held is None:
                raise NotFound()
            seen = {"brand": held.brand, "fields": sorted(fields), "reason": why}
            subject = f"conversation:{conversation}"
            await work.audit.record(subject, SEEN, by=by, at=self._clock(), data=seen)
            return await _whole(work, staff, conversation)

    async def looks(self, staff: Staff, *, before: Place | None = None) -> LookPage:
        """Who has looked at personal data of the brands that ``staff`` sees. Raises
        ``NotAllowed``.
        """
        staff.acting(Permission.READ_ACCESS_LOG)
        async with self._storage.reading() as work:
            found = await work.transcripts.looks(staff.brands, A_PAGE + 1, before=before)
        rows, more = found[:A_PAGE], len(found) > A_PAGE
        return LookPage(rows, Place(rows[-1].at, rows[-1].subject) if more else None)


async def _whole(work: Work, staff: Staff, conversation: str) -> WholeChat:
    row = await work.transcripts.conversation(conversation, staff.brands)
    if row is None:
        raise NotFound()
    cases = await work.transcripts.cases([row.id])
    return WholeChat(
        conversation=row,
        messages=await work.transcripts.messages(row.id),
        account=await work.transcripts.account(row),
        cases=cases.get(row.id, ()),
    )

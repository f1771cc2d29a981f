"""Evidence: files that customers give for a case, or in a chat before there is a case.

Knows what is taken, how much of it, and who may read it. Leaves recognising a file to the
domain, and keeping it on disk to ``uploads``.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from actions.domain.assurance import Operation
from actions.domain.clock import Clock
from actions.domain.customer import Customer
from actions.domain.errors import EvidenceNotFound, FileRefused, FileTooLarge, TooManyFiles
from actions.domain.events import Actor, Role
from actions.domain.evidence import (
    MOST_BYTES,
    MOST_FILES,
    Evidence,
    FileKind,
    kind_of,
    label_of,
)
from actions.domain.refund_case import ALPHABET, RefundCase
from actions.services.assurance import needs
from actions.services.casebook import hold_own, own_case, record
from actions.services.inputs import STAFF, must_be
from actions.storage.uploads import Uploads
from actions.storage.work import Storage, Work

ID_LENGTH = 20  # not to be guessed: about 90 bits


class EvidenceService:
    """Takes files and gives them back.

    ``readable`` takes out of a file's name what nobody may read, before anything is kept of it.
    """

    def __init__(
        self,
        storage: Storage,
        uploads: Uploads,
        clock: Clock,
        readable: Callable[[str], str] = str,
    ) -> None:
        self._storage = storage
        self._uploads = uploads
        self._clock = clock
        self._readable = readable

    @needs(Operation.GIVE_EVIDENCE)
    async def give(self, customer: Customer, number: str, content: bytes, name: str) -> Evidence:
        """Add a file to a customer's case; the same content twice is one file.

        ``name`` is the customer's for it: it is shown, and used for nothing else.

        Raises:
            CaseNotFound: the customer has no such case.
            FileRefused, FileTooLarge: not a whole PNG, JPEG or PDF of at most ten megabytes.
            TooManyFiles: the case has as many as it may.
        """
        given = await _recognised(content, self._readable(name))
        async with self._storage.reading() as work:
            case = await own_case(work, customer, number)
            await _same_or_room(work, given, case_number=case.number)
        await asyncio.to_thread(self._uploads.put, content)
        async with self._storage.writing() as work:
            case, _order = await hold_own(work, customer, number)
            if found := await _same_or_room(work, given, case_number=case.number):
                return found
            file = self._file(given, customer.brand, customer.conversation)
            file = replace(file, account_id=customer.account_id, case_number=case.number)
            await self._add(work, file, content)
            await self._record(work, case, file, by=_who(customer))
            return file

    async def give_in_chat(
        self, brand: str, conversation: str, content: bytes, name: str
    ) -> Evidence:
        """Keep a file that came in a chat, which need not have proved anything yet.

        Raises as ``give`` does.
        """
        given = await _recognised(content, self._readable(name))
        async with self._storage.reading() as work:
            await _same_or_room(work, given, conversation=conversation)
        await asyncio.to_thread(self._uploads.put, content)
        async with self._storage.writing() as work:
            await work.evidence.hold_chat(conversation)
            if found := await _same_or_room(work, given, conversation=conversation):
                return found
            file = self._file(given, brand, conversation)
            await self._add(work, file, content)
            await work.audit.record(
                f"evidence:{file.id}",
                "evidence_given",
                by=Actor(Role.CUSTOMER),
                at=file.given_at,
                data=_told(file) | {"conversation": conversation},
            )
            return file

    @needs(Operation.GIVE_EVIDENCE)
    async def add_to_case_in(
        self, work: Work, customer: Customer, case: RefundCase, ids: Iterable[str]
    ) -> tuple[str, ...]:
        """Let files of the customer's, from the case or their chat, belong to the case.

        The ids of the case's files that they now are. The caller holds the case.

        Raises:
            EvidenceNotFound: one is not the customer's, or is another case's.
            TooManyFiles: the case can't take them all.
        """
        taken = []
        for id in dict.fromkeys(ids):
            file = await work.evidence.get(id)
            if file is None or not _is_for(file, customer, case):
                raise EvidenceNotFound()
            taken.append(await self._into_case(work, customer, case, file))
        return tuple(dict.fromkeys(taken))

    async def in_chat(self, conversation: str, ids: Iterable[str]) -> list[Evidence]:
        """Files by their ids, each of which came in this very chat.

        Raises:
            EvidenceNotFound: one did not, or is not there.
        """
        async with self._storage.reading() as work:
            files = [await work.evidence.get(id) for id in ids]
        found = [file for file in files if file and file.conversation == conversation]
        if len(found) != len(files):
            raise EvidenceNotFound()
        return found

    @needs(Operation.GIVE_EVIDENCE)
    async def ids_of_chat(self, customer: Customer) -> list[str]:
        """Every file that came in the customer's own chat, oldest first."""
        async with self._storage.reading() as work:
            return [file.id for file in await work.evidence.of_chat(customer.conversation)]

    async def read_in_chat(self, conversation: str, id: str) -> tuple[Evidence, bytes]:
        """One file with its content, for whoever holds the chat that it came in.

        Raises:
            EvidenceNotFound: it did not come in this chat, or is not there.
            FileDamaged: it is no longer what was given.
        """
        (file,) = await self.in_chat(conversation, [id])
        return file, await asyncio.to_thread(self._uploads.get, file.sha256)

    @needs(Operation.READ_ACCOUNT)
    async def of_case(self, number: str, reader: Customer | Actor) -> list[Evidence]:
        """A case's files, oldest first. Raises ``CaseNotFound`` or ``NotAllowed``."""
        async with self._storage.reading() as work:
            if isinstance(reader, Customer):
                number = (await own_case(work, reader, number)).number
            else:
                must_be(reader, *STAFF)
            return await work.evidence.of_case(number)

    @needs(Operation.READ_ACCOUNT)
    async def read(self, id: str, reader: Customer | Actor) -> tuple[Evidence, bytes]:
        """One file with its content, for its own customer and for staff.

        Raises:
            EvidenceNotFound: there is none by that id that the reader may see.
            NotAllowed: neither a customer nor a named member of staff asks.
            FileDamaged: it is no longer what was given.
        """
        if not isinstance(reader, Customer):
            must_be(reader, *STAFF)
        async with self._storage.reading() as work:
            file = await work.evidence.get(id)
        if file is None or (isinstance(reader, Customer) and not _is_theirs(file, reader)):
            raise EvidenceNotFound()
        return file, await asyncio.to_thread(self._uploads.get, file.sha256)

    async def _into_case(
        self, work: Work, customer: Customer, case: RefundCase, file: Evidence
    ) -> str:
        if file.case_number == case.number:
            return file.id
        if found := await _same_or_room(work, file, case_number=case.number):
            return found.id
        if not await work.evidence.move_to_case(file.id, case.number, customer.account_id):
            raise EvidenceNotFound()
        await self._record(work, case, file, by=_who(customer))
        return file.id

    async def _add(self, work: Work, file: Evidence, content: bytes) -> None:
        """Keep a file's row, and see that its content is there: it may have been somebody
        else's too, and erased with them a moment ago.
        """
        await work.evidence.hold_content(file.sha256)
        if not self._uploads.has(file.sha256):
            await asyncio.to_thread(self._uploads.put, content)
        await work.evidence.add(file)

    async def _record(self, work: Work, case: RefundCase, file: Evidence, *, by: Actor) -> None:
        await record(work, case, "evidence_given", by=by, at=self._clock(), data=_told(file))

    def _file(self, given: _Given, brand: str, conversation: str) -> Evidence:
        return Evidence(
            id="E-" + "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH)),
            brand=brand,
            account_id=None,
            conversation=conversation,
            case_number=None,
            sha256=given.sha256,
            kind=given.kind,
            size=given.size,
            label=given.label,
            given_at=self._clock(),
        )


@dataclass(frozen=True, slots=True)
class _Given:
    """What is known of a file before it belongs anywhere."""

    sha256: str
    kind: FileKind
    size: int
    label: str


async def _recognised(content: bytes, name: str) -> _Given:
    if len(content) > MOST_BYTES:
        raise FileTooLarge()
    kind = await asyncio.to_thread(kind_of, content)
    if kind is None:
        raise FileRefused()
    sha256 = hashlib.sha256(content).hexdigest()
    return _Given(sha256, kind, len(content), label_of(name, kind))


async def _same_or_room(
    work: Work,
    given: _Given | Evidence,
    *,
    case_number: str | None = None,
    conversation: str | None = None,
) -> Evidence | None:
    """The same content if it is there already, else None if there is room for it."""
    if case_number is not None:
        files = await work.evidence.of_case(case_number)
    else:
        files = await work.evidence.of_chat(conversation or "")
    same = next((file for file in files if file.sha256 == given.sha256), None)
    if same is None and len(files) >= MOST_FILES:
        raise TooManyFiles()
    return same


def _is_theirs(file: Evidence, customer: Customer) -> bool:
    """Whether it is this account's; while nobody's, whether it came in this very chat."""
    if file.brand != customer.brand:
        return False
    if file.account_id is None:
        return file.conversation == customer.conversation
    return file.account_id == customer.account_id


def _is_for(file: Evidence, customer: Customer, case: RefundCase) -> bool:
    return _is_theirs(file, customer) and file.case_number in (None, case.number)


def _told(file: Evidence) -> dict[str, str]:
    """What an audit trail keeps of a file; its label may hold a name, so it is left out."""
    return {"evidence": file.id, "sha256": file.sha256, "kind": file.kind.value}


def _who(customer: Customer) -> Actor:
    return Actor(Role.CUSTOMER, customer.account_id)

"""Files for a case: whose they are, how many, kept once, and given back as they were."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from actions.domain.errors import (
    CaseNotFound,
    EvidenceNotFound,
    FileDamaged,
    FileRefused,
    FileTooLarge,
    NotAllowed,
    TooManyFiles,
)
from actions.domain.events import Actor
from actions.domain.evidence import MOST_BYTES, MOST_FILES, Evidence, FileKind
from actions.testing.builders import a_customer
from actions.testing.desk import DeskForTests
from tests.actions.services.files import a_jpeg, a_pdf, a_png, chunk
from tests.actions.services.people import NOT_STAFF, WU, findings, in_review, refused


def uploads(desk: DeskForTests) -> Path:
    return desk.desk.settings.uploads


def stored(desk: DeskForTests) -> list[Path]:
    return sorted(path for path in uploads(desk).rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("content", "kind"),
    [(a_png(), FileKind.PNG), (a_jpeg(), FileKind.JPEG), (a_pdf(), FileKind.PDF)],
)
async def test_a_file_comes_back_as_it_was_given(
    desk: DeskForTests, content: bytes, kind: FileKind
) -> None:
    li, case = await in_review(desk)
    given = await desk.evidence.give(li, case.number.lower(), content, "../账单.exe")
    assert (given.kind, given.size, given.label) == (kind, len(content), "账单.exe")
    for reader in (li, WU):
        assert await desk.evidence.read(given.id, reader) == (given, content)
        assert await desk.evidence.of_case(case.number, reader) == [given]
    [path] = stored(desk)
    assert path == uploads(desk) / given.sha256[:2] / given.sha256
    assert path.stat().st_mode & 0o077 == 0
    trail = await desk.trail(f"case:{case.number}")
    assert (trail[-1].what, trail[-1].data["sha256"]) == ("evidence_given", given.sha256)


async def test_the_same_content_twice_is_one_file_and_one_row_a_case(desk: DeskForTests) -> None:
    li, case = await in_review(desk)
    first = await desk.evidence.give(li, case.number, a_png(), "a.png")
    assert await desk.evidence.give(li, case.number, a_png(), "b.png") == first
    assert await desk.evidence.of_case(case.number, li) == [first]
    await desk.has_order("KL2", "A-2")
    han = await desk.verified("A-2", "c2")
    other = await desk.refunds.request(han, "KL2")
    second = await desk.evidence.give(han, other.number, a_png(), "c.png")
    assert (second.id != first.id, second.sha256) == (True, first.sha256)
    assert len(stored(desk)) == 1


async def test_the_same_file_twice_at_once_is_one(desk: DeskForTests) -> None:
    li, case = await in_review(desk)
    given = await asyncio.gather(
        *(desk.evidence.give(li, case.number, a_png(), "a.png") for _ in range(4))
    )
    assert len({file.id for file in given}) == 1
    in_chat = await asyncio.gather(
        *(desk.evidence.give_in_chat("kuailian", "c9", a_pdf(), "a") for _ in range(4))
    )
    assert len({file.id for file in in_chat}) == 1


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", FileRefused),
        (b"<script>alert(1)</script>", FileRefused),
        (a_png()[:-4], FileRefused),
        (b"MZ" + a_png(), FileRefused),
        (b"\0" * (MOST_BYTES + 1), FileTooLarge),
    ],
)
async def test_what_is_not_taken_leaves_nothing_behind(
    desk: DeskForTests, content: bytes, error: type[FileRefused]
) -> None:
    li, case = await in_review(desk)
    with pytest.raises(error):
        await desk.evidence.give(li, case.number, content, "bill.png")
    with pytest.raises(error):
        await desk.evidence.give_in_chat("kuailian", "c1", content, "bill.png")
    assert stored(desk) == []


async def test_ten_megabytes_are_taken(desk: DeskForTests) -> None:
    li, case = await in_review(desk)
    whole, end = a_png(), chunk(b"IEND")
    filling = chunk(b"tEXt", b"\0" * (MOST_BYTES - len(whole) - len(chunk(b"tEXt"))))
    content = whole.removesuffix(end) + filling + end
    assert len(content) == MOST_BYTES
    given = await desk.evidence.give(li, case.number, content, "big.png")
    assert given.size == MOST_BYTES


Give = Callable[[int], Awaitable[Evidence]]


@pytest.mark.parametrize("where", ["case", "chat"])
async def test_an_eleventh_file_is_refused_even_if_many_come_at_once(
    desk: DeskForTests, where: str
) -> None:
    li, case = await in_review(desk)

    def give(n: int) -> Awaitable[Evidence]:
        if where == "case":
            return desk.evidence.give(li, case.number, a_png(f"{n}"), "a.png")
        return desk.evidence.give_in_chat("kuailian", "c9", a_png(f"{n}"), "a.png")

    first = await give(1)
    results = await asyncio.gather(
        *(give(n) for n in range(2, MOST_FILES + 4)), return_exceptions=True
    )
    errors = [type(result) for result in results if isinstance(result, BaseException)]
    assert errors == [TooManyFiles] * 3
    assert await give(1) == first, "what is there already is no new file"
    async with desk.desk.storage.reading() as work:
        in_case = await work.evidence.of_case(case.number)
        assert len(in_case or await work.evidence.of_chat("c9")) == MOST_FILES


async def test_only_its_own_customer_and_staff_may_read_or_give(desk: DeskForTests) -> None:
    li, case = await in_review(desk)
    given = await desk.evidence.give(li, case.number, a_png(), "a.png")
    await desk.has_order("KL2", "A-2")
    strangers = [a_customer("A-2"), a_customer(brand="bitpie")]
    for stranger in strangers:
        with pytest.raises(EvidenceNotFound):
            await desk.evidence.read(given.id, stranger)
        with pytest.raises(CaseNotFound):
            await desk.evidence.of_case(case.number, stranger)
        with pytest.raises(CaseNotFound):
            await desk.evidence.give(stranger, case.number, a_png(), "a.png")
    with pytest.raises(EvidenceNotFound):
        await desk.evidence.read("E-none", li)


@pytest.mark.parametrize("reader", NOT_STAFF, ids=str)
async def test_nobody_reads_in_another_capacity(desk: DeskForTests, reader: Actor) -> None:
    li, case = await in_review(desk)
    given = await desk.evidence.give(li, case.number, a_png(), "a.png")
    with pytest.raises(NotAllowed):
        await desk.evidence.read(given.id, reader)
    with pytest.raises(NotAllowed):
        await desk.evidence.of_case(case.number, reader)


async def test_a_file_that_is_no_longer_what_was_given_is_not_handed_out(
    desk: DeskForTests,
) -> None:
    li, case = await in_review(desk)
    given = await desk.evidence.give(li, case.number, a_png(), "a.png")
    [path] = stored(desk)
    path.write_bytes(a_png("another"))
    with pytest.raises(FileDamaged):
        await desk.evidence.read(given.id, li)
    assert await findings(desk) == []
    damaged = await desk.desk.doctor.findings(read_files=True)
    assert [(found.code, found.subject) for found in damaged] == [
        ("evidence_missing_or_damaged", given.id)
    ]
    path.unlink()
    with pytest.raises(FileDamaged):
        await desk.evidence.read(given.id, WU)
    assert await findings(desk) == ["evidence_missing_or_damaged"]
    await desk.evidence.give(li, case.number, a_png(), "once more.png")
    assert await desk.evidence.read(given.id, li) == (given, a_png())
    assert await desk.desk.doctor.findings(read_files=True) == []


async def test_a_damaged_file_is_mended_by_giving_it_again(desk: DeskForTests) -> None:
    li, case = await in_review(desk)
    given = await desk.evidence.give(li, case.number, a_png(), "a.png")
    stored(desk)[0].write_bytes(b"")
    await desk.evidence.give(li, case.number, a_png(), "a.png")
    assert (await desk.evidence.read(given.id, li))[1] == a_png()


async def test_a_file_from_the_chat_joins_the_case_with_an_appeal(desk: DeskForTests) -> None:
    await desk.has_order("KL1", kind="renewal", days_ago=3)
    given = await desk.evidence.give_in_chat("kuailian", "c1", a_png(), "proof.png")
    assert given.case_number is None
    [row] = await desk.trail(f"evidence:{given.id}")
    assert (row.what, row.data["conversation"]) == ("evidence_given", "c1")
    assert "proof" not in str(row.data)
    li = await desk.verified()
    assert (await desk.evidence.read(given.id, li))[1] == a_png()
    case = await desk.refunds.request(li, "KL1")
    await desk.appeals.make(li, case.number, "cancellation", evidence=[given.id, given.id])
    [file] = await desk.evidence.of_case(case.number, li)
    assert (file.id, file.account_id) == (given.id, "A-1")
    [appeal] = await desk.appeals.of_case(case.number)
    assert appeal.evidence == (given.id,)
    # Once it is an account's, the chat alone no longer opens it.
    await desk.has_order("KL2", "A-2")
    with pytest.raises(EvidenceNotFound):
        await desk.evidence.read(given.id, await desk.verified("A-2", "c1"))


async def test_a_file_from_the_chat_joins_one_case_even_if_two_want_it_at_once(
    desk: DeskForTests,
) -> None:
    li, one = await refused(desk)
    await desk.has_order("KL2", kind="renewal", days_ago=4)
    other = await desk.refunds.request(li, "KL2")
    file = await desk.evidence.give_in_chat("kuailian", li.conversation, a_png(), "a.png")
    results = await asyncio.gather(
        *(desk.appeals.make(li, each.number, "other", "", [file.id]) for each in (one, other)),
        return_exceptions=True,
    )
    lost = [result for result in results if isinstance(result, BaseException)]
    assert [type(error) for error in lost] == [EvidenceNotFound]
    held = [await desk.evidence.of_case(each.number, li) for each in (one, other)]
    assert sorted(map(len, held)) == [0, 1]


async def test_nobody_elses_file_can_be_brought_into_a_case(desk: DeskForTests) -> None:
    await desk.has_order("KL1", kind="renewal", days_ago=3)
    await desk.has_order("KL3", kind="renewal", days_ago=3)
    await desk.has_order("KL2", "A-2")
    li, han = await desk.verified(), await desk.verified("A-2", "c2")
    case = await desk.refunds.request(li, "KL1")
    of_another_case = await desk.refunds.request(li, "KL3")
    hans = await desk.refunds.request(han, "KL2")
    foreign = [
        (await desk.evidence.give(han, hans.number, a_png("1"), "a.png")).id,
        (await desk.evidence.give_in_chat("kuailian", "c2", a_png("2"), "b.png")).id,
        (await desk.evidence.give_in_chat("bitpie", "c1", a_png("3"), "c.png")).id,
        (await desk.evidence.give(li, of_another_case.number, a_png("4"), "d.png")).id,
        "E-none",
    ]
    for id in foreign:
        with pytest.raises(EvidenceNotFound):
            await desk.appeals.make(li, case.number, "amount", evidence=[id])
    assert await desk.appeals.of_case(case.number) == []
    assert not (await desk.refunds.by_number(li, case.number)).awaits_review

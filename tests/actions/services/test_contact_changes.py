"""Another address for an account: proved at the new one, told to the old one, undone by people."""

from __future__ import annotations

import json

import pytest

from actions.domain.assurance import Proof
from actions.domain.customer import Customer
from actions.domain.errors import (
    ContactChangeNotFound,
    InputRefused,
    NotAllowed,
    NotVerifiedEnough,
    TriedTooOften,
)
from actions.services.codes import code_of
from actions.services.proving import CodeCheck
from actions.testing.desk import SECRET, DeskForTests
from tests.actions.services.people import NOT_STAFF, WU

OLD, NEW = "li@example.com", "lei@example.com"


@pytest.fixture
async def li(desk: DeskForTests) -> Customer:
    await desk.has_order("KL1")
    return await desk.verified(proofs=[Proof.CODE, Proof.IDENTITY])


async def email(desk: DeskForTests) -> str:
    async with desk.desk.storage.reading() as work:
        return (await work.records.account("kuailian", "A-1")).email


async def code(desk: DeskForTests, conversation: str = "c1") -> str:
    async with desk.desk.storage.reading() as work:
        return code_of(
            (await work.contact_changes.latest("kuailian", "A-1", conversation)).id, SECRET
        )


async def changed(desk: DeskForTests, li: Customer, to: str = NEW) -> None:
    await desk.contact_changes.request(li, to)
    assert await desk.contact_changes.confirm(li, await code(desk)) is CodeCheck.VERIFIED


async def load(desk: DeskForTests, folder, address: str) -> None:
    account = {"id": "A-1", "email": address, "name": "李雷", "language": "zh", "status": "active"}
    path = folder / "records.json"
    path.write_text(json.dumps({"brand": "kuailian", "accounts": [account]}), "utf-8")
    await desk.desk.importer.load(path)


async def test_a_code_to_the_new_address_changes_it_and_the_old_one_is_told(desk, li) -> None:
    await desk.contact_changes.request(li, NEW)
    await desk.run_worker_once()
    [mail] = desk.mailer.sent
    assert (mail.to, await code(desk) in mail.text) == (NEW, True)
    assert await email(desk) == OLD
    right = await code(desk)
    assert await desk.contact_changes.confirm(li, right) is CodeCheck.VERIFIED
    assert await desk.contact_changes.confirm(li, right) is CodeCheck.VERIFIED
    assert await email(desk) == NEW
    await desk.run_worker_once()
    [_code, notice] = desk.mailer.sent
    assert (notice.to, NEW in notice.text) == (OLD, False)
    trail = await desk.trail("account:kuailian/A-1")
    assert [row.what for row in trail] == ["contact_change_asked", "contact_changed"]
    assert not any(each in repr(row.data) for row in trail for each in (OLD, NEW))


async def test_one_proof_is_not_enough(desk, li) -> None:
    with pytest.raises(NotVerifiedEnough):
        await desk.contact_changes.request(await desk.verified(conversation="c2"), NEW)


@pytest.mark.parametrize("typed", ["", "lei", "a@b", "a b@example.com", OLD, "x\n@example.com"])
async def test_what_is_no_new_address_is_refused(desk, li, typed) -> None:
    with pytest.raises(InputRefused):
        await desk.contact_changes.request(li, typed)


async def test_wrong_codes_lock_and_a_code_opens_no_other_conversation(desk, li) -> None:
    await desk.contact_changes.request(li, NEW)
    right = await code(desk)
    other = await desk.verified(conversation="c2", proofs=[Proof.PERSON])
    assert await desk.contact_changes.confirm(other, right) is CodeCheck.NOT_SENT
    wrong = f"{(int(right) + 1) % 10**6:06}"
    said = [await desk.contact_changes.confirm(li, wrong) for _ in range(5)]
    assert said == [CodeCheck.WRONG] * 4 + [CodeCheck.LOCKED]
    assert await desk.contact_changes.confirm(li, right) is CodeCheck.LOCKED
    with pytest.raises(TriedTooOften):
        await desk.contact_changes.request(li, NEW)
    desk.clock.forward(minutes=15)
    assert await desk.contact_changes.confirm(li, right) is CodeCheck.EXPIRED
    assert await email(desk) == OLD


async def test_five_changes_a_day_may_be_asked_for(desk, li) -> None:
    for n in range(5):
        await desk.contact_changes.request(li, f"n{n}@example.com")
    with pytest.raises(TriedTooOften):
        await desk.contact_changes.request(li, NEW)


async def test_no_import_brings_the_old_address_back_but_a_newer_one_counts(
    desk, li, tmp_path
) -> None:
    await changed(desk, li)
    for _ in range(2):
        await load(desk, tmp_path, OLD)
        assert await email(desk) == NEW
    trail = await desk.trail("account:kuailian/A-1")
    assert "account_changed" not in [row.what for row in trail]
    await load(desk, tmp_path, "third@example.com")
    assert await email(desk) == "third@example.com"


async def test_only_staff_undo_a_change_and_once(desk, li, tmp_path) -> None:
    await changed(desk, li)
    [change] = await desk.contact_changes.of_account("kuailian", "A-1", by=WU)
    for nobody in NOT_STAFF:
        with pytest.raises(NotAllowed):
            await desk.contact_changes.undo(change.id, by=nobody, reason="mine")
    await desk.contact_changes.undo(change.id, by=WU, reason="it was not the owner")
    assert await email(desk) == OLD
    await load(desk, tmp_path, OLD)
    assert await email(desk) == OLD
    with pytest.raises(ContactChangeNotFound):
        await desk.contact_changes.undo(change.id, by=WU, reason="again")

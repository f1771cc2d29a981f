"""A case comes back as it was kept, and of two writers one wins."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from actions.domain.errors import CaseChanged
from actions.domain.order import Method
from actions.domain.refund_case import Destination, RefundCase, State
from actions.storage.work import Storage
from actions.testing.builders import an_account, an_order
from actions.testing.clock import START


def a_case(number: str, state: State = State.VERIFIED) -> RefundCase:
    return RefundCase(
        number=number,
        brand="kuailian",
        order_number="KL1",
        account_id="A-1",
        conversation="c1",
        state=state,
        decision=None,
        destination=Destination(Method.CARD, "4242"),
        opened_at=START,
        updated_at=START,
        reason="太贵了",
        approved_by=("wu", "zhou"),
        reviewed_by=("zheng",),
        appeals=1,
    )


async def keep(storage: Storage, case: RefundCase) -> None:
    async with storage.writing() as work:
        await work.records.save_accounts([an_account()], START)
        await work.records.save_orders([an_order()], START)
        await work.cases.add(case)


async def test_a_case_comes_back_as_it_was(storage: Storage) -> None:
    await keep(storage, a_case("RF-1"))
    async with storage.reading() as work:
        assert await work.cases.get("RF-1") == a_case("RF-1")


async def test_a_second_open_case_of_an_order_is_refused_by_the_database(storage: Storage) -> None:
    await keep(storage, a_case("RF-1"))
    with pytest.raises(IntegrityError):
        await keep(storage, a_case("RF-2"))
    await keep(storage, a_case("RF-3", State.WITHDRAWN))


async def test_a_case_moved_by_another_meanwhile_is_not_overwritten(storage: Storage) -> None:
    await keep(storage, a_case("RF-1"))
    case = a_case("RF-1", State.WITHDRAWN)
    with pytest.raises(CaseChanged):
        async with storage.writing() as work:
            await work.cases.save(case, was=State.DRAFT)
    async with storage.writing() as work:
        await work.cases.save(case, was=State.VERIFIED)
        found = await work.cases.get("RF-1")
    assert found is not None
    assert found.state is State.WITHDRAWN


async def test_of_two_who_read_the_same_case_one_can_save_it(storage: Storage) -> None:
    """Also where neither changes its state."""
    await keep(storage, a_case("RF-1"))
    first, second = a_case("RF-1"), a_case("RF-1")
    async with storage.writing() as work:
        await work.cases.save(first, was=State.VERIFIED)
    with pytest.raises(CaseChanged):
        async with storage.writing() as work:
            await work.cases.save(second, was=State.VERIFIED)
    assert (first.version, second.version) == (1, 0)
    async with storage.writing() as work:
        await work.cases.save(first, was=State.VERIFIED)

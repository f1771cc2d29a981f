"""A cancelled auto-renewal comes back as it was kept, and of two writers one wins."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from actions.domain.errors import CaseChanged
from actions.domain.money import Money
from actions.domain.renewal_cancellation import NextCharge, RenewalCancellation, RenewalState
from actions.storage.work import Storage
from actions.testing.builders import an_account, an_order
from actions.testing.clock import START

CASE = RenewalCancellation(
    number="RF-1",
    brand="kuailian",
    order_number="KL1",
    account_id="A-1",
    conversation="c1",
    state=RenewalState.REQUESTED,
    asked_at=START,
    updated_at=START,
    next_charge=NextCharge(date(2027, 9, 16), Money(29900, "CNY")),
    refusal={"zh": "不行", "en": "no"},
)


async def keep(storage: Storage, case: RenewalCancellation) -> None:
    async with storage.writing() as work:
        await work.records.save_accounts([an_account()], START)
        await work.records.save_orders([an_order()], START)
        await work.renewals.add(case)


@pytest.mark.parametrize(
    "case", [CASE, replace(CASE, conversation=None, next_charge=NextCharge(), refusal=None)]
)
async def test_it_comes_back_as_it_was(storage: Storage, case: RenewalCancellation) -> None:
    await keep(storage, case)
    async with storage.reading() as work:
        assert await work.renewals.get("RF-1") == case


async def test_a_second_open_one_of_an_order_is_refused_by_the_database(storage: Storage) -> None:
    await keep(storage, CASE)
    with pytest.raises(IntegrityError):
        await keep(storage, replace(CASE, number="RF-2"))
    await keep(storage, replace(CASE, number="RF-3", state=RenewalState.WITHDRAWN))


async def test_one_moved_by_another_meanwhile_is_not_overwritten(storage: Storage) -> None:
    await keep(storage, CASE)
    done = replace(CASE, state=RenewalState.DONE)
    async with storage.writing() as work:
        await work.renewals.save(done, was=RenewalState.REQUESTED)
    with pytest.raises(CaseChanged):
        async with storage.writing() as work:
            await work.renewals.save(
                replace(CASE, state=RenewalState.WITHDRAWN), was=RenewalState.REQUESTED
            )

"""Many refunds to one card or account in a short time put the next one before a person."""

from __future__ import annotations

from datetime import timedelta

from actions.domain.money import Money
from actions.domain.order import Refund
from actions.testing.desk import DeskForTests

CARD = "fp_1"


async def others_with_card(desk: DeskForTests, count: int, instrument: str = CARD) -> None:
    """Accounts that paid with the same card and had their money back five days ago."""
    at = desk.clock() - timedelta(days=5)
    for n in range(count):
        await desk.has_account(id=f"B-{n}", email=f"b{n}@example.com")
        await desk.has_order(f"KLB{n}", f"B-{n}", instrument=instrument, days_ago=10)
        await desk.has_refund(Refund(f"KLB{n}", Money(29900, "CNY"), at, f"re_{n}"))


async def outcome_for(
    desk: DeskForTests, instrument: str | None = CARD
) -> tuple[str, tuple[str, ...]]:
    await desk.has_order("KL1", instrument=instrument)
    li = await desk.verified()
    decision = (await desk.refunds.request(li, "KL1")).decision
    assert decision is not None
    return decision.outcome.value, decision.refusal_codes


async def test_five_refunds_to_one_card_put_the_sixth_before_a_person(desk: DeskForTests) -> None:
    await others_with_card(desk, 5)
    assert await outcome_for(desk) == ("needs_review", ("unusual_velocity",))


async def test_four_do_not_nor_do_those_of_another_card(desk: DeskForTests) -> None:
    await others_with_card(desk, 4)
    await others_with_card(desk, 9, instrument="fp_2")
    await others_with_card(desk, 4)
    assert await outcome_for(desk) == ("approved", ())


async def test_refunds_of_long_ago_are_not_counted(desk: DeskForTests) -> None:
    await others_with_card(desk, 5)
    desk.clock.forward(days=40)
    assert await outcome_for(desk) == ("approved", ())


async def test_cards_with_the_same_last_digits_are_not_the_same_card(desk: DeskForTests) -> None:
    await others_with_card(desk, 9)
    assert await outcome_for(desk, instrument=None) == ("approved", ())


async def test_what_this_desk_pays_out_counts_as_soon_as_it_is_promised(
    desk: DeskForTests,
) -> None:
    for n in range(5):
        await desk.has_account(id=f"B-{n}", email=f"b{n}@example.com")
        await desk.has_order(f"KLB{n}", f"B-{n}", instrument=CARD)
        customer = await desk.verified(f"B-{n}", f"c-{n}")
        case = await desk.refunds.request(customer, f"KLB{n}")
        await desk.refunds.confirm(customer, case.number)
    assert await outcome_for(desk) == ("needs_review", ("unusual_velocity",))

"""Nothing is to be learnt by guessing: a wrong pair gets the answer of a right one, in its time.

Measured is what the work costs this process, so that others on the machine don't count. Times are
compared by chance of superiority (Mann and Whitney's U): how often a right pair took
longer than a wrong one. One half means that nobody can tell them apart. A leak such as an early
return brings it close to nought or one; noise, even on a busy machine, hits both sides alike, for
the two are asked for in turns of random order.
"""

from __future__ import annotations

import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from actions.services.verification import CodeCheck
from actions.testing.builders import an_account, an_order
from actions.testing.desk import DeskForTests, desk_for_tests

PAIRS = 250
TELLS = 0.12
"""Away from one half. With 250 of each, chance alone gets a quarter as far (one in 10,000)."""

Call = Callable[[int, bool], Awaitable[object]]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[DeskForTests]:
    """As many accounts, with an order each, on the embedded database."""
    async with desk_for_tests(tmp_path) as desk:
        accounts = [an_account(f"A-{n}", f"c{n}@example.com") for n in range(PAIRS)]
        orders = [an_order(f"KL{n:06}", f"A-{n}", now=desk.clock()) for n in range(PAIRS)]
        async with desk.desk.storage.writing() as work:
            await work.records.save_accounts(accounts, desk.clock())
            await work.records.save_orders(orders, desk.clock())
        yield desk


async def superiority(call: Call, seed: int = 7) -> float:
    """How often a right call took longer than a wrong one, among all pairs of them."""
    turns = [(n, right) for n in range(PAIRS) for right in (True, False)]
    random.Random(seed).shuffle(turns)
    took: dict[bool, list[float]] = {True: [], False: []}
    for n, right in turns:
        began = time.process_time()
        await call(n, right)
        took[right].append(time.process_time() - began)
    wins = sum(1 for right in took[True] for wrong in took[False] if right > wrong)
    return wins / PAIRS**2


def pair(n: int, right: bool) -> tuple[str, str, str]:
    """A right pair, or one of four that are wrong: in its address, order, owner, or brand."""
    brand, email, order = "kuailian", f"c{n}@example.com", f"KL{n:06}"
    if right:
        return brand, email, order
    wrong = [
        (brand, f"x{n}@example.com", order),
        (brand, email, f"KX{n:06}"),
        (brand, email, f"KL{(n + 1) % PAIRS:06}"),
        ("bitpie", email, order),
    ]
    return wrong[n % len(wrong)]


async def test_asking_for_a_code_takes_as_long_for_a_stranger(desk: DeskForTests) -> None:
    answers = set()

    async def ask(n: int, right: bool) -> None:
        answers.add(await desk.verification.send_code(f"{n}-{right}", *pair(n, right)))

    assert abs(await superiority(ask) - 0.5) < TELLS
    assert answers == {None}


async def test_a_wrong_code_takes_as_long_where_there_was_none_to_guess(
    desk: DeskForTests,
) -> None:
    for n in range(PAIRS):
        for right in (True, False):
            await desk.verification.send_code(f"{n}-{right}", *pair(n, right))
    answers = set()

    async def check(n: int, right: bool) -> None:
        answers.add(await desk.verification.check_code(f"{n}-{right}", "no code"))

    assert abs(await superiority(check) - 0.5) < TELLS
    assert answers == {CodeCheck.WRONG}


async def test_a_tracking_number_takes_as_long_with_another_s_address(desk: DeskForTests) -> None:
    numbers = []
    for n in range(PAIRS):
        customer = await desk.verified(f"A-{n}", f"chat-{n}")
        numbers.append((await desk.refunds.request(customer, f"KL{n:06}")).number)

    async def look_up(n: int, right: bool) -> object:
        # Both are wrong, but one names a case that there is; another each time, or it would be
        # found in memory more quickly.
        number = numbers[n] if right else f"RF-{numbers[n][:2:-1]}"
        return await desk.refunds.status("kuailian", number, f"x{n}@example.com")

    assert abs(await superiority(look_up) - 0.5) < TELLS


async def test_an_early_return_would_be_seen(desk: DeskForTests) -> None:
    """The measure itself: a desk that looked before it worked would be told from ours."""

    async def leaky(n: int, right: bool) -> None:
        brand, email, order = pair(n, right)
        async with desk.desk.storage.reading() as work:
            owner = await work.records.owner(brand, email, order)
        if owner is not None:
            await desk.verification.send_code(f"{n}-{right}", brand, email, order)

    assert await superiority(leaky) > 0.5 + 2 * TELLS

"""Who is speaking: a code by mail, five tries, and nothing to be learnt by guessing."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import event, func, select

from actions.services.codes import code_of, is_code_of
from actions.services.verification import CodeCheck, Verification
from actions.storage.tables import AuditRow, ChallengeRow, OutboxRow
from actions.storage.work import Storage
from actions.testing.builders import a_customer
from actions.testing.clock import MovableClock
from actions.testing.desk import SECRET, DeskForTests

PAIR = ("kuailian", "li@example.com", "KL1")
STRANGERS = [
    ("kuailian", "nobody@example.com", "KL1"),
    ("kuailian", "li@example.com", "KL999"),
    ("kuailian", "li@example.com", "KL2"),
    ("bitpie", "li@example.com", "KL1"),
]
Code = Callable[..., Coroutine[Any, Any, str]]
LI = a_customer()


@pytest.fixture
def clock(desk: DeskForTests) -> MovableClock:
    return desk.clock


@pytest.fixture
def storage(desk: DeskForTests) -> Storage:
    return desk.desk.storage


@pytest.fixture
async def verification(desk: DeskForTests) -> Verification:
    """A desk that knows Li with KL1 and Han with KL2."""
    await desk.has_order("KL1")
    await desk.has_account(id="A-2", email="han@example.com", name="韩梅梅")
    await desk.has_order("KL2", "A-2")
    return desk.verification


@pytest.fixture
def code(desk: DeskForTests, verification: Verification) -> Code:
    """Reads the code of a conversation's last challenge, as the mail would tell it."""

    async def read(conversation: str = "c1") -> str:
        return await desk.code_for(conversation)

    return read


def wrong_codes(right: str) -> itertools.cycle[str]:
    return itertools.cycle([f"{(int(right) + n) % 10**6:06}" for n in range(1, 50)])


async def mails(storage: Storage) -> int:
    async with storage.reading() as work:
        found = await work.session.scalar(
            select(func.count()).select_from(OutboxRow).where(OutboxRow.kind == "send_code")
        )
    return found or 0


async def test_the_right_code_verifies_this_conversation_only(verification, code) -> None:
    await verification.send_code("c1", *PAIR)
    assert await verification.customer("c1") is None
    assert await verification.check_code("c1", await code()) is CodeCheck.VERIFIED
    assert await verification.customer("c1") == LI
    assert await verification.customer("c2") is None


async def test_email_order_and_code_may_be_typed_as_people_type(verification, code) -> None:
    await verification.send_code("c1", "kuailian", " LI@Example.com ", "ｋｌ1 ")
    digits = await code()
    typed = (
        "".join(chr(ord(digit) - ord("0") + ord("0")) for digit in digits[:3]) + " " + digits[3:]
    )
    assert await verification.check_code("c1", typed) is CodeCheck.VERIFIED


async def test_no_code_lies_in_the_database(storage, verification, code) -> None:
    await verification.send_code("c1", *PAIR)
    right = await code()
    async with storage.reading() as work:
        rows = [*await work.session.scalars(select(OutboxRow))]
        rows += [*await work.session.scalars(select(ChallengeRow))]
    assert rows
    assert not any(right in repr(vars(row)) for row in rows)


async def test_a_code_before_any_was_sent_is_said_to_be_none(verification) -> None:
    assert await verification.check_code("c1", "123456") is CodeCheck.NOT_SENT


async def test_a_code_is_good_for_ten_minutes(verification, code, clock) -> None:
    await verification.send_code("c1", *PAIR)
    clock.forward(minutes=10)
    assert await verification.check_code("c1", await code()) is CodeCheck.EXPIRED
    assert await verification.customer("c1") is None


async def test_a_code_of_one_conversation_opens_no_other(verification, code) -> None:
    await verification.send_code("c1", *PAIR)
    await verification.send_code("c2", *PAIR)
    assert await verification.check_code("c2", await code("c1")) is CodeCheck.WRONG


async def test_the_fifth_wrong_code_locks_even_the_right_one_out(verification, code) -> None:
    await verification.send_code("c1", *PAIR)
    right = await code()
    wrong = wrong_codes(right)
    said = [await verification.check_code("c1", next(wrong)) for _ in range(5)]
    assert said == [CodeCheck.WRONG] * 4 + [CodeCheck.LOCKED]
    assert await verification.check_code("c1", right) is CodeCheck.LOCKED


async def test_a_lock_survives_a_new_conversation_and_a_new_desk(
    desk, storage, verification, code, clock
) -> None:
    await verification.send_code("c1", *PAIR)
    wrong = wrong_codes(await code())
    for _ in range(5):
        await verification.check_code("c1", next(wrong))
    restarted = Verification(storage, desk.desk.notices, desk.desk.brands, SECRET, {}, clock)
    before = await mails(storage)
    await restarted.send_code("c2", *PAIR)
    assert await mails(storage) == before
    assert await restarted.check_code("c2", await code("c2")) is CodeCheck.LOCKED


async def test_a_lock_ends_and_the_next_is_twice_as_long(verification, code, clock) -> None:
    for minutes in (15, 30, 60):
        await verification.send_code("c1", *PAIR, again=True)
        wrong = wrong_codes(await code())
        for _ in range(5):
            await verification.check_code("c1", next(wrong))
        clock.forward(minutes=minutes, seconds=-1)
        assert await verification.check_code("c1", "000000") is CodeCheck.LOCKED
        clock.forward(seconds=1)
        assert await verification.check_code("c1", "000000") is not CodeCheck.LOCKED
        clock.forward(seconds=1)


async def test_many_wrong_codes_at_once_are_each_counted(verification, code, storage) -> None:
    conversations = [f"c{n}" for n in range(8)]
    for conversation in conversations:
        await verification.send_code(conversation, *PAIR)
    wrong = [(c, next(wrong_codes(await code(c)))) for c in conversations]
    said = await asyncio.gather(*(verification.check_code(c, typed) for c, typed in wrong))
    assert sorted(said) == [CodeCheck.LOCKED] * 4 + [CodeCheck.WRONG] * 4


async def test_a_right_code_forgets_the_wrong_ones_before_it(verification, code) -> None:
    for _ in range(3):
        await verification.send_code("c1", *PAIR, again=True)
        right = await code()
        wrong = wrong_codes(right)
        for _ in range(4):
            assert await verification.check_code("c1", next(wrong)) is CodeCheck.WRONG
        assert await verification.check_code("c1", right) is CodeCheck.VERIFIED


@pytest.mark.parametrize("stranger", STRANGERS, ids="-".join)
async def test_a_stranger_is_answered_like_a_customer_who_mistypes(
    storage, verification, code, stranger, clock
) -> None:
    """Even the decoy's own "right" code opens nothing."""
    await verification.send_code("c1", *stranger)
    assert await mails(storage) == 1
    decoy = await code()
    said = [await verification.check_code("c1", decoy) for _ in range(5)]
    assert said == [CodeCheck.WRONG] * 4 + [CodeCheck.LOCKED]
    assert await verification.check_code("c1", decoy) is CodeCheck.LOCKED
    assert await verification.customer("c1") is None
    clock.forward(minutes=15)
    assert await verification.check_code("c1", decoy) is CodeCheck.EXPIRED


@pytest.mark.parametrize("stranger", STRANGERS, ids="-".join)
async def test_a_stranger_costs_the_same_statements_as_a_customer(
    storage, verification, stranger, clock
) -> None:
    said: list[str] = []
    event.listen(
        storage.engine.sync_engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_: said.append(statement),
    )
    await verification.send_code("real", *PAIR)
    await verification.check_code("real", "not it")
    real, said[:] = list(said), []
    clock.forward(seconds=1)
    await verification.send_code("decoy", *stranger)
    await verification.check_code("decoy", "not it")
    assert real == said


async def test_a_repeat_within_a_minute_mails_nothing_new(storage, verification, clock) -> None:
    await verification.send_code("c1", *PAIR)
    clock.forward(seconds=59)
    await verification.send_code("c1", *PAIR)
    assert await mails(storage) == 1
    clock.forward(seconds=1)
    await verification.send_code("c1", *PAIR)
    assert await mails(storage) == 2


async def test_a_code_sent_again_is_the_same_code(storage, verification, code, clock) -> None:
    await verification.send_code("c1", *PAIR)
    first = await code()
    clock.forward(minutes=9)
    await verification.send_code("c1", *PAIR, again=True)
    assert await mails(storage) == 2
    clock.forward(minutes=9)
    assert await code() == first
    assert await verification.check_code("c1", first) is CodeCheck.VERIFIED


async def test_a_code_is_mailed_five_times_at_most(storage, verification) -> None:
    for _ in range(9):
        await verification.send_code("c1", *PAIR, again=True)
    assert await mails(storage) == 5


async def test_another_pair_gets_its_own_code_at_once(storage, verification, code) -> None:
    await verification.send_code("c1", *PAIR)
    first = await code()
    await verification.send_code("c1", "kuailian", "han@example.com", "KL2")
    assert await mails(storage) == 2
    assert await verification.check_code("c1", first) is CodeCheck.WRONG
    assert await verification.check_code("c1", await code()) is CodeCheck.VERIFIED
    assert await verification.customer("c1") == a_customer("A-2")


async def test_the_proof_ends_after_half_an_hour_without_use(verification, code, clock) -> None:
    await verification.send_code("c1", *PAIR)
    await verification.check_code("c1", await code())
    for _ in range(3):
        clock.forward(minutes=29)
        assert await verification.customer("c1") == LI
    clock.forward(minutes=31)
    assert await verification.customer("c1") is None


async def test_the_same_code_again_is_fine_and_recorded_once(storage, verification, code) -> None:
    await verification.send_code("c1", *PAIR)
    right = await code()
    said = await asyncio.gather(*(verification.check_code("c1", right) for _ in range(3)))
    assert said == [CodeCheck.VERIFIED] * 3
    async with storage.reading() as work:
        trail = await work.audit.trail("account:kuailian/A-1")
    assert [(row.what, row.data["conversation"]) for row in trail] == [("customer_verified", "c1")]
    assert isinstance(trail[0], AuditRow)


def test_codes_are_six_digits_and_differ() -> None:
    codes = {code_of(str(n), SECRET) for n in range(200)}
    assert all(len(code) == 6 and code.isascii() and code.isdigit() for code in codes)
    assert len(codes) > 190


def test_a_code_depends_on_the_secret() -> None:
    assert not is_code_of("x", "another secret", code_of("x", SECRET))


async def test_the_mail_with_the_code_goes_to_the_address_in_the_records(
    desk, verification, code
) -> None:
    await verification.send_code("c1", "kuailian", "LI@EXAMPLE.COM", "KL1")
    await desk.run_worker_once()
    [mail] = desk.mailer.sent
    assert mail.to == "li@example.com"
    assert await code() in mail.text
    assert "10 分钟" in mail.text


async def test_no_mail_goes_out_for_a_stranger(desk, verification) -> None:
    for n, stranger in enumerate(STRANGERS):
        await verification.send_code(f"c{n}", *stranger)
    assert await desk.run_worker_once() == len(STRANGERS)
    assert desk.mailer.sent == []


async def test_a_code_that_has_run_out_is_not_mailed_late(desk, verification, clock) -> None:
    await verification.send_code("c1", *PAIR)
    clock.forward(minutes=10)
    await desk.run_worker_once()
    assert desk.mailer.sent == []


# --- many at once, and strangers who would lock the owner out ------------------------------


async def test_an_accounts_codes_are_guessed_five_times_a_period_over_all_its_orders_at_once(
    desk, verification, code
) -> None:
    """Twelve conversations with three orders of one account: five guesses in all, then blind."""
    for number in ("KL5", "KL6"):
        await desk.has_order(number)
    named = [(f"c{n}", number) for n, number in enumerate(["KL1", "KL5", "KL6"] * 4)]
    for conversation, number in named:
        await verification.send_code(conversation, "kuailian", "li@example.com", number)
    codes = {conversation: await code(conversation) for conversation, _number in named}
    said = await asyncio.gather(
        *(verification.check_code(c, next(wrong_codes(codes[c]))) for c, _number in named[:9])
    )
    assert CodeCheck.VERIFIED not in said
    last = [await verification.check_code(c, codes[c]) for c, _number in named[9:]]
    assert CodeCheck.VERIFIED not in last
    desk.clock.forward(minutes=15)
    await verification.send_code("later", *PAIR)
    assert await verification.check_code("later", await code("later")) is CodeCheck.VERIFIED


async def test_an_attack_on_one_order_is_not_told_at_another(desk, verification, code) -> None:
    """Else it would tell which orders belong together: right or not, the answer is "wrong"."""
    await desk.has_order("KL5")
    await verification.send_code("c1", *PAIR)
    wrong = wrong_codes(await code())
    for _ in range(5):
        await verification.check_code("c1", next(wrong))
    for conversation, number in (("c2", "KL5"), ("c3", "KL999")):
        await verification.send_code(conversation, "kuailian", "li@example.com", number)
        right = await code(conversation)
        assert await verification.check_code(conversation, right) is CodeCheck.WRONG
    assert await desk.run_worker_once()
    assert desk.mailer.sent == []


async def test_who_knows_an_address_only_can_not_lock_its_owner_out(verification, code) -> None:
    for n in range(30):
        await verification.send_code(f"x{n}", "kuailian", "li@example.com", f"KL9{n % 3}")
        for _ in range(5):
            await verification.check_code(f"x{n}", "000000")
    await verification.send_code("c1", *PAIR)
    assert await verification.check_code("c1", await code()) is CodeCheck.VERIFIED


async def test_an_owner_under_attack_waits_two_hours_at_most(verification, code, clock) -> None:
    for n in range(8):
        await verification.send_code(f"x{n}", *PAIR)
        wrong = wrong_codes(await code(f"x{n}"))
        for _ in range(5):
            await verification.check_code(f"x{n}", next(wrong))
        clock.forward(hours=2)
    await verification.send_code("c1", *PAIR)
    assert await verification.check_code("c1", await code()) is CodeCheck.VERIFIED

"""Staff sign in: every try counts, every code works once, every rise changes the token."""

from __future__ import annotations

import asyncio

import pytest

from actions.domain.errors import NotSignedIn, PasswordRefused
from actions.domain.staff import StaffRole
from actions.services.second_factor import code_now
from actions.services.sign_in import Entered, Stage, Wrong
from actions.services.sign_in_waits import TryLater
from actions.services.staff import COMMAND_LINE, NewStaff
from actions.testing.desk import DeskForTests

OWN = "four unrelated words here"


async def hired(desk: DeskForTests) -> tuple[str, str]:
    new = NewStaff("王芳", "wang@example.com", frozenset({StaffRole.AGENT}))
    admitted = await desk.desk.staff.add(new, by=COMMAND_LINE)
    return admitted.staff.id, admitted.temporary_password


async def given(desk: DeskForTests, password: str, name: str = "王芳") -> Entered:
    result = await desk.desk.sign_in.begin(name, password, address="192.0.2.1")
    assert isinstance(result, Entered)
    return result


async def enrolled(desk: DeskForTests) -> tuple[str, str, Entered]:
    """Somebody whose first sign-in is done: id, the app's secret, the full session."""
    id, temporary = await hired(desk)
    first = await given(desk, temporary)
    assert first.session.stage is Stage.PASSWORD
    own = await desk.desk.sign_in.choose_password(first.token, temporary, OWN)
    assert isinstance(own, Entered)
    if own.session.stage is not Stage.FULL:
        assert own.session.stage is Stage.ENROL
    secret, _ = await desk.desk.sign_in.enrolment(own.token)
    full = await desk.desk.sign_in.enrol(own.token, code_now(secret, desk.clock()))
    assert isinstance(full, Entered)
    return id, secret, full


async def test_the_token_changes_at_each_step_and_the_old_one_opens_nothing(
    desk: DeskForTests,
) -> None:
    _, secret, full = await enrolled(desk)
    assert full.session.stage is Stage.FULL
    assert len(full.recovery_codes) == 10
    desk.clock.forward(minutes=1)
    begun = await given(desk, OWN)
    assert begun.session.stage is Stage.CODE
    code = code_now(secret, desk.clock())
    proved = await desk.desk.sign_in.give_code(begun.token, code)
    assert isinstance(proved, Entered)
    assert await desk.desk.sign_in.session(begun.token) is None
    assert await desk.desk.sign_in.session(proved.token) is not None


async def test_a_code_is_taken_once_also_in_another_session_and_so_is_a_recovery_code(
    desk: DeskForTests,
) -> None:
    _, secret, full = await enrolled(desk)
    desk.clock.forward(minutes=1)
    code = code_now(secret, desk.clock())
    for typed in (code, full.recovery_codes[0]):
        tries = [await given(desk, OWN) for _ in range(2)]
        sign_in = desk.desk.sign_in
        results = [await sign_in.give_code(each.token, typed) for each in tries]
        assert [type(each) for each in results] == [Entered, Wrong]


async def test_of_many_wrong_passwords_at_once_no_more_than_the_free_ones_are_compared(
    desk: DeskForTests,
) -> None:
    await hired(desk)
    before = desk.desk.passwords.compared
    tries = (
        desk.desk.sign_in.begin("王芳", f"wrong {n}", address=f"198.51.100.{n}") for n in range(20)
    )
    results = await asyncio.gather(*tries)
    assert sum(isinstance(each, Wrong) for each in results) == 5
    assert desk.desk.passwords.compared - before == 5
    assert all(isinstance(each, Wrong | TryLater) for each in results)


async def test_a_strangers_name_is_answered_and_compared_as_a_wrong_password(
    desk: DeskForTests,
) -> None:
    await hired(desk)
    for name in ("王芳", "nobody"):
        before = desk.desk.passwords.compared
        result = await desk.desk.sign_in.begin(name, "wrong", address="192.0.2.9")
        assert (result, desk.desk.passwords.compared - before) == (Wrong(), 1)


@pytest.mark.parametrize("how", ["disable", "reset"])
async def test_a_session_is_over_as_soon_as_its_person_is_disabled_or_reset(
    desk: DeskForTests, how: str
) -> None:
    id, _, full = await enrolled(desk)
    await getattr(desk.desk.staff, how)(id, by=COMMAND_LINE)
    assert await desk.desk.sign_in.session(full.token) is None
    with pytest.raises(NotSignedIn):
        await desk.desk.sign_in.choose_password(full.token, OWN, "another few words here")
    assert await desk.desk.sign_in.begin("王芳", OWN, address="192.0.2.1") == Wrong()


async def test_a_session_ends_after_half_an_hour_idle_and_after_twelve_hours_in_use(
    desk: DeskForTests,
) -> None:
    _, _, full = await enrolled(desk)
    for _ in range(24):
        assert await desk.desk.sign_in.session(full.token) is not None
        desk.clock.forward(minutes=29)
    desk.clock.forward(minutes=24)
    assert await desk.desk.sign_in.session(full.token) is None
    again = await given(desk, OWN)
    desk.clock.forward(minutes=30)
    assert await desk.desk.sign_in.session(again.token) is None


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ("short", "too_short"),
        ("ababababababab", "too_simple"),
        ("qwertyuiop123", "common"),
        ("I am wang of here", "own_name"),
    ],
)
async def test_a_password_that_is_easily_guessed_is_refused(
    desk: DeskForTests, new: str, reason: str
) -> None:
    _, temporary = await hired(desk)
    begun = await given(desk, temporary)
    with pytest.raises(PasswordRefused) as refused:
        await desk.desk.sign_in.choose_password(begun.token, temporary, new)
    assert refused.value.reason == reason

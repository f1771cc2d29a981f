"""The rungs above a mailed code: payments, people, link codes; and what never adds up."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from actions.domain.assurance import Level, Proof
from actions.domain.customer import Customer
from actions.domain.errors import AccountNotFound, InputRefused, NotAllowed, NotVerified
from actions.domain.money import Money
from actions.domain.order import Method
from actions.domain.payment_claim import PaymentCheck, PaymentClaim, same_hint
from actions.services.proving import CodeCheck
from actions.storage.tables import LinkCodeRow, LockRow, VerificationRow
from actions.testing.builders import a_customer
from actions.testing.desk import IDENTITY_KEYS, DeskForTests
from actions.testing.identity import sign_identity
from tests.actions.services.people import NOT_STAFF, WU

CLAIM = PaymentClaim(Method.CARD, "4242", date(2026, 9, 16), Money.parse("299.00", "CNY"))
WRONG_CLAIMS = [
    replace(CLAIM, method=Method.PAYPAL),
    replace(CLAIM, hint="4243"),
    replace(CLAIM, hint=""),
    replace(CLAIM, hint="14242"),
    replace(CLAIM, paid_on=date(2026, 9, 14)),
    replace(CLAIM, paid_on=date(2026, 9, 18)),
    replace(CLAIM, amount=Money.parse("299.01", "CNY")),
    replace(CLAIM, amount=Money.parse("299.00", "USD")),
]


async def signed_in(desk: DeskForTests, conversation: str, account: str = "A-1") -> Customer:
    token = sign_identity(account, "kuailian", IDENTITY_KEYS["kuailian"], desk.clock())
    return await desk.verification.accept_identity(conversation, "kuailian", token)


@pytest.fixture
async def li(desk: DeskForTests) -> Customer:
    """Li, with KL1 and KL2; and Han, with KL3."""
    await desk.has_order("KL1")
    await desk.has_order("KL2")
    await desk.has_account(id="A-2", email="han@example.com")
    await desk.has_order("KL3", "A-2")
    return await desk.verified()


# --- adding up -----------------------------------------------------------------------------


async def test_proofs_of_one_account_add_up(desk, li) -> None:
    both = await signed_in(desk, "c1")
    assert (both.proofs, both.level) == ({Proof.CODE, Proof.IDENTITY}, Level.HIGHEST)
    assert await desk.verification.customer("c1") == both


async def test_a_proof_for_another_account_replaces_all(desk, li) -> None:
    await desk.verified(paid_orders=["KL1"])
    han = await signed_in(desk, "c1", "A-2")
    assert (han.account_id, han.proofs, han.paid_orders) == ("A-2", {Proof.IDENTITY}, set())
    back = await signed_in(desk, "c1")
    assert back.proofs == {Proof.IDENTITY}


async def test_after_half_an_hour_idle_a_new_proof_starts_from_nothing(desk, li) -> None:
    desk.clock.forward(minutes=31)
    assert await desk.verification.customer("c1") is None
    again = await signed_in(desk, "c1")
    assert again.proofs == {Proof.IDENTITY}


async def test_proofs_in_two_conversations_never_add_up_even_when_swapped(desk, li) -> None:
    await signed_in(desk, "c2")
    await signed_in(desk, "c3", "A-2")
    assert (await desk.verification.customer("c1")).proofs == {Proof.CODE}
    assert (await desk.verification.customer("c2")).proofs == {Proof.IDENTITY}
    # One conversation's customer, carried into another, is nobody there.
    for elsewhere in ("c3", "c4"):
        carried = replace(li, conversation=elsewhere)
        with pytest.raises(NotVerified):
            await desk.verification.link_code(carried)
        with pytest.raises(NotVerified):
            await desk.verification.prove_payment(carried, "KL1", CLAIM)
    assert (await desk.verification.customer("c3")).account_id == "A-2"


async def test_proofs_given_at_once_are_all_kept(desk, li) -> None:
    await asyncio.gather(
        signed_in(desk, "c9"),
        desk.verification.vouch("c9", "kuailian", "A-1", by=WU, reason="called back"),
        desk.verified(conversation="c9"),
    )
    found = await desk.verification.customer("c9")
    assert found.proofs == {Proof.CODE, Proof.IDENTITY, Proof.PERSON}


# --- payments ------------------------------------------------------------------------------


async def test_a_right_claim_is_a_proof_for_its_order(desk, li) -> None:
    assert await desk.verification.prove_payment(li, " kl1", CLAIM) is PaymentCheck.PROVED
    found = await desk.verification.customer("c1")
    assert (found.proofs, found.paid_orders) == ({Proof.CODE, Proof.PAYMENT}, {"KL1"})
    assert found.level is Level.HIGHEST
    [row] = await desk.trail("account:kuailian/A-1")
    assert (row.data["proofs"], row.data["order"]) == (["payment"], "KL1")


@pytest.mark.parametrize("days", [-1, 0, 1])
async def test_a_day_before_or_after_is_right(desk, li, days) -> None:
    claim = replace(CLAIM, paid_on=CLAIM.paid_on + timedelta(days=days))
    assert await desk.verification.prove_payment(li, "KL1", claim) is PaymentCheck.PROVED


@pytest.mark.parametrize("claim", WRONG_CLAIMS, ids=range(len(WRONG_CLAIMS)))
async def test_whatever_part_is_wrong_the_claim_is_just_wrong(desk, li, claim) -> None:
    assert await desk.verification.prove_payment(li, "KL1", claim) is PaymentCheck.WRONG
    assert (await desk.verification.customer("c1")).proofs == {Proof.CODE}


@pytest.mark.parametrize("order", ["KL3", "KL999"])
async def test_anothers_order_and_none_at_all_are_wrong_alike(desk, li, order) -> None:
    assert await desk.verification.prove_payment(li, order, CLAIM) is PaymentCheck.WRONG


async def test_a_payment_of_nobody_verified_is_no_proof(desk, li) -> None:
    with pytest.raises(NotVerified):
        await desk.verification.prove_payment(a_customer(proofs=()), "KL1", CLAIM)
    desk.clock.forward(minutes=31)
    with pytest.raises(NotVerified):
        await desk.verification.prove_payment(li, "KL1", CLAIM)


async def test_three_wrong_claims_lock_in_all_conversations_each_time_for_longer(desk, li) -> None:
    for minutes in (15, 30, 60):
        conversations = [f"p{minutes}-{n}" for n in range(5)]
        customers = [await desk.verified(conversation=c) for c in conversations]
        prove = desk.verification.prove_payment
        said = await asyncio.gather(*(prove(c, "KL1", WRONG_CLAIMS[1]) for c in customers))
        assert sorted(said) == [PaymentCheck.LOCKED] * 3 + [PaymentCheck.WRONG] * 2
        desk.clock.forward(minutes=minutes, seconds=-1)
        late = await desk.verified(conversation="late")
        assert await prove(late, "KL2", CLAIM) is PaymentCheck.LOCKED
        desk.clock.forward(seconds=1)
    assert await prove(await desk.verified(), "KL1", CLAIM) is PaymentCheck.PROVED


@pytest.mark.parametrize(
    ("typed", "recorded", "same"),
    [
        ("４２４２", "4242", True),
        ("**** 4242", "4242", True),
        ("xxxx-4242", "4242", True),
        ("42424", "4242", False),
        ("242", "4242", False),
        ("", "", False),
        ("", "4242", False),
        ("138****0002", "138****0002", True),
        ("13812340002", "138****0002", True),
        ("138 1234 0002", "138****0002", True),
        ("13912340002", "138****0002", False),
        ("1380002", "138****0002", False),
        ("ELLA@example.com", "e***@example.com", True),
        ("bella@example.com", "e***@example.com", False),
        ("王*", "王*", True),
        ("王小明", "王*", False),
        ("trc20", "TRC20", True),
        ("支付宝", "支付宝", True),
    ],
)
def test_a_hint_is_compared_as_people_type_it(typed: str, recorded: str, same: bool) -> None:
    assert same_hint(typed, recorded) is same


# --- people --------------------------------------------------------------------------------


async def test_staff_vouch_and_the_trail_says_who(desk, li) -> None:
    vouched = await desk.verification.vouch("c7", "kuailian", "A-1", by=WU, reason="known voice")
    assert (vouched.proofs, vouched.level) == ({Proof.PERSON}, Level.HIGHEST)
    [row] = await desk.trail("account:kuailian/A-1")
    assert (row.actor, row.data["reason"]) == (str(WU), "known voice")


@pytest.mark.parametrize("nobody", NOT_STAFF, ids=str)
async def test_nobody_else_vouches_or_revokes(desk, li, nobody) -> None:
    with pytest.raises(NotAllowed):
        await desk.verification.vouch("c7", "kuailian", "A-1", by=nobody, reason="me")
    with pytest.raises(NotAllowed):
        await desk.verification.revoke("c1", by=nobody, reason="me")
    assert await desk.verification.customer("c7") is None
    assert await desk.verification.customer("c1") is not None


async def test_a_word_for_nobody_or_without_a_reason_is_not_taken(desk, li) -> None:
    with pytest.raises(AccountNotFound):
        await desk.verification.vouch("c7", "bitpie", "A-1", by=WU, reason="sure")
    with pytest.raises(InputRefused):
        await desk.verification.vouch("c7", "kuailian", "A-1", by=WU, reason=" ")


async def test_revoking_takes_every_proof_and_code_and_what_was_continued(desk, li) -> None:
    verification = desk.verification
    await verification.redeem_link("c2", "kuailian", await verification.link_code(li))
    two = await verification.customer("c2")
    await verification.redeem_link("c3", "kuailian", await verification.link_code(two))
    unused = await verification.link_code(li)
    await verification.send_code("c1", "kuailian", "li@example.com", "KL1")
    mailed = await desk.code_for("c1")
    await verification.revoke("c1", by=WU, reason="not the owner")
    for conversation in ("c1", "c2", "c3"):
        assert await verification.customer(conversation) is None
    assert await verification.redeem_link("c4", "kuailian", unused) is CodeCheck.WRONG
    assert await verification.check_code("c1", mailed) is CodeCheck.WRONG
    await verification.revoke("c1", by=WU, reason="again")
    trail = await desk.trail("account:kuailian/A-1")
    revoked = [row.data["conversation"] for row in trail if row.what == "verification_revoked"]
    assert revoked == ["c1", "c2", "c3"]


# --- link codes ----------------------------------------------------------------------------


async def test_a_link_code_passes_on_what_was_proved_then_and_no_more(desk, li) -> None:
    code = await desk.verification.link_code(li)
    await signed_in(desk, "c1")  # later, and so not passed on
    said = await desk.verification.redeem_link("c2", "kuailian", f" {code[:4]}-{code[4:].lower()}")
    assert said is CodeCheck.VERIFIED
    found = await desk.verification.customer("c2")
    assert (found.account_id, found.proofs) == ("A-1", {Proof.CODE})
    async with desk.desk.storage.reading() as work:
        row = await work.session.get(VerificationRow, "c2")
    assert row.continues == "c1"


async def test_a_link_code_is_taken_once_even_by_many_at_once(desk, li) -> None:
    code = await desk.verification.link_code(li)
    redeem = desk.verification.redeem_link
    said = await asyncio.gather(*(redeem(f"n{n}", "kuailian", code) for n in range(6)))
    assert sorted(said) == [CodeCheck.VERIFIED] + [CodeCheck.WRONG] * 5


async def test_a_link_code_of_another_brand_too_old_or_replaced_is_wrong(desk, li) -> None:
    redeem = desk.verification.redeem_link
    first = await desk.verification.link_code(li)
    second = await desk.verification.link_code(li)
    assert await redeem("n1", "kuailian", first) is CodeCheck.WRONG
    assert await redeem("n1", "bitpie", second) is CodeCheck.WRONG
    desk.clock.forward(minutes=10)
    assert await redeem("n1", "kuailian", second) is CodeCheck.WRONG
    assert await desk.verification.customer("n1") is None


async def test_a_link_code_lies_nowhere_readable(desk, li) -> None:
    code = await desk.verification.link_code(li)
    async with desk.desk.storage.reading() as work:
        [row] = await work.session.scalars(select(LinkCodeRow))
        locks = list(await work.session.scalars(select(LockRow)))
    assert code not in repr([vars(row), *map(vars, locks)])


async def test_guessing_link_codes_locks_the_conversation_and_then_the_brand(desk, li) -> None:
    redeem = desk.verification.redeem_link
    code = await desk.verification.link_code(li)
    said = [await redeem("n1", "kuailian", "ACDEFGHJ") for _ in range(5)]
    assert said == [CodeCheck.WRONG] * 4 + [CodeCheck.LOCKED]
    assert await redeem("n1", "kuailian", code) is CodeCheck.LOCKED
    for n in range(195):
        await redeem(f"m{n}", "kuailian", "ACDEFGHJ")
    assert await redeem("fresh", "kuailian", code) is CodeCheck.LOCKED
    assert await redeem("fresh", "bitpie", code) is CodeCheck.WRONG
    desk.clock.forward(minutes=15)
    code = await desk.verification.link_code(await desk.verified())
    assert await redeem("fresh", "kuailian", code) is CodeCheck.VERIFIED

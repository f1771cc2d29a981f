"""Each service that takes a customer says what it takes, and does nothing for less."""

from __future__ import annotations

import importlib
import inspect
import itertools
import pkgutil
import typing
from collections.abc import Iterator
from typing import Any

import pytest

import actions.services
from actions.domain.assurance import NEEDS, Level, Operation, Proof, level_of
from actions.domain.customer import Customer
from actions.domain.errors import NotVerified, NotVerifiedEnough, PaymentProofNeeded
from actions.services.assurance import STATED, require
from actions.testing.builders import a_customer
from actions.testing.desk import DeskForTests
from tests.actions.services.people import WU


def _classes() -> Iterator[type]:
    for found in pkgutil.iter_modules(actions.services.__path__, "actions.services."):
        module = importlib.import_module(found.name)
        for _name, each in inspect.getmembers(module, inspect.isclass):
            if each.__module__ == found.name:
                yield each


def _takes_a_customer(method: Any) -> bool:
    hints = typing.get_type_hints(inspect.unwrap(method))
    hints.pop("return", None)
    return any(each is Customer or Customer in typing.get_args(each) for each in hints.values())


METHODS = {
    f"{owner.__name__}.{name}": method
    for owner in _classes()
    for name, method in vars(owner).items()
    if not name.startswith("_") and inspect.iscoroutinefunction(method)
    if _takes_a_customer(method)
}


def test_every_service_that_takes_a_customer_states_what_it_takes() -> None:
    assert len(METHODS) > 15, "they are no longer found"
    assert [name for name, method in METHODS.items() if not hasattr(method, STATED)] == []


@pytest.mark.parametrize("name", METHODS)
async def test_nothing_is_done_for_a_customer_below_the_level(name: str) -> None:
    """Called on no service at all: it must refuse before it touches anything."""
    method = METHODS[name]
    for proofs in ((), (Proof.PAYMENT,), (Proof.CODE,), (Proof.IDENTITY,)):
        customer = a_customer(proofs=proofs)
        if customer.level >= NEEDS[getattr(method, STATED)]:
            continue
        given = [
            customer if name in ("customer", "reader") else None
            for name in list(inspect.signature(method).parameters)[1:]
        ]
        wanted = NotVerified if customer.level is Level.NONE else NotVerifiedEnough
        with pytest.raises(wanted):
            await method(None, *given)


@pytest.mark.parametrize("operation", Operation)
def test_each_operation_is_refused_below_its_level_and_done_from_it_on(
    operation: Operation,
) -> None:
    every = [
        frozenset(some)
        for size in range(len(Proof) + 1)
        for some in itertools.combinations(Proof, size)
    ]
    for proofs in every:
        customer = a_customer(proofs=proofs)
        assert customer.level is level_of(proofs)
        if customer.level >= NEEDS[operation]:
            require(customer, operation)
        else:
            with pytest.raises(NotVerified):
                require(customer, operation)


def test_one_proof_is_high_and_two_or_a_person_highest() -> None:
    assert level_of([]) is Level.NONE
    assert level_of([Proof.PAYMENT]) is Level.NONE
    assert level_of([Proof.CODE]) is level_of([Proof.IDENTITY]) is Level.HIGH
    assert level_of([Proof.CODE, Proof.IDENTITY]) is Level.HIGHEST
    assert level_of([Proof.CODE, Proof.PAYMENT]) is Level.HIGHEST
    assert level_of([Proof.PERSON]) is Level.HIGHEST


async def test_much_money_is_neither_asked_for_nor_confirmed_without_its_payment_proved(
    desk: DeskForTests,
) -> None:
    await desk.has_order("KL1", amount="2000.01")
    await desk.has_order("KL2", amount="2000.00")
    li = await desk.verified()
    assert await desk.verification.asks_for_payment(li, "KL1")
    assert not await desk.verification.asks_for_payment(li, "KL2")
    assert not await desk.verification.asks_for_payment(li, "KL9")
    assert await desk.refunds.request(li, "KL2")
    with pytest.raises(PaymentProofNeeded) as needed:
        await desk.refunds.request(li, "KL1")
    assert needed.value.order_number == "KL1"
    of_another = await desk.verified(paid_orders=["KL2"])
    with pytest.raises(PaymentProofNeeded):
        await desk.refunds.request(of_another, "KL1")
    case = await desk.refunds.request(await desk.verified(paid_orders=["KL1"]), "KL1")
    with pytest.raises(PaymentProofNeeded):
        await desk.refunds.confirm(li, case.number)
    assert await desk.payouts_of("KL1") == []


async def test_a_persons_word_stands_for_a_payment_that_nobody_can_prove(
    desk: DeskForTests,
) -> None:
    await desk.has_order("KL1", amount="2500.00")
    li = await desk.verification.vouch("c1", "kuailian", "A-1", by=WU, reason="passport seen")
    assert not await desk.verification.asks_for_payment(li, "KL1")
    assert await desk.refunds.request(li, "KL1")

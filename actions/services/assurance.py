"""Each thing done for a customer states how sure the desk must be of who they are.

Knows how that is stated and refused. Leaves the levels themselves to ``domain.assurance`` and
the proofs to the verification service. A test finds every service that takes a customer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from actions.domain.assurance import NEEDS, Level, Operation
from actions.domain.customer import Customer
from actions.domain.errors import NotVerified, NotVerifiedEnough, PaymentProofNeeded
from actions.domain.order import Order
from actions.policy.brand import Brand

P = ParamSpec("P")
T = TypeVar("T")

STATED = "operation"
"""The attribute under which a service's method tells what it takes."""


def require(customer: Customer, operation: Operation) -> None:
    """Refuse what the customer's proofs don't add up to.

    Raises:
        NotVerified: there is no proof at all.
        NotVerifiedEnough: there is some, but this takes more.
    """
    if customer.level >= NEEDS[operation]:
        return
    raise NotVerified() if customer.level is Level.NONE else NotVerifiedEnough()


def needs(
    operation: Operation,
) -> Callable[[Callable[P, Awaitable[T]]], Callable[P, Awaitable[T]]]:
    """Let a service's method do nothing for a customer who may not have ``operation`` done.

    The customer is whichever argument is one; a call for somebody else, such as staff, passes.
    Raises as ``require`` does.
    """

    def stated(method: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
        @wraps(method)
        async def checked(*args: P.args, **kwargs: P.kwargs) -> T:
            for given in (*args, *kwargs.values()):
                if isinstance(given, Customer):
                    require(given, operation)
            return await method(*args, **kwargs)

        setattr(checked, STATED, operation)
        return checked

    return stated


def owes_payment_proof(brand: Brand, customer: Customer, order: Order) -> bool:
    """Whether a refund of this order takes a proof of its payment that was not given yet."""
    terms = brand.trust.payment_proof
    if terms is None or not terms.asked_for(order.amount):
        return False
    return not customer.has_proved_payment_of(order.order_number)


def require_payment_proof(brand: Brand, customer: Customer, order: Order) -> None:
    """Raise ``PaymentProofNeeded`` if the order's payment still has to be proved."""
    if owes_payment_proof(brand, customer, order):
        raise PaymentProofNeeded(order.order_number)

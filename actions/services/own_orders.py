"""A verified customer's own orders, to be looked at and nothing more."""

from __future__ import annotations

from actions.domain.assurance import Operation
from actions.domain.customer import Customer
from actions.domain.order import Order
from actions.services.assurance import needs
from actions.storage.work import Storage


class OwnOrders:
    """Reads the orders of the account that a conversation speaks for, and of no other."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    @needs(Operation.READ_ACCOUNT)
    async def find(self, customer: Customer, order_number: str) -> Order | None:
        """The customer's order of this number, None if there is none."""
        async with self._storage.reading() as work:
            return await work.records.order(customer.brand, customer.account_id, order_number)

"""A payment gateway that keeps what it was asked for, and answers what it is told to."""

from __future__ import annotations

from collections import deque

from actions.gateways.base import PayoutOrder, PayoutResult, PayoutStatus


class FakeGateway:
    """Pays each key once, however often it is asked, as a real one must.

    ``asked`` has every call; ``paid`` the money that moved, by key. Each of ``failures`` is
    raised instead of one answer; ``answer`` is what all others get.
    """

    name = "fake"

    def __init__(self) -> None:
        self.asked: list[PayoutOrder] = []
        self.paid: dict[str, PayoutOrder] = {}
        self.failures: deque[Exception] = deque()
        self.answer = PayoutResult(PayoutStatus.SETTLED, reference="re_1")

    async def refund(self, order: PayoutOrder) -> PayoutResult:
        """Pay, unless told to fail; a failure may come before or after the money has moved."""
        self.asked.append(order)
        if self.answer.status is not PayoutStatus.FAILED:
            self.paid.setdefault(order.key, order)
        if self.failures:
            raise self.failures.popleft()
        return self.answer

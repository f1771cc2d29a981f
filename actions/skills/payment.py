"""Troubles with paying: what can be done about them here."""

from __future__ import annotations

from actions.skills import wrong_transfer
from actions.skills.base import Answer, Skill, Turn, say


class PaymentProblem(Skill):
    """Money taken and nothing given for it, or a payment that won't go through."""

    action = "action_payment_problem"

    async def answer(self, turn: Turn) -> Answer:
        if wrong_transfer.tells_of_it(turn):
            return wrong_transfer.gone_astray(turn)
        return say("utter_payment_problem")

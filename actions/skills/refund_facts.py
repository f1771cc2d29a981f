"""Asking for the facts that a refund or a look-up needs, and explaining what they are for.

How a customer proves who they are is in ``identity`` and ``payment_proof``.
"""

from __future__ import annotations

from actions.domain.order import Kind
from actions.skills.base import FACTS, Answer, Reply, Skill, Turn, say
from actions.skills.call_back import CallBack
from actions.skills.explain_decision import asks_why, grounds


class AskOrderNumber(Skill):
    """Ask for the order number, or a wallet's transaction id, with an example of the brand's."""

    action = "action_ask_order_number"

    async def answer(self, turn: Turn) -> Answer:
        # A wallet's order number is its transaction id (design §3).
        asks_for = (
            "transaction_id" if Kind.ONCHAIN_TRANSFER in turn.brand.terms.kinds else "order_number"
        )
        return say(f"utter_ask_{asks_for}", {"example": turn.brand.order_number_example})


class AskReason(Skill):
    """Let the customer choose a reason; free text would never be trusted to be one."""

    action = "action_ask_reason"

    async def answer(self, turn: Turn) -> Answer:
        return say("utter_ask_reason")


class ExplainNeed(Skill):
    """Say what the fact that was just asked for is good for; or why it was decided so, where
    nothing is asked for.
    """

    action = "action_explain_need"

    async def answer(self, turn: Turn) -> Answer:
        asked = turn.requested_slot
        if asks_why(turn) and not asked and (reply := await grounds(turn, self.desk)):
            return Answer((reply,), {"awaiting": turn.open_offer()})
        if turn.slot("awaiting") == FACTS and turn.slot("goal") == CallBack.name:
            return Answer((Reply("utter_why_phone"), Reply("utter_ask_phone")))
        return say(f"utter_why_{asked}" if asked else "utter_help")

"""Going on in another chat or app: a code is given here, and typed there.

A skill doesn't know what the code stands for: the verification service passes the proofs on.
"""

from __future__ import annotations

from actions.services.verification import CodeCheck
from actions.skills.base import Answer, Skill, Turn, say


class ContinueElsewhere(Skill):
    """Give a verified customer the code; whoever isn't verified has nothing to take along."""

    action = "action_continue_elsewhere"

    async def answer(self, turn: Turn) -> Answer:
        customer = await self.desk.verification.customer(turn.conversation)
        awaiting = turn.slot("awaiting")
        if customer is None:
            return say("utter_link_needs_verification", awaiting=awaiting)
        code = await self.desk.verification.link_code(customer)
        return say("utter_link_code", {"code": f"LK-{code[:4]}-{code[4:]}"}, awaiting=awaiting)


class GiveLinkCode(Skill):
    """The customer types a code that another conversation gave: go on as who they are there."""

    action = "action_give_link_code"

    async def answer(self, turn: Turn) -> Answer:
        typed = turn.entity("link_code")
        if typed is None:
            return say("utter_ask_link_code")
        check = await self.desk.verification.redeem_link(turn.conversation, turn.brand.id, typed)
        if check is CodeCheck.VERIFIED:
            return say("utter_link_redeemed", code_check=None, person_reason=None)
        return say("utter_link_locked" if check is CodeCheck.LOCKED else "utter_link_wrong")

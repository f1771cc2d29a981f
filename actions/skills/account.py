"""Troubles with the account: what can be done about them here, and who does the rest."""

from __future__ import annotations

from actions.skills import wrong_transfer
from actions.skills.base import Answer, Skill, Turn, say


class AccountProblem(Skill):
    """Another address, or a mailbox that is lost, can be helped here; the rest takes a person."""

    action = "action_account_problem"

    async def answer(self, turn: Turn) -> Answer:
        if turn.slot("goal") == "change_contact":
            return Answer()  # it is just that problem which is being solved
        if wrong_transfer.tells_of_it(turn):
            return wrong_transfer.gone_astray(turn)
        return say("utter_account_problem", awaiting=turn.offering_a_person())

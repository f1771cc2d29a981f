"""Complaints: taken down, put before a supervisor, and never argued with."""

from __future__ import annotations

from actions.bootstrap import Desk
from actions.domain.threats import threat_in
from actions.domain.ticket import Threat
from actions.skills.base import Answer, Skill, Turn, say


async def take_down(turn: Turn, desk: Desk, threat: Threat | None) -> None:
    """Put the customer's words before a supervisor."""
    await desk.tickets.complain(
        turn.brand.id,
        turn.text,
        threat=threat,
        language=turn.language,
        conversation=turn.conversation,
    )


class Complain(Skill):
    """Open a complaint in the customer's words; a threat makes it urgent (design §6)."""

    action = "action_complain"

    async def answer(self, turn: Turn) -> Answer:
        threat = threat_in(turn.text)
        await take_down(turn, self.desk, threat)
        said = "utter_complaint_taken_urgent" if threat else "utter_complaint_taken"
        return say(said, threat=threat or turn.slot("threat"), awaiting=turn.offering_a_person())

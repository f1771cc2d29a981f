"""Questions about the rules, answered from the brand file: never from a copy of it."""

from __future__ import annotations

from actions.policy.brand import Topic
from actions.skills.base import Answer, Skill, Turn, say


class AnswerPolicyQuestion(Skill):
    """The clauses that answer this kind of question."""

    action = "action_answer_policy_question"

    async def answer(self, turn: Turn) -> Answer:
        clauses = turn.brand.clauses_on(Topic(turn.intent or Topic.REFUND_POLICY))
        text = "\n".join(clause.words[turn.language] for clause in clauses)
        return say("utter_policy_answer", {"answer": text}, awaiting=turn.slot("awaiting"))

"""Questions about the rules, answered from the brand file."""

from __future__ import annotations

from actions.policy.topics import Topic
from actions.skills import wrong_transfer
from actions.skills.base import Answer, Reply, Skill, Turn
from actions.skills.explain_decision import asks_why, grounds
from actions.skills.policy_replies import SILENT, replies_on, topics_of


class AnswerPolicyQuestion(Skill):
    """The passages that answer the question, and an honest word where there are none."""

    action = "action_answer_policy_question"

    async def answer(self, turn: Turn) -> Answer:
        topics = topics_of(turn)
        if asks_why(turn) and (reply := await grounds(turn, self.desk, last=turn.form is None)):
            return Answer((reply,), {"awaiting": turn.open_offer()})
        if wrong_transfer.tells_of_it(turn):
            return wrong_transfer.gone_astray(turn)
        safety = not topics or Topic.SECURITY in topics
        warns = turn.intent == "security_question" and safety
        replies = () if warns and not topics else replies_on(turn, topics, last=not warns)
        if warns:
            replies = (*replies, Reply("utter_security"))
        offers_person = not turn.form and any(r.response == SILENT for r in replies)
        return Answer(replies, {"awaiting": "person" if offers_person else turn.slot("awaiting")})

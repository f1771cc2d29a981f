"""What a brand's file says on the topics of a message, as replies: never from a copy of it.

Which topics a message asks about is read by the engine (``bot/engine/nlu/topics.py``).
"""

from __future__ import annotations

from actions.policy.answering import PolicyAnswer, answer
from actions.policy.topics import Topic
from actions.skills.base import Reply, Turn

SILENT = "utter_policy_silent"
"""Said of topics that the brand's file has nothing on; it offers a person."""

WITHOUT_BUTTONS = "utter_policy_answer_only"
"""Said where something else follows: the question of a form, the offer of a person."""

ENDS_WITH_STATUS = frozenset({Topic.TIMES, Topic.NOTICES})
ENDS_WITH_PERSON = frozenset(
    {
        Topic.APPEAL,
        Topic.AUTO_RENEWAL,
        Topic.CHANNELS,
        Topic.CRYPTO,
        Topic.PRIVACY,
        Topic.SECURITY,
    }
)
"""After these topics a refund is not what the customer asks for next."""


def topics_of(turn: Turn) -> list[Topic]:
    """The topics that this message asks about; those that the brand files don't know are left."""
    return [Topic(name) for name in turn.entities("topic") if name in set(Topic)]


def replies_on(turn: Turn, topics: list[Topic], *, last: bool = True) -> tuple[Reply, ...]:
    """What the brand's file says on these topics, and on which it says nothing.

    ``last`` is whether nothing follows, so that buttons belong here.
    """
    found = answer(turn.brand, topics, turn.intent)
    said = []
    if found.covered:
        ending = _ending(found) if last and not (turn.form or found.silent) else WITHOUT_BUTTONS
        said.append(Reply(ending, {"answer": _text(turn, found)}))
    if found.silent:
        said.append(Reply(SILENT, {"topics": found.silent_on(turn.language)}))
    return tuple(said)


def _ending(found: PolicyAnswer) -> str:
    """The answer with the button that helps most."""
    if found.covered[0] in ENDS_WITH_STATUS:
        return "utter_policy_answer_status"
    if found.covered[0] in ENDS_WITH_PERSON:
        return "utter_policy_answer_person"
    return "utter_policy_answer"


def _text(turn: Turn, found: PolicyAnswer) -> str:
    if Topic.CHANNELS not in found.covered:
        return found.text(turn.language)
    return f"{found.text(turn.language)}\n{turn.hours()}"

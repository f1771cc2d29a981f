"""Coins sent astray: what can be done, what can't, and who to beware of."""

from __future__ import annotations

from actions.policy.topics import Topic
from actions.skills.base import Answer, Goal, Reply, Turn
from actions.skills.policy_replies import replies_on


class WrongTransfer(Goal):
    """A wrong address, network or memo. Nothing is asked for: no refund can bring it back."""

    name = "wrong_transfer"
    matter = "wrong_transfer"
    begun_by = frozenset[str]()

    async def needs(self, turn: Turn) -> list[str]:
        """Nothing."""
        return []

    async def fulfil(self, turn: Turn) -> Answer:
        """What the brand's file says of transfers on chain, if anything; then the advice."""
        return gone_astray(turn)


def tells_of_it(turn: Turn) -> bool:
    """Whether this very message is about a transfer that went astray."""
    return WrongTransfer.matter in turn.entities("matter")


def gone_astray(turn: Turn) -> Answer:
    """The advice; a yes to it calls a person."""
    rules: tuple[Reply, ...] = ()
    if turn.brand.passages_on(Topic.CRYPTO):
        rules = replies_on(turn, [Topic.CRYPTO], last=False)
    advice = Reply("utter_wrong_transfer")
    return Answer((*rules, advice), {"awaiting": turn.offering_a_person()})

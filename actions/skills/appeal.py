"""An appeal: which fact of the decision is disputed, in what words, with the files of the chat.

Whether a decision can be appealed, how often and until when, is the service's to know.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker

from actions.domain.appeal import LONGEST_WORDS, DisputedFact
from actions.domain.customer import Customer
from actions.domain.errors import (
    AppealOpen,
    AppealTooLate,
    CaseNotFound,
    DeskError,
    IllegalMove,
    NoAppealsLeft,
    OtherCaseOpen,
    TooManyFiles,
)
from actions.domain.refund_case import RefundCase, State
from actions.skills.base import Answer, Facts, Goal, Reply, Skill, Turn, say
from actions.skills.explain_decision import asks_why, grounds, grounds_unless_said
from actions.skills.identity import IDENTITY

APPEAL = ("disputed_fact", "appeal_words")
CURT = 30
"""A complaint of so few characters (a Chinese one counts as two) tells no story: 垃圾公司."""
NOTHING = "-"
"""In ``appeal_words``: the customer has nothing to add."""

REFUSALS: Mapping[type[DeskError], str] = {
    AppealOpen: "utter_appeal_under_way",
    AppealTooLate: "utter_appeal_too_late",
    CaseNotFound: "utter_appeal_nothing",
    IllegalMove: "utter_appeal_nothing",
    NoAppealsLeft: "utter_appeal_none_left",
    OtherCaseOpen: "utter_appeal_other_open",
    TooManyFiles: "utter_appeal_too_many_files",
}
"""How a customer is told that there is no appeal, by what the service says."""


class AppealFacts(Facts):
    """What is disputed, and the customer's own words for it."""

    async def validate_disputed_fact(
        self, value: Any, dispatcher: Any, tracker: Tracker, domain: Any
    ) -> dict[str, Any]:
        """A fact of the list; whoever types instead of choosing has told the story already, unless
        they have only vented their anger: then it is asked for.
        """
        if value is None or value in set(DisputedFact):
            return {"disputed_fact": value}
        said = str(value)
        curt = Turn(tracker, self.desk).intent == "complaint" and _width(said) <= CURT
        words = None if curt else _words(said)
        return {"disputed_fact": DisputedFact.OTHER.value, "appeal_words": words}

    async def validate_appeal_words(
        self, value: Any, dispatcher: Any, tracker: Tracker, domain: Any
    ) -> dict[str, Any]:
        """As they are; a mere "no" adds nothing."""
        added_nothing = Turn(tracker, self.desk).intent == "deny"
        return {"appeal_words": NOTHING if added_nothing else _words(str(value or NOTHING))}


def _width(said: str) -> int:
    return sum(1 if character.isascii() else 2 for character in said)


def _words(said: str) -> str:
    return said.strip()[:LONGEST_WORDS] or NOTHING


class AskDisputedFact(Skill):
    """Which point is wrong; before it the grounds, for who asks for them or has not heard them."""

    action = "action_ask_disputed_fact"

    async def answer(self, turn: Turn) -> Answer:
        said = await grounds_unless_said(turn, self.desk)
        return Answer((*said, Reply("utter_ask_disputed_fact")))


class Appeal(Goal):
    """A decision looked at again, by another person."""

    name = "appeal"
    begun_by = frozenset({"appeal_or_dispute"})

    async def needs(self, turn: Turn) -> list[str]:
        """Who it is; then, if there is a decision to appeal against, what is wrong with it."""
        customer = await self.desk.verification.customer(turn.conversation)
        if customer is None:
            return [*IDENTITY]
        case = await self.desk.refunds.latest(customer)
        return [*APPEAL] if case is not None and case.can_be_appealed else []

    async def fulfil(self, turn: Turn) -> Answer:
        """Appeal, and say what happens next; or why there is nothing to appeal against."""
        gone = dict.fromkeys(APPEAL)
        customer = await self.desk.verification.customer(turn.conversation)
        if customer is None:
            return say("utter_verification_expired", code=None, code_check=None, **gone)
        case = await self.desk.refunds.latest(customer)
        if case is None:
            return say("utter_appeal_nothing", **gone)
        if asks_why(turn) and not case.can_be_appealed:
            reply = await grounds(turn, self.desk)
            return Answer((reply,) if reply else (), {**gone, "awaiting": turn.open_offer()})
        if case.awaits_review and case.state is State.DECIDED:
            return say("utter_appeal_not_yet", {"number": case.number}, **gone)
        try:
            case = await self._made(turn, customer, case)
        except tuple(REFUSALS) as refusal:
            return say(REFUSALS[type(refusal)], {"number": case.number}, **gone)
        return say("utter_appeal_made", {"number": case.number}, case_over=case.number, **gone)

    async def _made(self, turn: Turn, customer: Customer, case: RefundCase) -> RefundCase:
        if case.state is State.APPEALED:
            raise AppealOpen()
        if not case.can_be_appealed:
            raise IllegalMove(case.number, case.state, "appeal")
        words = turn.slot("appeal_words")
        return await self.desk.appeals.make(
            customer,
            case.number,
            turn.slot("disputed_fact") or DisputedFact.OTHER,
            "" if words in (None, NOTHING) else words,
            await self.desk.evidence.ids_of_chat(customer),
        )

"""Getting a person: asked for, or offered when a person is what it takes."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, UserUtteranceReverted
from rasa_sdk.executor import CollectingDispatcher

from actions.bootstrap import Desk
from actions.domain.threats import threat_in
from actions.domain.ticket import Priority
from actions.policy.topics import Topic
from actions.skills import call_back
from actions.skills.base import ENOUGH_MISSES, Answer, Reply, Skill, Turn, say
from actions.skills.payment_proof import PAYMENT
from actions.skills.policy_replies import SILENT, replies_on, topics_of
from actions.skills.readings import WORDS, likely_readings
from actions.skills.request_refund import ask_to_confirm

CONTACT_DETAILS = "contact_details"
"""The matter (``bot/engine/nlu/matters.py``) of who asks for a number or an address to reach us."""
_PERSON_HERE = re.compile(
    r"[转轉][^,，。]{0,3}(?:人工|客服)|真人|活人|找(?:个|個)?人|\b(?:human|person|someone|somebody|agent|representative)\b",
    re.IGNORECASE,
)


class ContactHuman(Skill):
    """The customer asks for a person, here or by telephone, or how to reach one."""

    action = "action_contact_human"
    leads_on = False  # the person reads what else is wanted

    async def answer(self, turn: Turn) -> Answer:
        if call_back.wants_it(turn):
            return await call_back.ask_or_book(turn, self.desk)
        asks = CONTACT_DETAILS in turn.entities("matter") and not _PERSON_HERE.search(turn.text)
        if asks:
            return Answer(replies_on(turn, [Topic.CHANNELS]), {"awaiting": "person"})
        return await call_a_person(turn, self.desk)


async def call_a_person(turn: Turn, desk: Desk) -> Answer:
    """Queue the conversation for a person; from then on the bot is silent in it."""
    ticket = await desk.tickets.hand_over(
        turn.conversation,
        turn.brand.id,
        language=turn.language,
        reason=turn.slot("person_reason") or turn.intent or "contact_human",
        priority=Priority.URGENT
        if turn.slot("threat") or threat_in(turn.text)
        else Priority.NORMAL,
    )
    facts = {"position": ticket.position or 1, "hours": turn.hours()}
    return say("utter_person_coming", facts, person_reason=None, **dict.fromkeys(PAYMENT))


class OfferPerson(Skill):
    """What the customer wants is nothing that the bot can do: offer to pass it on.

    Where it is asked as a question, what the rules say of it is said before.
    """

    action = "action_offer_person"

    async def answer(self, turn: Turn) -> Answer:
        topics = topics_of(turn)
        said = replies_on(turn, topics, last=False) if topics else ()
        offered = any(reply.response == SILENT for reply in said)
        offer = () if offered else (Reply("utter_needs_person"),)
        return Answer((*said, *offer), {"awaiting": turn.offering_a_person()})


class NotUnderstood(Skill):
    """Ask which of two readings was meant, or for other words; the third time offer a person."""

    action: ClassVar[str] = "action_not_understood"
    leads_on = False

    async def answer(self, turn: Turn) -> Answer:
        if turn.form and turn.is_wordless:
            return Answer()  # the form asks again, and nothing was tried
        if turn.open_offer() and turn.is_wordless:
            return await ask_to_confirm(turn, self.desk)
        misses = float(turn.slot("misses") or 0.0) + 1
        if misses >= ENOUGH_MISSES and turn.form:
            return Answer(slots={"stuck": "no_progress"})  # the form ends, and offers a person
        if misses >= ENOUGH_MISSES:
            return say("utter_not_understood_again", misses=misses, awaiting="person")
        # A refund that was offered stays offered: a yes after this is asked for once more.
        kept = {"misses": misses, "awaiting": turn.open_question()}
        if turn.intent == "out_of_scope":
            return say("utter_out_of_scope", **kept)
        if readings := likely_readings(turn.ranking):
            return say("utter_which_of_two", _offered(readings, turn.language), **kept)
        return say("utter_not_understood", **kept)


def _offered(readings: tuple[str, str], language: str) -> dict[str, str]:
    first, second = readings
    return {
        "first": WORDS[first][language],
        "first_intent": first,
        "second": WORDS[second][language],
        "second_intent": second,
    }


class Lost(NotUnderstood):
    """No rule says what to do with this message here: the dialogue goes back to before it."""

    action = "action_lost"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Without the step back Rasa would run this again and again."""
        return [UserUtteranceReverted(), *await super().run(dispatcher, tracker, domain)]

"""The one form, for everything that takes facts: which goal it serves, what is asked, when it ends.

A wish in the midst of another moves the form to the new goal; the facts given so far stay. What
each goal needs and does is the goal's own (``Goal``), whether a fact is right the facts'.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from actions.bootstrap import Desk
from actions.domain.threats import threat_in
from actions.skills.appeal import APPEAL, Appeal, AppealFacts
from actions.skills.base import ENOUGH_MISSES, FACTS, Answer, Goal, Reply, Skill, Turn
from actions.skills.call_back import CallBack
from actions.skills.cancel_subscription import CancelSubscription
from actions.skills.change_contact import ChangeContact, ContactFacts
from actions.skills.complaint import take_down
from actions.skills.explain_decision import asks_why
from actions.skills.identity import offer_person_because
from actions.skills.order_status import OrderStatus
from actions.skills.payment_proof import PaymentFacts
from actions.skills.policy_replies import replies_on, topics_of
from actions.skills.refund_status import RefundStatus, TrackingFacts
from actions.skills.request_refund import RequestRefund
from actions.skills.wrong_transfer import WrongTransfer

GOALS: tuple[type[Goal], ...] = (
    Appeal,
    CallBack,
    CancelSubscription,
    ChangeContact,
    OrderStatus,
    RefundStatus,
    RequestRefund,
    WrongTransfer,
)
USUAL = RequestRefund.name
"""What facts that come out of the blue are about: that is what people come here for."""

STORIES = (*APPEAL, "reason")
SOUNDS_LIKE_A_REASON = frozenset(
    {"appeal_or_dispute", "order_status", "refund_status", "report_double_charge_or_wrong_payment"}
)
"""Intents that a reason may be taken for: "it never came"."""
MAY_ASK_AFTER_A_REFUND = frozenset(
    {"how_long", "order_status", "provide_order_number", "refund_status", "request_refund"}
)
"""Intents that a question after the refund with this number may be taken for."""

NO_PROGRESS = "no_progress"
"""In ``stuck``: the answer to one question failed too often."""
COUNTED_ELSEWHERE = frozenset({"code", "contact_code"})
CHECKED = "payment_check"
"""Answers whose failures the verification counts, each with its own limit: codes, and whole claims
of a payment.
"""


def goals_of(desk: Desk) -> Mapping[str, Goal]:
    """Every goal by name."""
    return {goal.name: goal(desk) for goal in GOALS}


class FactsForm(PaymentFacts, ContactFacts, TrackingFacts, AppealFacts):
    """Which facts the goal still needs; once ``stuck`` says why that is in vain, none."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._goals = goals_of(desk)

    def name(self) -> str:
        return "validate_facts_form"

    async def run(
        self, dispatcher: Any, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Rasa's entry: settle the goal first, since what is asked depends on it."""
        before, goal = tracker.get_slot("goal"), self._goal(tracker)
        settled: dict[str, Any] = {} if goal == before else {"goal": goal}
        if goal == CallBack.name and not tracker.get_slot("phone"):
            settled["phone"] = Turn(tracker, self.desk).entity("phone")
        tracker.slots.update(settled)
        events: list[EventType] = await super().run(dispatcher, tracker, domain)
        return [*(SlotSet(name, value) for name, value in settled.items()), *events]

    def _goal(self, tracker: Tracker) -> str:
        asked = tracker.get_slot("requested_slot")
        turn = Turn(tracker, self.desk)
        intent, matters = turn.intent, turn.entities("matter")
        told = asked in STORIES and asked in tracker.slots_to_validate()
        if told or (asked == "reason" and intent in SOUNDS_LIKE_A_REASON):
            return tracker.get_slot("goal") or USUAL  # a story, whatever else it sounds like
        if turn.entity("tracking_number") and intent in MAY_ASK_AFTER_A_REFUND:
            return RefundStatus.name
        goals = self._goals.items()
        own = next((name for name, goal in goals if goal.matter in matters), None)
        if own and (asked is None or own == CallBack.name):
            return own
        begun = next((name for name, goal in goals if intent in goal.begun_by), None)
        alone = next((name for name, goal in goals if intent in goal.begun_alone_by), USUAL)
        return begun or tracker.get_slot("goal") or alone

    async def required_slots(
        self, domain_slots: list[str], dispatcher: Any, tracker: Tracker, domain: dict[str, Any]
    ) -> list[str]:
        """Rasa's entry to ``Goal.needs``."""
        if tracker.get_slot("stuck"):
            return []
        goal = self._goals[tracker.get_slot("goal") or USUAL]
        return await goal.needs(Turn(tracker, self.desk))

    async def get_validation_events(
        self, dispatcher: Any, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Check what was given, and count how often in a row the answer was of no use."""
        asked, given = tracker.get_slot("requested_slot"), tracker.slots_to_validate()
        events = await super().get_validation_events(dispatcher, tracker, domain)
        if not given:
            return events
        left = {event["name"]: event["value"] for event in events}
        counted = asked in given and asked not in COUNTED_ELSEWHERE and CHECKED not in left
        failed = counted and left.get(asked) is None
        misses = float(tracker.get_slot("misses") or 0.0) + 1 if failed else 0.0
        stuck = [SlotSet("stuck", NO_PROGRESS)] if misses >= ENOUGH_MISSES else []
        return [*events, SlotSet("misses", misses), *stuck]


class Begin(Skill):
    """Before anything is asked, or asked again: say what the rules say of it, where it was put as a
    question, and take down what the customer threatens to do (design §6).
    """

    action = "action_begin"
    leads_on = False

    async def answer(self, turn: Turn) -> Answer:
        # Who asks why it was decided so wants their own case's grounds, and not the rules'.
        topics, threat = [] if asks_why(turn) else topics_of(turn), threat_in(turn.text)
        said = replies_on(turn, topics, last=False) if topics else ()
        if turn.is_pause:
            said = (Reply("utter_take_your_time"),)
        slots = {"case_over": None} | self._counted(turn)
        if turn.slot("awaiting") == FACTS:
            slots["goal"] = turn.slot("goal")  # what was asked for is being given
        if threat is None or turn.slot("threat"):
            return Answer(said, slots)
        await take_down(turn, self.desk, threat)
        return Answer(said, slots | {"threat": threat})

    def _counted(self, turn: Turn) -> dict[str, Any]:
        """In the form the message gave nothing of what was asked for: that is a try that failed."""
        if turn.form is None or turn.is_wordless or turn.is_pause:
            return {}
        misses = float(turn.slot("misses") or 0.0) + 1
        return {"misses": misses, "stuck": NO_PROGRESS if misses >= ENOUGH_MISSES else None}


class Fulfil(Skill):
    """The form is over: do what the facts were for, or offer a person who can."""

    action = "action_fulfil"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._goals = goals_of(desk)

    async def answer(self, turn: Turn) -> Answer:
        if turn.slot("stuck"):
            return offer_person_because(turn.slot("stuck"))
        return await self._goals[turn.slot("goal") or USUAL].fulfil(turn)

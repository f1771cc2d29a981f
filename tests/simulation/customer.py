"""A simulated customer: hears what the bot says and answers as a person with these traits would.

Rules, not a model. Whoever hears nothing that helps says it again in other words, presses a button
where there is one, and leaves when their patience is at an end. Knows nothing of what the right
outcome is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

from tests.simulation.evidence import Line, Run
from tests.simulation.mailbox import Mailbox
from tests.simulation.personas import GIVES_ALL, GIVES_NOTHING, TELLS_A_STORY
from tests.simulation.speaker import ASKED, Move, Speaker
from tests.simulation.wishes import ACCEPT, DECIDED, DECLINE, PERSON

OFFERS_A_PERSON = frozenset(
    {
        *("utter_needs_person", "utter_not_understood_again", "utter_mailbox_lost"),
        *("utter_code_locked", "utter_payment_locked", "utter_contact_locked"),
    }
)
ASIDES = frozenset({"waver", "digress", "greet"})
"""What a customer means where the answer to it is no answer to their wish."""
TAKEN_BACK = frozenset({"utter_refund_withdrawn", "utter_nothing_done", "utter_started_over"})
"""Other answers to a no that leave the money where it is."""
MOST_TURNS = 30
A_FEW_MORE = 4
"""What must not succeed is tried so many messages longer than it takes to be refused."""
NUMBER = re.compile(r"RF-[0-9A-Z]{10}")


class Customer(Speaker):
    """One customer in one conversation."""

    def __init__(self, run: Run, random: Random, mailbox: Mailbox) -> None:
        super().__init__(run, random, mailbox)
        self._turns = self._turns_in_wish = self._lost = self._asides = 0
        self._wavers, self._thanks = run.persona.wavers, run.persona.thanks
        self._question: Line | None = None
        """The bot's last question to this customer, until their wish is another one."""
        self._meant = ""

    async def answer(self, heard: Sequence[Line]) -> Move | None:
        """The next thing to do; None when the customer leaves."""
        for line in heard:
            if found := NUMBER.search(line.text):
                self.number = found[0]
        move = await self._next(heard)
        self._turns += 1
        self._turns_in_wish += 1
        self._meant = move.meant if move else ""
        return move

    async def _next(self, heard: Sequence[Line]) -> Move | None:
        if not self._turns:
            return self.said("greet") if self.persona.greets else self._opening(heard)
        if self._meant == "thanks":
            return None
        if self._is_done(heard):
            return self._on_to_the_next(heard)
        limit = self.kind.gives_up_after
        if limit and self._turns_in_wish > limit + A_FEW_MORE:
            return self._on_to_the_next(heard)
        if self._turns >= MOST_TURNS:
            self.run.gave_up = "it took too long"
            return None
        if PERSON & {line.response for line in heard}:
            return self._leave("handed to a person")
        return await self._go_on(heard)

    def _is_done(self, heard: Sequence[Line]) -> bool:
        ended = self.kind.done & {line.response for line in heard}
        if self.wish.kind.startswith("refund") and self.wish.ending == ACCEPT:
            ended -= {"utter_refund_declined"}
        elif self._meant == DECLINE:
            ended |= TAKEN_BACK & {line.response for line in heard}
        return bool(ended) and self._meant not in ASIDES

    def _on_to_the_next(self, heard: Sequence[Line]) -> Move | None:
        self.run.wishes_done += 1
        self._question, self._lost, self._turns_in_wish, self.insists = None, 0, 0, False
        if self.at + 1 < len(self.run.task.wishes):
            self.at += 1
            return self._opening(heard)
        if self._thanks and not PERSON & self.kind.done:
            return self.said("thanks")
        return None

    def _leave(self, why: str) -> Move | None:
        """End it; being refused what must be refused is no failure."""
        if self.kind.gives_up_after:
            return self._on_to_the_next([])
        self.run.gave_up = why
        return None

    async def _go_on(self, heard: Sequence[Line]) -> Move | None:
        asked = [line for line in heard if line.response in ASKED]
        if asked:
            certain = asked[-1].response == "utter_refund_ask_again"  # there 嗯 means yes
            aside = None if certain else self._aside(ASKED[asked[-1].response or ""])
            if aside:
                self._question = asked[-1]
                return aside
            return await self._answer_to(asked[-1], asks_again=self._question)
        if DECIDED & {line.response for line in heard}:
            self._question = None  # an answer, if to another wish
        offered = OFFERS_A_PERSON & {line.response for line in heard}
        takes_it = offered and self.wish.kind in ("person", "without_mailbox")
        if self._question and self._meant != "waver" and not takes_it:
            if self._meant not in ASIDES:
                self.insists = True
            return await self._answer_to(self._question, asks_again=self._question)
        return self._say_it_again(heard)

    async def _answer_to(self, question: Line, asks_again: Line | None) -> Move | None:
        """Answer it; the same thing asked over and over is borne for a while."""
        fact = ASKED[question.response or ""]
        again = asks_again is not None and ASKED[asks_again.response or ""] == fact
        self._lost = self._lost + 1 if again and self._meant not in ASIDES else 0
        self.insists = self.insists or self._lost > 1
        self._question = question
        if self._lost > self.persona.patience:
            return self._leave(f"asked for the {fact} again and again")
        move: Move = await getattr(self, f"give_{fact}")([question])
        self.insists = False
        return move

    def _say_it_again(self, heard: Sequence[Line]) -> Move | None:
        responses = {line.response for line in heard}
        if OFFERS_A_PERSON & responses and self.wish.kind in ("person", "without_mailbox"):
            return self.said("agree")
        self._lost += self._meant not in ASIDES
        if self._lost > self.persona.patience:
            return self._leave("nothing helped")
        self.insists = self._lost > 1
        move = self._opening(heard)
        self.insists = False
        return move

    def _aside(self, asked: str) -> Move | None:
        """What is said beside the matter: doubts, questions, silence, anger."""
        if self._wavers and asked in ("email", "code", "decision"):
            self._wavers = False
            return self.said("waver")
        if self._asides >= self.persona.most_asides:
            return None
        for chance, what in (
            (self.persona.digresses, self.random.choice(self.persona.digressions)),
            (self.persona.silent, "silence"),
            (self.persona.angry, "anger"),
        ):
            if self.random.random() < chance:
                self._asides += 1
                return self.said(what, meant="digress")
        return None

    def _opening(self, heard: Sequence[Line]) -> Move:
        """Say what is wanted."""
        if self.kind.button and (found := self.pressed(heard, self.kind.button)):
            return Move("opening", button=found)
        what = self._words_for_the_wish()
        facts = {}
        if what in ("ask_refund_of", "ask_refund_all", "ask_refund_story"):
            facts["order"] = self.facts.order(self.order)
        if what == "ask_refund_all":
            facts["email"] = self.address()
        if what == "ask_status_of":
            facts["number"] = self.number
        return self.said(what, facts, meant="opening")

    def _words_for_the_wish(self) -> str:
        what, opens_with = self.kind.opens, self.persona.opens_with
        if what == "ask_status" and opens_with != GIVES_NOTHING:
            return "ask_status_of"
        if what == "ask_amount" and self._turns_in_wish % 2:
            return "plead"
        if what == "ask_refund_and_how_long" and self._turns_in_wish > 1:
            what = "ask_refund"
        if what != "ask_refund":
            return what
        if self.wish.order or len({wish.order for wish in self.run.task.wishes}) > 1:
            return "ask_refund_of"
        if opens_with == GIVES_NOTHING or self._turns_in_wish > 1:
            return "ask_refund"
        if opens_with == TELLS_A_STORY:
            return "ask_refund_story"
        return "ask_refund_all" if opens_with == GIVES_ALL else "ask_refund_of"

"""A simulated customer: hears what the bot says and answers as a person with these traits would.

Rules, not a model: which response asks for what is a table, what is said for it is in
``sentences``. Whoever hears nothing that helps says it again in other words, and leaves when their
patience is at an end. Knows nothing of what the right outcome is.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from tests.simulation.evidence import Line, Run
from tests.simulation.facts import Facts
from tests.simulation.mailbox import Mailbox
from tests.simulation.people import Order
from tests.simulation.personas import GIVES_ALL, GIVES_NOTHING, TELLS_A_STORY
from tests.simulation.speech import say
from tests.simulation.wishes import ACCEPT, DECLINE, KINDS, PERSON, Kind, Wish

ASKED: Mapping[str, str] = {
    "utter_ask_order_number": "order",
    "utter_ask_transaction_id": "order",
    "utter_ask_email": "email",
    "utter_ask_code": "code",
    "utter_code_wrong": "code",
    "utter_code_expired": "code",
    "utter_ask_reason": "reason",
    "utter_ask_payment_method": "payment",
    "utter_contact_ask_payment_method": "payment",
    "utter_payment_wrong": "payment",
    "utter_ask_payment_hint": "hint",
    "utter_ask_payment_date": "day",
    "utter_ask_payment_amount": "amount",
    "utter_refund_approved": "decision",
    "utter_refund_partial": "decision",
    "utter_refund_ask_again": "decision",
    "utter_ask_tracking_number": "number",
    "utter_ask_new_email": "new_email",
    "utter_new_email_refused": "new_email",
    "utter_ask_contact_code": "contact_code",
    "utter_contact_code_wrong": "contact_code",
}
"""What each question of the bot's wants to know."""

OFFERS_A_PERSON = frozenset(
    {
        *("utter_needs_person", "utter_not_understood_again", "utter_mailbox_lost"),
        *("utter_code_locked", "utter_payment_locked", "utter_contact_locked"),
    }
)
MOST_TURNS = 30
MAIL_SECONDS = 20.0
NUMBER = re.compile(r"RF-[0-9A-Z]{10}")


@dataclass(frozen=True)
class Move:
    """What the customer does: types ``text`` or presses the button with the id ``button``."""

    meant: str
    text: str | None = None
    button: str | None = None


class Customer:
    """One customer in one conversation."""

    def __init__(self, run: Run, random: Random, mailbox: Mailbox) -> None:
        self.run, self._random, self._mailbox = run, random, mailbox
        self.persona, self.language = run.persona, run.language
        self._facts = Facts(run.cast, run.persona, run.language, random)
        self._number = run.before[0] if run.before else ""
        self._at = 0
        self._turns_in_wish = self._turns = self._lost = self._asides = 0
        self._wavers = run.persona.wavers
        self._open: str | None = None
        self._last: Move | None = None
        self._codes_seen: dict[str, int] = {}
        self._greets, self._thanks = run.persona.greets, run.persona.thanks

    @property
    def wish(self) -> Wish:
        """What is wanted now."""
        return self.run.task.wishes[self._at]

    @property
    def kind(self) -> Kind:
        """Its row in the table."""
        return KINDS[self.wish.kind]

    @property
    def order(self) -> Order:
        """The order that the wish is about."""
        return self.run.cast.orders[self.wish.order]

    @property
    def email(self) -> str:
        """The address that the customer gives: the owner's, or a thief's own."""
        if self.wish.kind == "steal_by_own_mailbox":
            return str(self.run.cast.accounts[0]["email"])
        return str(self.run.cast.account_of(self.order)["email"])

    async def answer(self, heard: Sequence[Line]) -> Move | None:
        """The next thing to do; None when the customer leaves."""
        for line in heard:
            if found := NUMBER.search(line.text):
                self._number = found[0]
        move = await self._next(heard)
        self._turns += 1
        self._turns_in_wish += 1
        self._last = move
        return move

    async def _next(self, heard: Sequence[Line]) -> Move | None:
        if not self._turns:
            return self._first()
        if self._is_done(heard):
            return self._on_to_the_next()
        if self.kind.gives_up_after and self._turns_in_wish > self.kind.gives_up_after + 4:
            return self._on_to_the_next()
        if PERSON & {line.response for line in heard}:
            return self._leave("handed to a person")
        if self._turns >= MOST_TURNS:
            return self._leave("it took too long")
        return self._aside(heard) or await self._go_on(heard)

    def _first(self) -> Move:
        if self._greets:
            self._greets = False
            return self._said("greet")
        return self._opening()

    def _is_done(self, heard: Sequence[Line]) -> bool:
        if self._last and self._last.meant in ("waver", "digress", "greet"):
            return False
        ended = self.kind.done & {line.response for line in heard}
        if self.wish.kind == "refund" and self.wish.ending == ACCEPT:
            ended -= {"utter_refund_declined"}
        return bool(ended)

    def _on_to_the_next(self) -> Move | None:
        self.run.wishes_done += 1
        self._open, self._lost, self._turns_in_wish = None, 0, 0
        if self._at + 1 < len(self.run.task.wishes):
            self._at += 1
            return self._opening()
        self._turns_in_wish = 0
        if self._thanks and not PERSON & self.kind.done:
            self._thanks = False
            self.run.wishes_done -= 1
            return self._said("thanks")
        return None

    def _leave(self, why: str) -> None:
        self.run.gave_up = why

    # --- what is said beside the matter ---------------------------------------------------

    def _aside(self, heard: Sequence[Line]) -> Move | None:
        asked = _asked(heard)
        if asked is None or self._last is None:
            return None
        if self._wavers and asked in ("email", "code", "decision"):
            self._wavers = False
            return self._said("waver")
        if self._asides >= self.persona.most_asides:
            return None
        for chance, what in (
            (self.persona.digresses, self._random.choice(self.persona.digressions)),
            (self.persona.silent, "silence"),
            (self.persona.angry, "anger"),
        ):
            if self._random.random() < chance:
                self._asides += 1
                self._open = asked
                return self._said(what, meant="digress")
        return None

    # --- what is said to the matter -------------------------------------------------------

    async def _go_on(self, heard: Sequence[Line]) -> Move | None:
        asked = _asked(heard)
        after_aside = self._last is not None and self._last.meant == "digress"
        if asked is None and after_aside and self._open:
            asked, self._open = self._open, None
        if asked is not None:
            self._lost = self._lost + 1 if self._last and self._last.meant == asked else 0
            if self._lost <= self.persona.patience:
                return await self._gives()[asked](heard)
            return self._leave(f"asked for the {asked} again and again")
        return self._lost_again(heard)

    def _lost_again(self, heard: Sequence[Line]) -> Move | None:
        responses = {line.response for line in heard}
        if OFFERS_A_PERSON & responses and self.wish.kind in ("person", "without_mailbox"):
            return self._said("yes")
        greeted = self._last is not None and self._last.meant in ("greet", "waver", "digress")
        self._lost += not greeted
        if self._lost > self.persona.patience:
            return self._leave("nothing helped")
        return self._opening(heard)

    def _opening(self, heard: Sequence[Line] = ()) -> Move:
        if self.kind.button and self._random.random() < self.persona.presses:
            if button := _button(heard, self.kind.button):
                return Move("opening", button=button)
        facts = {}
        what = self.kind.opens
        if what == "ask_status" and self._number and self.persona.opens_with != GIVES_NOTHING:
            what = "ask_status_of"
        if what == "ask_refund":
            what = self._refund_opening()
        if what == "plead" or (what == "ask_amount" and self._turns_in_wish % 2):
            what = "plead"
        if what in ("ask_refund_of", "ask_refund_all", "ask_refund_story"):
            facts["order"] = self._facts.order(self.order)
        if what == "ask_refund_all":
            facts["email"] = self._facts.email(self.email)
        if what == "ask_status_of":
            facts["number"] = self._number or "RF-ACDEFGHJKM"
        return self._said(what, facts, meant="opening")

    def _refund_opening(self) -> str:
        if self.wish.order and self.persona.opens_with == GIVES_NOTHING:
            return "ask_refund_of"
        if self._turns_in_wish > 1:
            return "ask_refund"
        if self.persona.opens_with == TELLS_A_STORY:
            return "ask_refund_story"
        if self.persona.opens_with == GIVES_ALL and self._at == 0:
            return "ask_refund_all"
        return "ask_refund_of" if self.persona.opens_with else "ask_refund"

    def _gives(self) -> Mapping[str, Callable[[Sequence[Line]], Awaitable[Move | None]]]:
        return {
            "order": self._give_order,
            "email": self._give_email,
            "code": self._give_code,
            "reason": self._give_reason,
            "payment": self._give_payment,
            "hint": self._give_part,
            "day": self._give_part,
            "amount": self._give_part,
            "decision": self._decide,
            "number": self._give_number,
            "new_email": self._give_new_email,
            "contact_code": self._give_contact_code,
        }

    async def _give_order(self, heard: Sequence[Line]) -> Move:
        return self._said("give_order", {"order": self._facts.order(self.order)}, meant="order")

    async def _give_email(self, heard: Sequence[Line]) -> Move:
        return self._said("give_email", {"email": self._facts.email(self.email)}, meant="email")

    async def _give_code(self, heard: Sequence[Line]) -> Move | None:
        kind = self.wish.kind
        if kind == "without_mailbox":
            return self._said("lost_mailbox", meant="code")
        if kind == "fish":
            return self._said("plead", meant="code")
        if kind.startswith("steal"):
            guess = f"{self._random.randrange(1_000_000):06d}"
            return self._said("give_code", {"code": guess}, meant="guess")
        if "order" in self._facts.wrong:
            return self._said("fix_order", {"order": self._facts.order(self.order)})
        if "email" in self._facts.wrong:
            return self._said("fix_email", {"email": self._facts.email(self.email)})
        code = await self._read_code(self.email)
        if code is None:
            return self._said("no_code", meant="code")
        return self._said("give_code", {"code": self._facts.code(code)}, meant="code")

    async def _give_contact_code(self, heard: Sequence[Line]) -> Move:
        code = await self._read_code(self.run.cast.new_email)
        if code is None:
            return self._said("no_code", meant="contact_code")
        return self._said("give_code", {"code": self._facts.code(code)}, meant="contact_code")

    async def _read_code(self, address: str) -> str | None:
        """The newest code; one that turned out wrong is read again, not waited for again."""
        known = self._mailbox.codes(address)
        if known and self._last and self._last.meant in ("code", "contact_code"):
            return known[-1]
        code = await self._mailbox.next_code(
            address, self._codes_seen.get(address, 0), MAIL_SECONDS if not known else 2.0
        )
        self._codes_seen[address] = len(self._mailbox.codes(address))
        return code or (known[-1] if known else None)

    async def _give_reason(self, heard: Sequence[Line]) -> Move:
        pressed = self._random.random() < self.persona.presses or self._lost > 0
        button = _button(heard, "/refund_reason_or_evidence", self.run.task.reason)
        if pressed and button:
            return Move("reason", button=button)
        return self._said(f"reason_{self.run.task.reason}", meant="reason")

    async def _give_payment(self, heard: Sequence[Line]) -> Move:
        button = _button(heard, "/provide_payment_details", f'"{self.order.method.value}"')
        facts = self._facts.payment(self.order)
        if button and self._random.random() < self.persona.presses:
            return Move("payment", button=button)
        if self.persona.opens_with:
            return self._said("give_payment", facts, meant="payment")
        return self._said("give_method", facts, meant="payment")

    async def _give_part(self, heard: Sequence[Line]) -> Move:
        part = _asked(heard) or self._open or "hint"
        return self._said(f"give_{part}", self._facts.payment(self.order), meant=part)

    async def _decide(self, heard: Sequence[Line]) -> Move:
        accepts = self.wish.ending == ACCEPT
        button = _button(heard, "/affirm" if accepts else "/deny")
        meant = "confirm" if accepts else DECLINE
        if button and self._random.random() < self.persona.presses:
            return Move(meant, button=button)
        return self._said(meant)

    async def _give_number(self, heard: Sequence[Line]) -> Move:
        facts = {"number": self._number or "RF-ACDEFGHJKM"}
        return self._said("give_number", facts, meant="number")

    async def _give_new_email(self, heard: Sequence[Line]) -> Move:
        facts = {"new_email": self.run.cast.new_email}
        return self._said("give_new_email", facts, meant="new_email")

    def _said(
        self, what: str, facts: Mapping[str, str] | None = None, meant: str | None = None
    ) -> Move:
        text = say(what, self.language, facts or {}, self._random, self.persona.typos)
        return Move(meant or what, text=text)


def _asked(heard: Sequence[Line]) -> str | None:
    """What the last question wants to know."""
    found = (ASKED[line.response] for line in reversed(heard) if line.response in ASKED)
    return next(found, None)


def _button(heard: Sequence[Line], stem: str, within: str = "") -> str | None:
    """The id of the newest button whose payload begins so and holds ``within``."""
    for line in reversed(heard):
        for button in line.buttons:
            payload = button["payload"]
            name = payload.split("{")[0]
            if name == stem and within in payload:
                return button["id"]
    return None

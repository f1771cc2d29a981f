"""What a simulated customer gives for each thing that the bot asks for.

Which response asks for what is a table; a new question of the bot's takes a row there and a method
here. Leaves when to answer, to digress and to leave to ``customer``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from tests.simulation.evidence import Line, Run
from tests.simulation.facts import Facts
from tests.simulation.mailbox import Mailbox
from tests.simulation.people import Order
from tests.simulation.personas import GIVES_ALL
from tests.simulation.speech import say
from tests.simulation.wishes import ACCEPT, DECLINE, KINDS, OPENS_A_CASE, Kind, Wish

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
    "utter_ask_withdraw": "withdrawal",
    "utter_ask_tracking_number": "number",
    "utter_ask_new_email": "new_email",
    "utter_new_email_refused": "new_email",
    "utter_ask_contact_code": "contact_code",
    "utter_contact_code_wrong": "contact_code",
    "utter_ask_disputed_fact": "disputed",
    "utter_ask_appeal_words": "story",
    "utter_ask_phone": "phone",
    "utter_phone_refused": "phone",
}
"""What each question of the bot's wants to know; ``Speaker.give_<that>`` answers it."""

MAIL_SECONDS = 20.0


@dataclass(frozen=True)
class Move:
    """What the customer does: types ``text`` or presses the button with the id ``button``."""

    meant: str
    text: str | None = None
    button: str | None = None


class Speaker:
    """A customer's side of the facts: what they know, and how they put it."""

    def __init__(self, run: Run, random: Random, mailbox: Mailbox) -> None:
        self.run, self.random, self.mailbox = run, random, mailbox
        self.persona, self.language = run.persona, run.language
        self.facts = Facts(run.cast, run.persona, run.language, random)
        self.number = run.before[0] if run.before else run.cast.nobodys_number
        self.at = 0
        self.insists = False
        """The last answer was not taken: now a button is pressed, if there is one."""
        self._read: dict[str, int] = {}
        self._said: set[str] = set()
        self._mixed_up = False

    @property
    def wish(self) -> Wish:
        """What is wanted now."""
        return self.run.task.wishes[self.at]

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

    def address(self) -> str:
        """The address as it is given this time."""
        if self.wish.kind == "refund_from_another_account" and not self._mixed_up:
            self._mixed_up = True
            self.facts.wrong.add("email")
            return str(self.run.cast.accounts[0]["email"])
        return self.facts.email(self.email)

    def said(
        self, what: str, facts: Mapping[str, str] | None = None, meant: str | None = None
    ) -> Move:
        """Say ``what`` in words not used before, as far as there are such."""
        for _ in range(4):
            text = say(what, self.language, facts or {}, self.random, self.persona.typos)
            if text not in self._said:
                break
        self._said.add(text)
        return Move(meant or what, text=text)

    def pressed(self, heard: Sequence[Line], stem: str, within: str = "") -> str | None:
        """The button that says it, if there is one and this customer likes buttons."""
        if not self.insists and self.random.random() >= self.persona.presses:
            return None
        return button(heard, stem, within)

    async def give_order(self, heard: Sequence[Line]) -> Move:
        """The order's number."""
        return self.said("give_order", {"order": self.facts.order(self.order)}, meant="order")

    async def give_email(self, heard: Sequence[Line]) -> Move:
        """The account's address."""
        return self.said("give_email", {"email": self.address()}, meant="email")

    async def give_code(self, heard: Sequence[Line]) -> Move:
        """The code from the mailbox; or that there is none; or first what was given wrong."""
        kind = self.wish.kind
        if kind == "without_mailbox":
            return self.said("lost_mailbox", meant="code")
        if kind in ("fish", "impostor"):
            return self.said("plead", meant="code")
        if kind.startswith("steal"):
            guess = f"{self.random.randrange(1_000_000):06d}"
            return self.said("give_code", {"code": guess}, meant="guess")
        if "order" in self.facts.wrong:
            return self.said("fix_order", {"order": self.facts.order(self.order)})
        if "email" in self.facts.wrong:
            return self.said("fix_email", {"email": self.address()})
        return await self._code_from(self.email, "code")

    async def give_contact_code(self, heard: Sequence[Line]) -> Move:
        """The code from the new mailbox."""
        return await self._code_from(self.run.cast.new_email, "contact_code")

    async def _code_from(self, address: str, meant: str) -> Move:
        codes = self.mailbox.codes(address)
        seen = self._read.get(address, 0)
        # A code that turned out wrong was mistyped: the mail is the same one.
        seconds = MAIL_SECONDS if not codes else 1.0
        code = await self.mailbox.next_code(address, seen, seconds)
        codes = self.mailbox.codes(address)
        self._read[address] = len(codes)
        if code is None and not codes:
            return self.said("no_code", meant=meant)
        return self.said("give_code", {"code": self.facts.code(codes[-1])}, meant=meant)

    async def give_reason(self, heard: Sequence[Line]) -> Move:
        """The reason, by its button or in words."""
        reason = self.run.task.reason
        if found := self.pressed(heard, "/refund_reason_or_evidence", reason):
            return Move("reason", button=found)
        return self.said(f"reason_{reason}", meant="reason")

    async def give_payment(self, heard: Sequence[Line]) -> Move:
        """How it was paid: all at once, or the method first."""
        facts = self.facts.payment(self.order)
        method = f'"{self.order.method.value}"'
        tells_all = self.persona.opens_with == GIVES_ALL
        found = self.pressed(heard, "/provide_payment_details", method)
        if found and not tells_all:
            return Move("payment", button=found)
        what = "give_payment" if self.persona.opens_with else "give_method"
        return self.said(what, facts, meant="payment")

    async def give_hint(self, heard: Sequence[Line]) -> Move:
        """What a statement shows of the payer."""
        return self.said("give_hint", self.facts.payment(self.order), meant="hint")

    async def give_day(self, heard: Sequence[Line]) -> Move:
        """When it was paid."""
        return self.said("give_day", self.facts.payment(self.order), meant="day")

    async def give_amount(self, heard: Sequence[Line]) -> Move:
        """How much was paid."""
        return self.said("give_amount", self.facts.payment(self.order), meant="amount")

    async def give_decision(self, heard: Sequence[Line]) -> Move:
        """Yes or no to the refund that is offered; no, if it is nothing that was wanted."""
        wanted = self.wish.kind in OPENS_A_CASE
        accepts = wanted and self.wish.ending == ACCEPT
        meant = "confirm" if accepts else DECLINE
        if found := self.pressed(heard, "/affirm" if accepts else "/deny"):
            return Move(meant, button=found)
        return self.said(meant)

    async def give_withdrawal(self, heard: Sequence[Line]) -> Move:
        """Whether the confirmed refund is really to be taken back."""
        wanted = self.wish.kind == "withdraw"
        if found := self.pressed(heard, "/withdraw_refund" if wanted else "/deny"):
            return Move("withdraw", button=found)
        return self.said("agree" if wanted else DECLINE, meant="withdraw")

    async def give_number(self, heard: Sequence[Line]) -> Move:
        """The tracking number."""
        return self.said("give_number", {"number": self.number}, meant="number")

    async def give_phone(self, heard: Sequence[Line]) -> Move:
        """A number to be called at; none of these is anybody's."""
        number = f"1380000{self.random.randrange(10_000):04d}"
        if self.language == "en":
            number = f"+44 20 7946 0{self.random.randrange(1_000):03d}"
        return self.said("give_phone", {"phone": number}, meant="phone")

    async def give_disputed(self, heard: Sequence[Line]) -> Move:
        """What is wrong with the decision: a button, or the story at once."""
        if found := self.pressed(heard, "/appeal_or_dispute", "other"):
            return Move("disputed", button=found)
        return self.said("give_appeal_story", meant="story")

    async def give_story(self, heard: Sequence[Line]) -> Move:
        """What happened, in the customer's words."""
        return self.said("give_appeal_story", meant="story")

    async def give_new_email(self, heard: Sequence[Line]) -> Move:
        """The address that is to be the account's."""
        facts = {"new_email": self.run.cast.new_email}
        return self.said("give_new_email", facts, meant="new_email")


def button(heard: Sequence[Line], stem: str, within: str = "") -> str | None:
    """The id of the newest button whose payload begins so and holds ``within``."""
    for line in reversed(heard):
        for each in line.buttons:
            name = each["payload"].split("{")[0]
            if name == stem and within in each["payload"]:
                return each["id"]
    return None

"""The refund itself: decide, confirm, take it back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions.bootstrap import Desk
from actions.domain.decision import Outcome
from actions.domain.errors import (
    CaseChanged,
    CaseNotFound,
    IllegalMove,
    OrderNotFound,
    OverRefund,
    PaymentProofNeeded,
)
from actions.domain.refund_case import RefundCase, State
from actions.notices import wording
from actions.skills.base import Answer, Goal, Skill, Turn, say
from actions.skills.identity import IDENTITY
from actions.skills.payment_proof import PAYMENT

ASKED_TO_CONFIRM = frozenset(
    {"utter_refund_approved", "utter_refund_partial", "utter_refund_ask_again"}
)
"""The responses whose question a plain yes answers; a yes to anything else confirms nothing."""
WITHDRAWAL = "withdrawal"
"""In ``awaiting``: whether a confirmed refund is really to be taken back."""
HESITATIONS = frozenset({"嗯", "恩", "哦", "噢", "唔", "啊", "hm", "hmm", "mm", "uh", "um", "umm"})
"""What may be a yes, or somebody thinking: money does not move on it alone."""

_FOR_NOW = re.compile(
    r"(?!.*(?:撤[回销銷]|取消|withdraw|cancel))"
    r".*(?:先(?:不|别|別|放|缓|緩|算了)|[暂暫](?:不|[时時]|[缓緩])|再[说說想]|考[虑慮]|改天|以[后後]"
    r"|[过過](?:几|幾|[两兩])天|\b(?:for now|hold off|later|not (?:now|yet|today)|right now"
    r"|think|sleep on|another (?:day|time))\b)",
    re.IGNORECASE | re.DOTALL,
)
"""Words that put an offer off rather than take the request back."""

_ASSENTS = re.compile(
    r"(?!.*(?:[?？吗嗎不没沒]|\b(?:but|how|why|when|what|not|no|if)\b|n'?t\b))\W*"
    r"(?:(?:好|行|可以|嗯|[对對]|是|[确確][认認定]?)+[的了吧啊呀]?(?=\W|$|[请請那就帮幫退给給]|麻[烦煩])"
    r"|(?:ok|okay|yes|yep|yeah|sure|fine|correct|that'?s (?:right|it)|go ahead)\b)",
    re.IGNORECASE | re.DOTALL,
)
"""The beginning of a yes to the offer that also says what it is a yes to: 好，请退款."""


class RequestRefund(Goal):
    """Money back, for one order."""

    name = "request_refund"
    begun_by = frozenset({"request_refund", "report_double_charge_or_wrong_payment"})

    async def needs(self, turn: Turn) -> list[str]:
        """A customer who is signed in or verified already is not asked who they are."""
        needed = await self._proofs(turn)
        return [*needed, "reason"] if turn.brand.terms.reasons.required else needed

    async def _proofs(self, turn: Turn) -> list[str]:
        customer = await self.desk.verification.customer(turn.conversation)
        if customer is None:
            return [*IDENTITY]
        number = turn.slot("order_number")
        if number and await self.desk.verification.asks_for_payment(customer, number):
            return ["order_number", *PAYMENT]
        return ["order_number"]

    async def fulfil(self, turn: Turn) -> Answer:
        """Ask for the refund and say what was decided; said as a yes to an offer, it is one."""
        if turn.asked_last() in ASKED_TO_CONFIRM and _ASSENTS.match(turn.text):
            return await confirm_refund(turn, self.desk)
        customer = await self.desk.verification.customer(turn.conversation)
        if customer is None:
            return say("utter_verification_expired", code=None, code_check=None)
        try:
            case = await self.desk.refunds.request(
                customer, turn.slot("order_number"), reason=turn.slot("reason")
            )
        except OrderNotFound:
            return say("utter_order_not_found", order_number=None, code=None)
        except PaymentProofNeeded:
            return say("utter_payment_proof_needed")
        return told(case, turn)


class WithdrawRefund(Skill):
    """The customer takes the request back, as long as no money is on its way."""

    action = "action_withdraw_refund"

    async def answer(self, turn: Turn) -> Answer:
        if turn.slot("awaiting") == "confirmation" and _FOR_NOW.match(turn.text):
            return say("utter_refund_declined")
        return await withdraw_refund(turn, self.desk, turn.entity("case_number"))


async def withdraw_refund(turn: Turn, desk: Desk, number: str | None) -> Answer:
    """Take back the case ``number``, or the one that the customer means.

    What was confirmed already is asked about first: a wish that was misread would cost the
    customer the money.
    """
    customer = await desk.verification.customer(turn.conversation)
    if customer is None:
        return say("utter_nothing_to_withdraw")
    order = turn.entity("order_number")
    try:
        if number:
            case: RefundCase | None = await desk.refunds.by_number(customer, number)
        elif order:
            case = await desk.refunds.latest_for(customer, order)
        else:
            case = await desk.refunds.latest(customer)
        if case is None:
            return say("utter_nothing_to_withdraw")
        if case.state is State.CONFIRMED and number is None:
            return say(
                "utter_ask_withdraw",
                facts_of(case, turn),
                awaiting=WITHDRAWAL,
                case_number=case.number,
            )
        taken_back = (await desk.refunds.withdraw(customer, case.number)).number
    except CaseNotFound:
        return say("utter_nothing_to_withdraw")
    except IllegalMove:
        return say("utter_too_late_to_withdraw", {"number": number or (case and case.number)})
    return say(
        "utter_refund_withdrawn", {"number": taken_back}, case_number=None, case_over=taken_back
    )


async def confirm_refund(turn: Turn, desk: Desk) -> Answer:
    """The customer said yes to amount and destination: confirm, once."""
    customer = await desk.verification.customer(turn.conversation)
    if customer is None:
        return say("utter_verification_expired", code=None, code_check=None)
    pressed = turn.entity("case_number")
    try:
        case = await desk.refunds.by_number(customer, pressed or turn.slot("case_number") or "")
    except CaseNotFound:
        return say("utter_nothing_to_confirm", case_number=None)
    try:
        if pressed is None and not _means_it(turn) and _is_offered(case):
            return ask_again(case, turn)
        return _confirmed(await desk.refunds.confirm(customer, case.number), turn)
    except CaseChanged:
        # The answer is not what the customer has said yes to: ask with the new one.
        return told(await desk.refunds.request(customer, case.order_number), turn)
    except PaymentProofNeeded as needed:
        return say("utter_payment_proof_needed", order_number=needed.order_number)
    except OverRefund:
        return say("utter_needs_person", awaiting="person", case_number=None)
    except IllegalMove:
        return say("utter_refund_not_open", facts_of(case, turn), case_number=None)


async def ask_to_confirm(turn: Turn, desk: Desk) -> Answer:
    """Put the open offer's question once more."""
    customer = await desk.verification.customer(turn.conversation)
    if customer is None:
        return say("utter_verification_expired", code=None, code_check=None)
    try:
        case = await desk.refunds.by_number(customer, turn.slot("case_number") or "")
    except CaseNotFound:
        return say("utter_nothing_to_confirm", case_number=None)
    return ask_again(case, turn) if _is_offered(case) else told(case, turn)


def _means_it(turn: Turn) -> bool:
    """Whether a typed yes answers the question just asked; 嗯 does only the second time."""
    asked = turn.asked_last()
    hesitates = re.sub(r"[\W_]", "", turn.text).casefold() in HESITATIONS
    return asked in ASKED_TO_CONFIRM and (not hesitates or asked == "utter_refund_ask_again")


def _confirmed(case: RefundCase, turn: Turn) -> Answer:
    response = "awaits_approval" if case.awaits_approval else "confirmed"
    return say(f"utter_refund_{response}", facts_of(case, turn), reason=None, case_over=case.number)


def told(case: RefundCase, turn: Turn) -> Answer:
    """What was decided, and what the customer can say to it."""
    facts = facts_of(case, turn)
    if not _is_offered(case):
        return say(_settled_response(case), facts, case_number=case.number)
    assert case.decision is not None
    return say(
        f"utter_refund_{case.decision.outcome.value}",
        facts,
        awaiting="confirmation",
        case_number=case.number,
    )


def ask_again(case: RefundCase, turn: Turn) -> Answer:
    """The question once more, when a yes may have meant something else."""
    return say("utter_refund_ask_again", facts_of(case, turn), awaiting="confirmation")


def _is_offered(case: RefundCase) -> bool:
    """Whether the customer can confirm the case now."""
    return case.state is State.DECIDED and case.decision is not None and case.decision.pays


def _settled_response(case: RefundCase) -> str:
    outcome = case.decision.outcome if case.decision else None
    if case.state is State.DECIDED and outcome in (Outcome.DENIED, Outcome.NEEDS_REVIEW):
        return f"utter_refund_{outcome}"
    return "utter_refund_under_way"


def facts_of(case: RefundCase, turn: Turn) -> Mapping[str, Any]:
    """What the responses about a case can say of it, in the customer's language."""
    language, decision = turn.language, case.decision
    facts = {
        "number": case.number,
        "order_number": case.order_number,
        "state": wording.state_text(case.state, decision.outcome if decision else None, language),
        "destination": wording.destination_text(
            case.destination.method, case.destination.hint, language
        ),
        "amount": "",
        "explanation": "",
        "promise": "",
    }
    if decision is not None:
        facts["amount"] = wording.money_text(decision.amount, language)
        facts["explanation"] = decision.explanation[language]
        if decision.pay_out is not None:
            facts["promise"] = wording.pay_out_text(decision.pay_out, language)
    return facts

"""Nothing is promised that the database does not hold: numbers, amounts and deeds that are told.

One row a response that says that something is so. A new one of the bot's takes its row here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from actions.domain.decision import Outcome
from actions.domain.money import Money
from actions.domain.refund_case import State
from actions.domain.wording import money_text
from actions.notices.wording import state_text
from actions.policy.brand import Brand
from tests.simulation.evidence import Line, Run
from tests.simulation.outcomes import CONFIRMED
from tests.simulation.speech import simplified

_MONEY = re.compile(
    r"(?:¥|CN¥|US\$|€|£|HK\$|NT\$) ?[\d,]+(?:\.\d+)?"
    r"|(?<![0-9A-Z-])[\d,]+(?:\.\d+)? ?(?:JPY|USDT|USDC|TRX|BTC|ETH)"
)
_NUMBER = re.compile(r"RF-[0-9A-Z]{10}")


def nothing_promised_that_is_not_so(run: Run, brands: Mapping[str, Brand]) -> Iterator[str]:
    """Every number, amount and deed that the bot tells of is in the database."""
    known = {case.number for case in run.records.cases} | set(run.records.renewals.values())
    said = "".join(line.text for line in run.lines if line.author == "customer")
    amounts = _amounts(run)
    for line in run.lines:
        if line.author == "customer":
            continue
        for number in _NUMBER.findall(line.text):
            if number not in known and number not in said:
                yield f"{number} is told (message {line.seq}), and there is no such refund"
        for amount in _MONEY.findall(line.text):
            if amount.strip() not in amounts and amount not in said:
                yield f"{amount} is told (message {line.seq}), and nothing has that amount"
        promise = PROMISES.get(line.response or "")
        if promise and not promise(run, line):
            yield f"{line.response} is told (message {line.seq}), and the database says otherwise"


def _amounts(run: Run) -> set[str]:
    """Every amount that may be spoken of, as it is said."""
    all_of_them = [case.amount for case in run.records.cases if case.decision]
    all_of_them += [order.money for order in run.cast.orders]
    all_of_them += [Money.parse(r["amount"], r["currency"]) for r in run.cast.refunds]
    return {money_text(money, language) for money in all_of_them for language in ("zh", "en")}


def _confirmed(run: Run, line: Line) -> bool:
    told = [case for case in run.records.cases if case.number in line.text]
    # What was confirmed may have been withdrawn afterwards, by a wish of its own.
    return any(
        c.state in CONFIRMED or (c.state == "withdrawn" and _wishes(run, "withdraw")) for c in told
    )


def _withdrawn(run: Run, line: Line) -> bool:
    return any(c.state == "withdrawn" and c.number in line.text for c in run.records.cases)


def _reviewed(run: Run, line: Line) -> bool:
    of_review = {ticket.case for ticket in run.records.tickets if ticket.category == "review"}
    return any(c.number in of_review and c.number in line.text for c in run.records.cases)


def _has_none_yet(run: Run, line: Line) -> bool:
    """No case of the order's was spoken of before; one may be opened upon it."""
    before = "".join(other.text for other in run.lines if other.seq < line.seq)
    return not any(c.order in line.text and c.number in before for c in run.records.cases)


def _ticket(category: str) -> Callable[[Run, Line], bool]:
    def check(run: Run, line: Line) -> bool:
        return any(ticket.category == category for ticket in run.records.tickets)

    return check


def _renewal_ends(run: Run, line: Line) -> bool:
    return any(o in line.text and n in line.text for o, n in run.records.renewals.items())


def _email_changed(run: Run, line: Line) -> bool:
    return any(email in line.text for email in run.records.emails.values())


def _is_decided(outcome: str) -> Callable[[Run, Line], bool]:
    def check(run: Run, line: Line) -> bool:
        return any(
            case.order in line.text and case.decision.get("outcome") == outcome
            for case in run.records.cases
        )

    return check


UP_TO: Mapping[str, tuple[str, ...]] = {
    "confirmed": ("decided", "confirmed"),
    "paying": ("decided", "confirmed", "paying"),
    "paid": ("decided", "confirmed", "paying", "paid"),
    "withdrawn": ("decided", "confirmed", "withdrawn"),
    "appealed": ("decided", "appealed"),
}
"""Every state that a case in this one may have been in when it was told."""


def _stands_so(run: Run, line: Line) -> bool:
    """A case's state is told as it is or was, and never further on than it is."""
    for case in run.records.cases:
        outcome = Outcome(case.decision["outcome"])
        states = UP_TO.get(case.state, (case.state,))
        texts = [state_text(State(s), outcome, lang) for s in states for lang in ("zh", "en")]
        if case.number in line.text and any(text in simplified(line.text) for text in texts):
            return True
    return False


PROMISES: Mapping[str, Callable[[Run, Line], bool]] = {
    "utter_refund_approved": _is_decided("approved"),
    "utter_refund_partial": _is_decided("partial"),
    "utter_refund_denied": _is_decided("denied"),
    "utter_refund_needs_review": _reviewed,
    "utter_refund_confirmed": _confirmed,
    "utter_refund_awaits_approval": _confirmed,
    "utter_refund_withdrawn": _withdrawn,
    "utter_refund_status": _stands_so,
    "utter_refund_status_under_way": _stands_so,
    "utter_refund_under_way": _stands_so,
    "utter_refund_not_open": _stands_so,
    "utter_ask_withdraw": _confirmed,
    "utter_refund_kept": _confirmed,
    "utter_order_has_no_refund": _has_none_yet,
    "utter_person_coming": _ticket("hand_over"),
    "desk_person_coming": _ticket("hand_over"),
    "utter_appeal_made": _ticket("appeal"),
    "utter_call_back_noted": _ticket("call_back"),
    "utter_complaint_taken": _ticket("complaint"),
    "utter_complaint_taken_urgent": _ticket("complaint"),
    "utter_renewal_cancelling": _renewal_ends,
    "utter_contact_changed": _email_changed,
}
"""What must be so where the bot has said this."""


def _wishes(run: Run, kind: str) -> bool:
    return any(wish.kind == kind for wish in run.task.wishes)

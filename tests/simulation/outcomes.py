"""Whether the database ends up as it must: what the policy itself answers to the same facts.

Nothing here says what is refunded: the customer's records go to ``actions/policy`` as they were
imported, and the case has to hold just that. One check a kind of wish; each gives what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from actions.domain.decision import Decision, Outcome
from actions.policy.brand import Brand
from actions.policy.engine import decide
from actions.policy.topics import Topic
from actions.services.facts_json import read_facts
from tests.simulation.evidence import Case, Run
from tests.simulation.people import Order
from tests.simulation.speech import simplified
from tests.simulation.wishes import DECLINE, OPENS_A_CASE, POLICY_ANSWERS, Wish

CONFIRMED = ("confirmed", "paying", "paid")
TOPICS: Mapping[str, tuple[Topic, ...]] = {
    "policy": tuple(Topic),  # what of the rules was asked is the sentence's, not the wish's
    "how_long": (Topic.TIMES,),
    "refund_and_how_long": (Topic.TIMES,),
    "fees": (Topic.FEES, Topic.PARTIAL),
}
Check = Callable[[Run, Wish, Mapping[str, Brand]], Iterator[str]]


def problems_of(run: Run, brands: Mapping[str, Brand]) -> Iterator[str]:
    """Everything that is not as it must be, wish by wish."""
    if run.gave_up:
        yield f"the customer gave up: {run.gave_up}"
        return
    for at, wish in enumerate(run.task.wishes):
        # A later wish about the same order may have changed what an earlier one led to.
        later = [w.kind for w in run.task.wishes[at + 1 :] if w.order == wish.order]
        if wish.kind == "refund" and {"withdraw", "refund"} & set(later):
            continue
        yield from CHECKS[wish.kind](run, wish, brands)
    yield from _nothing_else(run)


def policys_answer(run: Run, order: Order, case: Case, brands: Mapping[str, Brand]) -> Decision:
    """What the policy answers to the imported facts at the moment when the case was opened."""
    facts = run.cast.facts(order, case.opened_at, case.reason)
    return decide(read_facts(facts, list(brands)), brands[run.cast.brand])


def as_the_policy_says(run: Run, case: Case, brands: Mapping[str, Brand]) -> Iterator[str]:
    """A case holds the policy's own answer."""
    order = next(o for o in run.cast.orders if o.number == case.order)
    right = policys_answer(run, order, case, brands).as_json()
    for part in ("outcome", "amount", "currency", "clauses", "approvals_needed"):
        held = case.decision.get(part)
        if held != right[part]:
            yield f"{case.number}: {part} is {held!r}, the policy says {right[part]!r}"


def _refund(run: Run, wish: Wish, brands: Mapping[str, Brand]) -> Iterator[str]:
    order = run.cast.orders[wish.order]
    cases = [case for case in run.records.cases if case.order == order.number]
    # Whoever took one back, in so many words, may have asked anew.
    cases = [case for case in cases if case.state != "withdrawn"] or cases[-1:]
    if len(cases) != 1:
        yield f"{order.number} has {len(cases)} cases, not one"
        return
    case = cases[0]
    yield from as_the_policy_says(run, case, brands)
    asked = run.task.reason if brands[run.cast.brand].terms.reasons.required else None
    if asked and case.reason != asked:
        yield f"{case.number}: the reason is {case.reason!r}, the customer chose {asked!r}"
    pays = case.decision.get("outcome") in (Outcome.APPROVED, Outcome.PARTIAL)
    if pays and wish.ending == DECLINE and case.state not in ("decided", "withdrawn"):
        yield f"{case.number} is {case.state} although the customer declined"
    if pays and wish.ending != DECLINE and case.state not in CONFIRMED:
        yield f"{case.number} is {case.state} although the customer confirmed"
    appeals = any(each.kind == "appeal" for each in run.task.wishes)
    if not pays and case.state != ("appealed" if appeals else "decided"):
        yield f"{case.number} is {case.state}, and nothing is to be paid"
    review = any(t.category == "review" and t.case == case.number for t in run.records.tickets)
    if (case.decision.get("outcome") == Outcome.NEEDS_REVIEW) != review:
        yield f"{case.number}: a review ticket there is {'one' if review else 'none'}"


def _refund_and_policy(run: Run, wish: Wish, brands: Mapping[str, Brand]) -> Iterator[str]:
    yield from _refund(run, wish, brands)
    yield from _policy(run, wish, brands)


def _appeal(run: Run, wish: Wish, brands: Mapping[str, Brand]) -> Iterator[str]:
    number = run.cast.orders[wish.order].number
    for case in run.records.cases:
        if case.order == number and case.state != "appealed":
            yield f"{case.number} is {case.state}, not appealed against"
    if [ticket.category for ticket in run.records.tickets].count("appeal") != 1:
        yield "there is not one ticket for the appeal"


def _why(run: Run, wish: Wish, brands: Mapping[str, Brand]) -> Iterator[str]:
    number = run.cast.orders[wish.order].number
    cases = [case for case in run.records.cases if case.order == number]
    told = [
        b for b in run.lines if b.response in ("utter_decision_explained", "utter_decision_why")
    ]
    if not any(case.number in line.text for case in cases for line in told):
        yield f"why {number} was decided so was not told"


def _call_back(run: Run, wish: Wish, brands: Mapping[str, Brand]) -> Iterator[str]:
    if [ticket.category for ticket in run.records.tickets].count("call_back") != 1:
        yield "there is not one ticket for the call"


def _complain(run: Run, wish: Wish, brands: Mapping[str, Brand]) -> Iterator[str]:
    if not any(ticket.category == "complaint" for ticket in run.records.tickets):
        yield "the complaint was not taken down"


def _order_status(run: Run, wish: Wish, brands: Mapping[str, Brand]) -> Iterator[str]:
    order = run.cast.orders[wish.order]
    told = [b.text for b in run.lines if (b.response or "").startswith("utter_order_")]
    if not any(order.number in text for text in told):
        yield "how the order stands was not told"


def _end_renewal(run: Run, wish: Wish, brands: Mapping[str, Brand]) -> Iterator[str]:
    order = run.cast.orders[wish.order]
    asked = order.number in run.records.renewals
    if asked != bool(order.record["auto_renew"]):
        yield f"the end of the renewal of {order.number} was {'' if asked else 'not '}asked for"
    if _heard(run, "utter_renewal_off_already") == asked:
        yield f"the customer was told something else of the renewal of {order.number}"


def _withdraw(run: Run, wish: Wish, brands: Mapping[str, Brand]) -> Iterator[str]:
    number = run.cast.orders[wish.order].number
    cases = [case for case in run.records.cases if case.order == number]
    for case in cases:
        paid = any(payout.case == case.number for payout in run.records.payouts)
        told_too_late = _heard(run, "utter_too_late_to_withdraw")
        if case.state != "withdrawn" and not (paid and told_too_late):
            yield f"{case.number} is {case.state}, not withdrawn"


def _status(run: Run, wish: Wish, brands: Mapping[str, Brand]) -> Iterator[str]:
    number = run.cast.orders[wish.order].number
    cases = [case for case in run.records.cases if case.order == number]
    told = [b for b in run.lines if (b.response or "").startswith("utter_refund_status")]
    if not any(case.number in line.text for case in cases for line in told):
        yield "the state of the refund was not told"


def _change_email(run: Run, wish: Wish, brands: Mapping[str, Brand]) -> Iterator[str]:
    held = run.records.emails[run.cast.accounts[0]["id"]]
    if held != run.cast.new_email:
        yield f"the address is {held}, not {run.cast.new_email}"


def _policy(run: Run, wish: Wish, brands: Mapping[str, Brand]) -> Iterator[str]:
    brand = brands[run.cast.brand]
    passages = [words for topic in TOPICS[wish.kind] for words in brand.passages_on(topic)]
    told = [line.text for line in run.lines if line.response in POLICY_ANSWERS]
    ways = [simplified(words[language]) for words in passages for language in ("zh", "en")]
    said = (way in simplified(text) for way in ways for text in told)
    if not any(said):
        yield f"the answer on {wish.kind} is not the policy's"


def _person(run: Run, wish: Wish, brands: Mapping[str, Brand]) -> Iterator[str]:
    if not any(ticket.category == "hand_over" for ticket in run.records.tickets):
        yield "no person was called"
    if run.records.status != "waiting":
        yield f"the conversation is {run.records.status}, not waiting for a person"
    if wish.kind == "without_mailbox" and run.records.cases:
        yield "a case was opened for somebody who did not prove who they are"


def _language(run: Run, wish: Wish, brands: Mapping[str, Brand]) -> Iterator[str]:
    if not _heard(run, "utter_language_changed"):
        yield "the language was not changed"


def _nothing_of_others(run: Run, wish: Wish, brands: Mapping[str, Brand]) -> Iterator[str]:
    order = run.cast.orders[wish.order]
    for case in run.records.cases:
        if case.order == order.number:
            yield f"{case.number} was opened for somebody else's order"
    if order.record["account"] in run.records.verified:
        yield "somebody was taken for the owner of another's account"


def _nothing(run: Run, wish: Wish, brands: Mapping[str, Brand]) -> Iterator[str]:
    return
    yield


def _nothing_else(run: Run) -> Iterator[str]:
    """No case that nobody asked for, and no person where none was called."""
    asked = {run.cast.orders[w.order].number for w in run.task.wishes if w.kind in OPENS_A_CASE}
    for case in run.records.cases:
        if case.order not in asked and case.number not in run.before:
            yield f"{case.number} was opened though nobody asked for it"
    calls = any(wish.kind in ("person", "without_mailbox") for wish in run.task.wishes)
    if run.records.status != "bot" and not calls:
        yield f"the conversation is {run.records.status} though no person was asked for"


CHECKS: Mapping[str, Check] = {
    "refund": _refund,
    "refund_from_another_account": _refund,
    "refund_and_how_long": _refund_and_policy,
    "appeal": _appeal,
    "appeal_too_soon": _nothing,
    "why": _why,
    "wrong_transfer": _nothing,
    "call_back": _call_back,
    "complain": _complain,
    "order_status": _order_status,
    "end_renewal": _end_renewal,
    "status": _status,
    "status_of_nothing": _nothing,
    "change_email": _change_email,
    "withdraw": _withdraw,
    "policy": _policy,
    "how_long": _policy,
    "fees": _policy,
    "safety": _nothing,
    "person": _person,
    "without_mailbox": _person,
    "language": _language,
    "chat": _nothing,
    "steal": _nothing_of_others,
    "steal_by_own_mailbox": _nothing_of_others,
    "order_of_another": _nothing_of_others,
    "impostor": _nothing_of_others,
    "fish": _nothing_of_others,
}


def _heard(run: Run, response: str) -> bool:
    return any(line.response == response for line in run.lines)

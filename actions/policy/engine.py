"""Decides: asks the rules in their order and says the answer with its grounds.

The first rule with an answer has the word; a second look may still put it before a person.
The same facts under the same brand file always give the same decision.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from actions.domain.decision import Decision, Outcome
from actions.domain.errors import FactsRefused, Fault, OverRefund, ReviewRefused
from actions.domain.money import Money
from actions.domain.order import OrderStatus
from actions.policy import rules
from actions.policy.brand import Brand
from actions.policy.explanation import Explanation, Told
from actions.policy.facts import Facts
from actions.policy.grounds import PAYING, REMEDIES, Ground, Remedy
from actions.policy.promises import handling, pay_out
from actions.policy.terms import Terms
from actions.policy.verdict import Verdict

Rule = Callable[[Facts, Terms], Verdict | None]
SecondLook = Callable[[Facts, Terms, Verdict], Verdict]

RULES: tuple[Rule, ...] = (
    # Whether there is any money to speak of, and whether the records can be believed.
    rules.nothing_was_paid,
    rules.already_refunded,
    rules.records_disagree,
    rules.disputed,
    # What failed has not been done, so it can be undone, whatever it was.
    rules.failed_but_captured,
    # What was done and can't be undone comes before every other claim to a refund.
    rules.never_refunded,
    # Mistakes in the charging, which no window limits.
    rules.charged_twice,
    # What was bought, and when.
    rules.within_money_back_window,
    rules.past_money_back_window,
    rules.later_purchase,
    rules.renewal_after_cancelling,
    rules.renewal_not_cancelled,
    rules.upgrade_with_purchase,
    rules.upgrade_alone,
    rules.out_of_time,
    rules.with_reason,
    rules.not_covered,
)

SECOND_LOOKS: tuple[SecondLook, ...] = (rules.account_in_good_standing, rules.usual_velocity)


def decide(facts: Facts, brand: Brand, asked: Sequence[Rule] = RULES) -> Decision:
    """The brand's answer to these facts, with its grounds, dates and words.

    ``asked`` are the rules in their order; the last one must always have an answer. Raises
    ``FactsRefused`` when the facts are another brand's, ``OverRefund`` when a rule would
    give more than is left.
    """
    _must_be_of(brand, facts)
    verdict = _first_answer(facts, brand.terms, asked)
    for look_again in SECOND_LOOKS:
        verdict = look_again(facts, brand.terms, verdict)
    clauses = dict.fromkeys(brand.grounds[ground] for ground in verdict.grounds)
    return _decision(facts, brand, verdict, tuple(clauses))


def decide_by_person(
    facts: Facts,
    brand: Brand,
    amount: Money,
    *,
    clauses: Sequence[str],
    refusal_codes: Sequence[str] = (),
    words: Mapping[str, str] | None = None,
) -> Decision:
    """What a member of staff decided, as a decision: nothing, a part, or all that is left.

    ``clauses`` are what it rests on; ``refusal_codes`` go with nothing only, and are
    "person_refused" if none is named; ``words`` are told to the customer besides, under "zh"
    and "en". The brand's rules for approvals and its dates hold as for any decision. Raises
    ``OverRefund`` when it is more than is left, ``ReviewRefused`` when a clause or code is
    not the brand's.
    """
    _must_be_of(brand, facts)
    if not clauses:
        raise ReviewRefused("A decision names the clauses that it rests on.")
    if unknown := [clause for clause in clauses if clause not in brand.clauses]:
        raise ReviewRefused(f"There is no clause {unknown[0]}.")
    if unknown := [code for code in refusal_codes if code not in brand.grounds or code in PAYING]:
        raise ReviewRefused(f"{unknown[0]} is not a refusal code of this brand.")
    if amount and refusal_codes:
        raise ReviewRefused("A refusal code goes with a refusal only.")
    if not amount:
        verdict = Verdict(Outcome.DENIED, amount, (Ground.PERSON_REFUSED,))
    else:
        whole = amount == facts.remaining
        outcome = Outcome.APPROVED if whole else Outcome.PARTIAL
        verdict = Verdict(outcome, amount, (Ground.PERSON_AGREED,))
    decision = _decision(facts, brand, verdict, tuple(dict.fromkeys(clauses)), words or {})
    return replace(decision, refusal_codes=tuple(refusal_codes) or decision.refusal_codes)


def _first_answer(facts: Facts, terms: Terms, asked: Sequence[Rule]) -> Verdict:
    for rule in asked:
        verdict = rule(facts, terms)
        if verdict is not None:
            return verdict
    raise LookupError("the last rule must always have an answer")


def _must_be_of(brand: Brand, facts: Facts) -> None:
    if facts.brand != brand.id:
        raise FactsRefused(Fault("brand", f"is not {brand.id}"))


def _decision(
    facts: Facts,
    brand: Brand,
    verdict: Verdict,
    clauses: tuple[str, ...],
    words: Mapping[str, str] | None = None,
) -> Decision:
    if verdict.amount > facts.remaining:
        raise OverRefund
    terms, method = brand.terms, facts.order.payment.method
    asked_on = terms.local_day(facts.asked_at)
    people, arrives, decided = 0, None, None
    if verdict.pays:
        people, by_clause = terms.approvals.needed(verdict.amount, method)
        arrives = pay_out(terms, method, asked_on, approval=people > 0)
        more = (terms.methods[method].clause, by_clause)
        clauses = tuple(dict.fromkeys([*clauses, *filter(None, more)]))
    elif verdict.outcome is Outcome.NEEDS_REVIEW:
        decided = handling(terms, asked_on)
    remedies = () if verdict.pays else _remedies(facts, terms, verdict)
    if Remedy.LATER_CHARGE in remedies:
        twin = _later_charge(facts, terms, verdict)
        verdict = replace(verdict, details={**verdict.details, "later_twin": twin})
    return Decision(
        outcome=verdict.outcome,
        amount=verdict.amount,
        clauses=clauses,
        refusal_codes=tuple(g.value for g in verdict.grounds if g not in PAYING),
        approvals_needed=people,
        approvals_by=terms.approvals.by if people else None,
        pay_out=arrives,
        handling=decided,
        would_change=remedies,
        policy_version=brand.version,
        explanation=Explanation(
            Told(facts, brand, verdict, clauses, arrives or decided, words or {})
        ),
    )


def _remedies(facts: Facts, terms: Terms, verdict: Verdict) -> tuple[Remedy, ...]:
    """What could lead to another answer; first of all, that the other charge is the double one."""
    found = [Remedy.LATER_CHARGE] if _later_charge(facts, terms, verdict) else []
    for ground in verdict.grounds:
        found += REMEDIES.get(ground, ())
    return tuple(dict.fromkeys(found))


_NO_CHARGE_LEFT = (Ground.NOTHING_PAID, Ground.ALREADY_REFUNDED, Ground.DISPUTED)


def _later_charge(facts: Facts, terms: Terms, verdict: Verdict) -> str:
    """The order that repeats this one and could be asked for instead; "" if there is none."""
    kind = terms.kinds.get(facts.order.kind)
    if set(verdict.grounds) & set(_NO_CHARGE_LEFT) or (kind and kind.refused_as):
        return ""
    twins = rules.later_twins(facts, terms)
    kept = (t for t in twins if t.status is OrderStatus.PAID and not facts.is_refunded(t))
    return next((twin.order_number for twin in kept), "")

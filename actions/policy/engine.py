"""Decides: asks the rules in their order and says the answer with its grounds.

The first rule with an answer has the word; a second look may still put it before a person.
The same facts under the same brand file always give the same decision.
"""

from collections.abc import Callable, Sequence

from actions.domain.decision import Decision, Outcome, Promise
from actions.domain.errors import FactsRefused, Fault, OverRefund
from actions.policy import rules
from actions.policy.brand import Brand
from actions.policy.explanation import explain
from actions.policy.facts import Facts
from actions.policy.grounds import PAYING
from actions.policy.promises import pay_out
from actions.policy.terms import Terms
from actions.policy.verdict import Verdict

Rule = Callable[[Facts, Terms], Verdict | None]

RULES: tuple[Rule, ...] = (
    # Whether there is any money to speak of, and whether the records can be believed.
    rules.nothing_was_paid,
    rules.already_refunded,
    rules.records_disagree,
    rules.disputed,
    # What can't be undone comes before every claim to a refund.
    rules.never_refunded,
    # Mistakes in the charging, which no window limits.
    rules.failed_but_captured,
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


def decide(facts: Facts, brand: Brand, asked: Sequence[Rule] = RULES) -> Decision:
    """The brand's answer to these facts, with its grounds, dates and words.

    ``asked`` are the rules in their order; the last one must always have an answer. Raises
    ``FactsRefused`` when the facts are another brand's, ``OverRefund`` when a rule would
    give more than is left.
    """
    if facts.brand != brand.id:
        raise FactsRefused(Fault("brand", f"is not {brand.id}"))
    verdict = rules.account_in_good_standing(facts, _first_answer(facts, brand.terms, asked))
    pays = verdict.outcome in (Outcome.APPROVED, Outcome.PARTIAL)
    if verdict.amount > facts.remaining:
        raise OverRefund
    approval = _approval_clause(facts, brand, verdict) if pays else None
    when = _when(facts, brand, approval) if pays else None
    clauses = dict.fromkeys(brand.grounds[ground] for ground in verdict.grounds)
    if approval:
        clauses[approval] = None
    return Decision(
        outcome=verdict.outcome,
        amount=verdict.amount,
        clauses=tuple(clauses),
        refusal_codes=tuple(g.value for g in verdict.grounds if g not in PAYING),
        approvals_needed=int(approval is not None),
        pay_out=when,
        policy_version=brand.version,
        explanation=explain(facts, brand, verdict, tuple(clauses), when),
    )


def _first_answer(facts: Facts, terms: Terms, asked: Sequence[Rule]) -> Verdict:
    answers = (rule(facts, terms) for rule in asked)
    return next(answer for answer in answers if answer is not None)


def _approval_clause(facts: Facts, brand: Brand, verdict: Verdict) -> str | None:
    return brand.terms.approvals.clause(verdict.amount, facts.order.payment.method)


def _when(facts: Facts, brand: Brand, approval: str | None) -> Promise:
    asked_on = brand.terms.local_day(facts.asked_at)
    method = facts.order.payment.method
    return pay_out(brand.terms, method, asked_on, approval=approval is not None)

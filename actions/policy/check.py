"""Looks for what a brand file says and no request can ever bring about, and for missing words.

Puts a few thousand requests to the rules, one of every sort that they tell apart, and notes
which rules answered and on which grounds. Faults of the file itself are ``brand``'s.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product

from actions.domain.account import Account, AccountStatus
from actions.domain.decision import Outcome
from actions.domain.money import Money
from actions.domain.order import Kind, Method, Order, OrderStatus, Payment, Refund
from actions.policy import phrases
from actions.policy.brand import Brand
from actions.policy.engine import RULES, SECOND_LOOKS
from actions.policy.explanation import LANGUAGES
from actions.policy.facts import Facts
from actions.policy.grounds import REFUSAL_CODES, Ground, Reason, Treatment
from actions.policy.terms import PartialBy, Terms
from actions.policy.verdict import Verdict

_PAID_AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a policy owner should put right: a code, what it is about, and words for it."""

    code: str
    subject: str
    zh: str
    en: str


def check(brand: Brand) -> list[Finding]:
    """What is wrong with a brand whose file is valid; empty if nothing is."""
    return [*_unworded(), *_unreached(brand), *_unused_clauses(brand)]


def check_rules(brands: Mapping[str, Brand]) -> list[Finding]:
    """The rules that answer no request of any of the brands."""
    answered = set().union(*(_asked(brand).rules for brand in brands.values()))
    every = [rule.__name__ for rule in (*RULES, *SECOND_LOOKS)]
    return [
        Finding(
            "rule_unreached",
            name,
            f"没有任何申请会用到规则 {name}。",
            f"No request is ever answered by the rule {name}.",
        )
        for name in every
        if name not in answered
    ]


def _unworded() -> Iterator[Finding]:
    """Refusal codes and grounds that a customer could not be told in both languages."""
    for ground, language in product(Ground, LANGUAGES):
        if not phrases.GROUNDS.get(ground, {}).get(language, "").strip():
            kind = "refusal_unworded" if ground in REFUSAL_CODES else "ground_unworded"
            yield Finding(
                kind,
                ground,
                f"{ground} 没有{'中文' if language == 'zh' else '英文'}说明。",
                f"{ground} has no words in {'Chinese' if language == 'zh' else 'English'}.",
            )


def _unreached(brand: Brand) -> Iterator[Finding]:
    """Grounds and advice in the file that no request leads to."""
    asked = _asked(brand)
    for ground in sorted(set(brand.grounds) - asked.grounds - _dormant(brand)):
        yield Finding(
            "ground_unreached",
            ground,
            f"grounds.{ground} 有对应条款，但没有任何申请会得到这个结果。",
            f"grounds.{ground} has a clause, but no request is ever answered on it.",
        )
    for ground in sorted(set(brand.advice) - asked.refused):
        yield Finding(
            "advice_unreached",
            ground,
            f"advice.{ground} 写了建议，但没有申请会以此被拒绝。",
            f"advice.{ground} is written, but no request is ever refused for it.",
        )


def _dormant(brand: Brand) -> set[Ground]:
    """Grounds that the file words for another choice of its own terms."""
    by = brand.terms.partial.decided_by
    treatments = {kind.treatment for kind in brand.terms.kinds.values()}
    dormant = set()
    if by is not PartialBy.POLICY:
        dormant.add(Ground.UNUSED_SHARE)
    if by is not PartialBy.PERSON:
        dormant.add(Ground.PAST_WINDOW)
    elif Treatment.WITH_REASON not in treatments:
        dormant.add(Ground.OUT_OF_TIME)
    if brand.terms.velocity is None:
        dormant.add(Ground.UNUSUAL_VELOCITY)
    return dormant


def _unused_clauses(brand: Brand) -> Iterator[Finding]:
    """Clauses that no decision, answer or term ever names."""
    approvals = brand.terms.approvals
    named = {*brand.grounds.values(), approvals.methods_clause, approvals.limits_clause}
    named |= {clause for clauses in brand.topics.values() for clause in clauses}
    named |= {method.clause for method in brand.terms.methods.values()}
    for clause in sorted(set(brand.clauses) - named, key=lambda id: int(id.partition("-")[2])):
        yield Finding(
            "clause_unused",
            clause,
            f"条款 {clause} 没有任何裁定或问答会引用。",
            f"The clause {clause} is named by no decision and answers no question.",
        )


# --- one request of every sort -------------------------------------------------------------


@dataclass(slots=True)
class _Answers:
    """What came up over all requests: rules that answered, grounds, and grounds of refusals."""

    rules: set[str]
    grounds: set[Ground]
    refused: set[Ground]


def _asked(brand: Brand) -> _Answers:
    found = _Answers(set(), set(), set())
    for facts in requests(brand):
        name, verdict = _first_answer(facts, brand.terms)
        found.rules.add(name)
        for look_again in SECOND_LOOKS:
            before, verdict = verdict, look_again(facts, brand.terms, verdict)
            if verdict is not before:
                found.rules.add(look_again.__name__)
        found.grounds |= set(verdict.grounds)
        if verdict.outcome is Outcome.DENIED:
            found.refused.add(verdict.grounds[0])
    return found


def _first_answer(facts: Facts, terms: Terms) -> tuple[str, Verdict]:
    for rule in RULES:
        verdict = rule(facts, terms)
        if verdict is not None:
            return rule.__name__, verdict
    raise LookupError("the last rule must always have an answer")


def requests(brand: Brand) -> Iterator[Facts]:
    """One request of every sort that the rules tell apart, all of them possible."""
    account = Account(brand.id, "A", "a@example.com", "A")
    reasons = (None, "…", *Reason)
    for kind, status, captured in product(Kind, OrderStatus, (None, True)):
        order = _order(brand, "N", kind, status, captured)
        for days, reason in product((1, 40, 400), reasons):
            yield Facts(brand.id, _PAID_AT + _DAY * days, reason, account, order)
        yield from _with_a_past(brand, account, order)


def _with_a_past(brand: Brand, account: Account, order: Order) -> Iterator[Facts]:
    """The same order beside others, with refunds before, and of an account that is suspended."""
    facts = Facts(brand.id, _PAID_AT + _DAY, None, account, order)
    paid = _order(brand, "O", Kind.PURCHASE, OrderStatus.PAID, None)
    earlier = replace(paid, paid_at=_PAID_AT - _DAY)
    twin = replace(order, order_number="O", paid_at=_PAID_AT - timedelta(minutes=1))
    cancelled = replace(order, auto_renew_cancelled_at=_PAID_AT - _DAY)
    yield replace(facts, other_orders=(earlier,))
    yield replace(facts, other_orders=(twin,))
    yield replace(facts, order=cancelled)
    yield replace(facts, account=replace(account, status=AccountStatus.SUSPENDED))
    often = brand.terms.velocity.of_account if brand.terms.velocity else 0
    many = tuple(Refund(f"P{n}", order.amount, _PAID_AT) for n in range(often))
    yield replace(facts, refunds=many)


def _order(
    brand: Brand, number: str, kind: Kind, status: OrderStatus, captured: bool | None
) -> Order:
    return Order(
        brand=brand.id,
        order_number=number,
        account_id="A",
        item="item",
        kind=kind,
        amount=Money(10_000, "CNY"),
        paid_at=_PAID_AT,
        status=status,
        payment=Payment(Method.CARD, captured=captured),
        term_start=_PAID_AT.date(),
        term_end=_PAID_AT.date() + timedelta(days=365),
    )

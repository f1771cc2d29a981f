"""Reads the ``terms`` of a brand file, strictly. What the terms mean is left to ``terms``."""

from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

from actions.domain.errors import MoneyError
from actions.domain.money import Money
from actions.domain.order import Kind, Method
from actions.policy.grounds import PAYING, Ground, Reason, Treatment
from actions.policy.terms import (
    MOST_VELOCITY_DAYS,
    ApprovalTerms,
    KindTerms,
    MethodTerms,
    PartialBy,
    PartialTerms,
    ReasonTerms,
    Rounding,
    Term,
    Terms,
    VelocityTerms,
    WorkingDays,
)
from actions.policy.yaml_reader import Node

_NO_METHODS: tuple[dict[Method, int], str | None] = ({}, None)
_NO_PARTIAL = PartialTerms(PartialBy.NOBODY, Rounding.DOWN)


def read_terms(node: Node, zone: ZoneInfo) -> Terms:
    """The terms as the file has them; faults are noted on ``node``."""
    fields = node.fields(
        "double_charge_minutes reasons kinds approvals methods handling_working_days reply_hours",
        "window_days time_limit_days partial velocity working_day_overrides",
    )
    return Terms(
        zone=zone,
        window_days=fields.read_or("window_days", _term, None),
        time_limit_days=fields.read_or("time_limit_days", _term, None),
        double_charge_minutes=fields.read("double_charge_minutes", _term),
        reasons=fields.read("reasons", _reasons),
        kinds=fields.read("kinds", lambda found: found.keyed_by(Kind, _kind)),
        partial=fields.read_or("partial", _partial, _NO_PARTIAL),
        velocity=fields.read_or("velocity", _velocity, None),
        approvals=fields.read("approvals", _approvals),
        methods=fields.read("methods", _methods),
        handling_days=fields.read("handling_working_days", _span),
        reply_hours=fields.read("reply_hours", _term),
        working_day_overrides=fields.read_or("working_day_overrides", _overrides, {}),
    )


def check_terms(terms: Terms, clauses: frozenset[str], node: Node) -> None:
    """Note terms that rest on no clause, and treatments whose terms are missing."""
    parts = node.pairs()
    for name in ("window_days", "time_limit_days", "double_charge_minutes", "reply_hours"):
        term: Term | None = getattr(terms, name)
        if term and term.clause not in clauses:
            parts[name].no_clause(term.clause)
    for clause in (terms.approvals.methods_clause, terms.approvals.limits_clause):
        if clause is not None and clause not in clauses:
            parts["approvals"].no_clause(clause)
    for method, said in terms.methods.items():
        if said.clause is not None and said.clause not in clauses:
            parts["methods"].pairs()[method].no_clause(said.clause)
    treatments = {kind.treatment for kind in terms.kinds.values()}
    if treatments & {Treatment.MONEY_BACK, Treatment.WITH_PURCHASE}:
        for name in ("window_days", "partial"):
            if name not in parts:
                node.fault(
                    f"money_back 和 with_purchase 需要 {name}",
                    f"money_back and with_purchase need {name}",
                )
    if Treatment.WITH_REASON in treatments and not terms.time_limit_days:
        node.fault("with_reason 需要 time_limit_days", "with_reason needs time_limit_days")
    if terms.reasons.required != (Treatment.WITH_REASON in treatments):
        parts["reasons"].fault(
            "required 与处理方式 with_reason 必须同时出现",
            "required goes with the treatment with_reason, and only with it",
        )
    if terms.reasons.required and not terms.reasons.accepted:
        parts["reasons"].fault("至少要接受一个原因", "at least one reason must be accepted")


def _term(node: Node) -> Term:
    fields = node.fields("value clause", "assumption")
    return Term(
        value=fields.read("value", lambda found: found.integer(0, 36_500)),
        clause=fields.read("clause", Node.text),
        assumption=fields.flag("assumption"),
    )


def _reasons(node: Node) -> ReasonTerms:
    def codes(entry: Node) -> frozenset[Reason]:
        return frozenset(code.choice(Reason) for code in entry.items())

    fields = node.fields("required", "accepted to_a_person assumption")
    terms = ReasonTerms(
        required=fields.read("required", Node.flag),
        accepted=fields.read_or("accepted", codes, frozenset()),
        to_a_person=fields.read_or("to_a_person", codes, frozenset()),
        assumption=fields.flag("assumption"),
    )
    if terms.accepted & terms.to_a_person:
        node.fault("同一个原因不能既接受又交人工", "a reason is either accepted or put to a person")
    return terms


def _kind(node: Node) -> KindTerms:
    fields = node.fields("treatment", "refused_as assumption")
    terms = KindTerms(
        treatment=fields.read("treatment", lambda found: found.choice(Treatment)),
        refused_as=fields.read_or("refused_as", lambda found: found.choice(Ground), None),
        assumption=fields.flag("assumption"),
    )
    if (terms.treatment is Treatment.NEVER) != (terms.refused_as is not None):
        node.fault(
            "refused_as 与处理方式 never 必须同时出现",
            "refused_as goes with the treatment never, and only with it",
        )
    if terms.refused_as in PAYING:
        node.fault("refused_as 必须是拒绝代码", "refused_as must be a refusal code")
    return terms


def _partial(node: Node) -> PartialTerms:
    fields = node.fields("decided_by rounding", "assumption")
    return PartialTerms(
        decided_by=fields.read("decided_by", lambda found: found.choice(PartialBy)),
        rounding=fields.read("rounding", lambda found: found.choice(Rounding)),
        assumption=fields.flag("assumption"),
    )


def _velocity(node: Node) -> VelocityTerms:
    fields = node.fields("days of_account of_instrument", "assumption")
    return VelocityTerms(
        days=fields.read("days", lambda found: found.integer(1, MOST_VELOCITY_DAYS)),
        of_account=fields.read("of_account", lambda found: found.integer(1, 1000)),
        of_instrument=fields.read("of_instrument", lambda found: found.integer(1, 1000)),
        assumption=fields.flag("assumption"),
    )


def _approvals(node: Node) -> ApprovalTerms:
    fields = node.fields("by above working_days", "always assumption")
    methods, methods_clause = fields.read_or("always", _always, _NO_METHODS)
    limits, limits_clause = fields.read("above", _above)
    return ApprovalTerms(
        by=fields.read("by", Node.text),
        methods=methods,
        methods_clause=methods_clause,
        limits=limits,
        limits_clause=limits_clause,
        working_days=fields.read("working_days", lambda found: found.integer(0, 60)),
        assumption=fields.flag("assumption"),
    )


def _always(node: Node) -> tuple[dict[Method, int], str | None]:
    fields = node.fields("methods clause")
    methods: dict[Method, int] = fields.read("methods", _people)
    return methods, fields.read("clause", Node.text)


def _people(node: Node) -> dict[Method, int]:
    return node.keyed_by(Method, lambda entry: entry.integer(1, 9))


def _above(node: Node) -> tuple[dict[str, tuple[Money, ...]], str]:
    fields = node.fields("limits clause")
    return fields.read("limits", _limits), fields.read("clause", Node.text)


def _limits(node: Node) -> dict[str, tuple[Money, ...]]:
    return {currency: _rising(entry, currency) for currency, entry in node.pairs().items()}


def _rising(node: Node, currency: str) -> tuple[Money, ...]:
    read = (read_amount(entry, currency) for entry in node.items())
    limits = [limit for limit in read if limit is not None]
    if any(first >= second for first, second in pairwise(limits)):
        node.fault("每个限额都必须高于前一个", "each limit must be higher than the one before")
    return tuple(limits)


def read_amount(node: Node, currency: str) -> Money | None:
    """An amount in ``currency``; None, and a fault on ``node``, where it is none."""
    try:
        return Money.parse(node.text(), currency)
    except MoneyError as error:
        node.fault("不是该币种的金额", str(error))
        return None


def _methods(node: Node) -> dict[Method, MethodTerms]:
    found = node.keyed_by(Method, _method)
    for method in Method:
        if method not in found:
            node.fault(f"没有写 {method}", f"says nothing of {method}")
    return found


def _method(node: Node) -> MethodTerms:
    clause = node.pairs().get("clause")
    return MethodTerms(_span(node, "clause"), clause.text() if clause else None)


def _span(node: Node, beside: str = "") -> WorkingDays:
    fields = node.fields("least most", f"assumption {beside}")
    span = WorkingDays(
        least=fields.read("least", lambda found: found.integer(0, 60)),
        most=fields.read("most", lambda found: found.integer(0, 60)),
        assumption=fields.flag("assumption"),
    )
    if span.least > span.most:
        node.fault("least 不能大于 most", "least must not be more than most")
    return span


def _overrides(node: Node) -> dict[date, bool]:
    days: dict[date, bool] = {}
    for entry in node.items():
        fields = entry.fields("date working")
        day = fields.read("date", Node.day)
        if day in days:
            entry.fault(f"{day} 重复出现", f"{day} stands here twice")
        days[day] = fields.read("working", Node.flag)
    return days

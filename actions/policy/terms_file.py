"""Reads the ``terms`` of a brand file, strictly. What the terms mean is left to ``terms``."""

from datetime import date
from zoneinfo import ZoneInfo

from actions.domain.errors import MoneyError
from actions.domain.money import Money
from actions.domain.order import Kind, Method
from actions.policy.grounds import PAYING, Ground, Reason, Treatment
from actions.policy.terms import (
    ApprovalTerms,
    KindTerms,
    ReasonTerms,
    Term,
    Terms,
    WorkingDays,
)
from actions.policy.yaml_reader import Node

_NO_REASONS = ReasonTerms(False, frozenset(), frozenset())
_NO_APPROVALS = ApprovalTerms(frozenset(), None, {}, "", 0)
_NO_METHODS: tuple[frozenset[Method], str | None] = (frozenset(), None)
_NO_LIMITS: tuple[dict[str, Money], str] = ({}, "")
_NO_DAYS = WorkingDays(0, 0)


def read_terms(node: Node, zone: ZoneInfo) -> Terms:
    """The terms as the file has them; faults are noted on ``node``."""
    fields = node.fields(
        "double_charge_minutes reasons kinds approvals pay_out_working_days"
        " handling_working_days reply_hours",
        "window_days time_limit_days working_day_overrides",
    )
    return Terms(
        zone=zone,
        window_days=fields.read("window_days", _term, None),
        time_limit_days=fields.read("time_limit_days", _term, None),
        double_charge_minutes=fields.read("double_charge_minutes", _term, Term(0, "")),
        reasons=fields.read("reasons", _reasons, _NO_REASONS),
        kinds=fields.read("kinds", lambda found: found.keyed_by(Kind, _kind), {}),
        approvals=fields.read("approvals", _approvals, _NO_APPROVALS),
        pay_out_days=fields.read("pay_out_working_days", _pay_out_days, {}),
        handling_days=fields.read("handling_working_days", _span, _NO_DAYS),
        reply_hours=fields.read("reply_hours", _term, Term(0, "")),
        working_day_overrides=fields.read("working_day_overrides", _overrides, {}),
    )


def no_terms(zone: ZoneInfo) -> Terms:
    """What stands in for the terms of a file that has none and is refused for it."""
    return Terms(
        zone, None, None, Term(0, ""), _NO_REASONS, {}, _NO_APPROVALS, {}, _NO_DAYS, Term(0, ""), {}
    )


def check_terms(terms: Terms, clauses: frozenset[str], node: Node) -> None:
    """Note terms that rest on no clause, and treatments whose terms are missing."""
    parts = node.pairs()
    for name in ("window_days", "time_limit_days", "double_charge_minutes", "reply_hours"):
        term: Term | None = getattr(terms, name)
        if term and term.clause not in clauses:
            parts[name].fault(f"there is no clause {term.clause}")
    for clause in (terms.approvals.methods_clause, terms.approvals.limits_clause):
        if clause is not None and clause not in clauses:
            parts["approvals"].fault(f"there is no clause {clause}")
    treatments = {kind.treatment for kind in terms.kinds.values()}
    if treatments & {Treatment.MONEY_BACK, Treatment.WITH_PURCHASE} and not terms.window_days:
        node.fault("money_back and with_purchase need window_days")
    if Treatment.WITH_REASON in treatments and not terms.time_limit_days:
        node.fault("with_reason needs time_limit_days")
    if terms.reasons.required != (Treatment.WITH_REASON in treatments):
        parts["reasons"].fault("required goes with the treatment with_reason, and only with it")
    if terms.reasons.required and not terms.reasons.accepted:
        parts["reasons"].fault("at least one reason must be accepted")


def _term(node: Node) -> Term:
    fields = node.fields("value clause", "assumption")
    return Term(
        value=fields.read("value", lambda found: found.integer(0, 36_500), 0),
        clause=fields.read("clause", Node.text, ""),
        assumption=fields.read("assumption", Node.flag, False),
    )


def _reasons(node: Node) -> ReasonTerms:
    def codes(entry: Node) -> frozenset[Reason]:
        return frozenset(code.choice(Reason) for code in entry.items())

    fields = node.fields("required", "accepted to_a_person assumption")
    terms = ReasonTerms(
        required=fields.read("required", Node.flag, False),
        accepted=fields.read("accepted", codes, frozenset()),
        to_a_person=fields.read("to_a_person", codes, frozenset()),
        assumption=fields.read("assumption", Node.flag, False),
    )
    if terms.accepted & terms.to_a_person:
        node.fault("a reason is either accepted or put to a person")
    return terms


def _kind(node: Node) -> KindTerms:
    fields = node.fields("treatment", "refused_as assumption")
    terms = KindTerms(
        treatment=fields.read("treatment", lambda found: found.choice(Treatment), Treatment.NEVER),
        refused_as=fields.read("refused_as", lambda found: found.choice(Ground), None),
        assumption=fields.read("assumption", Node.flag, False),
    )
    if (terms.treatment is Treatment.NEVER) != (terms.refused_as is not None):
        node.fault("refused_as goes with the treatment never, and only with it")
    if terms.refused_as in PAYING:
        node.fault("refused_as must be a refusal code")
    return terms


def _approvals(node: Node) -> ApprovalTerms:
    fields = node.fields("above working_days", "always assumption")
    methods, methods_clause = fields.read("always", _always, _NO_METHODS)
    limits, limits_clause = fields.read("above", _above, _NO_LIMITS)
    return ApprovalTerms(
        methods=methods,
        methods_clause=methods_clause,
        limits=limits,
        limits_clause=limits_clause,
        working_days=fields.read("working_days", lambda found: found.integer(0, 60), 0),
        assumption=fields.read("assumption", Node.flag, False),
    )


def _always(node: Node) -> tuple[frozenset[Method], str | None]:
    fields = node.fields("methods clause")
    return fields.read("methods", _methods, frozenset()), fields.read("clause", Node.text, "")


def _above(node: Node) -> tuple[dict[str, Money], str]:
    fields = node.fields("limits clause")
    return fields.read("limits", _limits, {}), fields.read("clause", Node.text, "")


def _methods(node: Node) -> frozenset[Method]:
    return frozenset(entry.choice(Method) for entry in node.items())


def _limits(node: Node) -> dict[str, Money]:
    limits: dict[str, Money] = {}
    for currency, entry in node.pairs().items():
        try:
            limits[currency] = Money.parse(entry.text(), currency)
        except MoneyError as error:
            entry.fault(str(error))
    return limits


def _pay_out_days(node: Node) -> dict[Method, WorkingDays]:
    found = node.keyed_by(Method, _span)
    for method in Method:
        if method not in found:
            node.fault(f"says nothing of {method}")
    return found


def _span(node: Node) -> WorkingDays:
    fields = node.fields("least most", "assumption")
    span = WorkingDays(
        least=fields.read("least", lambda found: found.integer(0, 60), 0),
        most=fields.read("most", lambda found: found.integer(0, 60), 0),
        assumption=fields.read("assumption", Node.flag, False),
    )
    if span.least > span.most:
        node.fault("least must not be more than most")
    return span


def _overrides(node: Node) -> dict[date, bool]:
    days: dict[date, bool] = {}
    for entry in node.items():
        fields = entry.fields("date working")
        day = fields.read("date", Node.day, date.min)
        if day in days:
            entry.fault(f"{day} stands here twice")
        days[day] = fields.read("working", Node.flag, False)
    return days

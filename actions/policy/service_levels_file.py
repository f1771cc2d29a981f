"""Reads the ``hours`` and the ``service_levels`` of a brand file, strictly.

What they mean is left to ``business_hours`` and ``service_levels``.
"""

import re
from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from actions.domain.ticket import Category, Priority, Task
from actions.policy.business_hours import Hours, Span
from actions.policy.service_levels import WHOLE, Level, ServiceLevels, Target, Unit
from actions.policy.terms import Terms
from actions.policy.yaml_reader import Fields, Node

KINDS: Mapping[str, Category | Task] = {kind.value: kind for kind in (*Category, *Task)}
DECIDED_BY_A_PERSON = (Category.REVIEW, Category.APPEAL)
ANSWERED = (Category.HAND_OVER, Category.COMPLAINT, Category.CALL_BACK)

_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00")
_HOLIDAYS = re.compile(r"open|closed")


def read_hours(node: Node, zone: ZoneInfo, overrides: Mapping[date, bool]) -> Hours:
    """When people answer, as the file has it; faults are noted on ``node``."""
    fields = node.fields("spans holidays", "assumption")
    holidays = fields.read(
        "holidays", lambda f: f.matching(_HOLIDAYS, (" open 或 closed", "open or closed"))
    )
    return Hours(
        zone=zone,
        spans=fields.read("spans", _spans),
        closed_on_holidays=holidays == "closed",
        overrides=overrides,
        assumption=fields.flag("assumption"),
    )


def read_service_levels(node: Node) -> ServiceLevels:
    """What is promised of tickets, as the file has it."""
    fields = node.fields("tickets", "percent_of_time")
    return ServiceLevels(
        levels=fields.read("tickets", _levels),
        percent=fields.read_or("percent_of_time", _percent, {}),
    )


def check_service_levels(
    levels: ServiceLevels, terms: Terms, clauses: frozenset[str], node: Node
) -> None:
    """Note what rests on no clause, and what is later than the terms promise customers."""
    for name, entry in node.pairs()["tickets"].pairs().items():
        level, parts = levels.levels[KINDS[name]], entry.pairs()
        targets = {"first_response": level.first_response, "resolution": level.resolution}
        for part, target in targets.items():
            if target and target.clause is not None and target.clause not in clauses:
                parts[part].no_clause(target.clause)
        if _later_than_promised(KINDS[name], level, terms):
            entry.fault("比 terms 中的承诺还晚", "is later than the terms promise")


def _later_than_promised(kind: Category | Task, level: Level, terms: Terms) -> bool:
    if kind in DECIDED_BY_A_PERSON:
        return _more(level.resolution, Unit.WORKING_DAYS, terms.handling_days.most)
    if kind in ANSWERED:
        answer = level.first_response or level.resolution
        return _more(answer, Unit.HOURS, terms.reply_hours.value)
    if kind is Task.APPROVAL:
        return _more(level.resolution, Unit.WORKING_DAYS, terms.approvals.working_days)
    return False


def _more(target: Target, unit: Unit, most: int) -> bool:
    """Whether more is taken than ``most``; only like is compared with like."""
    return target.unit is unit and target.value > most


# --- hours ---------------------------------------------------------------------------------


def _spans(node: Node) -> tuple[Span, ...]:
    spans: list[Span] = []
    for entry in node.items():
        span = _span(entry)
        if any(_overlap(span, other) for other in spans):
            entry.fault("与同一天的另一段重叠", "overlaps with another on the same day")
        spans.append(span)
    return tuple(spans)


def _span(node: Node) -> Span:
    fields = node.fields("opens closes days")
    span = Span(
        opens=fields.read(
            "opens", lambda entry: entry.matching(_TIME, ('时间，如 "09:00"', 'a time as "09:00"'))
        ),
        closes=fields.read(
            "closes", lambda entry: entry.matching(_TIME, ('时间，如 "18:00"', 'a time as "18:00"'))
        ),
        days=fields.read("days", lambda entry: tuple(d.integer(1, 7) for d in entry.items())),
    )
    if span.opens and span.closes and span.opens >= span.closes:
        node.fault("closes 必须晚于 opens", "closes must be later than opens")
    return span


def _overlap(one: Span, other: Span) -> bool:
    same_day = set(one.days) & set(other.days)
    return bool(same_day) and one.opens < other.closes and other.opens < one.closes


# --- service levels ------------------------------------------------------------------------


def _levels(node: Node) -> dict[Category | Task, Level]:
    levels: dict[Category | Task, Level] = {}
    for name, entry in node.pairs().items():
        if name in KINDS:
            levels[KINDS[name]] = _level(entry)
        else:
            entry.must_be_one_of(KINDS)
    for name, kind in KINDS.items():
        if kind not in levels:
            node.fault(f"没有写 {name}", f"says nothing of {name}")
    return levels


def _level(node: Node) -> Level:
    fields = node.fields("resolution", "first_response")
    return Level(
        resolution=fields.read("resolution", _target),
        first_response=fields.read_or("first_response", _target, None),
    )


def _target(node: Node) -> Target:
    fields = node.fields("", f"{' '.join(Unit)} clause assumption")
    unit = _unit(node, fields)
    target = Target(
        unit=unit,
        value=fields.read(unit.value, lambda found: found.integer(1, 10_000)),
        clause=fields.read_or("clause", Node.text, None),
        assumption=fields.flag("assumption"),
    )
    if target.clause is None and not target.assumption:
        node.fault("需要 clause，或 assumption: true", "needs a clause, or assumption: true")
    return target


def _unit(node: Node, fields: Fields) -> Unit:
    found = [unit for unit in Unit if unit.value in fields]
    if len(found) != 1:
        names = ", ".join(Unit)
        node.fault(f"必须正好有一项：{names}", f"must have exactly one of {names}")
    return next(iter(found), Unit.HOURS)


def _percent(node: Node) -> dict[Priority, int]:
    fields = node.fields("", f"{' '.join(Priority)} assumption")
    fields.flag("assumption")
    return {
        priority: fields.read(priority.value, lambda found: found.integer(1, WHOLE))
        for priority in Priority
        if priority.value in fields
    }

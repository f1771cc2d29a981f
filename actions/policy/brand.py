"""A brand as its YAML file has it: names, contacts, clauses, terms. Strict on every key.

Knows what a brand file must say and that its parts fit together. Which rule uses a term is
left to ``rules``; reading YAML with line numbers, to ``yaml_reader``.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from actions.domain.errors import BrandFileRefused, Fault
from actions.policy.business_hours import Hours
from actions.policy.clauses import Clause, Words, check_gaps, filled, numbers_of, read_clauses
from actions.policy.grounds import EVERYWHERE, GROUNDS_OF, PAYING, Ground, Treatment
from actions.policy.service_levels import ServiceLevels
from actions.policy.service_levels_file import (
    check_service_levels,
    read_hours,
    read_service_levels,
)
from actions.policy.terms import Terms
from actions.policy.terms_file import check_terms, read_terms
from actions.policy.topics import ADVICE, AFTER_REFUSAL, Topic, Topics, check_topics, read_topics
from actions.policy.trust import Trust, check_trust, read_trust
from actions.policy.yaml_reader import Node, compose, said

BRANDS_FOLDER = Path(__file__).parent / "brands"

_ID = re.compile(r"[a-z][a-z0-9_]{1,31}")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_PAYLOAD = re.compile(r"/[a-z][a-z_]*(?:\{.*\})?")


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach the brand; ``value`` is an address or a number, where there is one."""

    channel: str
    words: Words
    value: str | None = None
    assumption: bool = False


@dataclass(frozen=True, slots=True)
class QuickStart:
    """A button offered with the greeting; ``payload`` is the intent it stands for."""

    title: Words
    payload: str


@dataclass(frozen=True, slots=True)
class Brand:
    """One brand served here. ``version`` changes with every change of its file, ``text``."""

    id: str
    version: str
    name: Words
    greeting: Words
    after_refusal: Words
    contacts: tuple[Contact, ...]
    hours: Hours
    service_levels: ServiceLevels
    order_number_patterns: tuple[str, ...]
    order_number_example: str
    clauses: dict[str, Clause]
    topics: Topics
    grounds: dict[Ground, str]
    advice: dict[Ground, Words]
    terms: Terms
    trust: Trust
    theme: dict[str, str]
    quick_start: tuple[QuickStart, ...]
    text: str = field(repr=False)
    source: Path | None = field(default=None, compare=False)

    @property
    def time_zone(self) -> ZoneInfo:
        """The zone in which this brand's days begin and end."""
        return self.terms.zone

    def passages_on(self, topic: Topic) -> tuple[Words, ...]:
        """What answers a question on this topic, in the order in which it is said."""
        return tuple(self._passage(name) for name in self.topics.get(topic, ()))

    def _passage(self, name: str) -> Words:
        if name == AFTER_REFUSAL:
            return self.after_refusal
        if name.startswith(ADVICE):
            return self.advice[Ground(name.removeprefix(ADVICE))]
        return self.clauses[name].words

    def clause_for(self, ground: Ground) -> Clause:
        """The clause a ground rests on."""
        return self.clauses[self.grounds[ground]]


def load_brands(folder: Path = BRANDS_FOLDER) -> dict[str, Brand]:
    """Every brand of a folder by its id. Raises ``BrandFileRefused`` with all faults."""
    brands: dict[str, Brand] = {}
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            brand = load_brand(path)
        except BrandFileRefused as error:
            faults += error.faults
        else:
            brands[brand.id] = brand
    if not brands and not faults:
        faults.append(Fault(folder.name, said("里没有品牌文件", "holds no brand file")))
    if faults:
        raise BrandFileRefused(*faults)
    return brands


def load_brand(path: Path) -> Brand:
    """One brand file. Raises ``BrandFileRefused``, each fault with the file's name and line."""
    try:
        brand = read_brand(path.read_text(encoding="utf-8"), path)
    except BrandFileRefused as error:
        raise BrandFileRefused(
            *(
                Fault(f"{path.name} {fault.path}".strip(), fault.message, fault.line)
                for fault in error.faults
            )
        ) from None
    if brand.id != path.stem:
        raise BrandFileRefused(
            Fault(
                f"{path.name} id",
                said(f"必须是 {path.stem}，与文件名相同", f"must be {path.stem}, as the file"),
                1,
            )
        )
    return brand


def read_brand(text: str, source: Path | None = None) -> Brand:
    """A brand from the text of its file. Raises ``BrandFileRefused`` with all its faults."""
    faults: list[Fault] = []
    root = compose(text, faults)
    brand = _brand(root, text, source) if root else None
    if root and brand and not faults:
        _check_together(brand, root)
    if faults or brand is None:
        raise BrandFileRefused(*faults)
    return brand


def _brand(root: Node, text: str, source: Path | None) -> Brand:
    fields = root.fields(
        "id version names greeting after_refusal time_zone contacts hours service_levels"
        " order_numbers clauses topics grounds terms trust theme quick_start",
        "advice",
    )
    zone = fields.read("time_zone", _zone)
    terms = fields.read("terms", lambda node: read_terms(node, zone))
    days, numbers = terms.working_day_overrides, numbers_of(terms)
    patterns, example = fields.read("order_numbers", _order_numbers)
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return Brand(
        id=fields.read(
            "id", lambda node: node.matching(_ID, ("小写短名", "a short lower-case name"))
        ),
        version=f"{fields.read('version', Node.text)}+{digest}",
        name=fields.read("names", Node.words),
        greeting=fields.read("greeting", Node.words),
        after_refusal=fields.read("after_refusal", Node.words),
        contacts=fields.read("contacts", lambda node: _contacts(node, numbers)),
        hours=fields.read("hours", lambda node: read_hours(node, zone, days)),
        service_levels=fields.read("service_levels", read_service_levels),
        order_number_patterns=patterns,
        order_number_example=example,
        clauses=fields.read("clauses", lambda node: read_clauses(node, numbers)),
        topics=fields.read("topics", read_topics),
        grounds=fields.read("grounds", lambda node: node.keyed_by(Ground, Node.text)),
        advice=fields.read_or("advice", lambda node: node.keyed_by(Ground, Node.words), {}),
        terms=terms,
        trust=fields.read("trust", read_trust),
        theme=fields.read("theme", _theme),
        quick_start=fields.read("quick_start", _quick_start),
        text=text,
        source=source,
    )


# --- what it looks like --------------------------------------------------------------------


def _zone(node: Node) -> ZoneInfo:
    name = node.text()
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        node.fault("必须是时区，如 Asia/Shanghai", "must be a time zone such as Asia/Shanghai")
        return ZoneInfo("UTC")


def _contacts(node: Node, numbers: Mapping[str, str]) -> tuple[Contact, ...]:
    return tuple(_contact(entry, numbers) for entry in node.items())


def _contact(node: Node, numbers: Mapping[str, str]) -> Contact:
    fields = node.fields("channel zh en", "value assumption")
    return Contact(
        channel=fields.read("channel", Node.text),
        words=filled(node, fields.words(), numbers),
        value=fields.read_or("value", Node.text, None),
        assumption=fields.flag("assumption"),
    )


def _patterns(node: Node) -> tuple[str, ...]:
    return tuple(entry.pattern() for entry in node.items())


def _order_numbers(node: Node) -> tuple[tuple[str, ...], str]:
    fields = node.fields("patterns example")
    patterns = fields.read("patterns", _patterns)
    example = fields.read("example", Node.text)
    if not node.faults and not any(re.fullmatch(pattern, example) for pattern in patterns):
        node.fault("example 与所有 patterns 都不符", "example matches none of the patterns")
    return patterns, example


def _theme(node: Node) -> dict[str, str]:
    fields = node.fields("primary on_primary accent surface text")
    return {
        name: fields.read(
            name,
            lambda entry: entry.matching(_COLOUR, ('颜色，如 "#0a7cff"', 'a colour as "#0a7cff"')),
        )
        for name in fields
    }


def _quick_start(node: Node) -> tuple[QuickStart, ...]:
    def button(entry: Node) -> QuickStart:
        fields = entry.fields("zh en payload")
        payload = fields.read(
            "payload",
            lambda found: found.matching(
                _PAYLOAD, ("意图，如 /request_refund", "an intent as /request_refund")
            ),
        )
        return QuickStart(fields.words(), payload)

    return tuple(button(entry) for entry in node.items())


# --- whether its parts fit together --------------------------------------------------------


def _check_together(brand: Brand, root: Node) -> None:
    """Note what only shows when several parts of the file are seen side by side."""
    parts = root.pairs()
    needed = set(EVERYWHERE)
    for kind in brand.terms.kinds.values():
        needed |= GROUNDS_OF[kind.treatment]
        needed |= {kind.refused_as} if kind.refused_as else set()
    for ground in sorted(needed - set(brand.grounds)):
        parts["grounds"].fault(f"没有给 {ground} 指定条款", f"names no clause for {ground}")
    renews = Treatment.UNLESS_CANCELLED in {k.treatment for k in brand.terms.kinds.values()}
    check_topics(brand.topics, brand.clauses, brand.advice, renews=renews, node=parts["topics"])
    for node in parts["grounds"].pairs().values():
        if node.text() not in brand.clauses:
            node.no_clause(node.text())
    for ground in sorted(PAYING & set(brand.advice)):
        parts["advice"].pairs()[ground].fault(
            "advice 只能写给拒绝代码", "advice goes with refusal codes only"
        )
    check_terms(brand.terms, frozenset(brand.clauses), parts["terms"])
    check_trust(brand.trust, frozenset(brand.clauses), parts["trust"])
    check_service_levels(
        brand.service_levels, brand.terms, frozenset(brand.clauses), parts["service_levels"]
    )
    if not root.faults:  # a number may be missing because its term is: that has been told
        for part in ("clauses", "contacts"):
            check_gaps(parts[part], numbers_of(brand.terms))

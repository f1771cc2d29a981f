"""A brand as its YAML file has it: names, contacts, clauses, terms. Strict on every key.

Knows what a brand file must say and that its parts fit together. Which rule uses a term is
left to ``rules``; reading YAML with line numbers, to ``yaml_reader``.
"""

import hashlib
import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from actions.domain.errors import BrandFileRefused, Fault
from actions.policy.business_hours import Hours
from actions.policy.grounds import EVERYWHERE, GROUNDS_OF, PAYING, Ground, Treatment
from actions.policy.service_levels import ServiceLevels
from actions.policy.service_levels_file import (
    check_service_levels,
    read_hours,
    read_service_levels,
)
from actions.policy.terms import Terms
from actions.policy.terms_file import check_terms, read_terms
from actions.policy.trust import Trust, check_trust, read_trust
from actions.policy.yaml_reader import Node, compose, said

BRANDS_FOLDER = Path(__file__).parent / "brands"

Words = dict[str, str]
"""The same thing in both languages, under the keys "zh" and "en"."""

_ID = re.compile(r"[a-z][a-z0-9_]{1,31}")
_CLAUSE_ID = re.compile(r"[A-Z]{1,3}-[1-9][0-9]?")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_PAYLOAD = re.compile(r"/[a-z][a-z_]*(?:\{.*\})?")


@dataclass(frozen=True, slots=True)
class Clause:
    """One sentence of the policy, and where the brand's documents say it.

    ``assumption`` marks what they leave open and the desk has filled in.
    """

    id: str
    words: Words
    source: str
    assumption: bool = False


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


class Topic(StrEnum):
    """What customers ask about the policy in general."""

    REFUND_POLICY = "refund_policy"
    HOW_LONG = "how_long"
    FEES_OR_PARTIAL_REFUND = "fees_or_partial_refund"
    DOCUMENTS = "documents"
    CHANNELS = "channels"
    APPEAL_OR_DISPUTE = "appeal_or_dispute"
    SECURITY_QUESTION = "security_question"
    CANCEL_SUBSCRIPTION = "cancel_subscription"


OF_SUBSCRIPTIONS = frozenset({Topic.CANCEL_SUBSCRIPTION})
"""Topics that a brand without renewals has nothing to say on."""


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
    topics: dict[Topic, tuple[str, ...]]
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

    def clauses_on(self, topic: Topic) -> tuple[Clause, ...]:
        """The clauses that answer a general question, in the order in which they are said."""
        return tuple(self.clauses[clause] for clause in self.topics.get(topic, ()))

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
    days = terms.working_day_overrides
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
        contacts=fields.read("contacts", _contacts),
        hours=fields.read("hours", lambda node: read_hours(node, zone, days)),
        service_levels=fields.read("service_levels", read_service_levels),
        order_number_patterns=patterns,
        order_number_example=example,
        clauses=fields.read("clauses", _clauses),
        topics=fields.read("topics", lambda node: node.keyed_by(Topic, _clause_ids)),
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


def _contacts(node: Node) -> tuple[Contact, ...]:
    return tuple(_contact(entry) for entry in node.items())


def _contact(node: Node) -> Contact:
    fields = node.fields("channel zh en", "value assumption")
    return Contact(
        channel=fields.read("channel", Node.text),
        words=fields.words(),
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


def _clauses(node: Node) -> dict[str, Clause]:
    clauses: dict[str, Clause] = {}
    for entry in node.items():
        fields = entry.fields("id zh en source", "assumption")
        clause = Clause(
            id=fields.read(
                "id", lambda found: found.matching(_CLAUSE_ID, ("编号，如 K-1", "an id as K-1"))
            ),
            words=fields.words(),
            source=fields.read("source", Node.text),
            assumption=fields.flag("assumption"),
        )
        if clause.id in clauses:
            entry.fault(f"条款 {clause.id} 重复出现", f"the clause {clause.id} stands here twice")
        clauses[clause.id] = clause
    return clauses


def _clause_ids(node: Node) -> tuple[str, ...]:
    return tuple(entry.text() for entry in node.items())


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
    needless = set() if renews else OF_SUBSCRIPTIONS
    for topic in sorted(set(Topic) - set(brand.topics) - needless):
        parts["topics"].fault(f"没有给 {topic} 指定条款", f"names no clause for {topic}")
    of_topics = [entry for node in parts["topics"].pairs().values() for entry in node.items()]
    for node in [*parts["grounds"].pairs().values(), *of_topics]:
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

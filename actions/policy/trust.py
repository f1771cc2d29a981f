"""What a brand file says of trust: which sites may carry the chat, what a refund has to be proved
with besides, and for how long what customers wrote is kept.

Knows the terms and how they are read. Leaves carrying them out to the services and the gateway.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from actions.domain.money import Money
from actions.policy.terms_file import read_amount
from actions.policy.yaml_reader import Node

_LOCAL = frozenset({"localhost", "127.0.0.1"})
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class ProofTerms:
    """Above a currency's limit a refund takes a payment proof; in any other currency always."""

    above: dict[str, Money]
    clause: str
    assumption: bool = False

    def asked_for(self, amount: Money) -> bool:
        """Whether an order of this amount takes one."""
        limit = self.above.get(amount.currency)
        return limit is None or amount > limit


@dataclass(frozen=True, slots=True)
class Retention:
    """After how many days without news something goes; the books stay, without names."""

    conversations: int
    """Chats: transcript, what was understood, and their files that belong to no case."""
    cases: int
    """Cases that have ended: their evidence, free text, tickets and the chats they came from."""
    assumption: bool = False


@dataclass(frozen=True, slots=True)
class Trust:
    """``sites`` are origins (``https://help.example.com``) whose pages may carry the chat."""

    sites: tuple[str, ...]
    retention: Retention
    payment_proof: ProofTerms | None = None
    """None: the brand never asks for one."""


def read_trust(node: Node) -> Trust:
    """The section as the file has it; faults are noted on ``node``."""
    fields = node.fields("sites retention", "payment_proof")
    return Trust(
        sites=fields.read("sites", lambda found: tuple(_site(each) for each in found.items())),
        retention=fields.read("retention", _retention),
        payment_proof=fields.read_or("payment_proof", _proof, None),
    )


def check_trust(trust: Trust, clauses: frozenset[str], node: Node) -> None:
    """Note a payment proof that rests on no clause."""
    if trust.payment_proof and trust.payment_proof.clause not in clauses:
        node.pairs()["payment_proof"].no_clause(trust.payment_proof.clause)


def _site(node: Node) -> str:
    found = node.matching(
        _ORIGIN,
        ("网址来源，如 https://www.example.com", "an origin such as https://www.example.com"),
    )
    if found.startswith("http://") and urlsplit(found).hostname not in _LOCAL:
        node.fault("必须以 https:// 开头", "must begin with https://")
    return found


def _retention(node: Node) -> Retention:
    fields = node.fields("conversations_days cases_days", "assumption")
    return Retention(
        conversations=fields.read("conversations_days", lambda found: found.integer(1, 36_500)),
        cases=fields.read("cases_days", lambda found: found.integer(1, 36_500)),
        assumption=fields.flag("assumption"),
    )


def _proof(node: Node) -> ProofTerms:
    fields = node.fields("above clause", "assumption")
    return ProofTerms(
        above=fields.read("above", _above),
        clause=fields.read("clause", Node.text),
        assumption=fields.flag("assumption"),
    )


def _above(node: Node) -> dict[str, Money]:
    limits = {name: read_amount(entry, name) for name, entry in node.pairs().items()}
    return {currency: limit for currency, limit in limits.items() if limit is not None}

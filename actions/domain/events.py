"""What has happened, in the past tense, and who did it. Keeping a record is ``storage``'s."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from actions.domain.decision import Outcome


class Role(StrEnum):
    """In what capacity somebody acted."""

    CUSTOMER = "customer"
    DESK = "desk"
    WORKER = "worker"
    AGENT = "agent"
    FINANCE = "finance"
    OPERATOR = "operator"

    @property
    def is_staff(self) -> bool:
        """Whether a person of the brand's acted, rather than the customer or a machine."""
        return self in (Role.AGENT, Role.FINANCE, Role.OPERATOR)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: a role, and a name that is unique within it."""

    role: Role
    name: str = ""

    def __str__(self) -> str:
        return f"{self.role}:{self.name}" if self.name else str(self.role)


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """A refund was asked for."""

    number: str
    order_number: str
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseMoved:
    """A refund case went from one state to another (or was decided anew)."""

    number: str
    was: str
    state: str
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class RefundDecided:
    """The policy, or a person, answered a request."""

    number: str
    outcome: Outcome
    policy_version: str
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class CodeSent:
    """A one-time code went out to an account's e-mail."""

    conversation: str
    brand: str
    account_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CustomerVerified:
    """A customer proved, in one conversation, whose account it is."""

    conversation: str
    brand: str
    account_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TicketOpened:
    """Something was put before a person."""

    ticket: str
    category: str
    by: Actor
    at: datetime

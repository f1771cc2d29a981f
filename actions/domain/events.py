"""What has happened, in the past tense, and who did it. Keeping a record is ``storage``'s."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
class CaseMoved:
    """A refund case went from one state to another (or was decided anew)."""

    number: str
    was: str
    state: str
    by: Actor
    at: datetime

"""The people who work at the desk: their roles, what each role may do, and whose chats they see.

Knows one table, from role to permissions, and in what capacity a permission is used. How somebody
proves to be a member of staff is left to the sign-in service.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from actions.domain.errors import NotAllowed
from actions.domain.events import Actor, Role


class StaffRole(StrEnum):
    """What somebody is employed for; a person may have several."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    POLICY_OWNER = "policy_owner"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Permission(StrEnum):
    """One thing that not everybody may do."""

    OWN_ACCOUNT = "own_account"
    """Change one's own password, recovery codes and sessions."""
    READ_CONVERSATIONS = "read_conversations"
    """Read transcripts, with personal data masked."""
    REVEAL_PERSONAL_DATA = "reveal_personal_data"
    """See what is masked, for a reason that is kept."""
    HANDLE_CASES = "handle_cases"
    """Answer customers, decide reviews, work on tickets."""
    APPROVE_PAYOUTS = "approve_payouts"
    """Agree to money being sent."""
    EDIT_POLICY = "edit_policy"
    """Draft what the refund policy shall say."""
    READ_ACCESS_LOG = "read_access_log"
    """See who has looked at whose personal data, and why."""
    MANAGE_STAFF = "manage_staff"
    """Add and disable members of staff, change their roles, reset how they sign in."""


P = Permission

MAY: dict[StaffRole, frozenset[Permission]] = {
    StaffRole.AGENT: frozenset(
        {P.OWN_ACCOUNT, P.READ_CONVERSATIONS, P.REVEAL_PERSONAL_DATA, P.HANDLE_CASES}
    ),
    StaffRole.SUPERVISOR: frozenset(
        {
            P.OWN_ACCOUNT,
            P.READ_CONVERSATIONS,
            P.REVEAL_PERSONAL_DATA,
            P.HANDLE_CASES,
            P.APPROVE_PAYOUTS,
        }
    ),
    StaffRole.POLICY_OWNER: frozenset({P.OWN_ACCOUNT, P.READ_CONVERSATIONS, P.EDIT_POLICY}),
    StaffRole.AUDITOR: frozenset({P.OWN_ACCOUNT, P.READ_CONVERSATIONS, P.READ_ACCESS_LOG}),
    StaffRole.ADMIN: frozenset({P.OWN_ACCOUNT, P.READ_ACCESS_LOG, P.MANAGE_STAFF}),
}
"""Who may do what. Who hands out access (admin) reads no customer's words by that alone, and who
checks on others (auditor) changes nothing.
"""

CAPACITY: dict[Permission, Role] = {
    P.OWN_ACCOUNT: Role.AGENT,
    P.READ_CONVERSATIONS: Role.AGENT,
    P.REVEAL_PERSONAL_DATA: Role.AGENT,
    P.HANDLE_CASES: Role.AGENT,
    P.APPROVE_PAYOUTS: Role.FINANCE,
    P.EDIT_POLICY: Role.OPERATOR,
    P.READ_ACCESS_LOG: Role.OPERATOR,
    P.MANAGE_STAFF: Role.OPERATOR,
}
"""In what capacity the business' services see a person who makes use of a permission."""


class StaffState(StrEnum):
    """Whether somebody may sign in."""

    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff. ``name`` is unique, never given to another, and what trails show."""

    id: str
    name: str
    email: str
    roles: frozenset[StaffRole]
    brands: frozenset[str] | None
    """The brands whose customers they see; None: all, also those to come."""
    state: StaffState
    created_at: datetime
    totp_enrolled_at: datetime | None = None
    must_change_password: bool = False
    signed_in_at: datetime | None = None

    @property
    def permissions(self) -> frozenset[Permission]:
        """All that their roles allow together; nothing once they are disabled."""
        if self.state is not StaffState.ACTIVE:
            return frozenset()
        return frozenset().union(*(MAY[role] for role in self.roles))

    def may(self, permission: Permission) -> bool:
        """Whether one of their roles allows it."""
        return permission in self.permissions

    def sees(self, brand: str) -> bool:
        """Whether the customers of ``brand`` are theirs to see."""
        return self.brands is None or brand in self.brands

    def acting(self, permission: Permission) -> Actor:
        """Who the services are told did it: always under one name, whatever the capacity, so that
        nobody checks their own work in another.

        Raises:
            NotAllowed: they may not.
        """
        if not self.may(permission):
            raise NotAllowed()
        return Actor(CAPACITY[permission], self.name)


def name_key(name: str) -> str:
    """``name`` as it is compared: width and case folded, trimmed."""
    return unicodedata.normalize("NFKC", name).strip().casefold()

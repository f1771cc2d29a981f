"""A change of an account's e-mail address, as staff see it: when and where, not from or to what."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ContactChange:
    """One that was carried out; ``id`` is what undoes it."""

    id: str
    brand: str
    account_id: str
    conversation: str
    done_at: datetime
    undone_at: datetime | None = None

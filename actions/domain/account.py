"""A customer's account as the brand's records have it. Proving whose it is, is left to others."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class AccountStatus(StrEnum):
    """Whether the account is in good standing."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


ERASED_DOMAIN = "erased.invalid"
"""Where the addresses of erased accounts lead: nowhere, by the rules of the net."""


def email_key(email: str) -> str:
    """``email`` as it is compared: full-width characters folded, trimmed, lower case.

    For comparing and indexing only: mail always goes to the address in the records.
    """
    return unicodedata.normalize("NFKC", email).strip().lower()


@dataclass(frozen=True, slots=True)
class Account:
    """One account of one brand; ``id`` is unique within the brand.

    ``language`` is "zh", "en" or None where the records don't say.
    """

    brand: str
    id: str
    email: str
    name: str
    language: str | None = None
    status: AccountStatus = AccountStatus.ACTIVE

    @property
    def is_erased(self) -> bool:
        """Whether nobody is behind it any more: no mail is to be sent."""
        return self.email.endswith(f"@{ERASED_DOMAIN}")

    def email_key(self) -> str:
        """The account's e-mail as it is compared; see the function of this name."""
        return email_key(self.email)

"""Who is talking, once proved. How it is proved is left to the verification service."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Customer:
    """A person verified for one account of one brand, within one conversation."""

    brand: str
    account_id: str
    conversation: str

"""What each kind of promised work means: a thin line from its payload to one service call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from actions.bootstrap import Desk

Handler = Callable[[Desk, Mapping[str, Any]], Awaitable[None]]


async def send_code(desk: Desk, payload: Mapping[str, Any]) -> None:
    """Mail a one-time code; a decoy or one that is no longer good is not mailed."""
    await desk.notices.mail_code(payload)


async def send_notice(desk: Desk, payload: Mapping[str, Any]) -> None:
    """Mail a customer what has become of their case."""
    await desk.notices.mail_notice(payload)


async def send_renewal_notice(desk: Desk, payload: Mapping[str, Any]) -> None:
    """Mail a customer how the end of their auto-renewal stands."""
    await desk.notices.mail_renewal_notice(payload)


async def send_contact_code(desk: Desk, payload: Mapping[str, Any]) -> None:
    """Mail a code to an address that is to be an account's."""
    await desk.notices.mail_contact_code(payload)


async def send_contact_changed(desk: Desk, payload: Mapping[str, Any]) -> None:
    """Tell an account's old address that it is no longer the account's."""
    await desk.notices.mail_contact_changed(payload)


async def send_payout(desk: Desk, payload: Mapping[str, Any]) -> None:
    """Have the money of a confirmed case paid back."""
    await desk.payouts.send(payload["case"])


HANDLERS: Mapping[str, Handler] = {
    "send_code": send_code,
    "notice": send_notice,
    "renewal_notice": send_renewal_notice,
    "contact_code": send_contact_code,
    "contact_changed": send_contact_changed,
    "payout": send_payout,
}

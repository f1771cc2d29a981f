"""Cases on their way to people, and the people, for the tests beside this file."""

from __future__ import annotations

from typing import Any

from actions.domain.customer import Customer
from actions.domain.decision import Outcome
from actions.domain.events import Actor, Role
from actions.domain.refund_case import RefundCase
from actions.services.reviews import Ruling
from actions.testing.desk import DeskForTests

WU, ZHOU, ZHENG, WANG = (Actor(Role.AGENT, name) for name in ("wu", "zhou", "zheng", "wang"))
FINANCIER = Actor(Role.FINANCE, "qian")
OPERATOR = Actor(Role.OPERATOR, "sun")
NOT_STAFF = [
    Actor(Role.CUSTOMER, "A-1"),
    Actor(Role.DESK),
    Actor(Role.WORKER, "w"),
    Actor(Role.AGENT),
    Actor(Role.AGENT, "  "),
]
APPROVED = Ruling(Outcome.APPROVED, "the outage of May")
DENIED = Ruling(Outcome.DENIED, "used every day")
WORDS = {"zh": "五月的故障确实影响了您。", "en": "The outage in May did affect you."}


async def in_review(desk: DeskForTests, **more: Any) -> tuple[Customer, RefundCase]:
    """A case past its window, which waits for a person."""
    await desk.has_order("KL1", **{"days_ago": 60, "gateway": "fake"} | more)
    li = await desk.verified(paid_orders=["KL1"])
    return li, await desk.refunds.request(li, "KL1")


async def refused(desk: DeskForTests, **more: Any) -> tuple[Customer, RefundCase]:
    """A case that the policy has refused."""
    await desk.has_order("KL1", **{"kind": "renewal", "days_ago": 3, "gateway": "fake"} | more)
    li = await desk.verified()
    return li, await desk.refunds.request(li, "KL1")


async def awaiting_approval(desk: DeskForTests, needed: int = 1) -> tuple[Customer, RefundCase]:
    """A confirmed case that as many people must agree to: crypto takes two, much money one."""
    if needed == 2:
        await desk.has_account(brand="bitpie")
        await desk.has_order(
            "BP1", brand="bitpie", kind="service_fee", item="fee", method="crypto", gateway="fake"
        )
        li = await desk.verified(brand="bitpie", paid_orders=["BP1"])
        case = await desk.refunds.request(li, "BP1", "wrong_operation")
    else:
        await desk.has_order("KL1", amount="2500.00", gateway="fake")
        li = await desk.verified(paid_orders=["KL1"])
        case = await desk.refunds.request(li, "KL1")
    assert case.decision is not None
    assert case.decision.approvals_needed == needed
    return li, await desk.refunds.confirm(li, case.number)


async def moves(desk: DeskForTests, number: str) -> list[tuple[str, str, str]]:
    """Who took which step and where it led, as the trail has it."""
    trail = await desk.trail(f"case:{number}")
    found = [row for row in trail if row.what == "case_moved"]
    return [(row.data["step"], row.data["state"], row.actor) for row in found]


async def subjects(desk: DeskForTests) -> list[str]:
    """The subjects of all mails, once the worker has done its work."""
    await desk.run_worker_once()
    return [mail.subject for mail in desk.mailer.sent]


async def findings(desk: DeskForTests) -> list[str]:
    """What the check-up says."""
    return [finding.code for finding in await desk.desk.doctor.findings()]

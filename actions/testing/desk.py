"""A whole desk over an empty database, with a clock to move and a mailer to look into."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from actions.bootstrap import Desk, build_desk
from actions.domain.account import Account
from actions.domain.assurance import Proof
from actions.domain.customer import Customer
from actions.domain.order import Order, Refund
from actions.gateways.base import PaymentGateway
from actions.gateways.manual import ManualGateway
from actions.policy.brand import Brand, load_brands
from actions.services.codes import code_of
from actions.services.verification import IDLE_AT_MOST
from actions.settings import Settings, identity_variable
from actions.storage.payouts import Payout
from actions.storage.tables import AuditRow
from actions.testing.builders import a_customer, an_account, an_order
from actions.testing.clock import MovableClock
from actions.testing.database import empty_tables
from actions.testing.gateway import FakeGateway
from actions.testing.mailer import FakeMailer
from actions.worker.handlers import HANDLERS, Handler
from actions.worker.worker import Worker

SECRET = "a secret for tests only, of no use to anyone"
IDENTITY_KEYS = {
    brand: f"{brand}'s key, for tests only and of no use to anyone"
    for brand in ("kuailian", "bitpie")
}


@cache
def shipped_brands() -> Mapping[str, Brand]:
    """The brands shipped, read once."""
    return load_brands()


class DeskForTests:
    """``desk`` is the real thing; the rest makes tests short."""

    def __init__(
        self, desk: Desk, clock: MovableClock, mailer: FakeMailer, gateway: FakeGateway
    ) -> None:
        self.desk = desk
        self.clock = clock
        self.mailer = mailer
        self.gateway = gateway
        self.verification = desk.verification
        self.contact_changes = desk.contact_changes
        self.refunds = desk.refunds
        self.payouts = desk.payouts
        self.tickets = desk.tickets
        self.reviews = desk.reviews
        self.approvals = desk.approvals
        self.appeals = desk.appeals
        self.evidence = desk.evidence
        self.renewals = desk.renewals

    async def has_account(self, account: Account | None = None, **more: Any) -> Account:
        """Put an account into the records; see ``builders.an_account``."""
        account = account or an_account(**more)
        async with self.desk.storage.writing() as work:
            await work.records.save_accounts([account], self.clock())
        return account

    async def has_order(
        self, order_number: str = "KL1", account: str = "A-1", **more: Any
    ) -> Order:
        """Put an order into the records, and its account if there is none; see ``an_order``."""
        order = an_order(order_number, account, **{"now": self.clock()} | more)
        async with self.desk.storage.writing() as work:
            if await work.records.account(order.brand, account) is None:
                await work.records.save_accounts(
                    [an_account(account, brand=order.brand)], self.clock()
                )
            await work.records.save_orders([order], self.clock())
        return order

    async def has_refund(self, refund: Refund, brand: str = "kuailian") -> None:
        """Put a refund made before into the records."""
        async with self.desk.storage.writing() as work:
            await work.records.save_past_refunds(brand, [refund])

    async def verified(
        self,
        account: str = "A-1",
        conversation: str = "c1",
        brand: str = "kuailian",
        *,
        proofs: Iterable[Proof] = (Proof.CODE,),
        paid_orders: Iterable[str] = (),
    ) -> Customer:
        """A conversation that has proved to speak for an account, by a code unless said so."""
        given = a_customer(account, conversation, brand, proofs=proofs, paid_orders=paid_orders)
        now = self.clock()
        async with self.desk.storage.writing() as work:
            return await work.checks.verify(given, since=now - IDLE_AT_MOST, at=now)

    async def code_for(self, conversation: str) -> str:
        """The code that a conversation asked for last, as its mail tells it."""
        async with self.desk.storage.reading() as work:
            challenge = await work.checks.latest_challenge(conversation)
        assert challenge is not None, "no code was asked for"
        return code_of(challenge.id, SECRET)

    async def run_worker_once(
        self, name: str = "worker", handlers: Mapping[str, Handler] = HANDLERS
    ) -> int:
        """Do all that is due, and what falls due by it; how many jobs there were."""
        worker, done = Worker(self.desk, name, handlers), 0
        while jobs := await worker.run_once():
            done += jobs
        return done

    async def payouts_of(self, order_number: str, brand: str = "kuailian") -> list[Payout]:
        """All payouts of an order, oldest first."""
        async with self.desk.storage.reading() as work:
            return await work.payouts.of_order(brand, order_number)

    async def trail(self, subject: str) -> list[AuditRow]:
        """All that was recorded of a subject, oldest first."""
        async with self.desk.storage.reading() as work:
            return await work.audit.trail(subject)


@asynccontextmanager
async def desk_for_tests(
    where: Path | str, clock: MovableClock | None = None, gateway: FakeGateway | None = None
) -> AsyncIterator[DeskForTests]:
    """A desk over a new SQLite database in a folder, or over one with tables at an address.

    Files that customers give lie in that folder, or in one that goes away with the desk.
    """
    if isinstance(where, Path):
        url = f"sqlite+aiosqlite:///{where / 'desk.db'}"
        await empty_tables(url)
    else:
        url = where
    elsewhere = TemporaryDirectory(prefix="desk-")
    settings = Settings.from_env(
        {
            "DESK_HOME": str(where) if isinstance(where, Path) else elsewhere.name,
            "DESK_DATABASE_URL": url,
            "DESK_CODE_SECRET": SECRET,
            "DESK_INTERNAL_SECRET": SECRET[::-1],
            "DESK_PUBLIC_URL": "https://desk.example.com",
            **{identity_variable(brand): key for brand, key in IDENTITY_KEYS.items()},
        }
    )
    clock, mailer, gateway = clock or MovableClock(), FakeMailer(), gateway or FakeGateway()
    gateways: dict[str, PaymentGateway] = {"manual": ManualGateway(), "fake": gateway}
    desk = await build_desk(
        settings, clock, sender=mailer, gateways=gateways, brands=shipped_brands()
    )
    try:
        yield DeskForTests(desk, clock, mailer, gateway)
    finally:
        await desk.close()
        elsewhere.cleanup()

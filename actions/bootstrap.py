"""Builds the business from settings: the only place that knows how its parts fit together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from actions.domain.clock import Clock, utc_now
from actions.gateways.base import PaymentGateway
from actions.gateways.manual import ManualGateway
from actions.notices.senders import Mailer
from actions.policy.brand import Brand, load_brands
from actions.policy.engine import decide
from actions.services.deciding import Deciding
from actions.services.doctor import Doctor
from actions.services.exporter import Exporter
from actions.services.importer import Importer
from actions.services.notices import Notices, Sender
from actions.services.outbox import OutboxService
from actions.services.payouts import PayoutService
from actions.services.refunds import Refunds
from actions.services.service_levels import due_by
from actions.services.tickets import Tickets
from actions.services.verification import Verification
from actions.settings import Settings
from actions.storage.work import Storage


@dataclass(frozen=True)
class Desk:
    """The business, ready for use. ``engine`` and ``sessions`` are for chat's own tables."""

    settings: Settings
    clock: Clock
    brands: Mapping[str, Brand]
    storage: Storage
    verification: Verification
    refunds: Refunds
    payouts: PayoutService
    tickets: Tickets
    notices: Notices
    outbox: OutboxService
    importer: Importer
    exporter: Exporter
    doctor: Doctor

    @property
    def engine(self) -> AsyncEngine:
        """The database's engine."""
        return self.storage.engine

    @property
    def sessions(self) -> async_sessionmaker[AsyncSession]:
        """Sessions that write."""
        return self.storage.sessions

    async def close(self) -> None:
        """Let go of everything that was opened."""
        await self.storage.close()


async def build_desk(
    settings: Settings,
    clock: Clock | None = None,
    *,
    sender: Sender | None = None,
    gateways: Mapping[str, PaymentGateway] | None = None,
    brands: Mapping[str, Brand] | None = None,
) -> Desk:
    """Return a desk over the settings' database, which has been migrated already.

    What is not given is the real thing: the brands shipped, mail by SMTP, payouts by hand.

    Raises:
        BrandFileRefused: a brand file is not valid.
    """
    clock = clock or utc_now
    brands = brands or load_brands()
    storage = Storage.at(settings.database_url)
    sender = sender or Mailer(settings)
    gateways = gateways or {ManualGateway.name: ManualGateway()}
    secret = settings.code_secret
    tickets = Tickets(storage, due_by(brands), clock)
    notices = Notices(storage, sender, brands, secret, settings.public_url, clock)
    payouts = PayoutService(storage, gateways, tickets, notices, clock)
    deciding = Deciding(
        lambda facts: decide(facts, brands[facts.order.brand]), tickets, notices, clock
    )
    return Desk(
        settings=settings,
        clock=clock,
        brands=brands,
        storage=storage,
        verification=Verification(storage, notices, secret, clock),
        refunds=Refunds(storage, deciding, payouts, tickets, notices, clock),
        payouts=payouts,
        tickets=tickets,
        notices=notices,
        outbox=OutboxService(storage, tickets, clock),
        importer=Importer(storage, brands.keys(), clock),
        exporter=Exporter(storage),
        doctor=Doctor(storage),
    )

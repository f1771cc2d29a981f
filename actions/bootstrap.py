"""Builds the business from settings: the only place that knows how its parts fit together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from actions.domain.clock import Clock, utc_now
from actions.gateways.base import PaymentGateway
from actions.gateways.manual import ManualGateway
from actions.notices.senders import Mailer
from actions.policy.brand import Brand, load_brands
from actions.services.appeals import Appeals
from actions.services.approvals import Approvals
from actions.services.contact_changes import ContactChanges
from actions.services.deciding import Deciding
from actions.services.doctor import Doctor
from actions.services.escalation import Escalation
from actions.services.evidence import EvidenceService
from actions.services.exporter import Exporter
from actions.services.importer import Importer
from actions.services.notices import Notices, Sender
from actions.services.outbox import OutboxService
from actions.services.passwords import Passwords
from actions.services.payouts import PayoutService
from actions.services.person_export import PersonExport
from actions.services.privacy import Privacy
from actions.services.receipts import Receipts
from actions.services.refunds import Refunds
from actions.services.renewals import Renewals
from actions.services.replay import Replay
from actions.services.retention import RetentionSweep
from actions.services.reviews import Reviews
from actions.services.service_levels import ServiceClocks
from actions.services.sign_in import SignIn
from actions.services.staff import StaffService
from actions.services.tickets import Tickets
from actions.services.transcripts import Transcripts
from actions.services.verification import Verification
from actions.settings import Settings
from actions.storage.demo_mailbox import DemoMailbox
from actions.storage.trackers import Trackers
from actions.storage.uploads import Uploads
from actions.storage.work import Storage


@dataclass(frozen=True)
class Desk:
    """The business, ready for use. ``engine`` and ``sessions`` are for chat's own tables."""

    settings: Settings
    clock: Clock
    brands: Mapping[str, Brand]
    storage: Storage
    verification: Verification
    contact_changes: ContactChanges
    refunds: Refunds
    reviews: Reviews
    approvals: Approvals
    appeals: Appeals
    evidence: EvidenceService
    renewals: Renewals
    payouts: PayoutService
    tickets: Tickets
    escalation: Escalation
    notices: Notices
    outbox: OutboxService
    importer: Importer
    exporter: Exporter
    doctor: Doctor
    receipts: Receipts
    replay: Replay
    passwords: Passwords
    sign_in: SignIn
    staff: StaffService
    transcripts: Transcripts
    privacy: Privacy
    person_export: PersonExport
    retention: RetentionSweep

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
    readable_label: Callable[[str], str] = str,
    passwords: Passwords | None = None,
) -> Desk:
    """Return a desk over the settings' database, which has been migrated already.

    What is not given is the real thing: the brands shipped, mail by SMTP, payouts by hand.
    ``readable_label`` takes out of a file's name what nobody may read.

    Raises:
        BrandFileRefused: a brand file is not valid.
    """
    clock = clock or utc_now
    brands = brands or load_brands()
    storage = Storage.at(settings.database_url)
    sender = sender or Mailer(settings)
    gateways = gateways or {ManualGateway.name: ManualGateway()}
    secret = settings.code_secret
    tickets = Tickets(storage, ServiceClocks(brands), clock)
    notices = Notices(storage, sender, brands, secret, settings.public_url, clock)
    payouts = PayoutService(storage, gateways, tickets, notices, clock)
    deciding = Deciding(brands, tickets, notices, clock)
    uploads = Uploads(settings.uploads)
    evidence = EvidenceService(storage, uploads, clock, readable_label)
    passwords = passwords or Passwords()
    receipts = Receipts(storage, brands)
    trackers = Trackers(settings.trackers)
    privacy = Privacy(storage, uploads, trackers, DemoMailbox(settings.demo_mail), clock)
    return Desk(
        settings=settings,
        clock=clock,
        brands=brands,
        storage=storage,
        verification=Verification(storage, notices, brands, secret, settings.identity_keys, clock),
        contact_changes=ContactChanges(storage, notices, secret, clock),
        refunds=Refunds(storage, brands, deciding, payouts, tickets, notices, clock),
        reviews=Reviews(storage, brands, tickets, notices, clock),
        approvals=Approvals(storage, brands, payouts, tickets, notices, clock),
        appeals=Appeals(storage, evidence, tickets, notices, clock),
        evidence=evidence,
        renewals=Renewals(storage, tickets, notices, clock),
        payouts=payouts,
        tickets=tickets,
        escalation=Escalation(storage, clock),
        notices=notices,
        outbox=OutboxService(storage, tickets, clock),
        importer=Importer(storage, brands.keys(), clock),
        exporter=Exporter(storage),
        doctor=Doctor(storage, uploads),
        receipts=receipts,
        replay=Replay(storage, brands),
        passwords=passwords,
        sign_in=SignIn(storage, passwords, secret, clock, optional=settings.demo),
        staff=StaffService(storage, passwords, brands.keys(), secret, clock),
        transcripts=Transcripts(storage, clock),
        privacy=privacy,
        person_export=PersonExport(storage, uploads, trackers, receipts, clock),
        retention=RetentionSweep(storage, brands, privacy, clock),
    )

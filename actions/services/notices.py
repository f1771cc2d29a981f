"""Mail to customers: promised in the transaction that gives cause for it, written when sent.

Knows which facts a notice is told with, and in which language. Leaves the words to ``notices``
and the trying again to the worker. The outbox holds no name, address or code.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Protocol

from actions.domain.account import Account
from actions.domain.clock import Clock
from actions.domain.decision import Outcome
from actions.domain.refund_case import RefundCase, State
from actions.domain.renewal_cancellation import RenewalCancellation, RenewalState
from actions.notices.kinds import NoticeKind
from actions.notices.templates import write
from actions.notices.wording import (
    DISPUTED_FACTS,
    destination_text,
    money_text,
    pay_out_text,
    saved_text,
    time_text,
)
from actions.policy.brand import Brand
from actions.services.codes import code_of
from actions.services.locks import account_key, is_locked
from actions.storage.tables import ChallengeRow, ContactChangeRow
from actions.storage.work import Storage, Work

DEFAULT_LANGUAGE = "zh"

_OF_OUTCOME = {
    NoticeKind.REFUND_APPROVED: (Outcome.APPROVED, Outcome.PARTIAL),
    NoticeKind.REFUND_IN_REVIEW: (Outcome.NEEDS_REVIEW,),
    NoticeKind.REFUND_DENIED: (Outcome.DENIED,),
    NoticeKind.REFUND_NOT_RELEASED: (Outcome.DENIED,),
    NoticeKind.APPEAL_APPROVED: (Outcome.APPROVED, Outcome.PARTIAL),
    NoticeKind.APPEAL_DENIED: (Outcome.DENIED,),
}
_OF_STATE = {
    NoticeKind.REFUND_CONFIRMED: (State.CONFIRMED, State.PAYING, State.PAID),
    NoticeKind.REFUND_PAID: (State.PAID,),
    NoticeKind.REFUND_DELAYED: (State.FAILED,),
    NoticeKind.REFUND_WITHDRAWN: (State.WITHDRAWN,),
    NoticeKind.APPEAL_RECEIVED: (State.APPEALED,),
}
_OF_RENEWAL = {
    RenewalState.REQUESTED: NoticeKind.RENEWAL_REQUESTED,
    RenewalState.DONE: NoticeKind.RENEWAL_CANCELLED,
    RenewalState.REFUSED: NoticeKind.RENEWAL_REFUSED,
}


class Sender(Protocol):
    """What sends a mail: ``notices.senders.Mailer``, or a fake."""

    async def send(
        self,
        to: str,
        subject: str,
        text: str,
        html: str,
        message_id: str,
        *,
        sender_name: str = "",
    ) -> None:
        """Send one mail, or raise ``DeliveryDelayed`` or ``DeliveryRefused``."""
        ...


class Notices:
    """Promises mails and writes them."""

    def __init__(
        self,
        storage: Storage,
        sender: Sender,
        brands: Mapping[str, Brand],
        code_secret: str,
        public_url: str,
        clock: Clock,
    ) -> None:
        self._storage = storage
        self._sender = sender
        self._brands = brands
        self._secret = code_secret
        self._public_url = public_url
        self._clock = clock

    async def promise_code_in(self, work: Work, challenge: ChallengeRow) -> None:
        """Have a code mailed; one mail for each time it is asked for."""
        await work.outbox.put(
            "send_code",
            f"send_code:{challenge.id}:{challenge.sends}",
            {"brand": challenge.brand, "challenge": challenge.id, "send": challenge.sends},
            at=self._clock(),
        )

    async def promise_in(self, work: Work, case: RefundCase, kind: NoticeKind) -> None:
        """Have the customer told, once a case and kind, and again once people have decided anew."""
        again = _again(case)
        await work.outbox.put(
            "notice",
            f"notice:{case.number}:{kind}{again}",
            {"brand": case.brand, "case": case.number, "kind": kind.value, "again": again},
            at=self._clock(),
        )

    async def promise_renewal_in(self, work: Work, case: RenewalCancellation) -> None:
        """Have the customer told how the end of an auto-renewal stands, once a state."""
        await work.outbox.put(
            "renewal_notice",
            f"renewal_notice:{case.number}:{case.state}",
            {"brand": case.brand, "renewal": case.number, "state": case.state.value},
            at=self._clock(),
        )

    async def promise_contact_in(self, work: Work, change: ContactChangeRow, what: str) -> None:
        """Have a new address asked for its "code", or the old one told that it was "changed"."""
        await work.outbox.put(
            f"contact_{what}",
            f"contact_{what}:{change.id}",
            {"brand": change.brand, "change": change.id},
            at=self._clock(),
        )

    async def mail_contact_code(self, payload: Mapping[str, Any]) -> None:
        """Mail the code of a change of address to the new one, unless it is no longer good."""
        async with self._storage.reading() as work:
            change, account, language = await _change_of(work, payload)
        if change is None or account is None or change.done_at is not None:
            return
        left = change.expires_at - self._clock()
        if left <= timedelta():
            return
        facts = {"code": code_of(change.id, self._secret), "minutes": _minutes(left)}
        message_id = f"contact_code.{change.id}"
        to = replace(account, email=change.new_email)
        await self._mail(to, NoticeKind.CONFIRM_EMAIL, language, facts, message_id)

    async def mail_contact_changed(self, payload: Mapping[str, Any]) -> None:
        """Tell the old address that the account has another one now."""
        async with self._storage.reading() as work:
            change, account, language = await _change_of(work, payload)
        if change is None or account is None or change.done_at is None:
            return
        zone = self._brands[change.brand].time_zone
        facts = {
            "name": account.name,
            "changed_at": time_text(change.done_at, language, zone),
            "link": self._chat(change.brand, language),
        }
        message_id = f"contact_changed.{change.id}"
        to = replace(account, email=change.old_email)
        await self._mail(to, NoticeKind.EMAIL_CHANGED, language, facts, message_id)

    async def mail_code(self, payload: Mapping[str, Any]) -> None:
        """Mail a promised code, unless it is a decoy, no longer good, or codes rest."""
        async with self._storage.reading() as work:
            challenge = await work.checks.challenge(payload["challenge"])
            if challenge is None or challenge.account_id is None or challenge.used_at is not None:
                return
            account = await work.records.account(challenge.brand, challenge.account_id)
            if account is None:
                return
            owner = await work.checks.seen_lock(account_key(account.brand, account.id))
            if is_locked(owner, self._clock()):
                return
            language = await _language(work, challenge.conversation, account)
        left = challenge.expires_at - self._clock()
        if left <= timedelta():
            return
        facts = {"code": code_of(challenge.id, self._secret), "minutes": _minutes(left)}
        message_id = f"code.{challenge.id}.{payload['send']}"
        await self._mail(account, NoticeKind.SEND_CODE, language, facts, message_id)

    async def mail_notice(self, payload: Mapping[str, Any]) -> None:
        """Mail a promised notice about a case, unless it is no longer true."""
        kind = NoticeKind(payload["kind"])
        async with self._storage.reading() as work:
            case = await work.cases.get(payload["case"])
            account = await work.records.account(case.brand, case.account_id) if case else None
            if case is None or account is None or not _holds(kind, case):
                return
            if payload.get("again", "") != _again(case):
                return
            language = await _language(work, case.conversation, account)
            facts = self._facts(case, account, language)
            if kind is NoticeKind.APPEAL_RECEIVED:
                [*_, appeal] = await work.appeals.of_case(case.number)
                facts["disputed"] = DISPUTED_FACTS[appeal.fact][language]
        message_id = f"{case.number}.{kind}{_again(case).replace(':', '.')}"
        await self._mail(account, kind, language, facts, message_id)

    async def mail_renewal_notice(self, payload: Mapping[str, Any]) -> None:
        """Mail how the end of an auto-renewal stands, unless that is no longer true."""
        async with self._storage.reading() as work:
            case = await work.renewals.get(payload["renewal"])
            account = await work.records.account(case.brand, case.account_id) if case else None
            if case is None or account is None or case.state.value != payload["state"]:
                return
            language = await _language(work, case.conversation, account)
        zone = self._brands[case.brand].time_zone
        facts = self._addressed(case, account, language) | {
            "asked_at": time_text(case.asked_at, language, zone),
            "saved": saved_text(case.next_charge, language),
            "explanation": case.refusal[language] if case.refusal else "",
        }
        kind = _OF_RENEWAL[case.state]
        await self._mail(account, kind, language, facts, f"{case.number}.{kind}")

    async def _mail(
        self,
        account: Account,
        kind: NoticeKind,
        language: str,
        facts: Mapping[str, str],
        message_id: str,
    ) -> None:
        if account.is_erased:
            return
        name = self._brands[account.brand].name[language]
        written = write(kind, language, {"brand": name, **facts})
        await self._sender.send(
            account.email,
            written.subject,
            written.text,
            written.html,
            message_id,
            sender_name=name,
        )

    def _facts(self, case: RefundCase, account: Account, language: str) -> dict[str, str]:
        facts = self._addressed(case, account, language)
        facts["destination"] = destination_text(
            case.destination.method, case.destination.hint, language
        )
        if case.decision is not None:
            facts["amount"] = money_text(case.decision.amount, language)
            facts["explanation"] = case.decision.explanation[language]
            if case.decision.pay_out is not None:
                facts["promise"] = pay_out_text(case.decision.pay_out, language)
        return facts

    def _addressed(
        self, case: RefundCase | RenewalCancellation, account: Account, language: str
    ) -> dict[str, str]:
        """What every notice about a case begins and ends with."""
        return {
            "name": account.name,
            "number": case.number,
            "order_number": case.order_number,
            "link": self._chat(case.brand, language),
        }

    def _chat(self, brand: str, language: str) -> str:
        """The page with the brand's chat."""
        return f"{self._public_url}/?brand={brand}&lang={language}"


def _again(case: RefundCase) -> str:
    """What tells a notice from one of the same kind about an earlier decision of people."""
    return f":{len(case.reviewed_by)}" if case.reviewed_by else ""


def _holds(kind: NoticeKind, case: RefundCase) -> bool:
    """Whether what a notice of this kind says of the case is still so."""
    outcome = case.decision.outcome if case.decision else None
    if kind in _OF_OUTCOME:
        return case.state is State.DECIDED and outcome in _OF_OUTCOME[kind]
    return case.state in _OF_STATE[kind]


def _minutes(left: timedelta) -> str:
    return str(math.ceil(left / timedelta(minutes=1)))


async def _change_of(
    work: Work, payload: Mapping[str, Any]
) -> tuple[ContactChangeRow | None, Account | None, str]:
    """A change of address, whose account it is of, and in which language to write about it."""
    change = await work.contact_changes.get(payload["change"])
    account = await work.records.account(change.brand, change.account_id) if change else None
    if change is None or account is None:
        return None, None, DEFAULT_LANGUAGE
    return change, account, await _language(work, change.conversation, account)


async def _language(work: Work, conversation: str | None, account: Account) -> str:
    """What the chat is held in, else what the account prefers."""
    chat = await work.chats.language_of(conversation) if conversation else None
    return chat or account.language or DEFAULT_LANGUAGE

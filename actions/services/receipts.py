"""Decision receipts: the facts a case was decided on, put together with the clauses' own words.

Knows where each part of a receipt is kept. Leaves its labels and next steps to ``notices``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from actions.domain.appeal import APPEAL_WITHIN
from actions.domain.assurance import Operation
from actions.domain.customer import Customer
from actions.domain.errors import CaseNotFound
from actions.domain.refund_case import RefundCase, normalise_number
from actions.notices.receipt import Dates, receipt
from actions.policy import phrases
from actions.policy.brand import Brand
from actions.policy.grounds import Remedy
from actions.services.assurance import needs
from actions.services.casebook import own
from actions.services.deciding import OFFER_LASTS
from actions.storage.work import Storage, Work

DECIDING = ("decide", "review", "refuse")
"""The steps after which a case has another decision than before."""


class Receipts:
    """Writes the receipt of a case's present decision."""

    def __init__(self, storage: Storage, brands: Mapping[str, Brand]) -> None:
        self._storage = storage
        self._brands = brands

    @needs(Operation.READ_ACCOUNT)
    async def of(self, customer: Customer, number: str) -> dict[str, Any]:
        """The receipt of the customer's own case, as JSON with words in both languages.

        Raises:
            CaseNotFound: the customer has no such case, or nothing is decided on it yet.
        """
        async with self._storage.reading() as work:
            case = own(await work.cases.get(normalise_number(number) or number), customer)
            return await self._write(work, case)

    async def for_staff(self, number: str) -> dict[str, Any]:
        """The receipt of any case. Raises ``CaseNotFound``."""
        async with self._storage.reading() as work:
            case = await work.cases.get(normalise_number(number) or number)
            if case is None:
                raise CaseNotFound()
            return await self._write(work, case)

    async def _write(self, work: Work, case: RefundCase) -> dict[str, Any]:
        grounds = await work.cases.grounds_of(case.number)
        if case.decision is None or grounds is None:
            raise CaseNotFound()
        brand = self._brands[case.brand]
        decided_at = await _decided_at(work, case)
        asked_until = decided_at if grounds.decided_by.is_staff else case.opened_at
        dates = Dates(decided_at, asked_until + OFFER_LASTS, decided_at + APPEAL_WITHIN)
        return receipt(
            case,
            grounds.facts,
            dates,
            brand=brand.name,
            clauses=await work.policies.clauses_of(case.brand, case.decision.policy_version),
            remedies=_remedies(case),
            by_person=grounds.decided_by.is_staff,
            zone=brand.time_zone,
        )


async def _decided_at(work: Work, case: RefundCase) -> datetime:
    trail = await work.audit.trail(f"case:{case.number}")
    return max(row.at for row in trail if row.data.get("step") in DECIDING)


def _remedies(case: RefundCase) -> dict[str, Mapping[str, str]]:
    assert case.decision is not None
    known = {remedy.value: phrases.REMEDIES[remedy] for remedy in Remedy}
    return {code: known[code] for code in case.decision.would_change if code in known}

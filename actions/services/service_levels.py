"""By when a ticket must be done: the brand's promises, as instants. Pausing clocks is left to
the console.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from actions.domain.ticket import Category
from actions.policy.brand import Brand
from actions.policy.promises import working_day_after
from actions.services.tickets import DueBy, Task

BY_HANDLING_DAYS = (
    Category.REVIEW,
    Category.APPEAL,
    Category.FAILED_PAYOUT,
    Task.PAYOUT,
    Task.APPROVAL,
)
BY_REPLY_HOURS = (Category.HAND_OVER, Category.COMPLAINT, Category.CALL_BACK)


def due_by(brands: Mapping[str, Brand]) -> DueBy:
    """Say when tickets of each category are due; those of no brand have no promise."""

    def due(brand: str, category: str, opened_at: datetime) -> datetime | None:
        if brand not in brands:
            return None
        terms = brands[brand].terms
        if category in BY_REPLY_HOURS:
            return opened_at + timedelta(hours=terms.reply_hours.value)
        if category not in BY_HANDLING_DAYS:
            return None
        last, _certain = working_day_after(
            terms.local_day(opened_at), terms.handling_days.most, terms.working_day_overrides
        )
        end: datetime = datetime.combine(last + timedelta(days=1), time(), terms.zone)
        return end

    return due

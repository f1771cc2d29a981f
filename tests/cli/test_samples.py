"""Sample customers stay as fresh as on the day they were written."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from actions.testing.samples import FOLDER, sample_brands, sample_file, sample_orders

LONG_AFTER = datetime(2031, 2, 28, 9, tzinfo=UTC)


@pytest.fixture
def fresh() -> dict[str, Any]:
    """The samples by brand, as they would be loaded on a day years later."""
    return {brand: sample_file(brand, LONG_AFTER) for brand in sample_brands()}


def written() -> dict[str, Any]:
    """The samples by brand, as they lie in the repository."""
    files = [path.read_text("utf-8") for path in FOLDER.glob("*.json")]
    return {facts["brand"]: facts for facts in map(json.loads, files)}


def paid(facts: dict[str, Any]) -> list[datetime]:
    """When each order was paid."""
    return [datetime.fromisoformat(o["paid_at"]) for o in facts["orders"] if o["paid_at"]]


def test_some_order_of_each_brand_is_recent_whenever_the_demo_starts(fresh: dict[str, Any]) -> None:
    """A demo in which every refund is too late shows nothing."""
    for facts in fresh.values():
        assert timedelta(0) < LONG_AFTER - max(paid(facts)) < timedelta(days=15)


def test_nothing_has_happened_in_the_future(fresh: dict[str, Any]) -> None:
    """Every order was paid before it can be asked back."""
    assert all(moment < LONG_AFTER for facts in fresh.values() for moment in paid(facts))


def test_orders_keep_their_distance_from_each_other(fresh: dict[str, Any]) -> None:
    """Twins stay twins, and a renewal stays a year after its purchase."""
    for brand, facts in written().items():
        before, after = paid(facts), paid(fresh[brand])
        assert {b - a for a, b in zip(before, after, strict=True)} == {after[0] - before[0]}


def test_nothing_but_dates_is_changed(fresh: dict[str, Any]) -> None:
    """Order numbers look like dates and are none."""
    for brand, facts in written().items():
        assert [o["order_number"] for o in fresh[brand]["orders"]] == [
            o["order_number"] for o in facts["orders"]
        ]


def test_what_is_shown_can_be_typed(fresh: dict[str, Any]) -> None:
    """Every order shown belongs to the e-mail beside it, and both brands are there."""
    shown = sample_orders()
    assert {sample.brand for sample in shown} == set(fresh)
    for sample in shown:
        facts = fresh[sample.brand]
        (order,) = [o for o in facts["orders"] if o["order_number"] == sample.order_number]
        (account,) = [a for a in facts["accounts"] if a["id"] == order["account"]]
        assert account["email"] == sample.email

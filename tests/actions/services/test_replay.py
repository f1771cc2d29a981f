"""Past cases under a draft: what the policy said then beside what it would say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update

from actions.domain.decision import Decision, Outcome
from actions.domain.events import Role
from actions.domain.money import Money
from actions.policy.brand import Brand
from actions.policy.terms import PartialBy, PartialTerms, Rounding
from actions.services.replay import Replayed, Totals
from actions.storage.tables import AuditRow, CaseRow
from actions.testing.desk import DeskForTests, shipped_brands

IN_FORCE = shipped_brands()["kuailian"]
LATE = {"days_ago": 40}


def with_terms(**terms: Any) -> Brand:
    """A draft of kuailian's file with other terms."""
    return replace(IN_FORCE, version="draft", terms=replace(IN_FORCE.terms, **terms))


LONGER = with_terms(window_days=replace(IN_FORCE.terms.window_days, value=60))
SHORTER = with_terms(window_days=replace(IN_FORCE.terms.window_days, value=2))


async def replayed(
    desk: DeskForTests, draft: Brand, since: datetime | None = None
) -> list[Replayed]:
    return [case async for case in desk.desk.replay.cases(draft, since)]


async def requested(desk: DeskForTests, number: str, **order: Any) -> str:
    """Ask for the refund of a new order; the case's number."""
    await desk.has_order(number, **order)
    case = await desk.refunds.request(await desk.verified(order.get("account", "A-1")), number)
    return case.number


async def change(desk: DeskForTests, number: str, **values: Any) -> None:
    """Change a case's row behind the desk's back."""
    async with desk.desk.storage.writing() as work:
        await work.session.execute(update(CaseRow).where(CaseRow.number == number).values(**values))


async def test_the_policy_as_it_is_changes_nothing(desk: DeskForTests) -> None:
    for number, order in (("KL1", {}), ("KL2", LATE | {"account": "A-2"})):
        await requested(desk, number, **order)
    cases = await replayed(desk, IN_FORCE)
    assert [case.changed for case in cases] == [(), ()]
    assert [case.faults for case in cases] == [(), ()]
    assert [case.was and case.was.outcome for case in cases] == [
        Outcome.APPROVED,
        Outcome.NEEDS_REVIEW,
    ]


async def test_a_longer_window_pays_what_a_person_was_asked_about(desk: DeskForTests) -> None:
    number = await requested(desk, "KL1", **LATE)
    (case,) = await replayed(desk, LONGER)
    assert case.number == number
    assert case.was is not None
    assert case.now is not None
    assert (case.was.outcome, case.now.outcome) == (Outcome.NEEDS_REVIEW, Outcome.APPROVED)
    assert case.now.amount == Money(29900, "CNY")
    assert case.now.policy_version == "draft"
    assert {"outcome", "amount", "clauses", "pay_out"} <= set(case.changed)
    assert not case.reviewed


async def test_nothing_is_written(desk: DeskForTests) -> None:
    number = await requested(desk, "KL1", **LATE)
    before = await desk.trail(f"case:{number}")
    async with desk.desk.storage.reading() as work:
        case = await work.cases.get(number)
    await replayed(desk, LONGER)
    assert [row.hash for row in await desk.trail(f"case:{number}")] == [r.hash for r in before]
    async with desk.desk.storage.reading() as work:
        assert await work.cases.get(number) == case


async def test_only_the_brand_of_the_draft_is_looked_at(desk: DeskForTests) -> None:
    await requested(desk, "KL1")
    assert await replayed(desk, shipped_brands()["bitpie"]) == []


async def test_the_latest_of_several_decisions_counts(desk: DeskForTests) -> None:
    """A case whose facts changed was decided anew; its row keeps the newest facts."""
    number = await requested(desk, "KL1", amount="100.00")
    await desk.has_order("KL1", amount="90.00")
    await desk.refunds.request(await desk.verified(), "KL1")
    decided = [
        row for row in await desk.trail(f"case:{number}") if row.data.get("step") == "decide"
    ]
    assert len(decided) == 2
    (case,) = await replayed(desk, IN_FORCE)
    assert case.was is not None
    assert case.was.amount == Money(9000, "CNY")
    assert case.changed == ()


async def test_cases_opened_before_are_left_out(desk: DeskForTests) -> None:
    await requested(desk, "KL1")
    opened = desk.clock()
    desk.clock.forward(days=1)
    later = await requested(desk, "KL2", account="A-2")
    assert len(await replayed(desk, IN_FORCE, opened)) == 2
    (case,) = await replayed(desk, IN_FORCE, opened + timedelta(microseconds=1))
    assert case.number == later


async def test_a_persons_decision_is_not_taken_for_the_policys(desk: DeskForTests) -> None:
    """What the policy in force says of the same facts stands in for it."""
    number = await requested(desk, "KL1", **LATE)
    async with desk.desk.storage.reading() as work:
        grounds = await work.cases.grounds_of(number)
    assert grounds is not None
    order = dict(grounds.facts["order"]) | {"amount": "100.00"}  # as the records were by then
    seen = dict(grounds.facts) | {"order": order}
    await change(desk, number, decided_by=Role.AGENT.value, facts=seen, outcome="denied")
    (case,) = await replayed(desk, IN_FORCE)
    assert case.reviewed
    assert case.was is not None
    assert case.was.outcome is Outcome.NEEDS_REVIEW
    assert case.changed == ()
    (case,) = await replayed(desk, LONGER)
    assert "outcome" in case.changed


@pytest.mark.parametrize(
    "facts",
    [None, {}, {"brand": "kuailian"}, {"brand": "bitpie"}, "facts", [1]],
)
async def test_facts_that_can_not_be_read_any_more_are_said_to_be_so(
    desk: DeskForTests, facts: Any
) -> None:
    spoilt = await requested(desk, "KL1")
    good = await requested(desk, "KL2", account="A-2")
    await change(desk, spoilt, facts=facts)
    cases = await replayed(desk, IN_FORCE)
    assert [case.number for case in cases] == [spoilt, good]
    assert cases[0].faults
    assert (cases[0].now, cases[0].changed) == (None, ())
    assert cases[1].faults == ()


@pytest.mark.parametrize(
    "data", [None, {}, {"amount": "1.00"}, {"outcome": "approved", "amount": 5}, 7]
)
async def test_a_decision_that_can_not_be_read_any_more_is_said_to_be_so(
    desk: DeskForTests, data: Any
) -> None:
    number = await requested(desk, "KL1")
    subject = AuditRow.subject == f"case:{number}"
    moved = (row for row in await desk.trail(f"case:{number}") if row.data.get("step") == "decide")
    async with desk.desk.storage.writing() as work:
        if data is None:
            await work.session.execute(delete(AuditRow).where(subject))
        else:
            spoilt = {"step": "decide", "decision": data}
            where = subject & (AuditRow.seq == next(moved).seq)
            await work.session.execute(update(AuditRow).where(where).values(data=spoilt))
    (case,) = await replayed(desk, IN_FORCE)
    assert case.was is None
    assert " · " in case.faults[0].message


class Careless(PartialTerms):
    """Terms that give back another currency: no file can say so, but a mistake in code could."""

    def share(self, paid: Money, unused: int, total: int) -> Money:
        return Money(paid.minor, "USD")


async def test_an_answer_that_contradicts_itself_stops_nothing(desk: DeskForTests) -> None:
    spoilt = await requested(desk, "KL1", **LATE)
    await requested(desk, "KL2", account="A-2")
    draft = with_terms(partial=Careless(PartialBy.POLICY, Rounding.DOWN))
    first, second = await replayed(desk, draft)
    assert (first.number, first.now) == (spoilt, None)
    assert " · " in first.faults[0].message
    assert second.faults == ()


# --- totals --------------------------------------------------------------------------------

AT = datetime(2026, 9, 21, 2, 0, tzinfo=UTC)


@pytest.fixture
async def decisions(desk: DeskForTests) -> dict[str, Decision]:
    """One decision of each sort, as the policy really takes them."""
    await requested(desk, "KL1")
    await requested(desk, "KL2", account="A-2", **LATE)
    await requested(desk, "KL3", account="A-3", kind="renewal", days_ago=3)
    cases = await replayed(desk, IN_FORCE)
    return {case.now.outcome.value: case.now for case in cases if case.now}


async def test_totals_count_outcomes_and_add_up_money_by_currency(
    decisions: dict[str, Decision],
) -> None:
    yes, asked, no = (decisions[name] for name in ("approved", "needs_review", "denied"))
    dollars = replace(yes, amount=Money(500, "USD"))
    totals = Totals()
    for was, now in ((yes, yes), (no, yes), (yes, no), (asked, yes), (asked, no), (no, dollars)):
        totals.add(Replayed("RF-1", AT, was, now))
    totals.add(Replayed("RF-1", AT, yes, None, reviewed=True))
    assert (totals.cases, totals.changed, totals.unreadable, totals.reviewed) == (7, 5, 1, 1)
    assert totals.outcomes == {
        (Outcome.APPROVED, Outcome.APPROVED): 1,
        (Outcome.DENIED, Outcome.APPROVED): 2,
        (Outcome.APPROVED, Outcome.DENIED): 1,
        (Outcome.NEEDS_REVIEW, Outcome.APPROVED): 1,
        (Outcome.NEEDS_REVIEW, Outcome.DENIED): 1,
    }
    yuan = totals.money["CNY"]
    assert yuan.paid == [Money(2 * 29900, "CNY"), Money(3 * 29900, "CNY")]
    assert yuan.proposed == [Money(2 * asked.amount.minor, "CNY"), Money.zero("CNY")]
    assert totals.money["USD"].paid == [Money.zero("USD"), Money(500, "USD")]


async def test_sums_outgrow_64_bits(decisions: dict[str, Decision]) -> None:
    much = replace(decisions["approved"], amount=Money(10**37, "ETH"))
    totals = Totals()
    for _ in range(100):
        totals.add(Replayed("RF-1", AT, much, much))
    assert totals.money["ETH"].paid == [Money(10**39, "ETH")] * 2

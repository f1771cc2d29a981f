"""Approvals: the second pair of eyes on a refund that the customer has confirmed.

Knows whose yes counts, and that the last one needed puts the payout in line, in the same
transaction. Leaves which refunds need one to the policy, and paying to the payout service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from actions.domain.clock import Clock
from actions.domain.decision import Decision
from actions.domain.errors import IllegalMove
from actions.domain.events import Actor, Role
from actions.domain.money import Money
from actions.domain.refund_case import RefundCase, State
from actions.notices.kinds import NoticeKind
from actions.policy.brand import Brand
from actions.policy.engine import decide_by_person
from actions.policy.facts import Facts
from actions.services.casebook import hold, keep_policy, take_step
from actions.services.deciding import approval_key, facts_of
from actions.services.facts_json import facts_json
from actions.services.inputs import LONGEST_NOTE, STAFF, must_be, text_of, words_of
from actions.services.notices import Notices
from actions.services.payouts import PayoutService
from actions.services.tickets import FINANCE, Tickets
from actions.storage.cases import Grounds
from actions.storage.work import Storage, Work

PEOPLE_OF = {FINANCE: (Role.FINANCE,)}
"""In what capacity one must act to agree for a queue; for any other, any member of staff."""


class Approvals:
    """Who agrees to a payout, and who does not."""

    def __init__(
        self,
        storage: Storage,
        brands: Mapping[str, Brand],
        payouts: PayoutService,
        tickets: Tickets,
        notices: Notices,
        clock: Clock,
    ) -> None:
        self._storage = storage
        self._brands = brands
        self._payouts = payouts
        self._tickets = tickets
        self._notices = notices
        self._clock = clock

    async def approve(self, number: str, *, by: Actor, note: str = "") -> RefundCase:
        """Agree to a confirmed payout; when enough people have, it is put in line to be paid.

        Agreeing twice is agreeing once.

        Raises:
            CaseNotFound: there is no such case.
            NotAllowed: not a member of staff, or of none of those who are asked.
            SamePerson: whoever decided the case can't agree to its payout.
            IllegalMove: no approval is awaited, or no longer.
            OverRefund: by now more would go back than was paid.
        """
        must_be(by, *STAFF)
        note = text_of(note, "note", LONGEST_NOTE, required=False)
        async with self._storage.writing() as work:
            case, order = await hold(work, number)
            if by.name in case.approved_by:
                return case
            _must_await_approval(case, "approve")
            must_be(by, *_people_for(case))
            await take_step(
                work, case, "approve", by=by, at=self._clock(), more={"note": note} if note else {}
            )
            if not case.awaits_approval:
                await self._payouts.promise_in(work, case, order)
                await self._tickets.close_in(work, approval_key(case), by=by)
            return case

    async def refuse(
        self, number: str, reason: str, *, by: Actor, words: Mapping[str, str] | None = None
    ) -> RefundCase:
        """Stop a confirmed payout before there is one: the case is decided anew, and denied.

        ``reason`` is for the file; ``words`` are told to the customer, under "zh" and "en".
        The customer may appeal. Refusing twice is refusing once. Raises as ``approve`` does,
        ``SamePerson`` also for someone who has agreed already.
        """
        must_be(by, *STAFF)
        reason = text_of(reason, "reason", LONGEST_NOTE)
        told = words_of(words, "words")
        async with self._storage.writing() as work:
            case, order = await hold(work, number)
            if _has_refused(case, by):
                return case
            _must_await_approval(case, "refuse")
            must_be(by, *_people_for(case))
            facts = await facts_of(work, case, order)
            case.decision = self._denied(case, facts, told)
            await keep_policy(work, self._brands[case.brand], at=self._clock())
            await self._refuse(work, case, facts, reason, by=by)
            return case

    async def _refuse(
        self, work: Work, case: RefundCase, facts: Facts, reason: str, *, by: Actor
    ) -> None:
        await take_step(
            work,
            case,
            "refuse",
            by=by,
            at=self._clock(),
            grounds=Grounds(by.role, facts_json(facts)),
            more={"note": reason},
        )
        await self._tickets.close_in(work, approval_key(case), by=by)
        await self._notices.promise_in(work, case, NoticeKind.REFUND_NOT_RELEASED)

    def _denied(self, case: RefundCase, facts: Facts, words: Mapping[str, str]) -> Decision:
        assert case.decision is not None
        return decide_by_person(
            replace(facts, asked_at=self._clock()),
            self._brands[case.brand],
            Money.zero(facts.order.amount.currency),
            clauses=case.decision.clauses,
            words=words or None,
        )


def _must_await_approval(case: RefundCase, step: str) -> None:
    if case.state is not State.CONFIRMED or not case.awaits_approval:
        raise IllegalMove(case.number, case.state, step)


def _people_for(case: RefundCase) -> tuple[Role, ...]:
    assert case.decision is not None
    return PEOPLE_OF.get(case.decision.approvals_by or "", STAFF)


def _has_refused(case: RefundCase, by: Actor) -> bool:
    """Whether this person was the last to decide, and it was a no."""
    denied = case.decision is not None and not case.decision.pays
    return case.state is State.DECIDED and denied and by.name in case.reviewed_by[-1:]

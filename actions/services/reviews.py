"""Reviews: a person decides a case that the policy, or an appeal, has put before one.

Knows who may, what a ruling must hold, and that two people can't both decide. Leaves how a
ruling becomes a decision with its dates and approvals to the policy, and the yes to the
customer: nothing is paid on a person's word alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from actions.domain.clock import Clock
from actions.domain.decision import Decision, Outcome
from actions.domain.errors import (
    CurrencyMismatch,
    Fault,
    IllegalMove,
    InputRefused,
    OrderDisputed,
    OverRefund,
)
from actions.domain.events import Actor
from actions.domain.money import Money
from actions.domain.order import OrderStatus
from actions.domain.refund_case import RefundCase, State
from actions.notices.kinds import NoticeKind
from actions.policy.brand import Brand
from actions.policy.engine import decide_by_person
from actions.policy.facts import Facts
from actions.services.casebook import hold, keep_policy, take_step
from actions.services.deciding import appeal_key, facts_of, review_key
from actions.services.facts_json import facts_json
from actions.services.inputs import LONGEST_NOTE, STAFF, must_be, text_of, words_of
from actions.services.notices import Notices
from actions.services.tickets import Tickets
from actions.storage.cases import Grounds
from actions.storage.work import Storage

OUTCOMES = (Outcome.APPROVED, Outcome.PARTIAL, Outcome.DENIED)
NEEDS_OUTCOME = "只能是 approved、partial 或 denied · must be approved, partial or denied"
NEEDS_AMOUNT = "部分退款需要金额 · a partial refund needs an amount"
NO_AMOUNT = "只有部分退款才填写金额 · goes with a partial refund only"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a person has decided.

    ``note`` is for the file. ``amount`` goes with a partial refund; approved is all that is
    left. ``clauses`` and ``refusal_codes`` are the brand's: without clauses those of the
    decision before are kept. ``words`` are told to the customer besides, under "zh" and "en".
    """

    outcome: Outcome
    note: str
    amount: Money | None = None
    clauses: tuple[str, ...] = ()
    refusal_codes: tuple[str, ...] = ()
    words: Mapping[str, str] | None = None


class Reviews:
    """What people decide."""

    def __init__(
        self,
        storage: Storage,
        brands: Mapping[str, Brand],
        tickets: Tickets,
        notices: Notices,
        clock: Clock,
    ) -> None:
        self._storage = storage
        self._brands = brands
        self._tickets = tickets
        self._notices = notices
        self._clock = clock

    async def decide(self, number: str, ruling: Ruling, *, by: Actor) -> RefundCase:
        """Decide a case that waits for a person; the same ruling twice is one.

        An approval by the customer, and by other staff where the brand asks for it, come
        after.

        Raises:
            CaseNotFound: there is no such case.
            NotAllowed: not by a member of staff.
            SamePerson: the appeal is against a decision of the same person's.
            IllegalMove: the case waits for nobody, or no longer.
            InputRefused, ReviewRefused: the ruling does not hold together, or names clauses
                that the brand does not have.
            OverRefund: more than what is left.
            OrderDisputed: a bank decides on the payment.
        """
        must_be(by, *STAFF)
        _check(ruling)
        note = text_of(ruling.note, "note", LONGEST_NOTE)
        async with self._storage.writing() as work:
            case, order = await hold(work, number)
            if _is_so_already(case, ruling, by):
                return case
            if not case.awaits_review:
                raise IllegalMove(case.number, case.state, "review")
            facts = await facts_of(work, case, order)
            appealed = case.state is State.APPEALED
            case.decision = self._decision(case, facts, ruling)
            await keep_policy(work, self._brands[case.brand], at=self._clock())
            await take_step(
                work,
                case,
                "review",
                by=by,
                at=self._clock(),
                grounds=Grounds(by.role, facts_json(facts)),
                more={"note": note},
            )
            for key in (review_key(case), appeal_key(case)):
                await self._tickets.close_in(work, key, by=by)
            await self._notices.promise_in(work, case, _told(ruling.outcome, appealed))
            return case

    def _decision(self, case: RefundCase, facts: Facts, ruling: Ruling) -> Decision:
        assert case.decision is not None  # the engine's, before any person's
        pays = ruling.outcome is not Outcome.DENIED
        if pays and facts.order.status is OrderStatus.DISPUTED:
            raise OrderDisputed()
        return decide_by_person(
            # Its dates count from the ruling, not from when the customer asked.
            replace(facts, asked_at=self._clock()),
            self._brands[case.brand],
            _amount(ruling, facts.remaining),
            clauses=ruling.clauses or case.decision.clauses,
            refusal_codes=ruling.refusal_codes,
            words=words_of(ruling.words, "words") or None,
        )


def _check(ruling: Ruling) -> None:
    if ruling.outcome not in OUTCOMES:
        raise InputRefused(Fault("outcome", NEEDS_OUTCOME))
    if ruling.outcome is not Outcome.PARTIAL and ruling.amount is not None:
        raise InputRefused(Fault("amount", NO_AMOUNT))
    if ruling.outcome is Outcome.PARTIAL and not ruling.amount:
        raise InputRefused(Fault("amount", NEEDS_AMOUNT))


def _amount(ruling: Ruling, remaining: Money) -> Money:
    nothing = Money.zero(remaining.currency)
    if ruling.outcome is Outcome.DENIED:
        return nothing
    amount = ruling.amount or remaining
    if amount.currency != remaining.currency:
        raise CurrencyMismatch()
    if not nothing < amount <= remaining:
        raise OverRefund()
    return amount


def _is_so_already(case: RefundCase, ruling: Ruling, by: Actor) -> bool:
    """Whether this person has just decided exactly this: a button pressed twice."""
    decision = case.decision
    if case.state is not State.DECIDED or decision is None or by.name not in case.reviewed_by[-1:]:
        return False
    if ruling.amount is not None:
        return ruling.amount == decision.amount
    return ruling.outcome is decision.outcome


def _told(outcome: Outcome, appealed: bool) -> NoticeKind:
    if outcome is Outcome.DENIED:
        return NoticeKind.APPEAL_DENIED if appealed else NoticeKind.REFUND_DENIED
    return NoticeKind.APPEAL_APPROVED if appealed else NoticeKind.REFUND_APPROVED

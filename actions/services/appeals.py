"""Appeals: a customer disputes a decision, and another person decides the case again.

Knows when one may be made and what it must say. Leaves the deciding to ``reviews`` and the
files that come with it to ``evidence``.
"""

from __future__ import annotations

from collections.abc import Iterable

from actions.domain.appeal import (
    APPEAL_WITHIN,
    LONGEST_WORDS,
    MOST_APPEALS,
    Appeal,
    DisputedFact,
)
from actions.domain.assurance import Operation
from actions.domain.clock import Clock
from actions.domain.customer import Customer
from actions.domain.errors import (
    AppealOpen,
    AppealTooLate,
    Fault,
    IllegalMove,
    InputRefused,
    NoAppealsLeft,
    OtherCaseOpen,
)
from actions.domain.events import Actor, Role
from actions.domain.refund_case import RefundCase, State
from actions.domain.ticket import Category
from actions.notices.kinds import NoticeKind
from actions.services.assurance import needs
from actions.services.casebook import hold_own, take_step
from actions.services.deciding import appeal_key, ticket_about
from actions.services.evidence import EvidenceService
from actions.services.inputs import text_of
from actions.services.notices import Notices
from actions.services.tickets import Tickets
from actions.storage.work import Storage, Work

UNKNOWN_FACT = "请选择您不同意的是哪一项 · must be one of the facts that can be disputed"


class Appeals:
    """What customers may do about a decision they disagree with."""

    def __init__(
        self,
        storage: Storage,
        evidence: EvidenceService,
        tickets: Tickets,
        notices: Notices,
        clock: Clock,
    ) -> None:
        self._storage = storage
        self._evidence = evidence
        self._tickets = tickets
        self._notices = notices
        self._clock = clock

    @needs(Operation.APPEAL)
    async def make(
        self,
        customer: Customer,
        number: str,
        fact: str,
        words: str = "",
        evidence: Iterable[str] = (),
    ) -> RefundCase:
        """Have a refusal, or a part that seems too little, looked at by another person.

        ``fact`` is one of ``DisputedFact``; ``evidence`` are ids of files of the case or of
        the customer's chat. The same appeal twice is one.

        Raises:
            CaseNotFound: the customer has no such case.
            InputRefused: no such fact, or words that can't be kept.
            IllegalMove: there is no decision to appeal against.
            AppealOpen: another appeal of the case is being looked at.
            NoAppealsLeft: it has been appealed as often as it may be.
            AppealTooLate: the decision is too old.
            OtherCaseOpen: the order has another open case.
            EvidenceNotFound, TooManyFiles: about the files.
        """
        disputed = _fact(fact)
        words = text_of(words, "words", LONGEST_WORDS, required=False)
        async with self._storage.writing() as work:
            case, _order = await hold_own(work, customer, number)
            if case.state is State.APPEALED:
                return await self._same(work, customer, case, disputed, words, evidence)
            await self._must_be_possible(work, case)
            files = await self._evidence.add_to_case_in(work, customer, case, evidence)
            appeal = Appeal(
                case.number, case.appeals + 1, disputed, words, files, made_at=self._clock()
            )
            await self._open(work, case, appeal, by=Actor(Role.CUSTOMER, customer.account_id))
            return case

    async def of_case(self, number: str) -> list[Appeal]:
        """All appeals of a case, oldest first."""
        async with self._storage.reading() as work:
            return await work.appeals.of_case(number)

    async def _open(self, work: Work, case: RefundCase, appeal: Appeal, *, by: Actor) -> None:
        told = {"fact": appeal.fact.value, "nth": appeal.nth, "evidence": list(appeal.evidence)}
        await work.appeals.add(appeal)
        await take_step(work, case, "appeal", by=by, at=appeal.made_at, more=told)
        ticket = ticket_about(
            case,
            Category.APPEAL,
            appeal.fact.value,
            appeal_key(case),
            more={
                "appeal": told | {"words": appeal.words},
                # Whoever takes it must be somebody else.
                "decided_by": list(case.reviewed_by),
            },
        )
        await self._tickets.open_in(work, ticket, by=by)
        await self._notices.promise_in(work, case, NoticeKind.APPEAL_RECEIVED)

    async def _must_be_possible(self, work: Work, case: RefundCase) -> None:
        if not case.can_be_appealed:
            raise IllegalMove(case.number, case.state, "appeal")
        if case.appeals >= MOST_APPEALS:
            raise NoAppealsLeft()
        if self._clock() - case.updated_at > APPEAL_WITHIN:
            raise AppealTooLate()
        other = await work.cases.open_for(case.brand, case.order_number)
        if other is not None and other.number != case.number:
            raise OtherCaseOpen()

    async def _same(
        self,
        work: Work,
        customer: Customer,
        case: RefundCase,
        fact: DisputedFact,
        words: str,
        evidence: Iterable[str],
    ) -> RefundCase:
        """The case, if its open appeal says just this: the customer pressed twice."""
        [*_, open_one] = await work.appeals.of_case(case.number)
        files = await self._evidence.add_to_case_in(work, customer, case, evidence)
        if (open_one.fact, open_one.words, open_one.evidence) != (fact, words, files):
            raise AppealOpen()
        return case


def _fact(given: str) -> DisputedFact:
    try:
        return DisputedFact(given)
    except ValueError:
        raise InputRefused(Fault("fact", UNKNOWN_FACT)) from None

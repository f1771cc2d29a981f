"""Says a verdict in both languages, from the facts, the brand's clauses and its advice.

Which sentence belongs to which ground is in ``phrases``; formatting of money and days is
``domain.wording``'s.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from actions.domain.decision import Outcome, Promise
from actions.domain.money import Money
from actions.domain.wording import date_range_text, date_text, money_text
from actions.policy import phrases
from actions.policy.brand import Brand
from actions.policy.facts import Facts
from actions.policy.grounds import Reason
from actions.policy.phrases import Phrase
from actions.policy.verdict import Detail, Verdict

LANGUAGES = ("zh", "en")
_BETWEEN = {"zh": "", "en": " "}


@dataclass(frozen=True, slots=True)
class Told:
    """All that goes into an explanation; ``words`` are a person's own, under "zh" and "en"."""

    facts: Facts
    brand: Brand
    verdict: Verdict
    clauses: tuple[str, ...]
    when: Promise | None
    words: Mapping[str, str]


class Explanation(Mapping[str, str]):
    """A decision's words under the keys "zh" and "en", written when they are first read.

    Most decisions of a replay or a check are never read, and writing costs more than deciding.
    """

    def __init__(self, told: Told) -> None:
        self._told = told
        self._written: dict[str, str] = {}

    def __getitem__(self, language: str) -> str:
        if language not in LANGUAGES:
            raise KeyError(language)
        if language not in self._written:
            self._written[language] = _explain(self._told, language)
        return self._written[language]

    def __iter__(self) -> Iterator[str]:
        return iter(LANGUAGES)

    def __len__(self) -> int:
        return len(LANGUAGES)

    def __repr__(self) -> str:
        return repr(dict(self))


def _explain(told: Told, language: str) -> str:
    said = [
        *_grounds(told.facts, told.brand, told.verdict, language),
        *([told.words[language]] if language in told.words else []),
        *_clauses(told.brand, told.clauses, language),
        *_next(told.brand, told.verdict, told.when, language),
    ]
    return _BETWEEN[language].join(said)


def _grounds(facts: Facts, brand: Brand, verdict: Verdict, language: str) -> list[str]:
    gaps = _gaps(facts, brand, verdict, language)
    grounds = verdict.grounds
    if verdict.outcome is Outcome.NEEDS_REVIEW:
        # What sent it to a person is the answer; what it would have been is the reviewer's.
        grounds = grounds[:1]
    said = [phrases.GROUNDS[ground][language].format_map(gaps) for ground in grounds]
    if "unused" in verdict.details and verdict.outcome is Outcome.NEEDS_REVIEW:
        phrase = phrases.PROPOSAL_LESS if facts.refunded else phrases.PROPOSAL
        said.append(phrase[language].format_map(gaps))
    elif verdict.outcome is not Outcome.DENIED and facts.refunded:
        said.append(phrases.REFUNDED_BEFORE[language].format_map(gaps))
    return said


def _clauses(brand: Brand, clauses: tuple[str, ...], language: str) -> list[str]:
    return [
        phrases.CLAUSE[language].format(id=clause, words=brand.clauses[clause].words[language])
        for clause in clauses
    ]


def _next(brand: Brand, verdict: Verdict, when: Promise | None, language: str) -> list[str]:
    said = []
    if "later_twin" in verdict.details:
        twin = verdict.details["later_twin"]
        said.append(phrases.LATER_TWIN[language].format(later_twin=twin))
    if verdict.outcome is Outcome.DENIED:
        advice = brand.advice.get(verdict.grounds[0])
        return [*said, *([advice[language]] if advice else []), brand.after_refusal[language]]
    assert when is not None  # the engine promises dates with every other outcome
    if verdict.outcome is Outcome.NEEDS_REVIEW:
        most, last = brand.terms.handling_days.most, date_text(when.to_date, language)
        said.append(phrases.HANDLING[language].format(most=most, last=last))
    else:
        said.append(_arrival(when, language))
    return said + _why_so_late(when, language)


def _arrival(when: Promise, language: str) -> str:
    several = when.from_date != when.to_date
    phrase: Phrase = phrases.PAY_OUT_RANGE if several else phrases.PAY_OUT
    gaps = {
        "dates": date_range_text(when.from_date, when.to_date, language),
        "first": date_text(when.from_date, language),
        "last": date_text(when.to_date, language),
    }
    return phrase[language].format_map(gaps)


def _why_so_late(when: Promise, language: str) -> list[str]:
    said = [
        phrases.CLOSURE[language].format(
            dates=date_range_text(closure.from_date, closure.to_date, language),
            name=closure.name[language],
        )
        for closure in when.closures
    ]
    return said + ([phrases.PROVISIONAL[language]] if when.provisional else [])


def _gaps(facts: Facts, brand: Brand, verdict: Verdict, language: str) -> dict[str, str]:
    order = facts.order
    found: dict[str, Detail] = {
        **verdict.details,
        "amount": verdict.amount,
        "refunded": facts.refunded,
        "order_number": order.order_number,
        "asked_on": brand.terms.local_day(facts.asked_at),
    }
    if order.paid_at:
        found["paid_on"] = brand.terms.local_day(order.paid_at)
    return {name: _said(name, detail, language) for name, detail in found.items()}


def _said(name: str, detail: Detail, language: str) -> str:
    if isinstance(detail, Money):
        return money_text(detail, language)
    if isinstance(detail, int | str):
        return _named(name, str(detail), language)
    return date_text(detail, language)


def _named(name: str, detail: str, language: str) -> str:
    if name == "reason" and detail:
        return phrases.REASONS[Reason(detail)][language]
    if name == "account_status":
        return phrases.ACCOUNT_STATUSES[detail][language]
    return detail

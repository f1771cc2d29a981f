"""What a shipped file says is what is loaded: every term, flag, clause, contact and word of it."""

from typing import Any

import pytest
import yaml

from actions.policy.brand import BRANDS_FOLDER, Brand, Contact, load_brand
from actions.policy.service_levels import Level, Target
from actions.policy.terms import (
    KindTerms,
    MethodTerms,
    PartialBy,
    PartialTerms,
    ReasonTerms,
    Rounding,
    Term,
    Terms,
    WorkingDays,
)
from actions.policy.trust import Trust

BOTH = pytest.mark.parametrize("name", ["kuailian", "bitpie"])


def given(**keys: Any) -> dict[str, Any]:
    """The keys of a mapping that has them: what is None, False or empty is not written."""
    return {key: value for key, value in keys.items() if value not in (None, False, {}, [])}


def as_in_the_file(brand: Brand) -> dict[str, Any]:
    """A loaded brand, laid out the way its file is."""
    return {
        "id": brand.id,
        "version": brand.version.partition("+")[0],
        "names": brand.name,
        "greeting": brand.greeting,
        "after_refusal": brand.after_refusal,
        "time_zone": str(brand.time_zone),
        "contacts": [contact(found) for found in brand.contacts],
        "hours": hours(brand),
        "service_levels": {
            "percent_of_time": {
                p.value: share for p, share in brand.service_levels.percent.items()
            },
            "tickets": {
                kind.value: level(found) for kind, found in brand.service_levels.levels.items()
            },
        },
        "order_numbers": {
            "patterns": list(brand.order_number_patterns),
            "example": brand.order_number_example,
        },
        "trust": trust(brand.trust),
        "theme": brand.theme,
        "quick_start": [
            {**button.title, "payload": button.payload} for button in brand.quick_start
        ],
        "clauses": [
            {"id": id, **found.words, **given(source=found.source, assumption=found.assumption)}
            for id, found in brand.clauses.items()
        ],
        "topics": {topic.value: list(clauses) for topic, clauses in brand.topics.items()},
        "grounds": {ground.value: clause for ground, clause in brand.grounds.items()},
        "advice": {ground.value: words for ground, words in brand.advice.items()},
        "terms": terms(brand.terms),
    }


def contact(found: Contact) -> dict[str, Any]:
    optional = given(value=found.value, assumption=found.assumption)
    return {"channel": found.channel, **found.words, **optional}


def hours(brand: Brand) -> dict[str, Any]:
    assert brand.hours.zone == brand.time_zone
    assert brand.hours.overrides == brand.terms.working_day_overrides == {}
    return {
        "spans": [
            {"opens": span.opens, "closes": span.closes, "days": list(span.days)}
            for span in brand.hours.spans
        ],
        "holidays": "closed" if brand.hours.closed_on_holidays else "open",
        **given(assumption=brand.hours.assumption),
    }


def level(found: Level) -> dict[str, Any]:
    first = found.first_response
    return {**given(first_response=first and target(first)), "resolution": target(found.resolution)}


def target(found: Target) -> dict[str, Any]:
    optional = given(clause=found.clause, assumption=found.assumption)
    return {found.unit.value: found.value, **optional}


def trust(found: Trust) -> dict[str, Any]:
    proof = found.payment_proof
    assert proof is not None
    return {
        "sites": list(found.sites),
        "retention": {
            "conversations_days": found.retention.conversations,
            "cases_days": found.retention.cases,
            **given(assumption=found.retention.assumption),
        },
        "payment_proof": {
            "above": {currency: limit.decimal_text() for currency, limit in proof.above.items()},
            "clause": proof.clause,
            **given(assumption=proof.assumption),
        },
    }


def terms(found: Terms) -> dict[str, Any]:
    by_term = {
        "window_days": found.window_days,
        "time_limit_days": found.time_limit_days,
        "double_charge_minutes": found.double_charge_minutes,
        "reply_hours": found.reply_hours,
    }
    return {
        **{name: term(number) for name, number in by_term.items() if number},
        "reasons": reasons(found.reasons),
        "kinds": {kind.value: how(treated) for kind, treated in found.kinds.items()},
        **given(partial=partial(found.partial), velocity=velocity(found)),
        "approvals": approvals(found),
        "handling_working_days": days(found.handling_days),
        "methods": {name.value: method(said) for name, said in found.methods.items()},
    }


def term(found: Term) -> dict[str, Any]:
    return {"value": found.value, "clause": found.clause, **given(assumption=found.assumption)}


def reasons(found: ReasonTerms) -> dict[str, Any]:
    codes = {"accepted": found.accepted, "to_a_person": found.to_a_person}
    listed = {name: sorted(code.value for code in some) for name, some in codes.items()}
    return {"required": found.required, **given(**listed, assumption=found.assumption)}


def how(found: KindTerms) -> dict[str, Any]:
    refused_as = found.refused_as and found.refused_as.value
    optional = given(refused_as=refused_as, assumption=found.assumption)
    return {"treatment": found.treatment.value, **optional}


def partial(found: PartialTerms) -> dict[str, Any] | None:
    if found == PartialTerms(PartialBy.NOBODY, Rounding.DOWN):
        return None  # what goes for a file that does not speak of it
    return {
        "decided_by": found.decided_by.value,
        "rounding": found.rounding.value,
        **given(assumption=found.assumption),
    }


def velocity(found: Terms) -> dict[str, Any] | None:
    limits = found.velocity
    return limits and {
        "days": limits.days,
        "of_account": limits.of_account,
        "of_instrument": limits.of_instrument,
        **given(assumption=limits.assumption),
    }


def approvals(found: Terms) -> dict[str, Any]:
    said = found.approvals
    return {
        "by": said.by,
        "always": {
            "methods": {method.value: people for method, people in said.methods.items()},
            "clause": said.methods_clause,
        },
        "above": {
            "limits": {
                currency: [limit.decimal_text() for limit in limits]
                for currency, limits in said.limits.items()
            },
            "clause": said.limits_clause,
        },
        "working_days": said.working_days,
        **given(assumption=said.assumption),
    }


def days(found: WorkingDays) -> dict[str, Any]:
    return {"least": found.least, "most": found.most, **given(assumption=found.assumption)}


def method(found: MethodTerms) -> dict[str, Any]:
    return {**days(found.days), **given(clause=found.clause)}


def with_numbers(text: str, terms: dict[str, Any]) -> str:
    """The file's text with the numbers of its terms in the gaps."""
    days = terms["handling_working_days"]
    numbers = {name: term["value"] for name, term in terms.items() if "value" in term}
    numbers["handling_working_days"] = f"{days['least']}–{days['most']}"
    for name, number in numbers.items():
        text = text.replace(f"{{{name}}}", str(number))
    return text


@BOTH
def test_all_that_a_file_says_is_loaded_and_nothing_else(name: str) -> None:
    path = BRANDS_FOLDER / f"{name}.yml"
    text = path.read_text("utf-8")
    written = yaml.safe_load(with_numbers(text, yaml.safe_load(text)["terms"]))
    for codes in ("accepted", "to_a_person"):
        if codes in written["terms"]["reasons"]:
            written["terms"]["reasons"][codes].sort()
    # Of the shares of the time, nobody asks whether the brand's documents state them.
    del written["service_levels"]["percent_of_time"]["assumption"]
    found = as_in_the_file(load_brand(path))
    assert found.keys() == written.keys()
    for part, said in written.items():
        assert found[part] == said, part


@BOTH
def test_a_loaded_brand_keeps_its_file_and_its_words(name: str) -> None:
    path = BRANDS_FOLDER / f"{name}.yml"
    brand = load_brand(path)
    assert brand.source == path
    assert brand.text == path.read_text("utf-8")


@BOTH
def test_what_the_documents_leave_open_is_marked_by_true_and_all_else_by_false(name: str) -> None:
    brand = load_brand(BRANDS_FOLDER / f"{name}.yml")
    terms = brand.terms
    marked = [
        *brand.clauses.values(),
        *brand.contacts,
        *terms.kinds.values(),
        *(said.days for said in terms.methods.values()),
        *(level.resolution for level in brand.service_levels.levels.values()),
        terms.double_charge_minutes,
        terms.reply_hours,
        terms.reasons,
        terms.partial,
        terms.velocity,
        terms.approvals,
        brand.hours,
    ]
    assert {type(found.assumption) for found in marked if found} == {bool}
    assert {found.assumption for found in marked if found} == {True, False}

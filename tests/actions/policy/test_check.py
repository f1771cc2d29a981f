"""A policy check finds what a brand file says in vain, and words that are missing."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from actions.domain.order import Kind
from actions.policy import engine, phrases, rules
from actions.policy.brand import Brand
from actions.policy.check import Finding, check, check_rules, requests
from actions.policy.engine import decide
from actions.policy.facts import Facts
from actions.policy.grounds import Ground, Treatment
from actions.policy.terms import KindTerms, PartialBy, Terms
from actions.policy.verdict import PASS, Verdict


def found(brand: Brand) -> list[tuple[str, str]]:
    return [(finding.code, finding.subject) for finding in check(brand)]


@pytest.mark.parametrize("name", ["kuailian", "bitpie"])
def test_the_shipped_brands_say_nothing_in_vain(brands: dict[str, Brand], name: str) -> None:
    assert found(brands[name]) == []


def test_every_rule_answers_some_request_of_some_brand(brands: dict[str, Brand]) -> None:
    assert check_rules(brands) == []
    # A shop of subscriptions alone has no use for the rules of a wallet.
    alone = check_rules({"kuailian": brands["kuailian"]})
    assert [rule.subject for rule in alone] == ["never_refunded", "out_of_time", "with_reason"]
    assert alone[0] == Finding(
        "rule_unreached",
        "never_refunded",
        "没有任何申请会用到规则 never_refunded。",
        "No request is ever answered by the rule never_refunded.",
    )


def test_a_second_look_that_never_changes_an_answer_is_found(brands: dict[str, Brand]) -> None:
    everywhere = {
        name: replace(brand, terms=replace(brand.terms, velocity=None))
        for name, brand in brands.items()
    }
    assert [rule.subject for rule in check_rules(everywhere)] == ["usual_velocity"]


def test_a_rule_behind_one_that_always_answers_is_found(
    brands: dict[str, Brand], monkeypatch: pytest.MonkeyPatch
) -> None:
    def greedy(facts: Facts, terms: Terms) -> Verdict | None:
        return rules.not_covered(facts, terms)

    monkeypatch.setattr("actions.policy.check.RULES", (greedy, *engine.RULES))
    unreached = {finding.subject for finding in check_rules(brands)}
    assert {"within_money_back_window", "not_covered"} <= unreached


def test_a_ground_that_no_request_reaches_is_found(brands: dict[str, Brand]) -> None:
    brand = brands["kuailian"]
    kinds = {kind: told for kind, told in brand.terms.kinds.items() if kind is not Kind.UPGRADE}
    without = replace(brand, terms=replace(brand.terms, kinds=kinds))
    assert found(without) == [
        ("ground_unreached", "upgrade_in_window"),
        ("ground_unreached", "upgrade_past_window"),
    ]
    assert check(without)[0] == Finding(
        "ground_unreached",
        "upgrade_in_window",
        "grounds.upgrade_in_window 有对应条款，但没有任何申请会得到这个结果。",
        "grounds.upgrade_in_window has a clause, but no request is ever answered on it.",
    )


def test_advice_for_a_refusal_that_never_happens_is_found(brands: dict[str, Brand]) -> None:
    brand = brands["kuailian"]
    advice = {**brand.advice, Ground.DISPUTED: {"zh": "请稍候。", "en": "Please wait."}}
    assert check(replace(brand, advice=advice)) == [
        Finding(
            "advice_unreached",
            "disputed",
            "advice.disputed 写了建议，但没有申请会以此被拒绝。",
            "advice.disputed is written, but no request is ever refused for it.",
        )
    ]


def test_a_clause_that_is_never_named_is_found(brands: dict[str, Brand]) -> None:
    brand = brands["bitpie"]
    more = {id: replace(brand.clauses["B-1"], id=id) for id in ("B-100", "B-99")}
    unused = check(replace(brand, clauses={**brand.clauses, **more}))
    assert [finding.subject for finding in unused] == ["B-99", "B-100"]
    assert unused[0] == Finding(
        "clause_unused",
        "B-99",
        "条款 B-99 没有任何裁定或问答会引用。",
        "The clause B-99 is named by no decision and answers no question.",
    )


@pytest.mark.parametrize(
    ("ground", "code"),
    [(Ground.PAST_WINDOW, "refusal_unworded"), (Ground.MONEY_BACK, "ground_unworded")],
)
@pytest.mark.parametrize(
    ("language", "zh", "en"), [("zh", "中文", "Chinese"), ("en", "英文", "English")]
)
def test_a_ground_without_words_in_either_language_is_found(
    brands: dict[str, Brand],
    monkeypatch: pytest.MonkeyPatch,
    ground: Ground,
    code: str,
    language: str,
    zh: str,
    en: str,
) -> None:
    half = {other: words for other, words in phrases.GROUNDS[ground].items() if other != language}
    monkeypatch.setitem(phrases.GROUNDS, ground, half)
    assert check(brands["kuailian"]) == [
        Finding(code, ground, f"{ground} 没有{zh}说明。", f"{ground} has no words in {en}.")
    ]


def test_a_ground_that_nobody_has_worded_is_found_in_both_languages(
    brands: dict[str, Brand], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(phrases.GROUNDS, Ground.DISPUTED)
    assert found(brands["kuailian"]) == [("refusal_unworded", "disputed")] * 2


def test_words_for_another_choice_of_the_terms_are_no_fault(brands: dict[str, Brand]) -> None:
    brand = brands["kuailian"]
    partial = replace(brand.terms.partial, decided_by=PartialBy.POLICY)
    for terms in (replace(brand.terms, partial=partial), replace(brand.terms, velocity=None)):
        assert found(replace(brand, terms=terms)) == []


def test_a_finding_is_told_in_both_languages(brands: dict[str, Brand]) -> None:
    brand = brands["kuailian"]
    kinds = {**brand.terms.kinds, Kind.UPGRADE: KindTerms(Treatment.UNLESS_CANCELLED)}
    for finding in check(replace(brand, terms=replace(brand.terms, kinds=kinds))):
        assert finding.subject in finding.zh
        assert finding.subject in finding.en


@pytest.mark.parametrize("name", ["kuailian", "bitpie"])
def test_every_sort_of_request_is_decided_and_explained(
    brands: dict[str, Brand], name: str
) -> None:
    outcomes: dict[Any, int] = {}
    for facts in requests(brands[name]):
        decision = decide(facts, brands[name])
        outcomes[decision.outcome] = outcomes.get(decision.outcome, 0) + 1
        assert all(words and "{" not in words for words in decision.explanation.values())
    assert set(outcomes) == {"approved", "denied", "needs_review"}


@pytest.fixture
def passing() -> Callable[[Facts, Terms], Verdict | None]:
    """A rule that never answers."""
    return lambda facts, terms: PASS


def test_rules_of_which_none_answers_are_a_mistake(brands: dict[str, Brand], passing: Any) -> None:
    facts = next(requests(brands["bitpie"]))
    with pytest.raises(LookupError, match=r"^the last rule must always have an answer$"):
        decide(facts, brands["bitpie"], [passing])


def test_a_check_of_rules_of_which_none_answers_fails_as_deciding_does(
    brands: dict[str, Brand], passing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actions.policy.check.RULES", (passing,))
    with pytest.raises(LookupError, match=r"^the last rule must always have an answer$"):
        check(brands["bitpie"])

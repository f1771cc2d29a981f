"""A question about the rules is answered shortly, topic by topic, and never made up."""

import pytest

from actions.policy.answering import answer
from actions.policy.brand import Brand, read_brand
from actions.policy.topics import MOST_PASSAGES, NAMES, Topic
from tests.actions.policy.brand_texts import changed

BOTH = pytest.mark.parametrize("brand", ["kuailian", "bitpie"])


def clauses(brand: Brand, *topics: Topic, intent: str | None = None) -> list[str]:
    """The ids of what is said; other passages by the key that they stand under."""
    ids = {str(clause.words): clause.id for clause in brand.clauses.values()}
    ids |= {str(words): f"advice.{ground}" for ground, words in brand.advice.items()}
    ids[str(brand.after_refusal)] = "after_refusal"
    return [ids[str(words)] for words in answer(brand, topics, intent).passages]


def test_one_topic_is_answered_by_its_own_clauses_only(brands: dict[str, Brand]) -> None:
    assert clauses(brands["kuailian"], Topic.RENEWAL) == ["K-4", "K-5"]
    assert clauses(brands["kuailian"], Topic.METHODS) == ["K-8", "K-22"]
    assert clauses(brands["bitpie"], Topic.DOCUMENTS) == ["B-1", "B-18"]


def test_of_a_transfer_on_a_chain_is_said_what_can_still_be_done(brands: dict[str, Brand]) -> None:
    said = clauses(brands["bitpie"], Topic.CRYPTO)
    assert said[:2] == ["B-6", "advice.onchain_irreversible"]


def test_two_topics_are_both_answered_one_after_the_other(brands: dict[str, Brand]) -> None:
    said = clauses(brands["kuailian"], Topic.TIMES, Topic.WINDOW)
    assert said == ["K-7", "K-8", "K-1", "K-2"]


def test_what_two_topics_share_is_said_once(brands: dict[str, Brand]) -> None:
    assert clauses(brands["kuailian"], Topic.RENEWAL, Topic.AUTO_RENEWAL) == ["K-4", "K-5"]


@BOTH
def test_however_many_topics_are_asked_the_answer_is_short(
    brands: dict[str, Brand], brand: str
) -> None:
    for topics in ([topic] for topic in Topic):
        assert len(clauses(brands[brand], *topics)) <= MOST_PASSAGES
    assert len(clauses(brands[brand], *Topic)) == MOST_PASSAGES


@BOTH
def test_what_the_brand_does_not_say_is_not_made_up(brands: dict[str, Brand], brand: str) -> None:
    found = answer(brands[brand], [Topic.INVOICE])
    assert (found.passages, found.covered, found.silent) == ((), (), (Topic.INVOICE,))
    assert found.silent_on("zh") == "发票和收据"
    assert found.silent_on("en") == "invoices and receipts"


def test_of_two_topics_the_one_without_a_rule_is_named(brands: dict[str, Brand]) -> None:
    found = answer(brands["kuailian"], [Topic.FEES, Topic.WINDOW, Topic.INVOICE])
    assert found.covered == (Topic.WINDOW,)
    assert found.silent_on("en") == "fees, invoices and receipts"


@pytest.mark.parametrize(
    ("intent", "said"),
    [
        ("how_long", ["K-7", "K-8", "K-9"]),
        ("fees_or_partial_refund", ["K-3", "K-1"]),
        ("security_question", ["K-26"]),
        ("refund_policy", ["K-1", "K-3", "K-4", "K-27"]),
        (None, ["K-1", "K-3", "K-4", "K-27"]),
    ],
)
def test_a_question_that_names_no_topic_is_answered_by_its_intent(
    brands: dict[str, Brand], intent: str | None, said: list[str]
) -> None:
    assert clauses(brands["kuailian"], intent=intent) == said
    assert answer(brands["kuailian"], [], intent).silent == ()


def test_the_answer_has_the_numbers_of_the_terms() -> None:
    brand = read_brand(changed("window_days: {value: 30", "window_days: {value: 45"))
    found = answer(brand, [Topic.WINDOW])
    assert "首次购买后 45 天内可申请全额退款" in found.text("zh")
    assert "within 45 days" in found.text("en").splitlines()[0]
    assert "30" not in found.text("zh") + found.text("en")


def test_every_topic_has_a_name_in_both_languages() -> None:
    assert set(NAMES) == set(Topic)
    assert all(set(name) == {"zh", "en"} and all(name.values()) for name in NAMES.values())

"""What answers a question is the answer; what nobody asked for is not taken for one."""

import pytest

from bot.engine.nlu.answers import kept_facts, read_answer


def ranked(*names: str, first: float = 0.9) -> list[dict]:
    return [{"name": n, "confidence": first if n == names[0] else 0.05} for n in names]


@pytest.mark.parametrize(
    ("text", "kinds", "ranking", "asked", "intent"),
    [
        ("4242", {"payment_hint"}, ranked("goodbye"), "payment_hint", "provide_payment_details"),
        ("支付宝", {"payment_method"}, [], "payment_method", "provide_payment_details"),
        ("LK-7HQ2-XM4D", {"link_code"}, ranked("provide_order_number"), None, "give_link_code"),
        ("x@example.com", {"new_email"}, ranked("greet"), "new_email", "provide_contact"),
        (
            "为什么要付款日期，昨天付的",
            {"payment_date"},
            ranked("ask_why_needed"),
            "payment_date",
            "ask_why_needed",
        ),
        (
            "用支付宝付的，转人工",
            {"payment_method"},
            ranked("provide_payment_details", "contact_human"),
            "payment_method",
            "contact_human",
        ),
        (
            "paid by card, get me a human",
            {"payment_method"},
            ranked("payment_problem"),
            "payment_method",
            "contact_human",
        ),
        (
            "尾号9026",
            set(),
            ranked("provide_payment_details", "provide_order_number"),
            "order_number",
            "provide_order_number",
        ),
        (
            "根本用不了",
            set(),
            ranked("mailbox_lost", "complaint", first=0.4),
            None,
            "complaint",
        ),
        ("邮箱没了", set(), ranked("mailbox_lost", "complaint"), None, "mailbox_lost"),
    ],
)
def test_facts_and_questions_correct_the_guess(text, kinds, ranking, asked, intent) -> None:
    assert read_answer(text, kinds, ranking, asked)[0]["name"] == intent


def test_nothing_understood_stays_nothing() -> None:
    assert read_answer("", set(), [], None) == []


@pytest.mark.parametrize(
    ("intent", "first", "kept"),
    [
        ("contact_human", 0.9, []),
        ("ask_why_needed", 0.9, ["order_number"]),
        ("ask_why_needed", 0.4, ["order_number", "payment_date"]),
        ("provide_payment_details", 1.0, ["order_number", "payment_date"]),
    ],
)
def test_a_wish_that_goes_first_takes_the_answer_with_it(intent, first, kept) -> None:
    found = [{"entity": "order_number"}, {"entity": "payment_date"}]
    left = kept_facts(found, ranked(intent, first=first))
    assert [fact["entity"] for fact in left] == kept


@pytest.mark.parametrize(
    ("asked", "read_as"), [("order_number", "ask_why_needed"), ("code", "repeat"), (None, "deny")]
)
@pytest.mark.parametrize(
    "text",
    ["没有", "我没有啊", "找不到", "在哪找", "i don't have it", "can't find it", "where is it?"],
)
def test_what_is_not_at_hand_is_no_refusal(text: str, asked: str | None, read_as: str) -> None:
    assert read_answer(text, set(), ranked("deny", "affirm"), asked)[0]["name"] == read_as


@pytest.mark.parametrize("text", ["不要", "不用了", "no", "no thanks", "没有问题的话我就不退了"])
def test_a_refusal_stays_one(text: str) -> None:
    assert read_answer(text, set(), ranked("deny", "affirm"), "order_number")[0]["name"] == "deny"

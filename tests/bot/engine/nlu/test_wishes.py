"""Two wishes in one message are heard as two; what only looks like two stays one."""

import time
from pathlib import Path

import pytest
import yaml
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.engine.components.wishes import ALSO, WishReader
from bot.engine.nlu.classifier import IntentModel
from bot.engine.nlu.parts import LONGEST, Part, parts_of
from bot.engine.nlu.wishes import PARTS, WISHES, Heard, Wish, two_wishes
from bot.engine.report.wishes import ONE, TWO, lines, score
from bot.engine.understand import Understanding

ROOT = Path(__file__).parents[4]
LEAST_PRECISION = 0.95
LEAST_RECALL = 0.75
MOST_FALSE = 0.015


def texts(message: str) -> list[str]:
    return [part.text for part in parts_of(message)]


def heard(*said: tuple[str, str] | tuple[str, str, float], whole: str | None = None) -> list | None:
    """The wishes found where each part, ``+`` before what is added, has this reading."""
    each = [
        Heard(Part(text.removeprefix("+"), text.startswith("+")), Wish(intent, *(sure or [0.99])))
        for text, intent, *sure in said
    ]
    found = two_wishes(each, whole or said[0][1])
    return [wish.intent for wish in found] if found else None


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("退款到哪了？另外发票怎么开", ["退款到哪了?", "发票怎么开"]),
        ("我要退款 KL20260901001，多久能到账", ["我要退款 KL20260901001,", "多久能到账"]),
        ("退款到哪了还有发票怎么开", ["退款到哪了", "发票怎么开"]),
        ("取消会员并把钱退给我", ["取消会员", "把钱退给我"]),
        ("我要退款 多久到账", ["我要退款", "多久到账"]),
        ("银行卡绑不上。还有，发票能开吗", ["银行卡绑不上。", "发票能开吗"]),
        (
            "cancel my auto renewal and refund the last charge",
            ["cancel my auto renewal", "refund the last charge"],
        ),
        (
            "hi how long do refunds take, also I need an invoice",
            ["hi how long do refunds take,", "I need an invoice"],
        ),
        ("Refund me.\nPS change my email", ["Refund me.", "change my email"]),
        ("1. refund please\n2. my invoice", ["refund please", "my invoice"]),
    ],
)
def test_a_message_is_cut_where_something_new_begins(message: str, parts: list[str]) -> None:
    assert texts(message) == parts


@pytest.mark.parametrize(
    "message",
    [
        "refund a.b@example.com the 1,299.00 paid on September 1, 2026 please",
        "请退 KL-2026.09.001 的1,299.00元",
        "see https://example.com/a?b=1,2;c and photo.html",
        "refund order no. 118-2234",
        "我还有三天就到期了",
        "另外一个订单也退了吧",
        "I bought shoes and socks",
        "如果我取消订阅，剩下的钱会退吗",
        "If I cancel now, do I get the rest back?",
        "我要退款，因为颜色不对",
        "refund me, or I'll report you",
        "",
        "？！",
    ],
)
def test_ids_sums_days_addresses_and_conditions_stay_whole(message: str) -> None:
    assert len(parts_of(message)) <= 1


def test_a_long_story_is_not_cut() -> None:
    assert parts_of("我要退款。" * LONGEST) == []
    assert parts_of("退款。" * 40) == []


@pytest.mark.parametrize(
    ("said", "wishes"),
    [
        (
            [("退款到哪了?", "refund_status"), ("+发票怎么开", "invoice")],
            ["refund_status", "invoice"],
        ),
        (
            [("我要退款", "request_refund"), ("给我转人工", "contact_human")],
            ["contact_human", "request_refund"],
        ),
        (
            [("cancel my auto renewal", "cancel_subscription"), ("refund it", "request_refund")],
            ["cancel_subscription", "request_refund"],
        ),
        (
            [("登不上", "account_problem"), ("+怎么开发票", "invoice")],
            ["account_problem", "invoice"],
        ),
        (
            [("充值没到", "payment_problem"), ("帮我转人工", "contact_human")],
            ["contact_human", "payment_problem"],
        ),
    ],
)
def test_two_sure_wishes_are_heard_in_their_order(said: list, wishes: list[str]) -> None:
    assert heard(*said) == wishes


@pytest.mark.parametrize(
    "said",
    [
        # the same again, or nothing that is asked of the desk
        [("我要退款", "request_refund"), ("请退给我", "request_refund")],
        [("谢谢", "thank"), ("我要退款", "request_refund")],
        [("我要退款", "request_refund"), ("+推荐个电影吧", "out_of_scope")],
        [("我要退款", "request_refund"), ("订单是KL1", "provide_order_number")],
        # not sure
        [("退款到哪了?", "refund_status"), ("+怎么开", "invoice", 0.6)],
        # a reason, a story, another half
        [("it never arrived", "order_status"), ("I want a refund", "request_refund")],
        [("why charge me twice?", WRONG := "report_double_charge_or_wrong_payment"),
         ("please refund it", "request_refund")],
        [("退款到哪了?", "refund_status"), ("要等多久?", "how_long")],
        [("去年扣了钱", WRONG), ("帮我取消会员", "cancel_subscription")],
        [("can you cancel the booking", "cancel_subscription"), ("refund me", "request_refund")],
        # anger, what was done before, what is refused
        [("请给我退款", "request_refund"), ("+什么破公司", "complaint")],
        [("I cancelled yesterday", "cancel_subscription"), ("+my invoice please", "invoice")],
        [("I'm not asking for a refund", "request_refund"), ("+I need an invoice", "invoice")],
        [("我不要退款", "request_refund"), ("+我要发票", "invoice")],
    ],
)  # fmt: skip
def test_what_only_looks_like_a_second_wish_is_none(said: list) -> None:
    assert heard(*said) is None


def test_the_message_as_a_whole_has_to_agree_unless_a_person_is_wanted() -> None:
    two = [("退款到哪了?", "refund_status"), ("+发票怎么开", "invoice")]
    assert heard(*two, whole="invoice") == ["refund_status", "invoice"]
    assert heard(*two, whole="give_link_code") is None
    person = [("请转人工", "contact_human"), ("+发票怎么开", "invoice")]
    assert heard(*person, whole="complaint") == ["contact_human", "invoice"]


@pytest.fixture(scope="module")
def model() -> IntentModel:
    newest = max((ROOT / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    return Understanding.load(newest).intents


@pytest.mark.parametrize("name", TWO)
def test_the_second_wish_is_nearly_always_one_and_seldom_missed(
    model: IntentModel, name: str
) -> None:
    found = score(lines(name), model)
    assert found.precision >= LEAST_PRECISION
    assert found.recall >= LEAST_RECALL


@pytest.mark.parametrize("name", ONE)
def test_messages_with_one_wish_are_left_alone(model: IntentModel, name: str) -> None:
    messages = lines(name)
    assert score(messages, model).said / len(messages) < MOST_FALSE


def test_the_test_set_names_wishes_only_and_about_half_have_two() -> None:
    for name in TWO:
        meant = [one["wishes"] for one in lines(name)]
        two = [wishes for wishes in meant if len(wishes) > 1]
        assert len(meant) >= 150
        assert 0.4 <= len(two) / len(meant) <= 0.6
        assert all(set(wishes) <= WISHES and len(wishes) == 2 for wishes in two)


def test_cutting_takes_no_time_worth_naming() -> None:
    message = "退款到哪了？另外发票怎么开, and also I'd like an invoice please. " * 8
    begun = time.perf_counter()
    for _ in range(20):
        parts_of(message + " ")
    assert (time.perf_counter() - begun) / 20 < 0.05


def message_with(*said: tuple[str, str]) -> Message:
    """A message as the answer reader leaves it: the whole is read as its last part."""
    each = [Heard(Part(text, False), Wish(intent, 0.99)) for text, intent in said]
    ranking = [{"name": said[-1][1], "confidence": 0.5}, {"name": said[0][1], "confidence": 0.45}]
    data = {PARTS: each, INTENT: ranking[0], INTENT_RANKING_KEY: ranking, ENTITIES: []}
    return Message(data)


def understood(message: Message, asked: str | None = None) -> tuple[list[str], list[tuple]]:
    """The ranking and the entities once the component has seen the message."""
    slots = [TextSlot("requested_slot", [], initial_value=asked)]
    tracker = DialogueStateTracker.from_events("c1", [], slots=slots)
    (read,) = WishReader().process([message], tracker)
    assert read.get(INTENT) == read.get(INTENT_RANKING_KEY)[0]
    said = [(one["entity"], one["value"]) for one in read.get(ENTITIES)]
    return [one["name"] for one in read.get(INTENT_RANKING_KEY)], said


TWO_SAID = [("退款到哪了?", "refund_status"), ("发票怎么开?", "invoice")]


def test_the_dialogue_hears_the_first_as_the_intent_and_the_second_as_an_entity() -> None:
    message = message_with(*TWO_SAID)
    assert understood(message) == (["refund_status", "invoice"], [("also", "invoice")])
    first, second = message.get(INTENT_RANKING_KEY)
    assert first["confidence"] - second["confidence"] > 0.15  # else it is taken for doubt


def test_an_answer_that_is_waited_for_is_not_taken_for_a_wish() -> None:
    said = understood(message_with(*TWO_SAID), asked="email")
    assert said == (["invoice", "refund_status"], [])


def test_the_wishes_are_read_after_the_answers_and_before_doubt_is_judged() -> None:
    config = yaml.safe_load((ROOT / "config.yml").read_text("utf-8"))
    order = [component["name"].split(".")[-1] for component in config["pipeline"]]
    assert order.index("AnswerReader") < order.index("WishReader")
    assert order.index("WishReader") < order.index("FallbackClassifier")
    domain = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))
    assert domain["slots"][ALSO]["mappings"] == [{"type": "from_entity", "entity": ALSO}]
    assert not domain["slots"][ALSO]["influence_conversation"]
    assert ALSO in domain["entities"]
    assert {next(iter(one)) for one in domain["intents"]} >= WISHES

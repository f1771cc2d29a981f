"""What a question about the rules asks about is read from it, in both languages.

``tests/nlu/topics`` holds questions by their one topic.
"""

from pathlib import Path
from time import perf_counter

import pytest
import yaml
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.engine.components.topics import TopicReader
from bot.engine.components.wishes import ALSO
from bot.engine.nlu.normaliser import normalise
from bot.engine.nlu.parts import Part
from bot.engine.nlu.topics import PREFIX, QUESTIONS, WISHES, Topics, settled, topics_asked
from bot.engine.nlu.wishes import PARTS, Heard, Wish

ROOT = Path(__file__).parents[3]
LANGUAGES = ("zh", "en")
LEAST_WAYS = 8


def lines(path: Path) -> list[tuple[str, str]]:
    """The expressions of a file of training data, each with its name."""
    return [
        (block["regex"], line[2:])
        for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]
        for line in block["examples"].splitlines()
    ]


TOPICS = Topics([pair for one in LANGUAGES for pair in lines(ROOT / f"data/topics.{one}.yml")])
ASKED = {
    language: yaml.safe_load((ROOT / f"tests/nlu/topics/{language}.yml").read_text("utf-8"))
    for language in LANGUAGES
}


def read(text: str, intent: str = "refund_policy") -> list[str]:
    return [find.topic for find in topics_asked(TOPICS, text, intent)]


@pytest.mark.parametrize(
    ("topic", "text"),
    [(topic, text) for asked in ASKED.values() for topic, texts in asked.items() for text in texts],
)
def test_a_question_is_read_as_its_topic_and_no_other(topic: str, text: str) -> None:
    assert read(text) == [topic]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_topic_is_asked_in_many_ways_in_both_languages(language: str) -> None:
    named = {name.removeprefix(PREFIX) for name, _ in lines(ROOT / f"data/topics.{language}.yml")}
    assert {topic for topic, ways in ASKED[language].items() if len(ways) >= LEAST_WAYS} == named


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("退款多久到账，要手续费吗", ["times", "fees"]),
        ("续费的钱能退吗？退到哪张卡？", ["renewal", "methods"]),
        ("需要什么材料，几天能处理完", ["documents", "times"]),
        ("手续费能免吗", ["fees"]),
        ("被拒了还能申诉吗？客服电话多少", ["appeal", "channels"]),
        ("退款多久到賬 發票怎麼辦", ["times", "invoice"]),
        ("how long does it take, and is there a fee?", ["times", "fees"]),
        ("do renewals get refunded? and to which card?", ["renewal", "methods"]),
        ("what documents do you need. can I get an invoice?", ["documents", "invoice"]),
        ("is there a deadline and can I appeal", ["window", "appeal"]),
    ],
)
def test_two_topics_are_read_in_the_order_in_which_they_are_asked(
    text: str, topics: list[str]
) -> None:
    assert read(text) == topics


@pytest.mark.parametrize(
    "text",
    [
        "你们的退款政策是什么",
        "什么情况可以退",
        "退款规则",
        "what's your refund policy",
        "refund rules",
    ],
)
def test_a_question_about_all_the_rules_has_no_topic(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    "intent", ["request_refund", "greet", "nlu_fallback", "contact_human", None]
)
def test_only_a_question_has_topics(intent: str | None) -> None:
    assert topics_asked(TOPICS, "退款要手续费吗", intent) == []


@pytest.mark.parametrize(
    ("intent", "text", "topics"),
    [
        ("cancel_subscription", "怎么关闭自动续费", ["auto_renewal"]),
        ("cancel_subscription", "帮我关闭自动续费", []),
        ("cancel_subscription", "how do I turn off auto renewal", ["auto_renewal"]),
        ("cancel_subscription", "turn off auto renewal please", []),
        ("invoice", "可以开发票吗", ["invoice"]),
        ("invoice", "给我开张发票", []),
        ("invoice", "do you issue invoices", ["invoice"]),
        ("appeal_or_dispute", "怎么申诉", ["appeal"]),
        ("appeal_or_dispute", "I appeal against this", []),
    ],
)
def test_a_wish_has_topics_only_where_it_is_put_as_a_question(
    intent: str, text: str, topics: list[str]
) -> None:
    assert read(text, intent) == topics


def test_circumstances_of_a_fraud_are_no_topics() -> None:
    assert read("有人打电话让我交手续费，是骗子吗", "security_question") == ["security"]
    assert read("how long do you keep my id", "security_question") == ["privacy"]


def test_a_topic_stands_where_the_message_has_it() -> None:
    text = "請問  續費的錢能退嗎"
    (find,) = topics_asked(TOPICS, text, "refund_policy")
    assert text[find.start : find.end].startswith("續費")


def doubt(*names: str) -> list[dict[str, object]]:
    """A ranking in which none of these intents is likely enough."""
    return [{"name": name, "confidence": 0.3} for name in ("nlu_fallback", *names)]


@pytest.mark.parametrize(
    ("text", "names", "reading"),
    [
        ("退款要手续费吗", ("refund_policy", "fees_or_partial_refund"), "refund_policy"),
        ("退款会原路退回吗", ("refund_status", "refund_policy"), "refund_policy"),
        ("有结果会通知我吗", ("security_question", "order_status"), "refund_policy"),
        ("will I be notified?", ("security_question", "how_long"), "how_long"),
        ("有人冒充客服吗", ("security_question", "complaint"), "security_question"),
    ],
)
def test_a_doubtful_question_that_names_a_topic_is_taken_for_one_about_the_rules(
    text: str, names: tuple[str, ...], reading: str
) -> None:
    found = settled(TOPICS, text, doubt(*names))
    assert found
    assert found["name"] == reading


@pytest.mark.parametrize(
    ("text", "ranking"),
    [
        ("退款要手续费吗", doubt("request_refund", "complaint")),
        ("退款规则是什么", doubt("refund_policy", "request_refund")),
        ("不要手续费", doubt("refund_policy", "request_refund")),
        ("退款要手续费吗", doubt("refund_policy")[1:]),
        ("退款要手续费吗", []),
    ],
)
def test_other_doubts_are_left(text: str, ranking: list[dict[str, object]]) -> None:
    assert settled(TOPICS, text, ranking) is None


def test_intents_that_ask_about_the_rules_are_intents() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))
    assert {name for intent in domain["intents"] for name in intent} >= QUESTIONS | WISHES


@pytest.mark.parametrize("piece", ["退", "how ", "退款多久", "a", "do i "])
def test_a_long_message_is_read_quickly(piece: str) -> None:
    before = perf_counter()
    TOPICS.found(normalise(piece * (4000 // len(piece))).text)
    assert perf_counter() - before < 1


def _process(text: str, intent: str, also: str, parts: list[tuple[str, str]]) -> list[dict]:
    """The entities after a message of two wishes went through the component."""
    reader = TopicReader(None, None)
    reader._topics = TOPICS
    message = Message(
        {
            TEXT: text,
            INTENT: {"name": intent, "confidence": 0.99},
            INTENT_RANKING_KEY: [{"name": intent, "confidence": 0.99}],
            ENTITIES: [{"entity": ALSO, "value": also}],
            PARTS: [Heard(Part(said, False), Wish(name, 0.99)) for said, name in parts],
        }
    )
    (done,) = reader.process([message])
    return [{"entity": one["entity"], "value": one["value"]} for one in done.get(ENTITIES)]


@pytest.mark.parametrize(
    ("wish", "question"),
    [("我要退款", "多久到账"), ("cancel my plan", "how long does a refund take")],
)
def test_a_second_wish_that_the_rules_answer_is_a_topic_of_the_first(
    wish: str, question: str
) -> None:
    parts = [(wish, "request_refund"), (question, "how_long")]
    found = _process(f"{wish}。{question}?", "request_refund", "how_long", parts)
    assert found == [{"entity": "topic", "value": "times"}]


def test_a_second_wish_waits_where_the_first_one_answers_nothing() -> None:
    parts = [("你们态度太差", "complaint"), ("多久到账", "how_long")]
    found = _process("你们态度太差。多久到账?", "complaint", "how_long", parts)
    assert found == [{"entity": ALSO, "value": "how_long"}]


def test_a_second_wish_that_is_no_question_stays_one() -> None:
    parts = [("多久到账", "how_long"), ("我要退款", "request_refund")]
    found = _process("多久到账?我要退款", "how_long", "request_refund", parts)
    assert {"entity": ALSO, "value": "request_refund"} in found

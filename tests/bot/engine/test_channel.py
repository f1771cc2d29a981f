"""The private channel: what goes into Rasa, and what is read back from the tracker."""

import json

import pytest
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    BotUttered,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.exceptions import RasaException

from bot.engine.channel import (
    BadTurn,
    DeskChannel,
    defused,
    pressed,
    read_turn,
    replies_in,
    understood_in,
    user_message,
)

TURN = {"conversation": "c1", "message": "m1", "brand": "kuailian", "text": "我要退款"}


def test_a_turn_is_read() -> None:
    assert read_turn(json.dumps(TURN).encode()) == TURN


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"[]",
        b"{",
        {"conversation": None},
        {"conversation": 7},
        {"message": ""},
        {"brand": None},
        {"text": None},
        {"text": 7},
        {"payload": "affirm"},
        {"payload": 7},
        {"language": "fr"},
    ],
)
def test_what_is_no_turn_is_refused(wrong: object) -> None:
    body = wrong if isinstance(wrong, bytes) else json.dumps({**TURN, **wrong}).encode()
    with pytest.raises(BadTurn):
        read_turn(body)


@pytest.mark.parametrize(
    "typed",
    [
        "/affirm",
        "  /affirm",
        '/inform{"order_number": "KL1"}',
        "/",
        "//affirm",
        "\n/affirm",
        "\t/ x",
    ],
)
def test_a_customer_cannot_speak_in_commands(typed: str) -> None:
    message = user_message({**TURN, "text": typed})
    assert not message.text.startswith("/")
    assert message.parse_data is None or message.parse_data["intent"]["name"] == "nlu_fallback"


@pytest.mark.parametrize(
    "typed",
    [
        "/affirm",
        " / affirm",
        '/affirm{"case_number": "RF-1"}',
        "//deny",
        "/affirm\n/affirm",
        "\uff0faffirm",
        "\u200b/affirm",
        "/aff\u200birm",
        "\u2215affirm",
        "\\affirm",
        "action_confirm_refund",
        '{"intent": "affirm"}',
        '[{"event": "restart"}]',
        "/",
    ],
)
def test_command_syntax_is_not_understood(typed: str) -> None:
    meant = user_message({**TURN, "text": typed}).parse_data
    assert meant["intent"]["name"] == "nlu_fallback"
    assert [entity["entity"] for entity in meant["entities"]] == ["language"]


@pytest.mark.parametrize(
    "typed",
    [
        "/ I want a refund",
        "/转人工",
        "／退款",
        "退款/换货",
        "https://example.com/refund",
        "{订单号} KL1",
        "[截图] 我要退款",
        "wechat_pay",
        "[" * 4000,
    ],
)
def test_a_sentence_in_which_there_is_a_programs_sign_is_read(typed: str) -> None:
    assert user_message({**TURN, "text": typed}).parse_data is None


def test_other_text_reaches_rasa_as_it_was_typed() -> None:
    assert defused("他说 1/2 退款") == "他说 1/2 退款"


def test_a_button_names_its_intent_and_its_facts() -> None:
    meant = pressed('/affirm{"case_number": "RF-1"}', "确认退款", {"language": "zh"})
    assert meant["intent"] == {"name": "affirm", "confidence": 1.0}
    assert {entity["entity"]: entity["value"] for entity in meant["entities"]} == {
        "case_number": "RF-1",
        "language": "zh",
    }


def test_a_button_with_broken_facts_is_refused() -> None:
    with pytest.raises(BadTurn):
        pressed('/affirm{"case_number": ', "确认退款", {"language": "zh"})


def _said(**parse_data: object) -> UserUttered:
    return UserUttered(
        "确认",
        message_id="m1",
        parse_data={
            "intent": {"name": "affirm", "confidence": 0.9},
            "entities": [{"entity": "language", "value": "zh", "start": 0, "end": 0}],
            "intent_ranking": [{"name": "affirm", "confidence": 0.9, "id": 5}],
            "language": "zh",
            **parse_data,
        },
    )


def test_the_answer_tells_what_was_said_understood_and_done() -> None:
    events = [
        _said(),
        ActionExecuted("action_confirm_refund"),
        BotUttered(
            "好的",
            data={
                "buttons": [{"title": "查进度", "payload": "/refund_status", "type": "postback"}]
            },
            metadata={"utter_action": "utter_refund_confirmed"},
        ),
        SlotSet("awaiting", None),
        ActionExecuted("action_listen"),
    ]
    assert replies_in(events) == [
        {
            "text": "好的",
            "buttons": [{"title": "查进度", "payload": "/refund_status"}],
            "response": "utter_refund_confirmed",
            "custom": None,
        }
    ]
    understood = understood_in(events)
    assert understood["intent"] == "affirm"
    assert understood["ranking"] == [{"name": "affirm", "confidence": 0.9}]
    assert understood["entities"] == []
    assert understood["slots"] == {"awaiting": None}
    assert understood["actions"] == ["action_confirm_refund"]
    assert understood["failed_actions"] == []


def test_the_script_of_a_message_and_the_one_wished_for_are_told() -> None:
    said = _said(language_tag="zh-Hant", wished_script="Hans")
    told = understood_in([said])
    assert (told["language_tag"], told["wished_script"]) == ("zh-Hant", "Hans")


def test_a_button_tells_no_script() -> None:
    told = understood_in([_said()])
    assert (told["language_tag"], told["wished_script"]) == (None, None)


def test_a_turn_that_was_taken_back_shows_its_failure_and_no_slots() -> None:
    failed = ActionExecutionRejected("action_yes", metadata={"failed": True})
    understood = understood_in([_said(), SlotSet("code", "1"), failed, UserUtteranceReverted()])
    assert understood["failed_actions"] == ["action_yes"]
    assert understood["actions"] == []
    assert understood["slots"] == {}


@pytest.mark.parametrize("credentials", [None, {}, {"secret": ""}])
def test_there_is_no_channel_without_a_secret(credentials: object) -> None:
    with pytest.raises(RasaException, match="secret"):
        DeskChannel.from_credentials(credentials)

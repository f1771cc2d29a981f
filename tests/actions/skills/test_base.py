"""What every skill does with a second wish, and with what was being asked."""

from types import SimpleNamespace
from typing import Any

import pytest

from actions.skills.base import Answer, led_on, say


class Turn(SimpleNamespace):
    """As much of a turn as a second wish takes."""

    form: str | None = None
    intent = "refund_status"
    language = "en"
    also: str | None = None

    def slot(self, name: str) -> Any:
        return self.also if name == "also" else None


def test_a_second_wish_is_offered_after_the_first() -> None:
    answer = led_on(Turn(also="invoice"), say("utter_refund_status"))
    assert [reply.response for reply in answer.replies] == [
        "utter_refund_status",
        "utter_also_wanted",
    ]
    assert answer.replies[1].facts == {
        "wish": "An invoice or receipt",
        "wish_intent": "invoice",
    }
    assert answer.slots["also"] is None


def test_it_is_offered_in_the_customers_language() -> None:
    answer = led_on(Turn(also="invoice", language="zh"), say("utter_refund_status"))
    assert answer.replies[1].facts["wish"] == "开发票"


@pytest.mark.parametrize("also", ["refund_status", "contact_human"])
def test_a_wish_that_is_being_followed_or_has_no_words_is_forgotten(also: str) -> None:
    answer = led_on(Turn(also=also), say("utter_refund_status"))
    assert len(answer.replies) == 1
    assert answer.slots == {"also": None}


def test_it_waits_for_the_form_and_for_an_open_question() -> None:
    said = say("utter_refund_status")
    assert led_on(Turn(also="invoice", form="facts_form"), said) is said
    asked: Answer = say("utter_refund_approved", awaiting="confirmation")
    assert led_on(Turn(also="invoice"), asked) is asked


def test_without_a_second_wish_nothing_is_added() -> None:
    said = say("utter_refund_status")
    assert led_on(Turn(), said) is said

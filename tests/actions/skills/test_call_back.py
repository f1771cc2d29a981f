"""A call is booked with the number and the wished time, or the number is asked for again."""

from types import SimpleNamespace
from typing import Any

import pytest

from actions.domain.errors import InputRefused
from actions.skills.base import FACTS
from actions.skills.call_back import book


class Tickets:
    """Takes calls down, or refuses every number."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.refuses = refuses
        self.calls: list[dict[str, Any]] = []

    async def call_back(self, brand: str, phone: str, **more: Any) -> Any:
        if self.refuses:
            raise InputRefused()
        self.calls.append({"phone": phone, **more})
        return SimpleNamespace(id="T-1")


def a_turn(text: str, language: str = "zh") -> Any:
    return SimpleNamespace(
        text=text,
        language=language,
        conversation="c",
        brand=SimpleNamespace(id="kuailian"),
        hours=lambda: "9-18",
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("13800138000，下午三点以后", True),
        ("明天打我 13800138000", True),
        ("13800138000 随时", True),
        ("call me on 020 7946 0991 after 6pm", True),
        ("020 7946 0991, Tuesday morning", True),
        ("020 7946 0991 any time", True),
        ("13800138000", False),
        ("my number is 020 7946 0991", False),
        ("打我电话13800138000", False),
    ],
)
async def test_when_to_call_is_kept_in_the_customers_words(text: str, kept: bool) -> None:
    tickets = Tickets()
    answer = await book(a_turn(text), SimpleNamespace(tickets=tickets), "+8613800138000")  # type: ignore[arg-type]
    assert tickets.calls[0]["preferred_time"] == (text if kept else None)
    assert answer.replies[0].response == "utter_call_back_noted"


async def test_only_the_last_digits_are_repeated_and_the_number_is_forgotten() -> None:
    desk: Any = SimpleNamespace(tickets=Tickets())
    answer = await book(a_turn("13800138000"), desk, "+8613800138000")
    assert answer.replies[0].facts["hint"] == "8000"
    assert "13800138000" not in str(answer)
    assert answer.slots == {"phone": None}


async def test_a_number_that_is_none_is_asked_for_again() -> None:
    desk: Any = SimpleNamespace(tickets=Tickets(refuses=True))
    answer = await book(a_turn("12345"), desk, "12345")
    assert answer.replies[0].response == "utter_phone_refused"
    assert answer.slots == {"phone": None, "goal": "call_back", "awaiting": FACTS}

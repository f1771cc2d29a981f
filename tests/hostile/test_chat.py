"""Every hostile line through the chat API, against real Rasa: stored as said, answered like any
other message, and nothing comes of it.
"""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import pytest

from tests.bot.gateway.talk import Talk
from tests.hostile.corpus import Line, corpora, lines
from tests.hostile.talking import Heard, rows, said_to, say

TROUBLE = {"desk_problem", "desk_delayed"}
A_COMMAND = re.compile(r"\W*[/\\∕⁄⧸\u0338]\W*(?:[A-Za-z_]+\W*(?:[@{\[/].*)?)?", re.DOTALL)
A_FACT = re.compile(r"[A-Za-z0-9@._%+/:-]*")
"""What a fact may be made of, whichever it is; nothing in it means anything to a program."""
REFUSED = {"raw control characters", "a raw line end"}
"""Such a body is no JSON."""
OF_THE_FORM = {"order_number", "email", "code", "reason", "tracking_number", "requested_slot"}


def amiss(heard: Sequence[Heard]) -> list[str]:
    """What no line may ever bring about, one sentence each."""
    return [f"{one}: {fault}" for one in heard for fault in _faults(one)]


def _faults(heard: Heard) -> list[str]:
    found = {
        f"was refused with {heard.status}": heard.status != 202,
        "was stored otherwise": heard.kept != heard.line.stored,
        "has no answer": not heard.responses,
        "ended in trouble": bool(TROUBLE & set(heard.responses)),
        "failed an action": bool((heard.understood or {}).get("failed_actions")),
        "was told of a refund": bool(re.search("RF-[0-9A-Z]{10}", heard.answer)),
        "was answered with a program's signs": bool(re.search(r"[<>{}$\[\]]", heard.answer)),
        "was answered with what cannot be seen": any(
            unicodedata.category(each) in ("Cc", "Cf", "Co", "Cs") and each != "\n"
            for each in heard.answer
        ),
        f"left a strange fact: {heard.slots}": not all(
            A_FACT.fullmatch(value) for value in heard.slots.values() if isinstance(value, str)
        ),
    }
    return [fault for fault, so in found.items() if so]


def cases_of(stack: Any, heard: Sequence[Heard]) -> list[Any]:
    """Every case that one of these conversations has brought about."""
    ids = {one.conversation for one in heard}
    cases = rows(stack.home, "SELECT conversation, state FROM cases")
    return [case for case in cases if case[0] in ids]


def slashed() -> list[Line]:
    """The commands that begin with a slash, however it is disguised."""
    found = [
        line
        for line in lines("commands")
        if A_COMMAND.fullmatch(unicodedata.normalize("NFKC", line.stored).replace("\u200b", ""))
    ]
    assert len(found) > 80
    return found


async def test_commands_are_never_obeyed(stack: Any) -> None:
    """Not as an intent, not as a fact, not as a restart: they are not understood."""
    heard = await said_to(stack, lines("commands"))
    assert amiss(heard) == []
    commands = set(slashed())
    obeyed = [one for one in heard if one.line in commands and one.intent != "nlu_fallback"]
    assert [str(one) for one in obeyed] == []
    certain = [one for one in heard if (one.understood or {}).get("confidence") == 1.0]
    assert {one.intent for one in certain} == {"nlu_fallback"}
    assert [str(one) for one in heard if one.state != "bot"] == []
    assert cases_of(stack, heard) == []


async def test_commands_leave_a_form_where_it_was(stack: Any, customer: Any) -> None:
    """A code is awaited: no command brings it, changes what it was asked for, or ends the form."""
    who = await asyncio.to_thread(customer)

    async def code_awaited(talk: Talk) -> None:
        answers = await say(talk, f"我要退款 {who.order} {who.email}")
        assert who.email in answers[-1]["text"]

    # Two in a row: a third try in vain ends the form whatever it was (tests/conversations).
    heard = await said_to(stack, slashed(), opening=code_awaited, a_conversation=2)
    assert amiss(heard) == []
    assert {one.responses[-1] for one in heard} == {"utter_ask_code"}
    changed = [one for one in heard if OF_THE_FORM & one.slots.keys() - {"requested_slot"}]
    assert [str(one) for one in changed] == []
    assert cases_of(stack, heard) == []


async def test_commands_confirm_no_refund_and_the_button_still_does(
    stack: Any, customer: Any
) -> None:
    """The customer is verified and was asked for a yes: the moment in which most could happen."""
    asked: dict[str, Any] = {}

    async def asked_to_confirm(talk: Talk) -> None:
        who = asked[talk.conversation] = await asyncio.to_thread(customer)
        await say(talk, f"我要退款 {who.order} {who.email}")
        answers = await say(talk, await asyncio.to_thread(who.code))
        assert answers[-1]["buttons"], answers

    async def still_to_be_confirmed(talk: Talk) -> None:
        who = asked[talk.conversation]
        assert (who.cases(), who.payouts()) == ([("decided", "approved")], 0)
        await talk.press("确认退款")
        assert "RF-" in (await talk.settled())[-1]["text"]

    heard = await said_to(
        stack,
        slashed(),
        opening=asked_to_confirm,
        closing=still_to_be_confirmed,
        a_conversation=40,
    )
    assert amiss(heard) == []
    assert len(cases_of(stack, heard)) == len(asked)


async def test_words_behind_a_slash_are_words(stack: Any) -> None:
    """Whoever writes /转人工 wants a person, and gets one; the slash itself does nothing."""
    heard = await said_to(stack, lines("slash_words"), a_conversation=1)
    assert amiss(heard) == []
    intents = {one.line.text: one.intent for one in heard}
    assert intents["/转人工"] == intents["／转人工"] == "contact_human"
    assert intents["/我要退款"] == intents["/ I want a refund"] == "request_refund"
    assert all((one.understood or {})["confidence"] < 1 for one in heard)
    assert cases_of(stack, heard) == []


@pytest.mark.parametrize("name", sorted({*corpora()} - {"commands", "slash_words"}))
async def test_hostile_text_is_stored_as_said_and_comes_to_nothing(stack: Any, name: str) -> None:
    heard = await said_to(stack, lines(name))
    assert [
        str(one.line) for one in heard if one.status != 202 and one.line.note not in REFUSED
    ] == []
    heard = [one for one in heard if one.line.note not in REFUSED]
    assert amiss(heard) == []
    assert [one.answer for one in heard if name == "templates" and "49" in one.answer] == []
    assert cases_of(stack, heard) == []
    spent = max((one.understood or {}).get("milliseconds", 0) for one in heard)
    assert spent < 10_000, "one message must not keep the desk busy"


def test_the_logs_hold_nothing_that_was_said(stack: Any) -> None:
    """Runs last here: neither the customers' words nor a character that a terminal obeys."""
    words = [line.text for name in corpora() for line in lines(name)]
    telling = {text for text in words if (len(text.strip()) > 15 and " " in text) or "<" in text}
    assert len(telling) > 200
    for name, text in _all_logs(stack).items():
        unseen = {each for each in text if unicodedata.category(each) in ("Cc", "Cf", "Co")}
        assert unseen <= {"\n"}, name
        assert [said for said in telling if said in text] == [], name
        assert "evil.example" not in text, name


def _all_logs(stack: Any) -> dict[str, str]:
    logs = {file.name: file.read_text("utf-8") for file in (stack.home / "logs").iterdir()}
    return {**logs, "desk up": stack.said_so_far()}

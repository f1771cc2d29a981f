"""When a part of the desk dies, the customer hears the truth and nothing is done twice."""

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.cli.leftovers import processes_of


@pytest.fixture(scope="module")
def stack(desk_for_this_module: Any) -> Any:
    """A desk whose processes these tests may kill."""
    return desk_for_this_module


@contextlib.contextmanager
def without(stack: Any, command: bytes) -> Iterator[None]:
    """One process of the desk is dead, and is killed again as often as it is restarted."""
    over = threading.Event()
    killer = threading.Thread(target=_keep_killing, args=(stack.home, command, over))
    _kill(stack.home, command)
    killer.start()
    try:
        yield
    finally:
        over.set()
        killer.join()
        stack.wait_until_answering()


def _keep_killing(home: Path, command: bytes, over: threading.Event) -> None:
    while not over.wait(0.05):
        _kill(home, command)


def _kill(home: Path, command: bytes) -> None:
    for pid in processes_of(home):
        with contextlib.suppress(OSError):
            if command in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
                os.kill(pid, signal.SIGKILL)


def test_no_promise_without_the_action_server_and_the_refund_goes_on_after_it(
    stack, chat, customer
):
    who = customer()
    talk = chat().verified(who).bot("utter_refund_approved")
    with without(stack, b"actions"):
        talk.press("确认退款").bot("desk_problem")
        assert "受理" not in talk.text()
        assert who.cases() == [("decided", "approved")]
        assert who.payouts() == 0
    talk.press("再试一次").bot("utter_refund_confirmed", says="RF-")
    assert [outcome for _, outcome in who.cases()] == ["approved"]


def test_a_person_is_reached_without_the_action_server(stack, chat):
    talk = chat("kuailian", "en")
    with without(stack, b"actions"):
        talk.user("let me talk to a human").bot("desk_person_coming")


def test_a_code_typed_without_the_action_server_counts_afterwards(stack, chat, customer):
    who = customer()
    talk = chat()
    talk.user(f"我要退款 {who.order} {who.email}").bot("utter_ask_code")
    code = who.code()
    with without(stack, b"actions"):
        talk.user(code).bot("desk_problem")
    talk.user(code).bot("utter_refund_approved")


def test_a_message_sent_while_rasa_is_away_is_answered_when_it_is_back(stack, chat, customer):
    who = customer()
    talk = chat().verified(who).bot("utter_refund_approved")
    with without(stack, b"bot.engine.lean"):
        talk.leave({"text": "转人工"})
    talk.hear()
    assert talk.responses()[-1] == "utter_person_coming"


def test_a_killed_worker_still_pays_once(stack, chat, customer):
    who = customer()
    talk = chat().verified(who)
    with without(stack, b"worker"):
        talk.press("确认退款").bot("utter_refund_confirmed")
        assert [state for state, _ in who.cases()] == ["confirmed"]
    who.wait_for_state("paying")
    assert who.payouts() == 1

"""A whole refund in the browser against the real desk: Rasa, the action server, the gateway, the
worker and the mail that carries the one-time code.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import ROOT, SCREENSHOTS

Visit = Callable[..., ChatPage]
MAIL_SECONDS = 20.0
TRACKING_NUMBER = re.compile(r"RF-[0-9A-Z]{10}")


@dataclass(frozen=True)
class Bought:
    """An order that nobody else's test touches."""

    order_number: str
    email: str


@pytest.fixture
def bought(stack: Any, tmp_path: Path) -> Bought:
    """A yearly plan bought the day before yesterday, known to the running desk."""
    digits = f"{secrets.randbelow(10**6):06}"
    paid = datetime.now(UTC) - timedelta(days=2)
    order = Bought(f"KL{paid:%Y%m%d}{digits[:3]}", f"customer{digits}@example.com")
    records = {
        "brand": "kuailian",
        "accounts": [
            {"id": f"T-{digits}", "email": order.email, "name": "王小明", "status": "active"}
        ],
        "orders": [
            {
                "order_number": order.order_number,
                "account": f"T-{digits}",
                "item": "yearly",
                "kind": "purchase",
                "amount": "299.00",
                "currency": "CNY",
                "paid_at": paid.isoformat(timespec="seconds"),
                "status": "paid",
                "payment": {"method": "card", "hint": "4242", "gateway": "manual"},
            }
        ],
    }
    file = tmp_path / "bought.json"
    file.write_text(json.dumps(records), encoding="utf-8")
    environment = os.environ | {"DESK_HOME": str(stack.home), "DESK_PORT": str(stack.port)}
    subprocess.run(
        [sys.executable, "-m", "bot.cli", "import", str(file)],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
    )
    return order


def code_mailed_to(stack: Any, email: str) -> str:
    """Wait for the one-time code as its receiver would, in the mailbox."""
    deadline = time.monotonic() + MAIL_SECONDS
    while time.monotonic() < deadline:
        for mail in stack.mails():
            found = re.search(r"(?<!\d)\d{6}(?!\d)", mail["text"] or "")
            if email in str(mail["to"]) and found:
                return found[0]
        time.sleep(0.2)
    raise AssertionError(f"no code was mailed to {email}")


def answered(chat: ChatPage) -> None:
    """Wait until the desk has answered all that was said."""
    chat.everything_is_sent()
    chat.waits_until(
        """() => {
          const panel = document.querySelector('refund-desk').shadowRoot
            .querySelector('refund-desk-panel').shadowRoot;
          const list = panel.querySelector('refund-desk-messages').shadowRoot;
          const shown = [...list.querySelectorAll('refund-desk-message')];
          return !list.querySelector('.typing') && shown.at(-1)?.author === 'bot';
        }"""
    )


def test_a_whole_refund_in_chinese_with_a_reload_in_the_middle(
    stack: Any, visit: Visit, bought: Bought
) -> None:
    """From 我要退款 to a tracking number; the page is reloaded while the code is awaited."""
    chat = visit(f"{stack.url}/?brand=kuailian&lang=zh").open()
    for words in ("我要退款", bought.order_number, bought.email):
        chat.say(words)
        answered(chat)
    before = chat.messages()
    chat.page.reload()
    chat.sees(bought.email)
    assert chat.messages() == before
    chat.say(code_mailed_to(stack, bought.email))
    answered(chat)
    chat.reply("确认退款").click()
    answered(chat)
    number = chat.log.locator("code").last.text_content()
    assert TRACKING_NUMBER.fullmatch(number or "")
    assert "299" in chat.said("bot")[-1]
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    chat.page.screenshot(path=SCREENSHOTS / "refund-zh.png", animations="disabled")


def test_a_whole_refund_in_english_by_keyboard_alone(
    stack: Any, visit: Visit, bought: Bought
) -> None:
    """Nothing is pointed at: the chat is opened, written in, confirmed and closed with keys."""
    chat = visit(f"{stack.url}/?brand=kuailian&lang=en", language="en")
    keys = chat.page.keyboard
    chat.launcher.focus()
    keys.press("Enter")
    chat.log.locator("refund-desk-message").first.wait_for()

    def type_and_send(words: str) -> None:
        assert chat.focused() == "Your message"
        keys.type(words)
        keys.press("Enter")
        answered(chat)

    for words in ("I want a refund", bought.order_number, bought.email):
        type_and_send(words)
    type_and_send(code_mailed_to(stack, bought.email))
    chat.reply("Yes, refund it").wait_for()
    type_and_send("1")
    number = chat.log.locator("code").last.text_content()
    assert TRACKING_NUMBER.fullmatch(number or "")
    assert "299" in chat.said("bot")[-1]
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    chat.page.screenshot(path=SCREENSHOTS / "refund-en.png", animations="disabled")
    keys.press("Escape")
    assert chat.focused() == "Chat with us"

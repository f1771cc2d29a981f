"""The chat as a person meets it: what they can do and what they can see, found by role and label
wherever a person would find it so.
"""

from __future__ import annotations

from typing import Any

WORDS = {
    "zh": {"open": "联系客服", "composer": "输入消息", "send": "发送", "close": "收起聊天窗口"},
    "en": {
        "open": "Chat with us",
        "composer": "Your message",
        "send": "Send",
        "close": "Close chat",
    },
}
SHOWN = """elements => elements
  .filter((element) => element.shadowRoot?.querySelector('.text'))
  .map((element) => [
    element.getAttribute('author'),
    element.shadowRoot.querySelector('.text').textContent,
  ])"""


class ChatPage:
    """One browser page with the widget on it."""

    def __init__(self, page: Any, language: str) -> None:
        self.page, self.words = page, WORDS[language]
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    @property
    def composer(self) -> Any:
        """Where one writes."""
        return self.page.locator("refund-desk-composer textarea")

    @property
    def launcher(self) -> Any:
        """The button that opens the chat."""
        return self.page.locator("refund-desk-launcher button")

    @property
    def log(self) -> Any:
        """The conversation."""
        return self.page.get_by_role("log")

    def open(self) -> ChatPage:
        """Open the chat and wait for the greeting."""
        self.launcher.click()
        self.log.locator("refund-desk-message").first.wait_for()
        return self

    def say(self, text: str) -> None:
        """Write a message and press Enter."""
        self.composer.fill(text)
        self.composer.press("Enter")

    def sees(self, text: str) -> None:
        """Wait until a message with ``text`` is in the conversation."""
        self.log.get_by_text(text, exact=True).last.wait_for()

    def reply(self, title: str) -> Any:
        """A quick reply."""
        return self.page.locator(".replies").get_by_role("button", name=title)

    def messages(self) -> list[tuple[str, str]]:
        """(author, text) of all that is shown, in order."""
        found = self.page.locator("refund-desk-message").evaluate_all(SHOWN)
        return [(author, text) for author, text in found]

    def said(self, author: str = "customer") -> list[str]:
        """The texts of one side."""
        return [text for who, text in self.messages() if who == author]

    def waits_until(self, condition: str, argument: Any = None) -> None:
        """Wait until a JavaScript expression holds."""
        self.page.wait_for_function(condition, arg=argument)

    def everything_is_sent(self) -> None:
        """Wait until no message is on its way any more."""
        self.waits_until(
            "() => !Object.keys(localStorage).some((key) => key.startsWith('refund-desk:outbox:')"
            " && localStorage[key] !== '[]')"
        )

    def focused(self) -> str:
        """The name of the innermost element that has the focus."""
        name: str = self.page.evaluate(
            "() => { let at = document.activeElement;"
            " while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;"
            " return at.getAttribute('aria-label') || at.localName; }"
        )
        return name

    def refused_content(self) -> list[str]:
        """What the Content-Security-Policy refused on this page."""
        found: list[str] = self.page.evaluate("() => window.refusedContent ?? []")
        return found

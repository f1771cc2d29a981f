"""A browser, and the chat in it as a person uses it.

Every page listens for refused content (Content-Security-Policy) and script errors; a test that
caused any of them fails, whatever it was about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.chat_page import ChatPage
from tests.browser.fake_desk import BUILT, FakeDesk

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "build" / "screenshots"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LISTEN = """
window.refusedContent = [];
document.addEventListener('securitypolicyviolation', (event) =>
  window.refusedContent.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest.fixture(scope="module")
def launched() -> Iterator[Callable[[str], Any]]:
    """One Chromium for a module's tests; gone before another module's event loop starts."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browsers: dict[str, Any] = {}

        def launch(path: str) -> Any:
            if path not in browsers:
                browsers[path] = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
            return browsers[path]

        yield launch
        for browser in browsers.values():
            browser.close()


@pytest.fixture
def visit(launched: Callable[[str], Any], chromium: str) -> Iterator[Callable[..., ChatPage]]:
    """Open an address in a browser of its own: ``visit(url, width=375, language="en")``."""
    contexts: list[Any] = []
    pages: list[ChatPage] = []

    def open_page(
        url: str, *, width: int = 1280, height: int = 800, language: str = "zh", **more: Any
    ) -> ChatPage:
        locale = {"zh": "zh-CN", "en": "en-US"}[language]
        context = launched(chromium).new_context(
            viewport={"width": width, "height": height}, locale=locale, **more
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        context.add_init_script(LISTEN)
        pages.append(ChatPage(context.new_page(), language))
        pages[-1].page.goto(url)
        return pages[-1]

    yield open_page
    refused = [page.refused_content() for page in pages]
    errors = [page.errors for page in pages]
    for context in contexts:
        context.close()
    assert not any(refused), refused
    assert not any(errors), errors


@pytest.fixture(scope="session")
def _built() -> None:
    if not (BUILT / "refund-desk.js").exists():
        pytest.fail("the widget is not built: make widget", pytrace=False)


@pytest.fixture
def fake_desk(_built: None) -> Iterator[FakeDesk]:
    """A desk with set answers whose network the test may cut."""
    with FakeDesk().running() as desk:
        yield desk

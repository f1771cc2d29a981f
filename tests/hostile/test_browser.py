"""Hostile text on every page of ours, in Chromium: shown inert and whole, on a phone's width."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.browser.chat_page import ChatPage
from tests.browser.fake_desk import FakeDesk
from tests.hostile.corpus import LONGEST, lines
from tests.hostile.hosted import HOSTILE_FACT, NAME, PASSWORD, HostedDesk
from tests.hostile.watching import Watched

Visit = Callable[..., ChatPage]
PHONE = 375
LINES_A_MESSAGE = 8
SHOWN_CORPORA = ("markup", "invisible", "long", "templates")
BREAKING_OUT = [
    "<script>window.hostile='ran'</script>",
    "\"><img src=x onerror=window.hostile='ran'>",
    "'><svg onload=window.hostile='ran'>",
    "\" autofocus onfocus=\"window.hostile='ran'",
    "javascript:window.hostile='ran'",
    "</title><script>window.hostile='ran'</script>",
    "//evil.example/",
    "{{7*7}}",
    "\u202e\u2067zh",
    "a" * 1500,
]
PATHS = [
    "/?lang={}",
    "/?brand={}",
    "/?brand=kuailian&lang={}",
    "/chat/{}",
    "/chat/kuailian?lang={}",
    "/nowhere/{}?lang={}",
    "/console/sign-in?lang={}",
    "/console/sign-in?next={}",
    "/console/nowhere/{}",
    "/console/conversations?lang={}&x={}",
    "/demo/mailbox?lang={}",
]
INSIDE = [
    "/console/conversations?before={}",
    "/console/conversations?lang={}&{}={}",
    "/console/conversations/{}",
    "/console/conversations/{}?lang={}",
]
PIECES = """bubbles => bubbles.map((bubble) => [...bubble.querySelector('.said').childNodes].map(
  (node) => [node.nodeType === 3 ? 'text' : node.localName + '.' + node.className,
    node.textContent]))"""
ORDER = """rows => rows.map((row) => [...row.querySelectorAll('.meta > *, .understood > *')].map(
  (each) => [each.parentElement.className, each.getBoundingClientRect().left,
    each.getBoundingClientRect().top]))"""
IN_BUBBLES = """all => all.map((message) => {
  const text = message.shadowRoot.querySelector('.text');
  return [text.textContent, [...text.children].map((each) => each.localName).join(' '),
    getComputedStyle(text).unicodeBidi, getComputedStyle(text).direction];
})"""


def texts() -> list[str]:
    """What is said, each line as it can be stored."""
    return list(dict.fromkeys(line.stored for line in lines(*SHOWN_CORPORA)))


def bundles() -> list[str]:
    """The same, a few lines to a message, as far as they fit: a turn each would take minutes."""
    found = [""]
    for text in texts():
        fits = len(found[-1]) + len(text) < LONGEST and found[-1].count("\n") < LINES_A_MESSAGE
        if fits and found[-1]:
            found[-1] += "\n" + text
        else:
            found.append(text)
    return [each.strip() for each in found if each.strip()]


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory, _built: None) -> Iterator[HostedDesk]:
    """The gateway and the console, for all of this module."""
    with HostedDesk(tmp_path_factory.mktemp("hosted")).running() as desk:
        yield desk


@pytest.fixture(scope="module")
def kept(hosted: HostedDesk) -> dict[str, list[dict[str, Any]]]:
    """What the chat API has kept of all texts, by conversation."""
    return hosted.say_all(bundles())


@pytest.fixture
def signed_in(hosted: HostedDesk, launched: Any, chromium: str) -> dict[str, Any]:
    """The browser's state of a member of staff, who signs in once."""
    if not hosted.browser_state:
        context = launched(chromium).new_context(locale="zh-CN")
        page = context.new_page()
        page.goto(f"{hosted.url}/console/sign-in")
        page.fill("#name", NAME)
        page.fill("#password", hosted.temporary_password)
        page.click("main form button")
        page.fill("#old", hosted.temporary_password)
        page.fill("#new", PASSWORD)
        page.fill("#again", PASSWORD)
        page.click("main form button")
        page.locator("form[action='/console/sign-out']").wait_for()
        page.goto(f"{hosted.url}/console/conversations")
        assert page.url.endswith("/console/conversations"), page.url
        hosted.browser_state = context.storage_state()
        context.close()
    return hosted.browser_state


@pytest.fixture
def watched(visit: Visit) -> Callable[..., Watched]:
    """A page on a phone that is under watch: ``watched(origin, storage_state=…)``."""

    def watch(origin: str, **more: Any) -> Watched:
        return Watched(visit("about:blank", width=PHONE, **more).page, origin)

    return watch


@pytest.mark.parametrize("corpus", SHOWN_CORPORA)
def test_the_chat_shows_every_text_whole_and_inert_whoever_says_it(
    fake_desk: FakeDesk, watched: Callable[..., Watched], corpus: str
) -> None:
    said = [line.stored for line in lines(corpus)]
    watch = watched(fake_desk.url)
    watch.go("/")
    chat = ChatPage(watch.page, "zh").open()

    def say() -> None:
        for number, text in enumerate(said):
            first, second = ("customer", "agent") if number % 2 else ("bot", "customer")
            fake_desk.chat.add(first, text)
            fake_desk.chat.add(second, text)
        fake_desk.chat.add("bot", "完", buttons=[{"id": "b-1", "title": said[0]}])

    fake_desk.steer(say)
    chat.sees("完")
    shown = watch.page.locator("refund-desk-message").evaluate_all(IN_BUBBLES)
    assert [text for text, *_ in shown[1:-1]] == [text for text in said for _ in "12"]
    assert {name for _, children, *_ in shown for name in children.split()} <= {"a", "code"}
    assert {bidi for *_, bidi, _ in shown} == {"plaintext"}
    wide = "scroll => scroll.scrollWidth - scroll.clientWidth"
    assert chat.log.evaluate(wide) <= 0
    assert watch.all() == []


def test_what_a_customer_types_comes_back_from_the_desk_as_it_was_typed(
    hosted: HostedDesk, watched: Callable[..., Watched]
) -> None:
    """Through the composer, the gateway, the bot and back; and once more after a reload."""
    typed = [text for text in BREAKING_OUT if text.strip()]
    watch = watched(hosted.url)
    watch.go("/?brand=kuailian&lang=zh")
    chat = ChatPage(watch.page, "zh").open()
    for text in typed:
        chat.say(text)
        chat.sees(f"re: {text}")
    assert chat.said() == typed
    watch.page.reload()
    chat.sees(f"re: {typed[-1]}")
    assert chat.said() == typed
    assert watch.all() == []


def test_a_transcript_shows_every_text_whole_and_inert(
    hosted: HostedDesk,
    kept: dict[str, list[dict[str, Any]]],
    signed_in: dict[str, Any],
    watched: Callable[..., Watched],
) -> None:
    """What can't be seen is named, what is personal is masked, and all else is there."""
    said = [m["text"] for part in kept.values() for m in part if m["author"] == "customer"]
    assert len(set(said) & set(bundles())) > 0.6 * len(bundles())
    watch = watched(hosted.url, storage_state=signed_in)
    assert watch.go("/console/conversations") == 200
    listed = watch.page.locator("tbody a").evaluate_all("links => links.map((a) => a.pathname)")
    assert {f"/console/conversations/{id}" for id in kept} <= set(listed)
    assert watch.all() == []
    for id, messages in kept.items():
        assert watch.go(f"/console/conversations/{id}") == 200
        shown = watch.page.locator(".chat .bubble").evaluate_all(PIECES)
        assert len(shown) == len(messages)
        lost = [
            message["text"]
            for message, pieces in zip(messages, shown, strict=True)
            if not _is_whole(message["text"], pieces)
        ]
        assert lost == []
        assert watch.all() == []


def _is_whole(text: str, pieces: list[list[str]]) -> bool:
    """Whether the pieces, read back, are the text; a mask stands for something."""
    pattern = "".join(_pattern(kind, shown) for kind, shown in pieces)
    return re.fullmatch(pattern, text.replace("\r\n", "\n"), re.DOTALL) is not None


def _pattern(kind: str, shown: str) -> str:
    if kind == "span.odd":
        code, _, times = shown.removeprefix("U+").partition(" ×")
        return re.escape(chr(int(code, 16)) * int(times or 1))
    if kind == "span.masked":
        return ".{5,}?"
    assert kind == "text"
    assert not re.search("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", shown)
    return re.escape(shown)


def test_text_that_turns_round_turns_nothing_beside_it(
    hosted: HostedDesk, signed_in: dict[str, Any], visit: Visit
) -> None:
    """Author before time, and intent, certainty, fact in this order, whatever was written."""
    said = [line.stored for line in lines("invisible")][:26]
    (id,) = hosted.say_all(said)
    page = visit("about:blank", storage_state=signed_in).page
    page.goto(f"{hosted.url}/console/conversations/{id}")
    for row in page.locator(".chat .message").evaluate_all(ORDER):
        for name in ("meta", "understood"):
            places = [(top, left) for parent, left, top in row if parent == name]
            assert [left for _, left in places] == sorted(left for _, left in places)
    facts = page.locator(".entity .said").evaluate_all("all => all.map((a) => a.textContent)")
    assert set(facts) == {"U+202E" + HOSTILE_FACT[1:]}


def test_addresses_full_of_markup_open_nothing_but_our_pages(
    hosted: HostedDesk, signed_in: dict[str, Any], watched: Callable[..., Watched]
) -> None:
    """Languages, brands, unknown pages, and where a list goes on."""
    stranger, member = watched(hosted.url), watched(hosted.url, storage_state=signed_in)
    for watch, paths in ((stranger, PATHS), (member, INSIDE)):
        for path in paths:
            for text in BREAKING_OUT:
                address = path.replace("{}", quote(text, safe=""))
                assert watch.go(address) in (200, 400, 404), address
                assert watch.page.url.startswith(hosted.url), address
                assert watch.all() == [], address


def test_the_demo_mailbox_shows_mails_as_text(
    hosted: HostedDesk, watched: Callable[..., Watched]
) -> None:
    """Subject, body and source; a subject that turns round turns no other text."""
    fit = [t for t in texts() if t.isprintable() and len(t) < 900 and "\ufffd" not in t]
    sent = [*fit[:60], "\u202e退款已批准", "a" * 700, "退" * 200]
    hosted.mail(sent)
    watch = watched(hosted.url)
    assert watch.go("/demo/mailbox?lang=zh") == 200
    for summary in watch.page.locator("summary").all():
        summary.click()
    bodies = watch.page.locator("article > pre").all_text_contents()
    assert {body.strip() for body in bodies} == {text.strip() for text in sent}
    subjects = watch.page.locator("article h2").all_text_contents()
    assert {"".join(subject.split()) for subject in subjects} == {"".join(s.split()) for s in sent}
    assert watch.all() == []

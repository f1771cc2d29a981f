"""Secrets given to the desk in a whole run, in every way there is, are found nowhere afterwards.

Customers paste them, break off, and send what can't be read; staff sign in; processes are killed.
Then every byte under the desk's home is searched, and all that it printed. What is rightly there:

* ``secrets/``: the desk's own, made at the first start, each in a file of mode 0600 in a folder of
  mode 0700. Without them it could not start again.
* ``run/``: the internal secret once more, in the files of mode 0600 that Rasa reads it from, and
  the metrics secret nowhere: it comes from the environment.
* One-time codes are not looked for: they are short-lived and spent, and in demo mode the mailbox
  is there to show them.
* A temporary password is shown once, to whoever takes somebody on; here that is the test itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import http.cookiejar
import json
import os
import re
import secrets
import signal
import socket
import stat
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pyotp
import pytest

from actions.bootstrap import build_desk
from actions.domain.staff import StaffRole
from actions.services.staff import COMMAND_LINE, NewStaff
from actions.settings import Settings, ensure_secrets
from actions.testing.identity import sign_identity
from bot.cli.leftovers import processes_of
from tests.actions.services.files import a_png
from tests.conversations import conftest as conversations
from tests.conversations.conftest import Chat, Customer
from tests.conversations.test_things_break import without
from tests.hostile.planting import Chest, found_in

customer = conversations.customer

INTERNAL_IN = ("secrets/internal", "run/credentials.yml", "run/endpoints.yml")
METRICS = secrets.token_urlsafe(32)
OTHER_LANGUAGES = ("japanese", "korean", "spanish", "french", "italian", "czech", "portuguese")


@pytest.fixture
def stack(desk_of_my_own: Callable[..., Any]) -> Any:
    """The desk of this test's first half."""
    running = desk_of_my_own(DESK_METRICS_SECRET=METRICS)
    running.wait_until_ready()
    return running


def test_planted_secrets_of_a_whole_run_are_found_nowhere(
    stack: Any, desk_of_my_own: Callable[..., Any], customer: Callable[..., Customer]
) -> None:
    chest, home = Chest(), stack.home
    desks_own(chest, home)
    a_refund_in_chinese(stack, chest, customer())
    a_refund_in_english(stack, chest, customer(amount="49.99", currency="USD"))
    everything_pasted_alone(stack, chest)
    the_same_id_again(stack, chest)
    files_with_telling_names(stack, chest)
    requests_that_cannot_be_read(stack, chest)
    a_turn_that_fails(stack, chest, customer())
    a_signed_identity(stack, chest, customer())
    staff_sign_in(stack, chest)
    stack.stop(signal.SIGINT)
    assert found_in(home, stack.said_so_far(), chest.planted) == []

    again = desk_of_my_own(home, DESK_METRICS_SECRET=METRICS)
    again.wait_until_ready()
    everything_pasted_alone(again, chest)
    for pid in (again.process.pid, *processes_of(home)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    again.process.wait(10)
    assert found_in(home, again.said_so_far(), chest.planted) == []
    assert stat.S_IMODE((home / "secrets").stat().st_mode) == 0o700


def desks_own(chest: Chest, home: Path) -> None:
    """What the desk made for itself at its first start."""
    chest.own("metrics secret", METRICS)
    for file in (home / "secrets").iterdir():
        kept_in = INTERNAL_IN if file.name == "internal" else (f"secrets/{file.name}",)
        chest.own(f"secret {file.name}", file.read_text("ascii").strip(), *kept_in)


def begun(stack: Any, chest: Chest, brand: str = "kuailian", language: str = "zh") -> Chat:
    """A conversation whose token is looked for too."""
    talk = Chat(stack, brand, language)
    chest.own("token of a conversation", talk._token)
    return talk


def a_refund_in_chinese(stack: Any, chest: Chest, who: Customer) -> None:
    talk = begun(stack, chest)
    talk.user(f"我要退款，我的助记词是 {chest.phrase('chinese_simplified')}，帮我看看")
    talk.user(f"订单 {who.order}，登录密码是{chest.password()}")
    talk.user(f"{who.email} 私钥：{chest.raw_key()}")
    assert talk.responses()[-1] == "utter_ask_code", talk._told()
    talk.user(f"身份证号：{chest.identity_number()}，卡号 {chest.card()}")
    talk.user(who.code()).bot("utter_refund_approved")
    talk.press("确认退款").bot("utter_refund_confirmed", says="RF-")
    comment = f"差！密码是{chest.password()}，助记词 {chest.phrase('chinese_traditional')}"
    talk._call("/api/chat/rating", {"stars": 1, "comment": comment})
    comment = f"银行卡号是 {chest.card('')}，私钥：{chest.wif()}"
    talk._call("/api/chat/rating", {"stars": 2, "comment": comment})


def a_refund_in_english(stack: Any, chest: Chest, who: Customer) -> None:
    talk = begun(stack, chest, language="en")
    code, expiry = chest.own("security code", "CVV 739"), chest.own("expiry", "11/34")
    talk.user(f"I'd like my money back for {who.order}, my seed phrase is {chest.phrase()}")
    talk.user(f"my card is {chest.card()} {expiry} {code}")
    talk.user(f"my e-mail is {who.email}, my password is {chest.password()}")
    assert talk.responses()[-1] == "utter_ask_code", talk._told()
    talk.user(who.code())
    assert talk.responses()[-1] == "utter_refund_approved", talk._told()
    talk.user(f"here is my private key: {chest.raw_key()}")
    talk.press("Yes, refund it").bot("utter_refund_confirmed", says="RF-")
    comment = f"slow. my password is {chest.password()} and {chest.phrase(length=24)}"
    talk._call("/api/chat/rating", {"stars": 1, "comment": comment})


def everything_pasted_alone(stack: Any, chest: Chest) -> None:
    """Messages of nothing else; some of them are answered by Rasa all the same."""
    talk = begun(stack, chest, "bitpie")
    for language in OTHER_LANGUAGES:
        talk.leave({"text": chest.phrase(language)})
    for text in (
        chest.phrase(length=24),
        chest.wif(),
        chest.extended_key(),
        f"钱包私钥 {chest.raw_key()} 帮我看看",
        chest.card("-"),
        f"安全码是{chest.own('security code', '安全码是486')[-3:]}",
        f"pwd: {chest.password()}",
        f"密码：{chest.password()}",
        chest.identity_number(),
    ):
        talk.leave({"text": text})
    talk.hear()


def the_same_id_again(stack: Any, chest: Chest) -> None:
    """Sent once more with another secret, and with other words: neither is kept."""
    talk, id = begun(stack, chest, language="en"), str(uuid.uuid4())
    talk._call("/api/chat/messages", {"id": id, "text": f"my password is {chest.password()}"})
    talk._call("/api/chat/messages", {"id": id, "text": f"my password is {chest.password()}"})
    other = {"id": id, "text": f"no, {chest.phrase()} is my phrase, pwd: {chest.password()}"}
    assert asked(talk, "/api/chat/messages", json.dumps(other).encode())[0] == 409
    talk.hear()


def files_with_telling_names(stack: Any, chest: Chest) -> None:
    talk = begun(stack, chest)
    for name in (
        f"密码是{chest.password()}.png",
        f"{chest.phrase()}.png",
        f"助记词 {chest.phrase('chinese_simplified')}.png",
        f"card {chest.card()}.png",
        f"{chest.wif()}.png",
    ):
        kept = uploaded(talk, name, a_png())
        assert kept[0] == 201, kept
        talk.leave({"text": "截图", "attachments": [json.loads(kept[1])["id"]]})
    refused = uploaded(talk, f"pwd: {chest.password()}.exe", b"MZ" + os.urandom(64))
    assert refused[0] == 415, refused
    talk.hear()


def requests_that_cannot_be_read(stack: Any, chest: Chest) -> None:
    talk, word = begun(stack, chest), chest.password
    say, kind = "/api/chat/messages", "Content-Type"
    for status, path, body, headers in (
        (400, say, f'{{"text": "{word()}'.encode(), {}),
        (400, say, f'["{chest.phrase()}"]'.encode(), {}),
        (400, say, json.dumps({"id": word(), "text": word()}).encode(), {}),
        (400, say, json.dumps({"id": str(uuid.uuid4()), "button": word()}).encode(), {}),
        (415, say, word().encode(), {kind: f"text/{word()}"}),
        (413, say, json.dumps({"id": str(uuid.uuid4()), "text": word() * 400}).encode(), {}),
        (413, say, word().encode() * 5000, {}),
        (400, say, b"\xff\xfe" + word().encode("utf-16-le"), {}),
        (401, say, b"{}", {"Authorization": f"Bearer {word()}"}),
        (401, say, b"{}", {"Authorization": f"Basic {word()}"}),
        (404, f"/{quote(chest.phrase())}", None, {"User-Agent": word()}),
        (404, f"/api/{word()}?password={word()}", None, {"Referer": f"http://x.example/{word()}"}),
        (400, f"{say}?after={word()}", None, {"Cookie": f"a={word()}"}),
        (400, "/api/chat/sessions", json.dumps({"brand": word(), "language": "en"}).encode(), {}),
        (400, "/api/chat/language", json.dumps({"language": word()}).encode(), {}),
        (401, "/metrics", None, {"Authorization": f"Bearer {word()}"}),
        (200, "/metrics", None, {"Authorization": f"Bearer {METRICS}"}),
        (200, f"/?password={word()}", None, {"X-Request-Id": word()}),
    ):
        answer = asked(talk, path, body, headers)
        assert answer[0] == status, (status, path.partition("?")[0][:24], answer)
    raw_requests(stack.port, chest)
    for private in (stack.port + 1, stack.port + 2):  # Rasa and the action server
        raw_requests(private, chest)


def raw_requests(port: int, chest: Chest) -> None:
    """What no client would send: broken lines, headers and chunks, and half a request."""
    word = chest.password
    chunked = "POST /webhook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
    for request in (
        f"GET /webhooks/rest/webhook?password={word()} HTTP/1.1\r\nHost: x\r\n"
        f"User-Agent: {word()}\r\nAuthorization: Bearer {word()}\r\nConnection: close\r\n\r\n",
        f"{word()} / HTTP/1.1\r\n\r\n",
        f"GET /{word()} HTTP/9.9\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: x\r\n{word()}\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: {word()}\r\n\r\n",
        f"{chunked}Content-Type: application/json\r\n\r\n{word()}\r\n{word()}\r\n",
        f"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\n{word()}",
    ):
        with socket.create_connection(("127.0.0.1", port), 5) as line:
            line.sendall(request.encode())
            line.shutdown(socket.SHUT_WR)
            with contextlib.suppress(OSError):
                while line.recv(4096):
                    pass


def a_turn_that_fails(stack: Any, chest: Chest, who: Customer) -> None:
    """The action server is killed in the middle of turns that carry secrets."""
    talk = begun(stack, chest)
    with without(stack, b"actions"):
        talk.user(f"我要退款 {who.order} {who.email} 密码是{chest.password()}")
        assert "desk_problem" in talk.responses(), talk._told()
        talk.user(f"转人工，我的助记词是 {chest.phrase('chinese_simplified')}，退款")
    talk.user(f"我要退款，密码是{chest.password()}")


def a_signed_identity(stack: Any, chest: Chest, who: Customer) -> None:
    keys = ensure_secrets(Settings.from_env({"DESK_HOME": str(stack.home)})).identity_keys
    account = f"A-{who.order[2:8]}-{int(who.order[8:])}"
    token = sign_identity(account, who.brand, keys[who.brand], datetime.now(UTC))
    forged = sign_identity(account, who.brand, secrets.token_urlsafe(32), datetime.now(UTC))
    for each in (token, forged):
        chest.own("identity token", each)
        chest.own("signature of an identity token", each.rpartition(".")[2])
    talk = begun(stack, chest)
    path = "/api/chat/identity"
    assert asked(talk, path, json.dumps({"identity": forged}).encode())[0] >= 400
    assert talk._call(path, {"identity": token}) == {"accepted": True}
    assert asked(talk, path, json.dumps({"identity": token}).encode())[0] >= 400
    talk.user(f"我要退款 {who.order}")


def staff_sign_in(stack: Any, chest: Chest) -> None:
    """Wrong and right password, one of one's own, a second factor, and out again."""
    temporary = chest.own("temporary password", asyncio.run(taken_on(stack.home)))
    browser = Browser(stack, chest)
    browser.post("sign-in", 403, name="陈主管", password=chest.password("wrong password"))
    browser.post("sign-in", 403, name=chest.password("password as a name"), password="wrong")
    browser.post("sign-in", 200, name="陈主管", password=temporary)
    own = chest.password("password of staff")
    browser.post("password", 200, old=temporary, new=own, again=own)
    page = browser.get("account/second-factor")
    shown = re.search(r'class="secret">.*?<code>([^<]+)</code>', page, re.S)
    assert shown, page
    totp = chest.own("TOTP secret", shown[1].replace(" ", ""))
    chest.own("TOTP secret, grouped", shown[1])
    browser.post("account/second-factor", 403, code="000000")
    page = browser.post("account/second-factor", 200, code=pyotp.TOTP(totp).now())
    recovery = re.findall(r"<li><code>([^<]+)</code>", page)
    assert len(recovery) == 10
    for code in recovery:
        chest.own("recovery code", code)
    browser.get(f"conversations?password={chest.password()}")
    browser.post("sign-out", 200, shown_at="account")


async def taken_on(home: Path) -> str:
    """Take an admin on, as an operator would at this machine; the temporary password."""
    settings = Settings.from_env({"DESK_HOME": str(home), "DESK_MODE": "demo"})
    desk = await build_desk(ensure_secrets(settings))
    try:
        new = NewStaff("陈主管", "chen@example.com", frozenset({StaffRole.ADMIN}))
        return (await desk.staff.add(new, by=COMMAND_LINE)).temporary_password
    finally:
        await desk.close()


class Browser:
    """A member of staff's; every cookie that it is given is looked for afterwards."""

    def __init__(self, stack: Any, chest: Chest) -> None:
        self._home, self._chest = f"{stack.url}/console", chest
        self._cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self._cookies)
        )

    def get(self, path: str) -> str:
        """A page."""
        return self._open(path, None)[1]

    def post(self, path: str, status: int, *, shown_at: str = "", **fields: str) -> str:
        """Fill in the form that is at ``path`` or ``shown_at``; the page that it leads to."""
        csrf = re.search(r'name="csrf" value="([^"]+)"', self.get(shown_at or path))
        assert csrf, path
        self._chest.own("token of a form", csrf[1])
        answer = self._open(path, urlencode({"csrf": csrf[1], **fields}).encode())
        assert answer[0] == status, (path, answer)
        return answer[1]

    def _open(self, path: str, body: bytes | None) -> tuple[int, str]:
        try:
            with self._opener.open(f"{self._home}/{path}", body, timeout=20) as answer:
                found = answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            found = error.code, error.read().decode()
        for cookie in self._cookies:
            if cookie.name != "desk_language":
                self._chest.own(f"cookie {cookie.name}", str(cookie.value))
        return found


def asked(
    talk: Chat, path: str, body: bytes | None, headers: Mapping[str, str] = {}
) -> tuple[int, str]:
    """Ask as this conversation, unless ``headers`` say otherwise; the status and the body."""
    own = {"Content-Type": "application/json", "Authorization": f"Bearer {talk._token}"}
    request = urllib.request.Request(talk.stack.url + path, body, own | dict(headers))
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except (OSError, http.client.HTTPException):
        return 0, ""


def uploaded(talk: Chat, name: str, content: bytes) -> tuple[int, str]:
    """Upload a file as a browser does."""
    edge = uuid.uuid4().hex
    head = f'Content-Disposition: form-data; name="file"; filename="{name}"'
    form = f"--{edge}\r\n{head}\r\nContent-Type: image/png\r\n\r\n".encode()
    body = form + content + f"\r\n--{edge}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
    return asked(talk, "/api/chat/attachments", body, kind)

"""Ten thousand ways to ask wrongly, the same ones each time.

Knows how to spoil a request: its fields, its bytes, its path, its headers, and its framing on the
wire. Leaves sending and judging to the test.
"""

from __future__ import annotations

import json
import random
import string
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

RIGHT: dict[str, dict[str, Any]] = {
    "/api/chat/sessions": {"brand": "kuailian", "language": "zh", "identity": None},
    "/api/chat/messages": {"id": "", "text": "你好", "button": None, "attachments": []},
    "/api/chat/language": {"language": "en"},
    "/api/chat/rating": {"stars": 5, "comment": "好"},
}
READ = ("/api/chat/messages", "/healthz", "/metrics", "/", "/api/openapi.json", "/static/pages.css")
METHODS = ("DELETE", "PUT", "PATCH", "TRACE", "OPTIONS", "HEAD", "PROPFIND", "get", "M-SEARCH")
PATHS = (
    "//",
    "//api/chat/messages",
    "/api//chat/messages",
    "/api/chat/messages/",
    "/api/chat/../../etc/passwd",
    "/static/..%2f..%2fapp.py",
    "/static/%2e%2e/app.py",
    "/static/%00",
    "/widget/%ff%fe",
    "/%00",
    "/%",
    "/%zz",
    "/chat/%00",
    "/chat/%e4%bd",
    "/chat/../../x",
    "/?lang=%ff",
    "/?brand=%00&lang[]=zh",
    "/;/a",
    "/\\..\\x",
    "/" + "a" * 7000,
    "/" + "a" * 9000,
    "/static/" + "a" * 3000,
    "/static/" + "a/" * 1500,
    "http://evil.example/api/chat/messages",
    "*",
)
QUERIES = ("after", "wait", "lang", "brand")
HEADERS = (
    ("Accept-Language", "\xff;q=zz,zh;;q=9"),
    ("Accept-Language", "zh," * 900),
    ("Content-Type", "application/json; charset=utf-7"),
    ("Content-Type", "application/json; charset=no-such"),
    ("Content-Type", ";;;"),
    ("Content-Type", "multipart/form-data"),
    ("Content-Encoding", "gzip"),
    ("Content-Encoding", "deflate"),
    ("Content-Encoding", "br"),
    ("Content-Encoding", "no-such"),
    ("Expect", "100-continue"),
    ("Expect", "the-unexpected"),
    ("Range", "bytes=0-1"),
    ("Range", "bytes=9-1,x"),
    ("Range", "bytes=-99999999999999999999"),
    ("If-Modified-Since", "yesterday"),
    ("If-None-Match", 'W/"x", *, "'),
    ("If-Range", "\xfe"),
    ("Upgrade", "websocket"),
    ("Connection", "Upgrade, close"),
    ("Cookie", "a=b; " * 500),
    ("Host", "evil.example"),
    ("Host", ""),
    ("Host", "[::1"),
    ("Origin", "http://[::1"),
    ("Origin", "\xff"),
    ("Last-Event-ID", "-1"),
    ("Authorization", "Bearer"),
    ("Authorization", "Basic \xff\xff"),
    ("Authorization", "Bearer " + "x" * 6000),
    ("X-Forwarded-For", "not, an, address"),
    ("X" * 300, "y"),
)
WRONG: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 10**400, -(10**20), 1e308, float("nan"), float("inf")),
    *("", " ", "\x00", "\ud800", "\u202e", "a" * 5000, "字" * 4001, "{{7*7}}", "${x}", "'; --"),
    *([], [[]], [None] * 300, ["x"], {}, {"$ne": None}, {"a": {"b": {}}}, ["a", 1, {}]),
)


@dataclass(frozen=True)
class Bad:
    """One request as it goes over the wire."""

    method: str
    target: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = field(default=())
    signed: bool = True

    def wire(self, token: str) -> bytes:
        """Its bytes; what it sets itself goes before what everybody sets."""
        given = {name.lower() for name, _ in self.headers}
        usual = [
            ("Host", "127.0.0.1"),
            ("Connection", "close"),
            ("Content-Type", "application/json"),
        ]
        if self.signed:
            usual.append(("Authorization", f"Bearer {token}"))
        if self.body or self.method in ("POST", "PUT", "PATCH"):
            usual.append(("Content-Length", str(len(self.body))))
        headers = [*self.headers, *((n, v) for n, v in usual if n.lower() not in given)]
        lines = [f"{self.method} {self.target} HTTP/1.1", *(f"{n}: {v}" for n, v in headers)]
        return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + self.body


def bad_requests(count: int, seed: int) -> Iterator[Bad]:
    """``count`` of them; the same seed gives the same ones."""
    chance = random.Random(seed)
    makers = (_wrong_field, _wrong_field, _broken_bytes, _odd_target, _odd_headers, _odd_query)
    for number in range(count):
        yield makers[number % len(makers)](chance)


def _right(chance: random.Random, path: str) -> dict[str, Any]:
    body = dict(RIGHT[path])
    if "id" in body:
        body["id"] = str(uuid.UUID(int=chance.getrandbits(128)))
    return body


def _post(chance: random.Random, body: bytes, path: str | None = None, **more: Any) -> Bad:
    return Bad("POST", path or chance.choice(list(RIGHT)), body, **more)


def _wrong_field(chance: random.Random) -> Bad:
    path = chance.choice(list(RIGHT))
    body = _right(chance, path)
    name = chance.choice([*body, "extra", "__proto__", "ｉｄ"])
    match chance.randrange(4):
        case 0:
            body.pop(name, None)
        case 1:
            text = json.dumps(body)[:-1]
            twice = f'{text}, "{name}": {json.dumps(chance.choice(WRONG))}}}'
            return _post(chance, twice.encode(), path)
        case _:
            body[name] = chance.choice(WRONG)
    return _post(chance, json.dumps(body).encode(), path, signed=chance.random() < 0.9)


def _broken_bytes(chance: random.Random) -> Bad:
    path = chance.choice(list(RIGHT))
    raw = json.dumps(_right(chance, path), ensure_ascii=False)
    depth = chance.choice((500, 5000, 30000))
    spoiled = chance.choice(
        (
            raw.encode("utf-16"),
            raw.encode("utf-32-be"),
            b"\xef\xbb\xbf" + raw.encode(),
            raw.encode()[: chance.randrange(len(raw))],
            raw.encode().replace(b"\xe4", b"\xff"),
            chance.randbytes(chance.randrange(1, 300)),
            b"[" * depth,
            b'{"a":' * (depth // 5) + b"1" + b"}" * (depth // 5),
            b'{"stars": ' + b"9" * depth + b"}",
            b'{"stars": 1e' + b"9" * 300 + b"}",
            b'{"brand": "' + b"\\u0000" * 3000 + b'"}',
            b'{"text": "\\ud83d\\ude00\\ud83d"}',
            b"null",
            b'"text"',
            b"",
            b" " * 70_000,
        )
    )
    return _post(chance, spoiled, path)


def _odd_target(chance: random.Random) -> Bad:
    if chance.random() < 0.5:
        return Bad(chance.choice(("GET", "GET", *METHODS)), chance.choice(PATHS))
    letters = string.ascii_letters + string.digits + "%/.;:@&=+$,-_~!*'()[]{}|^`<>"
    junk = "".join(chance.choice(letters) for _ in range(chance.randrange(1, 80)))
    method = chance.choice(("GET", "POST", *METHODS))
    return Bad(method, chance.choice(("/", "/api/", "/api/chat/", "/static/", "/chat/")) + junk)


def _odd_headers(chance: random.Random) -> Bad:
    headers = tuple(chance.choice(HEADERS) for _ in range(chance.randrange(1, 4)))
    if chance.random() < 0.5:
        return Bad(chance.choice(("GET", "HEAD", *METHODS)), chance.choice(READ), headers=headers)
    path = chance.choice(list(RIGHT))
    return _post(chance, json.dumps(_right(chance, path)).encode(), path, headers=headers)


def _odd_query(chance: random.Random) -> Bad:
    value = chance.choice(("-1", "1e3", "%00", "9" * 50, "nan", "0x1", "%F0%9F", "", "1&after=x"))
    path = chance.choice(("/api/chat/messages", "/", "/chat/kuailian", "/demo/mailbox"))
    return Bad("GET", f"{path}?{chance.choice(QUERIES)}={value}", signed=chance.random() < 0.9)


_POST = b"POST /api/chat/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
_SECOND = b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
SMUGGLING = (
    _POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + _SECOND,
    _POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + _SECOND,
    _POST + b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n" + _SECOND,
    _POST + b"Content-Length: 0, 44\r\n\r\n" + _SECOND,
    _POST + b"Content-Length: +0\r\n\r\n" + _SECOND,
    _POST + b"Content-Length: -1\r\n\r\n" + _SECOND,
    _POST + b"Content-Length : 0\r\n\r\n" + _SECOND,
    _POST + b"Content-Length:\x0b0\r\n\r\n" + _SECOND,
    _POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + _SECOND,
    _POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + _SECOND,
    _POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + _SECOND,
    _POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n" + _SECOND,
    _POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n" + _SECOND,
    _POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 40 + b"\r\n" + _SECOND,
    _POST + b" Content-Length: 0\r\n\r\n" + _SECOND,
    _POST + b"X: a\r\n b\r\nContent-Length: 0\r\n\r\n" + _SECOND,
    _POST + b"X: a\x00b\r\nContent-Length: 0\r\n\r\n" + _SECOND,
)
"""Two programs in a row could read each of these as different requests."""
HALF = (
    b"",
    b"G",
    b"POST /api/chat/sessions HTTP/1.1\r\nHost: a\r\n",
    _POST + b"Content-Length: 100\r\n\r\n{",
    _POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{",
    _POST + b"Expect: 100-continue\r\nContent-Length: 100\r\n\r\n",
)
"""Begun and never finished."""

"""Whose address counts: the peer's, and what a proxy says only where the proxy is ours."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, make_mocked_request
from multidict import CIMultiDict

from actions.settings import Settings
from bot.gateway.client import UNKNOWN, address_of, is_https
from bot.gateway.keys import SETTINGS
from tests.bot.gateway.conftest import Gateway

PROXIES = "10.0.0.0/8, fd00::/8, 192.0.2.1"
PEER = "10.0.0.9"
FOR, STANDARD = "X-Forwarded-For", "Forwarded"


def request_from(
    peer: str | None, *headers: tuple[str, str], proxies: str = PROXIES
) -> web.Request:
    """A request that came over a connection from ``peer``."""
    app = web.Application()
    app[SETTINGS] = Settings.from_env({"DESK_TRUSTED_PROXIES": proxies})
    known = {"peername": None if peer is None else (peer, 50_000)}
    transport = SimpleNamespace(get_extra_info=lambda name, default=None: known.get(name, default))
    found: Any = transport
    return make_mocked_request("GET", "/", CIMultiDict(headers), app=app, transport=found)


@pytest.mark.parametrize("peer", ["203.0.113.7", "192.0.2.2", "11.0.0.1"])
@pytest.mark.parametrize("name", [FOR, STANDARD])
def test_what_a_stranger_says_of_their_address_is_not_looked_at(peer: str, name: str) -> None:
    said = "198.51.100.1" if name == FOR else "for=198.51.100.1;proto=https"
    request = request_from(peer, (name, said), ("X-Forwarded-Proto", "https"))
    assert address_of(request) == peer
    assert not is_https(request)


def test_without_trusted_proxies_nobody_is_believed() -> None:
    request = request_from("127.0.0.1", (FOR, "198.51.100.1"), proxies="")
    assert address_of(request) == "127.0.0.1"


@pytest.mark.parametrize(
    ("lines", "address"),
    [
        (["198.51.100.1"], "198.51.100.1"),
        (["198.51.100.1:4711"], "198.51.100.1"),
        (["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
        (["1.1.1.1", "198.51.100.1"], "198.51.100.1"),
        (["1.1.1.1, 198.51.100.1, 10.1.2.3, 192.0.2.1"], "198.51.100.1"),
        (["rubbish, <script>, 198.51.100.1 , 10.1.2.3"], "198.51.100.1"),
        (["10.9.9.9, 10.1.2.3"], "10.9.9.9"),
        (["::ffff:198.51.100.1"], "198.51.100.1"),
        (["[2001:db8:1:2:3:4:5:6]:443"], "2001:db8:1:2::/64"),
        (["2001:db8:1:2::ffff"], "2001:db8:1:2::/64"),
        (["2001:db8:1:2::1, fd00::7"], "2001:db8:1:2::/64"),
    ],
)
def test_behind_our_proxies_the_last_stranger_in_the_chain_counts(
    lines: Sequence[str], address: str
) -> None:
    assert address_of(request_from(PEER, *((FOR, line) for line in lines))) == address


@pytest.mark.parametrize(
    "said",
    [
        "",
        ",",
        "unknown",
        "198.51.100.1, ",
        "198.51.100.1, rubbish",
        "198.51.100.1 198.51.100.2",
        "198.51.100.256",
        "198.51.100.1:99999999",
        "[2001:db8::1",
        "0x7f.1",
        "127.1",
        "1" * 5000,
        "\u0661\u0669\u0668.51.100.1",
    ],
)
def test_a_chain_that_can_t_be_read_counts_as_the_proxy_itself(said: str) -> None:
    assert address_of(request_from(PEER, (FOR, said))) == PEER


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("for=198.51.100.1", "198.51.100.1"),
        ('for="198.51.100.1:4711";proto=https;by=10.0.0.9', "198.51.100.1"),
        ("for=1.1.1.1, for=198.51.100.1, for=10.0.0.1", "198.51.100.1"),
        ('For="[2001:db8:1:2::9]:4711"', "2001:db8:1:2::/64"),
        ("for=1.1.1.1, for=_hidden", PEER),
        ("for=unknown", PEER),
        ("proto=https", PEER),
        ("for", PEER),
        ('for="', PEER),
    ],
)
def test_the_standard_header_is_read_the_same_way(said: str, address: str) -> None:
    assert address_of(request_from(PEER, (STANDARD, said))) == address


def test_where_both_headers_disagree_neither_is_believed() -> None:
    """A proxy writes one of them; the other may be the client's invention."""
    both = (FOR, "198.51.100.1"), (STANDARD, "for=1.1.1.1")
    assert address_of(request_from(PEER, *both)) == PEER
    both = (FOR, "198.51.100.1"), (STANDARD, "for=198.51.100.1")
    assert address_of(request_from(PEER, *both)) == "198.51.100.1"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("::1", "::2", True),
    ],
)
def test_a_64_is_one_address_and_ipv4_is_ipv4_however_written(
    one: str, other: str, same: bool
) -> None:
    assert (address_of(request_from(one)) == address_of(request_from(other))) is same


def test_a_peer_without_an_address_has_a_name_of_its_own() -> None:
    assert address_of(request_from(None, (FOR, "198.51.100.1"))) == UNKNOWN


@pytest.mark.parametrize(
    ("headers", "https"),
    [
        ([("X-Forwarded-Proto", "https")], True),
        ([("X-Forwarded-Proto", "HTTPS")], True),
        ([("X-Forwarded-Proto", "http")], False),
        ([("X-Forwarded-Proto", "https, http")], False),
        ([("X-Forwarded-Proto", "https, https")], True),
        ([("X-Forwarded-Proto", "wss")], False),
        ([("X-Forwarded-Proto", "")], False),
        ([(STANDARD, "for=198.51.100.1;proto=https")], True),
        ([(STANDARD, "proto=https"), ("X-Forwarded-Proto", "http")], False),
        ([], False),
    ],
)
def test_the_scheme_is_the_proxy_s_word_where_it_is_clear(
    headers: list[tuple[str, str]], https: bool
) -> None:
    assert is_https(request_from(PEER, *headers)) is https


# --- through the chat API --------------------------------------------------------------------


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """Limits are on here."""
    return environment | {"DESK_RATE_LIMITS": "on"}


async def passed(web_client: TestClient[Any, Any], address: str, times: int) -> int:
    """How many of so many beginnings, said to come from there, were let through."""
    headers = {FOR: address}
    statuses = [
        (
            await web_client.post("/api/chat/sessions", json={"brand": "kuailian"}, headers=headers)
        ).status
        for _ in range(times)
    ]
    assert set(statuses) <= {201, 429}
    return statuses.count(201)


async def test_made_up_addresses_do_not_get_round_the_limit(web: TestClient[Any, Any]) -> None:
    counts = [await passed(web, f"198.51.100.{number}", 1) for number in range(60)]
    assert 30 <= sum(counts) < 45


async def test_behind_a_trusted_proxy_each_customer_has_a_limit_of_their_own(
    gateway: Gateway, environment: dict[str, str]
) -> None:
    trusting = environment | {"DESK_TRUSTED_PROXIES": "127.0.0.0/8,::1"}
    proxied = await gateway(Settings.from_env(trusting | {"DESK_INTERNAL_SECRET": "x" * 40}))
    assert 30 <= await passed(proxied, "1.1.1.1, 198.51.100.1", 45) < 45
    assert await passed(proxied, "198.51.100.2", 20) == 20
    assert await passed(proxied, "2001:db8:1:2::1", 15) == 15
    assert 15 <= await passed(proxied, "2001:db8:1:2:ffff::2", 30) < 30

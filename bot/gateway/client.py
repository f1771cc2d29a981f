"""Who is at the other end of a request: their address, and whether their line is encrypted.

Knows what proxies write and when it may be believed: only from a peer that the settings name.
Anybody else's headers are not looked at. Everything that needs an address asks here.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence

from aiohttp import web

from bot.gateway.keys import SETTINGS

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

UNKNOWN = "unknown"
"""A peer without an address: a socket file."""
SITE_PREFIX = 64
"""One IPv6 customer has a whole /64, and as many addresses as they like in it."""

_WITH_PORT = re.compile(r"(?:\[([^\]]*)\]|([0-9.]+))(?::[0-9]{1,5})?")


def address_of(request: web.Request) -> str:
    """The client's address as limits count it: IPv4 as it is, IPv6 by its /64."""
    return counted_as(_client(request))


def is_https(request: web.Request) -> bool:
    """The client's own line is encrypted, here or at a proxy that we trust."""
    if _trusted(request, _parsed(request.remote)):
        said = [item.get("proto", "") for item in request.forwarded]
        said += _items(request.headers.getall("X-Forwarded-Proto", ()))
        protocols = {each.lower() for each in said if each}
        if len(protocols) == 1 and protocols <= {"http", "https"}:
            return protocols == {"https"}
    return request.scheme == "https"


def counted_as(address: Address | None) -> str:
    """One name for all addresses that one client can have."""
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((int(address), SITE_PREFIX), strict=False))
    return UNKNOWN if address is None else str(address)


def _client(request: web.Request) -> Address | None:
    peer = _parsed(request.remote)
    if not _trusted(request, peer):
        return peer
    by_custom = _items(request.headers.getall("X-Forwarded-For", ()))
    by_standard = [item.get("for", "") for item in request.forwarded]
    chains = [chain for chain in (by_custom, by_standard) if chain]
    found = {_first_stranger(request, chain) for chain in chains}
    # A proxy writes one of the headers and passes the other on as the client made it up: where
    # both are there and don't agree, neither is believed.
    if len(found) != 1 or None in found:
        return peer
    return found.pop()


def _first_stranger(request: web.Request, chain: Sequence[str]) -> Address | None:
    """From our end of the chain, the first that is not a proxy of ours; None if unreadable.

    What stands before it is the client's own invention and is not looked at.
    """
    hop: Address | None = None
    for text in reversed(chain):
        hop = _parsed(text)
        if not _trusted(request, hop):
            return hop
    return hop


def _trusted(request: web.Request, address: Address | None) -> bool:
    if address is None:
        return False
    proxies: Iterable[Network] = request.app[SETTINGS].trusted_proxies
    return any(address in network for network in proxies)


def _parsed(text: str | None) -> Address | None:
    """An address, with or without a port; IPv4 in IPv6's clothes is IPv4."""
    text = (text or "").strip()
    port = _WITH_PORT.fullmatch(text)
    try:
        address = ipaddress.ip_address((port[1] or port[2] or "") if port else text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        return address.ipv4_mapped or ipaddress.IPv6Address(int(address))  # without a zone
    return address


def _items(lines: Iterable[str]) -> list[str]:
    return [item.strip() for line in lines for item in line.split(",")]

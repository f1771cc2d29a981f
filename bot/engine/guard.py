"""Keeps Rasa's own web server private: on this machine only, and silent without the shared secret.

Plain ``rasa run`` listens on every address and greets anybody at ``/`` with its version. Neither a
private network nor a way around the secret is offered: whoever runs Rasa on another machine puts
an encrypted tunnel between the two loopbacks.
"""

from __future__ import annotations

import hmac
import ipaddress
import logging
import socket
import traceback
from typing import Any

from rasa.shared.exceptions import RasaException
from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse


class NotPrivate(RasaException):
    """Rasa was told to listen where other machines can reach it."""


def close(app: Any, secret: str) -> None:
    """Have every path ask for the secret, those that don't exist as well.

    Raises:
        NotPrivate: the server is about to listen beyond loopback.
    """
    host = app.state.host
    if not is_private(host):
        raise NotPrivate(
            f"Rasa 只能监听本机：请加 -i 127.0.0.1（现在是 {host}）· "
            f"Rasa listens on this machine only: add -i 127.0.0.1 (told to use {host})"
        )

    async def only_with_the_secret(request: Request) -> HTTPResponse | None:
        return refusal(request, secret)

    # Before all others: Rasa's CORS extension answers every OPTIONS by itself.
    app.request_middleware.appendleft(only_with_the_secret)
    logging.getLogger("sanic.error").addFilter(without_the_request)


def without_the_request(record: logging.LogRecord) -> bool:
    """Sanic quotes the address and the message of what failed: only what and where is logged."""
    if record.exc_info and record.exc_info[0]:
        kind, _, trace = record.exc_info
        where = [f"{at.filename}:{at.lineno}" for at in traceback.extract_tb(trace)[-3:]]
        record.msg, record.args = "request failed: %s at %s", (kind.__name__, where)
        record.exc_info = record.exc_text = None
    return True


def refusal(request: Request, secret: str) -> HTTPResponse | None:
    """The answer to a caller without the secret; None for one who has it."""
    given = request.headers.get("Authorization", "")
    if hmac.compare_digest(given.encode("utf-8", "replace"), f"Bearer {secret}".encode()):
        return None
    return response.json({"error": "wrong or missing secret"}, status=401)


def is_private(host: str | None) -> bool:
    """Whether every address that ``host`` stands for is a loopback one; no host is everywhere."""
    if not host:
        return False
    try:
        found = {str(address[4][0]) for address in socket.getaddrinfo(host, None)}
    except OSError:
        return False
    return bool(found) and all(ipaddress.ip_address(each).is_loopback for each in found)

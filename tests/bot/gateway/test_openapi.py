"""The API's description is complete, true, and holds under everything that it allows or forbids."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from aiohttp import web as aio
from aiohttp.test_utils import TestClient

from bot.gateway.errors import ChatError
from bot.gateway.keys import FANOUT
from bot.gateway.openapi import METHODS, describe
from bot.gateway.words import ERRORS
from tests.bot.gateway.talk import Talk

Web = TestClient[Any, Any]
OPERATIONS = ("/healthz", "/readyz", "/metrics")
FOR_PAGES = {"not_found", "wrong_method"}
"""Said of an address or a method that isn't described at all."""
EXAMPLES = "25"
REFUSED_WITH = """[checks]
negative_data_rejection.expected-statuses = [400, 401, 403, 404, 405, 413, 415]
"""


def offered(app: aio.Application) -> set[tuple[str, str]]:
    """Every route of the public API."""
    found = set()
    for route in app.router.routes():
        path = route.resource.canonical if route.resource else ""
        if route.method != "HEAD" and (path.startswith("/api/") or path in OPERATIONS):
            found.add((route.method, path))
    return found


def described() -> set[tuple[str, str]]:
    """Every operation of the description."""
    return {
        (method.upper(), path)
        for path, item in describe()["paths"].items()
        for method in METHODS
        if method in item
    }


async def test_every_route_of_the_public_api_is_described_and_nothing_else(web: Web) -> None:
    missing = offered(web.app) - described()
    assert not missing, f"describe these in a file of bot/gateway/openapi/: {sorted(missing)}"
    gone = described() - offered(web.app)
    assert not gone, f"no longer offered, take them out of bot/gateway/openapi/: {sorted(gone)}"


def test_every_error_that_the_gateway_knows_is_described_somewhere_with_its_status() -> None:
    said: dict[str, set[str]] = {}
    for item in describe()["paths"].values():
        for operation in item.values():
            for status, response in operation["responses"].items():
                schema = response["content"].get("application/json", {}).get("schema", {})
                for part in schema.get("allOf", ())[1:]:
                    for code in part["properties"]["error"]["properties"]["code"]["enum"]:
                        said.setdefault(code, set()).add(status)
    missing = set(ERRORS) - FOR_PAGES - set(said)
    assert not missing, f"under `errors` of which operations do these belong? {sorted(missing)}"
    for code, statuses in said.items():
        assert statuses == {str(ChatError(code).status)}


def test_prose_is_in_both_languages() -> None:
    for path, item in describe()["paths"].items():
        for operation in item.values():
            zh, dot, en = operation["summary"].partition(" · ")
            assert dot, path
            assert not zh.isascii()
            assert en.isascii()


async def test_it_is_served_as_it_is(web: Web) -> None:
    response = await web.get("/api/openapi.json")
    assert await response.json() == describe()


async def test_schemathesis_finds_nothing_that_breaks_the_description(
    web: Web, talk: Talk, tmp_path: Path
) -> None:
    """Thousands of requests, right and wrong in every field, made from the description itself.

    Streams and long polls end at once here, as when the desk stops; whether other processes are
    ready is another test's business.
    """
    web.app[FANOUT].close()
    schema = tmp_path / "openapi.json"
    schema.write_text(json.dumps(describe()), "utf-8")
    (tmp_path / "schemathesis.toml").write_text(REFUSED_WITH, "utf-8")
    checks = (
        "not_a_server_error,status_code_conformance,content_type_conformance,"
        "response_headers_conformance,response_schema_conformance,negative_data_rejection,"
        "unsupported_method,ignored_auth"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "run", str(schema)),
        *("--url", str(web.make_url("")), "--checks", checks),
        *("--header", f"Authorization: Bearer {talk.token}"),
        *("--exclude-path", "/readyz", "--phases", "examples,coverage,fuzzing"),
        *("--max-examples", EXAMPLES, "--seed", "20260901", "--generation-deterministic"),
        "--no-color",
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(180):
            said = (await process.communicate())[0].decode()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0, said
    assert "passed" in said

"""The description of the public API (OpenAPI 3.1), put together from the YAML files beside this.

Knows how they fit together: ``shared.yml`` is the frame, every other file adds paths. An operation
names its error codes under ``errors`` (or a group of them, ``$json_body``); here they become
responses with the status that each code has. To add a route, add it to a file, or a file: a test
says which are missing.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from aiohttp import web

from bot.gateway.errors import ChatError

HERE = Path(__file__).parent
FRAME = "shared.yml"
ALWAYS = ("internal_error",)
METHODS = ("get", "post", "put", "patch", "delete")

routes = web.RouteTableDef()


@routes.get("/api/openapi.json")
async def openapi(_request: web.Request) -> web.Response:
    """The whole description."""
    return web.json_response(describe())


@lru_cache(maxsize=1)
def describe() -> dict[str, Any]:
    """All files as one OpenAPI document."""
    document = _read(HERE / FRAME)
    groups: dict[str, list[str]] = document.pop("x-error-groups")
    document["paths"] = {}
    for file in sorted(HERE.glob("*.yml")):
        if file.name != FRAME:
            for path, item in _read(file).items():
                document["paths"].setdefault(path, {}).update(item)
    for item in document["paths"].values():
        for method in METHODS:
            if method in item:
                _spell_out(item[method], groups)
    return document


def _read(file: Path) -> dict[str, Any]:
    found = yaml.safe_load(file.read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def _spell_out(operation: dict[str, Any], groups: dict[str, list[str]]) -> None:
    """Put a response for each status in the place of the list of codes."""
    codes: list[str] = list(ALWAYS)
    for name in operation.pop("errors", ()):
        codes += groups[name[1:]] if name.startswith("$") else [name]
    by_status: dict[int, list[ChatError]] = defaultdict(list)
    for code in sorted(set(codes)):
        error = ChatError(code, field="…")
        by_status[error.status].append(error)
    for status, errors in sorted(by_status.items()):
        operation["responses"][str(status)] = _response(errors)


def _response(errors: list[ChatError]) -> dict[str, Any]:
    """What is said with one status: which codes, and their sentences in both languages."""
    sentences = [
        f"`{error.reason}`: {message['zh']} · {message['en']}"
        for error in errors
        for message in [error.message()]
    ]
    codes = {"properties": {"code": {"enum": [error.reason for error in errors]}}}
    schema = {
        "allOf": [
            {"$ref": "#/components/schemas/Error"},
            {"properties": {"error": codes}},
        ]
    }
    return {
        "description": "\n\n".join(sentences),
        "content": {"application/json": {"schema": schema}},
    }

"""Errors that a caller of the chat API can read: a status, a code and a sentence in both languages.

Knows their shape. Leaves the sentences to ``words`` and turning other failures into them to
``web``.
"""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from actions.domain.errors import DeskError
from bot.gateway.words import ERRORS

STATUS = {
    "not_signed_in": 401,
    "secret_needed": 401,
    "site_not_listed": 403,
    "not_allowed": 403,
    "form_expired": 403,
    "not_found": 404,
    "attachment_not_found": 404,
    "wrong_method": 405,
    "too_slow": 408,
    "upload_too_slow": 408,
    "message_differs": 409,
    "too_many_files": 409,
    "text_too_long": 413,
    "body_too_large": 413,
    "file_too_large": 413,
    "wrong_content_type": 415,
    "not_a_form": 415,
    "file_refused": 415,
    "too_many_requests": 429,
    "upload_under_way": 429,
    "internal_error": 500,
    "no_room_for_files": 507,
}
"""All others are 400."""


class ChatError(DeskError):
    """The request can't be served as it is."""

    def __init__(
        self, reason: str, *, headers: Mapping[str, str] | None = None, **facts: str
    ) -> None:
        super().__init__(reason)
        self.reason, self.facts = reason, facts
        self.status = STATUS.get(reason, 400)
        self.headers = dict(headers or {})

    def message(self) -> dict[str, str]:
        """The sentence, by language."""
        words = ERRORS[self.reason]
        return {language: text.format(**self.facts) for language, text in words.items()}

    def body(self) -> dict[str, object]:
        """The JSON that says so."""
        return {"error": {"code": self.reason, "message": self.message()}}

    def response(self) -> web.Response:
        """The whole answer."""
        return web.json_response(self.body(), status=self.status, headers=self.headers)

"""One request to the console: who asks, in which language, and how a page is made for them.

Knows what every page is given. Leaves who may come in to ``entrance``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp_jinja2
from aiohttp import web

from actions.bootstrap import Desk
from actions.domain.staff import Permission, Staff
from actions.services.sign_in import Session
from actions.services.sign_in_waits import TryLater
from bot.console.words import PROBLEMS, ROOMS
from bot.gateway.keys import DESK, SETTINGS

HOME = "/console"
_INSIDE = re.compile(r"/console(/[A-Za-z0-9_-]+)*(\?[A-Za-z0-9_=&.:%+-]*)?")


@dataclass(frozen=True)
class Visit:
    """A request that has been let in. ``form`` has what was sent, each field once."""

    request: web.Request
    language: str
    session: Session | None
    token: str
    csrf: str
    form: Mapping[str, list[str]]

    @property
    def desk(self) -> Desk:
        """The business."""
        return self.request.app[DESK]

    @property
    def staff(self) -> Staff:
        """Who asks; only where a session is asked for at the door."""
        assert self.session is not None
        return self.session.staff

    def field(self, name: str) -> str:
        """A field of the form, empty where it was left out."""
        return (self.form.get(name) or [""])[0]

    def page(self, template: str, status: int = 200, **facts: Any) -> web.Response:
        """A page in the visitor's language."""
        return aiohttp_jinja2.render_template(
            f"console/{template}.html.jinja", self.request, self._given() | facts, status=status
        )

    def problem(self, reason: str, **facts: str) -> str:
        """What is wrong, in the visitor's language."""
        return PROBLEMS[reason][self.language].format(**facts)

    def wait(self, later: TryLater) -> str:
        """That it takes patience, and how much."""
        seconds = max(1, round((later.until - self.desk.clock()).total_seconds()))
        if seconds < 60:
            return self.problem("wait_seconds", seconds=str(seconds))
        return self.problem("wait_minutes", minutes=str(-(-seconds // 60)))

    def rooms(self) -> list[tuple[str, str]]:
        """The rooms that are open to the visitor: address and name."""
        if self.session is None:
            return []
        return [
            (path, name[self.language])
            for path, (permission, name) in ROOMS.items()
            if self.session.staff.may(permission)
        ]

    def _given(self) -> dict[str, Any]:
        zh = self.language == "zh"
        demo = self.request.app[SETTINGS].demo
        return {
            "zh": zh,
            "t": lambda chinese, english: chinese if zh else english,
            "visit": self,
            "language": self.language,
            "me": self.session.staff if self.session else None,
            "demo": demo,
            "unprotected": demo and self.session and not self.session.staff.totp_enrolled_at,
            "rooms": self.rooms(),
            "switch": self._switched(),
            "may": self._may,
            "moment": moment,
            "Permission": Permission,
        }

    def _switched(self) -> str:
        """This page in the other language; where a form was sent, the page it stands on."""
        url = self.request.rel_url
        path = url.path if self.request.method == "GET" else HOME
        query = dict(url.query) if self.request.method == "GET" else {}
        query["lang"] = "en" if self.language == "zh" else "zh"
        return str(url.with_path(path).with_query(query))

    def _may(self, permission: Permission) -> bool:
        return self.session is not None and self.session.staff.may(permission)


def moment(at: datetime, zone: ZoneInfo | None = None) -> str:
    """An instant to the minute, with its offset."""
    local = at.astimezone(zone or UTC)
    offset = local.strftime("%z")
    shown = "" if offset == "+0000" else offset[:3].replace("+0", "+").replace("-0", "-")
    minutes = "" if offset.endswith("00") else f":{offset[3:]}"
    return f"{local:%Y-%m-%d %H:%M} UTC{shown}{minutes}"


def inside(target: str) -> str:
    """``target`` if it is an address of the console, else its first page."""
    return target if _INSIDE.fullmatch(target) else HOME

"""The console's table of routes: each says what it takes to get in, and none is left out.

Knows what can be asked of a visitor. Leaves asking it to ``entrance``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from aiohttp import web

from actions.domain.staff import Permission
from actions.services.sign_in import Stage
from bot.console.visit import HOME, Visit

Handler = Callable[[Visit], Awaitable[web.StreamResponse]]


class Door(StrEnum):
    """What is asked for where it is no permission of staff who have signed in."""

    OPEN = "open"
    """Nothing: signing in, and what its page is made of."""
    ANY_SESSION = "any_session"
    """Somebody who has given the password at least: leaving again."""


Needs = Permission | Stage | Door
"""A permission; a step of signing in that is due; or a door that asks for less."""


class RouteWithoutNeeds(TypeError):
    """A route of the console does not say what it takes to get in."""


@dataclass(frozen=True, slots=True)
class Route:
    """One method at one address, and what it takes to get in."""

    method: str
    path: str
    needs: Needs
    handler: Handler


class Table:
    """Routes of one room, in the order in which they were declared."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def get(self, path: str, *, needs: Needs) -> Callable[[Handler], Handler]:
        """Declare a page; looking at it changes nothing."""
        return self._declare("GET", path, needs)

    def post(self, path: str, *, needs: Needs) -> Callable[[Handler], Handler]:
        """Declare where a form goes."""
        return self._declare("POST", path, needs)

    def _declare(self, method: str, path: str, needs: Needs) -> Callable[[Handler], Handler]:
        if not isinstance(needs, Permission | Stage | Door):
            raise RouteWithoutNeeds(f"{method} {path}")

        def keep(handler: Handler) -> Handler:
            self.routes.append(Route(method, path, needs, handler))
            return handler

        return keep


def check_all_declared(app: web.Application, declared: list[Route]) -> None:
    """Make sure that nothing under the console's address came in by another way.

    Raises:
        RouteWithoutNeeds: something did; the app must not start.
    """
    known = {(route.method, route.path) for route in declared}
    for route in app.router.routes():
        path = route.resource.canonical if route.resource else ""
        method = "GET" if route.method == "HEAD" else route.method
        if path.startswith(HOME) and (method, path) not in known:
            raise RouteWithoutNeeds(f"{route.method} {path}")

"""The gateway's fixtures, and staff who have signed in to it."""

from tests.bot.gateway.conftest import (  # noqa: F401
    database,
    empty_database,
    environment,
    gateway,
    rasa,
    settings,
    web,
)

"""Where the app keeps its parts: typed keys, so that handlers need no globals."""

from __future__ import annotations

from aiohttp import web

from actions.bootstrap import Desk
from actions.settings import Settings
from bot.gateway.delivery import Fanout
from bot.gateway.inbox import Inbox
from bot.gateway.limits.gate import Gate
from bot.gateway.limits.seats import Seats
from bot.gateway.metrics import Metrics
from bot.gateway.rasa import Rasa
from bot.gateway.timings import Timings
from bot.gateway.transcript import Transcript

SETTINGS = web.AppKey("settings", Settings)
TIMINGS = web.AppKey("timings", Timings)
METRICS = web.AppKey("metrics", Metrics)
DESK = web.AppKey("desk", Desk)
RASA = web.AppKey("rasa", Rasa)
TRANSCRIPT = web.AppKey("transcript", Transcript)
FANOUT: web.AppKey[Fanout] = web.AppKey("fanout")
INBOX = web.AppKey("inbox", Inbox)
GATE = web.AppKey("gate", Gate)
WAITING = web.AppKey("waiting", Seats)
UPLOADING = web.AppKey("uploading", Seats)

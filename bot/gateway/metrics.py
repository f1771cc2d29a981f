"""What the gateway counts. One registry for each app, so that two apps in a process don't mix."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

TURN_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60)


class Metrics:
    """Counters by name; ``text`` is what ``/metrics`` answers."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.sessions = Counter(
            "desk_sessions", "Conversations begun", ["brand"], registry=self.registry
        )
        self.messages = Counter(
            "desk_messages", "Messages stored by the gateway", ["author"], registry=self.registry
        )
        self.turn_seconds = Histogram(
            "desk_turn_seconds",
            "From storing a customer's message to storing its answer",
            buckets=TURN_SECONDS,
            registry=self.registry,
        )
        self.problems = Counter(
            "desk_turn_problems",
            "Turns that ended with words of the gateway's own",
            registry=self.registry,
        )
        self.outages = Counter(
            "desk_rasa_outages",
            "Customers told that their answer is late",
            registry=self.registry,
        )
        self.refused = Counter(
            "desk_refused_requests",
            "Requests over a limit",
            ["kind", "scope"],
            registry=self.registry,
        )
        self.limits_alone = Counter(
            "desk_limits_alone",
            "Requests counted by one process alone, because Redis did not answer",
            registry=self.registry,
        )
        self.uploads = Counter(
            "desk_uploads", "Files sent in chats", ["outcome"], registry=self.registry
        )
        self.streams = Gauge(
            "desk_waiting_streams", "Open event streams and long polls", registry=self.registry
        )
        self.answering = Gauge(
            "desk_conversations_in_turn",
            "Conversations being answered now",
            registry=self.registry,
        )

    def text(self) -> bytes:
        """All of them in Prometheus' text format."""
        return generate_latest(self.registry)

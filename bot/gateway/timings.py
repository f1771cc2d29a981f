"""How long the gateway waits for what, in seconds; one object so that tests can be impatient."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Timings:
    """Durations in seconds."""

    longest_poll: float = 30.0
    """A longer ``wait`` is cut to this."""
    heartbeat: float = 15.0
    """A silent stream says so this often; proxies close what looks dead."""
    slowest_write: float = 20.0
    """A stream whose reader takes longer to make room is dropped."""
    slowest_body: float = 20.0
    """A body that takes longer to arrive is given up."""
    watch: float = 0.7
    """How often the database is looked at for what other processes wrote."""
    lease: float = 12.0
    """After this a conversation of a dead process may be answered by another."""
    patience: float = 20.0
    """Then the customer is told that the answer is late."""
    connect: float = 3.0
    turn: float = 40.0
    """One try at one turn: Rasa and the actions it runs."""
    first_retry: float = 0.2
    longest_retry: float = 2.0
    upload: float = 300.0
    """A whole file must be here by then: ten megabytes over a poor mobile line."""
    upload_silence: float = 30.0
    """An upload of which nothing more comes for so long is given up."""
    health: float = 2.0
    heartbeat_age: float = 30.0
    """An older sign of life of the worker counts as none."""

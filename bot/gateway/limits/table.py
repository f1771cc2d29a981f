"""Every limit of the public side, in one place.

Knows what is counted, for whom, and why so much. Leaves counting to ``buckets`` and ``shared``.
A limit is there against machines: a person, an office behind one address or a customer with a
bad line should never meet one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

MINUTE, HOUR = 60, 3600
KIB_OF_100_MB, KIB_OF_500_MB = 100 * 1024, 500 * 1024


class Kind(StrEnum):
    """What somebody wants."""

    BEGIN = "begin"
    """A new conversation: rows that stay, whoever asked."""
    SAY = "say"
    """A message or a choice of language: a turn of Rasa's."""
    READ = "read"
    """Messages, a stream, a file: a look into the database."""
    UPLOAD = "upload"
    UPLOADED_KIB = "uploaded_kib"
    """The same, by size; in KiB."""
    LOOK_UP = "look_up"
    """What can be guessed or costs dear: a token, an identity, a code, a status."""
    RATE = "rate"


class Scope(StrEnum):
    """On whose behalf it is counted."""

    ADDRESS = "address"
    CONVERSATION = "conversation"
    ACCOUNT = "account"
    BRAND = "brand"


@dataclass(frozen=True, slots=True)
class Rate:
    """``size`` at once; a used-up bucket is full again after ``seconds``."""

    size: int
    seconds: int

    @property
    def interval(self) -> int:
        """Microseconds after which one more is let through, rounded up: never more than said."""
        return -(-self.seconds * 1_000_000 // self.size)


LIMITS: Mapping[Kind, Mapping[Scope, Rate]] = {
    Kind.BEGIN: {
        # A browser needs one conversation; an office behind one address some in a minute.
        Scope.ADDRESS: Rate(30, MINUTE),
        # Many addresses at once: the table of conversations grows by ten a second at most.
        Scope.BRAND: Rate(600, MINUTE),
    },
    Kind.SAY: {
        # Nobody types a message a second for a minute; an impatient outbox may send some at once.
        Scope.CONVERSATION: Rate(60, MINUTE),
        # All of one customer's chats together: two windows at full speed.
        Scope.ACCOUNT: Rate(120, MINUTE),
        # Ten people at full speed behind one address.
        Scope.ADDRESS: Rate(600, MINUTE),
        # Rasa answers some twenty turns a second here; one brand may have no more of them than
        # that, and no more than half a minute's worth at once, so that the other is answered too.
        Scope.BRAND: Rate(600, MINUTE // 2),
    },
    Kind.READ: {
        # The widget polls every 25 seconds at its slowest and some times a second at its worst.
        Scope.CONVERSATION: Rate(600, MINUTE),
        Scope.ADDRESS: Rate(3000, MINUTE),
        Scope.BRAND: Rate(30_000, MINUTE),
    },
    Kind.UPLOAD: {
        # A chat holds ten files; twelve tries leave room for the wrong kind and for bad lines.
        Scope.CONVERSATION: Rate(12, MINUTE),
        Scope.ADDRESS: Rate(60, MINUTE),
        Scope.BRAND: Rate(300, MINUTE),
    },
    Kind.UPLOADED_KIB: {
        # Ten files of ten megabytes in an hour, whether they were kept or not; refused ones cost
        # the line as much. A whole office: five times that.
        Scope.CONVERSATION: Rate(KIB_OF_100_MB, HOUR),
        Scope.ADDRESS: Rate(KIB_OF_500_MB, HOUR),
    },
    Kind.LOOK_UP: {
        # People mistype some times. At this pace a six-digit code outlives its guesser, even
        # without the lock that the service puts on it.
        Scope.CONVERSATION: Rate(10, MINUTE),
        Scope.ADDRESS: Rate(30, MINUTE),
        Scope.BRAND: Rate(600, MINUTE),
    },
    Kind.RATE: {
        # One opinion is enough, and minds change.
        Scope.CONVERSATION: Rate(10, MINUTE),
        Scope.ADDRESS: Rate(60, MINUTE),
    },
}

OPEN_PER_CONVERSATION = 8
"""Streams and long polls: a customer with eight tabs. A further one can still read at once."""
OPEN_PER_ADDRESS = 200
"""An office in which everybody chats; well below the files that a process may have open."""
UPLOADS_PER_ADDRESS = 20
"""At once; each is a connection and at most ten megabytes of disk until it is whole."""

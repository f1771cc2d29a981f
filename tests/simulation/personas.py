"""Who the simulated customers are: traits as data, from which every conversation is played.

Knows how somebody behaves. Leaves what they want to ``tasks`` and their words to ``sentences``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

GIVES_ALL, GIVES_ORDER, GIVES_NOTHING, TELLS_A_STORY = "all", "of", "", "story"
"""What comes with the first wish: order and address, the order, nothing, the order in a story."""


@dataclass(frozen=True)
class Persona:
    """How one kind of customer talks. Numbers without a name are chances for each turn."""

    name: str
    opens_with: str = GIVES_NOTHING
    presses: float = 0.3
    """How readily a button is pressed where one says what is meant."""
    typos: float = 0.0
    digresses: float = 0.0
    silent: float = 0.0
    angry: float = 0.0
    wrong_first: frozenset[str] = frozenset()
    """Facts that are given wrong before they are given right: order, email, code, payment."""
    wavers: bool = False
    """Changes their mind once, and then again."""
    greets: bool = False
    thanks: bool = False
    foreign_browser: bool = False
    """The page is opened in the other language than the one that is written."""
    patience: int = 4
    """How many answers in a row that lead nowhere are borne."""
    digressions: tuple[str, ...] = ("ask_why", "small_talk", "ask_how_long", "ask_policy")
    most_asides: int = 2
    """How many digressions, silences and outbursts there are in a conversation at most."""


_ALL = (
    Persona("frank", opens_with=GIVES_ALL, presses=0.5),
    Persona("reserved", presses=0.0, greets=True),
    Persona("presser", presses=1.0),
    Persona("storyteller", opens_with=TELLS_A_STORY, presses=0.0, thanks=True),
    Persona("typist", opens_with=GIVES_ORDER, typos=0.6, presses=0.1),
    Persona("chatty", digresses=0.4, thanks=True, greets=True),
    Persona("muddled", wrong_first=frozenset({"order", "email", "code"}), presses=0.2),
    Persona("hesitant", opens_with=GIVES_ORDER, wavers=True, presses=0.4),
    Persona("quiet", silent=0.35, presses=0.3, patience=5),
    Persona("angry", opens_with=GIVES_ALL, angry=0.35, patience=3, most_asides=1),
    Persona("traveller", opens_with=GIVES_ORDER, foreign_browser=True),
    Persona("forgetful", wrong_first=frozenset({"payment", "code"}), thanks=True),
)
PERSONAS: Mapping[str, Persona] = {persona.name: persona for persona in _ALL}

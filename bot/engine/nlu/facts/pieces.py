"""Pieces that several expressions of ``data/entities.yml`` share; there they stand as ``{NAME}``."""

from __future__ import annotations

import re

PIECES = {
    "OF_A_PLAN": (
        r"(?= (?:plan|pass|subscription|sub|membership|contract|term|package|deal|option|policy|"
        r"licen[cs]e|commitment|renewal|access|vip|one)(?![a-z]))"
    ),
    "OF_A_PLAN_HAN": r"(?=(?:期的?|的)?(?:套餐|会员|订阅|合[约同]|服务|VIP|版))",
}
"""Name -> regular expression. A length of time is a plan's before what ``OF_A_PLAN…`` finds."""

_PLACE = re.compile(r"\{([A-Z_]+)\}")


def filled(pattern: str) -> str:
    """The expression with its pieces in place.

    Raises:
        KeyError: there is no piece of that name.
    """
    return _PLACE.sub(lambda found: PIECES[found[1]], pattern)

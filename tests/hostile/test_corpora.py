"""The corpora themselves: readable, without doubles, sendable."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pytest

from tests.hostile.corpus import FOLDER, LONGEST, corpora, lines


@pytest.mark.parametrize("name", corpora())
def test_every_line_has_its_reason_and_says_something_new(name: str) -> None:
    read = lines(name)
    assert read
    assert all(line.note for line in read)
    assert [
        said for said, count in Counter((x.text, x.raw) for x in read).items() if count > 1
    ] == []


@pytest.mark.parametrize("name", corpora())
def test_every_line_is_one_that_the_chat_takes(name: str) -> None:
    """What is refused for its length or its emptiness is tested where that is tested."""
    assert [str(line) for line in lines(name) if not 0 < len(line.text) <= LONGEST] == []
    assert [str(line) for line in lines(name) if not line.text.strip()] == []


@pytest.mark.parametrize("name", corpora())
def test_what_cannot_be_seen_is_written_as_an_escape(name: str) -> None:
    """A file full of overrides and zero-width characters could not be reviewed."""
    unseen = {
        f"{number}: U+{ord(character):04X}"
        for number, row in enumerate((FOLDER / f"{name}.jsonl").read_text("utf-8").split("\n"), 1)
        for character in row
        if unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs", "Mn", "Me", "Zl", "Zp")
    }
    assert unseen == set()


def test_there_are_several_hundred() -> None:
    assert sum(len(lines(name)) for name in corpora()) >= 700

"""Every error that a person can meet is worded in both languages."""

from __future__ import annotations

import re

import pytest

from actions.domain import errors
from actions.domain.errors import DeskError, FileTooLarge, IllegalMove, MoneyError
from actions.notices.problems import PROBLEMS, problem_text

CHINESE = re.compile(r"[一-鿿]")
HALF_WIDTH = re.compile(r"[一-鿿][,;:?!(]|[,;?!)][一-鿿]")
ALL = {
    found.code: found
    for found in vars(errors).values()
    if isinstance(found, type) and issubclass(found, DeskError)
}
OTHERWISE = {
    "desk_error",  # kinds of error, raised by the names below them only
    "not_found",
    "money_error",
    "faulty",
    "delivery_failed",
    "bad_decision",  # a mistake in our own code
    "import_refused",  # these say what is wrong themselves, line by line, in both languages
    "facts_refused",
    "brand_file_refused",
    "delivery_delayed",  # the worker's own
    "delivery_refused",
    "not_signed_in",  # the console has words of its own for these, and so has `desk supervisor`
    "password_refused",
    "staff_not_found",
    "staff_exists",
    "last_admin",
    "person_not_found",  # met by whoever runs `desk privacy`, which words them itself
    "several_accounts",
    "erasure_refused",
    "store_busy",
}


def test_every_error_is_worded_or_known_to_need_no_words() -> None:
    assert set(ALL) - set(PROBLEMS) - OTHERWISE == set()
    assert set(PROBLEMS) - set(ALL) == set()
    assert not set(PROBLEMS) & OTHERWISE


@pytest.mark.parametrize("code", PROBLEMS)
def test_each_is_said_in_both_languages(code: str) -> None:
    words = PROBLEMS[code]
    assert set(words) == {"zh", "en"}
    assert CHINESE.search(words["zh"])
    assert not HALF_WIDTH.search(words["zh"])
    assert not CHINESE.search(words["en"])


def test_an_error_is_said_by_its_own_words_else_by_its_kinds() -> None:
    class StillTooLarge(FileTooLarge):
        """Larger than that."""

    assert problem_text(FileTooLarge(), "en") == PROBLEMS["file_too_large"]["en"]
    assert problem_text(StillTooLarge(), "zh") == PROBLEMS["file_too_large"]["zh"]
    assert problem_text(IllegalMove("RF-1", "paid", "send"), "en") == PROBLEMS["illegal_move"]["en"]
    assert problem_text(MoneyError(), "en") is None

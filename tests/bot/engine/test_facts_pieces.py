"""The pieces that expressions share."""

import pytest

from bot.engine.nlu.facts.pieces import PIECES, filled


def test_a_piece_stands_for_its_name() -> None:
    assert filled("a{OF_A_PLAN}b{2}") == f"a{PIECES['OF_A_PLAN']}b{{2}}"


def test_a_name_that_is_no_piece_is_told() -> None:
    with pytest.raises(KeyError):
        filled("{NO_SUCH}")

"""What the machine reads, and where it stands in what was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.nlu.normaliser import han_count, normalise


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("订单号：１２３", "订单号:123"),
        ("￥６８．００", "¥68.00"),
        ("請問退款進度", "请问退款进度"),
        ("退\u200b款\u202e!", "退款!"),
        ("哈哈哈哈哈哈", "哈哈哈"),
        ("help!!!!!!!", "help!!!"),
        ("KL20000000001", "KL20000000001"),
        ("Ｒｅｆｕｎｄ", "Refund"),
        ("", ""),
    ],
)
def test_a_message_is_made_readable(written: str, read: str) -> None:
    assert normalise(written).text == read


def test_a_find_is_shown_where_it_was_written() -> None:
    written = "订\u200b单：ＫＬ１"
    found = normalise(written)
    start = found.text.index("KL1")
    assert written[slice(*found.span(start, start + 3))] == "ＫＬ１"


@given(st.text(max_size=200))
def test_every_character_has_a_source_in_order(written: str) -> None:
    found = normalise(written)
    assert len(found.text) == len(found.origins)
    assert list(found.origins) == sorted(found.origins)
    assert all(0 <= origin < len(written) for origin in found.origins)


@given(st.text(max_size=200))
def test_reading_twice_changes_nothing_more(written: str) -> None:
    once = normalise(written).text
    assert normalise(once).text == once


def test_only_chinese_characters_are_counted() -> None:
    assert han_count("我要 refund 订单 KL1") == 4

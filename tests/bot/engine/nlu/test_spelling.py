"""One slip of the finger is read as the common word; everything else is left alone."""

from __future__ import annotations

import pytest

from bot.engine.nlu.spelling import COMMON, Spelling

KNOWN = {
    "refund": 900.0,
    "claim": 40.0,
    "account": 300.0,
    "order": 500.0,
    "rare": COMMON - 1.0,
    "bond": 3.0,
}


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    return Spelling(KNOWN)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("redund", "refund"),  # hit beside
        ("refnd", "refund"),  # lost
        ("refuund", "refund"),  # added
        ("lcaim", "claim"),  # swapped
        ("acount", "account"),
        ("我要refudn", "我要refund"),
        ("my Ordr is late", "my order is late"),
    ],
)
def test_one_slip_is_read_as_it_was_meant(spelling: Spelling, written: str, meant: str) -> None:
    assert spelling.corrected(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        "refund",
        "bond",  # known, however rare
        "raree",  # too few examples hold "rare"
        "rfnud",  # two slips
        "ordeals",
        "orde@mail.com",
        "acount@mail.com",
        "www.acount.com",
        "KLord1-acount",
        "me@acount.net",
        "odr",  # too short to tell
        "我要退款",
    ],
)
def test_everything_else_is_left_alone(spelling: Spelling, written: str) -> None:
    assert spelling.corrected(written) == written


def test_of_two_readings_the_same_first_letter_wins_then_the_commoner() -> None:
    assert Spelling({"cost": 90.0, "lost": 400.0}).corrected("ccost lost") == "cost lost"
    assert Spelling({"cast": 20.0, "last": 900.0}).corrected("casst llast") == "cast last"
    assert Spelling({"form": 50.0, "from": 900.0}).corrected("frmm") == "from"


def test_no_examples_no_corrections() -> None:
    assert Spelling({}).corrected("redund please") == "redund please"

"""Values of a YAML file are read strictly; what is wrong is noted, and reading goes on."""

import re
from datetime import date
from enum import StrEnum

import pytest

from actions.domain.errors import Fault
from actions.policy.yaml_reader import Node, compose
from tests.actions.policy.brand_texts import in_english


class Size(StrEnum):
    """Something to choose from."""

    SMALL = "small"
    LARGE = "large"


def node_of(value: str, faults: list[Fault] | None = None) -> Node:
    """The value of a key "it" that stands on the second line."""
    root = compose(f"other: 1\nit: {value}\n", [] if faults is None else faults)
    assert root
    return root.pairs()["it"]


def told(node: Node) -> list[str]:
    """What was noted of the value itself; all of it must be of its line."""
    assert {fault.path.partition(".")[0].partition("[")[0] for fault in node.faults} <= {"it"}
    assert {fault.line for fault in node.faults} <= {2}
    return [in_english(fault).message for fault in node.faults]


@pytest.mark.parametrize(
    ("written", "read", "faults"),
    [
        ("word", "word", []),
        ("'  two words '", "two words", []),
        ("' '", "", ["must not be empty"]),
        ("7", "", ["must be text (put numbers and dates in quotes)"]),
        ("", "", ["must be text (put numbers and dates in quotes)"]),
        ("[word]", "", ["must be text (put numbers and dates in quotes)"]),
    ],
)
def test_a_text_is_one_without_its_blanks(written: str, read: str, faults: list[str]) -> None:
    node = node_of(written)
    assert (node.text(), told(node)) == (read, faults)


@pytest.mark.parametrize(
    ("written", "read", "faults"),
    [
        ("0", 0, []),
        ("12", 12, []),
        ("13", 0, ["must be a whole number from 0 to 12"]),
        ("-1", 0, ["must be a whole number from 0 to 12"]),
        ("0x0a", 0, ["must be a whole number from 0 to 12"]),
        ("1_0", 0, ["must be a whole number from 0 to 12"]),
        ("'7'", 0, ["must be a whole number"]),
        ("7.0", 0, ["must be a whole number"]),
    ],
)
def test_a_whole_number_is_written_in_plain_digits(
    written: str, read: int, faults: list[str]
) -> None:
    node = node_of(written)
    assert (node.integer(0, 12), told(node)) == (read, faults)


def test_a_number_that_can_t_be_read_counts_as_the_least() -> None:
    assert node_of("many").integer(3, 9) == 3
    assert node_of("10").integer(3, 9) == 3


@pytest.mark.parametrize("written", ["true", "True", "yes", "on", "ON", "false", "no", "off"])
def test_a_flag_may_be_written_in_each_way_yaml_has(written: str) -> None:
    node = node_of(written)
    assert (node.flag(), told(node)) == (written.lower() in ("true", "yes", "on"), [])


@pytest.mark.parametrize("written", ["1", "'true'", "y", "null"])
def test_what_is_no_flag_counts_as_false(written: str) -> None:
    node = node_of(written)
    assert (node.flag(), told(node)) == (False, ["must be true or false"])


@pytest.mark.parametrize(
    ("written", "read", "faults"),
    [
        ("2026-10-01", date(2026, 10, 1), []),
        ("2026-10-32", date.min, ["must be a date such as 2026-10-01"]),
        ("2026-10-01 10:00:00", date.min, ["must be a date such as 2026-10-01"]),
        ("tomorrow", date.min, ["must be a date such as 2026-10-01"]),
    ],
)
def test_a_day_is_one_of_the_calendar(written: str, read: date, faults: list[str]) -> None:
    node = node_of(written)
    assert (node.day(), told(node)) == (read, faults)


@pytest.mark.parametrize(
    ("written", "read", "faults"),
    [
        ("large", Size.LARGE, []),
        ("huge", Size.SMALL, ["must be one of small, large"]),
        ("7", Size.SMALL, ["must be text (put numbers and dates in quotes)"]),
    ],
)
def test_a_choice_is_one_of_those_offered(written: str, read: Size, faults: list[str]) -> None:
    node = node_of(written)
    assert (node.choice(Size), told(node)) == (read, faults)


def test_keys_may_be_choices_too() -> None:
    node = node_of("{large: 1, huge: 2}")
    assert node.keyed_by(Size, lambda entry: entry.integer(0, 9)) == {Size.LARGE: 1, Size.SMALL: 2}
    assert list(map(in_english, node.faults)) == [
        Fault("it.huge", "must be one of small, large", 2)
    ]


@pytest.mark.parametrize(
    ("written", "read", "faults"),
    [
        ("a+", "a+", []),
        ("'a('", "a(", ["missing ), unterminated subpattern at position 1"]),
    ],
)
def test_a_pattern_must_compile(written: str, read: str, faults: list[str]) -> None:
    node = node_of(written)
    assert node.pattern() == read
    assert told(node) == [f"is not a regular expression: {fault}" for fault in faults]


@pytest.mark.parametrize(
    ("written", "faults"),
    [
        ("abc", []),
        ("abcd", ["must be three letters"]),
        ("''", ["must not be empty"]),
    ],
)
def test_a_text_of_a_given_shape_has_it_from_end_to_end(written: str, faults: list[str]) -> None:
    node = node_of(written)
    node.matching(re.compile("[a-z]{3}"), ("三个字母", "three letters"))
    assert told(node) == faults


def test_the_entries_of_a_list_know_their_places() -> None:
    first, second = node_of("[a, b]").items()
    assert (first.path, second.path) == ("it[0]", "it[1]")
    assert (first.text(), second.text()) == ("a", "b")


@pytest.mark.parametrize("written", ["[]", "a", "{a: b}"])
def test_a_list_has_at_least_one_entry(written: str) -> None:
    node = node_of(written)
    assert (node.items(), told(node)) == ([], ["must be a list with at least one entry"])


def test_a_key_that_stands_there_twice_is_told_and_the_later_one_read() -> None:
    node = node_of("{a: 1, b: 2, a: 3}")
    pairs = node.pairs()
    assert {name: entry.integer(0, 9) for name, entry in pairs.items()} == {"a": 3, "b": 2}
    assert list(map(in_english, node.faults)) == [Fault("it.a", "stands here twice", 2)]


def test_keys_are_known_and_required_ones_are_there() -> None:
    node = node_of("{red: 1, pink: 2}")
    node.fields("red green", "blue")
    assert list(map(in_english, node.faults)) == [
        Fault("it.pink", "is not a known key; known are red, green, blue", 2),
        Fault("it.green", "is missing", 2),
    ]


def test_the_root_s_own_keys_have_no_path_before_them() -> None:
    faults: list[Fault] = []
    root = compose("\n\nred: 1\npink: 2\n", faults)
    assert root
    root.fields("red green")
    assert list(map(in_english, faults)) == [
        Fault("pink", "is not a known key; known are red, green", 4),
        Fault("green", "is missing", 3),
    ]


def test_of_what_is_no_mapping_nothing_is_missing() -> None:
    node = node_of("[red]")
    assert list(node.fields("red green")) == []
    assert told(node) == ["must be a mapping of keys to values"]


def test_a_key_that_is_missing_reads_as_something_neutral_without_another_word() -> None:
    node = node_of("{red: 1}")
    fields = node.fields("red green")
    node.faults.clear()
    assert fields.read("red", lambda found: found.integer(0, 9)) == 1
    assert fields.read("green", Node.text) == ""
    assert fields.read("green", lambda found: found.integer(2, 9)) == 2
    assert fields.read("green", lambda found: found.choice(Size)) is Size.SMALL
    assert fields.read("green", Node.flag) is False
    assert fields.read("green", Node.day) == date.min
    assert fields.read("green", Node.items) == []
    assert fields.read("green", Node.words) == {"zh": "", "en": ""}
    assert node.faults == []


def test_an_optional_key_has_its_own_value_where_it_is_absent() -> None:
    fields = node_of("{red: true, blue: false}").fields("", "red green blue")
    assert list(fields) == ["red", "blue"]
    assert fields.read_or("green", Node.flag, None) is None
    assert fields.read_or("red", Node.flag, None) is True
    assert [fields.flag(name) for name in ("red", "green", "blue")] == [True, False, False]


def test_words_are_said_in_both_languages() -> None:
    node = node_of("{zh: 好, en: Good}")
    assert (node.words(), told(node)) == ({"zh": "好", "en": "Good"}, [])
    half = node_of("{zh: 好, fr: Bon}")
    assert half.words() == {"zh": "好", "en": ""}
    assert list(map(in_english, half.faults)) == [
        Fault("it.fr", "is not a known key; known are zh, en", 2),
        Fault("it.en", "is missing", 2),
    ]

"""The threat model names only what exists: its tests, its boundaries, its assets and its actors."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs/threat-model.md").read_text("utf-8")
HAN = re.compile(r"[\u3400-\u9fff]")
STRIDE = set("STRIDE")
STATUSES = {"met", "partly", "operator", "none"}


def rows(of: str) -> list[list[str]]:
    """The cells of every row whose first cell begins with ``of``, as T-1 does with T."""
    lines = [line for line in PAGE.splitlines() if re.match(rf"\| {of}-?[0-9.]+ \|", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@cache
def defined_in(path: str) -> frozenset[str]:
    """The tests that a file defines; a browser's own unit tests are named by their file alone."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, kinds))


def named_in(cell: str) -> list[tuple[str, str]]:
    return re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", cell)


THREATS, SECTIONS = rows("T"), rows("V")


def test_there_are_threats_against_every_boundary_and_every_asset() -> None:
    told = " ".join(" ".join(row) for row in THREATS)
    for known in (*rows("A"), *rows("P"), *rows("B")):
        assert re.search(rf"\b{known[0]}\b", told), f"nothing is said of {known[0]}"


@pytest.mark.parametrize("row", THREATS, ids=lambda row: row[0])
def test_a_threat_has_its_kind_and_an_answer_in_both_languages_and_a_test(row: list[str]) -> None:
    _, kinds, whose, threat, answer, shown = row
    assert kinds
    assert set(kinds.split()) <= STRIDE
    assert re.fullmatch(r"(?:[PBA][0-9] ?)+", whose)
    for cell in (threat, answer):
        zh, _, en = cell.partition("<br>")
        assert HAN.search(zh)
        assert en.strip()
        assert not HAN.search(en)
    assert named_in(shown)


@pytest.mark.parametrize("row", [*THREATS, *SECTIONS], ids=lambda row: row[0])
def test_the_tests_that_are_named_exist(row: list[str]) -> None:
    for path, name in named_in(" ".join(row)):
        assert (ROOT / path).is_file(), path
        if name:
            assert name in defined_in(path), f"{path}::{name}"


@pytest.mark.parametrize("row", SECTIONS, ids=lambda row: row[0])
def test_a_section_of_the_standard_says_how_far_it_is_met_in_both_languages(
    row: list[str],
) -> None:
    _, name, status, how = row
    assert name
    assert status.strip("`") in STATUSES
    zh, _, en = how.partition("<br>")
    assert HAN.search(zh)
    assert en.strip()


def test_numbers_are_given_once_and_in_order() -> None:
    numbers = [int(row[0].removeprefix("T-")) for row in THREATS]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len({row[0] for row in SECTIONS}) == len(SECTIONS)

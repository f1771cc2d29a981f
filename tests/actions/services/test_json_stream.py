"""JSON of any size, record by record: what is read must not depend on where a piece ends."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.domain.errors import Fault
from actions.services import import_parts, json_stream
from actions.services.import_parts import End, Entry, Listed, Named, Part
from actions.services.json_stream import json_parts


def parts(text: str, *, piece: int = 1 << 16, lines: bool = False) -> list[Part]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "CHUNK", piece)
        return list(json_parts(io.StringIO(text), lines=lines))


def faults(text: str, **more: Any) -> list[tuple[int | None, str]]:
    found = [part for part in parts(text, **more) if isinstance(part, Fault)]
    assert all(" · " in fault.message for fault in found)
    return [(fault.line, fault.path) for fault in found]


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    found=st.lists(values, max_size=4),
    rest=st.dictionaries(st.text().filter(lambda name: name not in set(Listed)), values),
    indent=st.sampled_from([None, 0, 2]),
    ascii=st.booleans(),
    piece=st.sampled_from([1, 2, 3, 7, 64, 1 << 16]),
)
def test_whatever_json_holds_is_read_wherever_a_piece_ends(
    found: list[Any], rest: dict[str, Any], indent: int | None, ascii: bool, piece: int
) -> None:
    rest.pop("brand", None)
    document = rest | {"orders": found, "brand": "kuailian"}
    text = json.dumps(document, indent=indent, ensure_ascii=ascii)
    read = parts(text, piece=piece)
    entries = [part for part in read if isinstance(part, Entry)]
    assert [entry.found for entry in entries] == found
    assert [json.loads(entry.text) for entry in entries] == found
    assert [part.found for part in read if isinstance(part, Named)] == ["kuailian"]
    assert isinstance(read[-1], End)
    assert faults(text) == []


def test_a_record_has_the_line_on_which_it_begins() -> None:
    text = '{"orders": [\n {"a":\n 1},\n\n {"b": "x\\ny"}, {"c": 3}]}'
    for piece in (1, 5, 1000):
        found = [part for part in parts(text, piece=piece) if isinstance(part, Entry)]
        assert [(part.line, part.path) for part in found] == [
            (2, "orders[0]"),
            (5, "orders[1]"),
            (5, "orders[2]"),
        ]


TWICE = [
    ('{"brand": "a",\n"brand": "b"}', (2, "brand")),
    ('{"orders": [],\n"orders": []}', (2, "orders")),
    ('{"orders": [{"amount": "1",\n"amount": "2"}]}', (2, "orders[0].amount")),
    ('{"orders": [{"payment": {"method": 1, "method": 1}}]}', (1, "orders[0].payment.method")),
    ('{"other": {"a": 1, "a": 2}}', (1, "other.a")),
]


@pytest.mark.parametrize(("text", "at"), TWICE)
def test_what_is_said_twice_in_one_object_is_a_fault(text: str, at: tuple[int, str]) -> None:
    """Nobody could tell which one counts."""
    assert faults(text) == faults(text, piece=1) == [at]


NOT_JSON = [
    ("{", 1, ""),
    ('{"orders": [1,\n2', 2, ""),
    ('{"orders": [{"a": 1,\n "b": \n2 3}]}', 3, ""),
    ('{"orders": [\n{"a": NaN}]}', 2, "orders[0]"),
    ('{"orders": [\n{"a":\n -Infinity}]}', 3, "orders[0]"),
    ('{"orders": []}\n{"orders": []}', 2, ""),
    ('{"a": 1,}', 1, ""),
    ("{'a': 1}", 1, ""),
    ('{"a" 1}', 1, ""),
    ('{"a": "x\ty"}', 1, ""),
    ('{"orders": [1] 2}', 1, ""),
    ('{"orders": ' + "[" * 100_000, 1, "orders[0]"),
    ('{"orders": [' + "9" * 5000 + "]}", 1, "orders[0]"),
    ("nonsense", 1, ""),
    ('"text"', 1, ""),
]


@pytest.mark.parametrize(("text", "line", "path"), NOT_JSON, ids=lambda value: str(value)[:20])
def test_what_is_no_json_is_refused_where_it_breaks(text: str, line: int, path: str) -> None:
    assert faults(text) == [(line, path)]
    assert faults(text[:2000], piece=3) == [(line, path)] or len(text) > 2000


@pytest.mark.parametrize("text", ['{"a": 1, "b": 2, "c" 3}', '{"a": 1,\n "b": 2, "c": x}'])
def test_the_column_is_counted_from_the_line_not_from_what_is_held(text: str) -> None:
    (fault,) = [part for part in parts(text, piece=1) if isinstance(part, Fault)]
    column = 22 if 'c" 3' in text else 15
    assert f"column {column})" in fault.message
    assert [fault] == [part for part in parts(text) if isinstance(part, Fault)]


def test_a_record_without_end_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quote that is never closed must not bring the whole file into memory."""
    monkeypatch.setattr(json_stream, "LONGEST", 1000)
    file = io.StringIO('{"orders": [\n{"item": "' + "x" * 100_000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "CHUNK", 100)
        (fault,) = json_parts(file, lines=False)
    assert isinstance(fault, Fault)
    assert (fault.line, fault.path, fault.message) == (2, "orders[0]", import_parts.TOO_LONG)
    assert file.tell() < 2000


def test_a_broken_line_is_one_fault_and_the_next_line_is_read() -> None:
    text = '{"orders": [{}]}\n{"orders": [\n\n{"orders": [1]} x\n{"orders": [2]}'
    for piece in (1, 4, 1000):
        assert faults(text, lines=True, piece=piece) == [(2, ""), (4, "")]
        entries = [p for p in parts(text, lines=True, piece=piece) if isinstance(p, Entry)]
        assert [(entry.line, entry.found) for entry in entries] == [(1, {}), (4, 1), (5, 2)]


def test_windows_line_ends_change_nothing() -> None:
    text = '{"orders": [{"a": 1}]}\r\n\r\n{"orders": [{"a": 2}]}\r\n'
    found = [part for part in parts(text, lines=True) if isinstance(part, Entry)]
    assert [(part.line, part.found) for part in found] == [(1, {"a": 1}), (3, {"a": 2})]

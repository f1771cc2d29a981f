"""Files are known by their content; their names are labels and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.domain.evidence import LONGEST_LABEL, FileKind, kind_of, label_of
from tests.actions.services.files import a_jpeg, a_pdf, a_png, chunk, segment

WHOLE = [(FileKind.PNG, a_png()), (FileKind.JPEG, a_jpeg()), (FileKind.PDF, a_pdf())]
PNG, JPEG, PDF = (content for _, content in WHOLE)
HEADER = PNG[8:33]


@pytest.mark.parametrize(("kind", "content"), WHOLE)
def test_a_whole_file_is_known_by_its_content(kind: FileKind, content: bytes) -> None:
    assert kind_of(content) is kind
    assert kind.content_type in ("image/png", "image/jpeg", "application/pdf")


@pytest.mark.parametrize(("kind", "content"), WHOLE)
def test_no_beginning_of_a_file_is_taken_for_the_whole(kind: FileKind, content: bytes) -> None:
    end = len(content.rstrip())
    assert [n for n in range(end) if kind_of(content[:n]) is not None] == []


@pytest.mark.parametrize(("kind", "content"), WHOLE)
def test_what_stands_before_a_file_makes_it_none(kind: FileKind, content: bytes) -> None:
    assert kind_of(b" " + content) is None
    assert kind_of(b"<script>" + content) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"GIF89a" + b"\0" * 40,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"MZ" + b"\0" * 100,
        b"PK\x03\x04" + b"\0" * 100,
        PNG[:8],
        PNG[:8] + chunk(b"IEND"),
        PNG[:8] + HEADER + chunk(b"IEND"),
        PNG[:8] + chunk(b"IDAT") + chunk(b"IEND"),
        PNG.replace(b"IDAT", b"IDAX"),
        PNG[:-1] + b"\0",
        PNG[:8] + b"\xff\xff\xff\xff" + PNG[12:],
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8" + segment(0xE0, b"JFIF\0") + b"\xff\xd9",
        JPEG.replace(b"\xff\xc0", b"\xff\xe1"),
        JPEG.replace(b"\xff\xda", b"\xff\xe1"),
        b"\xff\xd8\xff\xe0\0\0" + JPEG[6:],
        b"%PDF-1.4\n%%EOF",
        PDF.replace(b"%PDF-1.4", b"%PDF-9.x"),
        PDF.replace(b"startxref\n", b"startxref\n99"),
        PDF + b"x" * 4096,
    ],
)
def test_what_is_disguised_or_broken_is_nothing(content: bytes) -> None:
    assert kind_of(content) is None


def test_what_phones_leave_after_a_picture_does_no_harm() -> None:
    assert kind_of(PNG + b"more") is FileKind.PNG
    assert kind_of(JPEG + b"a short film") is FileKind.JPEG


def test_a_marker_that_stands_alone_leads_on_to_the_next_segment() -> None:
    assert kind_of(JPEG[:2] + b"\xff\x01" + JPEG[2:]) is FileKind.JPEG


@pytest.mark.parametrize(
    "content",
    [
        PNG[:8] + HEADER + chunk(b"IDAT") * 400_000,
        b"\xff\xd8" + segment(0xE0, b"") * 2_000_000,
        a_jpeg(b"\xff" * 9_000_000)[:-2],
        a_jpeg(b"\xff\x00" * 4_000_000)[:-2],
        b"%PDF-1.4\n" + b"startxref " * 900_000,
    ],
    ids=["chunks", "segments", "fill", "stuffed", "pdf"],
)
def test_a_file_made_to_keep_us_busy_is_given_up(content: bytes) -> None:
    assert kind_of(content) is None


@given(st.binary(max_size=200))
def test_whatever_comes_it_is_known_or_not(content: bytes) -> None:
    assert kind_of(content) in (None, *FileKind)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("账单 截图.png", "账单 截图.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\li\\bill.png", "bill.png"),
        ("bill\u202egnp.exe", "bill gnp.exe"),
        ("a\0b\r\nc\x7f", "a b c"),
        ("\u200b\u2066x\u2069", "x"),
        ("...", "file.png"),
        ("", "file.png"),
        ("a/", "file.png"),
        ("e\u0301", "é"),
    ],
)
def test_a_name_is_shown_without_its_tricks(name: str, label: str) -> None:
    assert label_of(name, FileKind.PNG) == label


@given(st.text(max_size=300))
def test_a_label_is_never_empty_long_or_a_path(name: str) -> None:
    label = label_of(name, FileKind.PDF)
    assert 0 < len(label) <= LONGEST_LABEL
    assert not set("/\\\0\n\u202e") & set(label)
    assert label not in (".", "..")

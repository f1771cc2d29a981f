"""The shipped brand files as texts, a way to change them, and what is then wrong with them."""

import re
from dataclasses import replace

import pytest

from actions.domain.errors import BrandFileRefused, Fault
from actions.policy.brand import BRANDS_FOLDER, read_brand

KUAILIAN = (BRANDS_FOLDER / "kuailian.yml").read_text(encoding="utf-8")
BITPIE = (BRANDS_FOLDER / "bitpie.yml").read_text(encoding="utf-8")

CHINESE = re.compile(r"[一-鿿]")


def changed(old: str, new: str, text: str = KUAILIAN) -> str:
    """The text with one piece of it replaced, which must stand there once."""
    assert text.count(old) == 1, f"{old!r} must stand in the file once"
    return text.replace(old, new)


def line_of(text: str, piece: str) -> int:
    """The line on which a piece of the text begins."""
    return text[: text.index(piece)].count("\n") + 1


def faults_of(text: str) -> tuple[Fault, ...]:
    """The faults for which this text is refused, in English."""
    with pytest.raises(BrandFileRefused) as refused:
        read_brand(text)
    return tuple(map(in_english, refused.value.faults))


def in_english(fault: Fault) -> Fault:
    """The fault with the English half of its message; it must have a Chinese one."""
    chinese, between, english = fault.message.partition(" · ")
    assert between, fault.message
    assert CHINESE.search(chinese), fault.message
    assert not CHINESE.search(english), fault.message
    return replace(fault, message=english)

"""Drafts of brand files: read under any name, and what is wrong with them said by its line."""

from __future__ import annotations

import sys
from pathlib import Path

from actions.domain.errors import BrandFileRefused, Fault
from actions.policy.brand import Brand, read_brand


def read_draft(path: Path) -> Brand:
    """A brand file that may have any name. Raises ``BrandFileRefused``."""
    try:
        return read_brand(path.read_text(encoding="utf-8"), path)
    except UnicodeDecodeError:
        said = "不是 UTF-8 文本 · is not UTF-8 text"
    except OSError as error:
        said = f"读不到（{error.strerror}） · can't be read ({error.strerror})"
    raise BrandFileRefused(Fault("", said))


def show_faults(path: Path, faults: tuple[Fault, ...]) -> None:
    """What keeps a file from being a brand, one fault a line, on standard error."""
    for fault in faults:
        place = f"{path}:{fault.line}" if fault.line else str(path)
        said = f"{fault.path}: {fault.message}" if fault.path else fault.message
        print(f"{place}: {said}", file=sys.stderr)

"""What an import file is read as, whatever its form: parts, in the file's sequence.

Knows how a record, the brand it is of, and the end of a document look to the importer. Leaves
to ``json_stream`` and ``csv_file`` how each form is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from actions.domain.errors import Fault
from actions.services.json_places import located

LONGEST = 1 << 20
"""Characters of one record. Whatever is longer is a fault: reading on would cost memory."""

TOO_LONG = "单条记录过长 · one record is too long"


class Listed(StrEnum):
    """What a file lists, each under its own name."""

    ACCOUNTS = "accounts"
    ORDERS = "orders"
    REFUNDS = "refunds"


@dataclass(frozen=True, slots=True)
class Named:
    """The brand of the document; ``found`` is what stands there, right or wrong, or None if a
    table's row leaves it empty.
    """

    found: Any
    line: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One record. ``text`` is how it stands in the file, where a line may be looked up in it;
    ``columns`` are a table's own names for the fields.
    """

    kind: Listed
    found: Any
    line: int
    path: str = ""
    text: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)

    def located(self, faults: list[Fault]) -> list[Fault]:
        """Faults with paths from the record's own top, as they are found in the file."""
        if self.text:
            return located(faults, self.text, self.line, self.path)
        return [Fault(self.columns.get(f.path, f.path), f.message, self.line) for f in faults]


@dataclass(frozen=True, slots=True)
class End:
    """Here ends a document: what follows may be of another brand."""

    line: int


Part = Named | Entry | End | Fault
Parts = Iterator[Part]

"""All tables together: whoever needs the whole metadata takes it from here."""

from __future__ import annotations

from actions.storage import conversations, tables
from actions.storage.base import Base

MODULES = (conversations, tables)
"""A module's tables are on the metadata once it has been loaded."""

TABLES = Base.metadata

"""All tables together: whoever needs the whole metadata takes it from here."""

from __future__ import annotations

from actions.storage import casework, conversations, erasures, policies, staff_tables, tables
from actions.storage.base import Base

MODULES = (casework, conversations, erasures, policies, staff_tables, tables)
"""A module's tables are on the metadata once it has been loaded."""

TABLES = Base.metadata

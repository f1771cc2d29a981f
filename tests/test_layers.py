"""Who may import whom. Every import of every module is read; nothing is run."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]

# A room may import itself and these; what is not listed is not allowed.
SEES: dict[str, frozenset[str]] = {
    "actions.settings": frozenset(),
    "actions.domain": frozenset(),
    "actions.policy": frozenset({"actions.domain"}),
    "actions.storage": frozenset({"actions.domain", "actions.settings"}),
    "actions.gateways": frozenset({"actions.domain", "actions.settings"}),
    "actions.notices": frozenset({"actions.domain", "actions.settings"}),
}
SEES["actions.services"] = frozenset(SEES)
# These two are entered from outside: they take the finished desk from the bootstrap.
SEES["actions.skills"] = SEES["actions.worker"] = frozenset(SEES) | {"actions.bootstrap"}
SEES["actions.bootstrap"] = SEES["actions.testing"] = frozenset(SEES) | {"actions.bootstrap"}
SEES["bot.engine"] = frozenset()
BOT_ROOMS = ("bot.gateway", "bot.channels", "bot.portal", "bot.console", "bot.cli")

EVERYONE_ENGINE_MAY_NOT_SEE = ("actions", "sqlalchemy")


class Import(NamedTuple):
    """One import statement's target, and where it stands."""

    module: str
    line: int
    target: str

    @property
    def place(self) -> str:
        """File and line, as an editor takes them."""
        return f"{self.module.replace('.', '/')}:{self.line}"


def imports_of(path: Path, root: Path = ROOT) -> Iterator[Import]:
    """Every import in ``path``, inside functions too; relative ones resolved."""
    parts = list(path.relative_to(root).with_suffix("").parts)
    package = parts[:-1]
    module = ".".join(package if parts[-1] == "__init__" else parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (Import(module, node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (Import(module, node.lineno, f"{base}.{name.name}") for name in node.names)


def room_of(dotted: str) -> str:
    """The first two names: ``actions.domain.money.Money`` lives in ``actions.domain``."""
    return ".".join(dotted.split(".")[:2])


def is_in(dotted: str, package: str) -> bool:
    """``dotted`` is ``package`` or lies in it."""
    return dotted == package or dotted.startswith(f"{package}.")


def forbidden(found: Import) -> bool:
    """Whether the house's directions are broken by this import."""
    room, target = room_of(found.module), room_of(found.target)
    if not is_in(found.target, "actions") and not is_in(found.target, "bot"):
        return False
    if room == target or found.target in ("actions", "bot"):
        return False
    if room in SEES:
        return target not in SEES[room]
    return is_in(found.target, "bot.engine") or not is_in(found.module, "bot")


ALL = [
    found
    for package in ("actions", "bot")
    for path in sorted((ROOT / package).rglob("*.py"))
    if "node_modules" not in path.parts
    for found in imports_of(path)
]


def test_every_import_goes_in_an_allowed_direction() -> None:
    """bot → actions, never back; inside actions as the house style says."""
    assert [f"{found.place} imports {found.target}" for found in ALL if forbidden(found)] == []


def test_the_domain_and_the_settings_use_the_standard_library_only() -> None:
    """Money, orders and cases can be understood and tested with Python alone."""
    foreign = [
        f"{found.place} imports {found.target}"
        for found in ALL
        if room_of(found.module) in ("actions.domain", "actions.settings")
        and room_of(found.target) != "actions.domain"
        and found.target.split(".")[0] not in sys.stdlib_module_names
    ]
    assert foreign == []


def test_what_rasa_loads_knows_neither_the_business_nor_its_database() -> None:
    """Rasa's environment has another Python and another SQLAlchemy."""
    seen = [
        f"{found.place} imports {found.target}"
        for found in ALL
        if is_in(found.module, "bot.engine")
        and found.target.split(".")[0] in EVERYONE_ENGINE_MAY_NOT_SEE
    ]
    assert seen == []


def test_every_room_has_its_directions() -> None:
    """A new room is a decision: it is added to the table above, not slipped in."""
    rooms = {room_of(found.module) for found in ALL}
    assert rooms - set(SEES) - set(BOT_ROOMS) - {"actions", "bot"} == set()


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("actions/domain/a.py", "from actions.storage import engine"),
        ("actions/policy/a.py", "from actions.settings import Settings"),
        ("actions/storage/a.py", "import actions.services.refunds"),
        ("actions/services/a.py", "from ..skills.refund import RequestRefund"),
        ("actions/services/a.py", "def later():\n    from actions.bootstrap import build_desk"),
        ("actions/worker/a.py", "from bot.gateway import app"),
        ("bot/engine/a.py", "from bot.gateway.app import create_app"),
        ("bot/gateway/a.py", "from bot.engine import channel"),
    ],
)
def test_an_import_the_wrong_way_is_found(tmp_path: Path, place: str, line: str) -> None:
    """The reader sees through relative imports and into functions."""
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.write_text(line, encoding="utf-8")
    assert any(forbidden(found) for found in imports_of(path, tmp_path))


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("actions/services/a.py", "from actions.policy.brand import Brand"),
        ("actions/skills/a.py", "from actions.notices import money"),
        ("actions/domain/a.py", "from .money import Money"),
        ("bot/gateway/a.py", "from actions.services.refunds import Refunds"),
    ],
)
def test_an_import_the_right_way_is_let_be(tmp_path: Path, place: str, line: str) -> None:
    """And nothing that is allowed is reported."""
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.write_text(line, encoding="utf-8")
    assert not any(forbidden(found) for found in imports_of(path, tmp_path))

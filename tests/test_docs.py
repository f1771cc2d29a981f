"""What the code offers is in the README: every setting, and every command."""

import re
from pathlib import Path

from typer.main import get_command

from bot.cli import main

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_every_setting_is_documented() -> None:
    read = set(re.findall(r'"(DESK_[A-Z_]+)"', (ROOT / "actions/settings.py").read_text("utf-8")))
    assert read
    assert sorted(name for name in read if name not in README) == []


def test_every_command_is_documented() -> None:
    commands = get_command(main).commands
    assert commands
    assert (
        sorted(name for name in commands if not re.search(rf"desk {name}|`{name}`", README)) == []
    )


def test_every_make_target_with_a_help_line_is_documented() -> None:
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.M)
    assert targets
    assert sorted(name for name in targets if f"make {name}" not in README) == []

"""What keeps a desk from starting is said before anything starts."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from actions.settings import Settings
from bot.cli.checks import check_disk, check_home, check_ports, port_is_free
from bot.cli.say import Trouble


@pytest.fixture
def taken() -> socket.socket:
    """A listener on some port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def port_of(listener: socket.socket) -> int:
    """Where it listens."""
    return int(listener.getsockname()[1])


def test_a_taken_port_is_named_with_one_that_would_do(
    taken: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which port, whose it is, and a setting to copy."""
    monkeypatch.delenv("DESK_PORT", raising=False)
    port = port_of(taken)
    with pytest.raises(Trouble) as trouble:
        check_ports(Settings.from_env({"DESK_PORT": str(port)}))
    suggested = re.search(r"DESK_PORT=(\d+) make run", trouble.value.en)
    assert f"port {port} is taken" in trouble.value.en
    assert f"端口 {port} 已被占用" in trouble.value.zh
    assert suggested is not None
    assert all(port_is_free("127.0.0.1", int(suggested[1]) + step) for step in range(4))


def test_a_private_port_that_was_set_is_to_be_moved_itself(
    taken: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Moving the public port would not help then."""
    port = str(port_of(taken))
    monkeypatch.setenv("DESK_RASA_PORT", port)
    with pytest.raises(Trouble, match=r"DESK_RASA_PORT=\d+ make run"):
        check_ports(Settings.from_env({"DESK_RASA_PORT": port}))


def test_a_port_is_free_again_when_its_listener_is_gone(taken: socket.socket) -> None:
    """Connections that are still winding down don't count."""
    port = port_of(taken)
    assert not port_is_free("127.0.0.1", port)
    taken.close()
    assert port_is_free("127.0.0.1", port)


def test_an_address_that_is_not_ours_is_said_to_be_so() -> None:
    """192.0.2.0/24 belongs to documentation, to no machine."""
    with pytest.raises(Trouble, match=r"192\.0\.2\.1"):
        port_is_free("192.0.2.1", 8080)


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "file").touch()
    with pytest.raises(Trouble, match="DESK_HOME"):
        check_home(tmp_path / "file" / "home")


def test_a_home_that_can_be_written_to_is_left_empty(tmp_path: Path) -> None:
    """Looking leaves no trace."""
    check_home(tmp_path / "home")
    assert list((tmp_path / "home").iterdir()) == []


def test_a_full_disk_is_said_in_megabytes(tmp_path: Path) -> None:
    """How much there is and how much it takes."""
    with pytest.raises(Trouble, match=r"\d+ MB free .* 1073741824 MB needed"):
        check_disk(tmp_path, least=2**50)

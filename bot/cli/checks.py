"""What must be true of this machine before the desk can start; each check says what to do.

Knows ports, disk and folders. Leaves the desk's own parts (database, model, secrets) to
``bot.cli.doctor`` and the settings.
"""

from __future__ import annotations

import errno
import os
import shutil
import socket
from pathlib import Path

from actions.settings import Settings
from bot.cli.say import Trouble

LEAST_FREE_BYTES = 500 * 1024 * 1024


def check_machine(settings: Settings) -> None:
    """Raise ``Trouble`` for the first thing that keeps a desk from starting here."""
    check_home(settings.home)
    check_disk(settings.home)
    check_ports(settings)


def check_home(home: Path) -> None:
    """``home`` can be made and written to."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        probe = home / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Trouble(
            f"数据目录 {home} 不能写入({error.strerror})。可换一个：DESK_HOME=/别的目录",
            f"the data folder {home} can't be written to ({error.strerror}). "
            "Choose another: DESK_HOME=/another/folder",
        ) from error


def check_disk(home: Path, least: int = LEAST_FREE_BYTES) -> None:
    """At least ``least`` bytes are free for logs and the database to grow."""
    free = shutil.disk_usage(home).free
    if free < least:
        has, needs = free // 2**20, least // 2**20
        raise Trouble(
            f"磁盘空间不足：{home} 所在磁盘只剩 {has} MB,至少需要 {needs} MB",
            f"not enough disk: {has} MB free where {home} is, {needs} MB needed",
        )


def check_ports(settings: Settings) -> None:
    """Every port that this desk opens is free."""
    for variable, port in settings.listening().items():
        host = settings.host if variable == "DESK_PORT" else "127.0.0.1"
        if not port_is_free(host, port):
            instead = _instead(settings, variable, port)
            raise Trouble(
                f"端口 {port} 已被占用({variable})。请换一个，例如：{instead} make run",
                f"port {port} is taken ({variable}). Choose another, for example: "
                f"{instead} make run",
            )


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now.

    Raises:
        Trouble: ``host`` is no address of this machine, or the port is reserved.
    """
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise _cannot_listen(host, port, error) from error
    for family, kind, protocol, _, address in addresses:
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(address)
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    return False
                raise _cannot_listen(host, port, error) from error
    return True


def _cannot_listen(host: str, port: int, error: OSError) -> Trouble:
    return Trouble(
        f"无法监听 {host}:{port}({error.strerror})。请改 DESK_HOST 或 DESK_PORT",
        f"can't listen on {host}:{port} ({error.strerror}). Change DESK_HOST or DESK_PORT",
    )


def _instead(settings: Settings, variable: str, port: int) -> str:
    """A setting that would help; moving the public port moves those that follow from it."""
    if variable != "DESK_PORT" and os.environ.get(variable):
        return f"{variable}={_next_free(port, 1)}"
    return f"DESK_PORT={_next_free(settings.port, len(settings.listening()))}"


def _next_free(port: int, run: int) -> int:
    """The next round step up where ``run`` ports in a row are free."""
    for start in range(port + 100, 65536 - run, 100):
        if all(port_is_free("127.0.0.1", start + step) for step in range(run)):
            return start
    return port

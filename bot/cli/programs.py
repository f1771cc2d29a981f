"""The four processes of a desk, as files that supervisord and Rasa read.

Knows which processes there are, how each is started and how Rasa reaches our action server.
Leaves running them to ``bot.cli.up``. The files are written anew at each start; those that
hold a secret can be read by their owner only.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from actions.settings import ROOT, Settings
from bot.cli.model import RASA, rasa_environment

# A supervised process carries this variable: how a later start finds what a killed one left.
MARK = "DESK_SUPERVISED_HOME"

STOP_SECONDS = 5
LOG_BYTES = 10 * 1024 * 1024
LOG_FILES = 5


@dataclass(frozen=True)
class Program:
    """One process: its name, its command and what is added to its environment."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]


def programs(settings: Settings, model: Path) -> list[Program]:
    """The desk's processes in the order in which they are spoken of."""
    own = {
        name: Program(name, (sys.executable, "-m", "bot.cli", "serve", name), {})
        for name in ("actions", "web", "worker")
    }
    rasa = Program(
        "rasa",
        (
            str(settings.rasa_python),
            *RASA,
            "run",
            *("-i", "127.0.0.1", "-p", str(settings.rasa_port)),
            *("--model", str(model)),
            *("--endpoints", str(settings.run / "endpoints.yml")),
            *("--credentials", str(settings.run / "credentials.yml")),
        ),
        rasa_environment()
        | {"LOG_LEVEL": "WARNING", "LOG_LEVEL_LIBRARIES": "ERROR", "SANIC_ACCESS_LOG": "false"},
    )
    return [rasa, own["actions"], own["web"], own["worker"]]


def process_environment(settings: Settings) -> dict[str, str]:
    """What every process is told, whatever the defaults would have been."""
    return {
        MARK: str(settings.home),
        "DESK_HOME": str(settings.home),
        "DESK_MODE": settings.mode,
        "DESK_HOST": settings.host,
        "DESK_PORT": str(settings.port),
        "DESK_RASA_PORT": str(settings.rasa_port),
        "DESK_ACTIONS_PORT": str(settings.actions_port),
        "DESK_SMTP_PORT": str(settings.smtp_port),
        "PYTHONUNBUFFERED": "1",
    }


def write_files(settings: Settings, model: Path) -> Path:
    """Write everything under ``home/run`` and return supervisord's configuration."""
    settings.run.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings.logs.mkdir(parents=True, exist_ok=True)
    _write_private(settings.run / "endpoints.yml", _endpoints(settings))
    _write_private(settings.run / "credentials.yml", _credentials(settings))
    conf = settings.run / "supervisord.conf"
    _write_private(conf, _supervisord(settings, programs(settings, model)))
    return conf


def _endpoints(settings: Settings) -> str:
    # JSON is YAML, and quotes whatever a secret or a path may hold.
    return json.dumps(
        {
            "action_endpoint": {
                "url": f"{settings.actions_url}/webhook",
                "headers": {"Authorization": f"Bearer {settings.internal_secret}"},
            },
            "tracker_store": {
                "type": "SQL",
                "dialect": "sqlite",
                "db": str(settings.trackers),
            },
        },
        indent=2,
    )


def _credentials(settings: Settings) -> str:
    channel = {"secret": settings.internal_secret}
    return json.dumps({"bot.engine.channel.DeskChannel": channel}, indent=2)


def _supervisord(settings: Settings, wanted: list[Program]) -> str:
    sections = [
        "[supervisord]\n"
        "nodaemon=true\n"
        "umask=077\n"  # its own default would let others read databases and logs
        f"logfile={_escaped(settings.logs / 'supervisord.log')}\n"
        f"logfile_maxbytes={LOG_BYTES}\n"
        f"logfile_backups={LOG_FILES}\n"
        f"pidfile={_escaped(settings.run / 'supervisord.pid')}\n"
        f"childlogdir={_escaped(settings.logs)}\n",
        # One group: then all four are told to stop at once, not one after the other.
        f"[group:desk]\nprograms={','.join(program.name for program in wanted)}\n",
    ]
    return "\n".join(sections + [_section(settings, program) for program in wanted])


def _section(settings: Settings, program: Program) -> str:
    command = " ".join(_quoted(word) for word in program.command)
    environment = ",".join(
        f"{name}={_quoted(value)}" for name, value in program.environment.items()
    )
    lines = {
        "command": command,
        "directory": _escaped(ROOT),
        "environment": environment,
        "autorestart": "true",
        "startsecs": "2",
        # Waits grow by a second each time; only a first start gives up (bot.cli.up).
        "startretries": "1000000",
        "stopsignal": "TERM",
        "stopwaitsecs": str(STOP_SECONDS),
        "stopasgroup": "true",
        "killasgroup": "true",
        "redirect_stderr": "true",
        # supervisord expands this one twice.
        "stdout_logfile": _escaped(_escaped(settings.logs / f"{program.name}.log")),
        "stdout_logfile_maxbytes": str(LOG_BYTES),
        "stdout_logfile_backups": str(LOG_FILES),
    }
    return f"[program:{program.name}]\n" + "".join(
        f"{name}={value}\n" for name, value in lines.items() if value
    )


def _escaped(path: Path | str) -> str:
    return str(path).replace("%", "%%")


def _quoted(word: str) -> str:
    """One word for supervisord, which splits as a shell does and expands ``%``."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def _write_private(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)

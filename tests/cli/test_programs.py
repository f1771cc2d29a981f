"""The files that supervisord and Rasa read."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
import yaml
from supervisor.options import ServerOptions

from actions.settings import ROOT, Settings, ensure_secrets
from bot.cli.programs import write_files


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A demo under a folder whose name is awkward on purpose."""
    return ensure_secrets(Settings.from_env({"DESK_HOME": str(tmp_path / "my 100% home")}))


@pytest.fixture
def model(settings: Settings) -> Path:
    """A model's path, awkward too."""
    return settings.home / "a model.tar.gz"


def read_by_supervisor(configuration: Path) -> ServerOptions:
    """The configuration as supervisord itself understands it."""
    options = ServerOptions()
    options.realize(["-c", str(configuration)])
    return options


def test_supervisor_reads_four_programs_in_one_group(settings: Settings, model: Path) -> None:
    """One group: all are told to stop at once."""
    options = read_by_supervisor(write_files(settings, model))
    (group,) = options.process_group_configs
    assert {program.name for program in group.process_configs} == {
        "rasa",
        "actions",
        "web",
        "worker",
    }


def test_every_program_is_restarted_and_logs_to_its_own_rotated_file(
    settings: Settings, model: Path
) -> None:
    """Whatever dies comes back, and a log never fills the disk."""
    options = read_by_supervisor(write_files(settings, model))
    for program in options.process_group_configs[0].process_configs:
        assert program.autorestart
        assert program.stopasgroup
        assert program.killasgroup
        assert program.stdout_logfile == str(settings.logs / f"{program.name}.log")
        assert program.stdout_logfile_maxbytes * (program.stdout_logfile_backups + 1) <= 2**27
        assert program.directory == str(ROOT)


def test_rasa_listens_on_loopback_and_opens_no_api(settings: Settings, model: Path) -> None:
    """A public Rasa, or one with its HTTP API, would go round the gateway."""
    options = read_by_supervisor(write_files(settings, model))
    programs = {
        program.name: program for program in options.process_group_configs[0].process_configs
    }
    command = programs["rasa"].command
    assert f"-i 127.0.0.1 -p {settings.rasa_port}" in command.replace('"', "")
    assert str(model) in command
    assert "--enable-api" not in command
    assert programs["rasa"].environment["RASA_TELEMETRY_ENABLED"] == "false"


def test_rasa_reaches_our_action_server_with_the_internal_secret(
    settings: Settings, model: Path
) -> None:
    """Both directions are locked with the same key."""
    write_files(settings, model)
    endpoints = yaml.safe_load((settings.run / "endpoints.yml").read_text("utf-8"))
    credentials = yaml.safe_load((settings.run / "credentials.yml").read_text("utf-8"))
    bearer = f"Bearer {settings.internal_secret}"
    assert endpoints["action_endpoint"] == {
        "url": f"http://127.0.0.1:{settings.actions_port}/webhook",
        "headers": {"Authorization": bearer},
    }
    assert endpoints["tracker_store"]["db"] == str(settings.home / "rasa-trackers.db")
    assert credentials == {
        "bot.engine.channel.DeskChannel": {"secret": settings.internal_secret},
    }


def test_files_with_a_secret_are_for_their_owner_only(settings: Settings, model: Path) -> None:
    """Also when they are written over."""
    write_files(settings, model)
    (settings.run / "endpoints.yml").chmod(0o644)
    write_files(settings, model)
    for name in ("endpoints.yml", "credentials.yml", "supervisord.conf"):
        assert stat.S_IMODE((settings.run / name).stat().st_mode) == 0o600


def test_no_secret_is_on_a_command_line(settings: Settings, model: Path) -> None:
    """Command lines are for every user of the machine to read."""
    configuration = write_files(settings, model).read_text("utf-8")
    assert settings.internal_secret not in configuration
    assert settings.code_secret not in configuration

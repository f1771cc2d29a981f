"""A model is trained when what it is made from has changed, and only then."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from actions.settings import Settings
from bot.cli.model import fingerprint, model_of, train
from bot.cli.say import Trouble

# Stands in for the Rasa environment: counts its trainings, then does what Rasa does.
FAKE_RASA = """#!/bin/sh
echo trained >>"$0.times"
while [ $# -gt 0 ]; do
    case $1 in
    --out) out=$2 ;;
    --fixed-model-name) name=$2 ;;
    esac
    shift
done
echo "2026-01-01 INFO  rasa.engine.training.hooks  - Starting to train component 'RulePolicy'."
[ -f broken.yml ] && { echo "YamlException: broken.yml"; exit 1; }
echo model >"$out/$name.tar.gz"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with something to train from."""
    for name in ("config.yml", "domain.yml", "data/greet.zh.yml", "bot/engine/channel.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    return tmp_path


@pytest.fixture
def settings(root: Path) -> Settings:
    """Settings whose Rasa is the stand-in."""
    rasa = root / "rasa-python"
    rasa.write_text(FAKE_RASA, encoding="utf-8")
    rasa.chmod(rasa.stat().st_mode | stat.S_IXUSR)
    return replace(Settings.from_env({}), rasa_python=rasa)


def times_trained(root: Path) -> int:
    """How often the stand-in was asked to train."""
    kept = root / "rasa-python.times"
    return len(kept.read_text().splitlines()) if kept.exists() else 0


@pytest.mark.parametrize("name", ["config.yml", "domain.yml", "data/greet.zh.yml"])
def test_a_changed_sentence_is_another_model(root: Path, name: str) -> None:
    """The fingerprint follows the content."""
    before = fingerprint(root)
    (root / name).write_text("changed", encoding="utf-8")
    assert fingerprint(root) != before


def test_a_new_file_of_data_or_engine_is_another_model(root: Path) -> None:
    """So does what there is."""
    seen = {fingerprint(root)}
    for name in ("data/greet.en.yml", "bot/engine/patches.py"):
        (root / name).touch()
        seen.add(fingerprint(root))
    assert len(seen) == 3


def test_compiled_python_changes_nothing(root: Path) -> None:
    """Running Rasa leaves such files; the next start must not train again."""
    before = fingerprint(root)
    (root / "bot/engine/__pycache__").mkdir()
    (root / "bot/engine/__pycache__/channel.cpython-310.pyc").write_bytes(b"\0")
    assert fingerprint(root) == before


def test_the_same_data_is_trained_once(root: Path, settings: Settings) -> None:
    """The second call finds the model of the first."""
    assert train(settings, root) == train(settings, root) == model_of(root)
    assert model_of(root).read_text() == "model\n"
    assert times_trained(root) == 1


def test_changed_data_is_trained_again(root: Path, settings: Settings) -> None:
    """A model never answers for data that it has not seen."""
    first = train(settings, root)
    (root / "data/greet.zh.yml").write_text("您好", encoding="utf-8")
    assert train(settings, root) != first
    assert times_trained(root) == 2


def test_training_can_be_forced(root: Path, settings: Settings) -> None:
    """`desk train --force` trains whatever there is."""
    train(settings, root)
    train(settings, root, force=True)
    assert times_trained(root) == 2


def test_each_component_is_shown_as_it_is_trained(
    root: Path, settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    """Training takes a while; a silent wait looks like a hang."""
    train(settings, root)
    assert "  RulePolicy\n" in capfd.readouterr().out


def test_a_failed_training_leaves_no_model_and_shows_why(root: Path, settings: Settings) -> None:
    """Rasa's last words are in the message, and nothing half-made stays."""
    (root / "broken.yml").touch()
    with pytest.raises(Trouble, match=r"YamlException: broken\.yml"):
        train(settings, root)
    assert list((root / "models").glob("*.tar.gz")) == []
    assert list((root / "models").glob(".new-*")) == []


def test_without_a_rasa_environment_training_says_what_to_run(root: Path) -> None:
    """The command that makes it is in the message."""
    nowhere = replace(Settings.from_env({}), rasa_python=root / "nowhere")
    with pytest.raises(Trouble, match="make env"):
        train(nowhere, root)

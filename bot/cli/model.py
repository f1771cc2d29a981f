"""Which model fits the present data, and how one is trained.

Knows what a model is made from and where it is kept. Leaves the training itself to Rasa, in
its own environment. A model carries the fingerprint of what it was made from as its name, so
a changed sentence, component or Rasa release is a new model and an unchanged one is never
trained twice.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from actions.settings import Settings
from bot.cli.say import Trouble, say, tail

# Rasa's command line without TensorFlow, which no component of ours needs.
RASA = ("-m", "bot.engine.lean")

INGREDIENTS = ("config.yml", "domain.yml", "domain", "data", "bot/engine", "requirements/rasa.txt")
TRAINS = re.compile(r"(?:Starting to train|Restored) component '(\w+)'")
NOT_INGREDIENTS = frozenset({"__pycache__", ".DS_Store", "report"})
"""Names of what leaves a model as it is; ``bot/engine/report`` only measures one."""


def fingerprint(root: Path) -> str:
    """Sixteen hex digits for all that a model is made from under ``root``."""
    digest = hashlib.sha256()
    for path in sorted(_ingredients(root)):
        digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _ingredients(root: Path) -> Iterator[Path]:
    for name in INGREDIENTS:
        start = root / name
        for path in start.rglob("*") if start.is_dir() else [start]:
            inside = path.relative_to(root).parts
            if path.is_file() and not NOT_INGREDIENTS.intersection(inside):
                yield path


def model_of(root: Path) -> Path:
    """Where the model of the present data is, or would be."""
    return root / "models" / f"{fingerprint(root)}.tar.gz"


def rasa_environment() -> dict[str, str]:
    """Rasa's surroundings: nothing sent home, no accelerators, few words."""
    return {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
        "PYTHONUNBUFFERED": "1",
    }


def train(settings: Settings, root: Path, *, force: bool = False) -> Path:
    """Train a model for the present data unless there is one; return where it is.

    Each component is shown as it is trained. A model appears whole or not at all, and a second
    call waits for the first.

    Raises:
        Trouble: there is no Rasa environment, or Rasa refused the data.
    """
    model = model_of(root)
    model.parent.mkdir(exist_ok=True)
    with _alone(model.parent / ".training"):
        if model.exists() and not force:
            return model
        started = time.monotonic()
        say("训练模型……", "training the model…")
        with tempfile.TemporaryDirectory(dir=model.parent, prefix=".new-") as folder:
            trained = _run_rasa_train(settings, root, Path(folder), model.name)
            trained.replace(model)
        say(
            f"模型已训练({time.monotonic() - started:.0f} 秒)",
            f"model trained in {time.monotonic() - started:.0f} s",
        )
    return model


def _run_rasa_train(settings: Settings, root: Path, folder: Path, name: str) -> Path:
    if not settings.rasa_python.exists():
        raise Trouble(
            f"没有 Rasa 环境({settings.rasa_python})。请先运行：make env",
            f"there is no Rasa environment ({settings.rasa_python}). Run: make env",
        )
    log = root / "models" / "training.log"
    stem = name.removesuffix(".tar.gz")
    # Forced: Rasa would take a component from its cache although its code has changed.
    command = [str(settings.rasa_python), *RASA, "train", "--force", "--out", str(folder)]
    code = _show_progress([*command, "--fixed-model-name", stem], root, log)
    trained = folder / name
    if code != 0 or not trained.exists():
        raise Trouble(
            f"模型没有训练成功，全部输出在 {log}:\n{tail(log)}",
            f"the model was not trained; Rasa's own words are above, all of them in {log}",
        )
    return trained


def _show_progress(command: list[str], root: Path, log: Path) -> int:
    """Run ``command``; all it says goes to ``log``, each component trained also to the screen."""
    with (
        log.open("w", encoding="utf-8") as kept,
        subprocess.Popen(
            command,
            cwd=root,
            env=os.environ | rasa_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process,
    ):
        assert process.stdout is not None
        try:
            for line in process.stdout:
                kept.write(line)
                if found := TRAINS.search(line):
                    print(f"  {found[1]}", flush=True)
            return process.wait()
        except BaseException:
            process.kill()
            raise


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield

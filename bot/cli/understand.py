"""Texts in, what the model makes of them out: ``desk nlu``.

Knows which model is asked and that it answers in Rasa's environment. Leaves the understanding to
``bot.engine.understand``, whose standard input and output are this command's own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

from actions.settings import ROOT, Settings
from bot.cli.model import train
from bot.cli.say import Trouble

INTERRUPTED = 130


def understand(settings: Settings, model: Path | None = None) -> int:
    """Answer the texts of standard input, one a line; return the exit code.

    By the model of the present data, which is trained if there is none, or by ``model``.

    Raises:
        Trouble: there is no such model, none could be trained, or it could not be read.
    """
    if model is None:
        with redirect_stdout(sys.stderr):  # standard output is for the answers alone
            model = train(settings, ROOT)
    elif not model.is_file():
        raise Trouble(f"没有这个模型：{model}", f"there is no such model: {model}")
    command = [str(settings.rasa_python), "-m", "bot.engine.understand", str(model)]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONUTF8": "1"}) as process:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            process.wait()
            return INTERRUPTED
    if code > 0:
        raise Trouble(
            f"模型没能作答（退出码 {code}），原因见上文",
            f"the model could not answer (exit code {code}); its own words are above",
        )
    return 0

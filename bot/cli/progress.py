"""Shows how far an import or export has come: on a terminal alone, never in a pipe or a log.

Knows what a bar looks like. Leaves what is counted to its callers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Moved = Callable[[int], None]
"""Is told how much has been done so far."""


@contextmanager
def progress(zh: str, en: str, total: int, *, of_bytes: bool, then: str = "") -> Iterator[Moved]:
    """A bar on standard error while the block runs; ``then`` replaces its words at the end."""
    if not sys.stderr.isatty():
        yield lambda _done: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    words = TextColumn("{task.description}")
    columns: list[ProgressColumn] = [words, BarColumn()]
    columns += [DownloadColumn(), TransferSpeedColumn()] if of_bytes else [MofNCompleteColumn()]
    console = Console(stderr=True)
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task(f"{zh} · {en}", total=total)

        def moved(done: int) -> None:
            ended = {"description": then} if then and done >= total else {}
            bar.update(task, completed=done, **ended)  # type: ignore[arg-type]

        yield moved

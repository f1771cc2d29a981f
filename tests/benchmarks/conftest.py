"""Measures: minutes long, and only run when they are asked for by ``-m benchmark``.

A figure depends on the machine, so a benchmark prints its figures (``measured``) and asserts
nothing but ratios. Run one with ``pytest tests/benchmarks -m benchmark``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", "benchmark: takes minutes; only run by -m benchmark")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what is in this folder, and leave it out unless marks were asked for."""
    ours = [item for item in items if HERE in item.path.parents]
    for item in ours:
        item.add_marker("benchmark")
    if "benchmark" not in config.option.markexpr:
        config.hook.pytest_deselected(items=ours)
        items[:] = [item for item in items if item not in ours]

"""The widget's own checks, as a developer runs them: types, unit tests, and the bundle's size."""

from __future__ import annotations

import gzip
import os
import re
import subprocess

import pytest

from tests.browser.conftest import ROOT
from tests.browser.fake_desk import BUILT

WIDGET = ROOT / "bot" / "widget"
LARGEST = 20 * 1024


@pytest.fixture(scope="module")
def with_node() -> dict[str, str]:
    """An environment whose PATH begins with the project's Node."""
    if not (WIDGET / "node_modules").exists():
        pytest.fail("the front-end packages are not installed: make build", pytrace=False)
    found = subprocess.run(
        [ROOT / ".ci" / "environment", "node"], check=True, capture_output=True, text=True
    )
    return os.environ | {"PATH": f"{found.stdout.strip()}:{os.environ['PATH']}"}


@pytest.mark.parametrize("script", ["types", "test"])
def test_the_widgets_types_and_unit_tests_hold(script: str, with_node: dict[str, str]) -> None:
    """A string missing in one language is a type error."""
    ran = subprocess.run(
        ["npm", "run", "--silent", script],
        cwd=WIDGET,
        env=with_node,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_bundle_is_small_and_whole() -> None:
    """At most 20 KB gzipped with both languages; it asks no other site and builds no code."""
    script = (BUILT / "refund-desk.js").read_bytes()
    assert len(gzip.compress(script, 9)) <= LARGEST
    text = script.decode()
    assert "Chat with us" in text
    assert "联系客服" in text
    assert not re.search(r"\beval\(|new Function\(", text)
    assert set(re.findall(r"https?://[\w.]+", text)) <= {"http://www.w3.org"}

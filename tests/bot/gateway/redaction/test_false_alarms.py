"""Nothing that customers, brands, the bot or the documents ordinarily say is taken for a secret."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.gateway.redaction import find
from tests.bot.gateway.redaction import dummies

ROOT = Path(__file__).resolve().parents[4]
_ANNOTATED = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")


def training() -> Iterator[str]:
    for path in sorted((ROOT / "data").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu", []):
            if "regex" in block:  # no message
                continue
            for line in block.get("examples", "").splitlines():
                said = line.strip().removeprefix("- ")
                yield from {said, _ANNOTATED.sub(r"\1", said)}


def measuring() -> Iterator[str]:
    for name in ("zh", "en"):
        path = ROOT / "tests" / "nlu" / "dev" / f"{name}.jsonl"
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["text"]


def documents() -> Iterator[str]:
    paths = [ROOT / "domain.yml", ROOT / "README.md", ROOT / "CHANGELOG.md"]
    paths += [*(ROOT / "docs").glob("*.md"), *(ROOT / "actions/policy/brands").glob("*.yml")]
    for path in paths:
        text = path.read_text(encoding="utf-8")
        yield text
        yield from text.splitlines()


def numbers() -> Iterator[str]:
    """Order numbers, hashes, addresses, tracking numbers, phones, amounts and dates."""
    for seed in range(200):
        key = dummies.raw_key(seed)
        digits = str(int(key, 16))
        yield from (
            key,
            f"0x{key}",
            f"KL{digits[:14]}",
            f"BT{digits[:14]}",
            f"RF-{key[:10].upper()}",
        )
        yield from (
            f"0x{key[:40]}",
            f"订单号 {digits[:18]}",
            f"order {digits[:16]}",
            f"bc1q{key[:38]}",
        )
        yield from (f"1{digits[:10]}", f"+86 138 {digits[:4]} {digits[4:8]}", f"SF{digits[:13]}")
        yield from (f"¥{digits[:6]}.00", f"2026-09-{seed % 28 + 1:02} 12:30:45", f"1Z{key[:16]}")
        yield from (f"20260901{digits[:20]}", f"4200{digits[:24]}", f"流水号 {digits[:19]}")
        yield dummies.base58check(b"\0" + bytes.fromhex(key)[:20])


@pytest.mark.parametrize("source", [training, measuring, documents, numbers])
def test_there_is_no_false_alarm(source: object) -> None:
    texts = list(source())  # type: ignore[operator]
    assert len(texts) > 1000
    alarms = [
        (text[span.start : span.end], span.kind) for text in texts for span in find(text).spans
    ]
    assert alarms == []

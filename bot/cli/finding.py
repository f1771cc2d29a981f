"""What the doctor says about one thing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One answer; ``good`` is false if something should be put right."""

    subject: str
    good: bool
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{'✓' if self.good else '✗'} {self.subject:<10} {self.zh} · {self.en}"

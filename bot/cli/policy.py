"""Brand files looked over before they are used: are they valid, and do they hang together.

Knows which files are meant and how what is wrong with them is shown. Leaves reading a file to
``policy.brand`` and looking into it to ``policy.check``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions.domain.errors import BrandFileRefused, Fault
from actions.policy.brand import BRANDS_FOLDER, Brand
from actions.policy.check import Finding, check, check_rules
from bot.cli.drafts import read_draft, show_faults
from bot.cli.output import ForPrograms, for_people_or_programs, print_json
from bot.cli.say import Trouble

FINDINGS = 1
BAD_FILE = 2


@dataclass(frozen=True, slots=True)
class Checked:
    """One brand file: its brand, or the faults that keep it from being one; and findings."""

    path: Path
    brand: Brand | None = None
    faults: tuple[Fault, ...] = ()
    findings: tuple[Finding, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The file as ``desk policy check --json`` shows it."""
        return {
            "file": str(self.path),
            "brand": self.brand.id if self.brand else None,
            "policy_version": self.brand.version if self.brand else None,
            "faults": [
                {"line": fault.line, "path": fault.path, "message": fault.message}
                for fault in self.faults
            ],
            "findings": _findings_json(self.findings),
        }


def check_files(where: Path | None, *, as_json: bool) -> int:
    """Check a brand file, or every one of a folder (those shipped); return the exit code.

    Raises:
        Trouble: the folder holds no brand file.
    """
    where = where or BRANDS_FOLDER
    files = [_checked(path, named=where.is_dir()) for path in _files(where)]
    brands = {file.brand.id: file.brand for file in files if file.brand}
    together = check_rules(brands) if where.is_dir() and len(brands) == len(files) else []
    with ForPrograms():
        if as_json:
            shown = {
                "files": [file.as_json() for file in files],
                "findings": _findings_json(together),
            }
            print_json(shown, indent=for_people_or_programs())
        else:
            for file in files:
                _show(file)
            _show_findings(together)
    if any(file.faults for file in files):
        return BAD_FILE
    return FINDINGS if together or any(file.findings for file in files) else 0


def _files(where: Path) -> list[Path]:
    if not where.is_dir():
        return [where]
    found = sorted(where.glob("*.yml"))
    if not found:
        raise Trouble(f"{where} 里没有品牌文件（*.yml）", f"{where} holds no brand file (*.yml)")
    return found


def _checked(path: Path, *, named: bool) -> Checked:
    """A file by itself may be a draft under any name; in a folder it is named as its brand."""
    try:
        brand = read_draft(path)
    except BrandFileRefused as refused:
        return Checked(path, faults=refused.faults)
    if named and brand.id != path.stem:
        said = f"必须是 {path.stem}，与文件名相同 · must be {path.stem}, as the file is named"
        return Checked(path, faults=(Fault("id", said),))
    return Checked(path, brand, findings=tuple(check(brand)))


def _show(file: Checked) -> None:
    if file.brand is None:
        show_faults(file.path, file.faults)
        print(f"✗ {file.path}：{len(file.faults)} 处无效 · {len(file.faults)} faults")
        return
    number = len(file.findings)
    said = f"{number} 处待改 · {number} findings" if number else "没有问题 · nothing wrong"
    print(f"{'✗' if number else '✓'} {file.brand.id} {file.brand.version}：{said}")
    _show_findings(file.findings)


def _show_findings(findings: Iterable[Finding]) -> None:
    for found in findings:
        print(f"  ✗ {found.code} {found.subject}：{found.zh} · {found.en}")


def _findings_json(findings: Iterable[Finding]) -> list[dict[str, str]]:
    return [
        {"code": found.code, "subject": found.subject, "zh": found.zh, "en": found.en}
        for found in findings
    ]

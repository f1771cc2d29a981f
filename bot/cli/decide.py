"""Facts in, decisions out: the policy asked from the command line, without a database.

Knows what is printed for a decision and for facts that can't be decided on. Leaves the facts
to ``facts_json`` and the answer to the policy.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from actions.domain.errors import BrandFileRefused, DeskError, FactsRefused, Fault, Faulty
from actions.policy.brand import Brand, load_brands
from actions.policy.engine import decide
from actions.services.facts_json import read_facts
from actions.services.json_text import read_json
from bot.cli.drafts import read_draft, show_faults
from bot.cli.facts_file import texts_of
from bot.cli.output import ForPrograms, for_people_or_programs, print_json
from bot.cli.say import Trouble, warn

BAD_FACTS = 2
STDIN = Path("-")


def decide_file(path: Path, only: str | None, draft: Path | None = None) -> int:
    """Decide on each of the facts in a file (``-``: standard input); return the exit code.

    Under ``draft``, if given, in place of its brand's file.

    Raises:
        Trouble: a brand file is not valid.
    """
    brands = _brands()
    if draft is not None:
        try:
            brand = read_draft(draft)
        except BrandFileRefused as refused:
            show_faults(draft, refused.faults)
            return BAD_FACTS
        brands[brand.id] = brand
    answers = _Answers(brands, only)
    with ForPrograms():
        return _answer_file(answers, path)
    return 0  # whoever read the answers has had enough


def _answer_file(answers: _Answers, path: Path) -> int:
    try:
        file = sys.stdin.buffer if path == STDIN else path.open("rb")
    except OSError as error:
        said = f"读不到 {path}（{error.strerror}） · can't read {path} ({error.strerror})"
        _print_refused([Fault("", said)])
        return BAD_FACTS
    with file:
        return answers.to(file)


class _Answers:
    """What is answered under these brands (if given, under ``only`` one of them)."""

    def __init__(self, brands: Mapping[str, Brand], only: str | None) -> None:
        self._brands = brands
        self._only = only

    def to(self, file: BinaryIO) -> int:
        """Print the answer to each of a file's facts as it is read; return the exit code."""
        texts = texts_of(file)
        if texts.one:
            return self._to_one(next(texts.numbered)[1])
        refused = 0
        for line, text in texts.numbered:
            try:
                print_json(self._decided(text))
            except Faulty as faulty:
                print_json({"line": line, "faults": _faults_json(faulty.faults)})
                refused += 1
        if refused:
            warn(f"{refused} 行有误，未能裁定", f"{refused} lines can't be decided on")
        return BAD_FACTS if refused else 0

    def _to_one(self, text: bytes) -> int:
        try:
            print_json(self._decided(text), indent=for_people_or_programs())
        except Faulty as faulty:
            _print_refused(faulty.faults)
            return BAD_FACTS
        return 0

    def _decided(self, text: bytes) -> dict[str, Any]:
        facts = read_facts(read_json(text), self._brands, only=self._only)
        try:
            return decide(facts, self._brands[facts.brand]).as_json()
        except Faulty:
            raise
        except DeskError as error:  # the policy contradicts itself; other lines are still answered
            said = f"条款自相矛盾（{error.code}） · the policy contradicts itself ({error})"
            raise FactsRefused(Fault("", said)) from error


def _brands() -> dict[str, Brand]:
    try:
        return load_brands()
    except BrandFileRefused as refused:
        raise Trouble(
            f"品牌文件有误，请运行 desk policy check\n{refused}",
            "a brand file is not valid: run desk policy check",
        ) from refused


def _print_refused(faults: tuple[Fault, ...] | list[Fault]) -> None:
    """For programs on standard output, for people on standard error."""
    print_json({"faults": _faults_json(faults)}, indent=for_people_or_programs())
    for fault in faults:
        print(fault, file=sys.stderr)


def _faults_json(faults: tuple[Fault, ...] | list[Fault]) -> list[dict[str, str]]:
    return [{"path": fault.path, "message": fault.message} for fault in faults]

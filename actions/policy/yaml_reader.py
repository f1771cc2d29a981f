"""Reads YAML strictly: every value has one type, every key is known, every fault has its line.

Knows YAML's nodes and their marks. What a brand file must say is left to ``brand``.
Faults are collected rather than raised, so that an author sees all of them at once.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

import yaml

from actions.domain.errors import Fault

T = TypeVar("T")
Choice = TypeVar("Choice", bound=StrEnum)

_TEXT, _INTEGER, _FLAG, _DATE = (
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "bool", "timestamp")
)
_PLAIN_INTEGER = re.compile(r"0|[1-9][0-9]{0,8}")


Expected = tuple[str, str]
"""What a value must be, as both languages put it after "must be"."""

TEXT = ("文本（数字和日期要加引号）", "text (put numbers and dates in quotes)")
DATE = ("日期，如 2026-10-01", "a date such as 2026-10-01")


def said(zh: str, en: str) -> str:
    """A message in both languages, for whoever writes brand files."""
    return f"{zh} · {en}"


def compose(source: str, faults: list[Fault]) -> "Node | None":
    """The root node of ``source``, or None with a fault when it isn't one YAML document."""
    try:
        root = yaml.compose(source, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        # What isn't even text for YAML has no line, only a message.
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        message = said("不是合法的 YAML", f"is not YAML: {problem}")
        faults.append(Fault("", message, mark and mark.line + 1))
        return None
    if root is None:
        faults.append(Fault("", said("文件是空的", "the file is empty"), 1))
        return None
    return Node(root, "", faults)


@dataclass(slots=True)
class Node:
    """One value of the file: where it stands, and readers for each type it may have.

    A reader that finds a fault notes it and returns a neutral value; callers look at
    ``faults`` before they believe anything.
    """

    yaml: yaml.Node
    path: str
    faults: list[Fault] = field(repr=False)

    @property
    def line(self) -> int:
        """The line this value begins on, counted from 1."""
        return int(self.yaml.start_mark.line) + 1

    def fault(self, zh: str, en: str) -> None:
        """Note that something is wrong with this value, in both languages."""
        self.faults.append(Fault(self.path, said(zh, en), self.line))

    def no_clause(self, clause: str) -> None:
        """Note that this names a clause that the brand does not have."""
        self.fault(f"没有条款 {clause}", f"there is no clause {clause}")

    def _must_be(self, expected: Expected) -> None:
        zh, en = expected
        self.fault(f"必须是{zh}", f"must be {en}")

    def must_be_one_of(self, choices: Iterable[str]) -> None:
        """Note that this is none of the values it may have."""
        names = ", ".join(choices)
        self.fault(f"只能是 {names} 之一", f"must be one of {names}")

    def _scalar(self, tag: str, expected: Expected) -> str | None:
        if isinstance(self.yaml, yaml.ScalarNode) and self.yaml.tag == tag:
            return str(self.yaml.value)
        self._must_be(expected)
        return None

    def text(self) -> str:
        """A text that isn't blank. Numbers need quotes."""
        found = self._scalar(_TEXT, TEXT)
        if found is not None and not found.strip():
            self.fault("不能为空", "must not be empty")
        return (found or "").strip()

    def pattern(self) -> str:
        """A regular expression that compiles."""
        found = self.text()
        try:
            re.compile(found)
        except re.error as error:
            self.fault("不是正则表达式", f"is not a regular expression: {error}")
        return found

    def matching(self, shape: re.Pattern[str], expected: Expected) -> str:
        """A text of a given shape, such as a colour or a time of day."""
        found = self.text()
        if found and not shape.fullmatch(found):
            self._must_be(expected)
        return found

    def integer(self, least: int, most: int) -> int:
        """A whole number between ``least`` and ``most``, both included."""
        found = self._scalar(_INTEGER, ("整数", "a whole number"))
        if found is None:
            return least
        if not _PLAIN_INTEGER.fullmatch(found) or not least <= int(found) <= most:
            self._must_be(
                (f" {least} 到 {most} 之间的整数", f"a whole number from {least} to {most}")
            )
            return least
        return int(found)

    def flag(self) -> bool:
        """True or false."""
        return (self._scalar(_FLAG, (" true 或 false", "true or false")) or "").lower() in (
            "true",
            "yes",
            "on",
        )

    def day(self) -> date:
        """A date such as 2026-10-01."""
        found = self._scalar(_DATE, DATE) or ""
        try:
            return date.fromisoformat(found)
        except ValueError:
            if found:
                self._must_be(DATE)
            return date.min

    def choice(self, choices: type[Choice]) -> Choice:
        """One member of an enum, by its value."""
        return self._chosen(choices, self.text())

    def _chosen(self, choices: type[Choice], found: str) -> Choice:
        try:
            return choices(found)
        except ValueError:
            if found:
                self.must_be_one_of(choices)
            return next(iter(choices))

    def items(self, least: int = 1) -> list["Node"]:
        """The entries of a list; with ``least=0`` it may be empty, written ``[]``."""
        if not isinstance(self.yaml, yaml.SequenceNode) or len(self.yaml.value) < least:
            expected = ("至少有一项的列表", "a list with at least one entry")
            self._must_be(expected if least else ("列表", "a list"))
            return []
        return [
            Node(entry, f"{self.path}[{place}]", self.faults)
            for place, entry in enumerate(self.yaml.value)
        ]

    def pairs(self) -> dict[str, "Node"]:
        """A mapping with any keys, each of them once."""
        if not isinstance(self.yaml, yaml.MappingNode):
            self._must_be(("键和值的对应", "a mapping of keys to values"))
            return {}
        found: dict[str, Node] = {}
        for key, value in self.yaml.value:
            name = str(key.value)
            entry = Node(value, f"{self.path}.{name}" if self.path else name, self.faults)
            if name in found:
                entry.fault("重复出现", "stands here twice")
            found[name] = entry
        return found

    def keyed_by(self, choices: type[Choice], read: Callable[["Node"], T]) -> dict[Choice, T]:
        """A mapping whose keys are members of an enum, each value read by ``read``."""
        found: dict[Choice, T] = {}
        for name, entry in self.pairs().items():
            found[entry._chosen(choices, name)] = read(entry)
        return found

    def fields(self, required: str, optional: str = "") -> "Fields":
        """A mapping with exactly these keys, named with spaces between."""
        found, known = self.pairs(), [*required.split(), *optional.split()]
        for name, entry in found.items():
            if name not in known:
                names = ", ".join(known)
                entry.fault(
                    f"没有这个键；可用的是 {names}", f"is not a known key; known are {names}"
                )
        if isinstance(self.yaml, yaml.MappingNode):
            for name in required.split():
                if name not in found:
                    path = f"{self.path}.{name}" if self.path else name
                    self.faults.append(Fault(path, said("缺少此项", "is missing"), self.line))
        return Fields(found, Node(yaml.ScalarNode("", "", self.yaml.start_mark), self.path, []))

    def words(self) -> dict[str, str]:
        """The same thing said in both languages: the keys zh and en."""
        return self.fields("zh en").words()


@dataclass(slots=True)
class Fields:
    """The keys of one mapping, read one by one.

    ``_absent`` stands for every key that isn't there: nothing, whose faults nobody hears.
    """

    _found: dict[str, Node]
    _absent: Node

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def read(self, name: str, read: Callable[[Node], T]) -> T:
        """The value of a required key; a missing one is a fault already, and reads as neutral."""
        return read(self._found.get(name, self._absent))

    def read_or(self, name: str, read: Callable[[Node], T], otherwise: T) -> T:
        """The value of an optional key, or ``otherwise`` where it is absent."""
        return read(self._found[name]) if name in self._found else otherwise

    def flag(self, name: str) -> bool:
        """Whether an optional key is there and true."""
        return self.read_or(name, Node.flag, False)

    def words(self) -> dict[str, str]:
        """The same thing said in both languages, under the required keys zh and en."""
        return {language: self.read(language, Node.text) for language in ("zh", "en")}

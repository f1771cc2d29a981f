"""Draws the report's pictures as SVG: small, the same each time, text as text.

Colours follow the reader's light or dark scheme. Knows lines and bars, and nothing of what they
show.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 176, 56, 52
BAR, GAP, NAMES = 12, 14, 210
COLOURS = 6

_STYLE = """
text { fill: #1f2328;
  font: 13px system-ui, "Noto Sans", "Noto Sans CJK SC", "PingFang SC", sans-serif }
.title { font-size: 15px; font-weight: 600 }
.small { font-size: 12px; fill: #59636e }
.grid { stroke: #d1d9e0; stroke-width: 1 }
.line { fill: none; stroke-width: 2 }
.dash { stroke-dasharray: 6 4 }
.s0 { stroke: #0969da } .s1 { stroke: #bc4c00 } .s2 { stroke: #8250df }
.s3 { stroke: #1a7f37 } .s4 { stroke: #bf3989 } .s5 { stroke: #6e7781 }
.f0 { fill: #0969da } .f1 { fill: #bc4c00 } .f2 { fill: #8250df }
.f3 { fill: #1a7f37 } .f4 { fill: #bf3989 } .f5 { fill: #6e7781 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .small { fill: #9198a1 } .grid { stroke: #3d444d }
.s0 { stroke: #58a6ff } .s1 { stroke: #f0883e } .s2 { stroke: #bc8cff }
.s3 { stroke: #3fb950 } .s4 { stroke: #f778ba } .s5 { stroke: #9198a1 }
.f0 { fill: #58a6ff } .f1 { fill: #f0883e } .f2 { fill: #bc8cff }
.f3 { fill: #3fb950 } .f4 { fill: #f778ba } .f5 { fill: #9198a1 }
}
"""


class Line(NamedTuple):
    """A line through points; ``colour`` is 0 to 5."""

    name: str
    points: Sequence[tuple[float, float]]
    colour: int
    dashed: bool = False


class Axis(NamedTuple):
    """What an axis means, where it begins and ends, and the marks on it."""

    name: str
    low: float
    high: float
    marks: Sequence[float]
    percent: bool = True

    def label(self, mark: float) -> str:
        """A mark in words."""
        return f"{mark * 100:.0f} %" if self.percent else f"{mark:,g}"


class Bar(NamedTuple):
    """A group of bars with one name; one value (0 to 1) a series."""

    name: str
    values: Sequence[float | None]
    """None where there was nothing to measure."""


def line_chart(title: str, across: Axis, up: Axis, lines: Sequence[Line]) -> str:
    """Lines over two axes, each named at the right, the lowest last."""
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(value: float) -> float:
        return LEFT + (value - across.low) / (across.high - across.low) * wide

    def y(value: float) -> float:
        return TOP + (up.high - value) / (up.high - up.low) * high

    parts = [_text(LEFT, 24, title, "title"), _text(8, TOP - 14, up.name, "small")]
    for mark in up.marks:
        parts += [
            _level("grid", LEFT, LEFT + wide, y(mark)),
            _text(LEFT - 8, y(mark) + 4, up.label(mark), "small", "end"),
        ]
    for mark in across.marks:
        parts.append(_text(x(mark), HEIGHT - BOTTOM + 20, across.label(mark), "small", "middle"))
    parts.append(_text(LEFT + wide / 2, HEIGHT - 10, across.name, "small", "middle"))
    for line in lines:
        parts += _drawn(line, [(x(a), y(b)) for a, b in line.points])
    parts += _key([(line.name, line.colour, line.dashed) for line in lines])
    return _svg(title, WIDTH, HEIGHT, parts)


def _drawn(line: Line, points: Sequence[tuple[float, float]]) -> list[str]:
    through = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
    dash = " dash" if line.dashed else ""
    found = [f'<polyline class="line s{line.colour}{dash}" points="{through}"/>']
    if not line.dashed:
        found += [
            f'<circle class="f{line.colour}" cx="{a:.1f}" cy="{b:.1f}" r="3"/>' for a, b in points
        ]
    return found


def _key(names: Sequence[tuple[str, int, bool]]) -> list[str]:
    """Which colour is what, in the margin at the right."""
    found, place = [], WIDTH - RIGHT + 18
    for row, (name, colour, dashed) in enumerate(names):
        height = TOP + 10 + row * 24
        dash = " dash" if dashed else ""
        found += [
            _level(f"line s{colour}{dash}", place, place + 22, height),
            _text(place + 30, height + 4, name),
        ]
    return found


def bar_chart(title: str, series: Sequence[str], bars: Sequence[Bar]) -> str:
    """Horizontal bars from 0 to 100 %, a group for each name, its figure behind each bar."""
    group = BAR * len(series) + GAP
    height = TOP + group * len(bars) + 24
    wide = WIDTH - NAMES - 80
    parts = [_text(16, 24, title, "title")]
    for place, name in enumerate(series):
        left = 16 + place * 150
        parts += [
            f'<rect class="f{place}" x="{left}" y="36" width="10" height="10"/>',
            _text(left + 16, 45, name, "small"),
        ]
    for row, bar in enumerate(bars):
        top = TOP + 12 + row * group
        parts.append(_text(NAMES - 8, top + BAR * len(series) / 2 + 4, bar.name, "", "end"))
        for place, value in enumerate(bar.values):
            level = top + place * BAR
            if value is None:
                parts.append(_text(NAMES + 6, level + BAR - 2, "—", "small"))
                continue
            length = max(value, 0.0) * wide
            parts += [
                f'<rect class="f{place}" x="{NAMES}" y="{level}" '
                f'width="{length:.1f}" height="{BAR - 2}"/>',
                _text(NAMES + length + 6, level + BAR - 2, f"{value * 100:.1f} %", "small"),
            ]
    return _svg(title, WIDTH, height, parts)


def _level(style: str, start: float, end: float, height: float) -> str:
    at = f'y1="{height:.1f}" y2="{height:.1f}"'
    return f'<line class="{style}" x1="{start:.1f}" x2="{end:.1f}" {at}/>'


def _text(x: float, y: float, words: str, style: str = "", anchor: str = "start") -> str:
    kind = f' class="{style}"' if style else ""
    place = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text{kind} x="{x:.1f}" y="{y:.1f}"{place}>{escape(words)}</text>'


def _svg(title: str, width: int, height: int, parts: Sequence[str]) -> str:
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" role="img">',
            f"<title>{escape(title)}</title>",
            f"<style>{_STYLE}</style>",
            *parts,
            "</svg>\n",
        ]
    )

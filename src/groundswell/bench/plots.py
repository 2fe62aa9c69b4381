"""Two pictures, drawn by hand: streams on a time line, and times to first audio.

Each as text for a terminal and as SVG for a page. Nothing here measures.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from groundswell.bench.crowd import Stream
from groundswell.bench.tables import Plot

_COLUMNS = 72
_LABEL = 26
_LEFT, _RIGHT, _ROW = 190, 780, 18
_WAITING, _PLAYING, _SILENT, _INK = "#c9d1d9", "#2f81c7", "#d1242f", "#24292f"


@dataclass(frozen=True, slots=True)
class _Span:
    """A stretch of a row: what it is, and from when to when."""

    kind: str
    start: float
    end: float


def timeline(name: str, title: str, rows: Mapping[str, Stream]) -> Plot:
    """Draw each stream: waiting for the first sound, playing, silent in a gap."""
    spans = {label: _spans(stream) for label, stream in rows.items()}
    end = max((span.end for row in spans.values() for span in row), default=0.0) or 1.0
    legend = [("waiting", _WAITING), ("playing", _PLAYING), ("gap", _SILENT)]
    body = [_swatch(at, *entry) for at, entry in enumerate(legend)]
    for at, (label, row) in enumerate(spans.items()):
        y = 44 + at * _ROW
        body.append(_text(_LEFT - 8, y + 10, label, "end"))
        # Gaps last, and never thinner than can be seen.
        for span in sorted(row, key=lambda s: s.kind == "gap"):
            left, right = (_across(value / end) for value in (span.start, span.end))
            least = 1.5 if span.kind == "gap" else 0.1
            color = dict(legend)[span.kind]
            body.append(
                f'<rect x="{left:.1f}" y="{y}" width="{max(least, right - left):.1f}" '
                f'height="{_ROW - 5}" fill="{color}"/>'
            )
    bottom = 44 + len(spans) * _ROW
    for tick in _ticks(end):
        body += _tick(_across(tick / end), bottom, f"{tick:g} s")
    lines = [
        title,
        *(f"{label[:_LABEL]:>{_LABEL}} {_bar(row, end)}" for label, row in spans.items()),
    ]
    lines.append(f"{'':>{_LABEL}} 0{f'{end:.0f} s':>{_COLUMNS - 1}}")
    lines.append(f"{'':>{_LABEL}} ░ waiting for the first sound  █ playing  X gap")
    return Plot(name, title, "\n".join(lines), _svg(title, bottom + 24, body))


def distribution(name: str, title: str, groups: Mapping[str, Sequence[float]]) -> Plot:
    """Draw every time as a dot, on a logarithmic scale, with the median and the 95 % quantile."""
    groups = {label: times for label, times in groups.items() if times}
    everything = [t for times in groups.values() for t in times] or [1.0]
    low, high = min(everything) / 1.3, max(everything) * 1.3

    def share(value: float) -> float:
        return math.log(value / low) / math.log(high / low)

    body: list[str] = []
    lines = [title]
    bottom = 34 + len(groups) * (_ROW + 6)
    for tick in _decades(low, high):
        body += _tick(_across(share(tick)), bottom, f"{tick:g} s", top=30)
    for at, (label, times) in enumerate(groups.items()):
        y = 34 + at * (_ROW + 6) + 10
        median, tail = np.quantile(times, [0.5, 0.95])
        body.append(_text(_LEFT - 8, y + 4, label, "end"))
        body += [
            f'<circle cx="{_across(share(value)):.1f}" cy="{y + (n % 5 - 2) * 2}" r="3" '
            f'fill="{_PLAYING}" fill-opacity="0.45"/>'
            for n, value in enumerate(times)
        ]
        for value, color in ((median, _INK), (tail, _SILENT)):
            x = _across(share(float(value)))
            body.append(
                f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y - 9}" y2="{y + 9}" stroke="{color}" '
                'stroke-width="2"/>'
            )
        cells = [0] * _COLUMNS
        for value in times:
            cells[min(_COLUMNS - 1, int(share(value) * _COLUMNS))] += 1
        most = max(cells)
        marks = "".join(" ▁▂▃▄▅▆▇█"[math.ceil(8 * count / most)] for count in cells)
        lines.append(f"{label[:_LABEL]:>{_LABEL}} {marks} {median:.2f} s, 95 % {tail:.2f} s")
    lines.append(
        f"{'':>{_LABEL}} {f'{low:.2f} s':<{_COLUMNS // 2}}{f'{high:.2f} s':>{_COLUMNS // 2}}"
    )
    body.append(_text(_RIGHT, 18, "black: median, red: 95 %", "end"))
    return Plot(name, title, "\n".join(lines), _svg(title, bottom + 24, body))


def _spans(stream: Stream) -> list[_Span]:
    player, asked = stream.player, stream.heard.asked
    if player.began is None:
        return [_Span("waiting", asked, asked)]
    spans = [_Span("waiting", asked, player.began)]
    begins = player.began
    for gap in player.gaps:
        spans.append(_Span("playing", begins, gap.at))
        begins = gap.at + gap.seconds
        spans.append(_Span("gap", gap.at, begins))
    return [*spans, _Span("playing", begins, player.ends)]


def _bar(spans: list[_Span], end: float) -> str:
    cells = [" "] * _COLUMNS
    for span in sorted(spans, key=lambda s: s.kind == "gap"):
        first = min(_COLUMNS - 1, int(span.start / end * _COLUMNS))
        last = max(first + 1, round(span.end / end * _COLUMNS))
        mark = {"waiting": "░", "playing": "█", "gap": "X"}[span.kind]
        cells[first:last] = mark * (min(last, _COLUMNS) - first)
    return "".join(cells)


def _across(share: float) -> float:
    return _LEFT + share * (_RIGHT - _LEFT)


def _ticks(end: float) -> list[float]:
    step = next(s for s in (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1e9) if end / s <= 8)
    return [step * n for n in range(int(end / step) + 1)]


def _decades(low: float, high: float) -> list[float]:
    steps = [m * 10.0**e for e in range(-3, 3) for m in (1, 2, 5)]
    return [step for step in steps if low <= step <= high]


def _tick(x: float, bottom: int, label: str, top: int = 40) -> list[str]:
    line = f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{bottom}" stroke="#8c959f" '
    return [
        line + 'stroke-width="0.5" stroke-dasharray="2 3"/>',
        _text(x, bottom + 14, label, "middle"),
    ]


def _swatch(at: int, label: str, color: str) -> str:
    x = _RIGHT - 230 + at * 82
    return f'<rect x="{x}" y="9" width="10" height="10" fill="{color}"/>' + _text(
        x + 14, 18, label, "start"
    )


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.0f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(title: str, height: int, body: list[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 820 {height}" width="820" '
        f'height="{height}" font-family="sans-serif" font-size="11" fill="{_INK}">\n'
        f'<rect width="820" height="{height}" fill="#ffffff"/>\n'
        f'<text x="10" y="18" font-size="13" font-weight="bold">{escape(title)}</text>\n'
    )
    return head + "\n".join(body) + "\n</svg>\n"

"""Draw a plan as HTML: a strip of its segments, and a table below."""

from collections.abc import Sequence
from fractions import Fraction
from html import escape
from itertools import groupby
from typing import Final

from timeline_nb.segments.segment import Segment
from timeline_nb.timebase import format_timecode, frame_time

__all__ = ["draw_plan"]

_WIDTH_PX: Final = 900
_HEIGHT_PX: Final = 34
# Distinct to color-blind readers, too, and in lightness (Okabe and Ito 2008).
_COLORS: Final = {"copy": "#56b4e9", "cached": "#d0d0d0", "encode": "#d55e00"}
_MOST_ROWS: Final = 40


def draw_plan(segments: Sequence[Segment], rate: Fraction, title: str) -> str:
    """Draw what is copied, cached and encoded, along the film.

    Args:
        segments: Of the film, in order.
        rate: Frames a second.
        title: Stands above, and is read by screen readers.
    """
    rows = [_row(list(run), rate) for _, run in groupby(segments, _alike)]
    hidden = len(rows) - _MOST_ROWS
    more = f"<p>… and {hidden} rows more</p>" if hidden > 0 else ""
    head = "".join(f"<th>{name}</th>" for name in _COLUMNS)
    return (
        f"<p>{escape(title)}</p>{_strip(segments, title)}"
        f"<table><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows[:_MOST_ROWS])}</tbody></table>{more}"
    )


_COLUMNS: Final = ("from", "to", "frames", "segments", "does", "shows", "why", "cost")


def _alike(segment: Segment) -> tuple[object, ...]:
    return segment.action, segment.layers, segment.why


def _strip(segments: Sequence[Segment], title: str) -> str:
    frames = segments[-1].last if segments else 0
    scale = _WIDTH_PX / max(1, frames)
    boxes = [
        f'<rect x="{s.first * scale:.2f}" y="2" '
        f'width="{max(0.5, s.frames * scale):.2f}" '
        f'height="{_HEIGHT_PX - 4}" fill="{_COLORS[s.action]}" stroke="#fff" '
        f'stroke-width="0.5"><title>{escape(_tooltip(s))}</title></rect>'
        for s in segments
    ]
    return (
        f'<svg width="{_WIDTH_PX}" height="{_HEIGHT_PX}" role="img" '
        f'aria-label="{escape(title, quote=True)}">{"".join(boxes)}</svg>'
    )


def _tooltip(segment: Segment) -> str:
    why = f": {segment.why}" if segment.why else ""
    return f"{segment.label}, {segment.action}{why}; {', '.join(segment.layers)}"


def _row(run: list[Segment], rate: Fraction) -> str:
    first, last = run[0], run[-1]
    start, end = (
        format_timecode(frame_time(number, rate), rate)
        for number in (first.first, last.last)
    )
    cells = (
        start,
        end,
        last.last - first.first,
        len(run),
        first.action,
        ", ".join(first.layers) or "black",
        first.why,
        f"{sum(segment.cost for segment in run):.0f}",
    )
    return f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in cells)}</tr>"

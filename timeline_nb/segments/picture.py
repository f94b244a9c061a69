"""A plan as a picture: a strip of its segments, and a table below."""

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Final

from timeline_nb.timebase import format_timecode, frame_time

if TYPE_CHECKING:
    from timeline_nb.segments.plan import Plan
    from timeline_nb.segments.segment import Segment

__all__ = ["draw_plan"]

_WIDTH_PX: Final = 900
_HEIGHT_PX: Final = 34
# Told apart by those who do not see colors, too: by lightness (Okabe and Ito 2008).
_COLORS: Final = {"copy": "#56b4e9", "cached": "#d0d0d0", "encode": "#d55e00"}
_MOST_ROWS: Final = 40


def draw_plan(plan: "Plan") -> str:
    """A plan as HTML: what is copied, known and encoded, along the film."""
    rows = [_row(list(run), plan) for _, run in groupby(plan.segments, _alike)]
    hidden = len(rows) - _MOST_ROWS
    more = f"<p>… and {hidden} rows more</p>" if hidden > 0 else ""
    head = "".join(f"<th>{name}</th>" for name in _COLUMNS)
    return (
        f"<p>{escape(repr(plan)[6:-1])}</p>{_strip(plan)}"
        f"<table><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows[:_MOST_ROWS])}</tbody></table>{more}"
    )


_COLUMNS: Final = ("from", "to", "frames", "segments", "does", "shows", "why", "cost")


def _alike(segment: "Segment") -> tuple[object, ...]:
    return segment.action, segment.layers, segment.why


def _strip(plan: "Plan") -> str:
    scale = _WIDTH_PX / max(1, plan.frames)
    boxes = [
        f'<rect x="{s.first * scale:.2f}" y="2" '
        f'width="{max(0.5, s.frames * scale):.2f}" '
        f'height="{_HEIGHT_PX - 4}" fill="{_COLORS[s.action]}" stroke="#fff" '
        f'stroke-width="0.5"><title>{escape(_told(s))}</title></rect>'
        for s in plan.segments
    ]
    return (
        f'<svg width="{_WIDTH_PX}" height="{_HEIGHT_PX}" role="img" '
        f'aria-label="{escape(repr(plan), quote=True)}">{"".join(boxes)}</svg>'
    )


def _told(segment: "Segment") -> str:
    why = f": {segment.why}" if segment.why else ""
    return f"{segment.label}, {segment.action}{why}; {', '.join(segment.layers)}"


def _row(run: "list[Segment]", plan: "Plan") -> str:
    first, last = run[0], run[-1]
    start, end = (
        format_timecode(frame_time(number, plan.rate), plan.rate)
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

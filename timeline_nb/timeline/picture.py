"""Drawing of a timeline as SVG, which needs neither media nor a kernel."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import Final

from timeline_nb.timebase import format_timecode
from timeline_nb.timeline.model import Gap, Item, Subtitle, Timeline, Transition
from timeline_nb.timeline.queries import duration, range_of

__all__ = ["LABEL_SHARE", "MARKS", "draw_svg"]

_WIDTH_PX: Final = 960
_LABEL_PX: Final = 48
# The share of the width that the names of tracks take.
LABEL_SHARE: Final = _LABEL_PX / _WIDTH_PX
_ROW_PX: Final = 28
_GAP_PX: Final = 4
_RULER_PX: Final = 22
_TICKS: Final = 8
_FILL: Final = {"video": "#4a74b4", "audio": "#2f8f78", "subtitle": "#8466b4"}
# A letter of the 12 px face is about this wide; longer names are cut.
_LETTER_PX: Final = 7
# What is narrower than two frames is filled.
_FRAMED_PX: Final = 8


@dataclass(frozen=True)
class _Mark:
    """How an item is marked: the color of its frame, and a sign for who sees none.

    Args:
        color: Of the frame.
        sign: In a corner.
        is_line: Whether it is a line below the item, and no frame.
    """

    color: str
    sign: str
    is_line: bool = False


# Distinct to color-blind readers, on white and on black (Okabe and Ito 2008).
MARKS: Final = {
    "added": _Mark("#009e73", "+"),
    "removed": _Mark("#d55e00", "\N{MINUS SIGN}"),
    "changed": _Mark("#e69f00", "~"),
    # After a trim all that follows has moved, which must not hide what was trimmed.
    "moved": _Mark("#56b4e9", "\N{RIGHTWARDS ARROW}", is_line=True),
}


def draw_svg(
    timeline: Timeline,
    *,
    total: Fraction | None = None,
    marks: Mapping[str, str] | None = None,
) -> str:
    """Return the tracks of a timeline to scale, as an SVG element.

    Names are escaped, so that they cannot become markup. Text takes the page's color.

    Args:
        timeline: The timeline.
        total: The seconds that the width stands for; its own duration if not given.
        marks: What is framed, by the id of an item or the name of a track: `added`,
            `removed`, `changed` or `moved`.
    """
    marks = marks or {}
    # As on screen: the topmost video track first.
    video = [t for t in timeline.tracks if t.kind == "video"]
    tracks = [*reversed(video), *(t for t in timeline.tracks if t.kind != "video")]
    height = _RULER_PX + len(tracks) * (_ROW_PX + _GAP_PX)
    total = total or max(duration(timeline), 1 / timeline.rate)
    scale = Fraction(_WIDTH_PX - _LABEL_PX) / total
    parts = list(_ruler(timeline, total, scale))
    y = _RULER_PX
    for track in tracks:
        sign = MARKS[marks[track.name]].sign if track.name in marks else ""
        parts.append(_text(4, y + 18, sign + track.name, opacity=0.7))
        # What overlaps two clips is seen on both.
        order = sorted(enumerate(track.items), key=lambda own: _is_over(own[1]))
        for index, item in order:
            place = range_of(track, index)
            x, width = _LABEL_PX + place.start * scale, place.duration * scale
            parts += _item(item, _FILL[track.kind], float(x), float(width), y)
            if mark := marks.get(getattr(item, "id", "")):
                parts += _frame(MARKS[mark], float(x), float(width), y)
        y += _ROW_PX + _GAP_PX
    title = _escaped(f"{timeline.name}: {len(tracks)} tracks, {float(total):.2f} s")
    return (
        f'<svg role="img" viewBox="0 0 {_WIDTH_PX} {height}" width="100%" '
        f'style="max-width:{_WIDTH_PX}px" fill="currentColor" font-size="12" '
        f'font-family="sans-serif" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{title}</title>{''.join(parts)}</svg>"
    )


def _ruler(timeline: Timeline, total: Fraction, scale: Fraction) -> Iterator[str]:
    for number in range(_TICKS):
        time = total * number / _TICKS
        x = float(_LABEL_PX + time * scale)
        yield _text(x, 14, format_timecode(time, timeline.rate), opacity=0.6)


def _is_over(item: Item) -> bool:
    return isinstance(item, Transition)


def _item(item: Item, fill: str, x: float, width: float, y: int) -> Iterator[str]:
    if isinstance(item, Gap):
        return
    if isinstance(item, Transition):
        points = (
            f"{x:.1f},{y + _ROW_PX} {x + width:.1f},{y} {x + width:.1f},{y + _ROW_PX}"
        )
        yield f'<polygon points="{points}" fill="#f5b83d" opacity="0.75"/>'
        return
    yield (
        f'<rect x="{x:.1f}" y="{y}" width="{max(1.0, width - 1):.1f}" '
        f'height="{_ROW_PX}" rx="3" fill="{fill}"/>'
    )
    name = item.text if isinstance(item, Subtitle) else item.name
    letters = int(width - 8) // _LETTER_PX
    if letters > 0:
        shown = name if len(name) <= letters else f"{name[: letters - 1]}…"
        yield _text(x + 5, y + 18, shown, fill="#fff")


def _frame(mark: _Mark, x: float, width: float, y: int) -> Iterator[str]:
    """Yield the frame of a marked item, with its sign where there is room."""
    if mark.is_line or width < _FRAMED_PX:
        top, height = (y + _ROW_PX - 4, 4) if mark.is_line else (y, _ROW_PX)
        yield (
            f'<rect x="{x:.1f}" y="{top}" width="{max(1.0, width - 1):.1f}" '
            f'height="{height}" fill="{mark.color}"/>'
        )
        return
    yield (
        f'<rect x="{x + 1.5:.1f}" y="{y + 1.5}" width="{max(1.0, width - 4):.1f}" '
        f'height="{_ROW_PX - 3}" rx="2" fill="none" stroke="{mark.color}" '
        'stroke-width="3"/>'
    )
    if width > 24:
        left = x + width - 18
        yield (
            f'<rect x="{left:.1f}" y="{y + 6}" width="14" height="16" rx="2" '
            f'fill="{mark.color}"/>'
        )
        yield _text(left + 3, y + 18, mark.sign, fill="#000")


def _text(x: float, y: int, text: str, *, fill: str = "", opacity: float = 1) -> str:
    ink = f' fill="{fill}"' if fill else ""
    return f'<text x="{x:.1f}" y="{y}"{ink} opacity="{opacity}">{_escaped(text)}</text>'


def _escaped(text: str) -> str:
    """Return a text as markup has it, without letters that XML does not know."""
    shown = text if text.isprintable() else "".join(filter(str.isprintable, text))
    return escape(shown)

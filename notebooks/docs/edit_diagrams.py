"""Show the tracks of an edit before and after a verb, as a small diagram of a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from html import escape

from IPython.display import HTML

from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import Clip, Gap, Timeline, Track, Transition
from timeline_nb.timeline.queries import duration
from timeline_nb.timeline.speed import speed_of

__all__ = ["before_and_after"]


@dataclass(frozen=True)
class _Box:
    """What stands on a track: two boxes are equal if a reader sees the same."""

    track: str
    kind: str
    name: str
    detail: str
    start: Fraction
    end: Fraction


def before_and_after(before: Timeline, after: Timeline) -> HTML:
    """Return both edits over one scale of seconds; what is new or changed is marked.

    Args:
        before: The edit as it was.
        after: What a verb made of it.
    """
    seconds = max(duration(before), duration(after), Fraction(1))
    marks = "".join(
        f'<span style="left:{_percent(second / seconds)}">{second} s</span>'
        for second in range(0, int(seconds) + 1, 2)
    )
    return HTML(
        '<div class="edit-diagram">'
        f"{_rows('before', before, after, seconds)}"
        f"{_rows('after', after, before, seconds)}"
        f'<div></div><div class="edit-scale">{marks}</div></div>'
    )


def _rows(title: str, timeline: Timeline, other: Timeline, seconds: Fraction) -> str:
    known = {box for track in other.tracks for box in _boxes(track)}
    rows = []
    # The topmost track comes first, and an empty one says nothing.
    for track in reversed([one for one in timeline.tracks if one.items]):
        boxes = (_html(box, seconds, is_new=box not in known) for box in _boxes(track))
        rows.append(f'<div class="edit-track">{"".join(boxes)}</div>')
    return f"<div>{title}</div>{'<div></div>'.join(rows)}"


def _boxes(track: Track) -> Iterator[_Box]:
    layout = layout_of(track.items)
    later = []
    for number, item in enumerate(track.items):
        start, end = layout.start(number), layout.start(number + 1)
        if isinstance(item, Clip):
            yield _Box(track.name, "clip", item.name, _detail(item), start, end)
        elif isinstance(item, Gap):
            yield _Box(track.name, "gap", "", "", start, end)
        elif isinstance(item, Transition):
            span = (start - item.in_offset, start + item.out_offset)
            later.append(_Box(track.name, "transition", item.kind, "", *span))
    # Drawn over the clips that they join.
    yield from later


def _detail(clip: Clip) -> str:
    """Return the range of media that a clip shows, and what is done to it."""
    speed = speed_of(clip)
    used = clip.source_range
    start, end = (used.start, used.end) if speed is None else speed.shown(used)
    text = f"{float(start):.4g}\u2013{float(end):.4g} s"
    if speed is not None:
        text = f"{text}, {speed.rate}x" if speed.rate else f"frame at {start} s"
    return f"{text}, {clip.gain_db:+g} dB" if clip.gain_db else text


def _html(box: _Box, seconds: Fraction, *, is_new: bool) -> str:
    place = f"left:{_percent(box.start / seconds)}"
    size = f"width:{_percent((box.end - box.start) / seconds)}"
    text = f"<b>{escape(box.name)}</b><small>{escape(box.detail)}</small>"
    state = " edit-new" if is_new else ""
    return (
        f'<div class="edit-{box.kind}{state}" style="{place};{size}" '
        f'title="{escape(f"{box.name} {box.detail}")}">{text}</div>'
    )


def _percent(part: Fraction) -> str:
    return f"{float(part):.3%}"

"""Draw two timelines, one above the other, with what changed marked."""

from collections.abc import Iterable
from html import escape
from typing import Final

from timeline_nb.timeline.comparing.changes import Change
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.picture import MARKS, draw_svg
from timeline_nb.timeline.queries import duration

__all__ = ["draw_pair"]

_WORDS: Final = {
    "removed": "\N{MINUS SIGN} removed",
    "changed": "~ changed",
    "added": "+ added",
    "moved": "\N{RIGHTWARDS ARROW} moved",
}


def draw_pair(
    old: Timeline, new: Timeline, changes: Iterable[Change], names: tuple[str, str]
) -> str:
    """Return both timelines to one scale as HTML, with a legend.

    Args:
        old: The timeline before; what was removed is marked in it.
        new: The timeline after; what was added is marked in it.
        changes: From one to the other.
        names: Stand above the two.
    """
    marks: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for change in changes:
        for side, keys in zip(marks, change.keys, strict=True):
            for key in keys:
                # One that was trimmed and has moved is one that was changed.
                if side.get(key, "moved") == "moved":
                    side[key] = "moved" if change.what == "moved" else change.kind
    total = max(duration(old), duration(new), 1 / new.rate)
    pictures = (
        f"<div>{escape(name)}</div>{draw_svg(timeline, total=total, marks=side)}"
        for name, timeline, side in zip(names, (old, new), marks, strict=True)
    )
    legend = " ".join(
        f'<span style="border-bottom:3px solid {MARKS[kind].color};margin-right:1em">'
        f"{words}</span>"
        for kind, words in _WORDS.items()
    )
    return f"<div>{''.join(pictures)}<div>{legend}</div></div>"

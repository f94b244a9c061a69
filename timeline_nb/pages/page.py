"""Write an edit as one page of HTML: its film, its timeline, its tables."""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from html import escape
from importlib.resources import files
from pathlib import PurePath
from typing import Final

from timeline_nb.timebase import format_timecode
from timeline_nb.timeline.comments import comments_of, is_comment
from timeline_nb.timeline.model import Clip, Item, Subtitle, Timeline
from timeline_nb.timeline.picture import LABEL_SHARE, draw_svg
from timeline_nb.timeline.queries import duration, range_of

__all__ = ["PageFilm", "page_of"]

_MOST_ROWS: Final = 2_000


@dataclass(frozen=True)
class PageFilm:
    """What the page shows of the pictures.

    Args:
        poster: A JPEG; empty without pictures.
        film: A film that browsers play; empty for a page without.
        type: Its MIME type.
    """

    poster: bytes = b""
    film: bytes = b""
    type: str = "video/mp4"


def page_of(timeline: Timeline, shown: PageFilm) -> str:
    """Return a page that shows an edit, and asks nothing of any network.

    Names are escaped, and the page's own policy lets no other script run in it. No path
    of a file stands in it, only the files' names.

    Args:
        timeline: The edit.
        shown: Its film and a picture of it.
    """
    style, script = _text("page.css"), _text("page.js")
    digest = b64encode(sha256(script.encode()).digest()).decode()
    policy = (
        "default-src 'none'; img-src data:; media-src blob:; "
        f"style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    )
    name = escape(timeline.name)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<title>{name}</title><style>{style}</style></head><body><main>"
        f'<h1>{name}</h1><p class="facts">{_facts(timeline)}</p>'
        f"{_film(shown)}{_drawn(timeline)}{''.join(_tables(timeline))}"
        f"</main><script>{script}</script></body></html>\n"
    )


def _text(name: str) -> str:
    return files("timeline_nb.pages").joinpath(name).read_text("utf-8")


def _facts(timeline: Timeline) -> str:
    width, height = timeline.size
    length = format_timecode(duration(timeline), timeline.rate)
    rate = f"{float(timeline.rate):.4g}"
    return escape(f"{width} × {height}, {rate} frames a second, {length}")  # noqa: RUF001


def _film(shown: PageFilm) -> str:
    poster = f"data:image/jpeg;base64,{b64encode(shown.poster).decode()}"
    if not shown.film:
        if not shown.poster:
            return ""
        return f'<img class="poster" alt="A frame of the edit" src="{poster}">'
    own = f' poster="{poster}"' if shown.poster else ""
    data = b64encode(shown.film).decode()
    return (
        f"<video controls playsinline{own}></video>"
        f'<script id="film" type="text/plain" data-type="{shown.type}">{data}</script>'
    )


def _drawn(timeline: Timeline) -> str:
    length = float(max(duration(timeline), 1 / timeline.rate))
    return (
        '<div class="wide" tabindex="0" role="region" aria-label="Timeline">'
        f'<div class="timeline" data-left="{LABEL_SHARE:g}" data-seconds="{length!r}">'
        f'{draw_svg(timeline)}<div class="playhead" hidden></div></div></div>'
    )


def _tables(timeline: Timeline) -> Iterator[str]:
    """Yield the tables of clips, markers, comments and subtitles that have rows."""
    items = [
        (track.name, item, range_of(track, number).start)
        for track in timeline.tracks
        for number, item in enumerate(track.items)
    ]
    clips = (
        (track, at, item.name, _seconds(item.duration), _source(item))
        for track, item, at in items
        if isinstance(item, Clip)
    )
    yield _table(timeline, "Clips", ("Track", "At", "Name", "Length", "Media"), clips)
    comments = ((c.at, c.author, c.text) for c in comments_of(timeline))
    yield _table(timeline, "Comments", ("At", "By", "Comment"), comments)
    markers = (
        (marker.marked_range.start, marker.name, marker.note)
        for marker in timeline.markers
        if not is_comment(marker)
    )
    yield _table(timeline, "Markers", ("At", "Name", "Note"), markers)
    lines = ((at, item.text) for _, item, at in items if isinstance(item, Subtitle))
    yield _table(timeline, "Subtitles", ("At", "Text"), lines)


def _source(item: Item) -> str:
    """Return what a clip is of: a file's name, never its folder."""
    media = getattr(item, "media", None)
    if media is None:
        return ""
    return PurePath(media.path).name if media.is_file else media.label


def _seconds(time: Fraction) -> str:
    return f"{float(time):.3f} s"


def _table(
    timeline: Timeline,
    title: str,
    heads: tuple[str, ...],
    rows: Iterable[tuple[Fraction | str, ...]],
) -> str:
    """Return a table under a heading; a time in it is a button that goes there."""
    known = list(rows)
    if not known:
        return ""
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    body = "".join(
        f"<tr>{''.join(_cell(timeline, cell) for cell in row)}</tr>"
        for row in known[:_MOST_ROWS]
    )
    more = len(known) - _MOST_ROWS
    rest = f"<p>… and {more:,} more</p>" if more > 0 else ""
    return (
        f"<h2>{title}</h2><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>{rest}"
    )


def _cell(timeline: Timeline, cell: Fraction | str) -> str:
    if isinstance(cell, str):
        return f'<td class="note">{escape(cell)}</td>'
    clock = format_timecode(cell, timeline.rate)
    button = f'<button type="button" data-second="{float(cell)!r}">{clock}</button>'
    return f"<td>{button}</td>"

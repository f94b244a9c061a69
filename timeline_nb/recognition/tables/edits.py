"""Edits made of tables, and the rows of a table that an edit shows."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
import pandas as pd

from timeline_nb.core.near_names import kind_of
from timeline_nb.core.structs import to_json
from timeline_nb.core.tables import plain_cell
from timeline_nb.errors import RecognitionError, TimeError
from timeline_nb.recognition.source import Source
from timeline_nb.recognition.tables.columns import (
    FACTS,
    check_columns,
    source_of,
    take_facts,
)
from timeline_nb.recognition.tables.ranges import ranges
from timeline_nb.timebase import TimeLike, TimeRange, parse_time
from timeline_nb.timeline.edits.place import append
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import Clip, Marker, Timeline, Track

if TYPE_CHECKING:
    from timeline_nb.media.info import MediaInfo

__all__ = [
    "ClipSource",
    "TableRange",
    "check_media",
    "markers",
    "rows_on",
    "table_ranges",
    "timeline",
]

_COLOR: Final = "green"
# The columns that say what is seen, the more particular first.
_NAMING: Final = ("moment", "label", "zone", "labels", "kind")


class ClipSource(Protocol):
    """A media file that makes clips of itself: what `tl.open` gives."""

    @property
    def info(self) -> "MediaInfo":
        """What the probe found."""

    @property
    def source(self) -> Source:
        """The media as tables name it."""

    def clips(self, ranges: Any) -> list[Clip]:
        """Make one clip per range."""


@dataclass(frozen=True)
class TableRange:
    """A range of media time, and the other cells of its row.

    Args:
        start: The first media time.
        end: The media time up to which.
        metadata: As JSON has it.
    """

    start: TimeLike
    end: TimeLike
    metadata: dict[str, Any]


def check_media(media: object) -> None:
    """Refuse what makes no clips of itself, such as a path.

    Raises:
        RecognitionError: It is not media.
    """
    if hasattr(media, "clips") and hasattr(media, "source"):
        return
    if isinstance(media, (str, Path)):
        raise RecognitionError(
            f"media={str(media)!r} is a path: open it first, as tl.open({str(media)!r})"
        )
    raise RecognitionError(
        f"media={media!r} is {kind_of(media)}: give media, as tl.open(...)"
    )


def table_ranges(table: pd.DataFrame, media: ClipSource | None) -> list[TableRange]:
    """Return the range of each row; of a detection table, those that its rows cover.

    Args:
        table: Has `start` or `start_s` and `end` or `end_s`, or is a detection table.
        media: The media it is of; None if the table tells.

    Raises:
        RecognitionError: It is of other media, or has no such columns.
        TimeError: A cell is empty.
    """
    if media is not None:
        table = _of_media(table, media)
    first, last = (_time_column(table, name) for name in ("start", "end"))
    if first is None or last is None:
        if not {"pts", "end_pts"} <= set(table.columns):
            raise RecognitionError(
                "the table has no columns start and end (or start_s and end_s), and is "
                f"no detection table: it has {', '.join(map(str, table.columns))}"
            )
        table, first, last = ranges(table), "start", "end"
    found = []
    for number, row in enumerate(table.to_dict("records")):
        for name in (first, last):
            if plain_cell(row[name]) is None:
                raise TimeError(f"row {number} of the table has no {name}")
        rest = {
            str(name): plain_cell(value)
            for name, value in row.items()
            if name not in {first, last, "duration"}
        }
        found.append(TableRange(row[first], row[last], rest))
    return found


def _time_column(table: pd.DataFrame, name: str) -> str | None:
    """Return the column of a time: the exact one, or that in seconds to read."""
    return next((own for own in (name, f"{name}_s") if own in table.columns), None)


def _of_media(table: pd.DataFrame, media: ClipSource) -> pd.DataFrame:
    """Return the table, saying which media it is of even if `merge` dropped that.

    Raises:
        RecognitionError: It says that it is of other media.
    """
    if FACTS not in table.attrs:
        if not {"pts", "end_pts"} <= set(table.columns):
            return table
        table = table.copy(deep=False)
        table.attrs[FACTS] = to_json(media.source).decode()
        return table
    source = source_of(table)
    if source.fingerprint != media.info.fingerprint:
        raise RecognitionError(
            f"the table is of {Path(source.path).name}, not of "
            f"{Path(media.info.path).name}: {source.path} and {media.info.path} differ "
            "in content; open the file that the table was made of"
        )
    return table


def markers(table: pd.DataFrame, *, color: str = _COLOR) -> tuple[Marker, ...]:
    """Make one marker per range, in media time, named after what is seen.

    Args:
        table: Ranges, or detections.
        color: Of the markers.

    Raises:
        RecognitionError: The table has no such columns.
    """
    found = []
    for row in table_ranges(table, None):
        place = TimeRange.between(parse_time(row.start), parse_time(row.end))
        names = (row.metadata.get(column) for column in _NAMING)
        name = next((str(name) for name in names if name is not None), "found")
        found.append(
            Marker(name=name, marked_range=place, color=color, metadata=row.metadata)
        )
    return tuple(found)


def timeline(table: pd.DataFrame, media: ClipSource, *, name: str = "") -> Timeline:
    """Put the ranges one after another, at the media's rate and size.

    Raises:
        RecognitionError: There is nothing to show, or the table is of other media.
    """
    check_media(media)
    cut = media.clips(table)
    if not cut:
        raise RecognitionError("the table has no rows: there is nothing to show")
    source = media.source
    size = (source.size[0] // 2 * 2, source.size[1] // 2 * 2)
    tracks = (Track(kind="video", name="V1"), Track(kind="audio", name="A1"))
    empty = Timeline(name=name or "found", rate=source.rate, size=size, tracks=tracks)
    return append(empty, cut)


def rows_on(table: pd.DataFrame, edit: Timeline) -> pd.DataFrame:
    """Return the rows that an edit shows; see `DetectionAccessor.on`."""
    check_columns(table, ("pts", "end_pts", "time_s"))
    source = source_of(table)
    tick, zero = float(source.time_base), float(source.start_time)
    begins = table["pts"].to_numpy(np.float64) * tick - zero
    ends = table["end_pts"].to_numpy(np.float64) * tick - zero
    parts = []
    for track in edit.tracks:
        if track.kind != "video" or not track.enabled:
            continue
        layout = layout_of(track.items)
        for number, item in enumerate(track.items):
            if not isinstance(item, Clip):
                continue
            if item.media.fingerprint != source.fingerprint:
                continue
            first, last = float(item.source_range.start), float(item.source_range.end)
            here = table[(ends > first + 1e-9) & (begins < last - 1e-9)]
            shown = np.maximum(here["time_s"].to_numpy(np.float64), first)
            moment = shown - first + float(layout.start(number))
            # A media frame is shown from the first timeline frame at or after its time.
            frame = np.ceil(moment * float(edit.rate) - 1e-6).astype(np.int64)
            parts.append(
                here.assign(
                    clip=item.id,
                    track=track.name,
                    timeline_s=moment,
                    timeline_frame=frame,
                )
            )
    columns = [*table.columns, "clip", "track", "timeline_s", "timeline_frame"]
    found = pd.concat(parts) if parts else pd.DataFrame(columns=columns)
    found = found.sort_values(["timeline_s", "track"], kind="stable")
    return take_facts(found, table)

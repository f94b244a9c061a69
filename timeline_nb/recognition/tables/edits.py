"""Tables that become edits, and edits that tell which rows they show."""

from typing import Any, Final, Protocol

import numpy as np
import pandas as pd

from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.tables.columns import source_of, take_facts
from timeline_nb.recognition.tables.ranges import ranges
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.edits.place import append
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import Clip, Marker, Timeline, Track

__all__ = ["ClipSource", "clips", "markers", "rows_on", "timeline"]

_COLOR: Final = "green"


class ClipSource(Protocol):
    """A media file that cuts clips: what `tl.open` gives."""

    @property
    def reference(self) -> Any:
        """What a clip keeps of the file."""

    def clips(self, ranges: Any) -> list[Clip]:
        """One clip a range."""


def _stretches_of(table: pd.DataFrame) -> pd.DataFrame:
    """The table, if its rows are stretches; else the stretches that its rows cover."""
    return table if {"start", "end"} <= set(table.columns) else ranges(table)


def clips(table: pd.DataFrame, media: ClipSource) -> list[Clip]:
    """One clip a stretch; its row travels as the clip's metadata.

    Raises:
        RecognitionError: The table is of another film.
    """
    source = source_of(table)
    fingerprint = media.reference.fingerprint
    if fingerprint != source.fingerprint:
        raise RecognitionError(
            f"the table is of {source.path}, which is not {media.reference.path}: "
            "open the file that it was made of"
        )
    return media.clips(_stretches_of(table))


def markers(table: pd.DataFrame, *, color: str = _COLOR) -> tuple[Marker, ...]:
    """One marker a stretch, in media time, named for what is seen.

    Args:
        table: Stretches, or detections.
        color: Of the markers.
    """
    names = ("moment", "label", "zone", "labels", "kind")
    rows = _stretches_of(table)
    column = next((name for name in names if name in rows.columns), None)
    found = []
    for row in rows.to_dict("records"):
        facts = {
            str(name): _plain(value)
            for name, value in row.items()
            if name not in {"start", "end", "duration"}
        }
        place = TimeRange.between(row["start"], row["end"])
        name = str(row[column]) if column else "found"
        found.append(Marker(name=name, marked_range=place, color=color, metadata=facts))
    return tuple(found)


def timeline(table: pd.DataFrame, media: ClipSource, *, name: str = "") -> Timeline:
    """The stretches one after another, as a timeline at the film's rate and size.

    Raises:
        RecognitionError: There is nothing to show, or the table is of another film.
    """
    source = source_of(table)
    cut = clips(table, media)
    if not cut:
        raise RecognitionError("the table has no rows: there is nothing to show")
    size = (source.size[0] // 2 * 2, source.size[1] // 2 * 2)
    tracks = (Track(kind="video", name="V1"), Track(kind="audio", name="A1"))
    empty = Timeline(name=name or "found", rate=source.rate, size=size, tracks=tracks)
    return append(empty, cut)


def rows_on(table: pd.DataFrame, edit: Timeline) -> pd.DataFrame:
    """The rows that an edit shows, each with its clip; see `DetectionAccessor.on`."""
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
            # A frame is shown from the first timeline frame at or after its time.
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


def _plain(value: Any) -> Any:
    """A cell as JSON has it."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value if isinstance(value, (int, float, str, bool, list)) else str(value)

"""A timeline as a table and back, without loss.

One row an item, in the order of tracks and time. Columns:

=============  ========================================================================
track          The track's name.
kind           `video`, `audio` or `subtitle`.
type           `clip`, `subtitle`, `gap` or `transition`; `track` for a track without
               items.
id             The item's id; empty for gaps and transitions.
name           The clip's name, the subtitle's text, the transition's kind.
start_s        Timeline seconds, as a float, to read and to plot; ignored on the way
               back, where items follow one another.
duration_s     Seconds, as a float; ignored likewise.
start          Timeline seconds, exact: `"12/25"`; ignored likewise.
duration       Seconds, exact. Changing it changes the item: a clip shows more or less
               of its media at its end.
source_start   Media seconds, exact; of clips.
media          The path of the media file; of clips.
link           Clips of one link move together.
gain_db        Of clips.
opacity        Of clips.
rest           All other fields of the item, as JSON.
=============  ========================================================================

What belongs to the timeline and its tracks travels in `df.attrs["timeline_nb"]`, which
Parquet keeps and CSV does not.
"""

import json
import math
from typing import TYPE_CHECKING, Any, Final, TypeGuard

import msgspec
from msgspec.structs import replace

from timeline_nb.core.structs import from_json, to_builtins, to_canonical, to_json
from timeline_nb.core.tables import table_of
from timeline_nb.errors import TimelineError, TimelineNbError
from timeline_nb.timebase import TimeRange, to_fraction
from timeline_nb.timeline.model import (
    Clip,
    Gap,
    Item,
    Subtitle,
    Timeline,
    Track,
    Transition,
)
from timeline_nb.timeline.queries import range_of
from timeline_nb.timeline.validate import validate

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "from_dataframe", "to_dataframe"]

COLUMNS: Final = (
    "track",
    "kind",
    "type",
    "id",
    "name",
    "start_s",
    "duration_s",
    "start",
    "duration",
    "source_start",
    "media",
    "link",
    "gain_db",
    "opacity",
    "rest",
)
_FACTS: Final = "timeline_nb"
_NEEDED: Final = ("track", "kind", "type", "duration", "rest")


class _Holder(msgspec.Struct):
    """Lets one item of any kind be read: a union by itself has no type."""

    item: Item


def to_dataframe(timeline: Timeline) -> "pd.DataFrame":
    """One row an item; see the module for the columns."""
    rows = []
    for track in timeline.tracks:
        rows += [_row(track, number) for number in range(len(track.items))]
        if not track.items:
            rows.append(_blank(track, "track"))
    table = table_of(rows, COLUMNS)
    numbers = ["start_s", "duration_s", "gain_db", "opacity"]
    table[numbers] = table[numbers].astype("float64")
    bare = replace(
        timeline, tracks=tuple(replace(track, items=()) for track in timeline.tracks)
    )
    table.attrs[_FACTS] = to_json(bare).decode()
    return table


def _blank(track: Track, kind: str) -> dict[str, Any]:
    texts = dict.fromkeys(("id", "name", "source_start", "media", "link"), "")
    own = {"track": track.name, "kind": track.kind, "type": kind}
    return texts | own | {"start": "", "duration": "", "rest": "{}"}


def _row(track: Track, number: int) -> dict[str, Any]:
    item, place = track.items[number], range_of(track, number)
    fields = to_canonical(item)
    row = _blank(track, fields.pop("type")) | {
        "start_s": float(place.start),
        "duration_s": float(place.duration),
        "start": str(place.start),
        "duration": str(place.duration),
    }
    fields.pop("duration", None)
    if isinstance(item, Clip):
        del fields["source_range"]
        row |= {
            "id": fields.pop("id", ""),
            "name": fields.pop("name", ""),
            "source_start": str(item.source_range.start),
            "media": fields["media"].pop("path", ""),
            "link": fields.pop("link", ""),
            "gain_db": fields.pop("gain_db", 0.0),
            "opacity": fields.get("transform", {}).pop("opacity", 1.0),
        }
    elif isinstance(item, Subtitle):
        row |= {"id": fields.pop("id", ""), "name": fields.pop("text")}
    elif isinstance(item, Transition):
        row["name"] = fields.pop("kind", "dissolve")
    return row | {"rest": json.dumps(fields, ensure_ascii=False, sort_keys=True)}


def from_dataframe(
    table: "pd.DataFrame", *, timeline: Timeline | None = None
) -> Timeline:
    """Read a timeline back from a table, which may have been changed.

    Args:
        table: As `to_dataframe` gives it. Rows may be dropped, moved and changed.
        timeline: Whose name, rate, size and tracks to take; those that the table
            carries if not given.

    Raises:
        TimelineError: A column is missing, a row cannot be read (its number is
            named), or the whole is not a valid timeline.
    """
    missing = [name for name in _NEEDED if name not in table.columns]
    if missing:
        raise TimelineError(f"the table has no column {missing[0]!r}")
    bare = timeline or _carried(table)
    items: dict[str, list[Item]] = {track.name: [] for track in bare.tracks}
    kinds = {track.name: track.kind for track in bare.tracks}
    for number, row in enumerate(table.to_dict("records")):
        try:
            name = str(row["track"])
            kinds.setdefault(name, row["kind"])
            placed = items.setdefault(name, [])
            if row["type"] != "track":
                placed.append(_item(row))
        except (TimelineNbError, msgspec.DecodeError, ValueError, KeyError) as error:
            raise TimelineError(f"row {number} of the table: {error}") from error
    known = {track.name: track for track in bare.tracks}
    tracks = [
        replace(known.get(name) or Track(kind=kinds[name], name=name), items=tuple(row))
        for name, row in items.items()
    ]
    result = replace(bare, tracks=tuple(tracks))
    validate(result)
    return replace(result, next_id=max(bare.next_id, _first_free(result)))


def _first_free(timeline: Timeline) -> int:
    """A number that no id of the timeline has, those of added rows included."""
    names = [
        item.id for track in timeline.tracks for item in track.items if _has_id(item)
    ]
    numbers = [int(digits) for name in names if (digits := name[1:]).isdecimal()]
    return max(numbers, default=0) + 1


def _has_id(item: Item) -> TypeGuard[Clip | Subtitle]:
    return isinstance(item, (Clip, Subtitle))


def _carried(table: "pd.DataFrame") -> Timeline:
    facts = table.attrs.get(_FACTS)
    if facts is None:
        raise TimelineError(
            "the table does not say which timeline it is of (CSV forgets it): "
            "give timeline=, whose name, rate, size and tracks are taken"
        )
    return from_json(facts, Timeline)


def _item(row: dict[Any, Any]) -> Item:
    fields = json.loads(str(row["rest"]))
    # CSV gives whole seconds back as numbers.
    length = to_fraction(row["duration"])
    kind = row["type"]
    if kind == "gap":
        return Gap(duration=length)
    fields["type"] = kind
    if kind == "clip":
        start = to_fraction(row["source_start"])
        fields |= {
            "id": _text(row, "id"),
            "name": _text(row, "name"),
            "link": _text(row, "link"),
            "gain_db": _number(row, "gain_db", 0.0),
            "source_range": to_builtins(TimeRange(start, length)),
        }
        fields["media"]["path"] = _text(row, "media")
        fields.setdefault("transform", {})["opacity"] = _number(row, "opacity", 1.0)
    elif kind == "subtitle":
        fields |= {
            "id": _text(row, "id"),
            "text": _text(row, "name"),
            "duration": str(length),
        }
    elif kind == "transition":
        fields["kind"] = _text(row, "name") or "dissolve"
    return from_json(json.dumps({"item": fields}), _Holder).item


def _text(row: dict[Any, Any], name: str) -> str:
    value = row.get(name, "")
    return value if isinstance(value, str) else ""


def _number(row: dict[Any, Any], name: str, default: float) -> float:
    value = row.get(name)
    return default if value is None or math.isnan(value) else float(value)

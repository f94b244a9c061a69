"""Tables: a timeline as a DataFrame and back, without loss.

One row an item, in the order of tracks and time. Columns:

=============  ========================================================================
track          The track's name.
kind           `video`, `audio` or `subtitle`.
type           `clip`, `subtitle`, `gap` or `transition`; `track` for a track without
               items.
id             The item's id; empty for gaps and transitions.
name           The clip's name, the subtitle's text, the transition's kind.
start_s        Timeline seconds, as a float. Changing it moves the item.
duration_s     Seconds, as a float. Changing it moves the item's end: a clip shows more
               or less of its media there.
end_s          Timeline seconds, as a float. Changing it moves the item's end; with
               `duration_s`, the whole item.
start          Timeline seconds, exact: `"12/25"`. Changing it moves the item.
duration       Seconds, exact. Changing it moves the item's end.
source_start   Media seconds, exact; of clips.
media          The path of the media file; of clips.
link           Clips of one link move together.
gain_db        Of clips.
opacity        Of clips.
rest           All other fields of the item, as JSON.
=============  ========================================================================

On a track where no start was changed, items follow one another in the order of rows,
so that a row that was dropped closes up. Where a start was changed, each item of that
track has its own time, and two that overlap are refused by their rows.

The fields of the timeline and its tracks are kept in `df.attrs["timeline_nb"]`, and
the times as they were in `df.attrs["timeline_nb_times"]`; Parquet keeps both, CSV does
not.
"""

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, TypeGuard

import msgspec
from msgspec.structs import replace

from timeline_nb.core.near_names import kind_of, suggestion
from timeline_nb.core.structs import from_json, to_builtins, to_canonical, to_json
from timeline_nb.core.tables import is_missing, table_of
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
from timeline_nb.timeline.table_times import (
    TableRow,
    items_of,
    read_times,
    times_of,
    with_duration_of,
)
from timeline_nb.timeline.validate import validate

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "from_dataframe", "to_dataframe", "updated"]

COLUMNS: Final = (
    "track",
    "kind",
    "type",
    "id",
    "name",
    "start_s",
    "duration_s",
    "end_s",
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
_TIMES: Final = "timeline_nb_times"
_NEEDED: Final = ("track", "kind", "type", "rest")


class _Holder(msgspec.Struct):
    """A holder of one item of any kind, since msgspec decodes no bare union."""

    item: Item


def to_dataframe(timeline: Timeline) -> "pd.DataFrame":
    """Return a table of one row an item; the module lists the columns."""
    rows = []
    for track in timeline.tracks:
        rows += [_row(track, number) for number in range(len(track.items))]
        if not track.items:
            rows.append(_blank(track, "track"))
    table = table_of(rows, COLUMNS)
    numbers = ["start_s", "duration_s", "end_s", "gain_db", "opacity"]
    table[numbers] = table[numbers].astype("float64")
    bare = replace(
        timeline, tracks=tuple(replace(track, items=()) for track in timeline.tracks)
    )
    table.attrs[_FACTS] = to_json(bare).decode()
    table.attrs[_TIMES] = to_json(times_of(timeline)).decode()
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
        "end_s": float(place.end),
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


def updated(timeline: Timeline, table: "pd.DataFrame") -> Timeline:
    """Return a timeline with what was changed in a table of it.

    Returns:
        The timeline itself if nothing was changed.

    Raises:
        TimelineError: As `from_dataframe`; or a row names a track that is not there.
    """
    if not hasattr(table, "columns"):
        raise TimelineError(
            f"table={table!r} is {kind_of(table)}: give a changed table of the "
            "edit, as cut.timeline.to_dataframe() makes it"
        )
    names = [track.name for track in timeline.tracks]
    if "track" in table.columns:
        for number, name in enumerate(table["track"].tolist()):
            if name not in names:
                raise TimelineError(
                    f"row {number} of the table: {timeline.name!r} has no track "
                    f"{name!r}{suggestion(name, names)}; add_track adds one"
                )
    made = from_dataframe(table, timeline=timeline)
    return timeline if made == timeline else made


def from_dataframe(
    table: "pd.DataFrame", *, timeline: Timeline | None = None
) -> Timeline:
    """Read a timeline back from a table, which may have been changed.

    Args:
        table: As `to_dataframe` gives it. Rows may be dropped, moved and changed.
        timeline: Whose name, rate, size and tracks to take; those that the table
            carries if not given. Of a table that forgot its times (CSV), times count
            as changed that differ from this timeline's.

    Raises:
        TimelineError: A column is missing, a row cannot be read, changed times of a
            row disagree, items overlap (rows are named by number), or the whole is
            not a valid timeline.
    """
    missing = [name for name in _NEEDED if name not in table.columns]
    if missing:
        raise TimelineError(f"the table has no column {missing[0]!r}")
    bare = timeline or _carried(table)
    originals = _original_times(table, timeline)
    rows: dict[str, list[TableRow]] = {track.name: [] for track in bare.tracks}
    kinds = {track.name: track.kind for track in bare.tracks}
    for number, row in enumerate(table.to_dict("records")):
        try:
            name = str(row["track"])
            kinds.setdefault(name, row["kind"])
            own = rows.setdefault(name, [])
            if row["type"] != "track":
                times = read_times(row, originals, bare.rate)
                own.append(TableRow(number, _item(row, times.duration), times))
        except (TimelineNbError, msgspec.DecodeError, ValueError, KeyError) as error:
            raise TimelineError(f"row {number} of the table: {error}") from error
    known = {track.name: track for track in bare.tracks}
    tracks = []
    for name, own in rows.items():
        track = known.get(name) or Track(kind=kinds[name], name=name)
        tracks.append(replace(track, items=items_of(track, own)))
    result = replace(bare, tracks=tuple(tracks))
    validate(result)
    return replace(result, next_id=max(bare.next_id, _first_free(result)))


def _first_free(timeline: Timeline) -> int:
    """Return a number that no id of the timeline has, those of added rows included."""
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


def _original_times(
    table: "pd.DataFrame", timeline: Timeline | None
) -> dict[str, tuple[Fraction, Fraction]]:
    """Return the times of items as the table was made, by the keys of rows."""
    if (times := table.attrs.get(_TIMES)) is not None:
        return from_json(times, dict[str, tuple[Fraction, Fraction]])
    return times_of(timeline) if timeline is not None else {}


def _item(row: dict[Any, Any], length: Fraction) -> Item:
    fields = json.loads(str(row["rest"]))
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
    item = from_json(json.dumps({"item": fields}), _Holder).item
    if isinstance(item, Transition) and length != item.in_offset + item.out_offset:
        return with_duration_of(item, length)
    return item


def _text(row: dict[Any, Any], name: str) -> str:
    value = row.get(name, "")
    return value if isinstance(value, str) else ""


def _number(row: dict[Any, Any], name: str, default: float) -> float:
    value: Any = row.get(name)
    if is_missing(value):
        return default
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise TimelineError(f"{name} is {value!r}: give a number") from error

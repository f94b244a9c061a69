"""Markers, effects and metadata of OpenTimelineIO objects."""

from fractions import Fraction
from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.errors import ProjectError
from timeline_nb.interchange.otio_metadata import (
    FOREIGN,
    is_small,
    kept_of,
    kept_struct,
    native_text,
    without_ours,
)
from timeline_nb.interchange.otio_objects import flag, object_of, schema_of, text_of
from timeline_nb.interchange.otio_resolve import note_of
from timeline_nb.interchange.otio_times import (
    exact_ratio,
    is_same_ratio,
    is_same_time,
    time_range_of,
)
from timeline_nb.interchange.otio_write import constant_rate, native_color
from timeline_nb.interchange.report import Report
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.limits import MAX_NAME_LETTERS, MAX_TEXT_LETTERS
from timeline_nb.timeline.model import Effect, Marker

__all__ = ["effects_of", "marker_of", "own_or_none", "same_range", "small_enough"]

_SPEEDS: Final = frozenset({"LinearTimeWarp", "FreezeFrame"})


def own_or_none(
    metadata: dict[str, Any], where: str, report: Report
) -> dict[str, Any] | None:
    """Return what an object keeps of ours; None, with a finding, if it is broken."""
    try:
        return kept_of(metadata)
    except ProjectError as error:
        report.add(where, "what timeline_nb kept", "lost", None, str(error))
        return None


def small_enough(foreign: dict[str, Any], where: str, report: Report) -> dict[str, Any]:
    """Return metadata that keep what is of others; none, with a finding, if large."""
    filled = {name: value for name, value in foreign.items() if value}
    if not filled:
        return {}
    if is_small(filled):
        return {FOREIGN: filled}
    report.add(where, "metadata of other programs", "lost", None, "they are too large")
    return {}


def same_range(kept: TimeRange, native: TimeRange) -> bool:
    """Return whether a native range is the one kept."""
    return is_same_time(kept.start, native.start) and is_same_time(
        kept.duration, native.duration
    )


def marker_of(
    value: dict[str, Any], offset: Fraction, report: Report, where: str
) -> Marker | None:
    """Return a marker, of the schema 1, 2 or 3; None if it lies before the media.

    Args:
        value: The object.
        offset: Subtracted of its time: the timecode of the media.
        report: Gets what is lost.
        where: Whose it is.
    """
    metadata, name = object_of(value, "metadata"), text_of(value, "name")
    native = time_range_of(object_of(value, "marked_range"))
    native = TimeRange(native.start - offset, native.duration)
    kept = own_or_none(metadata, where, report)
    foreign = small_enough({"metadata": without_ours(metadata)}, where, report)
    note, color = text_of(value, "comment") or note_of(metadata), _color_name(value)
    if kept is not None:
        own = kept_struct(kept, Marker)
        span = own.marked_range if same_range(own.marked_range, native) else native
        return replace(
            own,
            name=own.name if name == native_text(own.name) else _short(name),
            marked_range=span,
            color=own.color
            if color == native_color(own.color)
            else _color(color, report, where),
            note=own.note if note == native_text(own.note) else note[:MAX_TEXT_LETTERS],
            metadata={**own.metadata, **foreign},
        )
    if native.start < 0:
        what = f"the marker {name[:40]!r}"
        report.add(where, what, "lost", None, "it is before the start of the media")
        return None
    return Marker(
        name=_short(name),
        marked_range=native,
        color=_color(color, report, where),
        note=note[:MAX_TEXT_LETTERS],
        metadata=foreign,
    )


def _color_name(value: dict[str, Any]) -> str:
    """Return a color's name; of the schema Marker.3, where it is an object, or #rrggbb.

    Raises:
        ProjectError: It is neither text nor a color.
    """
    if not isinstance(value.get("color"), dict):
        return text_of(value, "color")
    color = value["color"]
    name = text_of(color, "name").upper()
    if name == native_color(name):
        return name
    parts = [exact_ratio(color.get(part, 0)) for part in "rgb"]
    levels = (round(min(max(part, Fraction(0)), Fraction(1)) * 255) for part in parts)
    return "#" + "".join(f"{level:02x}" for level in levels)


def _color(color: str, report: Report, where: str) -> str:
    if not color:
        return "red"
    known = color.casefold()
    if native_color(known) == color.upper() or color.startswith("#"):
        return known
    what = f"the color {color[:40]!r} of a marker"
    report.add(where, what, "approximated", None, "it became red")
    return "red"


def effects_of(
    values: list[dict[str, Any]], start: Fraction | None
) -> tuple[tuple[Effect, ...], list[dict[str, Any]]]:
    """Return effects, and the objects of those that are none of ours.

    Args:
        values: The objects.
        start: The media second that a clip shows first, at which a foreign speed is
            anchored; None of tracks and timelines, which have none.
    """
    own: list[Effect] = []
    others: list[dict[str, Any]] = []
    for value in values:
        kept = kept_of(object_of(value, "metadata"))
        if kept is not None:
            own.append(_of_ours(value, kept_struct(kept, Effect), start))
        elif schema_of(value) in _SPEEDS and start is not None:
            rate = exact_ratio(value.get("time_scalar", 0))
            if rate != 1 and not any(one.kind == "speed" for one in own):
                own.append(_speed(rate, start))
            elif rate != 1:
                others.append(value)
        else:
            others.append(value)
    return tuple(own), others


def _of_ours(value: dict[str, Any], kept: Effect, start: Fraction | None) -> Effect:
    """Return an effect that was kept, with what another program changed."""
    kept = replace(kept, enabled=flag(value, "enabled"))
    if schema_of(value) not in _SPEEDS:
        return kept
    native, was = exact_ratio(value.get("time_scalar", 0)), constant_rate(kept)
    if was is not None and is_same_ratio(Fraction(float(was)), native):
        return kept
    return replace(_speed(native, start or Fraction(0)), enabled=kept.enabled)


def _speed(rate: Fraction, start: Fraction) -> Effect:
    parameters = {"rate": float(rate), "time": str(start), "media": str(start)}
    return Effect(kind="speed", parameters=parameters)


def _short(name: str) -> str:
    return name[:MAX_NAME_LETTERS]

"""Subtitles of an edit: read from files, written to files, listed with faults."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace as changed

from timeline_nb.commands.session import EditSession
from timeline_nb.core.near_names import kind_of, suggestion
from timeline_nb.effects.catalog import find
from timeline_nb.effects.spec import values_of
from timeline_nb.effects.titles.checks import text_faults
from timeline_nb.effects.titles.styles import SUBTITLE
from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.notebook.media import Media
from timeline_nb.notebook.stacking import stacked
from timeline_nb.subtitles.cues import Cue, Fault, Subtitles
from timeline_nb.subtitles.embedded import cues_of_texts
from timeline_nb.subtitles.files import (
    FORMATS,
    read_subtitles,
    subtitle_data,
    write_subtitles,
)
from timeline_nb.subtitles.track import (
    PlacedCue,
    cues_of,
    faults_of,
    items_of,
    lanes_of,
)
from timeline_nb.timeline.edits.subtitle import LANE_OF
from timeline_nb.timeline.model import Effect, Subtitle, Timeline, Track

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["captions_table", "put_lines", "read_any", "track_data", "write_track"]


def read_any(
    path: Path | str | Media, *, encoding: str | None, stream: int
) -> Subtitles:
    """Read subtitles from a subtitle file, or from a stream of a media file.

    Raises:
        TimelineError: The file cannot be read.
        MediaError: The media has no such subtitle stream, or it holds images.
    """
    if not isinstance(path, (str, Path, Media)):
        raise TimelineError(
            f"path={path!r} is {kind_of(path)}: give the path of a subtitle "
            f"file ({', '.join(FORMATS)}), or tl.open(path)"
        )
    own = Path(path.path) if isinstance(path, Media) else Path(path)
    if not isinstance(path, Media) and own.suffix.lower() in FORMATS:
        return read_subtitles(own, encoding=encoding)
    if isinstance(path, Media):
        info = path.info
        start = path.index.start_time if info.kind == "video" else info.start_time
        library = path.studio.library
        return cues_of_texts(library.subtitles(info, stream, start=start))
    raise TimelineError(
        f"{own} is no subtitle file ({', '.join(FORMATS)}); to read subtitles "
        "that a media file contains, pass tl.open(path)"
    )


def put_lines(
    session: EditSession, subtitles: Subtitles, track: str | None, at: Fraction
) -> list[Fault]:
    """Put lines on a subtitle track, in place of those on it.

    Lines shown at the same time go on further tracks.

    Returns:
        What the file left out, characters that no font has, and lines that are hard
        to read.

    Raises:
        TimelineError: A line begins before 0, or the track is locked or not a subtitle
            track.
        CompositionError: A style parameter is unknown, or its value is not allowed.
    """
    spec = find("title", "generator")
    for line in subtitles.cues:
        values_of(spec, Effect(kind="title", parameters=line.style))
    timeline = session.timeline
    moved = [
        replace(line, start=line.start + at, end=line.end + at)
        for line in subtitles.cues
    ]
    base = _base_of(timeline, track)
    lanes = lanes_of(stacked(moved, base, timeline.size), timeline.rate)
    name = track or _free_name({t.name for t in timeline.tracks})
    kept = subtitles.metadata
    session.apply(Message("subtitles"), lambda old: _placed(old, name, lanes, kept))
    texts = [(line.text, {**base, **line.style}) for line in moved]
    missing = [Fault(moved[number], message) for number, message in text_faults(texts)]
    return [*subtitles.faults, *missing, *faults_of(moved)]


def _base_of(timeline: Timeline, name: str | None) -> dict[str, Any]:
    """Return the style of a track's lines where a line sets nothing."""
    style = next((t.style for t in timeline.tracks if t.name == name), {})
    return {**SUBTITLE, **style}


def _free_name(taken: set[str]) -> str:
    return next(f"S{n}" for n in range(1, len(taken) + 2) if f"S{n}" not in taken)


def _placed(
    timeline: Timeline, name: str, lanes: list[list[PlacedCue]], kept: dict[str, Any]
) -> Timeline:
    """Return the timeline with lanes on the named track and on tracks after it."""
    number = timeline.next_id
    first = next((t for t in timeline.tracks if t.name == name), None)
    if first is not None and (first.kind != "subtitle" or first.locked):
        fault = "locked" if first.locked else f"a track of {first.kind}"
        raise TimelineError(
            f"track {name!r} is {fault}: give the name of another or a new track"
        )
    tracks = [t for t in timeline.tracks if t.metadata.get(LANE_OF) != name]
    taken = {t.name for t in tracks} | {name}
    own = first or Track(kind="subtitle", name=name)
    rest = {k: v for k, v in own.metadata.items() if k not in {"ass", "webvtt"}}
    filled = []
    for lane_number, lane in enumerate(lanes or [[]]):
        ids = [f"s{number + n}" for n in range(len(lane))]
        number += len(lane)
        items = items_of(lane, ids, timeline.rate)
        if not lane_number:
            filled.append(changed(own, items=items, metadata={**rest, **kept}))
            continue
        label = _free_name(taken)
        taken.add(label)
        lane_track = changed(own, name=label, items=items, metadata={LANE_OF: name})
        filled.append(lane_track)
    place = tracks.index(first) if first is not None else len(tracks)
    tracks[place : place + (first is not None)] = filled
    return changed(timeline, tracks=tuple(tracks), next_id=number)


def write_track(
    timeline: Timeline, path: Path, track: str | None, *, overwrite: bool
) -> Path:
    """Write a subtitle track, with the tracks of its overlapping lines, to a file."""
    lines, base, kept = _written(timeline, track)
    size = timeline.size
    write_subtitles(
        lines, path, size=size, base=base, metadata=kept, overwrite=overwrite
    )
    return path


def track_data(timeline: Timeline, kind: str, track: str | None = None) -> bytes:
    """Return what `write_track` would write to a file of a kind, such as `srt`."""
    lines, base, kept = _written(timeline, track)
    return subtitle_data(lines, kind, size=timeline.size, base=base, metadata=kept)


def _written(
    timeline: Timeline, track: str | None
) -> tuple[list[Cue], dict[str, Any], dict[str, Any]]:
    """Return the lines of a track, the style of those without one, and metadata."""
    tracks = _tracks(timeline, track)
    base = {**SUBTITLE, **tracks[0].style}
    return [line for *_, line in _lines(tracks)], base, tracks[0].metadata


def captions_table(timeline: Timeline, track: str | None) -> "pd.DataFrame":
    """Return one row per line: id, `start_s`, `end_s`, text, faults and track."""
    import pandas as pd

    tracks = _tracks(timeline, track)
    placed = _lines(tracks)
    lines = [line for *_, line in placed]
    faults: dict[int, list[str]] = {}
    numbers = {id(line): number for number, line in enumerate(lines)}
    for fault in faults_of(lines):
        faults.setdefault(numbers[id(fault.cue)], []).append(fault.message)
    base = {**SUBTITLE, **tracks[0].style}
    for number, message in text_faults(
        [(li.text, {**base, **li.style}) for li in lines]
    ):
        faults.setdefault(number, []).append(message)
    rows = [
        {
            "id": own_id,
            "start_s": float(line.start),
            "end_s": float(line.end),
            "text": line.text,
            "faults": "; ".join(faults.get(number, [])),
            "track": own.name,
        }
        for number, (own, own_id, line) in enumerate(placed)
    ]
    columns = ["id", "start_s", "end_s", "text", "faults", "track"]
    return pd.DataFrame(rows, columns=columns)


def _lines(tracks: Sequence[Track]) -> list[tuple[Track, str, Cue]]:
    """Return the lines of tracks in order of time, each with its track and its id."""
    lines = [
        (track, item_id, line)
        for track in tracks
        for item_id, line in zip(_ids(track), cues_of(track), strict=True)
    ]
    return sorted(lines, key=lambda placed: placed[2].start)


def _ids(track: Track) -> list[str]:
    return [item.id for item in track.items if isinstance(item, Subtitle)]


def _tracks(timeline: Timeline, name: str | None) -> list[Track]:
    """Return a subtitle track, and those that hold its overlapping lines."""
    tracks = [t for t in timeline.tracks if t.kind == "subtitle"]
    first = next((t for t in tracks if name in {None, t.name}), None)
    if first is None and not tracks:
        raise TimelineError(
            f"{timeline.name!r} has no subtitle track: add lines with subtitles.add or "
            "subtitles.read"
        )
    if first is None:
        hint = suggestion(name, [t.name for t in tracks])
        raise TimelineError(f"{timeline.name!r} has no subtitle track {name!r}{hint}")
    return [first, *(t for t in tracks if t.metadata.get(LANE_OF) == first.name)]

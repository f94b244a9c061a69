"""Subtitles of an edit: taken in, given out, and looked over."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace as changed

from timeline_nb.commands.session import EditSession
from timeline_nb.effects.catalog import find
from timeline_nb.effects.spec import values_of
from timeline_nb.effects.titles.checks import text_faults
from timeline_nb.effects.titles.styles import SUBTITLE
from timeline_nb.errors import TimelineError
from timeline_nb.media.subtitle_packets import read_subtitle_packets
from timeline_nb.notebook.media import Media
from timeline_nb.notebook.stacking import stacked
from timeline_nb.subtitles.cues import Cue, Fault, Subtitles
from timeline_nb.subtitles.embedded import cues_of_texts
from timeline_nb.subtitles.files import FORMATS, read_subtitles, write_subtitles
from timeline_nb.subtitles.track import (
    PlacedCue,
    cues_of,
    faults_of,
    items_of,
    lanes_of,
)
from timeline_nb.timeline.edits.subtitle import LANE_OF
from timeline_nb.timeline.model import Effect, Timeline, Track

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["captions_table", "put_lines", "read_any", "write_track"]


def read_any(
    path: Path | str | Media, *, encoding: str | None, stream: int
) -> Subtitles:
    """The subtitles of a file of them, or of a medium that has them.

    Raises:
        TimelineError: The file cannot be read.
        MediaError: The medium has no such subtitles, or they are pictures.
    """
    own = Path(path.path) if isinstance(path, Media) else Path(path)
    if not isinstance(path, Media) and own.suffix.lower() in FORMATS:
        return read_subtitles(own, encoding=encoding)
    if isinstance(path, Media):
        info = path.info
        start = path.index.start_time if info.kind == "video" else info.start_time
        return cues_of_texts(read_subtitle_packets(info, stream, start=start))
    raise TimelineError(
        f"{own}: subtitles are {', '.join(FORMATS)}; those in a film are read of what "
        "tl.open gives"
    )


def put_lines(
    session: EditSession, found: Subtitles, track: str | None, at: Fraction
) -> list[Fault]:
    """Put lines on a subtitle track, in place of what it had.

    Lines that are shown at once go on further tracks, named after the first.

    Raises:
        TimelineError: A line begins before 0, the track is locked, or is none of
            subtitles.
        CompositionError: A style makes no sense.
    """
    spec = find("title", "generator")
    for line in found.cues:
        values_of(spec, Effect(kind="title", parameters=line.style))
    timeline = session.timeline
    moved = [
        replace(line, start=line.start + at, end=line.end + at) for line in found.cues
    ]
    base = _base_of(timeline, track)
    lanes = lanes_of(stacked(moved, base, timeline.size), timeline.rate)
    name = track or _free_name({t.name for t in timeline.tracks})
    session.apply("subtitles", lambda old: _placed(old, name, lanes, found.metadata))
    odd = text_faults([(line.text, {**base, **line.style}) for line in moved])
    told = [Fault(moved[number], message) for number, message in odd]
    return [*found.faults, *told, *faults_of(moved)]


def _base_of(timeline: Timeline, name: str | None) -> dict[str, Any]:
    style = next((t.style for t in timeline.tracks if t.name == name), {})
    return {**SUBTITLE, **style}


def _free_name(taken: set[str]) -> str:
    return next(f"S{n}" for n in range(1, len(taken) + 2) if f"S{n}" not in taken)


def _placed(
    timeline: Timeline, name: str, lanes: list[list[PlacedCue]], kept: dict[str, Any]
) -> Timeline:
    """The timeline with lanes on the track of a name and on tracks below it."""
    number = timeline.next_id
    first = next((t for t in timeline.tracks if t.name == name), None)
    if first is not None and (first.kind != "subtitle" or first.locked):
        how = "locked" if first.locked else f"one of {first.kind}"
        raise TimelineError(f"track {name!r} is {how}: name another for subtitles")
    tracks = [t for t in timeline.tracks if t.metadata.get(LANE_OF) != name]
    taken = {t.name for t in tracks} | {name}
    own = first or Track(kind="subtitle", name=name)
    rest = {k: v for k, v in own.metadata.items() if k not in {"ass", "webvtt"}}
    made = []
    for turn, lane in enumerate(lanes or [[]]):
        ids = [f"s{number + n}" for n in range(len(lane))]
        number += len(lane)
        items = items_of(lane, ids, timeline.rate)
        if not turn:
            made.append(changed(own, items=items, metadata={**rest, **kept}))
            continue
        label = _free_name(taken)
        taken.add(label)
        lane_track = changed(own, name=label, items=items, metadata={LANE_OF: name})
        made.append(lane_track)
    place = tracks.index(first) if first is not None else len(tracks)
    tracks[place : place + (first is not None)] = made
    return changed(timeline, tracks=tuple(tracks), next_id=number)


def write_track(timeline: Timeline, path: Path, track: str | None) -> Path:
    """Write a subtitle track, and those that hold its further lines, to a file."""
    found = _tracks(timeline, track)
    base = {**SUBTITLE, **found[0].style}
    lines = [line for _, line in _lines(found)]
    size, kept = timeline.size, found[0].metadata
    write_subtitles(lines, path, size=size, base=base, metadata=kept)
    return path


def captions_table(timeline: Timeline, track: str | None) -> "pd.DataFrame":
    """One row a line: `start_s`, `end_s`, `text`, `faults`, `track`."""
    import pandas as pd

    found = _lines(_tracks(timeline, track))
    lines = [line for _, line in found]
    faults: dict[int, list[str]] = {}
    numbers = {id(line): number for number, line in enumerate(lines)}
    for fault in faults_of(lines):
        faults.setdefault(numbers[id(fault.cue)], []).append(fault.message)
    base = {**SUBTITLE, **_tracks(timeline, track)[0].style}
    for number, message in text_faults(
        [(li.text, {**base, **li.style}) for li in lines]
    ):
        faults.setdefault(number, []).append(message)
    rows = [
        {
            "start_s": float(line.start),
            "end_s": float(line.end),
            "text": line.text,
            "faults": "; ".join(faults.get(number, [])),
            "track": own.name,
        }
        for number, (own, line) in enumerate(found)
    ]
    return pd.DataFrame(rows, columns=["start_s", "end_s", "text", "faults", "track"])


def _lines(tracks: Sequence[Track]) -> list[tuple[Track, Cue]]:
    """The lines of tracks in order of time, each with its track."""
    found = [(track, line) for track in tracks for line in cues_of(track)]
    return sorted(found, key=lambda pair: pair[1].start)


def _tracks(timeline: Timeline, name: str | None) -> list[Track]:
    """A subtitle track, and those that hold its further lines."""
    tracks = [t for t in timeline.tracks if t.kind == "subtitle"]
    found = next((t for t in tracks if name in {None, t.name}), None)
    if found is None:
        told = "subtitle track" if name is None else f"subtitle track {name!r}"
        raise TimelineError(f"{timeline.name!r} has no {told}")
    return [found, *(t for t in tracks if t.metadata.get(LANE_OF) == found.name)]

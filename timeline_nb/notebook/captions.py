"""Subtitles of an edit: taken in, given out, and looked over."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace as changed

from timeline_nb.effects.catalog import find
from timeline_nb.effects.spec import values_of
from timeline_nb.effects.titles.styles import SUBTITLE
from timeline_nb.errors import TimelineError
from timeline_nb.notebook.verbs import Verbs
from timeline_nb.subtitles.files import Line, write_lines
from timeline_nb.subtitles.track import Fault, faults_of, items_of, lines_of
from timeline_nb.timeline.model import Effect, Timeline, Track

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["captions_table", "put_lines", "write_track"]


def put_lines(
    cut: Verbs, lines: Sequence[Line], track: str | None, at: Fraction
) -> list[Fault]:
    """Put lines on a subtitle track, in place of what it had.

    Raises:
        TimelineError: Lines overlap, or begin before 0.
        CompositionError: A style makes no sense.
    """
    spec = find("title", "generator")
    for line in lines:
        values_of(spec, Effect(kind="title", parameters=line.style))
    moved = [replace(line, start=line.start + at, end=line.end + at) for line in lines]
    taken = {t.name for t in cut.timeline.tracks}
    number = next(n for n in range(1, len(taken) + 2) if f"S{n}" not in taken)
    name = track or f"S{number}"

    def edit(timeline: Timeline) -> Timeline:
        begin = timeline.next_id
        ids = [f"s{begin + n}" for n in range(len(moved))]
        items = items_of(moved, ids, timeline.rate)
        tracks = list(timeline.tracks)
        places = [n for n, own in enumerate(tracks) if own.name == name]
        if places:
            tracks[places[0]] = changed(tracks[places[0]], items=items)
        else:
            tracks.append(Track(kind="subtitle", name=name, items=items))
        return changed(timeline, tracks=tuple(tracks), next_id=begin + len(moved))

    cut.apply("subtitles", edit)
    return faults_of(moved)


def write_track(cut: Verbs, path: Path, track: str | None) -> Path:
    """Write a subtitle track to a file."""
    found = _track(cut.timeline, track)
    base = {**SUBTITLE, **found.style}
    write_lines(lines_of(found), path, size=cut.timeline.size, base=base)
    return path


def captions_table(cut: Verbs, track: str | None) -> "pd.DataFrame":
    """One row a line: `start_s`, `end_s`, `text`, `faults`."""
    import pandas as pd

    lines = lines_of(_track(cut.timeline, track))
    faults: dict[int, list[str]] = {}
    for fault in faults_of(lines):
        faults.setdefault(lines.index(fault.line), []).append(fault.message)
    rows = [
        {
            "start_s": float(line.start),
            "end_s": float(line.end),
            "text": line.text,
            "faults": "; ".join(faults.get(number, [])),
        }
        for number, line in enumerate(lines)
    ]
    return pd.DataFrame(rows, columns=["start_s", "end_s", "text", "faults"])


def _track(timeline: Timeline, name: str | None) -> Track:
    found = [
        track
        for track in timeline.tracks
        if track.kind == "subtitle" and name in {None, track.name}
    ]
    if not found:
        told = "subtitle track" if name is None else f"subtitle track {name!r}"
        raise TimelineError(f"{timeline.name!r} has no {told}")
    return found[0]

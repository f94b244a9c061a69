"""AAF, the format of Avid Media Composer: read by pyaaf2 or OpenTimelineIO's adapter.

Both run in a process of their own (`aaf_child.py`), which is ended when it takes too
long or too much memory. An edit of clips and gaps is read by pyaaf2 alone
(`aaf_cuts.py`), all others by the adapter; both come as `.otio`, which we read
ourselves. Cuts and gaps alone are written, by pyaaf2
(`aaf_file.py`); what a file says that was written is compared with what it was to say.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from importlib.util import find_spec
from typing import Final, Literal

from timeline_nb.core.child_process import run_module
from timeline_nb.errors import ProjectError
from timeline_nb.interchange import otio, terms
from timeline_nb.interchange.aaf_edit import cuts_of
from timeline_nb.interchange.flat import (
    FlatClip,
    FlatEdit,
    FlatItem,
    FlatTrack,
    FlatTransition,
)
from timeline_nb.interchange.flatten import flatten
from timeline_nb.interchange.places import clip_place, time_place
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import ReadRequest, WriteRequest, Written
from timeline_nb.timeline.model import Timeline

__all__ = ["read", "write"]

_CHILD: Final = "timeline_nb.interchange.aaf_child"
_PARTS: Final = ("opentimelineio", "otio_aaf_adapter", "aaf2")
# A feature's reel of 2 MB takes the adapter four seconds, 10,000 clips of 16 MB 90; to
# write, as many of as many names take 25.
_TIME_S: Final = 60.0
_READ_S_PER_BYTE: Final = 15e-6
_WRITE_S_PER_CLIP: Final = 0.01
_MOST_TIME_S: Final = 300.0
_MEMORY_BYTES: Final = 2 << 30
_ZERO: Final = Fraction(0)
# What a reader takes where a file says none.
_SIZE: Final = (1920, 1080)


def read(request: ReadRequest, *, timeline: str | int | None = None) -> Timeline:
    """Return the edit of an AAF.

    Args:
        request: The file.
        timeline: The name or the number, from 0, of one of several sequences that the
            file holds; the first if not given.

    Raises:
        ProjectError: The extra `interchange` is missing, the adapter cannot read the
            file, or as the reader of `.otio`.
    """
    more_s = _READ_S_PER_BYTE * len(request.data)
    text = _converted("read", request.data, request.name, more_s, request.check)
    return otio.read(replace(request, data=text), timeline=timeline)


def write(request: WriteRequest) -> Written:
    """Return an edit as AAF: its cuts, gaps and tracks.

    Raises:
        ProjectError: The extra `interchange` is missing, or the adapter cannot write
            the edit.
    """
    name = request.path.name
    edit = flatten(
        request.timeline,
        request.report,
        timecode_of=request.timecode_of,
        channels_of=request.channels_of,
    )
    cuts = cuts_of(_reduced(edit, request.report))
    clips = sum(len(track["items"]) for track in cuts["tracks"])
    more_s = _WRITE_S_PER_CLIP * clips
    data = _converted("write", json.dumps(cuts).encode(), name, more_s, request.check)
    return Written(data)


def _converted(
    direction: Literal["read", "write"],
    data: bytes,
    name: str,
    more_s: float,
    check: Callable[[], object],
) -> bytes:
    """Return what the child makes of a file.

    Args:
        direction: What it does.
        data: What it is given.
        name: Of the file, for messages.
        more_s: Seconds that it may take beyond a minute.
        check: Called meanwhile; what it raises ends the child.

    Raises:
        ProjectError: It is not installed, failed, crashed, or exceeded a limit.
    """
    if any(find_spec(part) is None for part in _PARTS):
        raise ProjectError(
            f"{name}: AAF needs OpenTimelineIO's adapter: pip install "
            '"timeline-nb[interchange]" (Python 3.13 at the latest)'
        )
    time_s = min(_MOST_TIME_S, _TIME_S + more_s)
    result = run_module(
        _CHILD,
        direction,
        given=data,
        time_s=time_s,
        memory_bytes=_MEMORY_BYTES,
        check=check,
    )
    reader = "OpenTimelineIO's adapter of AAF"
    what = f"{name}: {reader if direction == 'read' else 'pyaaf2'}"
    if result.end == "slow":
        raise ProjectError(f"{what} took more than {time_s:.0f} s, and was ended")
    if result.end == "large":
        limit = _MEMORY_BYTES >> 30
        raise ProjectError(f"{what} took more than {limit} GiB, and was ended")
    if result.code < 0 or (result.code > 0 and not result.error.strip()):
        raise ProjectError(f"{what} crashed ({result.code}): the file is not for it")
    if result.code:
        # The name of the error alone: its words may be of the file.
        last = result.error.strip().splitlines()[-1].partition(":")[0]
        verb = "read it" if direction == "read" else "write the edit"
        raise ProjectError(f"{what} cannot {verb} ({last[:60]})")
    return result.output


def _reduced(edit: FlatEdit, report: Report) -> FlatEdit:
    """Return the edit with what the adapter can write: clips of files, and gaps."""
    if edit.size is not None and edit.size != _SIZE:
        detail = "{}x{}; the other program takes its own".format(*edit.size)
        report.add(terms.EDIT, terms.SIZE, "lost", None, detail)
    for marker in edit.markers:
        report.add(terms.EDIT, terms.marker(marker.name), "lost")
    for effect in edit.effects:
        report.add(terms.EDIT, terms.effect(effect.kind), "lost")
    if any(clip.link for track in edit.tracks for clip in track.clips):
        detail = "pictures and their sounds are clips of their own"
        report.add(terms.EDIT, terms.LINK, "lost", None, detail)
    tracks = []
    for track in edit.tracks:
        if track.kind == "subtitle":
            report.add(track.name, terms.LINES, "lost", None, terms.LINES_BESIDE)
            continue
        items = tuple(_reduced_items(edit, track, report))
        if not items:
            report.add(track.name, terms.TRACK, "lost", None, "it has no clip")
            continue
        for what in _track_losses(track):
            report.add(track.name, what, "lost")
        plain = replace(track, items=items, effects=(), gain_db=0.0, pan=0.0)
        tracks.append(replace(plain, locked=False))
    return replace(edit, tracks=tuple(tracks), markers=(), effects=())


def _track_losses(track: FlatTrack) -> Iterator[str]:
    if not track.enabled:
        yield terms.DISABLED
    for effect in track.effects:
        yield terms.effect(effect.kind)
    if track.gain_db:
        yield terms.GAIN
    if track.pan:
        yield terms.PAN
    if track.locked:
        yield terms.LOCK


def _reduced_items(
    edit: FlatEdit, track: FlatTrack, report: Report
) -> Iterator[FlatItem]:
    for item in track.items:
        if isinstance(item, FlatTransition):
            where = time_place(track.name, item.at / edit.rate, edit.rate)
            detail = "it became a cut"
            report.add(where, terms.transition(item.kind), "lost", None, detail)
        if not isinstance(item, FlatClip):
            continue
        where = clip_place(track.name, item.name, item.start / edit.rate, edit.rate)
        if not item.media.is_file:
            own = item.media.generator
            what = terms.generator(own.kind) if own is not None else terms.NESTED
            report.add(where, what, "lost", None, terms.GAP_THERE)
            continue
        for what in _losses(item):
            report.add(where, what, "lost")
        plain = FlatClip(
            start=item.start,
            duration=item.duration,
            media=item.media,
            source_start=_on_frame(item.source_start, edit.rate),
            id=item.id,
            name=item.name,
        )
        if plain.source_start != item.source_start:
            off = abs(plain.source_start - item.source_start) * edit.rate
            report.add(where, terms.FIRST_FRAME, "approximated", off)
        yield plain


def _on_frame(seconds: Fraction, rate: Fraction) -> Fraction:
    return max(_ZERO, Fraction(round(seconds * rate))) / rate


def _losses(clip: FlatClip) -> Iterator[str]:
    """Yield what a clip has that the adapter does not write."""
    if clip.ramp or clip.speed != 1:
        yield terms.SPEED
    yield from terms.of_placement(clip.transform)
    if clip.gain_db:
        yield terms.GAIN
    if clip.pan:
        yield terms.PAN
    if clip.fade_in or clip.fade_out:
        yield terms.FADES
    for name, _ in clip.keyframes:
        yield terms.keyframes(name)
    for effect in clip.effects:
        yield terms.effect(effect.kind)
    for marker in clip.markers:
        yield terms.marker(marker.name)
    if not clip.enabled:
        yield terms.DISABLED

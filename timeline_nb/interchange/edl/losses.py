"""What an EDL cannot say of an edit."""

from collections.abc import Iterator

from timeline_nb.interchange import terms
from timeline_nb.interchange.flat import FlatClip, FlatEdit, FlatTrack
from timeline_nb.interchange.places import clip_place
from timeline_nb.interchange.report import Report

__all__ = ["judge_clip", "judge_edit"]


def judge_edit(flat: FlatEdit, report: Report) -> None:
    """Note what is lost of an edit and its tracks."""
    for effect in flat.effects:
        report.add(terms.EDIT, terms.effect(effect.kind), "lost")
    for track in flat.tracks:
        if track.kind == "subtitle":
            if track.items:
                report.add(track.name, terms.LINES, "lost", None, terms.LINES_BESIDE)
            continue
        for what in _of_track(track):
            report.add(track.name, what, "lost")
        if not track.enabled:
            continue
        for clip in track.clips:
            place = clip_place(track.name, clip.name, clip.start / flat.rate, flat.rate)
            judge_clip(clip, place, report)


def _of_track(track: FlatTrack) -> Iterator[str]:
    if not track.enabled:
        yield terms.TRACK
        return
    for effect in track.effects:
        yield terms.effect(effect.kind)
    if track.gain_db:
        yield terms.GAIN
    if track.pan:
        yield terms.PAN
    if track.locked:
        yield terms.LOCK


def judge_clip(clip: FlatClip, place: str, report: Report) -> None:
    """Note what is lost of a clip."""
    media = clip.media
    if media.generator is not None:
        detail = "an event of reel AX stands there"
        report.add(place, terms.generator(media.generator.kind), "lost", None, detail)
    if media.edit is not None:
        detail = "an event of reel AX stands there"
        report.add(place, terms.NESTED, "lost", None, detail)
    for what in _of_clip(clip):
        report.add(place, what, "lost")


def _of_clip(clip: FlatClip) -> Iterator[str]:
    for effect in clip.effects:
        yield terms.effect(effect.kind)
    yield from terms.of_placement(clip.transform)
    if clip.gain_db:
        yield terms.GAIN
    if clip.pan:
        yield terms.PAN
    for name, keys in clip.keyframes:
        if keys:
            yield terms.keyframes(name)

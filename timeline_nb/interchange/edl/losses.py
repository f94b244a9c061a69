"""What an EDL cannot say of an edit."""

from collections.abc import Iterator

from timeline_nb.interchange.flat import FlatClip, FlatEdit, FlatTrack
from timeline_nb.interchange.places import clip_place
from timeline_nb.interchange.report import Report
from timeline_nb.timeline.model import Transform

__all__ = ["judge_clip", "judge_edit"]

_PLAIN = Transform()


def judge_edit(flat: FlatEdit, report: Report) -> None:
    """Note what is lost of an edit and its tracks."""
    for effect in flat.effects:
        report.add("the edit", f"the effect {effect.kind!r}", "lost")
    for track in flat.tracks:
        if track.kind == "subtitle":
            if track.items:
                detail = "an EDL has none: subtitles='srt' writes them beside it"
                report.add(track.name, "its subtitles", "lost", None, detail)
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
        yield "the track, which is disabled"
        return
    for effect in track.effects:
        yield f"the effect {effect.kind!r}"
    if track.gain_db:
        yield "its gain"
    if track.pan:
        yield "its pan"


def judge_clip(clip: FlatClip, place: str, report: Report) -> None:
    """Note what is lost of a clip."""
    media = clip.media
    if media.generator is not None:
        detail = "an event of reel AX stands there"
        report.add(place, f"the {media.generator.kind}", "lost", None, detail)
    if media.edit is not None:
        detail = "an event of reel AX stands there"
        report.add(place, "the nested edit", "lost", None, detail)
    for what in _of_clip(clip):
        report.add(place, what, "lost")


def _of_clip(clip: FlatClip) -> Iterator[str]:
    for effect in clip.effects:
        yield f"the effect {effect.kind!r}"
    if clip.transform != _PLAIN:
        yield "its place on the canvas"
    if clip.gain_db:
        yield "its gain"
    if clip.pan:
        yield "its pan"
    for name, keys in clip.keyframes:
        if keys:
            yield f"the keyframes of {name}"

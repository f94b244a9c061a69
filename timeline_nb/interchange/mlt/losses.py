"""What an edit has that MLT's own services do not say."""

from fractions import Fraction

from timeline_nb.interchange.flat import FlatClip, FlatEdit, FlatTrack, FlatTransition
from timeline_nb.interchange.places import clip_place, time_place
from timeline_nb.interchange.report import Report

__all__ = ["tell_losses"]

_BAKE = "bake='effects' renders it"
# Crossfades of sound are written as they are.
_DISSOLVES = {"dissolve", "equal_power"}


def tell_losses(edit: FlatEdit, report: Report) -> None:
    """Tell a report what of an edit is not written as MLT."""
    for effect in edit.effects:
        report.add(edit.name, f"the effect {effect.kind!r} of all", "lost")
    for track in edit.tracks:
        if track.kind == "subtitle":
            if track.items:
                detail = "export(..., subtitles='srt') writes them beside it"
                report.add(track.name, "its subtitles", "lost", None, detail)
            continue
        for effect in track.effects:
            what = f"the effect {effect.kind!r} of the track"
            report.add(track.name, what, "lost")
        for item in track.items:
            if isinstance(item, FlatClip):
                _tell_clip(track, item, edit.rate, report)
            elif isinstance(item, FlatTransition):
                _tell_transition(track, item, edit.rate, report)


def _tell_clip(
    track: FlatTrack, clip: FlatClip, rate: Fraction, report: Report
) -> None:
    place = clip_place(track.name, clip.name, clip.start / rate, rate)
    for effect in clip.effects:
        report.add(place, f"the effect {effect.kind!r}", "lost", None, _BAKE)
    for marker in clip.markers:
        detail = "MLT has markers of the edit alone"
        report.add(place, f"the marker {marker.name!r}", "lost", None, detail)
    off = max(-clip.start % 1, -clip.end % 1)
    if off and track.kind == "audio":
        detail = "its edges were put on the next frames"
        report.add(place, "times", "approximated", off, detail)
    elif off:
        detail = "its edges are between frames: the same frames are shown"
        report.add(place, "times", "kept", off, detail)


def _tell_transition(
    track: FlatTrack, item: FlatTransition, rate: Fraction, report: Report
) -> None:
    if track.kind == "audio" or item.kind in _DISSOLVES:
        return
    place = time_place(f"{track.name}, the {item.kind}", item.at / rate, rate)
    detail = "it is written as a dissolve"
    report.add(place, f"the transition {item.kind!r}", "approximated", None, detail)

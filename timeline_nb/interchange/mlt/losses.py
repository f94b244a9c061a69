"""What an edit has that MLT's own services do not say."""

from fractions import Fraction

from timeline_nb.interchange import terms
from timeline_nb.interchange.flat import FlatClip, FlatEdit, FlatTrack, FlatTransition
from timeline_nb.interchange.places import clip_place, time_place
from timeline_nb.interchange.report import Report

__all__ = ["tell_losses"]

# Crossfades of sound are written as they are.
_DISSOLVES = {"dissolve", "equal_power"}


def tell_losses(edit: FlatEdit, report: Report) -> None:
    """Tell a report what of an edit is not written as MLT."""
    for effect in edit.effects:
        report.add(terms.EDIT, terms.effect(effect.kind), "lost")
    for track in edit.tracks:
        if track.kind == "subtitle":
            if track.items:
                report.add(track.name, terms.LINES, "lost", None, terms.LINES_BESIDE)
            continue
        for effect in track.effects:
            report.add(track.name, terms.effect(effect.kind), "lost")
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
        report.add(place, terms.effect(effect.kind), "lost", None, terms.BAKE)
    for marker in clip.markers:
        detail = "MLT has markers of the edit alone"
        report.add(place, terms.marker(marker.name), "lost", None, detail)
    off = max(-clip.start % 1, -clip.end % 1)
    if off and track.kind == "audio":
        detail = "its edges were put on the next frames"
        report.add(place, terms.TIMES, "approximated", off, detail)
    elif off:
        detail = "its edges are between frames: the same frames are shown"
        report.add(place, terms.TIMES, "kept", off, detail)


def _tell_transition(
    track: FlatTrack, item: FlatTransition, rate: Fraction, report: Report
) -> None:
    if track.kind == "audio" or item.kind in _DISSOLVES:
        return
    place = time_place(f"{track.name}, the {item.kind}", item.at / rate, rate)
    detail = "it is written as a dissolve"
    report.add(place, terms.transition(item.kind), "approximated", None, detail)

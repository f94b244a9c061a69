"""Levels of tracks in formats that have levels of clips alone."""

from timeline_nb.interchange import terms
from timeline_nb.interchange.flat import FlatTrack
from timeline_nb.interchange.report import Report

__all__ = ["tell_joined_levels"]


def tell_joined_levels(track: FlatTrack, where: str, report: Report) -> None:
    """Tell that a track's gain and pan were added to those of its clips."""
    for what, value in ((terms.GAIN, track.gain_db), (terms.PAN, track.pan)):
        if track.kind == "audio" and value:
            detail = f"{value:+g} was added to that of each clip of the track"
            report.add(where, what, "approximated", None, detail)

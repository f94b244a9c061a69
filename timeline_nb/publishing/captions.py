"""Captions: the subtitles of an edit as a SubRip file."""

from timeline_nb.core.near_names import suggestion
from timeline_nb.errors import PublishError
from timeline_nb.i18n import Message
from timeline_nb.publishing.limits import UploadLimits
from timeline_nb.render.subtitle_mux import tracks_of
from timeline_nb.subtitles.cues import Cue
from timeline_nb.subtitles.track import cues_of
from timeline_nb.subtitles.write_srt import to_subrip
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.edits.subtitle import LANE_OF
from timeline_nb.timeline.model import Timeline, Track

__all__ = ["caption_language", "captions_of"]


def captions_of(
    timeline: Timeline, limits: UploadLimits, track: str | None, shown: TimeRange
) -> str:
    """Return the lines of a subtitle track as the text of a SubRip file.

    Args:
        timeline: The edit.
        limits: Of the platform.
        track: The track's name; the first one if None.
        shown: The range of the timeline that the film has.

    Raises:
        PublishError: The platform takes no captions, or there are none.
    """
    if not limits.captions_bytes:
        raise PublishError(
            Message(
                "{title} takes no caption files: leave captions= out, and "
                "subtitles are drawn into the picture",
                title=limits.title,
            )
        )
    first = _track(timeline, track)
    own = [
        other
        for other in timeline.tracks
        if other is first
        or (other.enabled and other.metadata.get(LANE_OF) == first.name)
    ]
    # Without styles: platforms draw captions as a viewer likes them.
    cues = [
        Cue(
            max(cue.start, shown.start) - shown.start,
            min(cue.end, shown.end) - shown.start,
            cue.text,
        )
        for one in own
        for cue in cues_of(one)
        if cue.start < shown.end and cue.end > shown.start
    ]
    if not cues:
        raise PublishError(
            Message(
                "captions: {name} has no subtitles from {start} s to {end} s",
                name=repr(timeline.name),
                start=f"{float(shown.start):g}",
                end=f"{float(shown.end):g}",
            )
        )
    text = to_subrip(sorted(cues, key=lambda cue: (cue.start, cue.end)))
    if len(text.encode()) > limits.captions_bytes:
        raise PublishError(
            Message(
                "captions have {encode} bytes, and {title} takes {captions_bytes}",
                encode=len(text.encode()),
                title=limits.title,
                captions_bytes=limits.captions_bytes,
            )
        )
    return text


def caption_language(timeline: Timeline, track: str | None) -> str:
    """Return the language that a subtitle track says it has; empty if it says none."""
    found = _track(timeline, track).metadata.get("language")
    return found if isinstance(found, str) else ""


def _track(timeline: Timeline, name: str | None) -> Track:
    tracks = tracks_of(timeline)
    found = next((track for track in tracks if name in {None, track.name}), None)
    if found is None and name is None:
        raise PublishError(
            Message(
                "captions: {name} has no subtitles: add lines with subtitles.add, "
                "or leave captions= out",
                name=repr(timeline.name),
            )
        )
    if found is None:
        hint = suggestion(name, [track.name for track in tracks])
        raise PublishError(
            Message(
                "captions: there is no subtitle track {name}{hint}",
                name=repr(name),
                hint=hint,
            )
        )
    return found

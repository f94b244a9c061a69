"""Three-point edits: which part of a media file goes to which part of the timeline."""

from dataclasses import dataclass
from fractions import Fraction

from msgspec.structs import replace

from timeline_nb.commands import placing
from timeline_nb.commands.changing import AddTrack
from timeline_nb.commands.command import Command
from timeline_nb.commands.session import EditSession
from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timebase import TimeRange, frame_time
from timeline_nb.timeline.edits.named import spoken
from timeline_nb.timeline.model import Clip, Timeline
from timeline_nb.timeline.queries import clips, clips_of_track, find, range_of
from timeline_nb.widgets.source_requests import EditMediaRequest

__all__ = ["end_of_placed", "new_track", "three_point_command"]


@dataclass(frozen=True)
class _Points:
    """The points of both sides, in exact seconds; None for those that are not set."""

    source_in: Fraction | None
    source_out: Fraction | None
    start: Fraction
    end: Fraction | None


def new_track(session: EditSession, *, has_picture: bool) -> str:
    """Add a track above those of its kind, and return its name."""
    known = {track.name for track in session.timeline.tracks}
    made = session.perform(AddTrack(kind="video" if has_picture else "audio"))
    return next(track.name for track in made.tracks if track.name not in known)


def three_point_command(
    timeline: Timeline, whole: Clip, request: EditMediaRequest, start: Fraction
) -> Command:
    """Return the command of a three-point edit.

    Args:
        timeline: The timeline.
        whole: A clip of all of the media.
        request: What is placed where.
        start: The exact time of `request.at_s`.

    Raises:
        TimelineError: The points leave nothing, or there is too little media.
    """
    rate = timeline.rate

    end = _on_frame(request.until_s, rate)
    if end is not None and end <= start:
        raise TimelineError(
            Message(
                "the out point of the timeline lies before its in point: set it later"
            )
        )
    # Points of the media lie on its own frames.
    own = whole.media.rate or rate
    first, last = _on_frame(request.in_s, own), _on_frame(request.out_s, own)
    points = _Points(first, last, start, end)
    fits = request.mode == "fitToFill"
    clip = _part(whole, points, fits=fits)
    # A file without pictures cannot go on the video track that is the target.
    has_picture = clip.media.size is not None
    track = request.track if has_picture else request.sound_track
    if request.mode == "append":
        return placing.Append(clips=(clip,), track=track)
    if request.mode == "replace":
        item = request.item or _shown(timeline, start, request.track)
        return placing.Replace(clip=item, by=clip)
    if fits:
        if end is None:
            raise TimelineError(
                Message("set in and out on the timeline: that range is filled")
            )
        return placing.FitToFill(
            clip=clip,
            start=start,
            end=end,
            track=track,
            sound=request.sound_track,
            only=request.only,
        )
    kind = placing.Insert if request.mode == "insert" else placing.Overwrite
    return kind(
        clips=(clip,),
        at=start,
        track=track,
        sound=request.sound_track,
        only=request.only,
    )


def end_of_placed(command: Command, before: Timeline, after: Timeline) -> Fraction:
    """Return the time of the timeline at which what a command placed ends."""
    if isinstance(command, placing.FitToFill):
        return command.end
    if isinstance(command, (placing.Insert, placing.Overwrite)):
        lengths = (clip.source_range.duration for clip in command.clips)
        return sum(lengths, command.at)
    known = {clip.id for clip in clips(before)}
    places = (find(after, clip.id) for clip in clips(after) if clip.id not in known)
    ends = (range_of(after.tracks[own.track], own.item).end for own in places)
    return max(ends, default=Fraction(0))


def _on_frame(seconds: float | None, rate: Fraction) -> Fraction | None:
    if seconds is None:
        return None
    return frame_time(round(Fraction(seconds) * rate), rate)


def _part(whole: Clip, points: _Points, *, fits: bool) -> Clip:
    """Return the part of the media that the points leave."""
    span = whole.source_range
    first = span.start if points.source_in is None else points.source_in
    last = span.end if points.source_out is None else points.source_out
    if points.end is not None and not fits:
        length = points.end - points.start
        if points.source_in is None and points.source_out is not None:
            first = last - length
        else:
            last = first + length
    first, last = max(first, span.start), min(last, span.end)
    if last <= first:
        raise TimelineError(
            Message(
                "nothing of {item} lies between its in and out points: set the out "
                "point later",
                item=spoken(whole),
            )
        )
    return replace(whole, source_range=TimeRange.between(first, last))


def _shown(timeline: Timeline, at: Fraction, track: str | None) -> str:
    """Return the clip that a track shows at a time, which is replaced."""
    for clip in clips_of_track(timeline, track):
        place = find(timeline, clip.id)
        span = range_of(timeline.tracks[place.track], place.item)
        if span.contains(at):
            return clip.id
    raise TimelineError(
        Message("no clip is under the playhead to be replaced: select one")
    )

"""The flat edit: what an edit shows, in frames, as other programs say it.

Writers start from it and readers make it, so that speeds, fades, dissolves and times
off the frame grid are worked out, and reported, in one place (`flatten.py`,
`unflatten.py`). Frames are those of the edit's rate, from its start, as fractions:
whole numbers where `flatten` was asked for whole frames.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.choices import Interpolation, TrackKind
from timeline_nb.timeline.model import Effect, Keyframe, Transform

__all__ = [
    "FlatClip",
    "FlatEdit",
    "FlatGap",
    "FlatItem",
    "FlatKey",
    "FlatMarker",
    "FlatMedia",
    "FlatText",
    "FlatTrack",
    "FlatTransition",
]

_ZERO = Fraction(0)
_ONE = Fraction(1)
_PLAIN = Transform()


@dataclass(frozen=True, kw_only=True)
class FlatKey:
    """A keyframe.

    Args:
        frame: From the clip's start.
        value: A number, or several.
        interpolation: The way to the next one.
        handles: Control points of `bezier`.
    """

    frame: Fraction
    value: Any
    interpolation: Interpolation = "linear"
    handles: tuple[float, float, float, float] = (0.42, 0.0, 0.58, 1.0)

    def at(self, time: Fraction) -> Keyframe:
        """Return the keyframe of the model, at a time."""
        return Keyframe(
            time=time,
            value=self.value,
            interpolation=self.interpolation,
            handles=self.handles,
        )


@dataclass(frozen=True, kw_only=True)
class FlatMarker:
    """A named range.

    Args:
        name: The name.
        start: In frames: from the edit's start, or from the clip's start on its track
            (which may be before it, or behind its end).
        duration: In frames; 0 of a moment.
        color: A CSS color by name, or `#rrggbb`.
        note: Text.
    """

    name: str
    start: Fraction
    duration: Fraction = _ZERO
    color: str = "red"
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class FlatMedia:
    """What a clip shows: a file, a generator or a nested edit.

    Args:
        path: Of the file, as the request has it; empty without one.
        name: The file's name, or what stands for it.
        rate: Frames a second; None of stills and sound alone, or where not known.
        size: Width and height in pixels; None without video, or where not known.
        has_video: Whether it has pictures.
        has_audio: Whether it has sound.
        available: Its range in seconds from the file's start; None of stills, or where
            it is not known.
        timecode: Of its first frame, in seconds; None where it is not known.
        fingerprint: Of its content; empty where it is not known.
        channels: Of its sound; 0 where it is not known.
        generator: `title`, `solid` or another, with its parameters.
        edit: The nested edit.
    """

    path: str = ""
    name: str = ""
    rate: Fraction | None = None
    size: tuple[int, int] | None = None
    has_video: bool = True
    has_audio: bool = False
    available: TimeRange | None = None
    timecode: Fraction | None = None
    fingerprint: str = ""
    channels: int = 0
    generator: Effect | None = None
    edit: "FlatEdit | None" = None

    @property
    def is_file(self) -> bool:
        """Whether it is a file, which may be offline."""
        return self.generator is None and self.edit is None


@dataclass(frozen=True, kw_only=True)
class FlatClip:
    """A clip.

    Args:
        start: The frame of the edit at which it begins.
        duration: In frames, more than 0.
        media: What it shows.
        source_start: The media second that it shows first: with a negative speed the
            end of what it shows.
        speed: Media seconds a second, exact: 2 is twice as fast, -1 backwards, 0 a
            freeze. Of a ramp, the mean.
        ramp: Keyframes of the rate, where it changes; empty else.
        id: Kept through edits; empty of a foreign clip.
        name: The name that is shown.
        link: Clips of one link move together; empty of one alone.
        transform: The placement of the picture.
        gain_db: Of the sound.
        pan: -1 is left, 1 is right.
        keyframes: Of `position`, `scale`, `rotation_deg`, `opacity`, `gain_db` and
            `pan`, where they change; they override the above.
        fade_in: Frames over which picture or sound fades in.
        fade_out: Frames over which it fades out.
        effects: Without the speed; applied in order.
        look: The name of a table of colors (.cube) beside the file, which is applied
            first; empty if there is none.
        markers: Counted from the clip's start.
        metadata: Free, by name; a format may keep there what no field has.
        enabled: Whether it is shown.
    """

    start: Fraction
    duration: Fraction
    media: FlatMedia
    source_start: Fraction
    speed: Fraction = _ONE
    ramp: tuple[FlatKey, ...] = ()
    id: str = ""
    name: str = ""
    link: str = ""
    transform: Transform = _PLAIN
    gain_db: float = 0.0
    pan: float = 0.0
    keyframes: tuple[tuple[str, tuple[FlatKey, ...]], ...] = ()
    fade_in: Fraction = _ZERO
    fade_out: Fraction = _ZERO
    effects: tuple[Effect, ...] = ()
    look: str = ""
    markers: tuple[FlatMarker, ...] = ()
    metadata: tuple[tuple[str, Any], ...] = ()
    enabled: bool = True

    @property
    def end(self) -> Fraction:
        """The frame of the edit at which it ends."""
        return self.start + self.duration

    def keys(self, parameter: str) -> tuple[FlatKey, ...]:
        """Return the keyframes of a parameter; none if it does not change."""
        return dict(self.keyframes).get(parameter, ())

    def source_at(self, frame: Fraction, rate: Fraction) -> Fraction:
        """Return the media second shown so many frames after the clip's start.

        A ramp is taken at its mean.
        """
        return self.source_start + frame / rate * self.speed


@dataclass(frozen=True, kw_only=True)
class FlatGap:
    """An empty range, in frames."""

    start: Fraction
    duration: Fraction

    @property
    def end(self) -> Fraction:
        """The frame at which it ends."""
        return self.start + self.duration


@dataclass(frozen=True, kw_only=True)
class FlatText:
    """A line of subtitles, in frames.

    Args:
        start: The frame of the edit at which it is shown.
        duration: In frames.
        text: With line breaks.
        id: Kept through edits.
        style: Parameters of `title` that differ from the track's.
    """

    start: Fraction
    duration: Fraction
    text: str
    id: str = ""
    style: tuple[tuple[str, Any], ...] = ()

    @property
    def end(self) -> Fraction:
        """The frame at which it ends."""
        return self.start + self.duration


@dataclass(frozen=True, kw_only=True)
class FlatTransition:
    """A transition across the cut between the clips before and after it.

    Args:
        kind: `dissolve`, or another of the catalog.
        at: The frame of the cut.
        in_offset: Frames before the cut at which it begins.
        out_offset: Frames behind the cut at which it ends.
        parameters: Of the kind.
    """

    kind: str = "dissolve"
    at: Fraction
    in_offset: Fraction
    out_offset: Fraction
    parameters: tuple[tuple[str, Any], ...] = ()

    @property
    def duration(self) -> Fraction:
        """In frames."""
        return self.in_offset + self.out_offset


FlatItem: TypeAlias = FlatClip | FlatGap | FlatText | FlatTransition


@dataclass(frozen=True, kw_only=True)
class FlatTrack:
    """A track: items one after another from frame 0, gaps included.

    Args:
        kind: `video` (later ones are shown over earlier ones), `audio` or `subtitle`.
        name: Unique in the edit, or empty of a foreign one.
        items: In order of time. A reader may leave gaps out: what is empty is filled.
        enabled: Whether it is seen or heard.
        locked: Whether edits are refused.
        gain_db: Of the whole track.
        pan: Of the whole track.
        effects: Of the whole track.
    """

    kind: TrackKind
    name: str = ""
    items: tuple[FlatItem, ...] = ()
    enabled: bool = True
    locked: bool = False
    gain_db: float = 0.0
    pan: float = 0.0
    effects: tuple[Effect, ...] = ()

    @property
    def clips(self) -> tuple[FlatClip, ...]:
        """Its clips, in order."""
        return tuple(item for item in self.items if isinstance(item, FlatClip))

    @property
    def end(self) -> Fraction:
        """The frame at which its last item ends."""
        ends = [i.end for i in self.items if not isinstance(i, FlatTransition)]
        return max(ends, default=_ZERO)


@dataclass(frozen=True, kw_only=True)
class FlatEdit:
    """An edit.

    Args:
        name: The name that is shown.
        rate: Frames a second.
        size: Width and height in pixels, both even; None of a foreign edit that does
            not say it.
        start_frame: The number of its first frame by its timecode: 90,000 at 25 frames
            a second where it begins at 01:00:00:00.
        is_drop_frame: Whether its timecode drops numbers.
        tracks: Video from the bottom up, and audio and subtitle tracks.
        markers: Counted from the edit's start.
        effects: Of the whole edit.
        sample_rate_hz: Of its sound.
    """

    name: str
    rate: Fraction
    size: tuple[int, int] | None = None
    start_frame: int = 0
    is_drop_frame: bool = False
    tracks: tuple[FlatTrack, ...] = ()
    markers: tuple[FlatMarker, ...] = ()
    effects: tuple[Effect, ...] = ()
    sample_rate_hz: int = 48_000

    @property
    def duration(self) -> Fraction:
        """In frames, up to the end of its longest track."""
        return max((track.end for track in self.tracks), default=_ZERO)

"""The timeline model: frozen structs with the names of OpenTimelineIO.

A track's items follow one another: a `Gap` fills what is empty. A `Transition` is an
item between two clips and takes no time of its own: it plays over the last `in_offset`
seconds of the first and the first `out_offset` seconds of the second, and needs that
much more media of both.
"""

from collections.abc import Callable
from fractions import Fraction
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from timeline_nb.core.assumption import AS_TOLD, Assumption
from timeline_nb.core.audio_choice import AudioChoice
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.attributes import (
    Effect,
    Effects,
    Keyframe,
    Keyframes,
    Marker,
    Markers,
    Transform,
)
from timeline_nb.timeline.choices import (
    BlendMode,
    Fit,
    Interpolation,
    SyncLock,
    TrackKind,
)
from timeline_nb.timeline.limits import Name, PathText, Side, Text, Whole
from timeline_nb.timeline.value import Value, short

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "BlendMode",
    "Clip",
    "Effect",
    "Fit",
    "Gap",
    "Interpolation",
    "Item",
    "Keyframe",
    "Keyframes",
    "Marker",
    "MediaReference",
    "Subtitle",
    "SyncLock",
    "Timeline",
    "Track",
    "TrackKind",
    "Transform",
    "Transition",
    "set_views",
]


class MediaReference(Value, frozen=True, kw_only=True):
    """What a clip shows: a media file, a generator, or a nested timeline.

    Args:
        path: The path of the file, absolute or relative to the working folder; of an
            image sequence, followed by its rate (`shot_%04d.png#rate=24`); empty if
            there is no file.
        fingerprint: The file's content in a few hex digits, empty if unknown.
        available_range: The range of media time, in seconds from the file's start;
            None of a still image, which lasts as long as asked.
        rate: Frames a second, None without video and for stills.
        size: Display width and height in pixels, None without video.
        has_audio: Whether the file has sound.
        generator: What makes the pictures instead of a file: `title`, `solid`, or
            `adjustment`, which applies the clip's effects to what is below.
        timeline: The timeline that is shown instead of a file.
        assumed: Color and fields to assume, overriding what the file says.

    Example:
        >>> media = cut.clips[0].media
        >>> media.label, media.is_file, media.is_adjustment
        ('bikes.mp4', True, False)
        >>> media.available_range.duration, media.rate, media.size
        (Fraction(10, 1), Fraction(25, 1), (640, 272))
    """

    path: PathText = ""
    fingerprint: Name = ""
    available_range: TimeRange | None = None
    rate: Fraction | None = None
    size: tuple[Side, Side] | None = None
    has_audio: bool = False
    generator: Effect | None = None
    timeline: "Timeline | None" = None
    assumed: Assumption = AS_TOLD

    @property
    def label(self) -> str:
        """The name of the file, the generator or the timeline."""
        if self.generator is not None:
            return self.generator.kind
        if self.timeline is not None:
            return self.timeline.name
        return PurePath(self.path).name

    @property
    def is_file(self) -> bool:
        """Whether it refers to a file, which may be offline."""
        return self.generator is None and self.timeline is None

    @property
    def is_adjustment(self) -> bool:
        """Whether it is an adjustment layer."""
        return self.generator is not None and self.generator.kind == "adjustment"


class Clip(Value, frozen=True, kw_only=True, tag="clip"):
    """A range of media on a track.

    Args:
        id: Unique in the timeline and kept through edits; empty until placed.
        name: The name that is shown.
        media: The media.
        source_range: The range of it, in seconds from the file's start.
        link: Clips of one link move and are trimmed together (picture and sound).
        transform: The placement of the picture.
        gain_db: Gain of the sound.
        pan: Pan of the sound: -1 is left, 1 is right.
        audio: Which of the file's audio streams are heard: numbers in the order of
            the file, from 0, `default`, `all`, or `dual_mono`, which puts the first
            two of one channel left and right.
        keyframes: Of `position`, `scale`, `rotation_deg`, `opacity`, `gain_db` and
            `pan`, where they change.
        fade_in: Seconds over which picture or sound fades in.
        fade_out: Seconds over which it fades out.
        effects: Applied in order.
        markers: In media time.
        metadata: Free; rows of a detection table travel here.

    Example:
        >>> clip = tl.Clip(
        ...     name="crossing",
        ...     media=src.reference,
        ...     source_range=tl.TimeRange.between(1, 3),
        ... )
        >>> clip.duration
        Fraction(2, 1)
        >>> cut.append(clip)
        >>> cut.clips[-1].label
        "'crossing' (c4)"
    """

    id: Name = ""
    name: Name = ""
    media: MediaReference
    source_range: TimeRange
    link: Name = ""
    transform: Transform = Transform()
    gain_db: float = 0.0
    pan: float = 0.0
    audio: AudioChoice = "default"
    keyframes: Keyframes = {}
    fade_in: Fraction = msgspec.field(default_factory=Fraction)
    fade_out: Fraction = msgspec.field(default_factory=Fraction)
    effects: Effects = ()
    markers: Markers = ()
    metadata: dict[str, Any] = {}

    @property
    def label(self) -> str:
        """The clip's name and id, as messages have it: `'street' (c3)`."""
        return f"{self.name!r} ({self.id})"

    @property
    def duration(self) -> Fraction:
        """Seconds on the track."""
        return self.source_range.duration

    def __repr__(self) -> str:
        span, media = self.source_range, short(self.media.label, 22)
        own = f"{self.id} " if self.id else ""
        shown = f"{float(span.start):.6g} to {float(span.end):.6g} s of {media}"
        if speed := next((one for one in self.effects if one.kind == "speed"), None):
            # What it shows of the media is not its source range, then.
            rate = speed.parameters.get("rate", 1)
            is_even = isinstance(rate, (int, float)) and not speed.keyframes
            how = f"speed {rate:g}" if is_even else "changing speed"
            shown = f"{float(span.duration):.6g} s of {media} at {how}"
        return f"<Clip {own}{short(self.name, 22)} {shown}>"


class Subtitle(Value, frozen=True, kw_only=True, tag="subtitle"):
    """A line of text on a subtitle track.

    Args:
        id: Unique in the timeline; empty until placed.
        text: The text, with line breaks.
        duration: Seconds.
        style: Parameters of `title` that differ from those of its track.
        metadata: Free.

    Example:
        >>> cut.subtitles.add("Good morning", start=0, end="2s")
        >>> line = cut.timeline.tracks[-1].items[0]
        >>> line.text, line.duration
        ('Good morning', Fraction(2, 1))
    """

    id: Name = ""
    text: Text
    duration: Fraction
    style: dict[str, Any] = {}
    metadata: dict[str, Any] = {}


class Gap(Value, frozen=True, kw_only=True, tag="gap"):
    """An empty range of a track: what is below shows, or black, or silence.

    Example:
        >>> from fractions import Fraction
        >>> gap = tl.Gap(duration=Fraction(2))
        >>> track = tl.Track(kind="video", name="V1", items=(gap, src.clip()))
        >>> track
        <Track 'V1' video, 2 items>
    """

    duration: Fraction


class Transition(Value, frozen=True, kw_only=True, tag="transition"):
    """A transition across the cut between two clips.

    Args:
        kind: Its name in the catalogue: `dissolve`, `wipe`, `push` ...
        in_offset: Seconds before the cut at which it begins.
        out_offset: Seconds after the cut at which it ends.
        parameters: Parameters of the kind.

    Example:
        >>> cut.dissolve(after="c1", duration="1s")
        >>> transition = cut.timeline.tracks[0].items[1]
        >>> transition.kind, transition.in_offset, transition.out_offset
        ('dissolve', Fraction(1, 2), Fraction(1, 2))
    """

    kind: Name = "dissolve"
    in_offset: Fraction
    out_offset: Fraction
    parameters: dict[str, Any] = {}


Item: TypeAlias = Clip | Subtitle | Gap | Transition


class Track(Value, frozen=True, kw_only=True):
    """A track: items one after another.

    Args:
        kind: `video`, `audio` or `subtitle`; of video tracks, later ones are shown
            over earlier ones.
        name: Unique in the timeline: `V1`, `A1`, `S1` ...
        items: In order of time; gaps fill what is empty.
        enabled: Whether it is seen or heard.
        locked: Whether edits are refused.
        sync_lock: What it does in an insert or a ripple on another track. `auto`: what
            begins later moves, as far as there is room, and what only spans the cut
            stays as it is. `on`: it is cut there too. `off`: it does not move.
        gain_db: Gain of the whole track.
        pan: Pan of the whole track: -1 is left, 1 is right.
        effects: Applied to the track's picture or sound, in order.
        style: Parameters of `title` for the lines of a subtitle track.
        metadata: Free.

    Example:
        >>> track = cut.timeline.tracks[0]
        >>> track.name, track.kind, len(track.items)
        ('V1', 'video', 2)
    """

    kind: TrackKind
    name: Name
    items: tuple[Item, ...] = ()
    enabled: bool = True
    locked: bool = False
    sync_lock: SyncLock = "auto"
    gain_db: float = 0.0
    pan: float = 0.0
    effects: Effects = ()
    style: dict[str, Any] = {}
    metadata: dict[str, Any] = {}

    def __repr__(self) -> str:
        items, locked = len(self.items), ", locked" if self.locked else ""
        return (
            f"<Track {short(self.name, 32)} {self.kind}, "
            f"{items} item{'s' * (items != 1)}{locked}>"
        )


# Tables and drawings import the model: the package sets them here.
_views: dict[str, Callable[..., Any]] = {}


def set_views(**views: Callable[..., Any]) -> None:
    """Set the functions behind `to_dataframe`, `from_dataframe` and the drawing."""
    _views.update(views)


class Timeline(Value, frozen=True, kw_only=True):
    """An edit: tracks of clips at one rate and size.

    Args:
        name: The name that is shown.
        rate: Frames a second of the result.
        size: Width and height of the result, in pixels, both even.
        sample_rate_hz: Samples a second of the result's sound.
        tracks: Video from the bottom up, and audio and subtitle tracks.
        effects: Applied to the whole, picture and sound, in order.
        markers: In timeline seconds.
        metadata: Free.
        next_id: The number of the next item to be placed, so that ids are not reused.

    Example:
        >>> timeline = tl.Timeline(name="empty", rate=src.rate, size=(1280, 720))
        >>> tl.Edit(timeline=timeline).duration
        Fraction(0, 1)
        >>> cut.timeline
        <Timeline 'traffic' 320x180 25 fps, 3 items on 2 tracks>
    """

    name: Name
    rate: Fraction
    size: tuple[int, int]
    sample_rate_hz: int = 48_000
    tracks: tuple[Track, ...] = ()
    effects: Effects = ()
    markers: Markers = ()
    metadata: dict[str, Any] = {}
    next_id: Whole = 1

    def to_dataframe(self) -> "pd.DataFrame":
        """Return a table of one row an item, without loss.

        The columns are listed in `timeline_nb.timeline.tables`.

        Example:
            >>> rows = cut.timeline.to_dataframe()
            >>> rows[["track", "name"]]
              track     name
            0    V1    bikes
            1    V1    bikes
            2    V2  Traffic
        """
        table: pd.DataFrame = _views["to_dataframe"](self)
        return table

    @staticmethod
    def from_dataframe(
        table: "pd.DataFrame", *, timeline: "Timeline | None" = None
    ) -> "Timeline":
        """Return the timeline of a table as `to_dataframe` makes it, changed or not.

        Args:
            table: Rows that were moved, changed or dropped.
            timeline: The timeline that the table was made from, for a table that was
                read from CSV.

        Raises:
            TimelineError: A row cannot be read, or the whole is not valid.

        Example:
            >>> rows = cut.timeline.to_dataframe()
            >>> tl.Timeline.from_dataframe(rows) == cut.timeline
            True
        """
        made: Timeline = _views["from_dataframe"](table, timeline=timeline)
        return made

    def _repr_html_(self) -> str:
        drawing: str = _views["draw"](self)
        return drawing

    def __repr__(self) -> str:
        width, height = self.size
        items = sum(len(track.items) for track in self.tracks)
        tracks = len(self.tracks)
        return (
            f"<Timeline {short(self.name, 32)} {width}x{height} "
            f"{float(self.rate):.6g} fps, {items} item{'s' * (items != 1)} on "
            f"{tracks} track{'s' * (tracks != 1)}>"
        )

"""What a walk through a sequence finds: stretches of picture, sound and text."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeAlias

from timeline_nb.interchange.fcpxml.read_adjustments import PictureLook, SoundLook
from timeline_nb.interchange.flat import FlatKey, FlatMarker, FlatMedia

__all__ = [
    "CaptionLine",
    "Joint",
    "Lane",
    "Piece",
    "PieceKind",
    "ReadMarker",
    "SequenceContents",
    "plain",
]

PieceKind: TypeAlias = Literal["video", "audio"]
# How it is stacked: the lane of what it is connected to, its own lane there, and so on.
Lane: TypeAlias = tuple[int, ...]


def plain(lane: Lane) -> Lane:
    """Return a lane without what stands for the primary storyline of each."""
    end = len(lane)
    while end and not lane[end - 1]:
        end -= 1
    return lane[:end]


@dataclass(frozen=True)
class ReadMarker:
    """A marker: its second of the edit, and what it says."""

    at: Fraction
    marker: FlatMarker
    is_chapter: bool


@dataclass(kw_only=True)
class Piece:
    """A stretch of picture or sound.

    Args:
        kind: Which of both.
        lane: How it is stacked.
        low: Its first second of the edit.
        high: The second after its last.
        media: What it shows.
        source_start: The media second that it shows first.
        speed: Media seconds a second.
        ramp: Speeds, where they change.
        name: The clip's.
        link: Pieces of one clip have the same.
        role: The subrole that stands for a track's name; empty without one.
        enabled: Whether it is shown.
        picture: How its picture is placed and seen.
        sound: How it is heard.
        marks: Markers on it.
        is_first: Whether it begins where its clip does.
        is_last: Whether it ends where its clip does.
    """

    kind: PieceKind
    lane: Lane
    low: Fraction
    high: Fraction
    media: FlatMedia
    source_start: Fraction
    speed: Fraction
    ramp: tuple[FlatKey, ...] = ()
    name: str = ""
    link: str = ""
    role: str = ""
    enabled: bool = True
    picture: PictureLook = field(default_factory=PictureLook)
    sound: SoundLook = field(default_factory=SoundLook)
    marks: list[ReadMarker] = field(default_factory=list)
    is_first: bool = True
    is_last: bool = True

    def begin_at(self, at: Fraction) -> None:
        """Cut off what is before a second of the edit."""
        self.source_start += (at - self.low) * self.speed
        self.low = at


@dataclass(frozen=True, kw_only=True)
class CaptionLine:
    """A caption: its role, its range in seconds of the edit, and its text."""

    role: str
    low: Fraction
    high: Fraction
    text: str
    enabled: bool


@dataclass(frozen=True, kw_only=True)
class Joint:
    """A transition of a storyline.

    Args:
        lane: Of the storyline.
        low: Its first second of the edit.
        high: The second after its last.
        kind: Of the catalog.
        picture: Whether pictures have it.
        sound: Whether sounds have it.
    """

    lane: Lane
    low: Fraction
    high: Fraction
    kind: str
    picture: bool
    sound: bool


@dataclass
class SequenceContents:
    """All that a walk finds."""

    pieces: list[Piece] = field(default_factory=list)
    lines: list[CaptionLine] = field(default_factory=list)
    joints: list[Joint] = field(default_factory=list)
    marks: list[ReadMarker] = field(default_factory=list)

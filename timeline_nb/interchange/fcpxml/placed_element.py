"""Where a clip stands, and where it is shown."""

from dataclasses import dataclass, field
from fractions import Fraction

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange.fcpxml.pieces import Lane
from timeline_nb.interchange.fcpxml.read_adjustments import PictureLook, SoundLook
from timeline_nb.interchange.fcpxml.source_maps import Axis

__all__ = ["PlacedElement", "Surroundings"]


@dataclass(frozen=True)
class Surroundings:
    """Where an element stands.

    Args:
        axis: Of what it stands on.
        lane: Of what it stands on.
        rate: Frames a second of what it stands on.
        enabled: Whether all that it is in is.
        picture: Whether pictures in it are shown.
        sound: Whether sounds in it are heard.
        link: Of the clip that it is in; empty in none.
        look: Of the clip that it is in.
        heard: Of the clip that it is in.
        level: Of clips in clips.
    """

    axis: Axis
    rate: Fraction
    lane: Lane = ()
    enabled: bool = True
    picture: bool = True
    sound: bool = True
    link: str = ""
    look: PictureLook = field(default_factory=PictureLook)
    heard: SoundLook = field(default_factory=SoundLook)
    level: int = 0


@dataclass(frozen=True)
class PlacedElement:
    """A clip, where it is shown.

    Args:
        element: The clip.
        axis: Of its own time.
        low: Its first second of the edit.
        high: The second after its last.
        whole: Both, before they were cut to what it is in.
        context: Where it stands.
    """

    element: XmlElement
    axis: Axis
    low: Fraction
    high: Fraction
    whole: tuple[Fraction, Fraction]
    context: Surroundings

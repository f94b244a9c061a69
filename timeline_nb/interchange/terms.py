"""What reports speak of: one word for one thing, in all formats and both directions.

A report's `what` is one of these, or a thing that one format alone has, such as the
name of a reel.
"""

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from timeline_nb.timeline.model import Transform

__all__ = [
    "ASSUMED",
    "BAKE",
    "BLEND",
    "CLIP",
    "DISABLED",
    "EDIT",
    "FADES",
    "FIRST_FRAME",
    "GAIN",
    "GAP_THERE",
    "LETTERS",
    "LINES",
    "LINES_BESIDE",
    "LINK",
    "LOCK",
    "METADATA",
    "NAME",
    "NESTED",
    "PAN",
    "PLACEMENT",
    "RATE",
    "SAMPLE_RATE",
    "SIZE",
    "SPEED",
    "START_TIMECODE",
    "STREAMS",
    "STYLE",
    "SYNC_LOCK",
    "TIMES",
    "TRACK",
    "effect",
    "generator",
    "keyframes",
    "marker",
    "of_placement",
    "transition",
]

# Where: the whole of it.
EDIT: Final = "the edit"

# What: of the edit, of a track, of a clip.
ASSUMED: Final = "what is assumed of the media"
BLEND: Final = "the blend mode"
CLIP: Final = "the clip"
DISABLED: Final = "that it is disabled"
FADES: Final = "the fades"
FIRST_FRAME: Final = "the first frame"
GAIN: Final = "the gain"
LETTERS: Final = "the letters"
LINES: Final = "the subtitles"
LINK: Final = "the link"
LOCK: Final = "the lock"
METADATA: Final = "the metadata"
NAME: Final = "the name"
NESTED: Final = "the nested edit"
PAN: Final = "the pan"
PLACEMENT: Final = "the placement"
RATE: Final = "the rate"
SAMPLE_RATE: Final = "the sample rate"
SIZE: Final = "the size"
SPEED: Final = "the speed"
START_TIMECODE: Final = "the start timecode"
STREAMS: Final = "the choice of streams"
STYLE: Final = "the style"
SYNC_LOCK: Final = "the sync lock"
TIMES: Final = "the times"
TRACK: Final = "the track"

# Details: what becomes of it, and what to do.
BAKE: Final = "bake='effects' renders it"
GAP_THERE: Final = "a gap stands there"
LINES_BESIDE: Final = "subtitles='srt' writes them beside the file"

_MOST_LETTERS: Final = 40
_PLAIN: Final = Transform()


def effect(kind: str) -> str:
    """Return how an effect is called: `the effect 'sepia'`."""
    return f"the effect {_short(kind)}"


def transition(kind: str) -> str:
    """Return how a transition is called: `the transition 'wipe'`."""
    return f"the transition {_short(kind)}"


def marker(name: str) -> str:
    """Return how a marker is called: `the marker 'take 2'`."""
    return f"the marker {_short(name)}"


def generator(kind: str) -> str:
    """Return how a generated picture is called: `the generator 'title'`."""
    return f"the generator {_short(kind)}"


def keyframes(parameter: str) -> str:
    """Return how the changes of a parameter are called: `keyframes of opacity`."""
    return f"keyframes of {parameter}"


def of_placement(transform: Transform) -> Iterator[str]:
    """Yield what is not plain of a placement: the blend mode is a thing of its own."""
    if transform.blend != "normal":
        yield BLEND
    if replace(transform, blend="normal") != _PLAIN:
        yield PLACEMENT


def _short(name: str) -> str:
    return repr(name if len(name) <= _MOST_LETTERS else f"{name[:_MOST_LETTERS]}…")

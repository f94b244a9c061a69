"""Limits of a timeline: how long its names, texts and lists may be.

They are far beyond what people make, and keep one hostile value from filling the
memory of everyone who reads it. The reader of project files applies them as it reads,
and validation to what Python code builds.
"""

from typing import Annotated, Final, TypeAlias

from msgspec import Meta

__all__ = [
    "EFFECTS",
    "KEYFRAMES",
    "MARKERS",
    "MAX_CLOCK_WORK",
    "MAX_FREE_DEPTH",
    "MAX_FREE_DIGITS",
    "MAX_FREE_LETTERS",
    "MAX_MARKERS",
    "MAX_NAME_LETTERS",
    "MAX_NESTING",
    "MAX_RATE_KEYFRAMES",
    "MAX_TEXT_LETTERS",
    "MAX_TRACKS",
    "MAX_WRITTEN_ITEMS",
    "Handle",
    "Name",
    "PathText",
    "Side",
    "Text",
    "Whole",
]

MAX_TRACKS: Final = 1_000
# A book has 500,000 letters, its longest chapter's page 5,000.
MAX_TEXT_LETTERS: Final = 20_000
MAX_NAME_LETTERS: Final = 1_000
# A sequence of files has all their names in its path.
MAX_PATH_LETTERS: Final = 4_000_000
# Metadata and parameters, whose values may be anything.
MAX_FREE_LETTERS: Final = 200_000
MAX_FREE_DEPTH: Final = 40
MAX_FREE_DIGITS: Final = 40
# Levels of timelines within timelines. A file with so many nests 100 deep as JSON.
MAX_NESTING: Final = 8
# Items of a timeline and of those nested in it, as a project file repeats them.
MAX_WRITTEN_ITEMS: Final = 1_000_000
# Keyframes of one rate: each costs 0.2 ms when its ramp is built.
MAX_RATE_KEYFRAMES: Final = 1_000
# Adding times costs their digits: items times the square of the bits of the least
# common denominator. 400 items whose 40-bit denominators share nothing have this much,
# and are drawn in a second.
MAX_CLOCK_WORK: Final = 100_000_000_000

# Effects of one owner: each is computed for every frame.
EFFECTS: Final = Meta(max_length=1_000)
MAX_MARKERS: Final = 100_000
MARKERS: Final = Meta(max_length=MAX_MARKERS)
# Of one parameter: an hour of an object's track, a keyframe a frame.
KEYFRAMES: Final = Meta(max_length=250_000)

Name: TypeAlias = Annotated[str, Meta(max_length=MAX_NAME_LETTERS)]
Text: TypeAlias = Annotated[str, Meta(max_length=MAX_TEXT_LETTERS)]
PathText: TypeAlias = Annotated[str, Meta(max_length=MAX_PATH_LETTERS)]
# Sides of pictures, which may be larger than what can be decoded.
Side: TypeAlias = Annotated[int, Meta(ge=0, le=1_000_000)]
Whole: TypeAlias = Annotated[int, Meta(ge=0, le=2**53)]
# The y of a handle goes beyond 0 and 1 where a change overshoots.
Handle: TypeAlias = Annotated[float, Meta(ge=-100, le=100)]

"""What the fields of requests may hold: sizes, times, counts and lengths of texts.

A request is read against these before anything is done. They are wider than what the
views send, and narrow enough that no message costs much: an edit's own limits are
checked where the edit is made.
"""

from typing import Annotated, Final, TypeAlias

from msgspec import Meta

from timeline_nb.timeline import limits
from timeline_nb.timeline.comments import MOST_COMMENT_LETTERS

__all__ = [
    "AddressText",
    "BinPath",
    "CommentText",
    "Coordinate",
    "Count",
    "FrameNumber",
    "FrameNumbers",
    "Gain",
    "ItemIds",
    "Name",
    "Number",
    "Numbers",
    "PathText",
    "Points",
    "Seconds",
    "SizePx",
    "Text",
    "Times",
    "TrackSteps",
    "ViewName",
]

# Integers that the browser holds exactly.
_MOST: Final = 2**53 - 1
# The name of a view is ten letters; another client's may be a UUID.
ViewName: TypeAlias = Annotated[str, Meta(min_length=1, max_length=64)]
# A name of a clip, track, marker, effect or label, or an id.
Name: TypeAlias = limits.Name
# What a person types: the longest path that Linux takes.
PathText: TypeAlias = Annotated[str, Meta(max_length=4096)]
# A path of the bin: that of a sequence has the names of all its files.
BinPath: TypeAlias = limits.PathText
# The address that a sign-in ends at, with a code of some hundred letters.
AddressText: TypeAlias = Annotated[str, Meta(max_length=16_384)]
# The text of a title, or a list of points as JSON.
Text: TypeAlias = limits.Text
# What a person writes of a moment.
CommentText: TypeAlias = Annotated[str, Meta(max_length=MOST_COMMENT_LETTERS)]
# About four months, to either side.
Seconds: TypeAlias = Annotated[float, Meta(ge=-1e7, le=1e7)]
# Any number that an effect takes.
Number: TypeAlias = Annotated[float, Meta(ge=-1e9, le=1e9)]
# A place in pixels of the shown frame, or in shares of it; or degrees.
Coordinate: TypeAlias = Annotated[float, Meta(ge=-1e6, le=1e6)]
Gain: TypeAlias = Annotated[float, Meta(ge=-1000, le=1000)]
SizePx: TypeAlias = Annotated[int, Meta(ge=0, le=65_535)]
# A number of something, or its place in a list.
Count: TypeAlias = Annotated[int, Meta(ge=0, le=_MOST)]
# Views ask for frames before the first too, near the start.
FrameNumber: TypeAlias = Annotated[int, Meta(ge=-_MOST, le=_MOST)]
TrackSteps: TypeAlias = Annotated[int, Meta(ge=-1000, le=1000)]
# Views ask for 17 frames and 60 thumbnails at once.
FrameNumbers: TypeAlias = Annotated[list[FrameNumber], Meta(max_length=100)]
Times: TypeAlias = Annotated[list[Seconds], Meta(max_length=1000)]
# An effect's position, color or size.
Numbers: TypeAlias = Annotated[list[Number], Meta(max_length=64)]
ItemIds: TypeAlias = Annotated[list[Name], Meta(max_length=10_000)]
# The corners of a shape, each clicked by a person.
Points: TypeAlias = Annotated[list[tuple[Coordinate, Coordinate]], Meta(max_length=256)]

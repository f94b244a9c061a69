"""Titles and other generators in an EDL, which has no words for them.

The event is one of reel AX without a file; a remark of this program holds what makes
its pictures, so that it is not taken for media that are missing.
"""

import json
from typing import Final

import msgspec

from timeline_nb.core.bounded_json import parse
from timeline_nb.core.structs import from_builtins, to_canonical
from timeline_nb.errors import ProjectError
from timeline_nb.interchange.edl.placing import PlacedEvent
from timeline_nb.interchange.flat import FlatMedia
from timeline_nb.timeline.model import MediaReference

__all__ = ["generator_note", "is_generator", "noted_generator"]

_NOTE: Final = "generator"
_REEL: Final = "AX"
# Far below the longest row that is read: in a remark, a letter may take three.
_MOST_LETTERS: Final = 20_000


def generator_note(media: FlatMedia) -> dict[str, str]:
    """Return what a remark says of a generator; nothing of other media."""
    if media.generator is None:
        return {}
    own = MediaReference(generator=media.generator, size=media.size)
    text = json.dumps(to_canonical(own), separators=(",", ":"))
    # What is too long comes back as a gap, by its kind.
    return {_NOTE: text if len(text) <= _MOST_LETTERS else media.generator.kind}


def is_generator(event: PlacedEvent) -> bool:
    """Return whether an event was a generator, and no program gave it media since."""
    is_bare = not event.file and event.row.reel.upper() == _REEL
    return is_bare and bool(event.row.channels.video) and _NOTE in event.remark


def noted_generator(event: PlacedEvent) -> FlatMedia | None:
    """Return the generator that an event was; None if its remark cannot be read."""
    try:
        found = parse(event.remark[_NOTE].encode(), "the remark", what="a generator")
        own = from_builtins(found, MediaReference)
    except (ProjectError, UnicodeEncodeError, msgspec.ValidationError):
        return None
    if own.generator is None:
        return None
    return FlatMedia(generator=own.generator, size=own.size)

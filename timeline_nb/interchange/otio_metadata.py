"""What an OpenTimelineIO file keeps of ours, and what we keep of others'.

Ours: `metadata["timeline_nb"]` holds a version and canonical JSON as text, since
OpenTimelineIO's reader changes numbers, ends text at NUL and refuses large integers.
Others': `metadata["otio"]` of a clip, track, marker or timeline holds what the file had
there beside, and goes back into the next file.
"""

import json
from typing import Any, Final, TypeVar

import msgspec

from timeline_nb.core.bounded_json import parse
from timeline_nb.core.structs import from_builtins
from timeline_nb.errors import ProjectError
from timeline_nb.timeline.limits import MAX_FREE_DEPTH, MAX_FREE_LETTERS

__all__ = [
    "FOREIGN",
    "OURS",
    "as_native",
    "foreign_of",
    "is_small",
    "kept_of",
    "kept_struct",
    "native_text",
    "without_foreign",
    "without_ours",
    "wrapped",
]

OURS: Final = "timeline_nb"
FOREIGN: Final = "otio"
_VERSION: Final = 1
# What is kept of one object of others, far below what the model allows: the numbers of
# JSON are longer in the text of a project.
_MOST_LETTERS: Final = MAX_FREE_LETTERS // 2
_MOST_DEPTH: Final = MAX_FREE_DEPTH - 8
# What another program keeps of one object of ours.
_MOST_OWN_BYTES: Final = 500_000_000
_PARTS: Final = frozenset(
    {"active", "effects", "media", "metadata", "references", "schema", "stack"}
)
# OpenTimelineIO's integers have 64 bits.
_BEYOND: Final = 2**63

T = TypeVar("T")


def wrapped(kept: dict[str, Any]) -> dict[str, Any]:
    """Return our own metadata of an object.

    Raises:
        ProjectError: It holds what JSON has not.
    """
    try:
        text = json.dumps(
            kept, ensure_ascii=False, allow_nan=False, separators=(",", ":")
        )
    except (TypeError, ValueError) as error:
        raise ProjectError(f"the edit cannot be written as JSON: {error}") from error
    if not _is_unicode(text):
        text = json.dumps(kept, allow_nan=False, separators=(",", ":"))
    return {"version": _VERSION, "json": text}


def kept_of(metadata: dict[str, Any]) -> dict[str, Any] | None:
    """Return what a file keeps of ours in an object; None if that is nothing.

    Raises:
        ProjectError: It is of a newer version, or cannot be read.
    """
    own = metadata.get(OURS)
    if not isinstance(own, dict):
        return None
    text = own.get("json")
    if own.get("version") != _VERSION or not isinstance(text, str):
        raise ProjectError("it is of a newer version of timeline_nb")
    data = text.encode("utf-8", errors="surrogatepass")
    return parse(data, OURS, what="what timeline_nb writes", max_bytes=_MOST_OWN_BYTES)


def kept_struct(kept: dict[str, Any], kind: type[T]) -> T:
    """Return a struct of what a file keeps of ours.

    Raises:
        ProjectError: It does not fit.
    """
    try:
        return from_builtins(kept, kind)
    except msgspec.ValidationError as error:
        raise ProjectError(f"a {kind.__name__} of timeline_nb: {error}") from None


def without_ours(metadata: dict[str, Any]) -> dict[str, Any]:
    """Return what an object has of others."""
    return {name: value for name, value in metadata.items() if name != OURS}


def foreign_of(metadata: dict[str, Any]) -> dict[str, Any]:
    """Return what we keep of others in metadata of ours; nothing if it is not that."""
    own = metadata.get(FOREIGN)
    if not isinstance(own, dict) or not own or not _PARTS.issuperset(own):
        return {}
    lists = isinstance(own.get("effects", []), list)
    texts = all(isinstance(own.get(name, ""), str) for name in ("active", "schema"))
    rest = [own.get(n, {}) for n in ("media", "metadata", "references", "stack")]
    return own if lists and texts and all(isinstance(o, dict) for o in rest) else {}


def without_foreign(metadata: dict[str, Any]) -> dict[str, Any]:
    """Return metadata of ours without what we keep of others."""
    if not foreign_of(metadata):
        return metadata
    return {name: value for name, value in metadata.items() if name != FOREIGN}


def is_small(value: Any) -> bool:
    """Return whether something of others is small enough to be kept."""
    level = [value]
    for _ in range(_MOST_DEPTH):
        level = [
            inner
            for one in level
            if isinstance(one, (dict, list))
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return len(json.dumps(value)) <= _MOST_LETTERS
    return False


def as_native(value: Any) -> Any:
    """Return a value that OpenTimelineIO reads: large integers as text."""
    if isinstance(value, dict):
        return {native_text(str(name)): as_native(own) for name, own in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_native(own) for own in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return value if -_BEYOND <= value < _BEYOND else str(value)
    if isinstance(value, str):
        return native_text(value)
    return value if isinstance(value, (bool, float)) or value is None else str(value)


def native_text(text: str) -> str:
    """Return text as OpenTimelineIO keeps it: up to NUL, and of whole letters."""
    return text.partition("\0")[0].encode("utf-8", errors="replace").decode()


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True

"""Objects of OpenTimelineIO documents, of which nothing is sure."""

from collections.abc import Iterator
from typing import Any, Final

from timeline_nb.core.plain import kind_of_value
from timeline_nb.errors import ProjectError

__all__ = [
    "flag",
    "list_of",
    "object_of",
    "refuse_large_integers",
    "schema_of",
    "text_of",
]

# Versions of each schema that are read; those of one that is not here are unknown.
KNOWN: Final = {
    "Clip": 2,
    "Effect": 1,
    "ExternalReference": 1,
    "FreezeFrame": 1,
    "Gap": 1,
    "GeneratorReference": 1,
    "ImageSequenceReference": 1,
    "LinearTimeWarp": 1,
    "Marker": 3,
    "MissingReference": 1,
    "SerializableCollection": 1,
    "Stack": 1,
    "TimeEffect": 1,
    "Timeline": 1,
    "Track": 1,
    "Transition": 1,
}
# Names of schemas in the first releases, as OpenTimelineIO itself reads them.
_OLD: Final = {"Sequence": "Track", "Filler": "Gap", "SerializeableCollection": ""}
_OLD_COLLECTION: Final = "SerializableCollection"
_BEYOND: Final = 2**63
_MOST_LETTERS: Final = 60


def schema_of(value: Any) -> str:
    """Return the name of an object's schema; empty of what is no object of a schema."""
    if not isinstance(value, dict):
        return ""
    told = value.get("OTIO_SCHEMA")
    if not isinstance(told, str):
        return ""
    name = told.partition(".")[0]
    return (_OLD.get(name, name) or _OLD_COLLECTION) if name in _OLD else name


def is_newer(value: dict[str, Any]) -> bool:
    """Return whether an object is of a newer version of its schema than is known."""
    version = str(value.get("OTIO_SCHEMA")).partition(".")[2]
    known = KNOWN.get(schema_of(value))
    return known is not None and version.isdecimal() and int(version[:9]) > known


def text_of(value: dict[str, Any], field: str) -> str:
    """Return a text; empty if there is none.

    Raises:
        ProjectError: It is no text.
    """
    found = value.get(field)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise _wrong(value, field, found, "text")
    return found


def object_of(value: dict[str, Any], field: str) -> dict[str, Any]:
    """Return an object; an empty one if there is none.

    Raises:
        ProjectError: It is no object.
    """
    found = value.get(field)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise _wrong(value, field, found, "an object")
    return found


def list_of(value: dict[str, Any], field: str) -> list[dict[str, Any]]:
    """Return the objects of a list; none if there is no list.

    Raises:
        ProjectError: It is no list, or one of it is no object.
    """
    found = value.get(field)
    if found is None:
        return []
    if not isinstance(found, list):
        raise _wrong(value, field, found, "a list")
    for one in found:
        if not isinstance(one, dict):
            raise _wrong(value, field, one, "a list of objects")
    return found


def flag(value: dict[str, Any], field: str) -> bool:
    """Return whether something is so; true if it is not said."""
    return value.get(field) is not False


def refuse_large_integers(document: Any) -> None:
    """Refuse whole numbers that OpenTimelineIO has not.

    Raises:
        ProjectError: One is beyond 64 bits; the message has the JSON path.
    """
    for path, number in _integers(document, "$"):
        if not -_BEYOND <= number < _BEYOND:
            raise ProjectError(f"{path} is a whole number beyond 64 bits")


def _integers(value: Any, path: str) -> Iterator[tuple[str, int]]:
    if isinstance(value, int) and not isinstance(value, bool):
        yield path, value
    elif isinstance(value, dict):
        for name, own in value.items():
            yield from _integers(own, f"{path}.{name[:_MOST_LETTERS]}")
    elif isinstance(value, list):
        for number, own in enumerate(value):
            yield from _integers(own, f"{path}[{number}]")


def _wrong(value: dict[str, Any], field: str, found: Any, what: str) -> ProjectError:
    schema = str(value.get("OTIO_SCHEMA", "an object"))[:_MOST_LETTERS]
    name = value.get("name")
    called = f" {name[:_MOST_LETTERS]!r}" if isinstance(name, str) and name else ""
    return ProjectError(
        f"{schema}{called}: {field} is {kind_of_value(found)}, not {what}"
    )

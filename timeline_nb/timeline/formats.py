"""Who reads files of other formats as edits, and who writes edits to them.

Plugins of WebAssembly and of Python both state these; `project/formats.py` chooses one
by a file's suffix.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from timeline_nb.timeline.model import Timeline

__all__ = ["CheckedArguments", "ExportRequest", "Exporter", "ImportRequest", "Importer"]

# Returns arguments with defaults where they are left out; raises a PluginError that
# names those which do not fit.
CheckedArguments: TypeAlias = Callable[[Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class ImportRequest:
    """What is read.

    Args:
        path: The file, which a person named.
        args: The importer's arguments, checked.
        check: Called several times a second meanwhile; what it raises ends the work.
    """

    path: Path
    args: Mapping[str, Any]
    check: Callable[[], object]


@dataclass(frozen=True, kw_only=True)
class Importer:
    """Reads files of some suffixes as edits.

    Args:
        name: `PLUGIN_ID/importer`.
        suffixes: Of its files, in lower case: `.edl`.
        about: One sentence.
        origin: Whose it is, as messages have it: `the plugin org.example.edl`.
        checked: Checks its arguments.
        read: Returns the edit: a timeline, or a project document in JSON as `.tlp`
            files have it. Paths of media in it are relative to the file's folder.
            Nothing of it is trusted: it is checked as a project from elsewhere is.
    """

    name: str
    suffixes: tuple[str, ...]
    about: str
    origin: str
    checked: CheckedArguments
    read: Callable[[ImportRequest], Timeline | bytes]


@dataclass(frozen=True, kw_only=True)
class ExportRequest:
    """What is written.

    Args:
        timeline: The edit, with the paths that the exporter may know.
        document: The same as a project document in JSON, as `.tlp` files have it.
        path: An empty file with the suffix of the one to be, to be written to; it gets
            its name when `write` has returned.
        name: The name that it will have.
        args: The exporter's arguments, checked.
        check: Called several times a second meanwhile; what it raises ends the work.
    """

    timeline: Timeline
    document: bytes
    path: Path
    name: str
    args: Mapping[str, Any]
    check: Callable[[], object]


@dataclass(frozen=True, kw_only=True)
class Exporter:
    """Writes edits to files of some suffixes.

    Args:
        name: `PLUGIN_ID/exporter`.
        suffixes: Of its files, in lower case: `.edl`.
        about: One sentence.
        origin: Whose it is, as messages have it: `the plugin org.example.edl`.
        checked: Checks its arguments.
        write: Writes the file.
    """

    name: str
    suffixes: tuple[str, ...]
    about: str
    origin: str
    checked: CheckedArguments
    write: Callable[[ExportRequest], object]

"""Which format reads a file as an edit, or writes an edit: ours, or a plugin's."""

from contextlib import suppress
from os import PathLike, fspath
from pathlib import Path
from typing import Any, TypeAlias

from timeline_nb.access.use import open_file
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.near_names import suggestion
from timeline_nb.errors import PluginError, ProjectError
from timeline_nb.interchange.formats import (
    format_of_content,
    format_of_name,
    formats_of_suffix,
)
from timeline_nb.interchange.registered import FORMATS, Format
from timeline_nb.project.document import SUFFIX
from timeline_nb.render.containers import CONTAINERS
from timeline_nb.studio import Studio
from timeline_nb.timeline.formats import Exporter, Importer

__all__ = ["Reader", "Writer", "find_reader", "find_writer", "read_by", "written_by"]

Reader: TypeAlias = Format | Importer
Writer: TypeAlias = Format | Exporter
_SNIFFED_BYTES = 4_096
# Premiere Pro and DaVinci Resolve: their project files are known to themselves alone.
_PROJECTS_OF_OTHERS = frozenset({".prproj", ".drp"})
_FOR_OTHERS = "; Premiere Pro and DaVinci Resolve import .xml of format='fcp7xml'"


def find_reader(path: Any, studio: Studio, name: str | None) -> Reader | None:
    """Return who reads a file as an edit; None of a project file.

    Args:
        path: The file.
        studio: Has plugins.
        name: Of a format, or `PLUGIN_ID/importer`; by the file's suffix and content if
            None.

    Raises:
        PluginError: There is no importer of that name.
        ProjectError: There is no format of that name, or several read such files.
    """
    if name is not None:
        if _of_plugin(name):
            return studio.formats.importers.named(name)
        return format_of_name(name, "import")
    if not _has_other_suffix(path):
        return None
    file = Path(path)
    own = formats_of_suffix(file.suffix, "import")
    if len(own) > 1:
        with file_errors(file, ProjectError, verb="opened"), open_file(file) as opened:
            head = opened.read(_SNIFFED_BYTES)
        return format_of_content(own, head, file.name)
    return own[0] if own else studio.formats.importer(file)


def find_writer(path: Path, studio: Studio, name: str | None) -> Writer:
    """Return who writes an edit to a file.

    Args:
        path: The file.
        studio: Has plugins.
        name: Of a format, or `PLUGIN_ID/exporter`; by the file's suffix if None.

    Raises:
        PluginError: There is no exporter of that name.
        ProjectError: There is no format of that name; nobody writes such files, or
            several do and none was named.
    """
    if name is not None:
        if _of_plugin(name):
            return studio.formats.exporters.named(name)
        return format_of_name(name, "export")
    suffix = path.suffix.lower()
    if suffix == SUFFIX:
        raise ProjectError(f"{path.name} is a project: save({str(path)!r}) writes it")
    if suffix in CONTAINERS:
        raise ProjectError(f"{path.name} is a film: render({str(path)!r}) writes it")
    own = formats_of_suffix(suffix, "export")
    if len(own) > 1:
        names = "; ".join(f"{one.name} ({one.about.rstrip('.')})" for one in own)
        raise ProjectError(
            f"{path.name}: several formats have {suffix} files: {names}: name one of "
            f"them, as format={own[0].name!r}"
        )
    found = own[0] if own else studio.formats.exporter(path)
    read_only = formats_of_suffix(suffix, "import")
    if found is None and read_only:
        raise _not_written(path.name, read_only[0])
    if found is None:
        known = {s for one in FORMATS if one.writes for s in one.suffixes}
        with suppress(PluginError):
            every = studio.formats.exporters.all()
            known |= {s for one in every for s in one.suffixes}
        raise ProjectError(
            f"{path.name}: no format that is known, and no plugin that is installed, "
            f"writes {suffix or 'such'} files{suggestion(suffix, sorted(known))}"
            + (_FOR_OTHERS if suffix in _PROJECTS_OF_OTHERS else "")
        )
    return found


def _not_written(name: str, own: Format) -> ProjectError:
    instead = f": {own.instead}" if own.instead else ""
    return ProjectError(f"{name}: {own.name} files are read, not written{instead}")


def read_by(path: Path, studio: Studio) -> str:
    """Return the name of what reads such files as edits; empty if nothing does."""
    own = formats_of_suffix(path.suffix, "import")
    return own[0].name if own else _first(path, studio.formats.importers)


def written_by(path: Path, studio: Studio) -> str:
    """Return the name of what writes edits to such files; empty if nothing does."""
    own = formats_of_suffix(path.suffix, "export")
    return own[0].name if own else _first(path, studio.formats.exporters)


def _first(path: Path, offers: Any) -> str:
    # What is wrong with plugins is not why a path is no film's or no media.
    with suppress(PluginError):
        for one in offers.all():
            if path.suffix.lower() in one.suffixes:
                return str(one.name)
    return ""


def _of_plugin(name: object) -> bool:
    return isinstance(name, str) and "/" in name


def _has_other_suffix(path: Any) -> bool:
    """Return whether a path has a suffix, and not that of projects."""
    if not isinstance(path, (str, PathLike)) or not isinstance(fspath(path), str):
        return False
    return Path(path).suffix.lower() not in {"", SUFFIX}

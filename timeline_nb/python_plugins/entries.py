"""Find the plugins of installed packages by their entry points; none is imported."""

import importlib.util
import logging
import os
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from importlib import metadata
from pathlib import Path
from typing import Final

__all__ = ["GROUP", "PluginEntry", "entries", "folder_of", "is_name"]

GROUP: Final = "timeline_nb.plugins"
_NAME: Final = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*")
_VALUE: Final = re.compile(r"(?P<module>\w+(\.\w+)*)\s*:\s*(?P<attribute>\w+)")
_MOST_LETTERS: Final = 100
# Two changes of a folder within a tick of the system's clock have one time.
_SETTLES_NS: Final = 1_000_000_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PluginEntry:
    """A plugin as its package's metadata states it.

    Args:
        name: What it is called by: `acme.grain`.
        package: The name of the distribution that brings it, as pip knows it.
        version: The distribution's.
        module: The module that declares it.
        attribute: The variable of the module that is the `PythonPlugin`.
        license: As the distribution states it.
        contents: A hash of the list of the distribution's files, which has their
            hashes; it changes with each installation.
    """

    name: str
    package: str
    version: str
    module: str
    attribute: str
    license: str
    contents: str

    @property
    def label(self) -> str:
        """Name plugin, package and version, for messages."""
        return f"the plugin {self.name!r} of the package {self.package} {self.version}"


# Of this process: the state of the import path, and what was found in it.
_known: tuple[object, tuple[PluginEntry, ...]] = (None, ())


def entries() -> tuple[PluginEntry, ...]:
    """Return the plugins of all installed packages, by name.

    The metadata is read once, and again when a folder of the import path changes, as
    pip changes it. Faulty metadata is logged, and left out.
    """
    global _known  # noqa: PLW0603 - one import path for the process
    state = tuple(_path_state())
    if _known[0] != state:
        # Their caches take one state of a folder for the next, as this does.
        importlib.invalidate_caches()
        metadata.MetadataPathFinder().invalidate_caches()
        # A folder may stand in the import path twice.
        found = sorted(set(_found()), key=lambda one: (one.name, one.package))
        newest = max((changed for _, changed in state), default=0)
        is_settled = time.time_ns() - newest > _SETTLES_NS
        _known = (state if is_settled else None, tuple(found))
    return _known[1]


def is_name(text: str) -> bool:
    """Return whether a plugin may be called so."""
    return len(text) <= _MOST_LETTERS and _NAME.fullmatch(text) is not None


def folder_of(entry: PluginEntry) -> str | None:
    """Return the folder from which a plugin's code would be imported.

    Nothing is imported, and other folders of the import path may hide the package's.

    Returns:
        The folder that holds its top-level module; None if there is no such module.
    """
    top = entry.module.partition(".")[0]
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError, AttributeError):
        return None
    if spec is None:
        return None
    places = list(spec.submodule_search_locations or ())
    if not places and spec.has_location and spec.origin:
        places = [spec.origin]
    return str(Path(places[0]).resolve().parent) if places else None


def _path_state() -> Iterator[tuple[str, int]]:
    for place in sys.path:
        try:
            yield place, os.stat(place or ".").st_mtime_ns  # noqa: PTH116 - 6x slower
        except OSError:
            yield place, 0


def _found() -> Iterator[PluginEntry]:
    for distribution in metadata.distributions():
        try:
            # Most packages have none: their metadata need not be parsed.
            if GROUP in (distribution.read_text("entry_points.txt") or ""):
                yield from _of_distribution(distribution)
        except Exception:  # noqa: BLE001 - any fault of a file that any package wrote
            _log.warning(
                "the plugins of a package cannot be listed: %s",
                distribution.locate_file(""),
                exc_info=True,
            )


def _of_distribution(distribution: metadata.Distribution) -> Iterator[PluginEntry]:
    package, version = distribution.metadata["Name"], distribution.version
    first = metadata.distribution(package)
    if first.locate_file("") != distribution.locate_file(""):
        # An earlier folder of the import path has another copy.
        return
    files = distribution.read_text("RECORD") or ""
    stated = distribution.metadata
    licensed = stated["License-Expression"] or stated["License"] or ""
    for point in distribution.entry_points.select(group=GROUP):
        value = _VALUE.fullmatch(point.value.strip())
        if value is None or not is_name(point.name):
            _log.warning(
                "the package %s %s has the entry point '%s = %s', which is no plugin: "
                "the name has lower case letters, digits, '.', '_' and '-', and the "
                "value is 'module:variable'",
                package,
                version,
                point.name,
                point.value,
            )
            continue
        yield PluginEntry(
            point.name,
            package,
            version,
            value["module"],
            value["attribute"],
            licensed.partition("\n")[0][:_MOST_LETTERS],
            blake2b(files.encode(), digest_size=16).hexdigest(),
        )

"""Detectors, analyzers, importers and exporters of Python plugins, by name."""

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.near_names import kind_of, suggestion
from timeline_nb.errors import PluginError, RecognitionError
from timeline_nb.i18n import Message
from timeline_nb.python_plugins.declared import (
    DeclaredAnalyzer,
    DeclaredFormat,
    about_of,
)
from timeline_nb.python_plugins.effects import identity_in
from timeline_nb.python_plugins.load import plugin_errors
from timeline_nb.python_plugins.loader import LoadedPlugin, PluginLoader
from timeline_nb.python_plugins.signature import call_with, checked_values
from timeline_nb.recognition.analyzers import Analyzer, MediaPart, Row, Stream
from timeline_nb.recognition.inference.function_detector import FunctionDetector
from timeline_nb.timeline.formats import (
    CheckedArguments,
    Exporter,
    ExportRequest,
    Importer,
    ImportRequest,
)
from timeline_nb.timeline.model import Timeline

__all__ = [
    "analyzers_of",
    "detector_of",
    "detectors_of",
    "exporters_of",
    "importers_of",
]

_log = logging.getLogger(__name__)
# Stands for code that cannot be compared with that of other processes.
_THIS_PROCESS: Final = os.urandom(16).hex()


def detector_of(loader: PluginLoader, name: str) -> FunctionDetector:
    """Return a detector of a plugin that is enabled.

    Args:
        loader: Loads the plugin.
        name: `PLUGIN/detector`.

    Raises:
        PluginError: The plugin cannot be used.
        RecognitionError: It has no such detector.
    """
    plugin = loader.loaded(name.partition("/")[0])
    known = plugin.declared.detectors
    own = name.partition("/")[2]
    if own not in known:
        raise RecognitionError(
            Message(
                "{label} has no detector {own}{hint}",
                label=plugin.entry.label,
                own=repr(own),
                hint=suggestion(own, known),
            )
        )
    one = known[own]
    what = f"the detector {name!r}"

    def find(rgb: NDArray[np.uint8]) -> Any:
        with plugin_errors(what, RecognitionError):
            found = one.function(rgb)
            # A generator runs here, too.
            return list(found) if isinstance(found, Iterator) else found

    identity = identity_in(plugin, one.function, one.labels)
    facts = f"{identity.digest} {_THIS_PROCESS if identity.why else ''}"
    sha256 = blake2b(facts.encode(), digest_size=32).hexdigest()
    return FunctionDetector(what, one.labels, find, sha256=sha256, unsure=identity.why)


def detectors_of(loader: PluginLoader) -> Iterator[tuple[str, str, str]]:
    """Yield name, description and plugin of each detector of the enabled plugins."""
    for loaded in _asked(loader, ""):
        for name, one in loaded.declared.detectors.items():
            whole = f"{loaded.entry.name}/{name}"
            yield whole, about_of(one.function), loaded.entry.label


def analyzers_of(loader: PluginLoader, plugin: str) -> Iterable[Analyzer]:
    """Yield the analyzers of a plugin that is enabled; of all if the id is empty."""
    for loaded in _asked(loader, plugin):
        for name, one in loaded.declared.analyzers.items():
            yield _analyzer_of(loaded, name, one)


def importers_of(loader: PluginLoader, plugin: str) -> Iterable[Importer]:
    """Yield the importers of a plugin that is enabled; of all if the id is empty."""
    for loaded in _asked(loader, plugin):
        for name, one in loaded.declared.importers.items():
            facts = _facts(loaded, name, one)
            yield Importer(
                **facts, read=_reader(one, f"the importer {facts['name']!r}")
            )


def exporters_of(loader: PluginLoader, plugin: str) -> Iterable[Exporter]:
    """Yield the exporters of a plugin that is enabled; of all if the id is empty."""
    for loaded in _asked(loader, plugin):
        for name, one in loaded.declared.exporters.items():
            facts = _facts(loaded, name, one)
            what = f"the exporter {facts['name']!r}"
            yield Exporter(**facts, write=_writer(one, what))


def _asked(loader: PluginLoader, plugin: str) -> Iterator[LoadedPlugin]:
    """Yield a plugin if it is enabled, or all that can be loaded if it has no name."""
    enabled = loader.enabled()
    if plugin:
        if plugin in enabled:
            yield loader.loaded(plugin)
        return
    for name in enabled:
        try:
            yield loader.loaded(name)
        except PluginError as error:
            _log.warning("what a plugin offers is missing: %s", error)


def _facts(loaded: LoadedPlugin, name: str, one: DeclaredFormat) -> dict[str, Any]:
    whole = f"{loaded.entry.name}/{name}"
    return {
        "name": whole,
        "suffixes": one.suffixes,
        "about": about_of(one.function),
        "origin": loaded.entry.label,
        "checked": _checker(one.function, one.arguments, whole),
    }


def _checker(
    function: Callable[..., Any], arguments: Any, name: str
) -> CheckedArguments:
    def checked(values: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return checked_values(function, arguments, values)
        except PluginError as error:
            raise PluginError(
                Message("{name}: {error}", name=name, error=error)
            ) from error

    return checked


def _reader(
    one: DeclaredFormat, what: str
) -> Callable[[ImportRequest], Timeline | bytes]:
    def read(request: ImportRequest) -> Timeline | bytes:
        with plugin_errors(what):
            made = call_with(one.function, one.arguments, request.args, request.path)
        if not isinstance(made, Timeline):
            kind = kind_of(made)
            raise PluginError(
                Message(
                    "{what} returned {kind}, not a tl.Timeline", what=what, kind=kind
                )
            )
        return made

    return read


def _writer(one: DeclaredFormat, what: str) -> Callable[[ExportRequest], None]:
    def write(request: ExportRequest) -> None:
        given = request.timeline, request.path
        with plugin_errors(what):
            call_with(one.function, one.arguments, request.args, *given)

    return write


def _analyzer_of(loaded: LoadedPlugin, name: str, one: DeclaredAnalyzer) -> Analyzer:
    whole = f"{loaded.entry.name}/{name}"

    def measure(
        stream: Stream,
        parts: Iterator[MediaPart],
        args: Mapping[str, Any],
        check: Callable[[], object],
    ) -> Iterator[Row]:
        with plugin_errors(f"the analyzer {whole!r}"):
            for row in call_with(one.function, one.arguments, args, stream, parts):
                check()
                yield row

    identity = identity_in(loaded, one.function, one.of, one.columns)
    return Analyzer(
        name=whole,
        about=about_of(one.function),
        origin=loaded.entry.label,
        of=one.of,
        columns=one.columns,
        identity="" if identity.why else identity.digest,
        checked=_checker(one.function, one.arguments, whole),
        measure=measure,
    )

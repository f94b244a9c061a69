"""Compare what importers and exporters make of examples with what they should."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from timeline_nb.access.use import open_file
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.near_names import suggestion
from timeline_nb.errors import PluginError
from timeline_nb.timeline.formats import (
    Exporter,
    ExportRequest,
    Importer,
    ImportRequest,
)
from timeline_nb.timeline.model import Timeline
from timeline_nb.wasm_plugins.authoring.examples import (
    ExporterExample,
    ImporterExample,
)
from timeline_nb.wasm_plugins.authoring.report import TrialReport
from timeline_nb.wasm_plugins.formats import exporters_of, importers_of
from timeline_nb.wasm_plugins.manifest import PluginManifest
from timeline_nb.wasm_plugins.messages import MAX_EDIT_BYTES
from timeline_nb.wasm_plugins.plugins import Plugins

__all__ = ["try_exporter_example", "try_importer_example"]

Format = TypeVar("Format", Importer, Exporter)


def try_importer_example(
    report: TrialReport,
    plugins: Plugins,
    manifest: PluginManifest,
    example: ImporterExample,
    folder: Path,
) -> None:
    """Compare the edit that an importer makes with the one that should come out."""
    what = f"importer {example.importer}, {example.file}"
    with report.trying(what, example.error):
        own = _named(importers_of(plugins, manifest.id), manifest, example.importer)
        request = ImportRequest(
            path=folder / example.file,
            args=own.checked(example.args),
            check=lambda: None,
        )
        edit = own.read(request)
        if example.error:
            return
        if not example.edit:
            raise PluginError("the example states neither an edit nor an error")
        made = msgspec.json.decode(edit) if isinstance(edit, bytes) else edit
        if made != _json_of(folder / example.edit):
            raise PluginError(f"the edit is {str(made)[:500]}")
        report.ok(what)


def try_exporter_example(
    report: TrialReport,
    plugins: Plugins,
    manifest: PluginManifest,
    example: ExporterExample,
    folder: Path,
) -> None:
    """Compare the file that an exporter writes with the one that should come out."""
    what = f"exporter {example.exporter}, {example.edit}"
    with report.trying(what, example.error), _empty_file() as path:
        own = _named(exporters_of(plugins, manifest.id), manifest, example.exporter)
        document = _bytes_of(folder / example.edit)
        request = ExportRequest(
            # The document is what a plugin in WebAssembly is sent.
            timeline=Timeline(name="example", rate=Fraction(25), size=(2, 2)),
            document=document,
            path=path,
            name=Path(example.file).name or f"example{own.suffixes[0]}",
            args=own.checked(example.args),
            check=lambda: None,
        )
        own.write(request)
        if example.error:
            return
        if not example.file:
            raise PluginError("the example states neither a file nor an error")
        made = _bytes_of(path)
        if made != _bytes_of(folder / example.file):
            raise PluginError(f"the file holds {made[:500]!r}")
        report.ok(what, f"{len(made):,} bytes")


def _named(offers: Iterable[Format], manifest: PluginManifest, name: str) -> Format:
    known = {one.name: one for one in offers}
    full = f"{manifest.id}/{name}"
    if full not in known:
        raise PluginError(f"there is no {name!r}{suggestion(full, known)}")
    return known[full]


@contextmanager
def _empty_file() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "written"
        path.touch()
        yield path


def _json_of(path: Path) -> Any:
    try:
        return msgspec.json.decode(_bytes_of(path))
    except msgspec.MsgspecError as error:
        raise PluginError(f"{path.name} is not JSON: {error}") from None


def _bytes_of(path: Path) -> bytes:
    with file_errors(path, PluginError, verb="read"), open_file(path) as file:
        data = file.read(MAX_EDIT_BYTES + 1)
    if len(data) > MAX_EDIT_BYTES:
        raise PluginError(f"{path.name} is larger than {MAX_EDIT_BYTES:,} bytes")
    return data

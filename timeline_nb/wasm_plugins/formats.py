"""The importers and exporters of plugins, as `timeline/formats.py` has them.

An importer is sent `{"importer": name, "args": {...}, "file": {"handle", "name",
"size"}}`, reads the file by host calls, and answers `{"edit": {...}}`: a project
document as `.tlp` files have it. An exporter is sent `{"exporter": name, "args": {...},
"edit": {...}, "file": {...}}`, writes to the file by host calls, and answers `{}`. Both
answer `{"error": "..."}` if they cannot. The person who named the file gave it: no
permission is needed for it, and its folder stays unknown.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import msgspec

from timeline_nb.errors import PluginError
from timeline_nb.i18n import Message
from timeline_nb.timeline.formats import (
    Exporter,
    ExportRequest,
    Importer,
    ImportRequest,
)
from timeline_nb.wasm_plugins.arguments import checked_args, opened_args
from timeline_nb.wasm_plugins.exchange import Exchange
from timeline_nb.wasm_plugins.file_handles import FileHandles
from timeline_nb.wasm_plugins.messages import (
    MAX_EDIT_BYTES,
    answered,
    check_answer,
    encoded,
)
from timeline_nb.wasm_plugins.offers import PluginFormat
from timeline_nb.wasm_plugins.plugins import Plugins

__all__ = ["exporters_of", "importers_of"]


class _Answer(msgspec.Struct):
    edit: msgspec.Raw = msgspec.Raw(b"")
    error: str = ""


def importers_of(plugins: Plugins, name: str) -> Iterator[Importer]:
    """Yield the importers of a plugin that is installed, or of all of them.

    Args:
        plugins: Those that are installed.
        name: The plugin's id; empty for all.

    Raises:
        PluginError: What is installed cannot be read.
    """
    for manifest in plugins.manifests(name).values():
        for offer in manifest.importers:
            yield Importer(
                read=partial(_read, plugins, manifest.id, offer),
                **_facts_of(manifest.id, offer),
            )


def exporters_of(plugins: Plugins, name: str) -> Iterator[Exporter]:
    """Yield the exporters of a plugin that is installed, or of all of them.

    Args:
        plugins: Those that are installed.
        name: The plugin's id; empty for all.

    Raises:
        PluginError: What is installed cannot be read.
    """
    for manifest in plugins.manifests(name).values():
        for offer in manifest.exporters:
            yield Exporter(
                write=partial(_write, plugins, manifest.id, offer),
                **_facts_of(manifest.id, offer),
            )


def _facts_of(plugin: str, offer: PluginFormat) -> dict[str, Any]:
    return {
        "name": f"{plugin}/{offer.name}",
        "suffixes": offer.suffixes,
        "about": offer.about,
        "origin": f"the plugin {plugin}",
        "checked": partial(checked_args, plugin, offer),
    }


def _read(
    plugins: Plugins, plugin: str, offer: PluginFormat, request: ImportRequest
) -> bytes:
    """Return the project document that an importer makes of a file."""

    def message(files: FileHandles) -> bytes:
        file = files.facts(files.take(request.path))
        args = opened_args(files, request.args, offer.args)
        return encoded(plugin, importer=offer.name, args=args, file=file)

    answer = _exchanged(plugins, plugin, offer, request.check, message)
    edit = bytes(answer.edit)
    if not edit.startswith(b"{"):
        raise PluginError(
            Message(
                "{name} of the plugin {plugin} answered no edit",
                name=offer.name,
                plugin=plugin,
            )
        )
    return edit


def _write(
    plugins: Plugins, plugin: str, offer: PluginFormat, request: ExportRequest
) -> None:
    """Have an exporter write an edit to a file."""

    def message(files: FileHandles) -> bytes:
        return encoded(
            plugin,
            most_bytes=MAX_EDIT_BYTES,
            exporter=offer.name,
            args=opened_args(files, request.args, offer.args),
            edit=msgspec.Raw(request.document),
            file=files.facts(files.lend(request.path, request.name)),
        )

    _exchanged(plugins, plugin, offer, request.check, message)


def _exchanged(
    plugins: Plugins,
    plugin: str,
    offer: PluginFormat,
    check: Callable[[], object],
    message: Callable[[FileHandles], bytes],
) -> _Answer:
    answer, _ = plugins.plugin(plugin).exchange(
        Exchange(
            message=message,
            read=lambda data: answered(plugin, offer.name, data, _Answer),
            check=check,
            check_turn=check,
            most_bytes=MAX_EDIT_BYTES,
        )
    )
    check_answer(plugin, offer.name, answer.error)
    return answer

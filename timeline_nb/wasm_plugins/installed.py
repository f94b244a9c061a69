"""The folder of installed plugins: its list, and their manifests."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeAlias

import msgspec
from filelock import FileLock

from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.private_files import private_folder, write_private
from timeline_nb.errors import PluginError
from timeline_nb.i18n import Message
from timeline_nb.wasm_plugins.index_file import INDEX_NAME
from timeline_nb.wasm_plugins.manifest import PluginManifest

__all__ = [
    "changing_index",
    "check_module_is_free",
    "installed_manifest",
    "installed_manifests",
    "read_index",
]

_log = logging.getLogger(__name__)
# Of a file's name.
_Hash: TypeAlias = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


def read_index(folder: Path) -> dict[str, str]:
    """Return the hash of each installed module by the plugin's id.

    Raises:
        PluginError: The list is damaged, or cannot be read.
    """
    path = folder / INDEX_NAME
    with file_errors(path, PluginError, verb="read"):
        data = path.read_bytes() if path.exists() else b"{}"
    try:
        return msgspec.json.decode(data, type=dict[str, _Hash])
    except msgspec.MsgspecError as error:
        raise PluginError(
            Message(
                "{path} is damaged ({error}): delete it, and install again",
                path=path,
                error=error,
            )
        ) from error


@contextmanager
def changing_index(folder: Path) -> Iterator[dict[str, str]]:
    """Return the list to be changed, as long as no other process changes the folder.

    It is written at the end of the block. What the block writes and deletes of modules
    fits the list, whoever installs at the same time.

    Raises:
        PluginError: The list is damaged, or cannot be read or written.
    """
    path = folder / INDEX_NAME
    with file_errors(path, PluginError):
        private_folder(folder)
        with FileLock(f"{path}.lock"):
            index = read_index(folder)
            yield index
            # The same list too: a manifest may be another one, which readers look for.
            write_private(path, msgspec.json.encode(dict(sorted(index.items()))))


def check_module_is_free(manifest: PluginManifest, index: Mapping[str, str]) -> None:
    """Refuse the module of another plugin: files and grants are kept by its hash.

    Raises:
        PluginError: Another plugin that is installed has it.
    """
    for other, sha256 in index.items():
        if sha256 == manifest.sha256 and other != manifest.id:
            raise PluginError(
                Message(
                    "{id} has the same module as {other}, which is installed: "
                    "tl.plugins.remove({quoted}) makes room for it",
                    id=manifest.id,
                    other=other,
                    quoted=repr(other),
                )
            )


def installed_manifest(folder: Path, name: str, sha256: str) -> PluginManifest:
    """Return what an installed plugin states.

    Args:
        folder: Where it is installed.
        name: Its id.
        sha256: Of its module.

    Raises:
        PluginError: Its file is damaged, cannot be read, or is of another plugin.
    """
    path = folder / f"{sha256}.json"
    remedy = Message("install {name} again, or remove it", name=name)
    with file_errors(path, PluginError, verb="read", advice=remedy):
        data = path.read_bytes()
    try:
        manifest = msgspec.json.decode(data, type=PluginManifest)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise PluginError(
            Message("{path} is damaged: {remedy}", path=path, remedy=remedy)
        ) from error
    if (manifest.id, manifest.sha256) != (name, sha256):
        raise PluginError(
            Message("{path} is of another plugin: {remedy}", path=path, remedy=remedy)
        )
    return manifest


def installed_manifests(folder: Path) -> dict[str, PluginManifest]:
    """Return what installed plugins state, by id; a damaged one is logged, not there.

    Raises:
        PluginError: The list is damaged, or cannot be read.
    """
    found = {}
    for name, sha256 in read_index(folder).items():
        try:
            found[name] = installed_manifest(folder, name, sha256)
        except PluginError as error:
            _log.warning("effects are missing: %s", error)
    return found

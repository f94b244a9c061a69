"""The folder of installed plugins: its list, and their manifests."""

from pathlib import Path
from typing import Annotated, TypeAlias

import msgspec

from timeline_nb.core.file_errors import file_errors
from timeline_nb.errors import PluginError
from timeline_nb.wasm_plugins.index_file import INDEX_NAME
from timeline_nb.wasm_plugins.manifest import PluginManifest

__all__ = ["installed_manifest", "installed_manifests", "read_index"]

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
            f"{path} is damaged ({error}): delete it, and install again"
        ) from error


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
    remedy = f"install {name} again, or remove it"
    with file_errors(path, PluginError, verb="read", advice=remedy):
        data = path.read_bytes()
    try:
        manifest = msgspec.json.decode(data, type=PluginManifest)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise PluginError(f"{path} is damaged: {remedy}") from error
    if (manifest.id, manifest.sha256) != (name, sha256):
        raise PluginError(f"{path} is of another plugin: {remedy}")
    return manifest


def installed_manifests(folder: Path) -> dict[str, PluginManifest]:
    """Return what all installed plugins state, by id.

    Raises:
        PluginError: A file of the folder is damaged, or cannot be read.
    """
    index = read_index(folder)
    return {name: installed_manifest(folder, name, sha) for name, sha in index.items()}

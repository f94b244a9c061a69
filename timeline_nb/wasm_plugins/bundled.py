"""The plugins that come with the package, each in a folder of its name."""

import re
from pathlib import Path
from typing import Final

from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.near_names import kind_of, suggestion
from timeline_nb.errors import PluginError
from timeline_nb.i18n import Message

__all__ = ["bundled_plugins", "check_id", "plugin_file"]

_FOLDER: Final = Path(__file__).parent / "bundled"
# Begins the ids of plugins that come with the package: `timeline-nb.blur`.
_OWN: Final = "timeline-nb."
_NAME: Final = re.compile(r"[A-Za-z0-9_-]+")


def bundled_plugins() -> dict[str, Path]:
    """Return the modules that come with the package, by name.

    Example:
        >>> bundled_plugins()["blur"].name
        'blur.wasm'
    """
    return {path.stem: path for path in sorted(_FOLDER.glob("*/*.wasm"))}


def plugin_file(path: Path | str) -> Path:
    """Return the file of a plugin: a path, or the name of one that is bundled.

    Raises:
        PluginError: There is neither such a file nor such a name.
    """
    if not isinstance(path, (str, Path)):
        raise PluginError(
            Message(
                "{path} is {kind}: give the path of a .wasm file, or the name of "
                "a plugin that comes with the package",
                path=repr(path),
                kind=kind_of(path),
            )
        )
    known, name = bundled_plugins(), str(path)
    if _NAME.fullmatch(name) is None or Path(path).exists():
        return Path(path)
    if name not in known:
        raise PluginError(
            Message(
                "there is no file {name}, and no plugin of this name comes with "
                "the package{hint}",
                name=repr(name),
                hint=suggestion(name, known),
            )
        )
    return known[name]


def check_id(plugin_id: str, wasm: bytes) -> None:
    """Refuse a plugin that takes the id of one that comes with the package.

    Raises:
        PluginError: It does.
    """
    own = bundled_plugins().get(plugin_id.removeprefix(_OWN))
    if not plugin_id.startswith(_OWN) or own is None:
        return
    with file_errors(own, PluginError, verb="read"):
        is_own = own.read_bytes() == wasm
    if not is_own:
        raise PluginError(
            Message(
                "{plugin_id} is the id of a plugin that comes with the package: "
                "install({stem}) installs that one; give this one another id",
                plugin_id=repr(plugin_id),
                stem=repr(own.stem),
            )
        )

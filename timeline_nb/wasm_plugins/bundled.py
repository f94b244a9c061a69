"""The plugins that come with the package, each in a folder of its name."""

import re
from pathlib import Path
from typing import Final

from timeline_nb.core.near_names import suggestion
from timeline_nb.errors import PluginError

__all__ = ["bundled_plugins", "plugin_file"]

_FOLDER: Final = Path(__file__).parent / "bundled"
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
    known, name = bundled_plugins(), str(path)
    if _NAME.fullmatch(name) is None or Path(path).exists():
        return Path(path)
    if name not in known:
        raise PluginError(
            f"there is no file {name!r}, and no plugin of this name comes with the "
            f"package{suggestion(name, known)}"
        )
    return known[name]

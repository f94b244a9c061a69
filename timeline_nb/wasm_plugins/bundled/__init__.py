"""Plugins that come with the package: each with its sources and what builds it.

`make plugins` builds them anew, and `tests/plugin_builds.py` compares the bytes.
"""

from pathlib import Path

__all__ = ["bundled_names", "bundled_or_path"]

_FOLDER = Path(__file__).parent


def bundled_names() -> list[str]:
    """Return the names of the plugins that come with the package."""
    return sorted(path.parent.name for path in _FOLDER.glob("*/*.wasm"))


def bundled_or_path(path: Path | str) -> Path:
    """Return the module of a bundled plugin by its name, or the path as it is.

    Args:
        path: A name such as `uploader`, or a `.wasm` file. A file of that name in the
            working folder is none: write `./uploader` for it.
    """
    name = str(path)
    return _FOLDER / name / f"{name}.wasm" if name in bundled_names() else Path(path)

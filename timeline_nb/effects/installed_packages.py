"""Tell modules of installed packages from a person's own."""

import importlib.metadata
import importlib.util
import site
import sys
import sysconfig
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from types import ModuleType
from typing import Final

__all__ = ["installed_package"]

_PYTHON: Final = f"python {'.'.join(map(str, sys.version_info[:3]))}"
_OWN: Final = frozenset({"__main__", "__mp_main__"})


def installed_package(module: str) -> str | None:
    """Return name and version of the package that a module is part of.

    Args:
        module: The module's name, with dots.

    Returns:
        `numpy 2.4.1`, `python 3.12.3` for the standard library, or None if it is
        neither installed nor built in: a notebook, a script, a module beside it.
    """
    top = module.partition(".")[0]
    return None if top in _OWN else _package(top)


@lru_cache(maxsize=1024)
def _package(top: str) -> str | None:
    place = _place(top)
    if place is None:
        return _PYTHON
    if top == __name__.partition(".")[0]:
        return f"{top} {_version(top, place)}"
    for folder in _folders("stdlib", "platstdlib"):
        within = place.is_relative_to(folder)
        if within and not {"site-packages", "dist-packages"} & set(place.parts):
            return _PYTHON
    installed = (*_folders("purelib", "platlib"), *_site_folders())
    if any(place.is_relative_to(folder) for folder in installed):
        return f"{top} {_version(top, place)}"
    return None


def _place(top: str) -> Path | None:
    """Return the file or folder of a package; None if it is built in."""
    module = sys.modules.get(top)
    file = getattr(module, "__file__", None)
    paths = list(getattr(module, "__path__", ()))
    if module is None:
        try:
            found = importlib.util.find_spec(top)
        except (ImportError, ValueError):
            return Path()
        if found is None:
            return Path()
        file = found.origin if found.has_location else None
        paths = list(found.submodule_search_locations or ())
    named = file or (paths[0] if paths else None)
    if named is not None:
        return Path(named).resolve()
    # A module that a program made has no file, as built-in ones have none.
    return None if top in sys.stdlib_module_names else Path()


def _folders(*names: str) -> list[Path]:
    return [Path(sysconfig.get_paths()[name]).resolve() for name in names]


def _site_folders() -> list[Path]:
    named = [*site.getsitepackages(), site.getusersitepackages()]
    return [Path(name).resolve() for name in named]


def _version(top: str, place: Path) -> str:
    module: ModuleType | None = sys.modules.get(top)
    version = getattr(module, "__version__", None)
    if isinstance(version, str):
        return version
    try:
        return importlib.metadata.version(top)
    except importlib.metadata.PackageNotFoundError:
        data = place.read_bytes() if place.is_file() else b""
        return blake2b(data, digest_size=8).hexdigest()

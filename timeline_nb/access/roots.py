"""The folders that may be read when a person named none."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from timeline_nb.access.names import text_fault
from timeline_nb.access.scope import Scope

__all__ = ["ROOTS_VARIABLE", "default_roots", "font_folders", "scope_of"]

ROOTS_VARIABLE: Final = "TIMELINE_NB_ROOTS"
_PACKAGE: Final = Path(__file__).parents[1]


def default_roots() -> tuple[Path, ...]:
    """Return the folders of `TIMELINE_NB_ROOTS`, else the working folder.

    The variable has them as `PATH` has its own, with `:` between them, on Windows `;`.
    A working folder that is the whole disk, as in many containers, is none.
    """
    given = os.environ.get(ROOTS_VARIABLE, "")
    if given:
        return tuple(Path(part) for part in given.split(os.pathsep) if part)
    with suppress(OSError):
        here = Path.cwd()
        return (here,) if here != here.parent else ()
    return ()


def font_folders() -> tuple[Path, ...]:
    """Return the folders of the fonts that are installed on this system."""
    if sys.platform == "win32":
        return (Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts",)
    system: tuple[str, ...]
    if sys.platform == "darwin":
        system, own = ("/System/Library/Fonts", "/Library/Fonts"), ("Library/Fonts",)
    else:
        system = ("/usr/share/fonts", "/usr/local/share/fonts")
        own = (".fonts", ".local/share/fonts")
    with suppress(RuntimeError):
        home = Path.home()
        return (*map(Path, system), *(home / name for name in own))
    return tuple(map(Path, system))


def scope_of(roots: Iterable[Path], own: Iterable[Path]) -> Scope:
    """Return a scope of folders, and of those that the package reads itself.

    Args:
        roots: As settings name them.
        own: The folders of caches and data.
    """
    return Scope(_possible(roots), own=_possible((*own, _PACKAGE, *font_folders())))


def _possible(folders: Iterable[Path]) -> Iterator[Path]:
    """Yield the folders that can be called so."""
    for folder in folders:
        if not text_fault(str(folder)):
            yield folder

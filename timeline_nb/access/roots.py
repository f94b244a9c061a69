"""The folders that may be read when a person named none."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from timeline_nb.access.scope import Scope
from timeline_nb.errors import AccessError

__all__ = ["ROOTS_VARIABLE", "default_roots", "scope_of"]

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


def scope_of(roots: Iterable[Path], own: Iterable[Path]) -> Scope:
    """Return a scope of folders, and of those that the package reads itself.

    Args:
        roots: As settings name them.
        own: The folders of caches and data.
    """
    scope = Scope()
    for folder in (*roots, *own, _PACKAGE):
        with suppress(AccessError):
            scope.allow_folder(folder)
    return scope

"""Work that waits until another package is imported."""

import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

__all__ = ["after_import"]


def after_import(name: str, work: Callable[[ModuleType], None]) -> None:
    """Do `work` with a module: now if it is loaded, else as soon as someone loads it.

    The module is not imported here. An import that fails leaves `work` for the next.

    Args:
        name: The module.
        work: Called once, in the thread of the import.
    """
    loaded = sys.modules.get(name)
    if loaded is not None:
        work(loaded)
    else:
        sys.meta_path.insert(0, _Finder(name, work))


class _Finder:
    """Finds one module as the other finders do, and adds work to its loader."""

    def __init__(self, name: str, work: Callable[[ModuleType], None]) -> None:
        self._name = name
        self._work = work

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002 - the protocol's
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """Return the module's spec, its loader wrapped; None for other modules."""
        if fullname != self._name or self not in sys.meta_path:
            return None
        from importlib.util import find_spec

        sys.meta_path.remove(self)
        spec = find_spec(fullname)
        if spec is None or spec.loader is None:
            sys.meta_path.insert(0, self)
            return spec
        wrapped: Any = _Loader(spec.loader, self, self._work)
        spec.loader = wrapped
        return spec


class _Loader:
    """Loads a module as its own loader does, then does the work."""

    def __init__(
        self, loader: Any, finder: _Finder, work: Callable[[ModuleType], None]
    ) -> None:
        self._loader = loader
        self._finder = finder
        self._work = work

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Create the module as its own loader does."""
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Run the module, which sees its own loader, then do the work."""
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        try:
            self._loader.exec_module(module)
        except BaseException:
            sys.meta_path.insert(0, self._finder)
            raise
        self._work(module)

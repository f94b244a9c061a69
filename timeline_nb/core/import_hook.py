"""Work that waits until another package is imported."""

import sys
from collections.abc import Callable, Iterable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

__all__ = ["after_import"]


def after_import(names: Iterable[str], work: Callable[[ModuleType], None]) -> None:
    """Do `work` with modules that are loaded now, and with others when they are.

    They are not imported here. An import that fails leaves `work` for the next.

    Args:
        names: The modules.
        work: Called once per module, in the thread of the import.
    """
    missing = {name for name in names if name not in sys.modules}
    for name in set(names) - missing:
        work(sys.modules[name])
    sys.meta_path.insert(0, _Finder(missing, work))


class _Finder:
    """Finds some modules as the other finders do, and adds work to their loaders."""

    def __init__(self, names: set[str], work: Callable[[ModuleType], None]) -> None:
        self.names = names
        self._work = work

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002 - the protocol's
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """Return the module's spec, its loader wrapped; None for other modules."""
        if fullname not in self.names:
            return None
        from importlib.util import find_spec

        # Without the name, this search does not come back here.
        self.names.discard(fullname)
        spec = find_spec(fullname)
        if spec is None or spec.loader is None:
            self.names.add(fullname)
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
            self._finder.names.add(module.__name__)
            raise
        self._work(module)

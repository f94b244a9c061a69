"""What plugins offer by name: asked of their sources each time, built by nobody."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Final, Generic, Protocol, TypeAlias, TypeVar

from timeline_nb.core.near_names import quoted, suggestion
from timeline_nb.errors import PluginError, TimelineNbError

__all__ = ["TAKEN_NAMES", "Offers", "Source", "offer_errors"]

# What `analyze`, `load` and `export` take beside the arguments of plugins, which
# cannot be called so.
TAKEN_NAMES: Final = frozenset(
    {
        "analyzer",
        "bake",
        "dry_run",
        "end",
        "every",
        "format",
        "layout",
        "overwrite",
        "path",
        "self",
        "size",
        "start",
        "strict",
        "studio",
        "subtitles",
        "whole_paths",
    }
)


class _Named(Protocol):
    @property
    def name(self) -> str:
        """`PLUGIN_ID/name`."""


T = TypeVar("T", bound=_Named)
# Returns what the plugin of an id offers; what all of them do if the id is empty. A
# plugin in Python is imported only if it is asked.
Source: TypeAlias = Callable[[str], Iterable[T]]


class Offers(Generic[T]):
    """What several kinds of plugins offer of one kind of thing.

    Args:
        what: What it is, in a word: `importer`.
        sources: One for each kind of plugin.
    """

    def __init__(self, what: str, *sources: Source[T]) -> None:
        self._what, self._sources = what, sources

    def all(self) -> list[T]:
        """Return everything that is offered, by name.

        Raises:
            PluginError: What is installed cannot be read.
        """
        found = [one for source in self._sources for one in source("")]
        return sorted(found, key=lambda one: one.name)

    def named(self, name: str) -> T:
        """Return what is offered under a name.

        Raises:
            PluginError: There is none of that name.
        """
        if isinstance(name, str):
            plugin = name.partition("/")[0]
            for source in self._sources:
                for one in source(plugin) if plugin else ():
                    if one.name == name:
                        return one
        known = [one.name for one in self.all()]
        hint = suggestion(name, known)
        raise PluginError(f"there is no {self._what} {quoted(name)}{hint}")


@contextmanager
def offer_errors(name: str, subject: str) -> Iterator[None]:
    """Turn what an offer's code raises in the block into an error that names it.

    Args:
        name: Of the offer.
        subject: What it works on, such as the name of a file.

    Raises:
        PluginError: It raised something of its own; errors of the package pass.
    """
    try:
        yield
    except TimelineNbError:
        raise
    except Exception as error:
        # Of a plugin in Python, which may raise anything.
        raise PluginError(
            f"{name} failed on {subject}: {type(error).__name__}: {error}"
        ) from error

"""The order in which plugins start: those that others require come first."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from timeline_nb.core.near_names import suggestion
from timeline_nb.errors import PluginError
from timeline_nb.i18n import Message
from timeline_nb.wasm_plugins.manifest import PluginManifest

__all__ = ["Requirement", "needs_of", "satisfies", "start_order", "unknown_plugin"]


@dataclass(frozen=True)
class Requirement:
    """A plugin that another one calls.

    Args:
        id: Its id.
        version: What it has at least, of the same first number.
        found: The version that is installed; None if none is.
    """

    id: str
    version: str
    found: str | None

    @property
    def is_met(self) -> bool:
        """Whether a version that fits is installed."""
        return self.found is not None and satisfies(self.found, self.version)

    @property
    def sentence(self) -> str:
        """What is needed, what is there, and how to get what is missing."""
        if self.is_met:
            return Message(
                "needs the plugin {id} {version} or later: {found} is installed",
                id=self.id,
                version=self.version,
                found=self.found,
            )
        first = self.version.partition(".")[0]
        if self.found is None:
            return Message(
                "needs the plugin {id} {version} or later, which is not installed: get "
                "its .wasm file of version {version} to {first}.*, and install it",
                id=self.id,
                version=self.version,
                first=first,
            )
        return Message(
            "needs the plugin {id} {version} or later, and {found} is installed: get "
            "its .wasm file of version {version} to {first}.*, and install that in its "
            "place",
            id=self.id,
            version=self.version,
            found=self.found,
            first=first,
        )


def needs_of(
    manifest: PluginManifest, version_of: Callable[[str], str | None]
) -> tuple[Requirement, ...]:
    """Return the plugins that one requires, in the order of its manifest.

    Args:
        manifest: The plugin's.
        version_of: Returns the version of a plugin that is installed.
    """
    wanted = manifest.requires.items()
    return tuple(Requirement(one, least, version_of(one)) for one, least in wanted)


def satisfies(version: str, least: str) -> bool:
    """Return whether a version is at least another one of the same first number."""
    numbers, wanted = _numbers(version), _numbers(least)
    return numbers[0] == wanted[0] and numbers >= wanted


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def unknown_plugin(name: str, known: Iterable[str]) -> PluginError:
    """Return the error of a plugin that is not among those that are installed."""
    hint = suggestion(name, known)
    return PluginError(
        Message("there is no plugin {name}{hint}", name=repr(name), hint=hint)
    )


def start_order(
    wanted: Iterable[str], installed: Mapping[str, PluginManifest]
) -> list[PluginManifest]:
    """Return plugins and all that they require, each after what it requires.

    Args:
        wanted: Ids of plugins.
        installed: All plugins, by id.

    Raises:
        PluginError: One is not installed or too old, or some require each other in a
            circle, which the message names.
    """
    graph: dict[str, list[str]] = {}
    todo = list(wanted)
    while todo:
        one = todo.pop()
        if one in graph:
            continue
        manifest = installed.get(one)
        if manifest is None:
            raise unknown_plugin(one, installed)
        for other, least in manifest.requires.items():
            found = installed.get(other)
            if found is None:
                raise PluginError(
                    Message(
                        "the plugin {one} requires {other} {least}, which is not "
                        "installed: install it first",
                        one=one,
                        other=other,
                        least=least,
                    )
                )
            if not satisfies(found.version, least):
                raise PluginError(
                    Message(
                        "the plugin {one} requires {other} {least}, and {version} "
                        "is installed: install a version that fits",
                        one=one,
                        other=other,
                        least=least,
                        version=found.version,
                    )
                )
        graph[one] = sorted(manifest.requires)
        todo += graph[one]
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = " requires ".join(reversed(error.args[1]))
        raise PluginError(
            Message("plugins require each other in a circle: {circle}", circle=circle)
        ) from error
    return [installed[one] for one in order]

"""Effects, transitions and generators of Python plugins, for the catalog."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

import cv2

from timeline_nb.effects.code_digest import identify
from timeline_nb.effects.identity import Identity
from timeline_nb.effects.picture import Moment, Picture
from timeline_nb.effects.provided import ProvidedSpec, add_provider
from timeline_nb.effects.rgb_results import checked_rgb
from timeline_nb.effects.spec import Medium, Spec
from timeline_nb.errors import PluginError, TimelineNbError
from timeline_nb.python_plugins.declared import DeclaredEffect, about_of
from timeline_nb.python_plugins.enabled import EnabledPlugin
from timeline_nb.python_plugins.load import described
from timeline_nb.python_plugins.loader import LoadedPlugin, PluginLoader

__all__ = ["PluginEffects", "identity_in"]

_REPLACED = "its package was installed anew after it was loaded: restart the kernel"


@dataclass
class PluginEffects:
    """Provides the effects of one plugin, which is loaded when they are asked for.

    Args:
        loader: Loads it.
        name: The plugin's.
    """

    loader: PluginLoader
    name: str
    _known: tuple[LoadedPlugin | None, tuple[ProvidedSpec, ...]] = field(
        default=(None, ()), init=False
    )

    def specs(self) -> Sequence[ProvidedSpec]:
        """Return the effects; the same object while the plugin is the same.

        Raises:
            PluginError: It is not installed, not enabled, or cannot be loaded.
        """
        plugin = self.loader.loaded(self.name)
        known = self._known
        if known[0] is not plugin:
            known = self._known = (plugin, tuple(_specs_of(plugin)))
        return known[1]

    def for_workers(self, _kinds: Collection[str]) -> Callable[[], object] | None:
        """Return what puts the plugin's effects up in another process."""
        enabled = self.loader.enabled().get(self.name)
        return _InWorker(self.name, enabled) if enabled is not None else None


@dataclass(frozen=True)
class _InWorker:
    """Puts up a plugin's effects in a worker, for which it was enabled elsewhere.

    Args:
        name: The plugin's.
        enabled: What a person enabled.
    """

    name: str
    enabled: EnabledPlugin

    def __call__(self) -> None:
        loader = _loader_of(self.name, self.enabled)
        provider = PluginEffects(loader, self.name)
        add_provider(f"Python plugin {self.name}", provider, plugin=self.name)


@lru_cache(maxsize=64)
def _loader_of(name: str, enabled: EnabledPlugin) -> PluginLoader:
    """Return what loads a plugin in a worker's process, once."""
    return PluginLoader(lambda: {name: enabled})


def identity_in(plugin: LoadedPlugin, function: object, *also: object) -> Identity:
    """Identify a plugin's function by its code and its package.

    Code that is installed is known by its package's list of files, which has their
    hashes; other code, as of an editable installation, by its contents.

    Args:
        plugin: The plugin.
        function: One of its functions.
        also: Other values that its results depend on.
    """
    entry = plugin.entry
    package = [entry.package, entry.version, entry.contents]
    found = identify(cast("Callable[..., Any]", function), also=[*package, *also])
    if plugin.is_replaced:
        return Identity(found.digest, _REPLACED)
    return found


def _specs_of(plugin: LoadedPlugin) -> Iterable[ProvidedSpec]:
    for name, one in plugin.declared.effects.items():
        kind = f"{plugin.entry.name}/{name}"
        spec = Spec(
            kind,
            cast("Medium", one.medium),
            one.group,
            about_of(one.function),
            one.parameters,
            _MAKERS[one.medium](one.function),
            timed=one.medium == "generator",
            origin=plugin.entry.name,
        )
        yield ProvidedSpec(spec, _identifier(plugin, one))


def _identifier(plugin: LoadedPlugin, one: DeclaredEffect) -> Callable[[], Identity]:
    defaults = [[name, own.kind, own.default] for name, own in one.parameters.items()]
    return lambda: identity_in(plugin, one.function, one.medium, defaults)


def _called(function: Callable[..., Any], *given: Any, **values: Any) -> Any:
    """Call a plugin's function; who shows its picture names the effect in errors."""
    try:
        return function(*given, **values)
    except TimelineNbError:
        raise
    except (Exception, SystemExit) as error:
        raise PluginError(described(error)) from error


def _effect_of(function: Callable[..., Any]) -> Callable[..., Picture]:
    def make(picture: Picture, **values: Any) -> Picture:
        rgb = _called(function, picture.rgb.copy(), **values)
        size = {"width_px": picture.width, "height_px": picture.height}
        return picture.with_rgb(checked_rgb(rgb, "it", **size))

    return make


def _transition_of(function: Callable[..., Any]) -> Callable[..., Picture]:
    def make(
        first: Picture, second: Picture, progress: float, **values: Any
    ) -> Picture:
        pictures = first.rgb.copy(), second.rgb.copy()
        rgb = _called(function, *pictures, progress, **values)
        size = {"width_px": first.width, "height_px": first.height}
        made = first.with_rgb(checked_rgb(rgb, "it", **size))
        if first.alpha is None and second.alpha is None:
            return made
        shares = 1 - progress, progress
        return made.with_alpha(
            cv2.addWeighted(first.opacity, shares[0], second.opacity, shares[1], 0)
        )

    return make


def _generator_of(function: Callable[..., Any]) -> Callable[..., Picture]:
    def make(moment: Moment, size: tuple[int, int], **values: Any) -> Picture:
        time_s = float(moment.time - moment.start)
        rgb = _called(function, *size, time_s, **values)
        made = checked_rgb(rgb, "it", width_px=size[0], height_px=size[1])
        return Picture(moment=moment, rgb=made)

    return make


_MAKERS = {
    "picture": _effect_of,
    "transition": _transition_of,
    "generator": _generator_of,
}

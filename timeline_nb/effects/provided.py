"""Effects from elsewhere: of plugins, and of a person's own functions.

The catalog asks providers for them at each look-up, so that what is installed, removed
or defined anew is known at once. An effect of a plugin is named `PLUGIN_ID/NAME`, which
no effect of the package is; such a name says which plugin is missing here.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from timeline_nb.core.locks import new_lock
from timeline_nb.core.signals import Signal
from timeline_nb.effects.code_digest import Identity
from timeline_nb.effects.spec import Spec
from timeline_nb.errors import TimelineNbError

__all__ = [
    "EffectProvider",
    "ProvidedSpec",
    "add_provider",
    "catalog_changed",
    "find_provided",
    "identity_of",
    "is_provided",
    "missing_plugin",
    "note_change",
    "plugin_of",
    "provided_specs",
    "providers_for_workers",
    "remove_provider",
]

_log = logging.getLogger(__name__)
# The package's own effects are known by its version.
_OWN: Final = Identity()


@dataclass(frozen=True)
class ProvidedSpec:
    """An effect from elsewhere.

    Args:
        spec: As the catalog lists it; its `origin` is the plugin's id, empty for a
            function of a notebook.
        identify: Returns what it is now, for caches of its pictures. Results of equal
            digests are equal.
    """

    spec: Spec
    identify: Callable[[], Identity]


class EffectProvider(Protocol):
    """Has effects for the catalog."""

    def specs(self) -> Sequence[ProvidedSpec]:
        """Return its effects, and the same object while they are the same.

        It is called at each look-up of an effect that is not the package's own, in any
        thread, so it must be quick.
        """

    def for_workers(self, kinds: Collection[str]) -> "EffectProvider | None":
        """Return a provider of some of its effects that can be pickled.

        None if it has none of them, or they exist in this process alone.
        """


@dataclass(frozen=True)
class _Known:
    """What all providers had when they were asked last."""

    sequences: tuple[Sequence[ProvidedSpec], ...]
    by_kind: dict[str, ProvidedSpec]


class _Registry:
    """The providers of this process."""

    def __init__(self) -> None:
        self._lock = new_lock("providers of effects")
        # Replaced as a whole, so that reading needs no lock.
        self.providers: dict[str, EffectProvider] = {}
        self._known = _Known((), {})
        self._failed: set[str] = set()
        # The specs of effects that cannot be cached, as they keep changing.
        self.changing: dict[str, Spec] = {}

    def put(self, key: str, provider: EffectProvider | None) -> None:
        with self._lock:
            others = {k: own for k, own in self.providers.items() if k != key}
            if provider is not None:
                others[key] = provider
            self.providers = others

    def by_kind(self) -> dict[str, ProvidedSpec]:
        """Return all effects by kind; of two of one kind, that of the last provider."""
        providers, known = self.providers, self._known
        if not providers:
            return {}
        found = tuple(self._asked(key, one) for key, one in providers.items())
        same = len(found) == len(known.sequences) and all(
            one is other for one, other in zip(found, known.sequences, strict=True)
        )
        if not same:
            merged = {one.spec.kind: one for own in found for one in own}
            known = self._known = _Known(found, merged)
        return known.by_kind

    def _asked(self, key: str, provider: EffectProvider) -> Sequence[ProvidedSpec]:
        try:
            return provider.specs()
        except TimelineNbError as error:
            # The effects of others, and the package's own, are there all the same.
            text = f"{key}: {error}"
            if text not in self._failed:
                self._failed.add(text)
                _log.warning("effects are missing from the catalog: %s", text)
            return ()


_REGISTRY: Final = _Registry()
# Emitted when effects from elsewhere were added, removed or replaced.
catalog_changed: Final[Signal[()]] = Signal("the catalog of effects")


def add_provider(key: str, provider: EffectProvider) -> None:
    """Add a provider to the catalog of this process, in place of one of the same key.

    When its effects change later, emit `catalog_changed`, for views that list them.
    """
    _REGISTRY.put(key, provider)
    catalog_changed.emit()


def remove_provider(key: str) -> None:
    """Remove a provider from the catalog; nothing happens if it is not there."""
    if key in _REGISTRY.providers:
        _REGISTRY.put(key, None)
        catalog_changed.emit()


def provided_specs() -> list[Spec]:
    """Return the specs of all effects from elsewhere."""
    return [one.spec for one in _REGISTRY.by_kind().values()]


def find_provided(kind: str) -> ProvidedSpec | None:
    """Return an effect from elsewhere by its kind; None if there is none."""
    return _REGISTRY.by_kind().get(kind)


def is_provided(kind: str) -> bool:
    """Return whether a kind of effect comes from elsewhere."""
    return find_provided(kind) is not None


def plugin_of(kind: str) -> str:
    """Return the id of the plugin that a kind names; empty if it names none."""
    name, slash, _ = kind.rpartition("/")
    return name if slash else ""


def missing_plugin(kind: str) -> str:
    """Return what to do about an effect of a plugin that is not here; empty if it is.

    Args:
        kind: Such as `org.example.blur/gaussian`.
    """
    plugin = plugin_of(kind)
    if not plugin or is_provided(kind):
        return ""
    has_others = any(spec.origin == plugin for spec in provided_specs())
    if has_others:
        return (
            f"the plugin {plugin} that is installed has no effect {kind!r}: install "
            'the version that has it, with tl.plugins.install("FILE.wasm")'
        )
    return (
        f"the plugin {plugin} of the effect {kind!r} is not installed: "
        'tl.plugins.install("FILE.wasm"), or `timeline-nb plugins add FILE.wasm`, '
        "installs it"
    )


def identity_of(kind: str) -> Identity:
    """Identify an effect by what it does now; empty for the package's own.

    It is read anew each time: globals and closures of a notebook change, and plugins
    are installed.
    """
    found = find_provided(kind)
    if found is None:
        why = missing_plugin(kind)
        return Identity("", why) if why else _OWN
    identity = found.identify()
    if _REGISTRY.changing.get(kind) is found.spec and not identity.why:
        why = "what it depends on changes while it is rendered"
        return Identity(identity.digest, why)
    return identity


def note_change(kind: str) -> None:
    """Note that an effect cannot be cached, since what it depends on keeps changing."""
    found = find_provided(kind)
    if found is not None:
        _REGISTRY.changing[kind] = found.spec


def providers_for_workers(kinds: Collection[str]) -> dict[str, EffectProvider]:
    """Return providers of effects by key, to be sent to another process.

    Args:
        kinds: The effects that are needed there.
    """
    if not any(map(is_provided, kinds)):
        return {}
    portable = {k: own.for_workers(kinds) for k, own in _REGISTRY.providers.items()}
    return {key: one for key, one in portable.items() if one is not None}

"""Effects from elsewhere: of plugins, and of a person's own functions.

The catalog asks providers for them at each look-up, so that what is installed, removed
or defined anew is known at once. An effect of a plugin is named `PLUGIN_ID/NAME`, which
no effect of the package is; such a name says which plugin is missing here.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from timeline_nb.core.locks import new_lock
from timeline_nb.core.signals import Signal
from timeline_nb.effects.identity import Identity
from timeline_nb.errors import TimelineNbError

if TYPE_CHECKING:
    # Opening a studio puts up a provider, and loads no effects.
    from timeline_nb.effects.spec import Spec

__all__ = [
    "EffectProvider",
    "ProvidedSpec",
    "add_provider",
    "catalog_changed",
    "find_provided",
    "forget_provider",
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

    spec: "Spec"
    identify: Callable[[], Identity]


class EffectProvider(Protocol):
    """Has effects for the catalog."""

    def specs(self) -> Sequence[ProvidedSpec]:
        """Return its effects, and the same object while they are the same.

        It is called at each look-up of an effect that is not the package's own, in any
        thread, so it must be quick.

        Raises:
            TimelineNbError: They cannot be loaded; they are then missing.
        """

    def for_workers(self, kinds: Collection[str]) -> Callable[[], object] | None:
        """Return what puts some of its effects up in another process.

        None if it has none of them, or they exist in this process alone. What is
        returned is pickled, and called in the other process, perhaps several times.
        """


@dataclass(frozen=True)
class _Known:
    """What a provider had when it was asked last."""

    specs: Sequence[ProvidedSpec]
    by_kind: dict[str, ProvidedSpec]


class _Source:
    """A provider that was added.

    Args:
        provider: It.
        plugin: The only plugin whose effects it has; None if it may have any.
    """

    def __init__(self, provider: EffectProvider, plugin: str | None) -> None:
        self.provider = provider
        self._plugin = plugin
        self._known = _Known((), {})
        self._failed = ""

    def may_have(self, kind: str) -> bool:
        """Return whether it is asked for a kind."""
        return self._plugin is None or self._plugin == plugin_of(kind)

    def by_kind(self) -> dict[str, ProvidedSpec]:
        """Return its effects by kind; none if they cannot be loaded."""
        try:
            specs = self.provider.specs()
        except TimelineNbError as error:
            # The effects of others, and the package's own, are there all the same.
            if self._failed != str(error):
                self._failed = str(error)
                _log.warning("effects are missing: %s", error)
            return {}
        self._failed = ""
        known = self._known
        if specs is not known.specs:
            known = self._known = _Known(specs, {one.spec.kind: one for one in specs})
        return known.by_kind

    @property
    def failure(self) -> str:
        """Why its effects could not be loaded when it was asked last."""
        return self._failed


class _Registry:
    """The providers of this process, the last one first."""

    def __init__(self) -> None:
        self._lock = new_lock("providers of effects")
        # Replaced as a whole, so that reading needs no lock.
        self._sources: dict[str, _Source] = {}
        # Keys of sources whose owners were collected.
        self._gone: set[str] = set()
        # The specs of effects that cannot be cached, as they keep changing.
        self.changing: dict[str, Spec] = {}

    def put(self, key: str, source: _Source | None) -> bool:
        """Add, replace or remove a provider; return whether there was one."""
        with self._lock:
            gone = self._gone.copy()
            known = {k: own for k, own in self._sources.items() if k not in gone}
            others = {k: own for k, own in known.items() if k != key}
            first = {} if source is None else {key: source}
            self._sources = first | others
            self._gone -= {*gone, key}
            return key in known

    def forget(self, key: str) -> None:
        """Leave a provider out from here on.

        It takes no lock: the collector calls it, whatever the thread is doing.
        """
        self._gone.add(key)

    @property
    def sources(self) -> list[_Source]:
        """The providers, the last one first."""
        return [own for key, own in self._sources.items() if key not in self._gone]

    def of(self, kind: str) -> list[_Source]:
        """Return the providers that may have a kind."""
        return [one for one in self.sources if one.may_have(kind)]


_REGISTRY: Final = _Registry()
# Emitted when effects from elsewhere were added, removed or replaced.
catalog_changed: Final[Signal[()]] = Signal("the catalog of effects")


def add_provider(
    key: str, provider: EffectProvider, *, plugin: str | None = None
) -> None:
    """Add a provider to the catalog of this process, in place of one of the same key.

    When its effects change later, emit `catalog_changed`, for views that list them.

    Args:
        key: What `remove_provider` takes.
        provider: It; of two that have an effect, the one that was added last counts.
        plugin: The only plugin whose effects it has: it is not asked for others, nor
            loaded by them. It may have any if None, and functions without a plugin if
            empty.
    """
    _REGISTRY.put(key, _Source(provider, plugin))
    catalog_changed.emit()


def remove_provider(key: str) -> None:
    """Remove a provider from the catalog; nothing happens if it is not there."""
    if _REGISTRY.put(key, None):
        catalog_changed.emit()


def forget_provider(key: str) -> None:
    """Remove a provider as the collector does, without a lock and without a signal."""
    _REGISTRY.forget(key)


def provided_specs() -> "list[Spec]":
    """Return the specs of all effects from elsewhere; each provider is asked."""
    merged: dict[str, ProvidedSpec] = {}
    for source in _REGISTRY.sources:
        merged = {**source.by_kind(), **merged}
    return [one.spec for one in merged.values()]


def find_provided(kind: str) -> ProvidedSpec | None:
    """Return an effect from elsewhere by its kind; None if there is none."""
    for source in _REGISTRY.of(kind):
        if found := source.by_kind().get(kind):
            return found
    return None


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
    sources = _REGISTRY.of(kind)
    for source in sources:
        if source.failure:
            return f"the effect {kind!r} is missing: {source.failure}"
    known = [one for source in sources for one in source.by_kind().values()]
    if any(one.spec.origin == plugin for one in known):
        return (
            f"the plugin {plugin!r} that is installed has no effect {kind!r}: install "
            "the version that has it"
        )
    return (
        f"the plugin {plugin!r} of the effect {kind!r} is not installed: "
        'tl.plugins.install("FILE.wasm"), or `timeline-nb plugins add FILE.wasm`, '
        f"installs it; one of a Python package is enabled by "
        f"tl.plugins.enable({plugin!r})"
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


def providers_for_workers(
    kinds: Collection[str],
) -> tuple[Callable[[], object], ...]:
    """Return what puts up effects in another process; it can be pickled.

    Args:
        kinds: The effects that are needed there.
    """
    wanted = [kind for kind in kinds if is_provided(kind)]
    sources = {id(one): one for kind in wanted for one in _REGISTRY.of(kind)}
    found = (one.provider.for_workers(wanted) for one in sources.values())
    return tuple(one for one in found if one is not None)

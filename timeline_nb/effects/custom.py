"""Effects that a person writes: functions of a notebook, and what identifies them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from timeline_nb.core.locks import new_lock
from timeline_nb.core.near_names import kind_of
from timeline_nb.effects.catalog import find_picture
from timeline_nb.effects.code_digest import identify
from timeline_nb.effects.identity import Identity
from timeline_nb.effects.limited import LimitedEffect
from timeline_nb.effects.parameters import Parameter
from timeline_nb.effects.picture import Picture
from timeline_nb.effects.provided import (
    ProvidedSpec,
    add_provider,
    catalog_changed,
    is_provided,
)
from timeline_nb.effects.rgb_results import checked_rgb
from timeline_nb.effects.spec import Spec
from timeline_nb.errors import CompositionError

__all__ = ["custom_effect", "forget_custom_effect"]

# A day for one picture.
_MOST_S: Final = 86_400


@dataclass(frozen=True)
class _Custom:
    """What identifies a custom effect.

    Args:
        function: What it calls.
        version: What its author says identifies it; None if its code does.
        defaults: Of its parameters, which an edit leaves out where they are used.
    """

    function: Callable[..., Any]
    version: str | None
    defaults: list[Any]

    def identity(self) -> Identity:
        if self.version is not None:
            versioned = identify(_versioned, also=[self.version, self.defaults])
            return Identity(versioned.digest)
        return identify(self.function, also=[self.defaults])


def _versioned() -> None:
    """Stand for the code of effects that have a version."""


class _Functions:
    """The functions that are registered in this process."""

    def __init__(self) -> None:
        self._lock = new_lock("custom effects")
        self._specs: tuple[ProvidedSpec, ...] = ()

    def specs(self) -> Sequence[ProvidedSpec]:
        return self._specs

    def for_workers(self, _kinds: Collection[str]) -> None:
        """Return None: they exist in this process alone."""

    def put(self, kind: str, one: ProvidedSpec | None) -> None:
        with self._lock:
            others = tuple(own for own in self._specs if own.spec.kind != kind)
            self._specs = others if one is None else (*others, one)
        catalog_changed.emit()


_FUNCTIONS: Final = _Functions()
add_provider("functions", _FUNCTIONS, plugin="")


def forget_custom_effect(kind: str) -> None:
    """Remove a custom effect from the catalog; nothing happens if it is not there."""
    _FUNCTIONS.put(kind, None)


def custom_effect(
    function: Callable[..., Any],
    *,
    group: str,
    parameters: Mapping[str, Parameter],
    version: str | float | None = None,
    time_limit_s: float | None = None,
) -> Spec:
    """Add a function to the catalog, in place of a custom one of the same name.

    Args:
        function: Called with `(H, W, 3) uint8` RGB and its parameters by name; returns
            an array of the same shape and type.
        group: The heading under which catalogs list it.
        parameters: Its parameters by name.
        version: What identifies it in place of its code.
        time_limit_s: The seconds that one picture may take; the function then runs in
            a process of its own. Without a limit if None.

    Raises:
        CompositionError: The package has an effect of that name, the version is
            neither text nor a number, or the limit is not positive.
    """
    kind = getattr(function, "__name__", "custom")
    if find_picture(kind) is not None and not is_provided(kind):
        raise CompositionError(
            f"{kind!r} is an effect of the package: give the function another name"
        )
    if version is not None and not isinstance(version, (str, int, float)):
        raise CompositionError(
            f"the effect {kind!r}: version={version!r} is {kind_of(version)}: "
            "give text or a number"
        )

    called = function
    if time_limit_s is not None:
        called = _limited(kind, function, time_limit_s)

    def make(p: Picture, **values: Any) -> Picture:
        rgb = checked_rgb(
            called(p.rgb.copy(), **values),
            f"the effect {kind!r}",
            width_px=p.width,
            height_px=p.height,
        )
        return p.with_rgb(rgb)

    told = None if version is None else str(version)
    defaults = [[name, one.kind, one.default] for name, one in parameters.items()]
    doc = (function.__doc__ or "").strip().partition("\n")[0]
    spec = Spec(kind, "picture", group, doc, dict(parameters), make)
    identity = _Custom(function, told, defaults).identity
    _FUNCTIONS.put(kind, ProvidedSpec(spec, identity))
    return spec


def _limited(
    kind: str, function: Callable[..., Any], time_limit_s: object
) -> LimitedEffect:
    if not isinstance(time_limit_s, (int, float)) or not 0 < time_limit_s <= _MOST_S:
        raise CompositionError(
            f"the effect {kind!r}: time_limit_s={time_limit_s!r} is no number of "
            f"seconds over 0 and up to {_MOST_S}"
        )
    return LimitedEffect(kind, function, float(time_limit_s))

"""The catalogue: every effect, transition and generator by its kind."""

import difflib
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from hashlib import blake2b
from importlib import import_module
from inspect import getsource
from typing import Any, Final

import numpy as np

from timeline_nb.effects import registry
from timeline_nb.effects.parameters import Parameter
from timeline_nb.effects.picture import Picture
from timeline_nb.effects.spec import EffectRegistry, Medium, Spec
from timeline_nb.errors import CompositionError

__all__ = ["catalog", "custom_effect", "find", "find_picture", "source_code_of"]

_MODULES: Final = (
    "color",
    "looks",
    "blur",
    "detail",
    "stylize",
    "vintage",
    "distort",
    "geometry",
    "keying",
    "timing",
    "generators",
    "transitions.wipes",
    "transitions.moves",
    "transitions.optics",
    "sound.dynamics",
    "sound.tone",
    "sound.space",
    "sound.crossfades",
)


@lru_cache(maxsize=1)
def _registries() -> dict[Medium, EffectRegistry]:
    for name in _MODULES:
        import_module(f"timeline_nb.effects.{name}")

    made = (
        registry.picture,
        registry.transition,
        registry.sound,
        registry.generator,
        registry.time,
        registry.crossfade,
    )
    return {own.medium: own for own in made}


def catalog(medium: Medium | None = None) -> Iterator[Spec]:
    """Every kind there is, or those of a medium, group by group."""
    for own in _registries().values():
        if medium in {None, own.medium}:
            yield from sorted(
                own.specs.values(), key=lambda spec: (spec.group, spec.kind)
            )


def find(kind: str, *media: Medium) -> Spec:
    """The spec of a kind, of one of these media if any are named.

    Raises:
        CompositionError: There is none; the nearest names are told.
    """
    known: dict[str, Spec] = {}
    for medium, own in _registries().items():
        if not media or medium in media:
            known = {**own.specs, **known}
    if kind not in known:
        near = difflib.get_close_matches(kind, known, 3, 0.5)
        hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
        what = " or ".join(media) or "effect"
        raise CompositionError(f"there is no {what} {kind!r}{hint}")
    return known[kind]


def find_picture(kind: str) -> Spec | None:
    """The spec of an effect on pictures; None if it is unknown, or of no pictures."""
    return _registries()["picture"].specs.get(kind)


_SOURCES: dict[str, str] = {}


def source_code_of(kind: str) -> str:
    """What tells versions of a custom effect apart; empty for one of the package."""
    return _SOURCES.get(kind, "")


def custom_effect(
    function: Callable[..., Any], *, group: str, parameters: Mapping[str, Parameter]
) -> Spec:
    """Put a person's own function into the catalogue, in place of one of its name.

    Args:
        function: Given `(H, W, 3) uint8` RGB and its parameters by name; gives back
            the same shape and type.
        group: Its kin, for lists.
        parameters: What it takes.

    Raises:
        CompositionError: It has the name of an effect of the package.
    """
    kind = getattr(function, "__name__", "custom")
    own = _registries()["picture"]
    if kind in own.specs and kind not in _SOURCES:
        raise CompositionError(
            f"{kind!r} is an effect of the package: give the function another name"
        )

    def make(p: Picture, **values: Any) -> Picture:
        made = function(p.rgb.copy(), **values)
        wanted = (p.height, p.width, 3)
        if not isinstance(made, np.ndarray) or made.dtype != np.uint8:
            told = getattr(made, "dtype", type(made).__name__)
            raise CompositionError(
                f"the effect {kind!r} gave back {told}, not an array of uint8"
            )
        if made.shape != wanted:
            raise CompositionError(
                f"the effect {kind!r} gave back {made.shape}, not {wanted}"
            )
        return p.with_rgb(np.ascontiguousarray(made))

    try:
        told = getsource(function)
    except (OSError, TypeError):
        told = repr(getattr(function, "__code__", function))
    _SOURCES[kind] = blake2b(told.encode(), digest_size=8).hexdigest()
    doc = (function.__doc__ or "").strip().partition("\n")[0]
    spec = Spec(kind, "picture", group, doc, dict(parameters), make)
    own.specs[kind] = spec
    return spec

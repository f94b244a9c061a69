"""The catalogue: every effect, transition, sound effect and generator by its kind."""

from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from typing import Final

from timeline_nb.core.near_names import near_names, quoted, suggestion
from timeline_nb.effects import registry
from timeline_nb.effects.provided import (
    find_provided,
    missing_plugin,
    provided_specs,
)
from timeline_nb.effects.spec import NOUNS, EffectRegistry, Medium, Spec
from timeline_nb.errors import CompositionError
from timeline_nb.i18n import Message

__all__ = [
    "catalog",
    "find",
    "find_picture",
    "search",
    "specs_of",
]

_MODULES: Final = (
    "color",
    "toning",
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

    registries = (
        registry.picture,
        registry.transition,
        registry.sound,
        registry.generator,
        registry.time,
        registry.crossfade,
    )
    return {own.medium: own for own in registries}


def catalog(medium: Medium | None = None) -> Iterator[Spec]:
    """Yield every kind, or those of one medium, in order of group and name."""
    for own in _registries():
        if medium in {None, own}:
            yield from sorted(
                _specs_in(own).values(), key=lambda spec: (spec.group, spec.kind)
            )


def _specs_in(medium: Medium) -> dict[str, Spec]:
    """Return the kinds of a medium; those of the package hide others of their name."""
    others = {one.kind: one for one in provided_specs() if one.medium == medium}
    return {**others, **_registries()[medium].specs}


def search(text: str) -> list[Spec]:
    """Return the kinds that fit a text, best first.

    A text fits by medium, group, name, parameter or description, in any order of its
    words: `"glow"`, `"looks"`, `"film grain"`. Where nothing fits, the kinds with the
    nearest names are returned.

    Args:
        text: One or more words; upper case does not count.
    """
    words = text.casefold().replace("_", " ").split()
    scored = [(_score(spec, words), spec) for spec in catalog()]
    # Sorting is stable: equal scores keep the catalogue's order.
    ordered = sorted(scored, key=lambda pair: -pair[0])
    found = [spec for score, spec in ordered if score > 0]
    if found:
        return found
    near = near_names(text, {spec.kind for spec in catalog()})
    return [spec for name in near for spec in catalog() if spec.kind == name]


def _score(spec: Spec, words: list[str]) -> int:
    """Return how well a kind fits all of the words; 0 if it lacks one of them."""
    name = spec.kind.replace("_", " ")
    about = f"{spec.doc} {' '.join(spec.parameters)}".casefold().replace("_", " ")
    headings = {part.rstrip("s") for part in (spec.medium, *spec.group.split())}
    total = 0
    for word in words:
        if word in name.split():
            total += 8
        elif word in name:
            total += 6
        elif word.rstrip("s") in headings:
            total += 4
        elif word in about:
            total += 2
        else:
            return 0
    return total


def find(kind: str, *media: Medium) -> Spec:
    """Return the spec of a kind.

    Args:
        kind: The name of the kind.
        media: The media that are searched; all of them if none is given.

    Raises:
        CompositionError: There is no such kind; the nearest names are given.
    """
    searched = [medium for medium in _registries() if not media or medium in media]
    for spec in specs_of(kind, *searched):
        return spec
    if missing := missing_plugin(kind):
        raise CompositionError(missing)
    known = [own for medium in searched for own in _specs_in(medium)]
    what = Message("effect")
    for number, medium in enumerate(media):
        noun = NOUNS[medium]
        what = Message("{one} or {other}", one=what, other=noun) if number else noun
    raise CompositionError(
        Message(
            "there is no {what} {kind}{hint}",
            what=what,
            kind=quoted(kind),
            hint=suggestion(kind, known),
        )
    )


def specs_of(kind: str, *media: Medium) -> Iterator[Spec]:
    """Yield the specs of a kind, one in each of some media (or all) that has it."""
    for medium in media or _registries():
        spec = _found(kind, medium)
        if spec is not None:
            yield spec


def find_picture(kind: str) -> Spec | None:
    """Return the spec of a picture effect; None if there is none of that kind."""
    return _found(kind, "picture")


def _found(kind: str, medium: Medium) -> Spec | None:
    own = _registries()[medium].specs.get(kind)
    if own is not None:
        return own
    other = find_provided(kind)
    return other.spec if other is not None and other.spec.medium == medium else None

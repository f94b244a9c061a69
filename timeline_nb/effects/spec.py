"""An effect as the catalogue knows it, and its values at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final, Literal, TypeAlias

from timeline_nb.effects.parameters import Parameter
from timeline_nb.errors import CompositionError
from timeline_nb.timeline.keyframes import value_at
from timeline_nb.timeline.model import Effect, Keyframe

__all__ = ["EffectRegistry", "Medium", "Spec", "Values", "values_of"]

Medium: TypeAlias = Literal[
    "picture", "transition", "sound", "crossfade", "generator", "time"
]


@dataclass(frozen=True)
class Spec:
    """A kind of effect.

    Args:
        kind: Its name.
        medium: What it works on.
        group: Its kin, for lists.
        doc: What it does, in a sentence.
        parameters: What it takes, by name.
        make: The function: what it is given and gives back depends on the medium.
        transparent: Whether it may let what lies below show.
        temporal: Whether it looks at pictures of other times, too.
        random: Whether chance has a part in it, which falls otherwise for each owner.
    """

    kind: str
    medium: Medium
    group: str
    doc: str
    parameters: Mapping[str, Parameter]
    make: Callable[..., Any] = field(repr=False)
    transparent: bool = False
    temporal: bool = False
    random: bool = False

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the effect's parameters."""
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": self.kind,
            "description": self.doc,
            "type": "object",
            "properties": {n: p.schema() for n, p in self.parameters.items()},
            "additionalProperties": False,
        }


class EffectRegistry:
    """The effects of one medium, by kind: `@picture("blur", radius=...)` adds one.

    Args:
        medium: What they all work on.
    """

    def __init__(self, medium: Medium) -> None:
        self.medium: Final[Medium] = medium
        self.specs: dict[str, Spec] = {}

    def __call__(
        self,
        group: str,
        *,
        transparent: bool = False,
        temporal: bool = False,
        random: bool = False,
        **parameters: Parameter,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register a function, by its own name and docstring."""
        return self.with_parameters(
            group, parameters, transparent=transparent, temporal=temporal, random=random
        )

    def with_parameters(
        self,
        group: str,
        parameters: Mapping[str, Parameter],
        *,
        transparent: bool = False,
        temporal: bool = False,
        random: bool = False,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register a function, with parameters that others have too."""

        def put(function: Callable[..., Any]) -> Callable[..., Any]:
            kind = function.__name__.rstrip("_")
            told = (function.__doc__ or "").strip().partition("\n")[0]
            self.specs[kind] = Spec(
                kind,
                self.medium,
                group,
                told,
                parameters,
                function,
                transparent=transparent,
                temporal=temporal,
                random=random,
            )
            return function

        return put


@dataclass(frozen=True)
class Values:
    """The values of an effect, those that change among them.

    Args:
        constant: By name, checked.
        keyframes: Those that change.
        parameters: What all of them are.
    """

    constant: Mapping[str, Any]
    keyframes: Mapping[str, Sequence[Keyframe]]
    parameters: Mapping[str, Parameter]

    def at(self, time: Fraction | float) -> dict[str, Any]:
        """All of them at a time."""
        values = dict(self.constant)
        for name, keys in self.keyframes.items():
            values[name] = self.parameters[name].check(value_at(keys, time))
        return values


def values_of(spec: Spec, effect: Effect) -> Values:
    """The values of an effect, checked, with defaults where it tells none.

    Raises:
        CompositionError: A parameter is not known, of the wrong type, out of its range
            or not a number; effect and parameter are named.
    """
    for name in (*effect.parameters, *effect.keyframes):
        if name not in spec.parameters:
            known = ", ".join(spec.parameters) or "no parameters"
            raise CompositionError(
                f"the effect {spec.kind!r} has no parameter {name!r}; it has {known}"
            )
    constant = {}
    for name, parameter in spec.parameters.items():
        keys = effect.keyframes.get(name, ())
        if keys and not parameter.can_be_keyframed:
            raise CompositionError(
                f"the effect {spec.kind!r}: {name!r} cannot have keyframes"
            )
        for key in keys:
            _checked(spec, name, key.value)
        value = effect.parameters.get(name, parameter.default)
        if not keys:
            constant[name] = _checked(spec, name, value)
    return Values(constant, effect.keyframes, spec.parameters)


def _checked(spec: Spec, name: str, value: Any) -> Any:
    try:
        return spec.parameters[name].check(value)
    except ValueError as error:
        raise CompositionError(f"the effect {spec.kind!r}: {name!r} {error}") from error

"""The specification of an effect in the catalogue, and its values at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final, Literal, TypeAlias

from msgspec.structs import replace

from timeline_nb.core.near_names import suggestion
from timeline_nb.effects.parameters import Parameter
from timeline_nb.errors import CompositionError
from timeline_nb.i18n import Message
from timeline_nb.timeline.keyframes import value_at
from timeline_nb.timeline.model import Effect, Keyframe

__all__ = [
    "NOUNS",
    "EffectRegistry",
    "Medium",
    "Spec",
    "Values",
    "stored",
    "values_of",
]

Medium: TypeAlias = Literal[
    "picture", "transition", "sound", "crossfade", "generator", "time"
]


# What each medium's effects are called.
NOUNS: Final[Mapping[Medium, Message]] = {
    "picture": Message("picture effect"),
    "sound": Message("sound effect"),
    "time": Message("time effect"),
    "transition": Message("transition"),
    "crossfade": Message("crossfade"),
    "generator": Message("generator"),
}


@dataclass(frozen=True)
class Spec:
    """The specification of one kind of effect.

    Args:
        kind: The name of the kind.
        medium: What it processes.
        group: The heading under which catalogues list it.
        doc: What it does, in one sentence.
        parameters: Its parameters by name.
        make: The function; its arguments and result depend on the medium.
        transparent: Whether its result may be transparent in places.
        temporal: Whether it reads pictures of other times.
        random: Whether it uses the random generator, which is seeded by the owner.
        timed: Whether a generator draws something else at each time.
        origin: The id of the plugin that it is of; empty for the package's own, and
            for functions of a notebook.
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
    timed: bool = False
    origin: str = ""

    @property
    def noun(self) -> Message:
        """What it is called before its kind."""
        is_plain = self.medium in ("picture", "sound", "time")
        return Message("effect") if is_plain else NOUNS[self.medium]

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the effect's parameters."""
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": self.kind,
            "description": self.doc,
            "type": "object",
            "properties": {n: p.schema() for n, p in self.parameters.items()},
            "additionalProperties": False,
        }


class EffectRegistry:
    """The effects of one medium by kind; `@picture("blur", radius=...)` adds one.

    Args:
        medium: What all of them process.
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
        """Register a function under its own name, with its docstring's first line."""
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
        """Register a function with parameters given as a mapping."""

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            kind = function.__name__.rstrip("_")
            doc = (function.__doc__ or "").strip().partition("\n")[0]
            self.specs[kind] = Spec(
                kind,
                self.medium,
                group,
                doc,
                parameters,
                function,
                transparent=transparent,
                temporal=temporal,
                random=random,
            )
            return function

        return register


@dataclass(frozen=True)
class Values:
    """The parameter values of one effect, constant and keyframed.

    Args:
        constant: Checked values by name.
        keyframes: Keyframes by name, of the parameters that change.
        parameters: The declarations of all parameters by name.
    """

    constant: Mapping[str, Any]
    keyframes: Mapping[str, Sequence[Keyframe]]
    parameters: Mapping[str, Parameter]

    def at(self, time: Fraction | float) -> dict[str, Any]:
        """Return all values at a time in seconds."""
        values = dict(self.constant)
        for name, keys in self.keyframes.items():
            values[name] = self.parameters[name].check(value_at(keys, time))
        return values


def values_of(spec: Spec, effect: Effect) -> Values:
    """Return the checked values of an effect; parameters not given have defaults.

    Raises:
        CompositionError: A parameter is unknown, of the wrong type or out of range;
            the effect and the parameter are named.
    """
    _check_names(spec, effect)
    constant, keyframes = {}, {}
    for name, parameter in spec.parameters.items():
        keys = effect.keyframes.get(name, ())
        if not keys:
            value = effect.parameters.get(name, parameter.default)
            constant[name] = _checked(spec, name, value)
            continue
        keyframes[name] = tuple(_stored_key(spec, name, key) for key in keys)
    return Values(constant, keyframes, spec.parameters)


def stored(spec: Spec, effect: Effect) -> Effect:
    """Return a checked effect with its values in the form that projects keep.

    Colors become `#rrggbb`, NumPy numbers Python's own, tuples lists.

    Raises:
        CompositionError: As `values_of`.
    """
    values_of(spec, effect)
    parameters = {
        name: spec.parameters[name].store(value)
        for name, value in effect.parameters.items()
    }
    keyframes = {
        name: tuple(
            replace(key, value=spec.parameters[name].store(key.value)) for key in keys
        )
        for name, keys in effect.keyframes.items()
    }
    return replace(effect, parameters=parameters, keyframes=keyframes)


def _check_names(spec: Spec, effect: Effect) -> None:
    for name in (*effect.parameters, *effect.keyframes):
        if name not in spec.parameters:
            hint = suggestion(name, spec.parameters)
            raise CompositionError(
                Message(
                    "the {noun} {kind} has no parameter {name}{hint}",
                    noun=spec.noun,
                    kind=repr(spec.kind),
                    name=repr(name),
                    hint=hint,
                )
            )
    for name, keys in effect.keyframes.items():
        if keys and not spec.parameters[name].can_be_keyframed:
            raise CompositionError(
                Message(
                    "the {noun} {kind}: {name} cannot have keyframes",
                    noun=spec.noun,
                    kind=repr(spec.kind),
                    name=repr(name),
                )
            )


def _stored_key(spec: Spec, name: str, key: Keyframe) -> Keyframe:
    """Return a keyframe between whose value and the next one can be interpolated."""
    _checked(spec, name, key.value)
    if spec.parameters[name].kind != "color":
        return key
    return replace(key, value=spec.parameters[name].store(key.value))


def _checked(spec: Spec, name: str, value: Any) -> Any:
    try:
        return spec.parameters[name].check(value)
    except ValueError as error:
        raise CompositionError(
            Message(
                "the {noun} {kind}: {name} {why}",
                noun=spec.noun,
                kind=repr(spec.kind),
                name=repr(name),
                why=error,
            )
        ) from error

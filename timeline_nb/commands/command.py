"""The base class of commands, and the types of their fields."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Annotated, Any, ClassVar, TypeAlias

import msgspec

from timeline_nb.timeline.model import Clip, Timeline

__all__ = [
    "ClipList",
    "Command",
    "Duration",
    "Factor",
    "ItemId",
    "Owner",
    "Rate",
    "Time",
    "TrackName",
    "changed_fields",
]


def _described(text: str) -> msgspec.Meta:
    return msgspec.Meta(description=text)


Time: TypeAlias = Annotated[
    Fraction,
    _described("Timeline time: seconds, or text such as '12f' or '00:00:04:12'."),
]
Duration: TypeAlias = Annotated[
    Fraction, _described("Length of time: seconds, or text such as '12f' or '0.5s'.")
]
Factor: TypeAlias = Annotated[
    Fraction, _described("Number without a unit, as text: '2', '-1' or '1/2'.")
]
Rate: TypeAlias = Annotated[
    Fraction, _described("Frames per second, as text: '25' or '30000/1001'.")
]
ItemId: TypeAlias = Annotated[str, _described("Id of a clip or subtitle: 'c3'.")]
Owner: TypeAlias = Annotated[
    str,
    _described("Id of a clip, name of a track, or '' for the whole timeline."),
]
TrackName: TypeAlias = Annotated[str, _described("Name of a track: 'V1'.")]
ClipList: TypeAlias = Annotated[
    tuple[Clip, ...], _described("Clips in order; they get their ids when placed.")
]


class Command(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="command",
    forbid_unknown_fields=True,
):
    """One change of a timeline, with its arguments.

    Attributes:
        label: The label of its step in the history.
        method: The method of `tl.Edit` that performs it: `move`, `effects.add`.
        positional: The fields that are positional arguments of the method, in order.
        unpacked: A field whose entries are arguments of the method: of a dict keyword
            arguments, of a tuple positional ones.
    """

    label: ClassVar[str]
    method: ClassVar[str]
    positional: ClassVar[Sequence[str]] = ()
    unpacked: ClassVar[str] = ""

    @classmethod
    def command_name(cls) -> str:
        """The name of the command in JSON and on the command line."""
        return str(cls.__struct_config__.tag)

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the changed timeline; the argument is not modified.

        Raises:
            TimelineError: The change cannot be made; the message says why.
        """
        raise NotImplementedError

    def given(self) -> dict[str, Any]:
        """Return the fields that differ from their defaults, by name."""
        return dict(changed_fields(self))


def changed_fields(struct: msgspec.Struct) -> Iterator[tuple[str, Any]]:
    """Yield the names and values of the fields that differ from their defaults."""
    for field in msgspec.structs.fields(struct):
        value = getattr(struct, field.name)
        default = field.default
        if field.default_factory is not msgspec.NODEFAULT:
            default = field.default_factory()
        if default is msgspec.NODEFAULT or value != default:
            yield field.name, value

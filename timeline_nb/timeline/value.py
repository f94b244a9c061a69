"""What all structs of the timeline model share."""

from functools import cache
from typing import Any, Final, Literal, get_args, get_origin

import msgspec

from timeline_nb.core.call_errors import ExplainingMeta, call_fault
from timeline_nb.core.near_names import quoted
from timeline_nb.errors import TimelineError
from timeline_nb.timeline.choices import choice_hint
from timeline_nb.timeline.field_checks import FieldCheck, field_checks

__all__ = ["Value", "ValueMeta", "short"]

_make = msgspec.StructMeta.__call__
_UNKNOWN: Final = FieldCheck(frozenset(), None, lambda _: None)


class ValueMeta(ExplainingMeta):
    """Refuses a value that a field does not take where it is given."""

    def __call__(self, *args: Any, **fields: Any) -> Any:
        """Make a value.

        Raises:
            ArgumentError: A field is misspelt, missing or without its name.
            TimelineError: A field takes values of another type, or other words.
        """
        try:
            made = _make(self, *args, **fields)
        except TypeError as error:
            _refuse_wrong(self, fields)
            raise call_fault(self, error, args, fields) from None
        _refuse_wrong(self, fields)
        return made


def _refuse_wrong(kind: Any, fields: dict[str, Any]) -> None:
    own = field_checks(kind)
    for name, value in fields.items():
        takes = own.get(name, _UNKNOWN)
        if type(value) not in takes.types and (found := takes.fault(value)):
            raise _refusal(kind, name, value, found)


def _refusal(kind: Any, name: str, value: Any, found: tuple[str, str]) -> TimelineError:
    path, fault = found
    if not path and (allowed := _choices(kind).get(name)):
        hint = choice_hint(value, allowed)
        return TimelineError(f"{kind.__name__}: {name}={quoted(value)}: {hint}")
    return TimelineError(f"{kind.__name__}: {name}{path} {fault}")


class Value(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    metaclass=ValueMeta,
):
    """The base of the model: frozen, keyword-only, refusing unknown fields."""


@cache
def _choices(kind: type[msgspec.Struct]) -> dict[str, tuple[str, ...]]:
    """Return the fields that take one of a few words, with the words."""
    return {
        field.name: get_args(field.type)
        for field in msgspec.structs.fields(kind)
        if get_origin(field.type) is Literal
    }


def short(text: str, most: int) -> str:
    """Return a text in quotes, cut to a number of letters."""
    return repr(text if len(text) <= most else f"{text[: most - 1]}…")

"""What all structs of the timeline model share."""

from functools import cache
from typing import Any, Literal, get_args, get_origin

import msgspec

from timeline_nb.core.call_errors import ExplainingMeta
from timeline_nb.core.near_names import quoted
from timeline_nb.errors import TimelineError
from timeline_nb.timeline.choices import choice_hint

__all__ = ["Value", "ValueMeta", "short"]


class ValueMeta(ExplainingMeta):
    """Refuses a word that a field does not take where it is given."""

    def __call__(self, *args: Any, **fields: Any) -> Any:
        """Make a value.

        Raises:
            ArgumentError: A field is misspelt, missing or without its name.
            TimelineError: A field takes one of a few words, and another is given.
        """
        for name, allowed in _choices(self):
            if name in fields and fields[name] not in allowed:
                shown, hint = quoted(fields[name]), choice_hint(fields[name], allowed)
                raise TimelineError(f"{self.__name__}: {name}={shown}: {hint}")
        return super().__call__(*args, **fields)


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
def _choices(kind: type[msgspec.Struct]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the fields that take one of a few words, with the words."""
    return tuple(
        (field.name, get_args(field.type))
        for field in msgspec.structs.fields(kind)
        if get_origin(field.type) is Literal
    )


def short(text: str, most: int) -> str:
    """Return a text in quotes, cut to a number of letters."""
    return repr(text if len(text) <= most else f"{text[: most - 1]}…")

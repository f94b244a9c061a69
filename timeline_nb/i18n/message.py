"""Texts that say in English what a person may read in another language later."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Self

__all__ = ["Message"]

_NAME: Final = re.compile(r"\{(\w+)\}")


class Message(str):
    """A text with names filled in, which remembers what it was made of.

    An error with such a text reads as any other in a cell; the editor shows it in the
    language of the person who made the gesture.

    Args:
        template: In English, with `{names}`. It stands there as a literal, so that
            translators find it.
        values: The text of each name; one may be a message itself.

    Attributes:
        template: In English, with `{names}`.
        values: The texts by their names.

    Examples:
        >>> Message("track {track} is locked: unlock it first", track="V1")
        'track V1 is locked: unlock it first'
    """

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, str]

    def __new__(cls, template: str, **values: object) -> Self:
        """Fill the values into the template."""
        texts = {
            name: value if isinstance(value, Message) else str(value)
            for name, value in values.items()
        }
        # In one pass: what a value says in braces is no name.
        filled = _NAME.sub(lambda name: texts.get(name[1], name[0]), template)
        made = super().__new__(cls, filled)
        made.template, made.values = template, MappingProxyType(texts)
        return made

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        # In another process nobody reads it in another language.
        return (str, (str(self),))

"""Texts that say in English what a person may read in another language later."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Self

__all__ = ["Message", "message_of"]

_NAME: Final = re.compile(r"\{(\w+)\}")


class Message(str):
    """A text with names filled in, which remembers what it was made of.

    An error with such a text reads as any other in a cell; the editor shows it in the
    language of the person who made the gesture. It is kept when the error comes from
    another process.

    Args:
        template: In English, with `{names}`. It stands there as a literal, so that
            translators find it.
        values: The text of each name; one may be a message itself, or an error, which
            stands for its message.

    Attributes:
        template: In English, with `{names}`.
        plural: The template for counts of more than one; empty if nothing is counted.
        values: The texts by their names.

    Examples:
        >>> Message("track {track} is locked: unlock it first", track="V1")
        'track V1 is locked: unlock it first'
        >>> Message.counted("{count} frame", "{count} frames", 2)
        '2 frames'
    """

    __slots__ = ("plural", "template", "values")

    template: str
    plural: str
    values: Mapping[str, str]

    def __new__(cls, template: str, **values: object) -> Self:
        """Fill the values into the template."""
        return cls._made(template, "", template, values)

    @classmethod
    def counted(cls, one: str, many: str, count: int, **values: object) -> Self:
        """Return the message for a count, which both templates call `{count}`."""
        english = one if count == 1 else many
        return cls._made(one, many, english, {**values, "count": count})

    @classmethod
    def _made(
        cls, template: str, plural: str, english: str, values: Mapping[str, object]
    ) -> Self:
        texts = {name: _text(value) for name, value in values.items()}
        # In one pass: what a value says in braces is no name.
        filled = _NAME.sub(lambda name: texts.get(name[1], name[0]), english)
        return cls.again(filled, template, plural, texts)

    def __reduce__(self) -> tuple[object, tuple[str, str, str, dict[str, str]]]:
        return Message.again, (str(self), self.template, self.plural, dict(self.values))

    @classmethod
    def again(
        cls, text: str, template: str, plural: str, values: Mapping[str, str]
    ) -> Self:
        """Return a message that comes from another process."""
        made = super().__new__(cls, text)
        made.template, made.plural = template, plural
        made.values = MappingProxyType(dict(values))
        return made


def message_of(error: BaseException) -> str:
    """Return the text of an error: a message if it was raised with one."""
    said = error.args[0] if error.args else ""
    text = str(error)
    return said if isinstance(said, Message) and said == text else text


def _text(value: object) -> str:
    if isinstance(value, BaseException):
        return message_of(value)
    return value if isinstance(value, Message) else str(value)

"""Changes of an edit as lines that a page translates."""

from collections.abc import Mapping
from typing import Final

from timeline_nb.effects.labels import label_of
from timeline_nb.i18n import Message
from timeline_nb.timeline.comparing.changes import Change, frames_in_words
from timeline_nb.widgets.refusal import Text, said

__all__ = ["field_in_words", "line_of"]

# Fields of items, as the inspector calls them.
_FIELDS: Final[Mapping[str, Message]] = {
    "name": Message("Name"),
    "gain_db": Message("Gain"),
    "pan": Message("Pan"),
    "fade_in": Message("Fade in"),
    "fade_out": Message("Fade out"),
    "position": Message("Position"),
    "scale": Message("Scale"),
    "rotation_deg": Message("Rotation"),
    "opacity": Message("Opacity"),
    "crop": Message("Crop"),
    "fit": Message("Fit"),
    "blend": Message("Blend mode"),
    "speed": Message("Speed"),
    "stretch of media": Message("Range"),
    "text": Message("Text"),
    "length": Message("Duration"),
    "color": Message("Color"),
    "note": Message("Note"),
    "items": Message("Clips"),
    "media": Message("Media"),
}
# What a message calls the names of effects, transitions and their parameters.
_LABELED: Final = frozenset({"effect", "transition", "parameter"})


def field_in_words(name: str) -> str:
    """Return a field of an item as the inspector calls it; others as they are."""
    return name if isinstance(name, Message) else _FIELDS.get(name, name)


def line_of(change: Change) -> Text:
    """Return a change in one line."""
    where, what = change.where, _with_labels(_what_and_by_how_much(change))
    if change.before and change.after:
        return said(
            Message(
                "{where}: {what}: {before} → {after}",
                where=where,
                what=what,
                before=change.before,
                after=change.after,
            )
        )
    shown = change.before or change.after
    if not shown:
        return said(Message("{where}: {what}", where=where, what=what))
    return said(
        Message("{where}: {what}: {value}", where=where, what=what, value=shown)
    )


def _what_and_by_how_much(change: Change) -> str:
    what = field_in_words(change.what)
    if change.frames is None:
        return what
    frames = frames_in_words(abs(change.frames))
    if not change.is_signed:
        return Message("{what} by {frames}", what=what, frames=frames)
    if change.frames > 0:
        return Message("{what} {frames} later", what=what, frames=frames)
    return Message("{what} {frames} earlier", what=what, frames=frames)


def _with_labels(text: str) -> str:
    """Return a message in which effects and parameters have their labels."""
    if not isinstance(text, Message):
        return text
    values = {
        name: Message(label_of(value)) if name in _LABELED else _with_labels(value)
        for name, value in text.values.items()
    }
    return Message.again(str(text), text.template, text.plural, values)

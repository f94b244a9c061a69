"""A change between two timelines, and values in a few words."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final, TypeAlias

import msgspec

from timeline_nb.core.near_names import kind_of
from timeline_nb.core.structs import to_builtins
from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import Timeline

__all__ = [
    "NO_KEYS",
    "Change",
    "Keys",
    "changed",
    "field_changes",
    "frames_in_words",
    "in_words",
    "mapping_changes",
    "metadata_of",
    "quote",
    "refuse_other",
    "style_of",
]

_MOST_LETTERS: Final = 80
# What a number of frames is in words: of those below, the sign is the direction.
_SIGNED: Final = {"moved": ("earlier", "later"), "slipped": ("earlier", "later")}

Keys: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]
NO_KEYS: Final[Keys] = ((), ())


@dataclass(frozen=True)
class Change:
    """A difference between two timelines.

    Args:
        where: The track, clip or marker: `V1, clip "bikes" at 00:00:04:12`.
        what: What is different: `moved`, `tail trimmed`, `text`, `effect blur: sigma`.
        before: The value before, in words; empty if there was none.
        after: The value after, in words; empty if there is none.
        frames: By how many frames, where it is a length; None of all else. Of `moved`
            and `slipped`, less than 0 is earlier.
        keys: The ids of the items, and names of tracks, before and after.
    """

    where: str
    what: str
    before: str = ""
    after: str = ""
    frames: Fraction | None = None
    keys: Keys = field(default=NO_KEYS, repr=False)

    def __post_init__(self) -> None:
        for name in ("where", "what", "before", "after"):
            object.__setattr__(self, name, _printable(getattr(self, name)))

    @property
    def kind(self) -> str:
        """`added`, `removed` or `changed`."""
        last = self.what.rpartition(" ")[2]
        return last if last in {"added", "removed"} else "changed"

    @property
    def is_signed(self) -> bool:
        """Whether `frames` may be less than 0."""
        return self.what in _SIGNED

    def __str__(self) -> str:
        """Return the change in a line, without a full stop."""
        text = f"{self.where}: {self.what}{self._by()}"
        if self.before and self.after:
            return f"{text}: {self.before} → {self.after}"
        shown = self.before or self.after
        if shown and self.kind == "changed":
            shown = f"{self.before or 'none'} → {self.after or 'none'}"
        return f"{text}: {shown}" if shown else text

    def _by(self) -> str:
        if self.frames is None:
            return ""
        shown = frames_in_words(abs(self.frames))
        if words := _SIGNED.get(self.what):
            return f" {shown} {words[self.frames > 0]}"
        return f" by {shown}"

    def to_row(self) -> dict[str, Any]:
        """Return the change as a row of a table or of JSON."""
        return {
            "where": str(self.where),
            "what": str(self.what),
            "before": str(self.before),
            "after": str(self.after),
            "frames": None if self.frames is None else float(self.frames),
        }


def frames_in_words(frames: Fraction) -> str:
    """Return a number of frames, which need not be whole, in words."""
    if frames.denominator == 1:
        return Message.counted("{count} frame", "{count} frames", int(frames))
    return Message("{count} frames", count=f"{float(frames):.6g}")


def _printable(text: str) -> str:
    """Return a text in which what ends a line, or shows nothing, is escaped."""
    if text.isprintable():
        return text
    shown = "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode()
        for one in str(text)
    )
    if isinstance(text, Message):
        values = {name: _printable(value) for name, value in text.values.items()}
        return Message.again(shown, text.template, text.plural, values)
    return shown


def refuse_other(given: Any) -> None:
    """Refuse what is no timeline.

    Raises:
        TimelineError: It is none.
    """
    if not isinstance(given, Timeline):
        raise TimelineError(
            f"{kind_of(given)} is no timeline: give cut.timeline, or compare "
            "edits and files by tl.diff and tl.merge"
        )


def changed(
    where: str,
    what: str,
    shown: Sequence[str],
    keys: Keys = NO_KEYS,
    frames: Fraction | None = None,
) -> Change:
    """Return a change from the first text of a pair to the second."""
    return Change(where, what, shown[0], shown[1], frames, keys)


def quote(text: str, most: int = 40) -> str:
    """Return a text in double quotes on one line, cut to a number of letters."""
    shown = text if len(text) <= most else f"{text[: most - 1]}…"
    return json.dumps(shown, ensure_ascii=False)


def in_words(value: Any) -> str:
    """Return a value in a few words on one line; `none` of what is empty."""
    if value is None or (isinstance(value, (str, tuple, dict, list)) and not value):
        return Message("none")
    if isinstance(value, bool):
        return Message("yes") if value else Message("no")
    if isinstance(value, (Fraction, float)):
        return f"{float(value):.6g}"
    if isinstance(value, str):
        return quote(value, _MOST_LETTERS)
    if isinstance(value, TimeRange):
        return Message(
            "{start} to {end} s",
            start=f"{float(value.start):.6g}",
            end=f"{float(value.end):.6g}",
        )
    try:
        text = json.dumps(to_builtins(value), ensure_ascii=False)
    except (TypeError, ValueError, NotImplementedError):
        text = str(value)
    text = " ".join(text.split())
    return text if len(text) <= _MOST_LETTERS else f"{text[: _MOST_LETTERS - 1]}…"


def style_of(name: str) -> str:
    """Return how an entry of a style is named."""
    return Message("style: {parameter}", parameter=name)


def metadata_of(name: str) -> str:
    """Return how an entry of metadata is named."""
    return Message("metadata: {field}", field=name)


def field_changes(
    where: str,
    old: msgspec.Struct,
    new: msgspec.Struct,
    *,
    without: frozenset[str],
    keys: Keys = NO_KEYS,
) -> Iterator[Change]:
    """Yield the fields of two structs that differ, but for some."""
    if old is new:
        return
    for name in type(new).__struct_fields__:
        before, after = getattr(old, name), getattr(new, name)
        if name in without or before is after or before == after:
            continue
        yield Change(where, name, in_words(before), in_words(after), keys=keys)


def mapping_changes(
    where: str,
    what: Callable[[str], str],
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    keys: Keys = NO_KEYS,
) -> Iterator[Change]:
    """Yield the entries of two mappings that differ, the new one's order first.

    Args:
        where: Whose they are.
        what: Names an entry.
        old: The entries before.
        new: The entries after.
        keys: The ids of their owner.
    """
    for name in dict.fromkeys([*new, *old]):
        before, after = old.get(name), new.get(name)
        if before == after and (name in old) == (name in new):
            continue
        yield Change(
            where,
            what(name),
            in_words(before) if name in old else "",
            in_words(after) if name in new else "",
            keys=keys,
        )

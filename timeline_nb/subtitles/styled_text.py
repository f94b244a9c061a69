"""StyledText text: plain text, and the looks of its parts."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

__all__ = ["SPAN_DEFAULTS", "StyledText", "styled_parts"]

# What a part of a line may have of its own, and what it is where nothing is said.
SPAN_DEFAULTS: Final[dict[str, Any]] = {
    "italic": False,
    "bold": False,
    "underline": False,
    "strikeout": False,
    "color": None,
}
# Controls are never drawn; tabs and old line separators become what they stand for.
_CLEAN: Final = {
    **{code: None for code in (*range(32), *range(0x7F, 0xA0)) if code != 0x0A},
    0x09: " ",
    0x85: "\n",
    0x2028: "\n",
    0x2029: "\n",
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}
_EDGE: Final = " \n"
# A line of more parts is no line; each is looked at for each.
_MOST_SPANS: Final = 1_000


class StyledText:
    """Text that is put together piece by piece.

    Args:
        base: The looks that the whole has before any piece says otherwise.
    """

    def __init__(self, base: Mapping[str, Any] | None = None) -> None:
        self._base = {
            name: (base or {}).get(name, own) for name, own in SPAN_DEFAULTS.items()
        }
        self._pieces: list[tuple[str, dict[str, Any]]] = []
        self._length = 0

    def add(self, text: str, look: Mapping[str, Any]) -> None:
        """Go on with text of a look; what the look leaves out is the base's."""
        clean = text.translate(_CLEAN)
        if clean:
            self._pieces.append((clean, {**self._base, **look}))
            self._length += len(clean)

    def __len__(self) -> int:
        """How many letters there are so far."""
        return self._length

    def finish(self) -> tuple[str, dict[str, Any], int]:
        """The text without space around it, its looks, and how much stood before it.

        Returns:
            The text; what all of it shares by name, and the rest under `spans`; the
            letters that were cut off at the start.
        """
        whole = "".join(text for text, _ in self._pieces)
        lead = len(whole) - len(whole.lstrip(_EDGE))
        text = whole.strip(_EDGE)
        style = {
            name: own for name, own in self._base.items() if own != SPAN_DEFAULTS[name]
        }
        spans = []
        shared = self._shared(lead, lead + len(text))
        for name, value in shared.items():
            style.pop(name, None)
            if value != SPAN_DEFAULTS[name]:
                style[name] = value
        for start, end, look in self._within(lead, lead + len(text)):
            own = {
                name: value
                for name, value in look.items()
                if name not in shared and value != self._base[name]
            }
            if own:
                spans.append({"start": start - lead, "end": end - lead, **own})
        merged = _merged(spans)[:_MOST_SPANS]
        if merged:
            style["spans"] = merged
        return text, style, lead

    def _within(self, begin: int, stop: int) -> Iterator[tuple[int, int, Any]]:
        at = 0
        for text, look in self._pieces:
            start, end = max(at, begin), min(at + len(text), stop)
            if start < end:
                yield start, end, look
            at += len(text)

    def _shared(self, begin: int, stop: int) -> dict[str, Any]:
        """The looks that are the same wherever there is something to be seen."""
        whole = "".join(text for text, _ in self._pieces)
        seen = [
            look
            for start, end, look in self._within(begin, stop)
            if not whole[start:end].isspace()
        ]
        return {
            name: seen[0][name]
            for name in SPAN_DEFAULTS
            if seen and all(look[name] == seen[0][name] for look in seen)
        }


def _merged(spans: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Spans that go on as the one before them, as one."""
    found: list[dict[str, Any]] = []
    for span in spans:
        last = found[-1] if found else None
        if last and {**last, "start": last["end"], "end": span["end"]} == span:
            last["end"] = span["end"]
        else:
            found.append(span)
    return found


def styled_parts(text: str, style: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The parts of a text that differ in their looks, in order, each with its look.

    Args:
        text: Plain.
        style: Of the line, with `spans` or without; later spans lie over former ones.
    """
    whole = {name: style.get(name, own) for name, own in SPAN_DEFAULTS.items()}
    spans = style.get("spans", ())
    edges = {0, len(text)}
    for span in spans:
        edges |= {min(span["start"], len(text)), min(span["end"], len(text))}
    order = sorted(edges)
    for start, end in pairwise(order):
        look = dict(whole)
        for span in spans:
            if span["start"] <= start < span["end"]:
                look |= {
                    name: own for name, own in span.items() if name in SPAN_DEFAULTS
                }
        yield text[start:end], look

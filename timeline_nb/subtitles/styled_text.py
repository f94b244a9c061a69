"""Text built from parts with styles, and split into such parts again."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

__all__ = ["SPAN_DEFAULTS", "StyledText", "styled_parts"]

# The values that a span may set, with their defaults.
SPAN_DEFAULTS: Final[dict[str, Any]] = {
    "italic": False,
    "bold": False,
    "underline": False,
    "strikeout": False,
    "color": None,
}
# Control characters are dropped; tabs and line separators are replaced.
_CLEAN: Final = {
    **{code: None for code in (*range(32), *range(0x7F, 0xA0)) if code != 0x0A},
    0x09: " ",
    0x85: "\n",
    0x2028: "\n",
    0x2029: "\n",
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}
_EDGE: Final = " \n"
# Spans are compared pairwise, so their number is limited.
_MOST_SPANS: Final = 1_000


class StyledText:
    """Builds a text from parts with styles.

    Args:
        base: Style of parts that do not set their own.
    """

    def __init__(self, base: Mapping[str, Any] | None = None) -> None:
        self._base = {
            name: (base or {}).get(name, own) for name, own in SPAN_DEFAULTS.items()
        }
        self._parts: list[tuple[str, dict[str, Any]]] = []
        self._length = 0

    def add(self, text: str, part_style: Mapping[str, Any]) -> None:
        """Append text with a style; values that it lacks are those of the base."""
        clean = text.translate(_CLEAN)
        if clean:
            self._parts.append((clean, {**self._base, **part_style}))
            self._length += len(clean)

    def __len__(self) -> int:
        """Return the number of letters so far."""
        return self._length

    def finish(self) -> tuple[str, dict[str, Any], int]:
        """Return the text without surrounding space, and its style.

        Returns:
            The text; its style, in which `spans` holds what not all visible letters
            share; and the number of letters cut off at the start.
        """
        whole = "".join(text for text, _ in self._parts)
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
        for start, end, part_style in self._within(lead, lead + len(text)):
            own = {
                name: value
                for name, value in part_style.items()
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
        for text, part_style in self._parts:
            start, end = max(at, begin), min(at + len(text), stop)
            if start < end:
                yield start, end, part_style
            at += len(text)

    def _shared(self, begin: int, stop: int) -> dict[str, Any]:
        """Return the values that all visible letters share."""
        whole = "".join(text for text, _ in self._parts)
        seen = [
            part_style
            for start, end, part_style in self._within(begin, stop)
            if not whole[start:end].isspace()
        ]
        return {
            name: seen[0][name]
            for name in SPAN_DEFAULTS
            if seen and all(part_style[name] == seen[0][name] for part_style in seen)
        }


def _merged(spans: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return spans with equal neighbors merged."""
    found: list[dict[str, Any]] = []
    for span in spans:
        last = found[-1] if found else None
        if last and {**last, "start": last["end"], "end": span["end"]} == span:
            last["end"] = span["end"]
        else:
            found.append(span)
    return found


def styled_parts(text: str, style: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the parts of a text that differ in style, in order.

    Args:
        text: Plain text.
        style: Style of the text, with or without `spans`; later spans override earlier
            ones.
    """
    whole = {name: style.get(name, own) for name, own in SPAN_DEFAULTS.items()}
    spans = style.get("spans", ())
    edges = {0, len(text)}
    for span in spans:
        edges |= {min(span["start"], len(text)), min(span["end"], len(text))}
    order = sorted(edges)
    for start, end in pairwise(order):
        part_style = dict(whole)
        for span in spans:
            if span["start"] <= start < span["end"]:
                part_style |= {
                    name: own for name, own in span.items() if name in SPAN_DEFAULTS
                }
        yield text[start:end], part_style

"""Text built from parts with styles, and split into such parts again."""

import re
from collections import deque
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
# Finding nothing to clean is five times as fast as translating.
_UNCLEAN: Final = re.compile("[^\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\U0010ffff]")
_EDGE: Final = " \n"
# A title draws 2,000 letters; what follows so many changes keeps the last style.
_MOST_SPANS: Final = 1_000
_MOST_PARTS: Final = 4_000


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
        self._rest: list[str] = []
        self._length = 0

    def add(self, text: str, part_style: Mapping[str, Any]) -> None:
        """Append text with a style; values that it lacks are those of the base."""
        clean = text.translate(_CLEAN) if _UNCLEAN.search(text) else text
        if not clean:
            return
        self._length += len(clean)
        if len(self._parts) < _MOST_PARTS:
            self._parts.append((clean, {**self._base, **part_style}))
        else:
            self._rest.append(clean)

    def __len__(self) -> int:
        """Return the number of letters so far."""
        return self._length

    def finish(self) -> tuple[str, dict[str, Any], int]:
        """Return the text without surrounding space, and its style.

        Returns:
            The text; its style, in which `spans` holds what not all visible letters
            share; and the number of letters cut off at the start.
        """
        if self._rest:
            last, last_style = self._parts[-1]
            self._parts[-1] = "".join([last, *self._rest]), last_style
            self._rest.clear()
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
    waiting = deque(sorted(enumerate(spans), key=lambda own: own[1]["start"]))
    active: dict[int, Mapping[str, Any]] = {}
    for start, end in pairwise(order):
        while waiting and waiting[0][1]["start"] <= start:
            number, span = waiting.popleft()
            active[number] = span
        active = {n: span for n, span in active.items() if start < span["end"]}
        part_style = dict(whole)
        for number in sorted(active):
            part_style |= {
                name: own
                for name, own in active[number].items()
                if name in SPAN_DEFAULTS
            }
        yield text[start:end], part_style

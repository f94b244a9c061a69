r"""Override tags of SubStation Alpha: `{\i1}`, `{\an8}`, `{\pos(10,20)}`, drawings.

SubRip files use them as well. Animated values are shown as they are at the start.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from timeline_nb.subtitles.colors import ass_color
from timeline_nb.subtitles.numpad import numpad_from_ssa

__all__ = ["Overrides", "parts_of"]

# An escaped brace is a brace (libass).
_SPLIT: Final = re.compile(r"\\([{}])|\{([^{}]*)\}")
_TIMED: Final = re.compile(r"\\t\((?:[^()]++|\([^()]*+\))*+\)?")
_TAG: Final = re.compile(r"\s*(1c|fn|r|[a-z]+)(.*)", re.DOTALL)
_FLAGS: Final = {"i": "italic", "u": "underline", "s": "strikeout"}
_PAIR: Final = re.compile(r"\(\s*(-?[\d.]{1,12})\s*,\s*(-?[\d.]{1,12})\s*[,)]?")


@dataclass
class Overrides:
    """What tags set for a whole line; None where they set nothing.

    Args:
        numpad: Alignment, as the number numpad counts it.
        position: Position of the anchor, in the script's pixels.
        font: A family, if set before all text.
        size: Font size in the script's pixels, if set before all text.
        no_wrap: Whether rows are broken only at line breaks.
    """

    numpad: int | None = None
    position: tuple[float, float] | None = None
    font: str | None = None
    size: float | None = None
    no_wrap: bool = False


@dataclass
class _State:
    """The state of parsing a line."""

    found: Overrides
    styles: Callable[[str], Mapping[str, Any]]
    style: dict[str, Any] = field(default_factory=dict)
    draws: bool = False
    has_text: bool = False


def parts_of(
    text: str,
    found: Overrides,
    *,
    styles: Callable[[str], Mapping[str, Any]] = lambda _: {},
    has_comments: bool = True,
) -> Iterator[tuple[str, dict[str, Any]]]:
    r"""Yield the texts between tags, each with its style; drawings are left out.

    Args:
        text: Text with tags, `\N` and `\h`.
        found: Filled with what holds for the whole line.
        styles: Returns the style of a name, for `\r`.
        has_comments: Whether braces without a tag are comments, which are not shown.
    """
    state = _State(found, styles)
    at = 0
    for block in _SPLIT.finditer(text):
        yield from _shown(text[at : block.start()], state)
        if block[1]:
            yield from _shown(block[1], state)
        elif "\\" in block[2]:
            _apply(block[2], state)
        elif not has_comments:
            yield from _shown(block[0], state)
        at = block.end()
    yield from _shown(text[at:], state)


def _shown(text: str, state: _State) -> Iterator[tuple[str, dict[str, Any]]]:
    if not text or state.draws:
        return
    state.has_text = state.has_text or not text.isspace()
    soft = "\n" if state.found.no_wrap else " "
    plain = text.replace("\\N", "\n").replace("\\n", soft).replace("\\h", "\xa0")
    yield plain, dict(state.style)


def _apply(block: str, state: _State) -> None:
    for part in _TIMED.sub("", block).split("\\")[1:]:
        tag = _TAG.match(part)
        if tag:
            _tag(tag[1], tag[2].strip(), state)


def _tag(name: str, value: str, state: _State) -> None:
    found = state.found
    if name in _FLAGS:
        _set(state, _FLAGS[name], {"1": True, "0": False}.get(value))
    elif name == "b":
        heavy = value.isdecimal() and (value == "1" or int(value[:5]) >= 600)
        _set(state, "bold", heavy if value.isdecimal() else None)
    elif name in {"c", "1c"}:
        _set(state, "color", ass_color(value) if value else None)
    elif name == "r":
        state.style = dict(state.styles(value)) if value else {}
    elif name == "p":
        state.draws = value.isdecimal() and int(value[:9]) > 0
    elif name in {"an", "a"}:
        _align(name, value, found)
    elif name in {"pos", "move"} and found.position is None:
        pair = _PAIR.match(value)
        found.position = _point(pair) if pair else None
    elif name == "q":
        found.no_wrap = value == "2"
    elif not state.has_text:
        _font(name, value, found)


def _set(state: _State, name: str, value: Any) -> None:
    """Set a style from here on; None restores the style's own value."""
    if value is None:
        state.style.pop(name, None)
    else:
        state.style[name] = value


def _align(name: str, value: str, found: Overrides) -> None:
    # The first tag of them wins.
    if found.numpad is None and value.isdecimal():
        number = int(value[:3])
        if name == "an" and 1 <= number <= 9:
            found.numpad = number
        elif name == "a" and 1 <= number <= 11:
            found.numpad = numpad_from_ssa(number)


def _font(name: str, value: str, found: Overrides) -> None:
    if name == "fn" and value:
        found.font = value
    elif name == "fs" and re.fullmatch(r"[\d.]{1,9}", value):
        try:
            found.size = float(value)
        except ValueError:
            return


def _point(pair: re.Match[str]) -> tuple[float, float] | None:
    try:
        return float(pair[1]), float(pair[2])
    except ValueError:
        return None

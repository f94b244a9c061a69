r"""Override tags of SubStation Alpha: `{\i1}`, `{\an8}`, `{\pos(10,20)}`, drawings.

SubRip files have them too. What moves or changes in time is shown as it begins.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from timeline_nb.subtitles.colors import ass_color
from timeline_nb.subtitles.numpad import numpad_from_ssa

__all__ = ["Overrides", "pieces"]

# A brace behind a backslash is a brace (libass).
_SPLIT: Final = re.compile(r"\\([{}])|\{([^{}]*)\}")
_TIMED: Final = re.compile(r"\\t\((?:[^()]|\([^()]*\))*\)?")
_TAG: Final = re.compile(r"\s*(1c|fn|r|[a-z]+)(.*)", re.DOTALL)
_FLAGS: Final = {"i": "italic", "u": "underline", "s": "strikeout"}
_PAIR: Final = re.compile(r"\(\s*(-?[\d.]{1,12})\s*,\s*(-?[\d.]{1,12})\s*[,)]?")


@dataclass
class Overrides:
    """What tags say of a line as a whole; None where they say nothing.

    Args:
        pad: The number of its place.
        at: Where it stands, in the script's own pixels.
        font: A family, if named before all text.
        size: In the script's own pixels, if told before all text.
        no_wrap: Whether rows break only where they are told to.
    """

    pad: int | None = None
    at: tuple[float, float] | None = None
    font: str | None = None
    size: float | None = None
    no_wrap: bool = False


@dataclass
class _State:
    """Where the reading of a line has come to."""

    found: Overrides
    styles: Callable[[str], Mapping[str, Any]]
    look: dict[str, Any] = field(default_factory=dict)
    draws: bool = False
    has_text: bool = False


def pieces(
    text: str,
    found: Overrides,
    *,
    styles: Callable[[str], Mapping[str, Any]] = lambda _: {},
    has_comments: bool = True,
) -> Iterator[tuple[str, dict[str, Any]]]:
    r"""The text between tags, each with its look; drawings left out.

    Args:
        text: With tags, `\N` and `\h`.
        found: Filled with what holds for the whole line.
        styles: The looks of a style by name, for `\r`.
        has_comments: Whether what stands in braces and is no tag is not shown.
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
    told = text.replace("\\N", "\n").replace("\\n", soft).replace("\\h", "\xa0")
    yield told, dict(state.look)


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
        state.look = dict(state.styles(value)) if value else {}
    elif name == "p":
        state.draws = value.isdecimal() and int(value[:9]) > 0
    elif name in {"an", "a"}:
        _stand(name, value, found)
    elif name in {"pos", "move"} and found.at is None:
        pair = _PAIR.match(value)
        found.at = _point(pair) if pair else None
    elif name == "q":
        found.no_wrap = value == "2"
    elif not state.has_text:
        _face(name, value, found)


def _set(state: _State, name: str, value: Any) -> None:
    """A look from here on; without a value it is the style's own again."""
    if value is None:
        state.look.pop(name, None)
    else:
        state.look[name] = value


def _stand(name: str, value: str, found: Overrides) -> None:
    # The first of them counts.
    if found.pad is None and value.isdecimal():
        number = int(value[:3])
        if name == "an" and 1 <= number <= 9:
            found.pad = number
        elif name == "a" and 1 <= number <= 11:
            found.pad = numpad_from_ssa(number)


def _face(name: str, value: str, found: Overrides) -> None:
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

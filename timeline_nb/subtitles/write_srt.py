r"""Writing of SubRip: HTML tags for styles, `{\an8}` for positions."""

import re
from collections.abc import Iterable
from typing import Any, Final

from timeline_nb.subtitles.cues import Cue
from timeline_nb.subtitles.numpad import numpad_of
from timeline_nb.subtitles.placement import (
    is_at_default,
    position_of,
    style_without_lift,
)
from timeline_nb.subtitles.styled_text import styled_parts

__all__ = ["clock", "to_subrip"]

_TAGS: Final = {"italic": "i", "bold": "b", "underline": "u", "strikeout": "s"}
# Text that readers would take for markup.
_MARKUP: Final = re.compile(r"<(?=\s?/?\s?[a-zA-Z\d])|&(?=#?\w+;)|\{(?=[^{}]*\\)")
_INSTEAD: Final = {"<": "&lt;", "&": "&amp;", "{": "&#123;"}
# A cue this near to the default position gets no tag.
_NEAR: Final = 0.09


def to_subrip(cues: Iterable[Cue]) -> str:
    """Return the text of a file."""
    return "\n".join(_entry(number, cue) for number, cue in enumerate(cues, 1))


def _entry(number: int, cue: Cue) -> str:
    start = round(cue.start * 1000)
    end = max(round(cue.end * 1000), start + 1)
    style = style_without_lift(cue)
    text = _place(style) + "".join(
        _tagged(text, style) for text, style in styled_parts(cue.text, style)
    )
    return f"{number}\n{clock(start, ',')} --> {clock(end, ',')}\n{text}\n"


def clock(thousandths: int, point: str) -> str:
    """Return a time such as `01:02:03,456`."""
    seconds, part = divmod(thousandths, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02}{point}{part:03}"


def _place(style: dict[str, Any]) -> str:
    numpad = numpad_of(style)
    if is_at_default(style, _NEAR):
        return "" if numpad == 2 else f"{{\\an{numpad}}}"
    x, y = position_of(style)
    # Players take positions to be in a picture of 384 x 288.
    return f"{{\\an{numpad}\\pos({x * 384:.2f},{y * 288:.2f})}}"


def _tagged(text: str, style: dict[str, Any]) -> str:
    markup = _MARKUP.sub(lambda found: _INSTEAD[found[0]], text)
    if text.isspace():
        return markup
    for name, tag in _TAGS.items():
        if style[name]:
            markup = f"<{tag}>{markup}</{tag}>"
    color = style["color"]
    if color and color[:7].lower() != "#ffffff":
        markup = f'<font color="{color[:7]}">{markup}</font>'
    return markup

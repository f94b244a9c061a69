r"""SubRip, written: tags for looks, `{\an8}` for places."""

import re
from collections.abc import Iterable
from typing import Any, Final

from timeline_nb.subtitles.lines import Cue
from timeline_nb.subtitles.places import pad_of
from timeline_nb.subtitles.rich import pieces_of
from timeline_nb.subtitles.stand import own_style, position_of, stands_as_usual

__all__ = ["clock", "to_subrip"]

_TAGS: Final = {"italic": "i", "bold": "b", "underline": "u", "strikeout": "s"}
# Text that would be read as markup, and is none.
_MARKUP: Final = re.compile(r"<(?=\s?/?\s?[a-zA-Z\d])|&(?=#?\w+;)|\{(?=[^{}]*\\)")
_INSTEAD: Final = {"<": "&lt;", "&": "&amp;", "{": "&#123;"}
# A line this near to its anchor's usual place needs no words on it.
_NEAR: Final = 0.09


def to_subrip(lines: Iterable[Cue]) -> str:
    """The text of a file."""
    return "\n".join(_entry(number, line) for number, line in enumerate(lines, 1))


def _entry(number: int, line: Cue) -> str:
    start = round(line.start * 1000)
    end = max(round(line.end * 1000), start + 1)
    style = own_style(line)
    text = _place(style) + "".join(
        _tagged(text, look) for text, look in pieces_of(line.text, style)
    )
    return f"{number}\n{clock(start, ',')} --> {clock(end, ',')}\n{text}\n"


def clock(thousandths: int, point: str) -> str:
    """`01:02:03,456`; hours have as many digits as they need."""
    seconds, part = divmod(thousandths, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02}{point}{part:03}"


def _place(style: dict[str, Any]) -> str:
    pad = pad_of(style)
    if stands_as_usual(style, _NEAR):
        return "" if pad == 2 else f"{{\\an{pad}}}"
    x, y = position_of(style)
    # As players count them: in a picture of 384 by 288.
    return f"{{\\an{pad}\\pos({x * 384:.2f},{y * 288:.2f})}}"


def _tagged(text: str, look: dict[str, Any]) -> str:
    told = _MARKUP.sub(lambda found: _INSTEAD[found[0]], text)
    if text.isspace():
        return told
    for name, tag in _TAGS.items():
        if look[name]:
            told = f"<{tag}>{told}</{tag}>"
    color = look["color"]
    if color and color[:7].lower() != "#ffffff":
        told = f'<font color="{color[:7]}">{told}</font>'
    return told

"""SubRip files, read as the readers of FFmpeg and VLC do: there is no one grammar.

A row with two times starts a cue; everything up to the next one is its text. So
missing numbers, missing blank rows and blank rows within a text lose nothing.
"""

import html
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

from timeline_nb.subtitles.colors import css_color
from timeline_nb.subtitles.cues import Cue, Fault, check_cue_count, checked_cue
from timeline_nb.subtitles.numpad import placement_of
from timeline_nb.subtitles.overrides import Overrides, parts_of
from timeline_nb.subtitles.styled_text import StyledText
from timeline_nb.subtitles.vtt_settings import place, settings

__all__ = ["parse_markup", "parse_subrip"]

_STAMP: Final = (
    r"(-?)\s?(?:(\d{1,9})\s?:\s?)?(\d{1,9})\s?:\s?(\d{1,2})"
    r"(?:\s?[,.:;]\s?(\d{1,9}))?"
)
_TIMES: Final = re.compile(
    rf"\s*+{_STAMP}\s*+(?:-{{1,3}}\s?>|[\u2192\u2013\u2014]>?)\s*{_STAMP}(?!\d)"
)
_NUMBER: Final = re.compile(r"\s*\d{1,9}\s*")
_CORNERS: Final = re.compile(r"\s*(?:[XY][12]:\s*-?\d+\s*)+", re.IGNORECASE)
# Possessive: a value is never tried as the name of the next setting.
_SETTINGS: Final = re.compile(r"\s*(?:[a-z]++:[\w%,.+-]++\s*+)++")
_MARKUP: Final = re.compile(
    r"<\s?(?P<close>/?)\s?(?P<name>[a-zA-Z][a-zA-Z0-9]{0,9}+)(?P<rest>[^<>]{0,400}+)>"
    r"|<\d[\d:.]{4,20}>"
)
_KNOWN: Final[dict[str, dict[str, Any]]] = {
    "i": {"italic": True},
    "em": {"italic": True},
    "b": {"bold": True},
    "strong": {"bold": True},
    "u": {"underline": True},
    "s": {"strikeout": True},
    "strike": {"strikeout": True},
    "font": {},
    **{name: {} for name in ("c", "v", "span", "p", "div", "ruby", "rt", "lang")},
}
_COLOR: Final = re.compile(r"""\bcolou?r\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_ENTITY: Final = re.compile(
    r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
)
# FFmpeg's readers take positions to be in a script of this size.
_SIZE: Final = (384.0, 288.0)
_MOST_DEPTH: Final = 16
# A row of times is not longer than this.
_LOOKED_AT: Final = 160


def parse_subrip(text: str) -> tuple[list[Cue], list[Fault]]:
    """Return the cues of a file in its order, and its faults.

    Raises:
        TimelineError: There are too many.
    """
    rows = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    begins = [
        (number, found)
        for number, row in enumerate(rows)
        if (found := _TIMES.match(row[:_LOOKED_AT]))
    ]
    check_cue_count(len(begins))
    cues: list[Cue] = []
    faults: list[Fault] = []
    number = 0
    if begins and any(row.strip() for row in rows[: begins[0][0]]):
        number = _number_of(rows[: begins[0][0]], begins[0][0])
    for turn, (at, found) in enumerate(begins):
        last = turn + 1 == len(begins)
        stop = len(rows) if last else begins[turn + 1][0]
        body = rows[at + 1 : stop]
        if not last:
            body, number = _without_number(body, number)
        cue = _line(rows[at], found, body)
        shown = checked_cue(cue, at + 1, faults)
        if shown is not None:
            cues.append(shown)
    return cues, faults


def _number_of(rows: list[str], at: int) -> int:
    row = rows[at - 1] if at else ""
    return int(row) if _NUMBER.fullmatch(row) else 0


def _without_number(body: list[str], before: int) -> tuple[list[str], int]:
    """Return a text without the number of the next cue, and that number.

    The number is right above the times, or follows the previous number.
    """
    rows = [row for row, text in enumerate(body) if text.strip()]
    if not rows or not _NUMBER.fullmatch(body[rows[-1]]):
        return body, before
    own, last = int(body[rows[-1]]), rows[-1]
    is_above = last == len(body) - 1
    if is_above or (own == before + 1 and (last == 0 or not body[last - 1].strip())):
        return body[:last], own
    return body, before


def _line(row: str, found: re.Match[str], body: list[str]) -> Cue:
    parts = found.groups()
    rest = row[found.end() :]
    style: dict[str, Any] = {}
    if _SETTINGS.fullmatch(rest[:_LOOKED_AT]):
        style = place(settings(rest, {}))
    elif rest.strip() and not _CORNERS.fullmatch(rest[:_LOOKED_AT]):
        body = [rest.strip(), *body]
    text, own = parse_markup("\n".join(body))
    return Cue(_seconds(*parts[:5]), _seconds(*parts[5:]), text, {**style, **own})


def _seconds(
    sign: str, hours: str | None, minutes: str, seconds: str, part: str | None
) -> Fraction:
    """Return seconds as FFmpeg does: `,5` is 5 ms; over 3 digits are a fraction."""
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    digits = part or "0"
    thousandths = Fraction(int(digits), 1000)
    if len(digits) > 3:
        thousandths = Fraction(int(digits), 10 ** len(digits))
    time = whole + thousandths
    return -time if sign else time


def parse_markup(text: str) -> tuple[str, dict[str, Any]]:
    """Return text without markup, and its style and position."""
    styled = StyledText()
    found = Overrides()
    for part, part_style in _html(text, found):
        styled.add(part, part_style)
    plain, style, _ = styled.finish()
    if found.numpad is not None:
        style |= placement_of(found.numpad)
    if found.position is not None:
        x, y = (
            min(max(v / s, -9.0), 9.0)
            for v, s in zip(found.position, _SIZE, strict=True)
        )
        style["position"] = [round(x, 4), round(y, 4)]
    if found.position is not None and found.numpad is None:
        style["anchor"] = "bottom"
    return plain, style


def _html(text: str, found: Overrides) -> Iterator[tuple[str, dict[str, Any]]]:
    r"""Yield parts of text with the style of the tags around them, `{\…}` included."""
    stack: list[tuple[str, dict[str, Any]]] = []
    part_style: dict[str, Any] = {}
    for part, tags in parts_of(_kept_breaks(text), found, has_comments=False):
        at = 0
        for markup in _MARKUP.finditer(part):
            name = (markup["name"] or "").lower()
            if name not in _KNOWN and name != "br" and markup["name"]:
                continue
            yield _entities(part[at : markup.start()]), {**part_style, **tags}
            at = markup.end()
            if name == "br":
                yield "\n", tags
            elif markup["close"]:
                _close(stack, name)
            elif name and len(stack) < _MOST_DEPTH:
                stack.append((name, _tag_style(name, markup["rest"])))
            else:
                continue
            part_style = _stack_style(stack)
        yield _entities(part[at:]), {**part_style, **tags}


def _kept_breaks(text: str) -> str:
    r"""Turn `\n` into a line break: only ASS has soft breaks."""
    return text.replace("\\n", "\\N")


def _tag_style(name: str, rest: str) -> dict[str, Any]:
    if name == "font":
        attribute = _COLOR.search(rest.lower())
        color = (
            css_color(next(filter(None, attribute.groups()), "")) if attribute else None
        )
        return {"color": color} if color else {}
    return dict(_KNOWN[name])


def _stack_style(stack: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    part_style: dict[str, Any] = {}
    for _, own in stack:
        part_style |= own
    return part_style


def _close(stack: list[tuple[str, dict[str, Any]]], name: str) -> None:
    """Close the innermost open tag of a name."""
    for place_of in range(len(stack) - 1, -1, -1):
        if stack[place_of][0] == name:
            del stack[place_of]
            return


def _entities(text: str) -> str:
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text)

"""Chapters: of a video's description, and of FFmpeg's metadata files."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from timeline_nb.errors import TimelineError
from timeline_nb.interchange.cell_times import read_time
from timeline_nb.interchange.list_text import ListText
from timeline_nb.interchange.marks.mark import Mark, MarkList, named_mark, one_row
from timeline_nb.interchange.timecodes import TimecodeClock, is_timecode

__all__ = [
    "is_chapters",
    "is_ffmetadata",
    "read_chapters",
    "read_ffmetadata",
    "write_chapters",
    "write_ffmetadata",
]

# A time, perhaps in brackets or after a bullet, and a title.
_CHAPTER: Final = re.compile(
    r"[-*•\s(\[]*+(?P<at>[0-9]{1,3}(?::[0-9]{2}){1,2}(?:[.,][0-9]{1,9}|[:;][0-9]{2})?)"
    r"(?P<rest>[\s)\]:,\u2013\u2014-].*|)"
)
_BETWEEN: Final = " \t)]:,-\u2013\u2014"
_HEAD: Final = ";FFMETADATA"
_TIMEBASE: Final = re.compile(r"([0-9]{1,12})/([0-9]{1,12})")
_MOST_DIGITS: Final = 19


def is_chapters(text: ListText, _: TimecodeClock) -> bool:
    """Return whether most rows begin with a time: `1:23 Title`."""
    rows = [row for row in text.rows[:200] if row.strip()]
    return 2 * sum(_CHAPTER.fullmatch(row) is not None for row in rows) > len(rows)


def read_chapters(text: ListText, clock: TimecodeClock) -> MarkList:
    """Return the chapters of a description; rows without a time are other text."""
    found = MarkList("youtube")
    for number, row in enumerate(text.rows, 1):
        match = _CHAPTER.fullmatch(row)
        if match is None:
            if row.strip():
                found.lose(number, "a row without a time")
            continue
        try:
            at, timecode = read_time(match["at"], clock)
        except TimelineError as error:
            found.lose(number, "a row", str(error))
            continue
        found.counts_timecode |= timecode and is_timecode(match["at"])
        named_mark(found, number, at, at, name=match["rest"].strip(_BETWEEN))
    return found


def write_chapters(marks: Sequence[Mark], _: TimecodeClock) -> list[str]:
    """Return rows for a video's description; times are whole seconds."""
    long = any(mark.start >= 3600 for mark in marks)
    return [f"{_clock(int(mark.start), long=long)} {_title(mark)}" for mark in marks]


def _clock(seconds: int, *, long: bool) -> str:
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if long else f"{minutes}:{second:02}"


def _title(mark: Mark) -> str:
    return one_row(mark.name or mark.note) or "Chapter"


def is_ffmetadata(text: ListText, _: TimecodeClock) -> bool:
    """Return whether it begins as FFmpeg's metadata files do."""
    return text.rows[0].startswith(_HEAD)


def read_ffmetadata(text: ListText, _: TimecodeClock) -> MarkList:
    """Return the chapters of a metadata file of FFmpeg."""
    found = MarkList("ffmetadata")
    section, fields, begun = "", dict[str, str](), 0
    for number, row in [*_unwrapped(text.rows), (len(text.rows), "[END]")]:
        if row.startswith("["):
            if section == "[CHAPTER]":
                _chapter(found, begun, fields)
            section, fields, begun = row.strip(), {}, number
        elif row and row[0] not in ";#" and section == "[CHAPTER]":
            name, value = _pair(row)
            fields[name.strip().lower()] = value
    return found


def _unwrapped(rows: Sequence[str]) -> list[tuple[int, str]]:
    """Return rows with their numbers; one that ends in a backslash goes on."""
    made: list[tuple[int, str]] = []
    held, first = list[str](), 0
    for number, row in enumerate(rows, 1):
        first = first if held else number
        held.append(row)
        # An even number of backslashes at the end are letters.
        if (len(row) - len(row.rstrip("\\"))) % 2:
            continue
        made.append((first, "\n".join(held)))
        held = []
    return [*made, (first, "\n".join(held))] if held else made


def _pair(row: str) -> tuple[str, str]:
    """Return the key and the value of a row, in which a backslash escapes."""
    parts, whole, escaped = list[str](), list[str](), False
    for letter in row:
        if escaped or letter not in "\\=":
            parts.append(letter)
            escaped = False
        elif letter == "\\":
            escaped = True
        elif not whole:
            whole.append("".join(parts))
            parts = []
        else:
            parts.append(letter)
    return (whole[0], "".join(parts)) if whole else ("".join(parts), "")


def _chapter(found: MarkList, row: int, fields: dict[str, str]) -> None:
    base = _TIMEBASE.fullmatch(fields.get("timebase", "1/1000000000").strip())
    texts = fields.get("start", "").strip(), fields.get("end", "").strip()
    if base is None or not int(base[2]) or not all(map(_is_whole, texts)):
        found.lose(row, "a chapter", "its TIMEBASE, START or END is no number")
        return
    step = Fraction(int(base[1]), int(base[2]))
    start, end = (int(one) * step for one in texts)
    named_mark(found, row, start, end, name=one_row(fields.get("title", "")))


def _is_whole(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdecimal() and len(digits) <= _MOST_DIGITS


def write_ffmetadata(marks: Sequence[Mark], clock: TimecodeClock) -> list[str]:
    """Return rows of FFmpeg's metadata.

    A chapter without a length of its own lasts until the next one.
    """
    rate = clock.rate
    rows = [f"{_HEAD}1"]
    for number, mark in enumerate(marks):
        following = marks[number + 1].start if number + 1 < len(marks) else None
        end = mark.end
        if not mark.duration:
            end = mark.start + 1 / rate if following is None else following
        exact = (mark.start * rate).denominator == (end * rate).denominator == 1
        step = 1 / rate if exact else Fraction(1, 1_000_000)
        rows += [
            "",
            "[CHAPTER]",
            f"TIMEBASE={step.numerator}/{step.denominator}",
            f"START={round(mark.start / step)}",
            f"END={round(end / step)}",
            f"title={_escaped(_title(mark))}",
        ]
    return rows


def _escaped(text: str) -> str:
    escaped = "".join(f"\\{one}" if one in "=;#\\\n" else one for one in text)
    # FFmpeg goes on in the next row after any backslash, an escaped one, too.
    return escaped + " " if text.endswith("\\") else escaped

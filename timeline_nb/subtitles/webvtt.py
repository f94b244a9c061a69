"""WebVTT files, parsed as the specification says (https://www.w3.org/TR/webvtt1/).

Section 6.1: cues with ids and settings, style sheets and regions. Comments and invalid
blocks are ignored, as browsers do.
"""

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from timeline_nb.subtitles.cues import check_cue_count
from timeline_nb.subtitles.vtt_settings import (
    CueSettings,
    Region,
    parse_region,
    settings,
)

__all__ = ["VttCue", "VttFile", "parse_file", "parse_stamp"]

# Hours and minutes alone (`120:00.000`) are not in the specification, but Firefox
# accepts them.
_STAMP: Final = (
    r"(?:(?:([0-9]+):)?([0-5][0-9]):([0-5][0-9])"
    r"|([0-9]{3,}|[6-9][0-9]):([0-5][0-9]))\.([0-9]{3})(?![0-9])"
)
_ONE: Final = re.compile(_STAMP)
_TIMES: Final = re.compile(rf"[ \t\f]*{_STAMP}[ \t\f]*-->[ \t\f]*{_STAMP}")
_ARROW: Final = "-->"
# Hours of more digits are invalid, and slow to convert.
_MOST_DIGITS: Final = 9


@dataclass(frozen=True)
class VttCue:
    """A cue as it is in the file.

    Args:
        row: Row of its times, from 1.
        id: Its identifier; empty if it has none.
        start: Seconds.
        end: Seconds.
        settings_text: Its settings as they were written.
        settings: Its parsed settings.
        text: Text with tags and entities.
    """

    row: int
    id: str
    start: Fraction
    end: Fraction
    settings_text: str
    settings: CueSettings
    text: str


@dataclass
class VttFile:
    """A parsed file.

    Args:
        cues: Cues in the order of the file.
        style_sheets: Style sheets.
        regions: Regions by id.
        header: Blocks before the cues as they were written, for writing them again.
        invalid_rows: Rows with an arrow that are not times.
    """

    cues: list[VttCue] = field(default_factory=list)
    style_sheets: list[str] = field(default_factory=list)
    regions: dict[str, Region] = field(default_factory=dict)
    header: list[str] = field(default_factory=list)
    invalid_rows: list[int] = field(default_factory=list)


def parse_file(text: str) -> VttFile | None:
    """Return the blocks of a file; None if it does not begin as WebVTT must.

    Raises:
        TimelineError: It has too many cues.
    """
    plain = text.replace("\0", "\ufffd").replace("\r\n", "\n").replace("\r", "\n")
    rows = plain.split("\n")
    if rows[0][:6] != "WEBVTT" or rows[0][6:7] not in {"", " ", "\t"}:
        return None
    check_cue_count(sum(_ARROW in row for row in rows))
    found = VttFile()
    at = 1
    if len(rows) > 1 and rows[1]:
        at = _block(rows, 1, found, in_header=True)
    while at < len(rows):
        at = at + 1 if not rows[at] else _block(rows, at, found, in_header=False)
    return found


def _block(rows: list[str], first: int, found: VttFile, *, in_header: bool) -> int:
    """Parse a block (section 6.1) and return the row after it."""
    cue: tuple[int, str, re.Match[str]] | None = None
    kind, seen_arrow = "", False
    body: list[str] = []
    at = first
    while at < len(rows):
        row, count = rows[at], at - first + 1
        if _ARROW in row:
            if in_header or count > 2 or seen_arrow:
                break
            seen_arrow = True
            times = _TIMES.match(row)
            if times is None or _is_too_long(times):
                found.invalid_rows.append(at + 1)
            else:
                cue, body = (at, "\n".join(body), times), []
        elif not row:
            at += 1
            break
        else:
            if count == 2 and cue is None and not in_header:
                kind = body[0].rstrip(" \t\f") if body else ""
                if kind in {"STYLE", "REGION"}:
                    body = []
            body.append(row)
        at += 1
    if cue is not None:
        _add_cue(cue, rows, body, found)
    elif not in_header:
        _keep(kind, body, rows[first:at], found)
    return at


def _add_cue(
    cue: tuple[int, str, re.Match[str]],
    rows: list[str],
    body: list[str],
    found: VttFile,
) -> None:
    at, name, times = cue
    start, end = _seconds(times.groups()[:6]), _seconds(times.groups()[6:])
    written = rows[at][times.end() :].strip(" \t\f")
    own = settings(written, found.regions)
    found.cues.append(VttCue(at + 1, name, start, end, written, own, "\n".join(body)))


def _keep(kind: str, body: list[str], rows: list[str], found: VttFile) -> None:
    """Keep a block that is not a cue: a style sheet, a region or a comment."""
    if kind == "STYLE" and not found.cues:
        found.style_sheets.append("\n".join(body))
    elif kind == "REGION" and not found.cues:
        region = parse_region("\n".join(body))
        found.regions[region.id] = region
    if not found.cues and rows:
        found.header.append("\n".join(rows).rstrip("\n"))


def _is_too_long(times: re.Match[str]) -> bool:
    return any(len(part or "") > _MOST_DIGITS for part in times.groups())


def _seconds(parts: tuple[str | None, ...]) -> Fraction:
    """Return seconds of hours, minutes, seconds and thousandths."""
    hours, minutes, seconds, long_hours, long_minutes, thousandths = (
        int(part or 0) for part in parts
    )
    whole = (hours + long_hours) * 3600 + (minutes + long_minutes) * 60 + seconds
    return Fraction(whole * 1000 + thousandths, 1000)


def parse_stamp(text: str) -> Fraction | None:
    """Return the seconds of a text that is a time stamp; None if it is not."""
    found = _ONE.fullmatch(text)
    if found is None or _is_too_long(found):
        return None
    return _seconds(found.groups())

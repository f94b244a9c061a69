"""The rows of an EDL: events, and what is said below them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from timeline_nb.interchange.edl.channels import Channels, read_channels
from timeline_nb.interchange.edl.remarks import read_remark

__all__ = ["EdlRow", "EventGroup", "EventList", "Locator", "MotionRow", "read_rows"]

_TIMECODE: Final = re.compile(r"[0-9]{1,3}(?:[:;.,][0-9]{2,3}){3}")
_NUMBER: Final = re.compile(r"[0-9]{1,8}[A-Z]?")
_TRANSITION: Final = re.compile(r"C|D|W[0-9]{0,4}|K|KB|KO", re.IGNORECASE)
_LENGTH: Final = re.compile(r"[0-9]{1,5}")
_SPEED: Final = re.compile(r"[+-]?[0-9]{1,6}(?:\.[0-9]{0,6})?")
_LOCATOR: Final = re.compile(
    r"LOC:?\s+(?P<at>[0-9:;.,]{11,13})(?:\s+(?P<color>\S+))?(?P<name>.*)"
)
_AUD: Final = re.compile(r"AUD((?:\s+[0-9]{1,2})+)\s*", re.IGNORECASE)
# What stands after the words of a remark; the longest of several is the one.
_NAMES: Final = {
    "FROM CLIP NAME": "from_name",
    "TO CLIP NAME": "to_name",
    "CLIP NAME": "from_name",
    "SOURCE FILE": "from_file",
    "FROM CLIP": "from_file",
    "FROM FILE": "from_file",
    "TO CLIP": "to_file",
    "TO FILE": "to_file",
    "FROM SOURCE FILE": "from_file",
    "TO SOURCE FILE": "to_file",
}
_FREEZE: Final = "FREEZE FRAME"
# Rows that say nothing which the events do not say.
_SILENT: Final = ("BLEND, DISSOLVE", "EFFECTS NAME IS", "EFFECT NAME")
# Rows of other programs beside comments, which hold no event.
_WORDS: Final = (
    ">>>",
    "|C:",
    "BLEND",
    "CLIP",
    "DLEDL",
    "FINAL CUT PRO",
    "GPI",
    "KEY",
    "REEL",
    "SPLIT",
    "SUPER",
    "TRAILER",
)
_MOST_TEXTS: Final = 50
_MOST_NOTES: Final = 4


@dataclass(frozen=True)
class EdlRow:
    """The row of an event.

    Args:
        row: Its number in the file, from 1.
        reel: The name of what it is from; `BL` of black.
        channels: What it is recorded on.
        transition: `C`, `D`, `W001`, `K` ...
        length: Frames of the transition.
        times: Timecode: source in and out, record in and out.
        is_drop: Whether drop-frame timecode was announced before it.
    """

    row: int
    reel: str
    channels: Channels
    transition: str
    length: int
    times: tuple[str, str, str, str]
    is_drop: bool

    @property
    def is_black(self) -> bool:
        """Whether it is black, or silence."""
        return self.reel.upper() == "BL"

    @property
    def is_cut(self) -> bool:
        """Whether it begins with a cut."""
        return self.transition.upper() == "C"


@dataclass(frozen=True)
class MotionRow:
    """A row `M2`: how fast an event plays.

    Args:
        row: Its number.
        reel: Of the event that it is about.
        frames: Source frames a second; 0 of a freeze, below 0 backwards.
        at: Timecode of the source's first frame.
    """

    row: int
    reel: str
    frames: Fraction
    at: str


@dataclass(frozen=True)
class Locator:
    """A row `* LOC`: a marker.

    Args:
        row: Its number.
        at: Record timecode.
        color: The word after it.
        name: The rest.
    """

    row: int
    at: str
    color: str
    name: str


@dataclass
class EventGroup:
    """The rows of one event, and what is said of it.

    Args:
        rows: Its rows: one, or what it comes from and what it goes to.
        names: `from_name`, `to_name`, `from_file`, `to_file`.
        motions: Its speeds.
        locators: Its markers.
        remarks: What this program wrote, by keys, one mapping for each row of them.
        grades: `ASC_SOP` and `ASC_SAT` as they stand.
        texts: Other rows, with their numbers.
        is_frozen: Whether a row says that it is a freeze frame.
    """

    rows: list[EdlRow]
    names: dict[str, str] = field(default_factory=dict)
    motions: list[MotionRow] = field(default_factory=list)
    locators: list[Locator] = field(default_factory=list)
    remarks: list[dict[str, str]] = field(default_factory=list)
    grades: dict[str, str] = field(default_factory=dict)
    texts: list[tuple[int, str]] = field(default_factory=list)
    is_frozen: bool = False


@dataclass
class EventList:
    """What an EDL says.

    Args:
        title: Its title.
        is_drop: Whether drop-frame timecode is announced before the first event.
        groups: Its events, in the order of the file.
        strange: Rows that are none of an EDL, or events that cannot be read, with
            their numbers.
        remarks: What this program wrote, in the order of the file.
        locators: The markers, in the order of the file.
    """

    title: str = ""
    is_drop: bool = False
    groups: list[EventGroup] = field(default_factory=list)
    strange: list[tuple[int, str]] = field(default_factory=list)
    remarks: list[dict[str, str]] = field(default_factory=list)
    locators: list[Locator] = field(default_factory=list)

    @property
    def rows(self) -> Iterator[EdlRow]:
        """The rows of all events."""
        return (row for group in self.groups for row in group.rows)


def read_rows(rows: Sequence[str]) -> EventList:
    """Return what the rows of an EDL say; nothing is refused."""
    found = EventList()
    numbers: list[str] = []
    is_drop = False
    for number, text in enumerate(rows, 1):
        row = text.strip()
        if not row:
            continue
        upper = row[:40].upper()
        if upper.startswith("TITLE:"):
            found.title = row[6:].strip()
        elif upper.startswith("FCM"):
            is_drop = "DROP" in upper and "NON" not in upper
            found.is_drop |= is_drop and not found.groups
        elif (event := _event(number, row, is_drop=is_drop)) is not None:
            own = row.split(None, 1)[0]
            if numbers and numbers[-1] == own and _joins(found.groups[-1], event):
                found.groups[-1].rows.append(event)
            else:
                found.groups.append(EventGroup([event]))
                numbers.append(own)
        else:
            _add_other(found, numbers, number, row)
    found.remarks = [remark for group in found.groups for remark in group.remarks]
    found.locators = [one for group in found.groups for one in group.locators]
    found.groups = [group for group in found.groups if group.rows]
    return found


def _add_other(found: EventList, numbers: list[str], number: int, row: str) -> None:
    """Note a row that is neither an event nor of the head."""
    if _NUMBER.fullmatch(row.split(None, 1)[0]):
        # An event that is damaged: what is said below it is of no other one.
        found.strange.append((number, row))
        found.groups.append(EventGroup([]))
        numbers.append("")
    elif found.groups:
        if not _say(found.groups[-1], number, row):
            found.strange.append((number, row))
    elif row.startswith("*") and (remark := read_remark(row)) is not None:
        found.groups.append(EventGroup([], remarks=[remark]))
        numbers.append("")
    elif not row.startswith("*"):
        found.strange.append((number, row))


def _joins(group: EventGroup, event: EdlRow) -> bool:
    """Return whether a row is the second one of an event: what it goes to."""
    return len(group.rows) == 1 and group.rows[0].is_cut and not event.is_cut


def _event(number: int, row: str, *, is_drop: bool) -> EdlRow | None:
    words = row.split()
    if len(words) < 8 or not _NUMBER.fullmatch(words[0]):
        return None
    times = words[-4:]
    # Some lists have a speed or a note after the times.
    for _ in range(min(_MOST_NOTES, len(words) - 8)):
        if all(map(_TIMECODE.fullmatch, times)):
            break
        words.pop()
        times = words[-4:]
    if not all(map(_TIMECODE.fullmatch, times)):
        return None
    middle = words[1:-4]
    length = 0
    if len(middle) > 3 and _LENGTH.fullmatch(middle[-1]):
        length = int(middle.pop())
    if len(middle) < 3 or not _TRANSITION.fullmatch(middle[-1]):
        return None
    transition, channels = middle.pop(), read_channels(middle.pop())
    return EdlRow(
        row=number,
        reel=" ".join(middle),
        channels=channels or Channels(video=1),
        transition=transition.upper(),
        length=length,
        times=(times[0], times[1], times[2], times[3]),
        is_drop=is_drop,
    )


def _say(group: EventGroup, number: int, row: str) -> bool:
    """Note what a row says of an event; return whether it is a row of an EDL."""
    if (motion := _motion(number, row)) is not None:
        group.motions.append(motion)
    elif match := _AUD.fullmatch(row):
        channels = tuple(int(word) for word in match[1].split() if int(word))
        if group.rows:
            last = group.rows[-1]
            sound = last.channels.with_audio(channels)
            group.rows[-1] = replace(last, channels=sound)
    elif row.startswith("*") and (remark := read_remark(row)) is not None:
        group.remarks.append(remark)
    else:
        is_known = _remark(group, number, row.lstrip("* \t"))
        return is_known or row.startswith("*") or row.upper().startswith(_WORDS)
    return True


def _motion(number: int, row: str) -> MotionRow | None:
    words = row.split() if row.startswith("M2") else []
    if len(words) < 3 or not _TIMECODE.fullmatch(words[-1]):
        return None
    if not _SPEED.fullmatch(words[-2]):
        return None
    speed = Fraction(words[-2].rstrip("."))
    return MotionRow(number, " ".join(words[1:-2]), speed, words[-1])


def _remark(group: EventGroup, number: int, text: str) -> bool:
    """Note what a row says; return whether its words are known."""
    upper = text.upper()
    if match := _LOCATOR.fullmatch(text):
        color, name = match["color"] or "", match["name"].strip()
        group.locators.append(Locator(number, match["at"], color, name))
        return True
    for words in ("ASC_SOP", "ASC_SAT"):
        if upper.startswith(words):
            group.grades[words] = text[len(words) :].lstrip(": \t")
            return True
    if upper.startswith(_FREEZE):
        group.is_frozen = True
        return True
    head, colon, value = text.partition(":")
    name = _NAMES.get(head.strip().upper()) if colon else None
    if name is not None:
        # Of several files, the first is the one.
        group.names.setdefault(name, value.strip())
        return True
    if upper.startswith(_SILENT):
        return True
    if len(group.texts) < _MOST_TEXTS:
        group.texts.append((number, text))
    return False

"""Put what a walk found on tracks."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from fractions import Fraction
from typing import Final, TypeAlias, get_args

from timeline_nb.effects.kinds import TransitionKind
from timeline_nb.interchange import terms
from timeline_nb.interchange.fcpxml.pieces import (
    Joint,
    Lane,
    Piece,
    SequenceContents,
    plain,
)
from timeline_nb.interchange.fcpxml.read_clips import ClipMaker
from timeline_nb.interchange.fcpxml.rows import (
    Row,
    joined_by_role,
    lane_groups,
    listed,
    rows_of,
    rows_of_lines,
    stacked,
)
from timeline_nb.interchange.flat import (
    FlatItem,
    FlatMarker,
    FlatText,
    FlatTrack,
    FlatTransition,
)
from timeline_nb.interchange.places import clip_place, time_place
from timeline_nb.interchange.report import Report

__all__ = ["Assembly"]

_ZERO: Final = Fraction(0)
_KINDS: Final = frozenset(get_args(TransitionKind))
# Within one transition that are looked at.
_MOST_CUTS: Final = 16
_SMOOTH: Final = {"", "Audio Crossfade", "Cross Dissolve"}

# Seconds of fade-in and fade-out, by the `id()` of pieces.
_Fades: TypeAlias = dict[int, tuple[Fraction, Fraction]]


class Assembly:
    """Puts pieces on tracks, one for each lane.

    Args:
        found: By a walk.
        rate: Frames a second of the edit.
        canvas: Width and height of the edit.
        report: Gets the findings.
    """

    def __init__(
        self,
        found: SequenceContents,
        rate: Fraction,
        canvas: tuple[int, int],
        report: Report,
    ) -> None:
        self._found, self._rate, self._report = found, rate, report
        self._maker = ClipMaker(rate, canvas, report)
        self._names: set[str] = set()
        self._met: set[int] = set()
        self._joints: dict[Lane, list[tuple[int, Joint]]] = {}
        for number, joint in enumerate(found.joints):
            self._joints.setdefault(plain(joint.lane), []).append((number, joint))

    def tracks(self) -> tuple[FlatTrack, ...]:
        """Return the tracks: pictures from the bottom up, sounds, lines."""
        pieces = self._found.pieces
        pictures = [piece for piece in pieces if piece.kind == "video"]
        sounds = self._without_channels(p for p in pieces if p.kind == "audio")
        rows = [
            row for group in lane_groups(pictures, stacked) for row in self._rows(group)
        ]
        heard = [
            row for group in lane_groups(sounds, listed) for row in self._rows(group)
        ]
        tracks = [self._track(row) for row in (*rows, *joined_by_role(heard))]
        self._tell_unmet()
        return (*tracks, *self._lines())

    def markers(self) -> tuple[FlatMarker, ...]:
        """Return the markers of the whole edit."""
        marks = sorted(self._found.marks, key=lambda mark: mark.at)
        return tuple(self._maker.marker(mark) for mark in marks if mark.at >= 0)

    def _without_channels(self, sounds: Iterable[Piece]) -> list[Piece]:
        """Return sounds, each once where Final Cut has one for each channel."""
        known: dict[object, Piece] = {}
        for piece in sounds:
            media = piece.media
            what = media.path if media.is_file else id(media.edit)
            span = (piece.low, piece.high, piece.source_start, piece.speed)
            key = (what, *span, piece.enabled, piece.link)
            if key not in known or not piece.link:
                known[key if piece.link else id(piece)] = piece
                continue
            where = clip_place("project", piece.name, max(_ZERO, piece.low), self._rate)
            detail = "all channels of the file are in one clip, with the first's gain"
            self._report.add(where, "the channels", "approximated", None, detail)
        return list(known.values())

    def _rows(self, group: Row) -> list[Row]:
        """Return the pieces of a lane as rows in which none lies over another."""
        group.sort(key=lambda piece: piece.low)
        self._cut_overlaps(group)
        return rows_of(group)

    def _cut_overlaps(self, group: Row) -> None:
        """Cut pieces that lie over one another where a transition does, in its middle.

        Documents without offsets are so (the DTD's example of `transition`).
        """
        lows = [piece.low for piece in group]
        for _, joint in self._joints.get(plain(group[0].lane), ()):
            number = bisect_left(lows, joint.low)
            if not 0 < number < len(group):
                continue
            before, after = group[number - 1], group[number]
            over = before.high - after.low
            if 0 < over <= joint.high - joint.low and after.low < joint.high:
                middle = (after.low + before.high) / 2
                before.high = middle
                after.begin_at(middle)

    def _track(self, row: Row) -> FlatTrack:
        kind = row[0].kind
        items: list[FlatItem] = []
        fades: _Fades = {}
        by_lane: dict[Lane, Row] = {}
        for piece in row:
            by_lane.setdefault(plain(piece.lane), []).append(piece)
        for lane, pieces in by_lane.items():
            for number, joint in self._joints.get(lane, ()):
                if not (joint.picture if kind == "video" else joint.sound):
                    continue
                before, after = _sides(pieces, joint)
                if before is not None or after is not None:
                    self._met.add(number)
                    items += self._joined(joint, before, after, fades)
        none = (_ZERO, _ZERO)
        items += [self._maker.clip(piece, fades.get(id(piece), none)) for piece in row]
        return FlatTrack(
            kind=kind,
            name=self._name(piece.role for piece in row),
            items=tuple(items),
            enabled=row[0].enabled,
        )

    def _joined(
        self, joint: Joint, before: Piece | None, after: Piece | None, fades: _Fades
    ) -> list[FlatItem]:
        """Return the transition between two pieces; beside a gap it is a fade."""
        frame = self._maker.frame
        if before is not None and after is not None and before.high == after.low:
            at = frame(after.low)
            made = FlatTransition(
                kind=self._kind(joint, after.kind),
                at=at,
                in_offset=at - frame(joint.low),
                out_offset=frame(joint.high) - at,
            )
            return [made]
        if after is not None:
            _, out = fades.get(id(after), (_ZERO, _ZERO))
            fades[id(after)] = (joint.high - after.low, out)
        if before is not None:
            into, _ = fades.get(id(before), (_ZERO, _ZERO))
            fades[id(before)] = (into, before.high - joint.low)
        return []

    def _kind(self, joint: Joint, medium: str) -> str:
        if joint.kind in _SMOOTH or medium == "audio":
            return "dissolve"
        name = joint.kind.lower().replace(" ", "_")
        kind = name if name in _KINDS else "dissolve"
        where = time_place("project", max(_ZERO, joint.low), self._rate)
        what = terms.transition(joint.kind)
        self._report.add(where, what, "approximated", None, f"it became our '{kind}'")
        return kind

    def _tell_unmet(self) -> None:
        for number, joint in enumerate(self._found.joints):
            if number not in self._met:
                where = time_place("project", max(_ZERO, joint.low), self._rate)
                what = terms.transition(joint.kind)
                self._report.add(where, what, "lost", None, "it is beside no clip")

    def _name(self, roles: Iterable[str]) -> str:
        """Return the name of a track whose clips have one role; none of several."""
        names = {role for role in roles if role}
        name = names.pop() if len(names) == 1 else ""
        if name in self._names:
            return ""
        self._names.add(name)
        return name

    def _lines(self) -> list[FlatTrack]:
        """Return subtitle tracks: one for each role, and for lines over others."""
        frame = self._maker.frame
        return [
            FlatTrack(
                kind="subtitle",
                name=_language_name(row[0].role, number),
                items=tuple(
                    FlatText(
                        start=frame(line.low),
                        duration=frame(line.high) - frame(line.low),
                        text=line.text,
                    )
                    for line in row
                ),
                enabled=row[0].enabled,
            )
            for number, row in enumerate(rows_of_lines(self._found.lines), 1)
        ]


def _sides(row: Row, joint: Joint) -> tuple[Piece | None, Piece | None]:
    """Return the pieces that end and begin within a transition.

    Of several cuts in it, the one nearest to its middle: a clip may be so short that
    the transition begins where it does.
    """
    number = bisect_left(row, joint.low, key=lambda piece: piece.low)
    last = bisect_right(row, joint.high, key=lambda piece: piece.low)
    middle = (joint.low + joint.high) / 2
    cuts = [
        (abs(row[place].low - middle), place)
        for place in range(max(1, number), min(last, number + _MOST_CUTS))
        if row[place - 1].high == row[place].low
    ]
    if cuts:
        number = min(cuts)[1]
    after = row[number] if number < len(row) else None
    before = row[number - 1] if number else None
    if after is not None and after.low > joint.high:
        after = None
    if before is not None and not joint.low <= before.high <= joint.high:
        before = None
    return before, after


def _language_name(role: str, number: int) -> str:
    """Return the name of a subtitle track, with its language unless it is English."""
    language = role.rpartition(".")[2].partition("-")[0].lower()
    is_known = 2 <= len(language) <= 3 and language.isalpha() and language != "en"
    return f"S{number} {language}" if is_known else ""

"""Audit of a redaction: is every detected box hidden in every frame of an edit?"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from timeline_nb.compose.compositor import Compositor
from timeline_nb.compose.layers import Shot, lower, shots_of
from timeline_nb.compose.placement import Canvas, Placement, place
from timeline_nb.effects.chain import Chain, SourceEffect
from timeline_nb.effects.sourced.redaction import Redaction
from timeline_nb.effects.sourced.reframe import Reframe
from timeline_nb.errors import RecognitionError
from timeline_nb.media.frame import Frame
from timeline_nb.recognition.redaction import uncovered_share
from timeline_nb.recognition.tables.columns import (
    check_columns,
    source_of,
    table_of,
    take_facts,
)
from timeline_nb.studio import Studio
from timeline_nb.timebase import frame_count, frame_time
from timeline_nb.timeline.model import Clip, Timeline
from timeline_nb.timeline.queries import duration

if TYPE_CHECKING:
    from timeline_nb.notebook.detection_result import DetectionResult

__all__ = ["audit"]

_NEEDED = ("frame", "pts", "end_pts", "label", "x1", "y1", "x2", "y2")
# Details finer than this share of a box tell who or what it is.
_DETAIL = 1 / 12
_LIKE = 0.5


@dataclass(frozen=True)
class _Sight:
    """A source frame within a frame of the edit."""

    number: int
    shot: Shot
    pts: int
    size: tuple[int, int]
    effects: tuple[SourceEffect, ...]

    def covers(self) -> NDArray[np.float64]:
        """What is covered, in pixels of the source."""
        boxes = [np.zeros((0, 4))]
        for effect in self.effects:
            if isinstance(effect, Redaction):
                scale = np.array(self.size) / np.array(effect.size)
                boxes.append(effect.boxes_at(self.pts) * np.tile(scale, 2))
        return np.concatenate(boxes)


class _Spot(NamedTuple):
    """A box that must be hidden, in a frame of the edit."""

    sight: _Sight
    box: NDArray[np.float64]
    covered: bool


def audit(
    timeline: Timeline,
    found: "DetectionResult | pd.DataFrame",
    studio: Studio,
    *,
    film: Path | None = None,
) -> pd.DataFrame:
    """Every detected box in every frame of an edit: is it hidden?

    Args:
        timeline: The edit.
        found: A detection result, or rows of its table: what must be hidden.
        studio: Whose decoders to use.
        film: What was rendered of it; then its pixels are looked at too.

    Returns:
        One row a box and frame: `timeline_frame`, `timeline_s`, `track`, `clip`,
        `label`, `track_id`, `pts`, `x1` to `y2`, the share `uncovered` that no cover
        lies over, and `covered` if that is none. With a film also `likeness`, how much
        of the source's fine details it still has (1: all of them, 0: none), and
        `hidden` if that is less than half.

    Raises:
        RecognitionError: A column is missing, or the film has other frames.
        MediaError: A frame does not decode.
    """
    table = table_of(found)
    check_columns(table, _NEEDED)
    source = source_of(table)
    order = np.argsort(table["pts"].to_numpy(np.int64), kind="stable")
    rows = table.iloc[order]
    pts, ends = rows["pts"].to_numpy(np.int64), rows["end_pts"].to_numpy(np.int64)
    boxes = rows[["x1", "y1", "x2", "y2"]].to_numpy(np.float64)
    told: list[dict[str, Any]] = []
    spots: list[_Spot] = []
    for sight in _sights(timeline, source.fingerprint, studio):
        covers = sight.covers()
        for row in np.flatnonzero((pts <= sight.pts) & (sight.pts < ends)):
            bare = uncovered_share(boxes[row], covers)
            told.append(_told(rows.iloc[row], sight, timeline, bare))
            spots.append(_Spot(sight, boxes[row], bare == 0))
    result = pd.DataFrame(told, columns=list(_told_columns(table)))
    if film is not None:
        result["likeness"] = _likenesses(timeline, spots, studio, film)
        result["hidden"] = result["likeness"] < _LIKE
    return take_facts(result, table)


def _told_columns(table: pd.DataFrame) -> tuple[str, ...]:
    tracked = ("track_id",) if "track_id" in table.columns else ()
    head = ("timeline_frame", "timeline_s", "track", "clip", "label", *tracked)
    return (*head, "pts", "x1", "y1", "x2", "y2", "uncovered", "covered")


def _told(
    row: "pd.Series[Any]", sight: _Sight, timeline: Timeline, bare: float
) -> dict[str, Any]:
    clip = sight.shot.clip
    track = next(t.name for t in timeline.tracks if clip in t.items)
    told = {
        "timeline_frame": sight.number,
        "timeline_s": float(frame_time(sight.number, timeline.rate)),
        "track": track,
        "clip": clip.id,
        "uncovered": bare,
        "covered": bare == 0,
    }
    names = ("label", "track_id", "pts", "x1", "y1", "x2", "y2")
    return told | {name: row[name] for name in names if name in row.index}


def _sights(timeline: Timeline, fingerprint: str, studio: Studio) -> Iterator[_Sight]:
    """Each source frame of a film that an edit shows, frame after frame."""
    known: dict[str, tuple[SourceEffect, ...]] = {}
    for number in range(frame_count(duration(timeline), timeline.rate)):
        time = frame_time(number, timeline.rate)
        for layer in lower(timeline, time):
            for shot in shots_of(layer):
                clip = shot.clip
                if clip.media.fingerprint != fingerprint:
                    continue
                info = studio.library.probe(clip.media.path)
                index = studio.library.index(info)
                seen = studio.library.frame_shown(info, shot.shown_time(time))
                pts = int(index.pts[seen])
                if clip.id not in known:
                    known[clip.id] = Chain(clip.effects).sourced
                size = info.video[0].display_size
                yield _Sight(number, shot, pts, size, known[clip.id])


def _likenesses(
    timeline: Timeline,
    spots: list[_Spot],
    studio: Studio,
    film: Path,
) -> list[float]:
    """How like the source each box of the film still is, in its finest details."""
    bare = _without_covers(timeline)
    found: list[float] = []
    with (
        studio.library.video(film) as rendered,
        Compositor(bare, studio.library) as composed,
        Compositor(timeline, studio.library) as covered,
    ):
        count = frame_count(duration(timeline), timeline.rate)
        if len(rendered.index) != count:
            raise RecognitionError(
                f"{film.name} has {len(rendered.index)} frames, and "
                f"{timeline.name!r} {count}: render it again"
            )
        # Sights come frame after frame, and so do their spots.
        for number, here in groupby(spots, key=lambda spot: spot.sight.number):
            one, without = (
                _luma(next(c.frames(number, number + 1)).to_ndarray(format="gray"))
                for c in (composed, covered)
            )
            other = _gray(rendered.frame(number), timeline.size)
            for spot in here:
                # Where a cover lies, what it took away is looked for; else all of it.
                rest = without if spot.covered else None
                area = _on_canvas(spot.sight, spot.box, timeline)
                found.append(_likeness(one, other, rest, area))
    return found


def _without_covers(timeline: Timeline) -> Timeline:
    from msgspec.structs import replace

    tracks = []
    for track in timeline.tracks:
        items = [
            replace(i, effects=tuple(e for e in i.effects if e.kind != "redaction"))
            if isinstance(i, Clip)
            else i
            for i in track.items
        ]
        tracks.append(replace(track, items=tuple(items)))
    return replace(timeline, tracks=tuple(tracks))


def _luma(plane: NDArray[Any]) -> NDArray[np.float32]:
    return np.asarray(plane, np.float32)


def _gray(frame: Frame, size: tuple[int, int]) -> NDArray[np.float32]:
    return _luma(frame.picture.reformat(*size).to_ndarray(format="gray"))


def _on_canvas(
    sight: _Sight, box: NDArray[np.float64], timeline: Timeline
) -> tuple[int, int, int, int]:
    """A box of the source as whole pixels of the edit's picture."""
    area = (0.0, 0.0, *map(float, sight.size))
    for effect in sight.effects:
        if isinstance(effect, Reframe):
            scale = np.tile(np.array(sight.size) / np.array(effect.size), 2)
            area = tuple(np.array(effect.window_at(sight.pts)) * scale)
    size = round(area[2]), round(area[3])
    spot: Placement = place(sight.shot.clip.transform, size, Canvas(*timeline.size))
    left, top, wide, high = spot.crop
    share = (box.reshape(2, 2) - area[:2]) / area[2:]
    offset = ((share - [left, top]) / [wide, high] - 0.5) * [spot.width, spot.height]
    near, far = np.clip(offset + spot.middle, 0, timeline.size)
    x1, y1 = np.ceil(near).astype(int)
    x2, y2 = np.floor(far).astype(int)
    return int(x1), int(y1), int(x2), int(y2)


def _likeness(
    one: NDArray[np.float32],
    other: NDArray[np.float32],
    rest: NDArray[np.float32] | None,
    spot: tuple[int, int, int, int],
) -> float:
    """The share of one picture's fine details within a box that the other has.

    Args:
        one: The picture with nothing covered.
        other: The picture that is looked at.
        rest: What the first has when its covers are on: details of that, of another
            layer say, do not count.
        spot: Left, top, right and bottom of the box.
    """
    x1, y1, x2, y2 = spot
    if x2 - x1 < 4 or y2 - y1 < 4:
        return 0.0
    sigma = max(0.8, _DETAIL * max(x2 - x1, y2 - y1))

    def fine(picture: NDArray[np.float32]) -> NDArray[np.float32]:
        part = picture[y1:y2, x1:x2]
        return np.asarray(part - cv2.GaussianBlur(part, (0, 0), sigma), np.float32)

    own, seen = fine(one), fine(other)
    whole = float((own**2).sum())
    if rest is not None:
        own, seen = own - fine(rest), seen - fine(rest)
    # Of a layer that hardly shows, noise would be a large share.
    power = max(float((own**2).sum()), whole / 20)
    return float((own * seen).sum() / power) if power > 1e-3 else 0.0

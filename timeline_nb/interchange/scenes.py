"""Scene lists of PySceneDetect (CSV): the media cut where its scenes begin."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any, Final

from timeline_nb.errors import ProjectError
from timeline_nb.interchange.cuts import Cut, edit_of_cuts, rate_of_media
from timeline_nb.interchange.list_text import MAX_LIST_CLIPS, ListText, list_of
from timeline_nb.interchange.requests import ReadRequest
from timeline_nb.interchange.unflatten import unflatten
from timeline_nb.timeline.model import Timeline

__all__ = ["read"]

_HEAD: Final = "scene number"
_COLUMNS: Final = (
    "start frame",
    "end frame",
    "start time (seconds)",
    "end time (seconds)",
)
_NUMBER: Final = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,9})?")
_SUFFIX: Final = re.compile(r"-scenes$", re.IGNORECASE)
# Times are written in thousandths.
_STEP: Final = Fraction(2, 1000)


@dataclass(frozen=True)
class _Scene:
    """A scene: frames from 0, and seconds, as the list has them."""

    frames: tuple[int, int]
    seconds: tuple[Fraction, Fraction]


def read(
    request: ReadRequest,
    *,
    media: Path | str | None = None,
    rate: Any = None,
    encoding: str | None = None,
) -> Timeline:
    """Return the edit of a scene list: a clip for each scene.

    Args:
        request: The file.
        media: The file that was searched; the one that the list is named after, as
            `film-Scenes.csv`, if not given.
        rate: Frames a second; those of the media if not given.
        encoding: Of the file; detected if not given.

    Raises:
        ProjectError: The file is no scene list, or has no scene.
    """
    text = list_of(request.data, request.path, encoding=encoding)
    scenes = list(_scenes(text, request))
    if not scenes:
        raise ProjectError(f"{request.name} has no scene")
    stem = _SUFFIX.sub("", Path(request.name).stem)
    found = request.find(str(media) if media is not None else stem)
    last = scenes[-1]
    guess = last.frames[1] / last.seconds[1] if last.seconds[1] else None
    own = rate_of_media(rate, [found], request.report, guess)
    frames_s = found.reference.rate or own
    cuts = [
        Cut(found, *_range(scene, frames_s), name=f"Scene {number}")
        for number, scene in enumerate(scenes, 1)
    ]
    return unflatten(edit_of_cuts(cuts, stem, own), request.report)


def _range(scene: _Scene, rate: Fraction) -> tuple[Fraction, Fraction]:
    """Return the first second and the duration of a scene.

    Frames are exact where they agree with the seconds, as at a constant rate.
    """
    edges = []
    for frame, second in zip(scene.frames, scene.seconds, strict=True):
        exact = frame / rate
        edges.append(exact if abs(exact - second) <= _STEP else second)
    return edges[0], edges[1] - edges[0]


def _scenes(text: ListText, request: ReadRequest) -> Iterator[_Scene]:
    head = next(
        (n for n, row in enumerate(text.rows[:3]) if _HEAD in row.lower()),
        None,
    )
    if head is None:
        raise ProjectError(
            f"{request.name} is no scene list: that has a row 'Scene Number, Start "
            "Frame, ...'"
        )
    rows = text.table(text.delimiter(head), head)
    try:
        places = _places(next(rows)[1])
        for number, cells in islice(rows, MAX_LIST_CLIPS.value):
            yield _scene(number, cells, places)
        too_many = next(rows, None) is not None
    except ProjectError as error:
        raise ProjectError(f"{request.name}: {error}") from None
    if too_many:
        raise ProjectError(f"{request.name}: scenes are {MAX_LIST_CLIPS.excess}")


def _places(header: list[str]) -> list[int]:
    names = [cell.strip().lower() for cell in header]
    for name in _COLUMNS:
        if name not in names:
            raise ProjectError(f"there is no column {name!r}")
    return [names.index(name) for name in _COLUMNS]


def _scene(number: int, cells: list[str], places: list[int]) -> _Scene:
    values = []
    for name, place in zip(_COLUMNS, places, strict=True):
        cell = cells[place].strip() if place < len(cells) else ""
        if not _NUMBER.fullmatch(cell):
            raise ProjectError(
                f"row {number}, column {name!r}: {cell[:40]!r} is no number"
            )
        values.append(Fraction(cell))
    # Frames are counted from 1, and the last one belongs to the scene.
    first, last = int(values[0]) - 1, int(values[1])
    if first < 0 or last <= first or values[3] <= values[2]:
        raise ProjectError(f"row {number}: the scene ends before it begins")
    return _Scene((first, last), (values[2], values[3]))

"""Bake color effects into tables (.cube) that other programs apply.

A table holds what the effects make of each color, so only effects that change a color
the same way wherever and whenever it stands can be baked.

Source of the format: Adobe Cube LUT Specification 1.0.
"""

from collections.abc import Iterable
from dataclasses import replace as changed
from fractions import Fraction
from hashlib import blake2b
from typing import Any, Final

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from timeline_nb.core.structs import to_json
from timeline_nb.effects.catalog import find_picture
from timeline_nb.effects.chain import MAPS_HDR, Chain
from timeline_nb.effects.picture import Bytes, Moment, Picture, u8
from timeline_nb.errors import CompositionError
from timeline_nb.interchange.flat import FlatClip, FlatEdit, FlatItem, FlatTrack
from timeline_nb.interchange.places import clip_place
from timeline_nb.interchange.requests import WriteRequest
from timeline_nb.timeline.model import Effect

__all__ = ["LookBook", "cube_of", "is_baked", "with_looks"]

# Steps of a color in a table: what editors and cameras use.
_SIZE: Final = 33
# Pixels of a side of each color's square, so that neighbors do not reach its center.
_SQUARE_PX: Final = 8
# Of the catalog: what is in these groups, and these others, changes colors alone.
_GROUPS: Final = frozenset({"color", "looks"})
_KINDS: Final = frozenset(
    {
        *("channels", "color_space", "duotone", "false_color", "posterize", "sepia"),
        *("solarize", "threshold"),
    }
)


class LookBook:
    """The tables of one export; owners of the same look share one.

    Args:
        request: The export: without `bake="look"` nothing is baked.
    """

    def __init__(self, request: WriteRequest) -> None:
        self._request = request
        self._names: dict[str, str] = {}
        self.files: dict[str, bytes] = {}

    @property
    def is_open(self) -> bool:
        """Whether looks are baked at all."""
        return self._request.bake == "look"

    def look(
        self, effects: Iterable[Effect], where: str
    ) -> tuple[str, tuple[Effect, ...]]:
        """Return the name of a table for effects, and the effects that it leaves out.

        Args:
            effects: Of a clip, or of a clip, its track and the edit, in that order.
            where: Whose they are, for the report.

        Returns:
            The name of a file beside the export, empty if nothing is baked, and those
            effects that are to be dealt with in another way.
        """
        every = tuple(effects)
        if not self.is_open:
            return "", every
        baked = tuple(one for one in every if is_baked(one))
        try:
            name = self._name_of(baked) if baked else ""
        except CompositionError as error:
            # Of a table of its own, which the export may not name or find.
            self._request.report.add(where, "baked look", "lost", None, str(error))
            name = ""
        if not name:
            return "", every
        kinds = ", ".join(repr(one.kind) for one in baked)
        detail = f"baked into {name}, a table of {_SIZE} steps"
        self._request.report.add(
            where, f"effects {kinds}", "approximated", None, detail
        )
        return name, tuple(one for one in every if one not in baked)

    def _name_of(self, effects: tuple[Effect, ...]) -> str:
        digest = blake2b(b"\0".join(map(to_json, effects)), digest_size=16).hexdigest()
        if digest not in self._names:
            stem = self._request.path.stem
            name = f"{stem}_look{len(self._names) + 1}.cube"
            self.files[name] = cube_of(tuple(map(self._whole, effects)), name)
            self._names[digest] = name
        return self._names[digest]

    def _whole(self, effect: Effect) -> Effect:
        """Return an effect whose own table is named from the root."""
        path = effect.parameters.get("path")
        if effect.kind != "lut" or not isinstance(path, str):
            return effect
        whole = str(self._request.path.resolve().parent / path)
        return replace(effect, parameters={**effect.parameters, "path": whole})


def with_looks(edit: FlatEdit, book: LookBook) -> FlatEdit:
    """Return an edit whose clips name the tables of their looks.

    The effects of a track go into the tables of its clips if all of them can, and so do
    those of the whole edit: the order stays.

    Args:
        edit: The edit, with those that are nested in it.
        book: Makes the tables.
    """
    if not book.is_open:
        return edit
    shown = [track for track in edit.tracks if track.kind == "video"]
    whole: tuple[Effect, ...] = ()
    if all(map(_are_baked, (edit.effects, *(track.effects for track in shown)))):
        whole = edit.effects
    tracks = (
        _with_track(track, edit, whole, book) if track.kind == "video" else track
        for track in edit.tracks
    )
    left = () if whole else edit.effects
    return changed(edit, tracks=tuple(tracks), effects=left)


def _are_baked(effects: tuple[Effect, ...]) -> bool:
    return all(map(is_baked, effects))


def _with_track(
    track: FlatTrack, edit: FlatEdit, whole: tuple[Effect, ...], book: LookBook
) -> FlatTrack:
    own = track.effects if _are_baked(track.effects) else ()
    items = (
        _with_look(item, track, edit, (*own, *whole), book) for item in track.items
    )
    left = () if own else track.effects
    return changed(track, items=tuple(items), effects=left)


def _with_look(
    item: FlatItem,
    track: FlatTrack,
    edit: FlatEdit,
    more: tuple[Effect, ...],
    book: LookBook,
) -> FlatItem:
    if not isinstance(item, FlatClip):
        return item
    if item.media.edit is not None:
        inner = with_looks(item.media.edit, book)
        item = changed(item, media=changed(item.media, edit=inner))
    where = clip_place(track.name, item.name, item.start / edit.rate, edit.rate)
    name, left = book.look((*item.effects, *more), where)
    if not name:
        return item
    return changed(item, look=name, effects=left)


def is_baked(effect: Effect) -> bool:
    """Return whether a table of colors can hold an effect.

    Not one that is animated, reads other pixels or other times, or changes by chance;
    nor one that maps HDR, which is more than a table of 8 bits begins with.
    """
    spec = find_picture(effect.kind)
    if spec is None or spec.origin or not effect.enabled or effect.keyframes:
        return False
    return effect.kind not in MAPS_HDR and (
        spec.group in _GROUPS or effect.kind in _KINDS
    )


def cube_of(effects: tuple[Effect, ...], title: str) -> bytes:
    """Return a table of what effects make of colors, as a `.cube` file.

    Args:
        effects: Effects on colors, in order.
        title: Stands in the file.

    Raises:
        CompositionError: A parameter of an effect cannot be used.
    """
    values = _changed(effects, _colors(_SIZE), Fraction(0)) / 255
    rows = "\n".join(f"{r:.6f} {g:.6f} {b:.6f}" for r, g, b in values)
    name = title.replace('"', "'").encode("ascii", "replace").decode()
    return f'TITLE "{name}"\nLUT_3D_SIZE {_SIZE}\n{rows}\n'.encode()


def _colors(size: int) -> Bytes:
    """Return the colors of a table, red changing fastest: `(n, 3) uint8`."""
    steps = np.linspace(0, 255, size)
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")
    return u8(np.stack([red, green, blue], axis=-1).reshape(-1, 3) + 0.5)


def _changed(
    effects: tuple[Effect, ...], colors: Bytes, time: Fraction
) -> NDArray[np.uint8]:
    """Return what effects make of colors, each shown as a square of a picture."""
    side = int(np.ceil(np.sqrt(len(colors))))
    grid = np.zeros((side * side, 3), np.uint8)
    grid[: len(colors)] = colors
    squares = grid.reshape(side, side, 3)
    shown = squares.repeat(_SQUARE_PX, axis=0).repeat(_SQUARE_PX, axis=1)
    moment = Moment(time=time, duration=Fraction(1, 25), end=time + 1)

    def original(at: Moment) -> Picture:
        return Picture(moment=at, rgb=shown)

    made: Any = Chain(effects).picture(moment, original).rgb
    half = _SQUARE_PX // 2
    return u8(made[half::_SQUARE_PX, half::_SQUARE_PX].reshape(-1, 3)[: len(colors)])

"""Clips of the flat edit, of the pieces that a walk found."""

from collections.abc import Callable
from dataclasses import replace as changed
from fractions import Fraction
from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.interchange.fcpxml.pieces import Piece, ReadMarker
from timeline_nb.interchange.fcpxml.placement import from_final_cut
from timeline_nb.interchange.fcpxml.read_adjustments import Keys, PictureLook
from timeline_nb.interchange.flat import FlatClip, FlatKey, FlatMarker
from timeline_nb.interchange.places import clip_place
from timeline_nb.interchange.report import Report
from timeline_nb.timeline.model import Transform

__all__ = ["ClipMaker"]

_ZERO: Final = Fraction(0)
# Sound is cut between frames, at most so finely in Final Cut.
_SUBFRAMES: Final = 80
_FINE: Final = 10_000

KeyRows = list[tuple[str, tuple[FlatKey, ...]]]


class ClipMaker:
    """Makes clips.

    Args:
        rate: Frames a second of the edit.
        canvas: Width and height of the edit.
        report: Gets the findings.
    """

    def __init__(self, rate: Fraction, canvas: tuple[int, int], report: Report) -> None:
        self._rate, self._canvas, self._report = rate, canvas, report

    def frame(self, at: Fraction) -> Fraction:
        """Return the frame of a second, or the nearest 80th of one."""
        frames = at * self._rate
        if frames.denominator <= _FINE:
            return frames
        return Fraction(round(frames * _SUBFRAMES), _SUBFRAMES)

    def marker(self, mark: ReadMarker, since: Fraction = _ZERO) -> FlatMarker:
        """Return a marker, counted from a second of the edit."""
        return changed(mark.marker, start=self.frame(mark.at) - self.frame(since))

    def clip(
        self, piece: Piece, fades: tuple[Fraction, Fraction] = (_ZERO, _ZERO)
    ) -> FlatClip:
        """Return the clip of a piece.

        Args:
            piece: The piece.
            fades: Seconds of fade-in and fade-out that transitions make.
        """
        start = self.frame(piece.low)
        own = piece.picture.fades if piece.kind == "video" else piece.sound.fades
        fade_in = max(own[0] if piece.is_first else _ZERO, fades[0])
        fade_out = max(own[1] if piece.is_last else _ZERO, fades[1])
        transform, keyframes = Transform(), self._sound_keys(piece)
        if piece.kind == "video":
            transform, keyframes = self._placed(piece)
        return FlatClip(
            start=start,
            duration=self.frame(piece.high) - start,
            media=piece.media,
            source_start=piece.source_start,
            speed=piece.speed,
            ramp=piece.ramp,
            name=piece.name,
            link=piece.link,
            transform=transform,
            gain_db=piece.sound.gain_db if piece.kind == "audio" else 0.0,
            pan=piece.sound.pan if piece.kind == "audio" else 0.0,
            keyframes=tuple(keyframes),
            fade_in=self.frame(fade_in),
            fade_out=self.frame(fade_out),
            markers=tuple(self.marker(mark, piece.low) for mark in piece.marks),
        )

    def _sound_keys(self, piece: Piece) -> KeyRows:
        sound = piece.sound
        return [
            (name, self._keys(piece, keys, float))
            for name, keys in (("gain_db", sound.gains), ("pan", sound.pans))
            if keys
        ]

    def _placed(self, piece: Piece) -> tuple[Transform, KeyRows]:
        """Return the placement of a picture, and its keyframes."""
        look, canvas = piece.picture, self._canvas
        source = piece.media.size or canvas
        placed = look.placement
        if look.refits:
            placed = changed(placed, trim=(0.0, 0.0, 0.0, 0.0))
        made, is_same = from_final_cut(placed, source, canvas)
        if look.refits:
            crop, _ = from_final_cut(look.placement, source, canvas)
            made = replace(made, crop=crop.crop)
        if not is_same:
            where = clip_place("project", piece.name, max(_ZERO, piece.low), self._rate)
            detail = "it is scaled by the mean of both sides"
            self._report.add(where, "the stretch", "approximated", None, detail)
        made = replace(made, opacity=look.opacity, blend=look.blend)
        return made, self._picture_keys(piece, look, made)

    def _picture_keys(
        self, piece: Piece, look: PictureLook, made: Transform
    ) -> KeyRows:
        placed, wide = look.placement, self._canvas[0] / self._canvas[1]

        def position(value: tuple[float, float]) -> list[float]:
            x = made.position[0] + (value[0] - placed.position[0]) / 100 / wide
            y = made.position[1] - (value[1] - placed.position[1]) / 100
            return [round(x, 9), round(y, 9)]

        def scale(value: tuple[float, float]) -> float:
            return round(max(1e-6, made.scale * abs(value[0] / placed.scale[0])), 9)

        rows: KeyRows = []
        if look.positions:
            rows.append(("position", self._keys(piece, look.positions, position)))
        if look.scales:
            rows.append(("scale", self._keys(piece, look.scales, scale)))
        if look.rotations:
            turned = self._keys(piece, look.rotations, lambda value: -value)
            rows.append(("rotation_deg", turned))
        if look.opacities:
            rows.append(("opacity", self._keys(piece, look.opacities, float)))
        return rows

    def _keys(
        self, piece: Piece, keys: Keys[Any], value: Callable[[Any], Any]
    ) -> tuple[FlatKey, ...]:
        found: dict[Fraction, FlatKey] = {}
        for at, own in keys:
            frame = self.frame(at - piece.low)
            found.setdefault(frame, FlatKey(frame=frame, value=value(own)))
        return tuple(found.values())

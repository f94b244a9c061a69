"""Filters that say what a clip's place, opacity, gain, pan and fades are."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from dataclasses import replace as replaced
from fractions import Fraction
from typing import Final

from msgspec.structs import replace

from timeline_nb.compose.placement import Canvas, place
from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange.flat import FlatClip
from timeline_nb.interchange.mlt.curves import Curve, curve_of, edges_of, points_of
from timeline_nb.interchange.mlt.notes import OWN, note_of_keys
from timeline_nb.interchange.mlt.parts import Document, animation, number_text
from timeline_nb.interchange.mlt.shown import phase_of
from timeline_nb.timeline.model import Transform

__all__ = [
    "Stretch",
    "add_picture_filters",
    "add_sound_filters",
    "balance_of",
    "needs_blending",
]

# What no one hears; MLT has no level of nothing.
_SILENCE_DB: Final = -100.0
# Opacity, blue, green, red.
_BLACK: Final = "0xff000000"
_HALF: Final = Fraction(1, 2)
_PLACES: Final = ("position", "scale", "rotation_deg")


@dataclass(frozen=True)
class Stretch:
    """What of a clip a service shows.

    Args:
        first: The first frame, from the clip's start; before it in a transition.
        last: The last frame.
        at: The frame of the service that shows the first.
        gains: Further factors of its sound, which crossfades are, with the frames at
            which each turns.
        over_black: Whether it is laid on black, and lets nothing through.
    """

    first: int
    last: int
    at: int
    gains: tuple[tuple[Curve, frozenset[int]], ...] = ()
    over_black: bool = False

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last frame of the service."""
        return self.at, self.at + self.last - self.first


def _moved(clip: FlatClip, curve: Curve) -> Curve:
    """Return a curve of a clip's own frames by the whole frames from its first one."""
    phase = phase_of(clip)
    return lambda frame: curve(frame + phase)


def _turns(clip: FlatClip, *names: str) -> set[int]:
    """Return the whole frames, from a clip's first one, at which parameters turn."""
    phase = phase_of(clip)
    keys = (key for name in names for key in clip.keys(name))
    return edges_of(replaced(key, frame=key.frame - phase) for key in keys)


def _fade(clip: FlatClip) -> tuple[Curve, set[int]]:
    """Return the share of a clip's opacity, or of its sound, while it fades."""

    def at(frame: Fraction) -> tuple[float, ...]:
        level = Fraction(1)
        if clip.fade_in and frame < clip.fade_in:
            level = frame / clip.fade_in
        left = clip.duration - frame
        if clip.fade_out and left < clip.fade_out:
            level = min(level, left / clip.fade_out)
        return (float(max(Fraction(0), level)),)

    edges: set[int] = set()
    for edge in (clip.fade_in, clip.duration - clip.fade_out):
        whole = edge - phase_of(clip)
        edges |= {math.floor(whole), math.ceil(whole)}
    return _moved(clip, at), edges


def _has_fades(clip: FlatClip) -> bool:
    return bool(clip.fade_in or clip.fade_out)


def needs_blending(clip: FlatClip, size: tuple[int, int]) -> bool:
    """Return whether what is below a clip can be seen."""
    if clip.media.generator is not None:
        return True
    changes = any(clip.keys(name) for name in (*_PLACES, "opacity"))
    return changes or _has_fades(clip) or not _fills(clip, size)


def _fills(clip: FlatClip, size: tuple[int, int]) -> bool:
    own = clip.transform
    if own.opacity != 1 or own.blend != "normal":
        return False
    media = clip.media.size
    if media is None or clip.media.generator is not None:
        return own == Transform()
    return not any(own.crop) and place(own, media, Canvas(*size)).covers


def _is_plain(clip: FlatClip, size: tuple[int, int]) -> bool:
    """Return whether MLT places a clip as we do by itself."""
    if any(clip.keys(name) for name in _PLACES):
        return False
    plain = replace(clip.transform, opacity=1.0, blend="normal")
    if plain not in (Transform(), Transform(fit="fill"), Transform(fit="stretch")):
        return False
    media = clip.media.size
    if media is None or clip.media.edit is not None:
        return plain.fit != "fill" or media == size
    return media[0] * size[1] == media[1] * size[0]


def add_picture_filters(
    document: Document, service: XmlElement, clip: FlatClip, shown: Stretch
) -> None:
    """Add what a clip's look, opacity, fades, crop and place need to a service."""
    if clip.look:
        # MLT looks for tables in its working folder, not beside the file.
        table = [("av.file", document.folder / clip.look), (f"{OWN}look", clip.look)]
        document.filter(service, "avfilter.lut3d", shown.span, table)
    _add_opacity(document, service, clip, shown)
    lets_through = shown.over_black and needs_blending(clip, document.size)
    if _is_plain(clip, document.size) and not lets_through:
        return
    size = clip.media.size or document.size
    if any(clip.transform.crop):
        values = [*_cropped(clip, size), ("use_profile", 0)]
        document.filter(service, "crop", shown.span, values)
    _add_place(document, service, clip, shown, size)


def _cropped(clip: FlatClip, size: tuple[int, int]) -> Iterator[tuple[str, object]]:
    """Yield the pixels that are cut off, as our graph rounds them: chroma has half."""
    left, top, right, bottom = clip.transform.crop
    for low, high, length, names in (
        (left, right, size[0], ("left", "right")),
        (top, bottom, size[1], ("top", "bottom")),
    ):
        begin = int(low * length) // 2 * 2
        rest = int((1 - low - high) * length) // 2 * 2
        yield names[0], begin
        yield names[1], max(0, length - begin - rest)
    yield f"{OWN}crop", " ".join(map(repr, clip.transform.crop))


def _add_place(
    document: Document,
    service: XmlElement,
    clip: FlatClip,
    shown: Stretch,
    size: tuple[int, int],
) -> None:
    rect, turn = _place_curves(clip, size, document.size)
    edges = _turns(clip, *_PLACES)
    across = max(document.size)

    def pixels(one: tuple[float, ...], other: tuple[float, ...]) -> float:
        return max(abs(a - b) for a, b in zip(one, other, strict=True)) / across

    places = points_of(rect, shown.first, shown.last, edges, error=pixels)
    text = animation(places, shown.first)
    values: list[tuple[str, object]] = [
        ("rect", text),
        ("compositing", 0),
        ("distort", 1),
        ("rotate_center", 1),
    ]
    if shown.over_black:
        values.append(("background_color", _BLACK))
    turns = points_of(turn, shown.first, shown.last, edges)
    if any(value[0] for _, value in turns):
        values.append(("rotation", animation(turns, shown.first)))
    if clip.transform.fit != "fit":
        values.append((f"{OWN}fit", clip.transform.fit))
    own = clip.transform
    numbers = *own.position, own.scale, own.rotation_deg
    values.append((f"{OWN}place", f"{' '.join(map(repr, numbers))}|{text}"))
    values += _noted(clip, _PLACES, text)
    document.filter(service, "qtblend", shown.span, values)


def _place_curves(
    clip: FlatClip, size: tuple[int, int], canvas: tuple[int, int]
) -> tuple[Curve, Curve]:
    """Return the rectangle that a clip is scaled to, and its turn, at each frame."""
    curves = {
        name: _moved(clip, curve_of(clip.keys(name)))
        for name in _PLACES
        if clip.keys(name)
    }
    moves = bool(curves) or bool(clip.transform.rotation_deg % 360)

    def transform_at(frame: Fraction) -> Transform:
        values = {name: curve(frame) for name, curve in curves.items()}
        own = clip.transform
        return replace(
            own,
            position=values.get("position", own.position),
            scale=max(1e-6, *values.get("scale", (own.scale,))),
            rotation_deg=values.get("rotation_deg", (own.rotation_deg,))[0],
        )

    def rect(frame: Fraction) -> tuple[float, ...]:
        found = place(transform_at(frame), size, Canvas(*canvas), moves=moves)
        if not moves:
            return (*map(float, found.corner), found.width, found.height, 1.0)
        width, height = found.exact
        left, top = found.middle[0] - width / 2, found.middle[1] - height / 2
        return (left, top, width, height, 1.0)

    def turn(frame: Fraction) -> tuple[float, ...]:
        return (transform_at(frame).rotation_deg,)

    return rect, turn


def _add_opacity(
    document: Document, service: XmlElement, clip: FlatClip, shown: Stretch
) -> None:
    keys = clip.keys("opacity")
    if not keys and clip.transform.opacity == 1 and not _has_fades(clip):
        return
    fade, edges = _fade(clip)
    own = _own(clip, "opacity", clip.transform.opacity)

    def opacity(frame: Fraction) -> tuple[float, ...]:
        return (min(1.0, max(0.0, own(frame)[0])) * fade(frame)[0],)

    points = points_of(
        opacity, shown.first, shown.last, edges | _turns(clip, "opacity")
    )
    values: list[tuple[str, object]] = [("level", 1)]
    text = animation(points, shown.first)
    values.append(("alpha", text))
    values += _notes(clip, "opacity", clip.transform.opacity, text)
    document.filter(service, "brightness", shown.span, values)


def _notes(
    clip: FlatClip, name: str, value: float, written: str
) -> Iterator[tuple[str, object]]:
    """Yield what an animated value is made of, to be read here again."""
    if _has_fades(clip):
        yield f"{OWN}fade_in", clip.fade_in
        yield f"{OWN}fade_out", clip.fade_out
    if not clip.keys(name):
        yield f"{OWN}{name}", repr(value)
    yield from _noted(clip, (name,), written)


def _noted(
    clip: FlatClip, names: Iterable[str], written: str
) -> Iterator[tuple[str, object]]:
    keys = {name: clip.keys(name) for name in names if clip.keys(name)}
    if keys:
        yield f"{OWN}keys", note_of_keys(keys, written)


def add_sound_filters(
    document: Document, service: XmlElement, clip: FlatClip, shown: Stretch
) -> None:
    """Add what a clip's gain, fades, crossfades and pan need to a service."""
    turns = _turns(clip, "pan")
    pan = _own(clip, "pan", clip.pan)
    pans = bool(clip.keys("pan") or clip.pan)
    keys = clip.keys("gain_db")
    if keys or clip.gain_db or _has_fades(clip) or shown.gains or pans:
        _add_level(document, service, clip, shown)
    if not pans:
        return

    def split(frame: Fraction) -> tuple[float, ...]:
        # MLT goes there from the frame before, but not in a filter's first frame.
        return (balance_of(pan(frame + _HALF)[0])[0],)

    points = points_of(split, shown.first, shown.last, turns)
    # (What animates `split` in MLT 7.12 puts all sound to one side.)
    ends = points[1:] or points
    for (first, one), (last, other) in zip(points, ends, strict=False):
        end = last - (last != shown.last) if len(points) > 1 else shown.last
        values: list[tuple[str, object]] = [("channel", -1)]
        values += [("start", number_text(one[0])), ("end", number_text(other[0]))]
        if not clip.keys("pan"):
            values.append((f"{OWN}pan", repr(clip.pan)))
        values += _noted(clip, ("pan",), "pan")
        at = shown.at - shown.first
        document.filter(service, "panner", (at + first, at + end), values)


def balance_of(pan: float) -> tuple[float, float]:
    """Return MLT's balance of a pan, and the gain that belongs to it.

    MLT makes one side quieter, by a share: 0 is left, 1 is right. We keep the power
    (`effects.sound.dynamics`).
    """
    angle = (min(1.0, max(-1.0, pan)) + 1) * math.pi / 4
    left, right = math.cos(angle), math.sin(angle)
    share = right / left / 2 if left >= right else 1 - left / right / 2
    return share, math.sqrt(2) * max(left, right)


def _own(clip: FlatClip, name: str, value: float) -> Curve:
    """Return the values of a parameter that may have keyframes."""
    keys = clip.keys(name)
    return _moved(clip, curve_of(keys)) if keys else lambda _: (value,)


def _add_level(
    document: Document, service: XmlElement, clip: FlatClip, shown: Stretch
) -> None:
    fade, edges = _fade(clip)
    own, pan = _own(clip, "gain_db", clip.gain_db), _own(clip, "pan", clip.pan)

    def level(frame: Fraction) -> tuple[float, ...]:
        factor = fade(frame)[0] * balance_of(pan(frame)[0])[1]
        for gain, _ in shown.gains:
            factor *= gain(frame)[0]
        decibels = 20 * math.log10(factor) if factor > 1e-5 else _SILENCE_DB
        return (max(_SILENCE_DB, own(frame)[0] + decibels),)

    turns = edges | _turns(clip, "gain_db", "pan")
    for _, more in shown.gains:
        turns |= more
    # MLT reaches a frame's level at the end of the frame.
    points = points_of(
        lambda frame: level(frame + 1),
        shown.first,
        shown.last,
        {edge - 1 for edge in turns},
        error=_heard,
    )
    text = animation(points, shown.first)
    values: list[tuple[str, object]] = [("level", text)]
    values += _notes(clip, "gain_db", clip.gain_db, text)
    if shown.gains:
        values.append((f"{OWN}crossfade", 1))
    document.filter(service, "volume", shown.span, values)


def _heard(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return abs(10 ** (one[0] / 20) - 10 ** (other[0] / 20))

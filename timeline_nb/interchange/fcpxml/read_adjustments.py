"""Adjustments of clips that are read: placement, opacity, fades, gain."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final, TypeVar

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange.fcpxml.blends import BLENDS
from timeline_nb.interchange.fcpxml.placement import Conform, FinalCutPlacement
from timeline_nb.interchange.fcpxml.values import (
    parse_decibels,
    parse_number,
    parse_point,
)
from timeline_nb.timeline.choices import BlendMode

__all__ = ["Keys", "PictureLook", "SoundLook", "picture_look", "sound_look"]

T = TypeVar("T")
Keys = tuple[tuple[Fraction, T], ...]
# A track of an object has one a frame; more are thinned out by nobody.
_MOST_KEYS: Final = 20_000
_SIDES: Final = ("left", "top", "right", "bottom")
_KNOWN: Final = {
    "adjust-blend",
    "adjust-conform",
    "adjust-crop",
    "adjust-panner",
    "adjust-transform",
    "adjust-volume",
    # What it says is the default of every clip.
    "adjust-colorConform",
}


@dataclass(frozen=True, kw_only=True)
class PictureLook:
    """How a picture is placed and seen; times of keyframes are seconds of the edit.

    Args:
        placement: In Final Cut's terms.
        refits: Whether what is left of a crop fills the frame.
        positions: Keyframes of the position.
        scales: Keyframes of the scale.
        rotations: Keyframes of the rotation.
        opacity: 0 to 1.
        opacities: Keyframes of it.
        blend: The blend mode.
        fades: Seconds of fade-in and fade-out.
        lost: What is not ours.
    """

    placement: FinalCutPlacement = field(default_factory=FinalCutPlacement)
    refits: bool = False
    positions: Keys[tuple[float, float]] = ()
    scales: Keys[tuple[float, float]] = ()
    rotations: Keys[float] = ()
    opacity: float = 1.0
    opacities: Keys[float] = ()
    blend: BlendMode = "normal"
    fades: tuple[Fraction, Fraction] = (Fraction(0), Fraction(0))
    lost: tuple[str, ...] = ()

    @property
    def moves(self) -> bool:
        """Whether it says anything of the placement."""
        keyed = self.positions or self.scales or self.rotations
        return bool(keyed) or self.placement != FinalCutPlacement()

    def over(self, inner: "PictureLook") -> "PictureLook":
        """Return the look of what has one within this."""
        lost = (*self.lost, *inner.lost)
        if self.moves and inner.moves:
            lost = (*lost, "the placement of the inner clip")
        base = self if self.moves else inner
        keys = self.opacities or inner.opacities
        return replace(
            base,
            opacity=self.opacity * inner.opacity,
            opacities=keys,
            blend=self.blend if self.blend != "normal" else inner.blend,
            fades=inner.fades,
            lost=lost,
        )


@dataclass(frozen=True, kw_only=True)
class SoundLook:
    """How a sound is heard; times of keyframes are seconds of the edit.

    Args:
        gain_db: Of the sound.
        gains: Keyframes of it.
        pan: -1 is left.
        pans: Keyframes of it.
        fades: Seconds of fade-in and fade-out.
        muted: Whether it is not heard at all.
        lost: What is not ours.
    """

    gain_db: float = 0.0
    gains: Keys[float] = ()
    pan: float = 0.0
    pans: Keys[float] = ()
    fades: tuple[Fraction, Fraction] = (Fraction(0), Fraction(0))
    muted: bool = False
    lost: tuple[str, ...] = ()

    def over(self, inner: "SoundLook") -> "SoundLook":
        """Return the look of what has one within this."""
        gains = tuple((at, gain + self.gain_db) for at, gain in inner.gains)
        if self.gains:
            gains = tuple((at, gain + inner.gain_db) for at, gain in self.gains)
        return SoundLook(
            gain_db=self.gain_db + inner.gain_db,
            gains=gains,
            pan=self.pan or inner.pan,
            pans=self.pans or inner.pans,
            fades=inner.fades,
            muted=self.muted or inner.muted,
            lost=(*self.lost, *inner.lost),
        )


class _Reading:
    """Reads parameters of one clip.

    Args:
        time: Returns a time of an element's attribute.
        at: Returns the edit second of the clip's own time.
    """

    def __init__(
        self,
        time: Callable[[XmlElement, str], Fraction],
        at: Callable[[Fraction], Fraction],
    ) -> None:
        self._time, self._at = time, at

    def keys(
        self, owner: XmlElement, name: str, parsed: Callable[[str], T | None]
    ) -> Keys[T]:
        """Return the keyframes of a parameter, in order of time."""
        found: dict[Fraction, T] = {}
        for param in owner.all("param"):
            if param.get("name").lower() != name:
                continue
            for animation in param.all("keyframeAnimation"):
                for key in animation.children[:_MOST_KEYS]:
                    value = parsed(key.get("value"))
                    if key.tag == "keyframe" and value is not None:
                        found.setdefault(self._at(self._time(key, "time")), value)
        return tuple(sorted(found.items(), key=lambda pair: pair[0]))

    def fades(self, owner: XmlElement) -> tuple[Fraction, Fraction]:
        """Return the seconds of fade-in and fade-out of a parameter `amount`."""
        lengths = [Fraction(0), Fraction(0)]
        for param in owner.all("param"):
            if param.get("name").lower() == "amount":
                for number, tag in enumerate(("fadeIn", "fadeOut")):
                    fade = param.first(tag)
                    if fade is not None:
                        length = self._time(fade, "duration")
                        lengths[number] = max(Fraction(0), length)
        return lengths[0], lengths[1]


def picture_look(
    clip: XmlElement,
    time: Callable[[XmlElement, str], Fraction],
    at: Callable[[Fraction], Fraction],
) -> PictureLook:
    """Return the look of a clip's picture, of its own elements.

    Args:
        clip: The clip.
        time: Returns a time of an element's attribute.
        at: Returns the edit second of the clip's own time.
    """
    reading = _Reading(time, at)
    look = PictureLook(lost=tuple(_unknown(clip)))
    conform = clip.first("adjust-conform")
    placed = FinalCutPlacement(conform=_conform(conform))
    crop = _enabled(clip, "adjust-crop")
    if crop is not None:
        placed, look = _cropped(crop, placed, look)
    own = _enabled(clip, "adjust-transform")
    if own is not None:
        look = replace(
            look,
            positions=reading.keys(own, "position", parse_point),
            scales=reading.keys(own, "scale", parse_point),
            rotations=reading.keys(own, "rotation", parse_number),
        )
        placed = _transformed(own, placed, look)
    look = replace(look, placement=placed)
    blend = clip.first("adjust-blend")
    if blend is None:
        return look
    amount = parse_number(blend.get("amount", "1"))
    mode = blend.get("mode", "0").partition(" ")[0]
    if mode not in BLENDS and mode not in {"0", "1", ""}:
        look = replace(look, lost=(*look.lost, f"the blend mode {blend.get('mode')}"))
    return replace(
        look,
        opacity=1.0 if amount is None else max(0.0, min(1.0, amount)),
        opacities=tuple(
            (at_, max(0.0, min(1.0, value)))
            for at_, value in reading.keys(blend, "amount", parse_number)
        ),
        blend=BLENDS.get(mode, "normal"),
        fades=reading.fades(blend),
    )


def sound_look(
    owners: Iterable[XmlElement],
    time: Callable[[XmlElement, str], Fraction],
    at: Callable[[Fraction], Fraction],
) -> SoundLook:
    """Return the look of a sound, of the first elements that say something.

    Args:
        owners: The clip, and what stands for its sound in it.
        time: Returns a time of an element's attribute.
        at: Returns the edit second of the clip's own time.
    """
    reading = _Reading(time, at)
    look = SoundLook()
    for owner in owners:
        volume, panner = owner.first("adjust-volume"), owner.first("adjust-panner")
        own = SoundLook()
        if volume is not None:
            own = replace(
                own,
                gain_db=parse_decibels(volume.get("amount", "0")) or 0.0,
                gains=reading.keys(volume, "amount", parse_decibels),
                fades=reading.fades(volume),
            )
        if panner is not None:
            amount = parse_number(panner.get("amount", "0")) or 0.0
            keys = reading.keys(panner, "amount", parse_number)
            own = replace(
                own,
                pan=_share(amount),
                pans=tuple((at_, _share(value)) for at_, value in keys),
            )
        fades = own.fades if any(own.fades) else look.fades
        look = replace(look.over(own), fades=fades)
    return look


def _share(percent: float) -> float:
    return max(-1.0, min(1.0, percent / 100))


def _enabled(clip: XmlElement, tag: str) -> XmlElement | None:
    found = clip.first(tag)
    return None if found is None or found.get("enabled") == "0" else found


def _conform(element: XmlElement | None) -> Conform:
    kind = "fit" if element is None else element.get("type", "fit")
    if kind == "fill":
        return "fill"
    return "none" if kind == "none" else "fit"


def _cropped(
    crop: XmlElement, placed: FinalCutPlacement, look: PictureLook
) -> tuple[FinalCutPlacement, PictureLook]:
    mode = crop.get("mode")
    rect = crop.first(f"{mode}-rect")
    if mode == "pan":
        return placed, replace(look, lost=(*look.lost, "the Ken Burns move"))
    if rect is None:
        return placed, look
    if rect.children:
        look = replace(look, lost=(*look.lost, "keyframes of the crop"))
    sides = [parse_number(rect.get(side, "0")) or 0.0 for side in _SIDES]
    placed = replace(placed, trim=(sides[0], sides[1], sides[2], sides[3]))
    return placed, replace(look, refits=mode == "crop")


def _transformed(
    own: XmlElement, placed: FinalCutPlacement, look: PictureLook
) -> FinalCutPlacement:
    position = look.positions[0][1] if look.positions else None
    scale = look.scales[0][1] if look.scales else None
    turn = look.rotations[0][1] if look.rotations else None
    position = position or parse_point(own.get("position", "0 0")) or (0.0, 0.0)
    scale = scale or parse_point(own.get("scale", "1 1")) or (1.0, 1.0)
    if turn is None:
        turn = parse_number(own.get("rotation", "0")) or 0.0
    return replace(
        placed,
        position=position,
        scale=(scale[0] or 1e-6, scale[1] or 1e-6),
        rotation_deg=turn,
        anchor=parse_point(own.get("anchor", "0 0")) or (0.0, 0.0),
    )


def _unknown(clip: XmlElement) -> Iterable[str]:
    """Yield what is done to a clip that is not ours."""
    for child in clip.children:
        if child.tag in {"filter-video", "filter-audio"}:
            if child.get("enabled") != "0":
                yield f"the effect '{child.get('name') or child.tag}'"
        elif child.tag == "filter-video-mask":
            yield "an effect with a mask"
        elif child.tag.startswith("adjust-") and child.tag not in _KNOWN:
            yield child.tag
        elif child.tag == "object-tracker":
            yield "the object tracker"

"""Rate conforming: how Final Cut plays media of another rate than the edit's."""

from fractions import Fraction
from typing import Final

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange.fcpxml.frame_formats import CONFORM_RATES

__all__ = ["conform_factor"]

_RATES: Final = {text: rate for rate, text in CONFORM_RATES.items()}
_NTSC: Final = Fraction(1001, 1000)
# 24 frames are played as 25, 30 are not.
_NEAR: Final = Fraction(21, 20)


def conform_factor(
    clip: XmlElement, media_rate: Fraction | None, edit_rate: Fraction
) -> Fraction:
    """Return the edit's seconds in which a second of a clip's own time is played.

    Media of nearly the edit's rate are played frame by frame, so a little faster or
    slower; media of 23.976 frames in an edit of 30 become ones of 24. Times of edits
    that Final Cut made show the factors: 3,551 frames of 25 a second last 3551/24 s in
    an edit of 24.

    Args:
        clip: The clip; without `conform-rate` nothing is changed.
        media_rate: Of its media, where `conform-rate` does not say it.
        edit_rate: Of the edit.
    """
    element = clip.first("conform-rate")
    if element is None or element.get("scaleEnabled", "1") == "0":
        return Fraction(1)
    rate = _RATES.get(element.get("srcFrameRate"), media_rate)
    if rate is None or rate == edit_rate:
        return Fraction(1)
    ratio = rate / edit_rate
    if 1 / _NEAR <= ratio <= _NEAR:
        return ratio
    media_drops, edit_drops = (own.denominator == 1001 for own in (rate, edit_rate))
    if media_drops == edit_drops:
        return Fraction(1)
    return 1 / _NTSC if media_drops else _NTSC

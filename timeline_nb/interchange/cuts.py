"""Stretches of media one after another, as lists of clips and scenes have them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import PurePath
from typing import Any, Final

from timeline_nb.interchange import terms
from timeline_nb.interchange.flat import (
    FlatClip,
    FlatEdit,
    FlatMarker,
    FlatMedia,
    FlatTrack,
)
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import FoundMedia
from timeline_nb.timebase import parse_rate

__all__ = ["Cut", "edit_of_cuts", "flat_media", "rate_of_media"]

_USUAL: Final = (
    Fraction(24000, 1001),
    Fraction(24),
    Fraction(25),
    Fraction(30000, 1001),
    Fraction(30),
    Fraction(48),
    Fraction(50),
    Fraction(60000, 1001),
    Fraction(60),
    Fraction(100),
    Fraction(120),
)


@dataclass(frozen=True)
class Cut:
    """A stretch of media.

    Args:
        found: The media.
        first: The media second that it shows first.
        seconds: How long it is shown.
        name: Of the clip.
        at: The second of the edit at which it is shown; behind the one before if None.
        speed: Media seconds a second.
        has_video: Whether its picture is taken.
        has_audio: Whether its sound is taken; what the media have if None.
        metadata: Of the clip.
        marks: Markers, from its start.
    """

    found: FoundMedia
    first: Fraction
    seconds: Fraction
    name: str = ""
    at: Fraction | None = None
    speed: Fraction = Fraction(1)
    has_video: bool = True
    has_audio: bool | None = None
    metadata: tuple[tuple[str, Any], ...] = ()
    marks: tuple[FlatMarker, ...] = ()


def flat_media(found: FoundMedia, *, is_sound: bool = False) -> FlatMedia:
    """Return media as a flat edit has them."""
    own = found.reference
    return FlatMedia(
        path=own.path,
        name=PurePath(own.path).name,
        rate=own.rate,
        size=own.size,
        has_video=own.size is not None if found.is_there else not is_sound,
        has_audio=own.has_audio or is_sound,
        available=own.available_range,
        timecode=found.timecode,
        fingerprint=own.fingerprint,
    )


def edit_of_cuts(
    cuts: Iterable[Cut], name: str, rate: Fraction, size: tuple[int, int] | None = None
) -> FlatEdit:
    """Return the edit of cuts: picture on V1, and their sound on A1."""
    pictures, sounds = list[FlatClip](), list[FlatClip]()
    end = Fraction(0)
    for number, cut in enumerate(cuts, 1):
        at = end if cut.at is None else cut.at
        end = at + cut.seconds
        heard = cut.found.reference.has_audio
        with_sound = heard if cut.has_audio is None else cut.has_audio
        both = cut.has_video and with_sound
        clip = FlatClip(
            start=at * rate,
            duration=cut.seconds * rate,
            media=flat_media(cut.found),
            source_start=cut.first,
            speed=cut.speed,
            name=cut.name,
            link=f"cut {number}" if both else "",
            metadata=cut.metadata,
            markers=cut.marks,
        )
        if cut.has_video:
            pictures.append(clip)
        if with_sound:
            sound = flat_media(cut.found, is_sound=True)
            sounds.append(replace(clip, media=sound, markers=()))
    tracks = [FlatTrack(kind="video", name="V1", items=tuple(pictures))]
    if sounds:
        tracks.append(FlatTrack(kind="audio", name="A1", items=tuple(sounds)))
    if sounds and not pictures:
        del tracks[0]
    return FlatEdit(name=name, rate=rate, size=size, tracks=tuple(tracks))


def rate_of_media(
    given: Any, found: Iterable[FoundMedia], report: Report, guess: Fraction | None
) -> Fraction:
    """Return the rate of an edit: as given, of its media, or as is likely.

    Args:
        given: Frames a second; None if a person said nothing.
        found: The media, the first with a rate counts.
        report: Gets that the rate was guessed.
        guess: What the file lets one guess; 25 if None.
    """
    if given is not None:
        return parse_rate(given)
    for one in found:
        if one.reference.rate is not None:
            return one.reference.rate
    likely = Fraction(25)
    if guess is not None:
        likely = min(_USUAL, key=lambda rate: abs(rate - guess))
        if abs(likely - guess) * 500 > guess:
            likely = guess.limit_denominator(1001)
    detail = f"no media say it: it is {float(likely):.6g}; rate= gives another"
    report.add(terms.EDIT, terms.RATE, "approximated", None, detail)
    return likely

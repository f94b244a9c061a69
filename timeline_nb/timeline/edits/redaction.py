"""Redaction follows the media: new clips of redacted footage are redacted as well.

A redaction is the effect `redaction` on each clip, with the fingerprint of the media
whose boxes it hides.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from timeline_nb.timeline.model import Clip, Effect, Timeline, Track

__all__ = ["redacted", "redactions_of", "uncovered"]

_KIND: Final = "redaction"
# A reframed clip shows a window; boxes are in pixels of the whole picture.
_WINDOW: Final = "reframe"


def redactions_of(tracks: Iterable[Track]) -> dict[str, tuple[Effect, ...]]:
    """Return the redactions in use, by the fingerprint of the media they hide.

    Timelines within the tracks are searched too. Disabled effects do not count.
    """
    found: dict[str, tuple[Effect, ...]] = {}
    for clip in _pictures(tracks):
        for effect in clip.effects:
            fingerprint = _hides(effect)
            if fingerprint and effect not in found.get(fingerprint, ()):
                found[fingerprint] = (*found.get(fingerprint, ()), effect)
    return found


def redacted(clip: Clip, redactions: dict[str, tuple[Effect, ...]]) -> Clip:
    """Return the clip with every redaction of its media that it lacks.

    Args:
        clip: A clip to be placed.
        redactions: As `redactions_of` gives them.
    """
    wanted = redactions.get(clip.media.fingerprint, ()) if clip.media.size else ()
    missing = tuple(effect for effect in wanted if effect not in clip.effects)
    if not missing:
        return clip
    windows = [n for n, effect in enumerate(clip.effects) if effect.kind == _WINDOW]
    place = windows[0] if windows else len(clip.effects)
    effects = (*clip.effects[:place], *missing, *clip.effects[place:])
    return replace(clip, effects=effects)


def uncovered(timeline: Timeline) -> list[Clip]:
    """List the clips of redacted media that lack a redaction of that media.

    Clips of timelines within the timeline are among them.
    """
    wanted = redactions_of(timeline.tracks)
    if not wanted:
        return []
    return [
        clip
        for clip in _pictures(timeline.tracks)
        if any(
            effect not in clip.effects
            for effect in wanted.get(clip.media.fingerprint, ())
        )
    ]


def _hides(effect: Effect) -> str:
    """Return the fingerprint of the media that an effect redacts; empty if none."""
    if effect.kind != _KIND or not effect.enabled:
        return ""
    fingerprint = effect.parameters.get("fingerprint", "")
    return fingerprint if isinstance(fingerprint, str) else ""


def _pictures(tracks: Iterable[Track]) -> Iterator[Clip]:
    """Yield the clips of video tracks, with those of timelines within them."""
    for track in tracks:
        if track.kind != "video":
            continue
        for item in track.items:
            if isinstance(item, Clip):
                yield item
                if item.media.timeline is not None:
                    yield from _pictures(item.media.timeline.tracks)

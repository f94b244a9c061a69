"""The check of a film: what was written is what was asked for."""

from fractions import Fraction
from pathlib import Path

from timeline_nb.errors import MediaError, RenderError
from timeline_nb.media.index import build_index
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.probe import probe
from timeline_nb.timeline.model import Timeline

__all__ = ["verify"]


def verify(
    path: Path, timeline: Timeline, *, frames: int, has_sound: bool
) -> MediaInfo:
    """Probe a film and compare it with the timeline it was rendered from.

    Args:
        path: The film.
        timeline: What was rendered.
        frames: How many frames it must have.
        has_sound: Whether it must have sound.

    Returns:
        What the probe told.

    Raises:
        RenderError: Size, rate, number of frames, sound or its offset differ.
    """
    try:
        info = probe(path)
        index = build_index(info)
    except MediaError as error:
        raise RenderError(f"the film does not open again: {error}") from error
    video = info.video[0]
    length = index.end_of(len(index) - 1) - index.time_of(0)
    faults = [
        f"{what} is {found}, not {wanted}"
        for what, found, wanted in (
            ("the size", video.display_size, timeline.size),
            ("the rate", video.rate, timeline.rate),
            ("the number of frames", len(index), frames),
            ("the duration", length, frames / timeline.rate),
            ("the number of sounds", len(info.audio), int(has_sound)),
        )
        if found != wanted
    ]
    if info.audio:
        faults += _sound_faults(info, index.time_of(0), timeline.rate)
    if faults:
        raise RenderError(f"the film is not what was asked for: {'; '.join(faults)}")
    return info


def _sound_faults(info: MediaInfo, picture: Fraction, rate: Fraction) -> list[str]:
    sound = info.audio[0]
    begins = sound.start_pts * sound.time_base - info.start_time
    offset = begins - picture
    # An encoder's delay is told in the file; what is left must be under a frame.
    if abs(offset) >= 1 / rate:
        return [f"the sound begins {float(offset) * 1000:.1f} ms beside the picture"]
    return []

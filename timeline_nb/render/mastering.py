"""What HDR was graded on, told in a film as its brightest source tells it."""

from dataclasses import replace
from typing import Final

from msgspec.structs import replace as changed

from timeline_nb.compose.compositor import check_media
from timeline_nb.media.info import HdrLight
from timeline_nb.media.library import MediaLibrary
from timeline_nb.render.target import Target
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import media

__all__ = ["add_mastering_display"]

# Steps a unit of chromaticity and of cd/m2, as x265 has them (SMPTE ST 2086).
_XY: Final = 50_000
_NITS: Final = 10_000


def add_mastering_display(
    target: Target, timeline: Timeline, library: MediaLibrary
) -> Target:
    """Return the target, with what HDR was graded on, where the film is PQ.

    Raises:
        CompositionError: A media file is not there.
        MediaError: A media file cannot be read.
    """
    encoding = target.video
    if encoding is None or encoding.color != "pq":
        return target
    check_media(timeline)
    light = _light_of(timeline, library)
    options = dict(encoding.options)
    for name, told in (_options(light, encoding.encoder) if light else {}).items():
        options[name] = ":".join(filter(None, [options.get(name, ""), told]))
    return replace(target, video=changed(encoding, options=options))


def _light_of(timeline: Timeline, library: MediaLibrary) -> HdrLight | None:
    """Return the mastering display of the brightest source, and the highest light levels."""
    told = [
        video.light
        for path in media(timeline)
        for video in library.probe(path).video[:1]
        if video.light is not None
    ]
    if not told:
        return None
    return changed(
        max(told, key=lambda light: light.max_nits),
        max_content_nits=max(light.max_content_nits for light in told),
        max_average_nits=max(light.max_average_nits for light in told),
    )


def _options(light: HdrLight, encoder: str) -> dict[str, str]:
    """Return what is added to an encoder's own list of parameters."""
    red, green, blue = light.primaries
    points = zip(("G", "B", "R", "WP"), (green, blue, red, light.white), strict=True)
    most = f"{light.max_content_nits},{light.max_average_nits}"
    if encoder == "libx265":
        places = [f"{n}({round(x * _XY)},{round(y * _XY)})" for n, (x, y) in points]
        nits = f"L({round(light.max_nits * _NITS)},{round(light.min_nits * _NITS)})"
        told = f"master-display={''.join(places)}{nits}:max-cll={most}"
        return {"x265-params": told}
    if encoder == "libsvtav1":
        places = [f"{n}({x:.5f},{y:.5f})" for n, (x, y) in points]
        nits = f"L({light.max_nits:.4f},{light.min_nits:.4f})"
        told = f"mastering-display={''.join(places)}{nits}:content-light={most}"
        return {"svtav1-params": told}
    return {}

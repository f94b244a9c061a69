"""Copy the mastering display and light levels of HDR sources to a film."""

from dataclasses import replace
from typing import Final

from msgspec.structs import replace as changed

from timeline_nb.media.info import HdrLight
from timeline_nb.media.library import MediaLibrary
from timeline_nb.render.target import Target
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import media

__all__ = ["add_mastering_display"]

# Units of chromaticity and of luminance in x265's options (SMPTE ST 2086).
_XY: Final = 50_000
_NITS: Final = 10_000


def add_mastering_display(
    target: Target, timeline: Timeline, library: MediaLibrary
) -> Target:
    """Return the target with the sources' mastering display, if the film is PQ.

    Raises:
        MediaError: A media file cannot be read.
    """
    encoding = target.video
    if encoding is None or encoding.color != "pq":
        return target
    light = _light_of(timeline, library)
    options = dict(encoding.options)
    for name, values in (_options(light, encoding.encoder) if light else {}).items():
        options[name] = ":".join(filter(None, [options.get(name, ""), values]))
    return replace(target, video=changed(encoding, options=options))


def _light_of(timeline: Timeline, library: MediaLibrary) -> HdrLight | None:
    """Return the display of the brightest source, and the highest light levels."""
    values = [
        video.light
        for path in media(timeline)
        for video in library.probe(path).video[:1]
        if video.light is not None
    ]
    if not values:
        return None
    return changed(
        max(values, key=lambda light: light.max_nits),
        max_content_nits=max(light.max_content_nits for light in values),
        max_average_nits=max(light.max_average_nits for light in values),
    )


def _options(light: HdrLight, encoder: str) -> dict[str, str]:
    """Return what is added to an encoder's own list of parameters."""
    red, green, blue = light.primaries
    points = zip(("G", "B", "R", "WP"), (green, blue, red, light.white), strict=True)
    most = f"{light.max_content_nits},{light.max_average_nits}"
    if encoder == "libx265":
        places = [f"{n}({round(x * _XY)},{round(y * _XY)})" for n, (x, y) in points]
        nits = f"L({round(light.max_nits * _NITS)},{round(light.min_nits * _NITS)})"
        values = f"master-display={''.join(places)}{nits}:max-cll={most}"
        return {"x265-params": values}
    if encoder == "libsvtav1":
        places = [f"{n}({x:.5f},{y:.5f})" for n, (x, y) in points]
        nits = f"L({light.max_nits:.4f},{light.min_nits:.4f})"
        values = f"mastering-display={''.join(places)}{nits}:content-light={most}"
        return {"svtav1-params": values}
    return {}

"""Filters of MLT that are read: what a clip looks and sounds like."""

from collections.abc import Callable, Iterable
from typing import Final

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange.flat import FlatClip
from timeline_nb.interchange.mlt.applied import Applied
from timeline_nb.interchange.mlt.pictures_in import brightness, crop, transform
from timeline_nb.interchange.mlt.sounds_in import panner, volume
from timeline_nb.interchange.mlt.tree import Tree

__all__ = ["apply_filters", "filters_of"]

_Reader = Callable[[Applied, XmlElement, dict[str, str]], bool]
_PICTURES: Final[dict[str, _Reader]] = {
    "affine": transform,
    "brightness": brightness,
    "crop": crop,
    "qtblend": transform,
}
_SOUNDS: Final[dict[str, _Reader]] = {"panner": panner, "volume": volume}
_SOUND_NAMES: Final = ("sox", "ladspa", "loudness", "dynamic_loudness", "rbpitch")
# What programs add to each track or file, and what shows nothing.
_INNER: Final = {
    "audiolevel",
    "avfilter.fieldorder",
    "avfilter.scale",
    "avcolor_space",
    "avdeinterlace",
    "audioconvert",
    "audiochannels",
    "data_show",
    "deinterlace",
    "fieldorder",
    "imageconvert",
    "rescale",
    "resize",
    "swresample",
    "swscale",
}


def filters_of(tree: Tree, *owners: XmlElement) -> list[XmlElement]:
    """Return the filters of services and entries that are in use."""
    return [
        one
        for owner in owners
        for one in owner.all("filter")
        if tree.properties(one).get("disable") != "1"
        and _is_heard_or_seen(tree.properties(one).get("mlt_service", ""))
    ]


def _is_heard_or_seen(service: str) -> bool:
    return service not in _INNER and not service.startswith("avcolo")


def apply_filters(applied: Applied, filters: Iterable[XmlElement]) -> FlatClip:
    """Apply filters to a clip of pictures or sound, and return it.

    Raises:
        ProjectError: A time of a filter cannot be.
    """
    known = _SOUNDS if applied.kind == "audio" else _PICTURES
    for one in filters:
        values = applied.tree.properties(one)
        service = values.get("mlt_service", "")
        sounds = service in _SOUNDS or service.startswith(_SOUND_NAMES)
        if sounds != (applied.kind == "audio"):
            continue
        read = known.get(service)
        if read is None or not read(applied, one, values):
            name = values.get("kdenlive_id") or service
            applied.losses.append((f"the filter {name[:60]!r}", "it is not known here"))
    return applied.clip

"""Media references of OpenTimelineIO files, written and read."""

import os
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import quote_from_bytes, unquote

from timeline_nb.core.structs import to_canonical
from timeline_nb.interchange.otio_metadata import as_native, native_text
from timeline_nb.interchange.otio_times import exact_rate, range_object, time_range_of
from timeline_nb.interchange.requests import FoundMedia
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import Effect, MediaReference

__all__ = ["address_of", "foreign_media", "reference_object", "size_of"]

# What stands unquoted in an address (RFC 3986, 3.3), without the `#` of sequences.
_SAFE: Final = "/:@!$&'()*+,;=~"
_SIZE: Final = (1920, 1080)
# Kinds of other programs that mean an empty picture.
_BLACK: Final = frozenset({"black", "slug", "blackvideo"})
_PLACE: Final = re.compile(r"[%#]")


def address_of(path: str) -> str:
    """Return the address of a file: `file://` of an absolute path, else relative."""
    text = quote_from_bytes(os.fsencode(path.replace(os.sep, "/")), safe=_SAFE)
    if path.startswith("/"):
        return f"file://{text}"
    return f"file:///{text}" if re.match(r"[A-Za-z]:/", text) else text


def reference_object(
    media: MediaReference, rate: Fraction, offset: Fraction
) -> dict[str, Any]:
    """Return the OpenTimelineIO object of a media reference; not of a timeline.

    Args:
        media: The reference.
        rate: At which its range is counted.
        offset: The timecode of its first frame, in seconds.
    """
    span = media.available_range
    placed = span and TimeRange(span.start + offset, span.duration)
    common: dict[str, Any] = {
        "metadata": {},
        "name": native_text(PurePosixPath(media.path).name),
        "available_range": range_object(placed, rate) if placed else None,
        "available_image_bounds": _bounds(media.size),
    }
    if media.generator is not None:
        kind = native_text(media.generator.kind)
        return {
            "OTIO_SCHEMA": "GeneratorReference.1",
            **common,
            "name": kind,
            "generator_kind": f"timeline_nb.{kind}",
            "parameters": as_native(to_canonical(media.generator.parameters)),
        }
    if not media.path:
        return {"OTIO_SCHEMA": "MissingReference.1", **common}
    return {
        "OTIO_SCHEMA": "ExternalReference.1",
        **common,
        "target_url": address_of(media.path),
    }


def _bounds(size: tuple[int, int] | None) -> dict[str, Any] | None:
    if size is None:
        return None
    corners = ((0.0, 0.0), (float(size[0]), float(size[1])))
    low, high = ({"OTIO_SCHEMA": "V2d.1", "x": x, "y": y} for x, y in corners)
    return {"OTIO_SCHEMA": "Box2d.1", "min": low, "max": high}


def foreign_media(
    reference: dict[str, Any],
    name: str,
    kind: str,
    find: Callable[[str], FoundMedia],
    lose: Callable[[str, str], None],
) -> tuple[MediaReference, list[Fraction]]:
    """Return the media of another program's reference, and seconds it may begin at.

    Times of the clip are counted from one of them, the likeliest first: the start of
    what the reference says is available, the file's timecode, or 0.

    Args:
        reference: The object.
        name: Of the clip, by which missing media are looked for.
        kind: Of the track: `video` or `audio`.
        find: Finds media by an address, path or name.
        lose: Gets what was approximated, and how.
    """
    schema = str(reference.get("OTIO_SCHEMA", "")).partition(".")[0]
    available = reference.get("available_range")
    span = time_range_of(available) if isinstance(available, dict) else None
    starts = [span.start] if span else []
    if schema == "GeneratorReference":
        what = str(reference.get("generator_kind") or "generator")
        if what.casefold().replace(" ", "") not in _BLACK:
            lose(f"the generator {what[:40]!r}", "it is shown as black")
        black = Effect(kind="solid", parameters={"color": "#000000"})
        return MediaReference(generator=black, size=_SIZE), [Fraction(0)]
    if schema == "ImageSequenceReference":
        path, rate = _sequence(reference)
        found = find(path)
        own = (
            found.reference if found.is_there else MediaReference(path=path, rate=rate)
        )
    elif schema == "ExternalReference":
        found = _found(str(reference.get("target_url") or ""), find)
        own = found.reference
    else:
        found = find(name) if name else FoundMedia(MediaReference(path="missing"))
        own = found.reference
    if not found.is_there:
        return _as_said(own, span, reference, kind), [*starts, Fraction(0)]
    if found.timecode is not None:
        starts.append(found.timecode)
    return own, [*starts, Fraction(0)]


def _found(address: str, find: Callable[[str], FoundMedia]) -> FoundMedia:
    """Find media of an address that may be quoted, or a plain path."""
    if not address:
        return FoundMedia(MediaReference(path="missing"))
    found = find(address)
    plain = unquote(address, errors="surrogateescape")
    if found.is_there or plain == address or "://" in address:
        return found
    return find(plain)


def _as_said(
    own: MediaReference, span: TimeRange | None, reference: dict[str, Any], kind: str
) -> MediaReference:
    """Return offline media as the file describes them."""
    rate = own.rate
    available = reference.get("available_range")
    if rate is None and isinstance(available, dict) and kind == "video":
        duration = available.get("duration")
        if isinstance(duration, dict):
            rate = exact_rate(float(duration.get("rate") or 0))
    return MediaReference(
        path=own.path,
        available_range=TimeRange(Fraction(0), span.duration) if span else None,
        rate=rate,
        size=size_of(reference) or (_SIZE if kind == "video" else None),
        has_audio=kind == "audio",
    )


def size_of(reference: dict[str, Any]) -> tuple[int, int] | None:
    """Return the size in pixels that a reference says its media have, if any."""
    bounds = reference.get("available_image_bounds")
    try:
        sides = [
            round(bounds["max"][axis] - bounds["min"][axis])  # type: ignore[index]
            for axis in ("x", "y")
        ]
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    width, height = (side - side % 2 for side in sides)
    return (width, height) if 2 <= min(width, height) <= 16_384 else None


def _sequence(reference: dict[str, Any]) -> tuple[str, Fraction]:
    """Return an image sequence as our path of it, and its rate."""
    rate = exact_rate(float(reference.get("rate") or 24))
    base = unquote(str(reference.get("target_url_base") or ""))
    before = _PLACE.sub("_", str(reference.get("name_prefix") or ""))
    after = _PLACE.sub("_", str(reference.get("name_suffix") or ""))
    padding = reference.get("frame_zero_padding")
    digits = padding if isinstance(padding, int) and 0 < padding < 20 else 4
    over, under = rate.as_integer_ratio()
    clock = f"{over}" if under == 1 else f"{over}:{under}"
    base = base.removeprefix("file://")
    slash = "" if not base or base.endswith("/") else "/"
    return f"{base}{slash}{before}%0{digits}d{after}#rate={clock}", rate

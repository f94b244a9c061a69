"""Checks of a film, before it is rendered and before it is sent."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from timeline_nb.errors import PublishError
from timeline_nb.media.info import MediaInfo
from timeline_nb.publishing.limits import UploadLimits

__all__ = ["check_film", "check_plan"]


def check_plan(
    limits: UploadLimits, *, duration: Fraction, size: tuple[int, int], rate: Fraction
) -> None:
    """Check a film that is not rendered yet.

    Args:
        limits: Of the platform.
        duration: Seconds.
        size: Width and height in pixels.
        rate: Frames a second.

    Raises:
        PublishError: The platform does not take it; the error names the limit.
    """
    _raise_first(
        limits, (*_duration_faults(limits, duration), *_faults(limits, size, rate))
    )


def check_film(limits: UploadLimits, info: MediaInfo, most_bytes: int) -> None:
    """Check a film that is on disk.

    Args:
        limits: Of the platform.
        info: The probed film.
        most_bytes: What the platform takes.

    Raises:
        PublishError: The platform does not take it; the error names the limit.
    """
    suffix = Path(info.path).suffix.lower()
    faults = []
    if info.kind != "video" or not info.video:
        faults.append("it is no video")
    elif suffix not in limits.containers:
        takes = ", ".join(limits.containers)
        faults.append(f"it is a {suffix or 'file without a suffix'}: films are {takes}")
    if info.size_bytes > most_bytes:
        faults.append(
            f"it has {info.size_bytes / 1e6:.1f} MB, more than {most_bytes / 1e6:.0f} "
            f"MB{_advice(limits)}"
        )
    faults += _duration_faults(limits, info.duration)
    if info.video:
        faults += _faults(limits, info.video[0].display_size, info.video[0].rate)
    _raise_first(limits, faults, info.path)


def _raise_first(
    limits: UploadLimits, faults: tuple[str, ...] | list[str], name: str = "the film"
) -> None:
    for fault in faults:
        raise PublishError(
            f"{name} is not for {limits.title}: {fault} (see {limits.source})"
        )


def _advice(limits: UploadLimits) -> str:
    if limits.platform != "telegram":
        return ""
    return (
        ": publish a shorter part, or run a Bot API server of your own, which takes "
        "2000 MB"
    )


def _duration_faults(limits: UploadLimits, duration: Fraction) -> Iterator[str]:
    seconds = float(duration)
    if limits.longest_s and duration > limits.longest_s:
        yield f"it lasts {seconds:.1f} s, more than {limits.longest_s} s"
    if duration < limits.shortest_s:
        yield f"it lasts {seconds:.1f} s, less than {limits.shortest_s} s"


def _faults(
    limits: UploadLimits, size: tuple[int, int], rate: Fraction
) -> Iterator[str]:
    width, height = size
    shown = f"{width}x{height}"
    if limits.largest_px and max(size) > limits.largest_px:
        yield f"{shown} has a side of more than {limits.largest_px} pixels"
    if min(size) < limits.smallest_px:
        yield f"{shown} has a side of less than {limits.smallest_px} pixels"
    # 23.976 is more than 23, and 60000/1001 no more than 60.
    if limits.slowest and rate < limits.slowest:
        yield f"{float(rate):g} frames a second are fewer than {limits.slowest}"
    if limits.fastest and rate > limits.fastest:
        yield f"{float(rate):g} frames a second are more than {limits.fastest}"
    if limits.aspect:
        low, high = limits.aspect
        if not low <= Fraction(width, height) <= high:
            yield f"{shown} is no aspect between {float(low):g} and {float(high):g}"

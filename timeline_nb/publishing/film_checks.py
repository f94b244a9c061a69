"""Checks of a film, before it is rendered and before it is sent."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from timeline_nb.errors import PublishError
from timeline_nb.i18n import Message
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
    faults: list[str] = []
    if info.kind != "video" or not info.video:
        faults.append(Message("it is no video"))
    elif suffix not in limits.containers:
        takes = ", ".join(limits.containers)
        what = suffix or Message("file without a suffix")
        faults.append(
            Message("it is a {what}: films are {takes}", what=what, takes=takes)
        )
    if info.size_bytes > most_bytes:
        faults.append(
            Message(
                "it has {size} MB, more than {most} MB{advice}",
                size=f"{info.size_bytes / 1e6:.1f}",
                most=f"{most_bytes / 1e6:.0f}",
                advice=_advice(limits),
            )
        )
    faults += _duration_faults(limits, info.duration)
    if info.video:
        faults += _faults(limits, info.video[0].display_size, info.video[0].rate)
    _raise_first(limits, faults, info.path)


def _raise_first(
    limits: UploadLimits, faults: tuple[str, ...] | list[str], name: str = ""
) -> None:
    for fault in faults:
        raise PublishError(
            Message(
                "{name} is not for {title}: {fault} (see {source})",
                name=name or Message("the film"),
                title=limits.title,
                fault=fault,
                source=limits.source,
            )
        )


def _advice(limits: UploadLimits) -> str:
    if limits.platform != "telegram":
        return ""
    return Message(
        ": publish a shorter part, or run a Bot API server of your own, which takes "
        "2000 MB"
    )


def _duration_faults(limits: UploadLimits, duration: Fraction) -> Iterator[str]:
    seconds, most, least = float(duration), limits.longest_s, limits.shortest_s
    shown = f"{seconds:.1f}"
    if most and duration > most:
        yield Message("it lasts {shown} s, more than {most} s", shown=shown, most=most)
    if duration < least:
        yield Message(
            "it lasts {shown} s, less than {least} s", shown=shown, least=least
        )


def _faults(
    limits: UploadLimits, size: tuple[int, int], rate: Fraction
) -> Iterator[str]:
    width, height = size
    shown = f"{width}x{height}"
    if limits.largest_px and max(size) > limits.largest_px:
        yield Message(
            "{shown} has a side of more than {largest_px} pixels",
            shown=shown,
            largest_px=limits.largest_px,
        )
    if min(size) < limits.smallest_px:
        yield Message(
            "{shown} has a side of less than {smallest_px} pixels",
            shown=shown,
            smallest_px=limits.smallest_px,
        )
    # 23.976 is more than 23, and 60000/1001 no more than 60.
    if limits.slowest and rate < limits.slowest:
        yield Message(
            "{rate} frames a second are fewer than {slowest}",
            rate=f"{float(rate):g}",
            slowest=limits.slowest,
        )
    if limits.fastest and rate > limits.fastest:
        yield Message(
            "{rate} frames a second are more than {fastest}",
            rate=f"{float(rate):g}",
            fastest=limits.fastest,
        )
    if limits.aspect:
        low, high = limits.aspect
        if not low <= Fraction(width, height) <= high:
            yield Message(
                "{shown} is no aspect between {low} and {high}",
                shown=shown,
                low=f"{float(low):g}",
                high=f"{float(high):g}",
            )

"""The result of a probe: whether an encoder or a device works here."""

from collections.abc import Iterable
from dataclasses import dataclass

from timeline_nb.i18n import Message

__all__ = ["ProbeResult", "listed"]


@dataclass(frozen=True)
class ProbeResult:
    """Whether an encoder or a device works.

    Args:
        name: FFmpeg's.
        works: Whether it encoded or decoded a frame.
        verdict: `works`, or why not.
    """

    name: str
    works: bool
    verdict: str


def listed(results: Iterable[ProbeResult]) -> str:
    """Return what is known of some, one after another; empty if there are none."""
    text = ""
    for one in results:
        this = Message("{name} {verdict}", name=one.name, verdict=one.verdict)
        text = Message("{one}; {other}", one=text, other=this) if text else this
    return text

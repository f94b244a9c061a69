"""Media files as the bin shows them."""

from pathlib import Path

from timeline_nb.media.info import MediaInfo
from timeline_nb.media.sequence import shown_name
from timeline_nb.widgets.bin_requests import BinItem, rate_text

__all__ = ["item_of"]


def item_of(info: MediaInfo, buffer: int) -> BinItem:
    """Return a media file as the bin shows it."""
    size, rate = "", None
    if info.video:
        width, height = info.video[0].display_size
        size = f"{width}×{height}"  # noqa: RUF001 - as people write sizes
        rate = info.video[0].rate if info.kind == "video" else None
    return BinItem(
        path=info.path,
        name=shown_name(info.path),
        folder=str(Path(info.path).parent),
        kind=info.kind,
        duration_s=0.0 if info.kind == "image" else float(info.duration),
        rate=rate_text(rate),
        size=size,
        has_sound=bool(info.audio),
        buffer=buffer,
        fingerprint=info.fingerprint,
    )

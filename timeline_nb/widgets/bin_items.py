"""Media files as the bin shows them."""

from pathlib import Path

from timeline_nb.media.info import MediaInfo
from timeline_nb.media.sequence import shown_name
from timeline_nb.timeline.model import MediaReference
from timeline_nb.widgets.bin_requests import BinItem, rate_text

__all__ = ["item_of", "offline_item"]


def item_of(info: MediaInfo, buffer: int, *, is_offline: bool = False) -> BinItem:
    """Return a media file as the bin shows it."""
    size, rate = "", None
    if info.video:
        size = _size(info.video[0].display_size)
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
        is_offline=is_offline,
    )


def offline_item(media: MediaReference) -> BinItem:
    """Return a file that cannot be read as the edit knows it."""
    length, kind = media.available_range, "video" if media.size else "audio"
    return BinItem(
        path=media.path,
        name=shown_name(media.path),
        folder=str(Path(media.path).parent),
        kind="image" if length is None and media.size else kind,  # type: ignore[arg-type]
        duration_s=0.0 if length is None else float(length.duration),
        rate=rate_text(media.rate),
        size=_size(media.size),
        has_sound=media.has_audio,
        buffer=-1,
        fingerprint=media.fingerprint,
        is_offline=True,
    )


def _size(size: tuple[int, int] | None) -> str:
    return f"{size[0]}×{size[1]}" if size else ""  # noqa: RUF001 - as people write

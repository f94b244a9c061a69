"""The events of media: that files were imported, and what was computed of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

from timeline_nb.core.event_types import (
    ImportedMedia,
    MediaImported,
    MediaProcessed,
)
from timeline_nb.core.events import Events
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.sequence import shown_name

__all__ = ["post_imported", "post_processed"]

_MOST_LISTED: Final = 100


def post_imported(events: Events, infos: Sequence[MediaInfo]) -> None:
    """Post that media were opened, scanned, or added to a bin."""
    if not infos:
        return
    first, count = infos[:_MOST_LISTED], len(infos)
    events.post(
        "media_imported",
        lambda: MediaImported(
            count=count, items=tuple(_imported(events, info) for info in first)
        ),
    )


def post_processed(
    events: Events,
    result: Literal["detections", "measures", "proxies"],
    info: MediaInfo,
    count: int,
) -> None:
    """Post that something was computed of a media file.

    Args:
        events: Where it is posted.
        result: What was computed.
        info: The file.
        count: How much of it.
    """
    path, contents = info.path, info.fingerprint
    events.post(
        "media_processed",
        lambda: MediaProcessed(
            media=events.handle_of(contents),
            name=_name_of(path),
            path=path,
            result=result,
            count=count,
        ),
        subject=f"{contents} {result}",
    )


def _imported(events: Events, info: MediaInfo) -> ImportedMedia:
    width, height = info.video[0].display_size if info.video else (0, 0)
    return ImportedMedia(
        media=events.handle_of(info.fingerprint),
        name=_name_of(info.path),
        path=info.path,
        type=info.kind,
        duration_s=0.0 if info.kind == "image" else float(info.duration),
        width_px=width,
        height_px=height,
    )


def _name_of(path: str) -> str:
    # Of a sequence, the path lists all files.
    return Path(shown_name(path)).name

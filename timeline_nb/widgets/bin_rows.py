"""The rows of a media bin: its files with their pictures, and what is offline."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from timeline_nb.errors import TimelineNbError
from timeline_nb.i18n import Message
from timeline_nb.media.info import MediaInfo
from timeline_nb.preview.thumbs import ThumbMaker
from timeline_nb.timeline.model import MediaReference
from timeline_nb.widgets.bin_items import item_of, offline_item
from timeline_nb.widgets.bin_requests import BinItem

__all__ = ["BinRows", "bin_rows"]


@dataclass(frozen=True)
class BinRows:
    """What a bin shows.

    Args:
        items: Its rows; those of pictures have the number of theirs.
        pictures: JPEGs.
        problems: Files whose frames cannot be decoded, in words.
    """

    items: list[BinItem] = field(default_factory=list)
    pictures: list[bytes] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def bin_rows(
    infos: Iterable[MediaInfo],
    used: Mapping[str, MediaReference],
    thumbs: ThumbMaker,
    is_offline: Callable[[str], bool],
) -> BinRows:
    """Return the rows of a bin.

    Args:
        infos: The media in it.
        used: The media of the edit: those that are offline have a row in any case.
        thumbs: Makes the pictures.
        is_offline: Whether a file is not there, not allowed, or no media any more.
    """
    rows = BinRows()
    known = set()
    for info in infos:
        known.add(info.path)
        number, lost = -1, is_offline(info.path)
        if info.video:
            try:
                rows.pictures.append(thumbs.thumb(info.path, info.duration / 2))
                number = len(rows.pictures) - 1
            except TimelineNbError:
                # A file that has gone is offline, and may come back.
                if not lost:
                    rows.problems.append(
                        Message("{path}: its frames cannot be decoded", path=info.path)
                    )
        rows.items.append(item_of(info, number, is_offline=lost))
    for path, reference in used.items():
        if path not in known and is_offline(path):
            rows.items.append(offline_item(reference))
    return rows

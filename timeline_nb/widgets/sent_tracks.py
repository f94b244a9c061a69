"""What views have of the tracks, so that only what is new of one is sent."""

from dataclasses import dataclass

import numpy as np

from timeline_nb.timeline.model import Clip, Gap, Item, Timeline, Track, Transition
from timeline_nb.widgets.columns import ItemRow
from timeline_nb.widgets.item_rows import ItemRows

__all__ = ["News", "SentTrack", "SentTracks"]

_ROW_BYTES = 8 * len(ItemRow._fields)


@dataclass(frozen=True)
class SentTrack:
    """A track's items as they are sent; gaps are left out.

    Args:
        items: The items that these are of.
        rows: An `ITEM_DTYPE` for each.
        ids: Their ids, empty for transitions.
        names: Their names, or texts.
    """

    items: tuple[Item, ...]
    rows: bytes
    ids: list[str]
    names: list[str]


@dataclass(frozen=True)
class News:
    """What of a track is new: all between its first items, and its last.

    Args:
        head: So many items come first that a view has.
        tail: So many items come last that it has.
        rows: Of the items between them.
        ids: Of the items between them.
        names: Of the items between them.
    """

    head: int
    tail: int
    rows: bytes
    ids: list[str]
    names: list[str]


class SentTracks:
    """Keeps what all views have; it is used in turn.

    Args:
        rows: Makes the rows of items.
    """

    def __init__(self, rows: ItemRows) -> None:
        self._rows = rows
        # By the name of the track; None before anything was sent.
        self._known: dict[str, SentTrack] | None = None

    def send(self, timeline: Timeline, *, is_whole: bool) -> dict[str, News | None]:
        """Return what is to be sent of each track, and note that views have it.

        Args:
            timeline: What is shown.
            is_whole: One view gets all, which has nothing yet; otherwise all views get
                what they have not.

        Returns:
            By the name of the track; None for one that has not changed.
        """
        known = self._known or {}
        now = {t.name: self._made(t, known.get(t.name)) for t in timeline.tracks}
        if not is_whole:
            self._known = now
            return {name: _news(known.get(name), own) for name, own in now.items()}
        if self._known is None:
            self._known = now
        else:
            # What the others have not yet is sent to all, and this one has it then.
            kept = (name for name in known if now.get(name) is known[name])
            self._known = {name: known[name] for name in kept}
        return {name: _news(None, own) for name, own in now.items()}

    def forget(self) -> None:
        """Send all to all views next: what was made may not have reached them."""
        self._known = {}

    def _made(self, track: Track, known: SentTrack | None) -> SentTrack:
        if known is not None and known.items is track.items:
            return known
        items = [item for item in track.items if not isinstance(item, Gap)]
        return SentTrack(
            track.items,
            self._rows.columns_of(track),
            [getattr(item, "id", "") for item in items],
            [_name_of(item) for item in items],
        )


def _news(before: SentTrack | None, now: SentTrack) -> News | None:
    if before is now:
        return None
    if before is None:
        return News(0, 0, now.rows, now.ids, now.names)
    most = min(len(before.ids), len(now.ids))
    head = _same_length(before, now, most, from_end=False)
    tail = _same_length(before, now, most - head, from_end=True)
    end = len(now.ids) - tail
    rows = now.rows[head * _ROW_BYTES : end * _ROW_BYTES]
    return News(head, tail, rows, now.ids[head:end], now.names[head:end])


def _same_length(one: SentTrack, two: SentTrack, most: int, *, from_end: bool) -> int:
    """Return how many items are the same at the start, or at the end."""
    if not most:
        return 0
    part = slice(-most, None) if from_end else slice(most)
    width = len(ItemRow._fields)
    tables = (np.frombuffer(own.rows, "<i8").reshape(-1, width) for own in (one, two))
    same = np.equal(*(table[part] for table in tables)).all(axis=1)
    same &= np.array(
        [
            a == b
            for a, b in zip(
                zip(one.ids[part], one.names[part], strict=True),
                zip(two.ids[part], two.names[part], strict=True),
                strict=True,
            )
        ]
    )
    others = np.flatnonzero(~(same[::-1] if from_end else same))
    return int(others[0]) if len(others) else most


def _name_of(item: Item) -> str:
    if isinstance(item, Clip):
        return item.name
    return item.kind if isinstance(item, Transition) else getattr(item, "text", "")

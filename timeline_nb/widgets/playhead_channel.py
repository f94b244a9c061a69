"""A playhead that a cell and a page move: the last word counts, however it comes."""

from contextlib import suppress
from threading import local
from typing import Any

import traitlets

from timeline_nb.widgets.channel import Channel

__all__ = ["PlayheadChannel"]


class PlayheadChannel(Channel):
    """A widget with a playhead.

    Each move by the kernel begins a turn, and a page says in which turn its own move
    was made. What a page has sent before it heard of a later turn comes late: it would
    take back what a cell has set, and is dropped.
    """

    playhead = traitlets.Float(0.0).tag(sync=True)
    # How often the kernel has moved it.
    _playhead_turn = traitlets.Int(0).tag(sync=True)
    # Of a page: the turn that it knew of, and a number, so that each move is sent.
    _page_move = traitlets.List(traitlets.Int()).tag(sync=True)
    # The view that plays, of several; empty if a cell began it, or none does.
    _playing_view = traitlets.Unicode("").tag(sync=True)

    _setting = local()

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Set what the page has changed, but for a playhead that comes late."""
        late: set[str] = set()
        with suppress(TypeError, LookupError):
            if sync_data["_page_move"][0] != self._playhead_turn:
                late = {"playhead", "frame", "_page_move"}
        self._setting.is_by_page = True
        try:
            super().set_state({n: v for n, v in sync_data.items() if n not in late})
        finally:
            self._setting.is_by_page = False

    def notify_change(self, change: Any) -> None:
        """Tell pages of a change; a playhead that the kernel moves has a new turn."""
        if change.name != "playhead" or getattr(self._setting, "is_by_page", False):
            super().notify_change(change)
            return
        # In one message, so that no page knows one without the other.
        with self.hold_sync():
            self._playhead_turn += 1
            super().notify_change(change)

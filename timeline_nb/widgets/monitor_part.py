"""The source monitor: a second player in a view, which shows a file of the bin.

A monitor speaks for itself: its messages have a view of its own, which never says hello
and so is sent nothing of the edit. What it asks of a player goes to its own.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.core.locks import new_lock
from timeline_nb.errors import MediaError
from timeline_nb.i18n import Message
from timeline_nb.media.info import MediaInfo
from timeline_nb.studio import Studio
from timeline_nb.widgets.answer import Answer
from timeline_nb.widgets.channel import Handler, Part, Reply, SendAnswer
from timeline_nb.widgets.monitor_requests import CloseSourceRequest, OpenSourceRequest
from timeline_nb.widgets.player_part import PlayerPart
from timeline_nb.widgets.request import Request

__all__ = ["MONITOR_SUFFIX", "MonitorPart"]

# The end of the names of the views that are source monitors.
MONITOR_SUFFIX: Final = ".source"


class MonitorPart(Part):
    """Opens a player for each source monitor, and leads its requests there.

    The lock guards which players there are; they are used outside it.

    Args:
        post: Sends an answer to the browser.
        program: The player of the edit.
        studio: Opens media and makes proxies.
        probe: Returns the facts of a file that may be shown; raises `MediaError` for
            others.
    """

    def __init__(
        self,
        post: SendAnswer,
        program: PlayerPart,
        studio: Studio,
        probe: Callable[[str], MediaInfo],
    ) -> None:
        super().__init__(post)
        self._program = program
        self._studio = studio
        self._probe = probe
        self._lock = new_lock("source monitors")
        self._players: dict[str, PlayerPart] = {}

    def handlers(self) -> dict[type[Request], Handler]:
        """Return the handlers of monitors, and of all players in place of theirs."""
        led = {kind: partial(self._lead, kind) for kind in self._program.handlers()}
        return {
            **led,
            OpenSourceRequest: self._open,
            CloseSourceRequest: self._close,
        }

    def on_view_closed(self, view: str) -> None:
        """Close the player of a monitor."""
        with self._lock:
            player = self._players.pop(view, None)
        if player is not None:
            player.on_view_closed(view)
            player.stop()

    def stop(self) -> None:
        """Close all players of monitors."""
        with self._lock:
            views = list(self._players)
        for view in views:
            self.on_view_closed(view)

    def _lead(self, kind: type[Request], request: Request) -> Answer | Reply | None:
        if not request.view.endswith(MONITOR_SUFFIX):
            return self._program.handlers()[kind](request)
        with self._lock:
            player = self._players.get(request.view)
        if player is None:
            raise MediaError(
                Message("the source monitor shows no file: open one in it")
            )
        return player.handlers()[kind](request)

    def _open(self, request: OpenSourceRequest) -> None:
        view = request.view
        if not view.endswith(MONITOR_SUFFIX):
            raise MediaError(Message("only a source monitor shows a file of its own"))
        info = self._probe(request.path)
        self.on_view_closed(view)
        player = PlayerPart(partial(self._post_to, view), info, self._studio)
        with self._lock:
            self._players[view] = player
        player.start()

    def _close(self, request: CloseSourceRequest) -> None:
        self.on_view_closed(request.view)

    def _post_to(self, view: str, answer: Answer, buffers: Sequence[Any] = ()) -> None:
        """Post what a monitor's player says, to that monitor alone."""
        self._post(replace(answer, view=view), buffers)

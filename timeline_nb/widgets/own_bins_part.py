"""Send the bins into which a person sorts media, and change them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from timeline_nb.commands.session import EditSession
from timeline_nb.project.bins import Bins, bins_of_data_folder, put, removed, renamed
from timeline_nb.project.editor_state import editor_state_of, with_field
from timeline_nb.timeline.queries import media
from timeline_nb.widgets import own_bin_requests as ask
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.request import Request

__all__ = ["OwnBinsPart"]


class OwnBinsPart(Part):
    """Sends the bins that the edit's project keeps, and handles requests about them.

    Args:
        post: Sends an answer to the browser.
        session: The edit's session.
        data_dir: The data folder, in which bins of all edits lay before.
    """

    def __init__(self, post: SendAnswer, session: EditSession, data_dir: Path) -> None:
        super().__init__(post)
        self._session, self._data_dir = session, data_dir

    def handlers(self) -> dict[type[Request], Handler]:
        """Return the handlers of bins."""
        return {
            ask.PutInBinRequest: self._put,
            ask.RenameBinRequest: self._rename,
            ask.RemoveBinRequest: self._remove,
        }

    def start(self) -> None:
        """Follow what the project keeps."""
        self._session.kept.connect(self._follow)

    def stop(self) -> None:
        """Follow it no longer."""
        self._session.kept.disconnect(self._follow)

    def on_view_opened(self, view: str) -> None:
        """Send a new view the bins."""
        self._send(view)

    def _follow(self) -> None:
        self._send()

    def _send(self, view: str = "") -> None:
        def send() -> None:
            found = self._bins(self._session.editor_state)
            bins = {name: list(held) for name, held in found.items()}
            self._post(ask.OwnBinsView(view=view, bins=bins))

        self._turns.run(("own bins", view), send)

    def _bins(self, state: Mapping[str, Any]) -> Bins:
        """Return the project's bins; before it has any, those of the data folder."""
        kept = editor_state_of(state).bins
        if kept is None:
            files = media(self._session.timeline).values()
            used = [one.fingerprint for one in files]
            return bins_of_data_folder(self._data_dir, used)
        return dict(kept)

    def _change(self, change: Callable[[Bins], Bins]) -> None:
        self._session.keep(
            lambda state: with_field(state, "bins", change(self._bins(state)))
        )

    def _put(self, request: ask.PutInBinRequest) -> None:
        self._change(lambda bins: put(bins, request.media, request.bin))

    def _rename(self, request: ask.RenameBinRequest) -> None:
        self._change(lambda bins: renamed(bins, request.bin, request.name))

    def _remove(self, request: ask.RemoveBinRequest) -> None:
        self._change(lambda bins: removed(bins, request.bin))

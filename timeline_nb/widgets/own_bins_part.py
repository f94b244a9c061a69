"""Send the bins into which a person sorts media, and change them."""

from collections.abc import Callable, Iterator
from pathlib import Path

from timeline_nb.commands.session import EditSession
from timeline_nb.project.bins import Bins, bins_of_data_folder, put, removed, renamed
from timeline_nb.project.editor_state import editor_state_of, with_field
from timeline_nb.timeline.model import Clip, Timeline
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
            bins = {name: list(held) for name, held in self._bins().items()}
            self._post(ask.OwnBinsView(view=view, bins=bins))

        self._turns.run(("own bins", view), send)

    def _bins(self) -> Bins:
        """Return the project's bins; before it has any, those of the data folder."""
        kept = editor_state_of(self._session.editor_state).bins
        if kept is None:
            media = _fingerprints(self._session.timeline)
            return bins_of_data_folder(self._data_dir, media)
        return dict(kept)

    def _change(self, change: Callable[[Bins], Bins]) -> None:
        changed = change(self._bins())
        self._session.keep(lambda state: with_field(state, "bins", changed))

    def _put(self, request: ask.PutInBinRequest) -> None:
        self._change(lambda bins: put(bins, request.media, request.bin))

    def _rename(self, request: ask.RenameBinRequest) -> None:
        self._change(lambda bins: renamed(bins, request.bin, request.name))

    def _remove(self, request: ask.RemoveBinRequest) -> None:
        self._change(lambda bins: removed(bins, request.bin))


def _fingerprints(timeline: Timeline) -> Iterator[str]:
    """Yield the fingerprints of an edit's media, also of nested timelines."""
    for track in timeline.tracks:
        for item in track.items:
            if not isinstance(item, Clip):
                continue
            yield item.media.fingerprint
            if item.media.timeline is not None:
                yield from _fingerprints(item.media.timeline)

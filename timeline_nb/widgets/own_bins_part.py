"""Send the bins into which a person sorts media, and change them."""

from timeline_nb.media.own_bins import OwnBins
from timeline_nb.widgets import own_bin_requests as ask
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.request import Request

__all__ = ["OwnBinsPart"]


class OwnBinsPart(Part):
    """Sends this person's bins, and handles requests about them.

    Args:
        post: Sends an answer to the browser.
        bins: The bins.
    """

    def __init__(self, post: SendAnswer, bins: OwnBins) -> None:
        super().__init__(post)
        self._bins = bins

    def handlers(self) -> dict[type[Request], Handler]:
        """Return the handlers of bins."""
        return {
            ask.PutInBinRequest: self._put,
            ask.RenameBinRequest: self._rename,
            ask.RemoveBinRequest: self._remove,
        }

    def on_view_opened(self, view: str) -> None:
        """Send a new view the bins."""
        self._send(view)

    def _send(self, view: str = "") -> None:
        def send() -> None:
            self._post(ask.OwnBinsView(view=view, bins=self._bins.all()))

        self._turns.run(("own bins", view), send)

    def _put(self, request: ask.PutInBinRequest) -> None:
        self._bins.put(request.media, request.bin)
        self._send()

    def _rename(self, request: ask.RenameBinRequest) -> None:
        self._bins.rename(request.bin, request.name)
        self._send()

    def _remove(self, request: ask.RemoveBinRequest) -> None:
        self._bins.remove(request.bin)
        self._send()

"""Tell views where small pictures lie, for those that a server gives them.

A page beside a server then gets them by ranges of a file, as many as it likes at once,
also while the kernel is busy; one without gets each from the kernel, as ever.
"""

from collections.abc import Iterable

import numpy as np

from timeline_nb.core.locks import new_lock
from timeline_nb.preview.media_source import MediaPlayerSource
from timeline_nb.preview.player_source import PlayerSource
from timeline_nb.preview.proxies import ProxyFile
from timeline_nb.studio import Studio
from timeline_nb.widgets.answers import ProxyFileView
from timeline_nb.widgets.channel import SendAnswer
from timeline_nb.widgets.source import address_for_view

__all__ = ["ServedProxies"]


class ServedProxies:
    """Sends each view the addresses of the proxies around what it asks for, once.

    Args:
        post: Sends an answer to the browser.
        studio: Makes the addresses.
    """

    def __init__(self, post: SendAnswer, studio: Studio) -> None:
        self._post, self._studio = post, studio
        self._lock = new_lock("proxies that views know")
        # The version of the source and the first frames of files, by view.
        self._known: dict[str, tuple[int, set[int]]] = {}

    def tell(
        self, view: str, version: int, source: PlayerSource, numbers: Iterable[int]
    ) -> None:
        """Send the files of some frames, as far as they were made, and are new."""
        if self._studio.addresses is None or not isinstance(source, MediaPlayerSource):
            # Frames of an edit are composed: the kernel sends them.
            return
        files = {found.first: found for n in numbers if (found := source.proxy_file(n))}
        for file in files.values():
            with self._lock:
                # Of one version: a view asks for no other any more.
                known_version, known = self._known.get(view, (version, set()))
                known = known if known_version == version else set()
                is_known = file.first in known
                self._known[view] = (version, known | {file.first})
            if not is_known:
                self._send(view, version, file)

    def _send(self, view: str, version: int, file: ProxyFile) -> None:
        address = address_for_view(file.path, self._studio)
        if address:
            answer = ProxyFileView(
                view=view, version=version, first=file.first, file=address
            )
            self._post(answer, [np.array(file.offsets, "<u4").tobytes()])

    def forget(self, view: str) -> None:
        """Forget what a view knows that has closed, or was opened anew."""
        with self._lock:
            self._known.pop(view, None)

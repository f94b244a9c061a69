"""Folders of this machine, which a visitor of a page has no need to know."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from timeline_nb.widgets.browser_comm import frame_with_text

__all__ = ["HiddenFolders"]


class HiddenFolders:
    """Takes the folders of files out of texts that name them.

    Args:
        folders: The folders; the working and the person's own folder are among them.
    """

    def __init__(self, folders: Iterable[Path]) -> None:
        every = {*folders, Path.cwd(), Path.home(), Path(tempfile.gettempdir())}
        names = {f"{one}{os.sep}" for one in every if one.is_absolute()}
        # The inner ones first; a disk's root stands before every path.
        self._names = sorted((one for one in names if one.count(os.sep) > 1), key=len)
        self._names.reverse()

    def without(self, text: str) -> str:
        """Return a text in which files stand by their names below the folders."""
        for name in self._names:
            text = text.replace(name, "")
        return text

    def frame_without(self, frame: bytes) -> bytes:
        """Return a frame to a page, in whose message files stand so."""
        return frame_with_text(frame, self.without)

"""Receive files that a person drops, and list the folders that may be read."""

import os
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Final

from timeline_nb.access.scope import Scope
from timeline_nb.core.locks import new_lock
from timeline_nb.errors import AccessError, MediaError
from timeline_nb.i18n import Message
from timeline_nb.media.scan import MEDIA_SUFFIXES
from timeline_nb.media.upload import PART_BYTES, MediaUpload
from timeline_nb.widgets import upload_requests as ask
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.home_folder import home_folder
from timeline_nb.widgets.request import Request

__all__ = ["UploadPart"]

# Of one view at once: more wait in the page.
_MOST_UPLOADS: Final = 4
_MOST_ENTRIES: Final = 2_000


class UploadPart(Part):
    """Writes uploads into the folders that may be read, and lists these folders.

    The lock guards the list of uploads.

    Args:
        post: Sends an answer to the browser.
        scope: Which folders there are.
        add: Adds a new file to the bin.
        project: Returns the file of the project, if it has one: uploads lie beside it.
    """

    def __init__(
        self,
        post: SendAnswer,
        scope: Scope,
        add: Callable[[Path], None],
        project: Callable[[], Path | None] = lambda: None,
    ) -> None:
        super().__init__(post)
        self._scope = scope
        self._add = add
        self._project = project
        self._lock = new_lock("uploads of a widget")
        self._numbers = count(1)
        self._uploads: dict[tuple[str, int], MediaUpload] = {}

    def handlers(self) -> dict[type[Request], Handler]:
        """Return the handlers of uploads and of the file dialog."""
        return {
            ask.BrowseRequest: self._browse,
            ask.StartUploadRequest: self._start,
            ask.UploadPartRequest: self._write,
            ask.FinishUploadRequest: self._finish,
            ask.CancelUploadRequest: self._cancel,
        }

    def on_view_closed(self, view: str) -> None:
        """Remove what a view has sent of files that are not whole."""
        with self._lock:
            gone = [key for key in self._uploads if key[0] == view]
            uploads = [self._uploads.pop(key) for key in gone]
        for upload in uploads:
            upload.cancel()

    def stop(self) -> None:
        """Remove what has arrived of files that are not whole."""
        with self._lock:
            uploads = list(self._uploads.values())
            self._uploads.clear()
        for upload in uploads:
            upload.cancel()

    def _start(self, request: ask.StartUploadRequest) -> ask.UploadStarted:
        with self._lock:
            busy = sum(view == request.view for view, _ in self._uploads)
        if busy >= _MOST_UPLOADS:
            raise MediaError(
                Message("too many files are being uploaded: wait for one of them")
            )
        folder = self._folder(request.folder) if request.folder else self._home()
        if folder is None:
            raise AccessError(
                Message(
                    "no folder may be written: allow one in a cell, as "
                    "tl.allow('footage')"
                )
            )
        upload = MediaUpload(folder, request.name, request.size)
        with self._lock:
            number = next(self._numbers)
            self._uploads[request.view, number] = upload
        return ask.UploadStarted(upload=number, part_bytes=PART_BYTES)

    def _upload(self, view: str, number: int, *, ends: bool = False) -> MediaUpload:
        with self._lock:
            if ends:
                upload = self._uploads.pop((view, number), None)
            else:
                upload = self._uploads.get((view, number))
        if upload is None:
            raise MediaError(Message("the upload has ended: drop the file again"))
        return upload

    def _write(self, request: ask.UploadPartRequest) -> None:
        upload = self._upload(request.view, request.upload)
        upload.write(request.offset, request.data)

    def _finish(self, request: ask.FinishUploadRequest) -> ask.Uploaded:
        path = self._upload(request.view, request.upload, ends=True).finish()
        self._add(path)
        return ask.Uploaded(path=str(path), name=path.name)

    def _cancel(self, request: ask.CancelUploadRequest) -> None:
        self._upload(request.view, request.upload, ends=True).cancel()

    def _home(self) -> Path | None:
        """Return the folder that uploads go to: that of the project or the notebook."""
        project = self._project()
        return home_folder(project and project.parent, self._scope)

    def _folder(self, text: str) -> Path:
        """Return a folder that may be read, by its real path."""
        # Before it is looked at: a view learns nothing of what lies elsewhere.
        real = Path(os.path.realpath(text)) if self._scope.contains(text) else None
        if real is None or not real.is_dir():
            raise AccessError(
                Message("{text} is no folder that may be read", text=f"{text!r:.200}")
            )
        return real

    def _browse(self, request: ask.BrowseRequest) -> ask.FolderView:
        if not request.folder:
            roots = [root for root in self._scope.roots if root.is_dir()]
            entries = [_entry(str(root), root.name or str(root)) for root in roots]
            return ask.FolderView(
                path="",
                name="",
                parent="",
                home=str(self._home() or ""),
                entries=entries,
                is_cut=False,
            )
        folder = self._folder(request.folder)
        parent = str(folder.parent) if self._scope.contains(folder.parent) else ""
        found = self._entries(folder)
        return ask.FolderView(
            path=str(folder),
            name=folder.name or str(folder),
            parent=parent,
            home="",
            entries=found[:_MOST_ENTRIES],
            is_cut=len(found) > _MOST_ENTRIES,
        )

    def _entries(self, folder: Path) -> list[ask.FolderEntry]:
        """Return the folders and media files in a folder that may be read."""
        found = []
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name.startswith(".") or not self._scope.contains(
                        entry.path
                    ):
                        continue
                    if entry.is_dir():
                        found.append(_entry(entry.path, entry.name))
                    elif Path(entry.name).suffix.lower() in MEDIA_SUFFIXES:
                        size = entry.stat().st_size
                        found.append(
                            ask.FolderEntry(entry.name, entry.path, False, size)
                        )
        except OSError as error:
            raise MediaError(
                Message(
                    "{folder} cannot be listed: {why}",
                    folder=folder,
                    why=error.strerror or error,
                )
            ) from error
        # Names of foreign systems that are no Unicode cannot be sent.
        sendable = [one for one in found if _is_unicode(one.path)]
        return sorted(
            sendable, key=lambda one: (not one.is_folder, one.name.casefold())
        )


def _entry(path: str, name: str) -> ask.FolderEntry:
    return ask.FolderEntry(name, path, True, 0)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True

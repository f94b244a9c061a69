"""What `timeline-nb serve` shows: projects and media of a folder, or one of them."""

import os
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from timeline_nb.access.media_types import media_type_of
from timeline_nb.access.use import use_scope
from timeline_nb.core.locks import new_lock
from timeline_nb.errors import ServerError, TimelineNbError
from timeline_nb.notebook.hidden_folders import HiddenFolders
from timeline_nb.notebook.loading import load
from timeline_nb.notebook.naming import allow
from timeline_nb.notebook.shared_edit import SharedEdit
from timeline_nb.studio import Studio
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import media

if TYPE_CHECKING:
    from timeline_nb.widgets.channel import Channel
    from timeline_nb.widgets.conversation import Conversation

__all__ = ["SharedFiles"]

_PROJECT: Final = ".tlp"
# Of a folder with its subfolders.
_MOST_NAMES: Final = 1_000
_BUNDLES: Final = ("alone", "editor", "editorLater", "player", "review")


class SharedFiles:
    """The files that are served; each project is one edit, whoever opens it.

    Args:
        path: A folder with projects and media, a project, or a media file.
        studio: Opens them.
        read_only: Whether projects take comments and no changes.

    Raises:
        ServerError: It is neither a folder nor a project nor media, or the front end
            was not built.
        AccessError: There is no such file or folder.
        ProjectError: It is a project that cannot be opened.
    """

    def __init__(self, path: Path, studio: Studio, *, read_only: bool = False) -> None:
        allow(path, studio=studio)
        path = path.expanduser().resolve()
        self._root = path if path.is_dir() else path.parent
        self._only = "" if path.is_dir() else path.name
        self._studio = studio
        self._read_only = read_only
        self._lock = new_lock("edits that are served")
        self._edits: dict[str, SharedEdit] = {}
        if self._only and not _is_shown(self._only):
            raise ServerError(
                f"{path} cannot be served: give a folder, a project (.tlp) or a media "
                "file"
            )
        missing = [path for path in self.bundles.values() if not path.exists()]
        if missing:
            raise ServerError(f"{missing[0]} is missing: build it with 'make build'")
        if self._only.endswith(_PROJECT):
            self._edit(self._only)

    @property
    def title(self) -> str:
        """The name of the folder or file."""
        return self._only or self._root.name

    @cached_property
    def bundles(self) -> Mapping[str, Path]:
        """The programs of the pages."""
        from timeline_nb.widgets.bundles import STATIC

        return {name: STATIC / f"{name}.js" for name in _BUNDLES}

    def names(self) -> list[str]:
        """Return the projects and media, by their paths below the folder."""
        if self._only:
            return [self._only]
        return sorted(islice(self._found(), _MOST_NAMES))

    def _found(self) -> Iterator[str]:
        for folder, folders, files in os.walk(self._root):
            folders[:] = sorted(f for f in folders if not f.startswith("."))
            for file in sorted(files):
                if _is_shown(file):
                    yield (Path(folder) / file).relative_to(self._root).as_posix()

    def connect(self, name: str, send: Callable[[bytes], None]) -> "Conversation":
        """Open a project or a media file for a page.

        Raises:
            ServerError: There is nothing of the name, or it cannot be opened.
        """
        from timeline_nb.widgets.conversation import Conversation

        if name not in self.names():
            raise ServerError(f"{name!r} is not among what is served")
        try:
            with use_scope(self._studio.scope):
                edit = self._edit(name) if name.endswith(_PROJECT) else None

                def make() -> "Channel":
                    return self._widget(name, edit)

                save = None if edit is None or self._read_only else self._saver(edit)
                if self._read_only:
                    send = self._hiding(send, edit)
                return Conversation(send, make, title=name, save=save)
        except TimelineNbError as error:
            raise ServerError(self.public(str(error))) from error

    def public(self, value: Any) -> Any:
        """Return a value of JSON, or a text, as a visitor may read it: no folders."""
        return HiddenFolders(self._folders(None)).value_without(value)

    def _folders(self, timeline: Timeline | None) -> frozenset[Path]:
        settings = self._studio.settings
        known = {self._root, settings.data_dir, settings.cache_dir}
        used = {} if timeline is None else media(timeline)
        parents = (Path(path).parent for path in used)
        return frozenset({*known, *self._studio.scope.roots, *parents})

    def _hiding(
        self, send: Callable[[bytes], None], shared: SharedEdit | None
    ) -> Callable[[bytes], None]:
        """Return what sends frames without folders, those that come later, too."""
        known: tuple[frozenset[Path], HiddenFolders] | None = None
        last: tuple[Timeline | None, tuple[Path, ...]] | None = None

        def hide(frame: bytes) -> None:
            nonlocal known, last
            timeline = None if shared is None else shared.edit.timeline
            now = timeline, self._studio.scope.roots
            if known is None or last is None or last[0] is not now[0] or last != now:
                folders = self._folders(timeline)
                if known is None or known[0] != folders:
                    known = folders, HiddenFolders(folders)
                last = now
            send(known[1].frame_without(frame))

        return hide

    def _edit(self, name: str) -> SharedEdit:
        with self._lock:
            known = self._edits.get(name)
        if known is not None:
            known.follow_file()
            return known
        path = self._root / name
        opened = SharedEdit(load(path, studio=self._studio), path)
        if self._read_only:
            opened.edit.keep_no_steps()
        opened.edit.journal.keep_apart()
        with self._lock:
            return self._edits.setdefault(name, opened)

    def _widget(self, name: str, shared: SharedEdit | None) -> "Channel":
        from timeline_nb.widgets.editor import Editor
        from timeline_nb.widgets.player import Player
        from timeline_nb.widgets.review import Review

        if shared is None:
            return Player(self._root / name, studio=self._studio)
        if self._read_only:
            # Nobody saves comments by hand there.
            add = shared.add_comment
            return Review(shared.edit, studio=self._studio, add=add)
        return Editor(shared.edit, studio=self._studio)

    def _saver(self, shared: SharedEdit) -> Callable[[], str]:
        def save() -> str:
            before = shared.path
            told = shared.save()
            if shared.path != before:
                # Who opens the old file gets what is in it.
                with self._lock:
                    self._edits.pop(self._name_of(before), None)
                    self._edits[self._name_of(shared.path)] = shared
            return told

        return save

    def _name_of(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()


def _is_shown(name: str) -> bool:
    is_named = not name.startswith(".")
    return is_named and (name.endswith(_PROJECT) or bool(media_type_of(name)))

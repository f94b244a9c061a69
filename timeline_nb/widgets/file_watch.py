"""Watch the files of an edit while a view is open: they go, come back and change."""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from threading import Event, Thread
from typing import Final

from timeline_nb.access.use import use_scope
from timeline_nb.commands.session import EditSession
from timeline_nb.compose.item_files import uses_of_suspects
from timeline_nb.compose.lost_parts import lacks
from timeline_nb.compose.offline import offline_reason
from timeline_nb.compose.reference import reference_of
from timeline_nb.core.locks import new_lock
from timeline_nb.core.signals import Signal
from timeline_nb.errors import MediaError
from timeline_nb.i18n import message_of
from timeline_nb.media.file_state import MediaState, state_of
from timeline_nb.studio import Studio
from timeline_nb.timeline.model import MediaReference, Timeline
from timeline_nb.timeline.queries import references_of
from timeline_nb.widgets.part import Part

__all__ = ["FileWatch", "Replaced"]

_log = logging.getLogger(__name__)
# Between two looks; where they take long, as on a network's disk, so many times that.
_REST_S: Final = 2.0
_SHARE: Final = 20
# Who wakes the watch waits for this part of the rest: files that are being written
# would have it look without an end.
_WOKEN: Final = 0.25


@dataclass(frozen=True)
class Replaced:
    """A file that got other content than the edit was made with.

    Args:
        was: The file as the edit has it.
        now: The file as it is.
    """

    was: MediaReference
    now: MediaReference

    @property
    def lacks(self) -> bool:
        """Whether it lacks what it held, which a clip may show."""
        return lacks(self.was, self.now)


@dataclass(frozen=True)
class _Seen:
    """What the last look at a file found.

    Args:
        offline: Why it is offline; empty if it is not.
        state: Of the file; None if it is offline.
        fault: Why it cannot be read as media, though it is there.
        other: What it is and was, if its content is not what the edit was made with.
        was: As the edit has it, in each way that it has it, if that was compared.
        is_probed: Whether its content was looked at.
        has_changed: Whether it has changed since it was seen first.
    """

    offline: str
    state: MediaState | None = None
    fault: str = ""
    other: Replaced | None = None
    was: tuple[MediaReference, ...] = ()
    is_probed: bool = False
    has_changed: bool = False


class FileWatch(Part):
    """Looks at the files of an edit every other second, on a thread of its own.

    The thread runs while there is a view. The first look only notes how the files are:
    the parts look for themselves when they open. The lock guards what was seen.

    Args:
        session: The edit's session.
        studio: Probes media, and says what may be read.

    Attributes:
        changed: Emits the paths of files that went, came back or changed, on the
            thread of the watch.
    """

    def __init__(self, session: EditSession, studio: Studio) -> None:
        super().__init__(lambda *_: None)
        self.changed: Signal[frozenset[str]] = Signal("the files of an edit")
        self._session, self._studio = session, studio
        self._lock = new_lock("the files of an edit")
        self._seen: dict[str, _Seen] = {}
        # What the last look found in another state than the one before.
        self._changing: frozenset[str] = frozenset()
        # What was watched last: the timeline, and its files as it has them; in no way
        # if a file is no media.
        self._timeline: Timeline | None = None
        self._files: dict[str, tuple[MediaReference, ...]] = {}
        self._others: Callable[[], Iterable[str]] = tuple
        self._end, self._wakes = Event(), Event()

    def include(self, others: Callable[[], Iterable[str]]) -> None:
        """Look at further files, too, which may be unused: whether they are there."""
        self._others = others

    def is_offline(self, path: str) -> bool:
        """Return whether a file is not there, not allowed, or no media any more."""
        with self._lock:
            seen = self._seen.get(path)
        is_unreadable = seen is not None and bool(seen.fault)
        return is_unreadable or bool(offline_reason(path, self._studio.scope))

    @property
    def unreadable(self) -> dict[str, str]:
        """Why files cannot be read as media, though they are there, by path."""
        with self._lock:
            return {path: seen.fault for path, seen in self._seen.items() if seen.fault}

    @property
    def replaced(self) -> dict[str, Replaced]:
        """The files that got other content than the edit was made with, by path."""
        with self._lock:
            return {p: seen.other for p, seen in self._seen.items() if seen.other}

    @property
    def lacking(self) -> dict[str, MediaReference]:
        """What those of them are now that lack what they held, by path."""
        return {path: one.now for path, one in self.replaced.items() if one.lacks}

    def start(self) -> None:
        """Begin to watch."""
        self._end = end = Event()
        self._wakes = wakes = Event()
        with self._lock:
            self._seen, self._changing = {}, frozenset()
        Thread(
            target=self._run,
            args=(end, wakes),
            name="timeline_nb files",
            daemon=True,
        ).start()

    def stop(self) -> None:
        """Watch no more; the thread ends after its look."""
        self._end.set()
        self._wakes.set()

    def has_changed(self) -> bool:
        """Return whether a file is not as it was seen last; it is looked at soon then.

        Who fails to read one asks, as the watch may not have seen yet why. A file that
        had changed in the last look already is being written: that is no news.
        """
        files = self._files
        with self._lock:
            known = self._seen.items()
            seen = {p: s for p, s in known if p in files and p not in self._changing}
        is_news = any(self._is_other(path, one) for path, one in seen.items())
        if is_news:
            self._wakes.set()
        return is_news

    def _is_other(self, path: str, seen: _Seen) -> bool:
        if bool(seen.offline) != bool(offline_reason(path, self._studio.scope)):
            return True
        try:
            with use_scope(self._studio.scope):
                return not seen.offline and state_of(path) != seen.state
        except MediaError:
            return True

    def _run(self, end: Event, wakes: Event) -> None:
        rest = ended = 0.0
        is_first = True
        while True:
            wakes.wait(rest)
            wakes.clear()
            if end.wait(max(0.0, ended + rest * _WOKEN - time.monotonic())):
                return
            began = time.monotonic()
            try:
                found = self._look(probes=not is_first)
            except Exception:  # noqa: BLE001 - the thread ends here, and says why
                _log.exception("the files of an edit are not watched any more")
                return
            if found and not end.is_set():
                self.changed.emit(found)
            is_first = False
            ended = time.monotonic()
            rest = max(_REST_S, _SHARE * (ended - began))

    def _look(self, *, probes: bool) -> frozenset[str]:
        """Look at all files; return those that are not as they were."""
        timeline = self._session.timeline
        if timeline is not self._timeline:
            # The media of clips are kept; what else is used is looked for.
            others = uses_of_suspects(timeline, lambda _: False)
            known = references_of(timeline)
            self._files = {
                **{use.path: () for use in others},
                **{path: tuple(ways.values()) for path, ways in known.items()},
            }
            self._timeline = timeline
        with self._lock:
            before = self._seen
        with use_scope(self._studio.scope):
            seen = {
                path: self._look_at(path, before.get(path), probes=probes)
                for path in {**dict.fromkeys(self._others()), **self._files}
            }
        changing = frozenset(
            path
            for path, now in seen.items()
            if (one := before.get(path)) and one.state and now.state
            if one.state != now.state
        )
        with self._lock:
            self._seen, self._changing = seen, changing
        return frozenset(
            path
            for path, now in seen.items()
            if _is_news(before.get(path), now, is_used=path in self._files)
        )

    def _look_at(self, path: str, before: _Seen | None, *, probes: bool) -> _Seen:
        if offline := offline_reason(path, self._studio.scope):
            return _Seen(offline)
        try:
            state = state_of(path)
        except MediaError as error:
            # It went between two looks at it.
            return _Seen(message_of(error))
        was = self._files.get(path, ())
        has_changed = before is not None and (
            before.has_changed or before.state != state
        )
        now = _Seen("", state, was=was, has_changed=has_changed)
        if before is not None and before.state == state:
            # Of a file that no clip uses any more, only that it is no media is kept.
            is_same = before.was == was or not (was or before.other)
            if not probes or (before.is_probed and is_same):
                return before
        if not probes or not was:
            return now
        return self._probed(path, now, was_told=before is not None and before.other)

    def _probed(self, path: str, now: _Seen, *, was_told: object) -> _Seen:
        """Look at what a file holds."""
        library = self._studio.library
        now = replace(now, is_probed=True)
        try:
            info = library.probe(path, assumed=now.was[0].assumed)
            known = {"", info.fingerprint}
            others = [one for one in now.was if one.fingerprint not in known]
            if not others:
                return now
            is_now = reference_of(info, library)
        except MediaError as error:
            return replace(now, fault=message_of(error))
        # Of clips that were made with different contents, those that lack something.
        lacking = [one for one in others if lacks(one, is_now)]
        other = Replaced((lacking or others)[0], is_now)
        # What changed earlier is shown as it is, unless it lacks something.
        is_shown = lacking or now.has_changed or was_told
        return replace(now, other=other) if is_shown else now


def _is_news(before: _Seen | None, now: _Seen, *, is_used: bool) -> bool:
    """Return whether a file is not as it was.

    A file of a new clip is as it is, unless the clip lacks something of it; one that no
    clip uses was there a moment ago.
    """
    if before is None:
        return bool(now.fault or now.other) or (not is_used and bool(now.offline))
    facts = [(one.offline, one.state, one.fault, one.other) for one in (before, now)]
    return facts[0] != facts[1]

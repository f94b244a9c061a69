"""Drafts: a change that is shown while it is dragged, and is no step of the history."""

from collections.abc import Callable

from timeline_nb.access.scope import Scope
from timeline_nb.commands.session import EditSession
from timeline_nb.core.locks import new_lock
from timeline_nb.timeline.model import Timeline
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.draft_requests import DraftRequest
from timeline_nb.widgets.effect_gestures import EffectGestures
from timeline_nb.widgets.effect_requests import ChangeEffectRequest
from timeline_nb.widgets.gestures import Gestures
from timeline_nb.widgets.request import Request
from timeline_nb.widgets.requests import SetClipsRequest

__all__ = ["DraftsPart"]


class DraftsPart(Part):
    """Shows in the player what a gesture would make of the edit.

    The lock guards the draft: the edit it was made of, and what became of it.

    Args:
        post: Sends an answer to the browser.
        session: The edit's session.
        playhead: Returns the timeline second at which values are set.
        scope: The files that a view may name.
        changed: Called when another draft is to be shown, or none.
    """

    def __init__(
        self,
        post: SendAnswer,
        session: EditSession,
        playhead: Callable[[], float],
        scope: Scope,
        changed: Callable[[], None],
    ) -> None:
        super().__init__(post)
        self._session, self._playhead, self._scope = session, playhead, scope
        self._changed = changed
        self._lock = new_lock("a draft of an edit")
        self._draft: tuple[Timeline, Timeline] | None = None

    def handlers(self) -> dict[type[Request], Handler]:
        """Return the handler of drafts."""
        return {DraftRequest: self._show}

    def stop(self) -> None:
        """Drop the draft: nobody drags any more."""
        with self._lock:
            self._draft = None

    def applied(self, timeline: Timeline) -> Timeline:
        """Return the draft of a timeline; itself if there is none of it."""
        with self._lock:
            draft = self._draft
        return draft[1] if draft is not None and draft[0] is timeline else timeline

    def _show(self, request: DraftRequest) -> None:
        change = request.change
        if change is None:
            self._set(None)
            return
        timeline = self._session.timeline
        trial = EditSession(timeline)
        effects = EffectGestures(trial, self._playhead, self._scope)
        if isinstance(change, SetClipsRequest):
            Gestures(trial).set_clips(change)
        elif isinstance(change, ChangeEffectRequest):
            effects.change(change)
        else:
            effects.set_transition(change)
        self._set((timeline, trial.timeline))

    def _set(self, draft: tuple[Timeline, Timeline] | None) -> None:
        with self._lock:
            before, self._draft = self._draft, draft
        if before != draft:
            self._changed()

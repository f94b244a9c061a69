"""Tell of steps that were not saved, and of who else edits the project."""

from collections.abc import Iterable

from timeline_nb.collaboration.autosave import Autosave
from timeline_nb.i18n import Message
from timeline_nb.widgets.change_lines import field_in_words, line_of
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.journal_answers import JournalView
from timeline_nb.widgets.journal_requests import DiscardRecoveryRequest, RecoverRequest
from timeline_nb.widgets.refusal import Said, said
from timeline_nb.widgets.request import Request
from timeline_nb.widgets.step_labels import step_label

__all__ = ["JournalPart"]

_MOST_CHANGES = 12


class JournalPart(Part):
    """Offers an edit's steps that were not saved, and says who else edits it.

    Args:
        post: Sends an answer to the browser.
        journal: The edit's; None where the session of no edit is shown.
    """

    def __init__(self, post: SendAnswer, journal: Autosave | None) -> None:
        super().__init__(post)
        self._journal = journal

    def handlers(self) -> dict[type[Request], Handler]:
        """Return the handlers of the notice's buttons."""
        return {RecoverRequest: self._recover, DiscardRecoveryRequest: self._discard}

    def start(self) -> None:
        """Follow the journal."""
        if self._journal is not None:
            self._journal.changed.connect(self._follow)

    def stop(self) -> None:
        """Follow the journal no longer."""
        if self._journal is not None:
            self._journal.changed.disconnect(self._follow)

    def on_view_opened(self, view: str) -> None:
        """Send a new view what is known; a person sees the edit from here on."""
        if self._journal is not None:
            self._journal.show()
            self._turns.run(("journal", view), lambda: self._send(view))

    def _follow(self) -> None:
        self._turns.run(("journal", ""), lambda: self._send(""))

    def _send(self, view: str) -> None:
        if self._journal is None:
            return
        one, other = self._journal.recovery, self._journal.elsewhere
        people = self._journal.people
        names = dict.fromkeys(person.who for person in people)
        changes = [] if one is None else list(map(line_of, one.changes))
        self._post(
            JournalView(
                view=view,
                steps=0 if one is None else one.steps,
                at_s=0.0 if one is None else one.when.timestamp(),
                label="" if one is None else step_label(one.label),
                changes=changes[:_MOST_CHANGES],
                who=said(_joined(names) or ("" if other is None else other.who)),
                place=""
                if other is None or len(people) > 1
                else ", ".join(other.names),
                since_s=0.0 if other is None else other.since.timestamp(),
                is_followed=other is not None and other.is_followed,
                is_shared=bool(people),
                conflicts=_conflicts(self._journal),
            )
        )

    def _recover(self, _: RecoverRequest) -> None:
        if self._journal is not None:
            self._journal.recover()

    def _discard(self, _: DiscardRecoveryRequest) -> None:
        if self._journal is not None:
            self._journal.discard()


def _joined(names: Iterable[str]) -> str:
    """Return names as one text; one that is a message stays one."""
    first, *others = names or [""]
    return ", ".join([first, *others]) if others else first


def _conflicts(journal: Autosave) -> list[Said | str]:
    """Return the last changes that met others of the same thing, a line each."""
    rows = () if journal.sharing is None else journal.sharing.conflicts
    none = Message("none")
    return [
        said(
            Message(
                "{where}: {what}: {ours} holds, not {theirs}",
                where=one.where,
                what=field_in_words(one.what),
                ours=one.ours or none,
                theirs=one.theirs or none,
            )
        )
        for one in rows[-_MOST_CHANGES:]
    ]

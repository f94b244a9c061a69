"""Steps of who is followed are shown, and what was made here meanwhile stays."""

import weakref

from timelines import three_clips

from timeline_nb.collaboration.shares_edit import SharesEdit
from timeline_nb.commands.changing import SetClip
from timeline_nb.commands.session import EditSession
from timeline_nb.project.whole_edit import whole_of
from timeline_nb.timeline.model import Timeline

_OWN = {"guides": {"x": [10.0], "y": []}}
_THEIRS = {"guides": {"x": [20.0], "y": []}}


def _following(session: EditSession) -> SharesEdit:
    made = SharesEdit()
    made._session = weakref.ref(session)
    made._followed = session.timeline
    made._followed_editor = session.editor_state
    made._follower = object()  # type: ignore[assignment]
    return made


def _their_step() -> Timeline:
    theirs = EditSession(three_clips())
    theirs.perform(SetClip(clip="c1", name="theirs"))
    return whole_of(theirs.timeline, _THEIRS)


def test_a_step_is_shown_with_its_guides() -> None:
    session = EditSession(three_clips())
    following = _following(session)
    assert following.show_step("name", _their_step())
    assert session.editor_state == _THEIRS
    assert session.timeline.tracks[0].items[0].name == "theirs"  # type: ignore[union-attr]
    assert following.show_step("", three_clips())
    assert session.editor_state == {}


def test_guides_stay_where_a_step_was_made_here() -> None:
    session = EditSession(three_clips())
    session.keep(lambda _: _OWN)
    following = _following(session)
    session.perform(SetClip(clip="c1", name="own"))
    assert not following.show_step("name", _their_step())
    assert session.editor_state == _OWN


def test_guides_that_were_made_here_meanwhile_stay() -> None:
    session = EditSession(three_clips())
    following = _following(session)
    session.keep(lambda _: _OWN)
    assert not following.show_step("name", _their_step())
    assert session.editor_state == _OWN

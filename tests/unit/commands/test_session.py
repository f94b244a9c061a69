from fractions import Fraction

import pytest
from msgspec.structs import replace
from timelines import three_clips

from timeline_nb.commands.history import MAX_STEPS, History, Step
from timeline_nb.commands.session import EditSession
from timeline_nb.errors import TimelineError
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Timeline


def test_listeners_hear_the_value_before_and_now() -> None:
    session = EditSession(three_clips())
    heard: list[tuple[Timeline, Timeline]] = []
    session.changed.connect(lambda old, new: heard.append((old, new)))
    before = session.timeline
    after = session.apply("lift", lambda t: edits.lift(t, "c1"))
    session.undo()
    assert heard == [(before, after), (after, before)]


def test_an_edit_that_fails_changes_nothing() -> None:
    session = EditSession(three_clips())
    before = session.timeline
    with pytest.raises(TimelineError):
        session.apply("lift", lambda t: edits.lift(t, "c9"))
    assert session.timeline is before
    with pytest.raises(TimelineError, match="nothing to undo"):
        session.undo()


def test_an_edit_that_changes_nothing_is_no_step() -> None:
    session = EditSession(three_clips())
    session.apply("split", lambda t: edits.split(t, at=Fraction(4)))
    assert session.undo_label is None


def test_a_group_is_one_step() -> None:
    session = EditSession(three_clips())
    before = session.timeline
    with session.group("two lifts"):
        session.apply("lift", lambda t: edits.lift(t, "c1"))
        session.apply("lift", lambda t: edits.lift(t, "c2"))
    assert session.undo_label == "two lifts"
    assert session.undo() is before


def test_a_group_that_fails_is_taken_back() -> None:
    session = EditSession(three_clips())
    before = session.timeline

    def fail() -> None:
        with session.group("half"):
            session.apply("lift", lambda t: edits.lift(t, "c1"))
            session.apply("lift", lambda t: edits.lift(t, "c9"))

    with pytest.raises(TimelineError):
        fail()
    now, label = session.timeline, session.undo_label
    assert now is before
    assert label is None


def test_a_new_edit_forgets_what_was_undone() -> None:
    session = EditSession(three_clips())
    session.apply("lift", lambda t: edits.lift(t, "c1"))
    session.undo()
    labels = [session.redo_label]
    session.apply("split", lambda t: edits.split(t, at=Fraction(1)))
    labels.append(session.redo_label)
    assert labels == ["lift", None]
    with pytest.raises(TimelineError, match="nothing to redo"):
        session.redo()


def test_history_keeps_a_thousand_steps() -> None:
    timeline = three_clips()
    history = History(timeline)
    for number in range(MAX_STEPS + 50):
        history.push(Step("rename", replace(timeline, name=str(number))))
    undone = 0
    while history.undo_label:
        history.undo()
        undone += 1
    assert undone == MAX_STEPS
    assert history.current.timeline.name == "49"


def test_a_session_begins_with_a_valid_timeline() -> None:
    with pytest.raises(TimelineError, match="not even"):
        EditSession(replace(three_clips(), size=(3, 3)))

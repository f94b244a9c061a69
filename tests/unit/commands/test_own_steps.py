"""Where others edit, too, undo takes back one's own steps and leaves theirs."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from timelines import clip, row, three_clips

from timeline_nb.commands.session import EditSession
from timeline_nb.errors import TimelineError
from timeline_nb.timeline import edits
from timeline_nb.timeline.merging.numbering import NewNumbers
from timeline_nb.timeline.model import Clip, Item, Timeline


def _gains(session: EditSession) -> list[float]:
    items = session.timeline.tracks[0].items
    return [item.gain_db for item in items if isinstance(item, Clip)]


def _gain(
    session: EditSession, place: int, gain_db: float
) -> Callable[[Timeline], Timeline]:
    items = [one for one in session.timeline.tracks[0].items if isinstance(one, Clip)]
    return lambda old: edits.set_clip(old, items[place].id, gain_db=gain_db)


@pytest.fixture
def session() -> EditSession:
    """A session in which one step was made, one undone, and then another came."""
    made = EditSession(three_clips())
    made.apply("one", _gain(made, 0, -1))
    made.apply("two", _gain(made, 1, -2))
    made.undo()
    made.share()
    made.apply_other("theirs", _gain(made, 2, -9))
    return made


def test_undo_leaves_the_steps_of_others(session: EditSession) -> None:
    assert _gains(session) == [-1, 0, -9]
    assert (session.undo_label, session.redo_label) == ("one", "two")
    session.undo()
    assert _gains(session) == [0, 0, -9]
    with pytest.raises(TimelineError, match="no step was made here"):
        session.undo()
    assert _gains(session) == [0, 0, -9]
    session.redo()
    session.redo()
    assert _gains(session) == [-1, -2, -9]
    with pytest.raises(TimelineError, match="nothing to redo"):
        session.redo()


def test_a_step_of_others_leaves_what_can_be_redone(session: EditSession) -> None:
    session.undo()
    session.apply_other("theirs", _gain(session, 2, -10))
    session.redo()
    assert _gains(session) == [-1, 0, -10]
    session.apply("own", _gain(session, 1, -3))
    assert session.redo_label is None


def test_what_others_changed_since_is_not_undone(session: EditSession) -> None:
    session.apply_other("theirs", _gain(session, 0, -20))
    session.undo()
    assert _gains(session) == [-20, 0, -9]


def test_own_steps_are_gone_back_through_and_those_of_others_stay(
    session: EditSession,
) -> None:
    # Steps: 1 "one", 2 "theirs", 3 and 5 our own, 4 of others.
    session.apply("three", _gain(session, 1, -3))
    session.apply_other("theirs", _gain(session, 2, -10))
    session.apply("five", _gain(session, 0, -5))
    assert session.overview.now == 5
    session.go_to(2)
    assert _gains(session) == [-1, 0, -10]
    assert (session.undo_label, session.redo_label) == ("one", "three")
    # The step back is step 6: from it, the fifth has both of our own again.
    session.go_to(5)
    assert _gains(session) == [-5, -3, -10]
    session.go_to(0)
    assert _gains(session) == [0, 0, -10]
    session.go_to(3)
    assert _gains(session) == [-1, -3, -10]
    assert (session.undo_label, session.redo_label) == ("three", "five")


def test_a_step_that_was_undone_before_stays_undone(session: EditSession) -> None:
    session.apply("three", _gain(session, 1, -3))
    session.undo()
    session.apply_other("theirs", _gain(session, 2, -10))
    session.undo()
    assert _gains(session) == [0, 0, -10]
    # Step 4 undid "three", 6 undid "one".
    session.go_to(5)
    assert _gains(session) == [-1, 0, -10]
    assert session.redo_label == "three"


def test_no_step_is_gone_to_that_only_others_have_left(session: EditSession) -> None:
    session.apply_other("theirs", _gain(session, 2, -10))
    before = session.overview
    with pytest.raises(TimelineError, match="made by others, who undo it"):
        session.go_to(2)
    with pytest.raises(TimelineError, match="steps go from 0 to 3"):
        session.go_to(4)
    assert session.overview == before
    assert session.go_to(session.overview.now) is session.timeline


def test_a_step_that_was_redone_is_undone_where_it_was_not_done(
    session: EditSession,
) -> None:
    # Steps: 1 "one", 2 "theirs"; "two" is undone since before they came.
    session.redo()
    session.apply_other("theirs", _gain(session, 2, -10))
    session.undo()
    session.redo()
    assert session.overview.labels[3:] == ("redo", "theirs", "undo", "redo")
    for number, gain in [(5, 0), (4, -2), (2, 0), (3, -2), (5, 0)]:
        session.go_to(number)
        assert _gains(session) == [-1, gain, -10]


def test_what_was_placed_before_others_came_is_undone_by_its_new_id() -> None:
    begun = three_clips()
    session = EditSession(begun)
    session.apply("own", lambda old: edits.append(old, [clip(0, 5)]))
    session.apply("other", lambda old: edits.append(old, [clip(0, 6)]))
    session.undo()
    assert row(session.timeline)[3:] == ["c4@9+5"]
    numbers = NewNumbers(70, begun.next_id, frozenset({"c1", "c2", "c3"}))
    session.share(numbers)
    assert row(session.timeline)[3:] == ["c70@9+5"]
    assert session.id_now("c4") == "c70"
    assert session.id_now("c3") == "c3"
    # Somebody else has placed one that took the number.
    theirs = edits.append(begun, [clip(0, 1)]).tracks[0].items[3]
    session.apply_other("theirs", lambda old: _with(old, theirs))
    assert row(session.timeline)[3:] == ["c70@9+5", "c4@14+1"]
    session.redo()
    assert row(session.timeline)[3:] == ["c70@9+5", "c4@14+1", "c71@15+6"]
    session.undo()
    session.undo()
    assert row(session.timeline)[3:] == ["c4@9+1"]


def _with(timeline: Timeline, item: Item) -> Timeline:
    """A timeline with an item at its end."""
    (track,) = timeline.tracks
    track = replace(track, items=(*track.items, item))
    return replace(timeline, tracks=(track,))


def test_what_was_followed_is_not_undone_as_ones_own() -> None:
    session = EditSession(three_clips())
    session.apply_other("theirs", _gain(session, 0, -1))
    session.apply("own", _gain(session, 1, -2))
    session.share()
    assert session.undo_label == "own"
    session.undo()
    assert _gains(session) == [-1, 0, 0]
    assert session.undo_label is None

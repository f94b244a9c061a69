"""Laws of what an edit is said to change."""

from copy import deepcopy

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from timelines import drawn_edit, drawn_timelines

from timeline_nb.errors import TimelineNbError
from timeline_nb.timeline.outcome import outcome
from timeline_nb.timeline.queries import clips

relaxed = settings(
    deadline=None, max_examples=60, suppress_health_check=list(HealthCheck)
)


@relaxed
@given(st.data())
def test_what_is_said_depends_on_no_item_being_shared(data: st.DataObject) -> None:
    before = data.draw(drawn_timelines(most_edits=6))
    try:
        after = data.draw(drawn_edit(before))(before)
    except TimelineNbError:
        assume(False)
    ids = [clip.id for clip in clips(before)]
    moved = data.draw(st.sets(st.sampled_from(ids)) if ids else st.just(set()))
    with_resized = data.draw(st.booleans())
    told, expected = (
        outcome(old, after, moved=moved, with_resized=with_resized)
        for old in (before, deepcopy(before))
    )
    assert told == expected

"""Steps told as code make the same timeline again."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timelines import clip, drawn_command, drawn_timelines, three_clips

import timeline_nb as tl
from timeline_nb.errors import TimelineError
from timeline_nb.timeline.model import Timeline


def replayed(begin: Timeline, script: str) -> Timeline:
    """The timeline after a script has run on an earlier one."""
    cut = tl.Edit(timeline=begin)
    exec(script, {"cut": cut, "tl": tl})  # noqa: S102 - it is what is tested
    return cut.timeline


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_a_script_makes_an_equal_timeline(data: st.DataObject) -> None:
    begin = data.draw(drawn_timelines())
    cut = tl.Edit(timeline=begin)
    for _ in range(data.draw(st.integers(1, 6))):
        command = data.draw(drawn_command(cut.timeline))
        try:
            cut.perform(command)
        except TimelineError:
            continue
    assert replayed(begin, cut.history.script()) == cut.timeline


def test_a_step_of_several_calls_is_one_step_again() -> None:
    cut = tl.Edit(timeline=three_clips())
    point = cut.history.point
    with cut.group("tidy"):
        cut.lift("c1")
        cut.move("c2", to="1s")
    script = cut.history.script(point)
    assert script.splitlines() == [
        "with cut.group('tidy'):",
        "    cut.lift('c1')",
        "    cut.move('c2', to=\"25f\")",
    ]
    again = tl.Edit(timeline=three_clips())
    exec(script, {"cut": again, "tl": tl})  # noqa: S102 - it is what is tested
    assert again.session.undo_label == "tidy"
    assert again.timeline == cut.timeline


def test_a_script_begins_at_its_point_and_ends_now() -> None:
    cut = tl.Edit(timeline=three_clips())
    cut.lift("c3")
    point = cut.history.point
    cut.delete("c1")
    cut.lift("c2")
    cut.undo()
    assert cut.history.script(point, name="film") == "film.delete('c1')"
    cut.undo()
    cut.undo()
    with pytest.raises(TimelineError, match="undone"):
        cut.history.script(point)


def test_times_between_frames_are_exact() -> None:
    begin = three_clips()
    cut = tl.Edit(timeline=begin)
    cut.overwrite(clip(1, Fraction(1, 3)), at=Fraction(1, 7))
    assert "Fraction(1, 7)" in cut.history.script()
    assert replayed(begin, cut.history.script()) == cut.timeline


def test_a_cell_s_own_function_is_a_comment() -> None:
    cut = tl.Edit(timeline=three_clips())
    cut.update(cut.timeline.to_dataframe().query("id != 'c3'"))
    assert cut.history.script() == "# table: made in a cell, run that cell here"

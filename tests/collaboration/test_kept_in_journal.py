"""Guides and bins that were not saved are there after a kill, as steps are."""

import json
from pathlib import Path

import pytest
from collaboration.processes import Kernel
from timelines import three_clips

import timeline_nb as tl
from timeline_nb.project.whole_edit import parts_of, whole_of

KEPT = {"guides": {"x": [10.0], "y": []}, "bins": {"Talks": ["a", "b"]}}
KEEP = f"cut.session.keep(lambda _: {KEPT!r})"
BEGIN = (
    "cut = tl.Edit('street', rate=25, size=(64, 48))",
    "cut.titles.add('one', start=0, end=1)",
)


def test_guides_and_bins_are_offered_after_a_kill(
    studio: tl.Studio, tmp_path: Path
) -> None:
    with Kernel(tmp_path) as kernel:
        kernel.run(*BEGIN, "cut.save('film.tlp')", KEEP)
    path = tmp_path / "film.tlp"
    with pytest.warns(RuntimeWarning, match="1 step, the last 'guides and bins'"):
        cut = tl.load(path, studio=studio)
    assert cut.session.editor_state == {}
    assert cut.recovery is not None
    assert cut.recovery.editor == KEPT
    # The film is as it was: nothing of this is in it.
    assert cut.recovery.timeline == cut.timeline
    assert "Guides: Vertical: none → 10" in repr(cut.recovery)
    # What was placed meanwhile stays.
    cut.session.keep(lambda _: {"guides": {"x": [7.0], "y": []}})
    cut.recover()
    both = {"guides": {"x": [7.0, 10.0], "y": []}, "bins": KEPT["bins"]}
    assert cut.session.editor_state == both
    assert not cut.history.is_saved or not cut.session.is_editor_state_saved
    cut.save()
    assert json.loads(path.read_bytes())["editor"] == both
    assert "kept for the editor" not in path.read_text()
    assert tl.load(path, studio=studio).recovery is None


def test_steps_and_guides_come_back_together(studio: tl.Studio, tmp_path: Path) -> None:
    with Kernel(tmp_path) as kernel:
        kernel.run(
            *BEGIN,
            "cut.save('film.tlp')",
            KEEP,
            "cut.titles.add('two', start=1, end=2)",
        )
    with pytest.warns(RuntimeWarning, match="has 2 steps, the last 'title'"):
        cut = tl.load(tmp_path / "film.tlp", studio=studio)
    cut.recover()
    assert (len(cut.clips), cut.session.editor_state) == (2, KEPT)
    assert cut.recovery is None
    cut.undo()
    assert (len(cut.clips), cut.session.editor_state) == (1, KEPT)


def test_what_was_saved_is_not_offered(studio: tl.Studio, tmp_path: Path) -> None:
    with Kernel(tmp_path) as kernel:
        kernel.run(*BEGIN, KEEP, "cut.save('film.tlp')")
    cut = tl.load(tmp_path / "film.tlp", studio=studio)
    assert cut.recovery is None
    assert cut.session.editor_state == KEPT


def test_an_edit_without_a_file_comes_back_with_its_guides(
    studio: tl.Studio, tmp_path: Path
) -> None:
    with Kernel(tmp_path) as kernel:
        kernel.run(*BEGIN, KEEP)
    cut = tl.recover(studio=studio)
    assert (len(cut.clips), cut.session.editor_state) == (1, KEPT)


@pytest.mark.parametrize(
    "hostile", [7, [], {"guides": {"x": ["no"]}}, {"bins": {"a" * 101: []}}]
)
def test_what_lies_beside_is_checked_and_the_edit_is_there(hostile: object) -> None:
    whole = whole_of(three_clips(), KEPT)
    assert parts_of(whole) == (three_clips(), KEPT)
    (name,) = set(whole.metadata) - set(three_clips().metadata)
    whole.metadata[name] = hostile
    assert parts_of(whole) == (three_clips(), {})

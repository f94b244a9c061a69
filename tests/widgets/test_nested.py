"""Nested timelines on the wire: opened, edited by the one history, and closed."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from media_factory import Recipe, make
from widgets.wire import Wire

import timeline_nb as tl
from timeline_nb.timeline.model import Clip, Timeline
from timeline_nb.timeline.queries import clips_of_track
from timeline_nb.widgets.editor import Editor

S = Fraction


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[tl.Studio]:
    make(tmp_path, Recipe("film.mp4", frames=250, size=(320, 180)))
    with tl.open_studio(tl.Settings(roots=(tmp_path,))) as studio:
        yield studio


@pytest.fixture
def cut(studio: tl.Studio, tmp_path: Path) -> tl.Edit:
    """Film for 8 s on V1; from 3 s on, over it, 4 s of an edit of two clips."""
    film = tl.open(tmp_path / "film.mp4", studio=studio)
    inner = tl.Edit("scene", rate=25, size=(320, 180), studio=studio)
    inner.append([film.clip(0, 2), film.clip(5, 7)])
    cut = tl.Edit("cut", rate=25, size=(320, 180), studio=studio)
    cut.append(film.clip(0, 8))
    cut.nest(inner, at=3)
    return cut


@pytest.fixture
def wire(cut: tl.Edit, monkeypatch: pytest.MonkeyPatch) -> Wire:
    wire = Wire(Editor(cut), monkeypatch)
    wire.hello()
    return wire


def _nest(cut: tl.Edit) -> Clip:
    found = cut.timeline.tracks[-1].items[-1]
    assert isinstance(found, Clip)
    return found


def _inner(cut: tl.Edit) -> Timeline:
    inner = _nest(cut).media.timeline
    assert inner is not None
    return inner


def _lengths(timeline: Timeline) -> list[Fraction]:
    return [clip.duration for clip in clips_of_track(timeline)]


def test_a_nested_timeline_is_opened_and_the_playhead_shows_the_same_picture(
    cut: tl.Edit, wire: Wire
) -> None:
    assert wire.last("timeline")[0]["path"] == ["cut"]
    wire.widget.playhead = 4.0
    wire.widget.selection = [_nest(cut).id]
    assert wire.ask("openNested", item=_nest(cut).id)["kind"] == "done"
    shown = wire.last("timeline")[0]
    assert shown["path"] == ["cut", "scene"]
    assert shown["durationS"] == 4
    assert wire.last("playerSource")[0]["durationS"] == 4
    assert wire.widget.playhead == 1
    assert wire.widget.selection == []
    wire.widget.playhead = 2.0
    assert wire.ask("closeNested", depth=0)["kind"] == "done"
    assert wire.last("timeline")[0]["path"] == ["cut"]
    assert wire.last("playerSource")[0]["durationS"] == 8
    assert wire.widget.playhead == 5


def test_what_is_done_inside_is_a_step_of_the_one_history_and_code(
    cut: tl.Edit, wire: Wire
) -> None:
    nest = _nest(cut).id
    before = cut.timeline
    wire.ask("openNested", item=nest)
    first = clips_of_track(_inner(cut))[0].id
    wire.ask("split", atS=1, items=[first])
    assert _lengths(_inner(cut)) == [S(1), S(1), S(2)]
    assert cut.history.steps[-1] == "split"
    assert wire.ask("askScript", restart=False)["text"] == (
        f'cut.nested({nest!r}).split("25f", clip={first!r})'
    )
    other = tl.Edit(timeline=before, studio=cut.studio)
    other.nested(nest).split("25f", clip=first)
    assert other.timeline == cut.timeline
    wire.ask("undo")
    assert cut.timeline == before
    assert wire.last("timeline")[0]["path"] == ["cut", "scene"]


def test_undo_leads_out_to_what_it_changes(cut: tl.Edit, wire: Wire) -> None:
    cut.set_track("V1", gain_db=0, enabled=False)
    wire.ask("openNested", item=_nest(cut).id)
    wire.ask("undo")
    assert cut.timeline.tracks[0].enabled
    assert wire.last("timeline")[0]["path"] == ["cut"]
    wire.ask("openNested", item=_nest(cut).id)
    # The clip that it is in was not there before.
    wire.ask("undo")
    assert wire.last("timeline")[0]["path"] == ["cut"]
    assert cut.history.steps[-1] != "nest"


def test_clips_keep_their_times_and_both_halves_show_the_change(cut: tl.Edit) -> None:
    cut.split(5, clip=_nest(cut))
    track = cut.timeline.tracks[-1]
    halves = [item for item in track.items if isinstance(item, Clip)]
    cut.nested(halves[0]).delete(0)
    now = [i for i in cut.timeline.tracks[-1].items if isinstance(i, Clip)]
    assert [half.source_range for half in now] == [h.source_range for h in halves]
    assert now[0].media.timeline == now[1].media.timeline
    assert now[0].media.timeline is not None
    assert _lengths(now[0].media.timeline) == [S(2)]


def test_what_is_no_nested_timeline_is_refused_by_its_name_and_timecode(
    cut: tl.Edit, wire: Wire
) -> None:
    refused = wire.ask("openNested", item=cut.clips[0].id)
    assert "'film' on V1 at 00:00:00:00 shows no timeline" in refused["message"]
    assert wire.ask("closeNested", depth=1)["kind"] == "refused"
    assert wire.last("timeline")[0]["path"] == ["cut"]


def test_a_timeline_within_one_is_edited_and_its_verbs_follow(
    cut: tl.Edit, studio: tl.Studio
) -> None:
    outer = tl.Edit("outer", rate=25, size=(320, 180), studio=studio)
    outer.nest(cut, at=0)
    nest = _nest(outer).id
    deep = outer.nested(nest).nested(_nest(cut))
    deep.markers.add(1, name="here")
    assert [marker.name for marker in deep.timeline.markers] == ["here"]
    found = outer.nested(nest).nested(_nest(cut)).timeline
    assert found is deep.timeline
    assert not cut.timeline.markers
    outer.undo()
    assert not deep.timeline.markers

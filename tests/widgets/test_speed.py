"""Ramps of the inspector: tracks stay in step, and so does what is not dragged."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from timelines import three_clips
from widgets.wire import Wire

import timeline_nb as tl
from timeline_nb.timeline.model import Keyframe
from timeline_nb.timeline.queries import clip_of
from timeline_nb.timeline.speed import speed_of


@pytest.fixture
def cut(tmp_path: Path) -> Iterator[tl.Edit]:
    settings = tl.Settings(data_dir=tmp_path / "data", roots=(tmp_path,))
    with tl.open_studio(settings) as studio:
        yield tl.Edit(timeline=three_clips(has_audio=True), studio=studio)


@pytest.fixture
def wire(cut: tl.Edit, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    wire = Wire(tl.Editor(cut), monkeypatch)
    wire.hello()
    yield wire
    wire.widget.close()


def ramp(wire: Wire, *points: tuple[float, float]) -> None:
    answer = wire.ask("ramp", item="c1", points=[list(point) for point in points])
    assert answer["kind"] == "done", answer


def keys(cut: tl.Edit, clip: str) -> list[tuple[Any, ...]]:
    own = clip_of(cut.timeline, clip)
    (effect,) = own.effects
    start = own.source_range.start
    found = effect.keyframes["rate"]
    return [(k.time - start, k.value, k.interpolation) for k in found]


def shown(cut: tl.Edit, clip: str, seconds: Fraction) -> Fraction:
    """The media second of a clip, some seconds after its start."""
    own = clip_of(cut.timeline, clip)
    speed = speed_of(own)
    assert speed is not None
    return speed.media_time(own.source_range.start + seconds)


def test_sound_that_begins_later_stays_in_step(wire: Wire, cut: tl.Edit) -> None:
    # Picture and sound show the same media at each second, though one begins 1 s later.
    cut.unlink("c2")
    cut.trim("c2", head="1s")
    cut.link("c1", "c2")
    ramp(wire, (0, 2.0), (2, 0.5), (4, 0.5))
    begun = [clip_of(cut.timeline, c).source_range.start for c in ("c1", "c2")]
    assert begun[1] - begun[0] == 1
    # From 200 to 50 % in 2 s: 1.625 s of media after one second.
    assert shown(cut, "c1", Fraction(1)) - begun[0] == Fraction("1.625")
    for second in (1, 2, 3):
        sound = shown(cut, "c2", Fraction(second - 1))
        assert sound == shown(cut, "c1", Fraction(second))


def test_what_begins_a_clip_stays_when_its_ramp_changes(
    wire: Wire, cut: tl.Edit
) -> None:
    ramp(wire, (0, 1.0), (4, 0.5))
    cut.trim("c1", head="1s")
    first = shown(cut, "c1", Fraction(0))
    # 0.9375 s of media passed: from 100 to 87.5 %.
    assert (
        first == Fraction("0.9375") + clip_of(cut.timeline, "c1").source_range.start - 1
    )
    before = keys(cut, "c1")
    assert before[0][0] == -1
    ramp(wire, (-1.0, 0.25), (3, 0.5))
    assert shown(cut, "c1", Fraction(0)) == first


def test_points_that_are_not_dragged_stay_exactly(wire: Wire, cut: tl.Edit) -> None:
    third = Fraction(1, 3)
    start = clip_of(cut.timeline, "c1").source_range.start
    own = [
        Keyframe(time=start, value=1.0, interpolation="ease"),
        Keyframe(time=start + third, value=0.123456, interpolation="hold"),
        Keyframe(time=start + 3, value=1.0, interpolation="bezier"),
    ]
    cut.unlink("c1")
    cut.effects.animate("c1", "speed.rate", own)
    ramp(wire, (0, 1.0), (float(third), 0.123456), (2.0, 0.9))
    assert keys(cut, "c1") == [
        (0, 1.0, "ease"),
        (third, 0.123456, "hold"),
        (2, 0.9, "bezier"),
    ]
    ramp(wire, (0, 1.0), (float(third), 0.123456), (1.0, 0.5), (2.0, 0.9))
    assert [key[2] for key in keys(cut, "c1")] == ["ease", "hold", "linear", "bezier"]
    ramp(wire, (0, 1.0), (1.0, 0.5), (2.0, 0.9))
    assert [key[2] for key in keys(cut, "c1")] == ["ease", "linear", "bezier"]


def test_without_linked_selection_the_sound_keeps_its_speed(
    wire: Wire, cut: tl.Edit
) -> None:
    answer = wire.ask("retime", items=["c1"], speed=2.0, alone=True)
    assert answer["kind"] == "done"
    picture, sound = (clip_of(cut.timeline, clip) for clip in ("c1", "c2"))
    assert picture.effects
    assert not sound.effects
    points = [[0, 2.0], [2, 0.5]]
    assert wire.ask("ramp", item="c1", points=points, alone=True)["kind"] == "done"
    assert not clip_of(cut.timeline, "c2").effects
    assert wire.ask("retime", items=["c3"], speed=2.0)["kind"] == "done"
    assert clip_of(cut.timeline, "c4").effects

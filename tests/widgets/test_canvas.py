"""What is drawn on clips and dragged there: plans, transitions, keyframes."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from timelines import three_clips
from widgets.wire import Wire

import timeline_nb as tl
from timeline_nb.commands.session import EditSession
from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import (
    Clip,
    Gap,
    Keyframe,
    MediaReference,
    Track,
    Transition,
)
from timeline_nb.timeline.queries import clip_of
from timeline_nb.widgets.columns import ITEM_DTYPE
from timeline_nb.widgets.key_marks import marks_of


@pytest.fixture
def session() -> EditSession:
    return EditSession(three_clips(has_audio=True))


@pytest.fixture
def wire(session: EditSession, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    wire = Wire(tl.TimelineWidget(session), monkeypatch)
    wire.hello()
    yield wire
    wire.widget.close()


def _plan(wire: Wire, **change: Any) -> dict[str, Any]:
    whole = {"id": 0, "view": "v", **change}
    wire.ask("plan", change=whole)
    told, _ = wire.last("planned")
    return told


# Clips c1, c3, c5 of 4, 3 and 2 s from 0, and their sound c2, c4, c6.


def test_a_plan_of_a_move_tells_what_is_overwritten(
    wire: Wire, session: EditSession
) -> None:
    before = session.timeline
    told = _plan(wire, kind="move", items=["c5"], anchor="c5", toS=3.0, up=0)
    places = [(p["id"], p["track"], p["startS"], p["endS"]) for p in told["placed"]]
    assert places == [("c5", "V1", 3.0, 5.0), ("c6", "A1", 3.0, 5.0)]
    lost = [(p["track"], p["startS"], p["endS"]) for p in told["lost"]]
    # The last second of the first clips, and the first of the second ones.
    assert lost == [
        ("V1", 3.0, 4.0),
        ("V1", 4.0, 5.0),
        ("A1", 3.0, 4.0),
        ("A1", 4.0, 5.0),
    ]
    assert told["pushed"] == []
    # Nothing was done, and nothing else is told.
    assert session.timeline is before
    assert session.undo_label is None
    assert wire.told[-1][0] is told
    assert wire.told[-2][0]["kind"] == "welcome"


def test_a_plan_of_a_ripple_tells_what_follows(wire: Wire) -> None:
    told = _plan(wire, kind="trim", item="c1", edge="tail", toS=3.0, tool="ripple")
    pushed = [(p["track"], p["fromS"], p["byS"]) for p in told["pushed"]]
    assert pushed == [("V1", 4.0, -1.0), ("A1", 4.0, -1.0)]
    assert {p["id"]: p["endS"] for p in told["placed"]} == {"c1": 3.0, "c2": 3.0}


def test_a_plan_that_is_refused_says_why(wire: Wire) -> None:
    change = {"kind": "move", "items": ["c5"], "anchor": "c5", "toS": 3.0, "up": 4}
    wire.ask("plan", change={"id": 0, "view": "v", **change})
    told, _ = wire.last("refused")
    assert "no video track so far above" in told["message"]


def test_a_rehearsal_that_fails_leaves_the_next_edit_alone(
    session: EditSession,
) -> None:
    def fail() -> None:
        raise TimelineError("no")

    with pytest.raises(TimelineError):
        session.rehearse(fail)
    session.apply("tracks", lambda t: t)
    old, new = session.rehearse(lambda: None)
    assert old is new is session.timeline


def test_a_transition_is_moved_off_its_center(wire: Wire, session: EditSession) -> None:
    wire.ask("dissolve", item="c1", durationS=1.0)
    wire.ask("setTransitionRange", after="c1", inS=0.2, outS=0.6)
    for track in session.timeline.tracks:
        (made,) = [item for item in track.items if isinstance(item, Transition)]
        # Five and fifteen frames, the crossfade of the sound as well.
        assert (made.in_offset, made.out_offset) == (Fraction(1, 5), Fraction(3, 5))
    wire.ask("setTransitionRange", after="c1", inS=0.4, outS=0.4, transition="wipe")
    assert [item.kind for item in session.timeline.tracks[0].items[1:2]] == ["wipe"]  # type: ignore[union-attr]
    wire.ask("undo")
    wire.ask("undo")
    (made,) = [i for i in session.timeline.tracks[0].items if isinstance(i, Transition)]
    assert made.in_offset == made.out_offset == Fraction(12, 25)


def test_a_transition_off_its_center_is_written_as_code() -> None:
    cut = tl.Edit(timeline=three_clips(has_audio=True))
    cut.add_transition(after="c1", duration="20f", in_offset="5f")
    (made,) = [i for i in cut.timeline.tracks[0].items if isinstance(i, Transition)]
    assert (made.in_offset, made.out_offset) == (Fraction(1, 5), Fraction(3, 5))
    with pytest.raises(TimelineError, match="before the cut"):
        cut.add_transition(after="c1", duration="10f", in_offset="1s")


def _keys(session: EditSession, item: str, name: str) -> list[tuple[float, float]]:
    clip = clip_of(session.timeline, item)
    return [(float(key.time), key.value) for key in clip.keyframes.get(name, ())]


def test_keyframes_are_added_moved_and_removed(
    wire: Wire, session: EditSession
) -> None:
    # The clip c3 begins at 4 s with the media second 20.
    wire.ask("setKeyframe", item="c3", parameter="opacity", atS=5.0, value=0.5)
    wire.ask("setKeyframe", item="c3", parameter="opacity", atS=6.0, value=1.0)
    assert _keys(session, "c3", "opacity") == [(21, 0.5), (22, 1.0)]
    told, _ = wire.last("timeline")
    (curve,) = told["tracks"][0]["curves"]
    assert (curve["item"], curve["timesS"], curve["values"]) == (
        "c3",
        [5.0, 6.0],
        [0.5, 1.0],
    )
    move: dict[str, Any] = {"item": "c3", "parameter": "opacity", "atS": 5.0}
    # Past the end of the clip it stays within.
    wire.ask("moveKeyframe", **move, toS=99.0, value=0.25)
    assert _keys(session, "c3", "opacity") == [(22, 1.0), (23, 0.25)]
    wire.ask("removeKeyframe", item="c3", parameter="opacity", atS=7.0)
    wire.ask("removeKeyframe", item="c3", parameter="opacity", atS=6.0)
    assert _keys(session, "c3", "opacity") == []
    assert clip_of(session.timeline, "c3").transform.opacity == 1.0
    wire.ask("removeKeyframe", item="c3", parameter="opacity", atS=6.0)
    told, _ = wire.last("refused")
    assert "00:00:06:00" in told["message"]


def test_a_mark_moves_all_keyframes_of_its_time(
    wire: Wire, session: EditSession
) -> None:
    cut = tl.Edit(timeline=session.timeline)
    # The clip c3 begins at 4 s with the media second 20.
    cut.effects.add("c3", "gaussian_blur")
    # Times of a method count from the clip's first frame.
    cut.effects.animate("c3", "gaussian_blur.sigma", {"1s": 0.0, "2s": 0.05})
    for name, value in (("scale", 1.5), ("opacity", 0.5)):
        cut.effects.animate("c3", name, {"1s": 1.0, "2.4s": value})
    session.apply("effects", lambda _: cut.timeline)
    told, _ = wire.last("timeline")
    # Of opacity there is a line on the clip.
    marks = told["tracks"][0]["keyMarks"]
    assert marks == [{"item": "c3", "timesS": [5.0, 6.0, 6.4]}]
    wire.ask("moveKeyframes", item="c3", atS=5.0, toS=5.4)
    blur = clip_of(session.timeline, "c3").effects[0].keyframes["sigma"]
    assert [float(key.time) for key in blur] == [21.4, 22.0]
    assert _keys(session, "c3", "scale") == [(21.4, 1.0), (22.4, 1.5)]
    assert _keys(session, "c3", "opacity") == [(21.0, 1.0), (22.4, 0.5)]
    # Where one of them has a keyframe, nothing moves.
    wire.ask("moveKeyframes", item="c3", atS=5.4, toS=6.4)
    told, _ = wire.last("refused")
    assert "Scale" in told["message"]
    assert _keys(session, "c3", "scale") == [(21.4, 1.0), (22.4, 1.5)]
    # One step each.
    wire.ask("undo")
    assert _keys(session, "c3", "scale") == [(21.0, 1.0), (22.4, 1.5)]


def test_marks_of_a_keyframe_a_frame_are_told_to_the_frame() -> None:
    rate, start = Fraction(30000, 1001), Fraction(1, 3)
    keys = tuple(Keyframe(time=start + n / rate, value=1.0) for n in range(5000))
    own = TimeRange(start, 5000 / rate)
    clip = Clip(
        id="c1",
        media=MediaReference(),
        source_range=own,
        # The same times of another parameter are the same marks.
        keyframes={"scale": keys, "rotation_deg": keys[:100]},
    )
    gap = Gap(duration=Fraction(7, 3))
    (told,) = marks_of(Track(name="V1", kind="video", items=(gap, clip)))
    exact = [float(Fraction(7, 3) + n / rate) for n in range(5000)]
    assert told.times_s == pytest.approx(exact, abs=1e-8)


def test_the_volume_that_the_last_keyframe_had_stays(
    wire: Wire, session: EditSession
) -> None:
    wire.ask("setKeyframe", item="c4", parameter="gain_db", atS=5.0, value=-6.0)
    bend: dict[str, Any] = {"item": "c4", "parameter": "gain_db", "atS": 5.0}
    wire.ask("setInterpolation", **bend, interpolation="ease_in_out")
    clip = clip_of(session.timeline, "c4")
    assert [k.interpolation for k in clip.keyframes["gain_db"]] == ["ease_in_out"]
    wire.ask("removeKeyframe", **bend)
    assert clip_of(session.timeline, "c4").gain_db == -6.0
    # One step each.
    wire.ask("undo")
    assert _keys(session, "c4", "gain_db") == [(21, -6.0)]


def test_a_clip_tells_the_media_around_it_and_its_speed(
    wire: Wire, session: EditSession
) -> None:
    cut = tl.Edit(timeline=session.timeline)
    cut.speed("c5", 2)
    session.apply("speed", lambda _: cut.timeline)
    wire.hello()
    told, buffers = wire.last("timeline")
    rows = np.frombuffer(buffers[told["tracks"][0]["buffer"]], ITEM_DTYPE)
    plain = clip_of(session.timeline, "c1")
    media = plain.media.available_range
    assert isinstance(plain, Clip)
    assert media is not None
    assert rows["head_room_s"][0] == 10.0
    assert rows["tail_room_s"][0] == float(media.end) - 14
    assert rows["rate"].tolist() == [1.0, 1.0, 2.0]

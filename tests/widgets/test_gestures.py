"""Gestures: each is one step, and the same edit as a cell's call."""

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from timelines import clip, drawn_timelines, media, three_clips
from widgets.wire import Wire

import timeline_nb as tl
from timeline_nb.commands.changing import SetClip, SetSpeed
from timeline_nb.commands.session import EditSession
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Subtitle, Timeline
from timeline_nb.timeline.queries import find, range_of, track_duration
from timeline_nb.widgets.editor import soloed
from timeline_nb.widgets.gestures import exact_time

Change = Callable[[tl.Edit], None]


@pytest.fixture
def session() -> EditSession:
    return EditSession(three_clips(has_audio=True))


@pytest.fixture
def wire(session: EditSession, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    wire = Wire(tl.TimelineWidget(session), monkeypatch)
    wire.hello()
    yield wire
    wire.widget.close()


def twin(change: Change) -> Timeline:
    """What a cell's calls make of the same start."""
    cut = tl.Edit(timeline=three_clips(has_audio=True))
    change(cut)
    return cut.timeline


def rename_sound(cut: tl.Edit) -> None:
    cut.set_track("A1", name="Voice")


# Clips c1, c3, c5 of 4, 3 and 2 s from 0, and their sound c2, c4, c6.
GESTURES: list[tuple[str, dict[str, Any], Change]] = [
    (
        "move",
        {"items": ["c5"], "anchor": "c5", "toS": 8.0, "up": 0},
        lambda t: t.shift(["c5"], by="1s"),
    ),
    (
        "trim",
        {"item": "c5", "edge": "tail", "toS": 8.6, "tool": "trim"},
        lambda t: t.trim("c5", tail="-10f"),
    ),
    (
        "trim",
        {"item": "c1", "edge": "tail", "toS": 3.8, "tool": "ripple"},
        lambda t: t.ripple("c1", tail="-5f"),
    ),
    (
        "trim",
        {"item": "c3", "edge": "head", "toS": 4.2, "tool": "roll"},
        lambda t: t.roll("c1", by="5f"),
    ),
    ("slip", {"item": "c3", "byS": 0.2}, lambda t: t.slip("c3", by="5f")),
    ("slide", {"item": "c3", "toS": 4.2}, lambda t: t.slide("c3", by="5f")),
    ("split", {"items": [], "atS": 2.0}, lambda t: t.split("2s")),
    ("split", {"items": ["c1", "c2"], "atS": 2.0}, lambda t: t.split(2, clip="c1")),
    ("remove", {"items": ["c1", "c2"], "ripple": False}, lambda t: t.lift("c1")),
    ("remove", {"items": ["c3"], "ripple": True}, lambda t: t.delete("c3")),
    (
        "dissolve",
        {"item": "c1", "durationS": 1.0},
        lambda t: t.dissolve(after=0, duration="24f"),
    ),
    # With linked selection off.
    (
        "move",
        {"items": ["c5"], "anchor": "c5", "toS": 8.0, "up": 0, "alone": True},
        lambda t: t.shift(["c5"], by="1s", alone=True),
    ),
    # All that is linked is chosen: nothing stays.
    (
        "move",
        {"items": ["c6", "c5"], "anchor": "c5", "toS": 8.0, "up": 0, "alone": True},
        lambda t: t.shift(["c5"], by="1s"),
    ),
    (
        "trim",
        {"item": "c5", "edge": "tail", "toS": 8.6, "tool": "trim", "alone": True},
        lambda t: t.trim("c5", tail="-10f", alone=True),
    ),
    (
        "trim",
        {"item": "c1", "edge": "tail", "toS": 3.8, "tool": "ripple", "alone": True},
        lambda t: t.ripple("c1", tail="-5f", alone=True),
    ),
    (
        "trim",
        {"item": "c3", "edge": "head", "toS": 4.2, "tool": "roll", "alone": True},
        lambda t: t.roll("c1", by="5f", alone=True),
    ),
    (
        "slip",
        {"item": "c3", "byS": 0.2, "alone": True},
        lambda t: t.slip("c3", by="5f", alone=True),
    ),
    (
        "slide",
        {"item": "c3", "toS": 4.2, "alone": True},
        lambda t: t.slide("c3", by="5f", alone=True),
    ),
    (
        "split",
        {"items": ["c1"], "atS": 2.0, "alone": True},
        lambda t: t.split(2, clip="c1", alone=True),
    ),
    (
        "remove",
        {"items": ["c3"], "ripple": False, "alone": True},
        lambda t: t.lift("c3", alone=True),
    ),
    (
        "remove",
        {"items": ["c3"], "ripple": True, "alone": True},
        lambda t: t.delete("c3", alone=True),
    ),
    (
        "remove",
        {"items": ["c4", "c3"], "ripple": True, "alone": True},
        lambda t: t.delete("c3"),
    ),
    (
        "copy",
        {"items": ["c3"], "cut": True, "alone": True},
        lambda t: t.lift("c3", alone=True),
    ),
    ("unlink", {"item": "c1"}, lambda t: t.unlink("c1")),
    ("link", {"items": ["c1", "c3"]}, lambda t: t.link("c1", "c3")),
    (
        "setTrack",
        {"track": "A1", "gainDb": -3.0, "enabled": False},
        lambda t: t.set_track("A1", gain_db=-3.0, enabled=False),
    ),
    ("addTrack", {"type": "video"}, lambda t: t.add_track("video")),
    ("removeTrack", {"track": "A1"}, lambda t: t.remove_track("A1")),
    ("renameTrack", {"track": "A1", "name": "Voice"}, rename_sound),
    ("addTrack", {"type": "subtitle"}, lambda t: t.add_track("subtitle")),
    ("addMarker", {"atS": 1.0, "name": "x"}, lambda t: t.markers.add("1s", name="x")),
    (
        "addMarker",
        {"atS": 1.0, "name": "x", "durationS": 2.0},
        lambda t: t.markers.add("1s", name="x", duration="2s"),
    ),
    (
        "setClips",
        {"items": ["c1"], "x": 0.25, "opacity": 0.5, "fadeInS": 0.5, "gainDb": 2.0},
        lambda t: t.set(
            "c1",
            gain_db=2.0,
            fade_in="12f",
            transform=tl.Transform(position=(0.25, 0.5), opacity=0.5),
        ),
    ),
]


@pytest.mark.parametrize(("kind", "fields", "change"), GESTURES)
def test_a_gesture_is_the_edit_of_a_cell(
    kind: str, fields: dict[str, Any], change: Change, wire: Wire
) -> None:
    session = wire.widget._session
    answer = wire.ask(kind, **fields)
    assert answer["kind"] == "done", answer
    assert session.timeline == twin(change)
    assert len(session.steps_made) == 1
    script = wire.ask("askScript", restart=False)["text"]
    again = tl.Edit(timeline=three_clips(has_audio=True))
    exec(script, {"cut": again, "tl": tl})  # noqa: S102 - it is what is tested
    assert again.timeline == session.timeline
    wire.ask("undo")
    assert session.timeline == three_clips(has_audio=True)


@pytest.mark.parametrize(
    ("fields", "moved"),
    [({}, {"c5", "c6"}), ({"alone": True}, {"c5"})],
)
def test_a_plan_tells_what_goes_along(
    fields: dict[str, Any], moved: set[str], wire: Wire
) -> None:
    change = {"kind": "move", "items": ["c5"], "anchor": "c5", "toS": 9.0, "up": 0}
    whole = {**change, **fields, "id": 0, "view": wire.view}
    plan = wire.ask("plan", change=whole)
    assert {own["id"] for own in plan["placed"]} == moved


def test_a_copy_of_a_picture_alone_has_no_sound(wire: Wire) -> None:
    session = wire.widget._session
    wire.ask("copy", items=["c1"], cut=False, alone=True)
    assert wire.ask("paste", atS=9.0)["kind"] == "done"
    wire.ask("duplicate", items=["c5"], atS=13.0, alone=True)
    assert [float(track_duration(track)) for track in session.timeline.tracks] == [
        15,
        9,
    ]


def test_one_of_two_markers_of_a_name_is_changed_and_removed(wire: Wire) -> None:
    session = wire.widget._session
    for seconds in (1.0, 3.0):
        assert wire.ask("addMarker", atS=seconds, name="cut")["kind"] == "done"
    fields: dict[str, Any] = {"name": "end", "color": "blue", "note": "Loud\n?"}
    answer = wire.ask("setMarker", marker=0, startS=5.0, durationS=0.4, **fields)
    assert answer["kind"] == "done", answer
    # They are in order of time: the changed one is the second now.
    first, second = session.timeline.markers
    assert (first.name, first.marked_range.start) == ("cut", 3)
    assert (second.name, second.color, second.note) == ("end", "blue", "Loud\n?")
    assert second.marked_range == TimeRange(Fraction(5), Fraction(10, 25))
    [shown] = [v for v in wire.last("timeline")[0]["markers"] if v["name"] == "end"]
    assert shown["note"] == "Loud\n?"
    assert wire.ask("removeMarker", marker=0)["kind"] == "done"
    assert session.timeline.markers == (second,)


def test_a_track_goes_to_a_place_among_its_kind(wire: Wire) -> None:
    session = wire.widget._session
    for _ in range(2):
        wire.ask("addTrack", type="video")
    assert wire.ask("moveTrack", track="V1", index=2)["kind"] == "done"
    assert [t.name for t in session.timeline.tracks] == ["V2", "V3", "V1", "A1"]
    assert wire.ask("moveTrack", track="V3", index=0)["kind"] == "done"
    assert [t.name for t in session.timeline.tracks] == ["V3", "V2", "V1", "A1"]
    assert session.undo_label == "move track"


def test_items_of_several_kinds_go_up_where_they_can(wire: Wire) -> None:
    session = wire.widget._session
    wire.ask("addTrack", type="video")
    start = session.timeline
    fields: dict[str, Any] = {"items": ["c5", "c6"], "anchor": "c5"}
    fields |= {"toS": 8.0, "up": 1}
    assert wire.ask("move", **fields)["kind"] == "done"
    assert session.timeline == edits.shift(start, ["c5"], by=Fraction(1), up=1)


def test_a_gesture_tells_each_thing_once(wire: Wire) -> None:
    del wire.told[:]
    fields: dict[str, Any] = {"item": "c5", "edge": "tail", "toS": 8.6}
    wire.ask("trim", tool="trim", **fields)
    assert [told["kind"] for told, _ in wire.told] == ["timeline", "session", "done"]
    assert wire.last("session")[0]["undo"] == "trim"


def test_what_is_copied_is_pasted_with_its_links(wire: Wire) -> None:
    session = wire.widget._session
    wire.ask("copy", items=["c3"], cut=False)
    told, _ = wire.last("session")
    assert told["canPaste"] is True
    assert wire.ask("paste", atS=9.0)["kind"] == "done"
    video, sound = session.timeline.tracks
    assert [range_of(t, 3).start for t in (video, sound)] == [9, 9]
    one, other = video.items[-1], sound.items[-1]
    assert one.link == other.link != ""
    assert one.link not in {item.link for item in video.items[:-1]}
    wire.ask("copy", items=["c1"], cut=True)
    assert session.undo_label == "cut"


def test_a_split_beside_the_selection_says_why(wire: Wire) -> None:
    session = wire.widget._session
    before = session.timeline
    # The second clip lies from 4 to 7 s.
    for at in (1, 4, 7, 8):
        answer = wire.ask("split", items=["c3"], atS=at, alone=False)
        assert "the playhead is not within what is selected" in answer["message"]
        assert answer["said"]["text"] == answer["message"]
    assert session.timeline is before
    assert wire.ask("split", items=["c3"], atS=5, alone=False)["kind"] == "done"


def test_the_history_calls_a_deletion_as_the_menu_does(wire: Wire) -> None:
    session = wire.widget._session
    menu = (
        Path(__file__).parents[2] / "widgets-js/src/timeline/commands.ts"
    ).read_text()
    for ripples, item in ((False, "c3"), (True, "c2")):
        kind = "timeline.rippleRemove" if ripples else "timeline.remove"
        (label,) = re.findall(rf'id: "{kind}",\s+label: t\("(.+?)"\)', menu)
        assert wire.ask("remove", items=[item], ripple=ripples)["kind"] == "done"
        assert session.undo_label == label.lower()


@pytest.mark.parametrize(
    ("kind", "fields", "why"),
    [
        ("paste", {"atS": 1.0}, "nothing to paste"),
        ("slip", {"item": "c1", "byS": 90.0}, "'street' has no more media"),
        ("undo", {}, "nothing to undo"),
        ("remove", {"items": ["c99"], "ripple": False}, "c99"),
        ("dissolve", {"item": "c5", "durationS": 1.0}, "is the last clip"),
        ("setClips", {"items": ["c1"], "opacity": 7.0}, "opacity"),
        ("removeTrack", {"track": "Z9"}, "Z9"),
        ("renameTrack", {"track": "V1", "name": "A1"}, "A1"),
        ("moveTrack", {"track": "V1", "index": 1}, "there are 1 video tracks"),
        ("setMarker", {"marker": 0, "name": "x"}, "no marker at place 0"),
        ("removeMarker", {"marker": 3}, "no marker at place 3"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    kind: str, fields: dict[str, Any], why: str, wire: Wire
) -> None:
    session = wire.widget._session
    before = session.timeline
    answer = wire.ask(kind, **fields)
    assert answer["kind"] == "refused"
    assert why in answer["message"]
    assert session.timeline is before


@pytest.mark.parametrize(
    ("kind", "fields", "is_gone"),
    [
        ("remove", {"items": ["c99"], "ripple": False}, True),
        ("move", {"items": ["c99"], "anchor": "c99", "toS": 1.0, "up": 0}, True),
        ("trim", {"item": "c99", "edge": "head", "toS": 1.0, "tool": "trim"}, True),
        ("setClips", {"items": ["c99"], "opacity": 0.5}, True),
        ("setMarker", {"marker": 0, "startS": 1.0}, True),
        ("slip", {"item": "c1", "byS": 90.0}, False),
        ("renameTrack", {"track": "V1", "name": "A1"}, False),
    ],
)
def test_a_refusal_says_whether_what_it_is_about_is_gone(
    *, kind: str, fields: dict[str, Any], is_gone: bool, wire: Wire
) -> None:
    answer = wire.ask(kind, **fields)
    assert (answer["kind"], answer["isGone"]) == ("refused", is_gone), answer


def test_dropping_on_an_edge_between_frames_meets_it_exactly() -> None:
    timeline = edits.append(three_clips(), [clip(40, Fraction(1, 3), of=media())])
    end = range_of(timeline.tracks[0], 3).end
    assert end == Fraction(28, 3)
    assert exact_time(timeline, float(end)) == end
    # Elsewhere it is the nearest frame.
    assert exact_time(timeline, 2.013) == Fraction(2)
    assert exact_time(timeline, 2.03) == Fraction(51, 25)


@given(timeline=drawn_timelines(), data=st.data())
def test_every_edge_is_known_again_from_its_float(
    timeline: Timeline, data: st.DataObject
) -> None:
    if not timeline.tracks:
        return
    track = data.draw(st.sampled_from(timeline.tracks))
    if not track.items:
        return
    number = data.draw(st.integers(0, len(track.items) - 1))
    end = range_of(track, number).end
    assert exact_time(timeline, float(end)) == end


def test_a_view_is_told_the_items_in_columns(wire: Wire) -> None:
    told, buffers = wire.last("timeline")
    assert [track["name"] for track in told["tracks"]] == ["V1", "A1"]
    assert (told["rateNum"], told["durationS"]) == (25, 9.0)
    rows = np.frombuffer(buffers[0], np.float64).reshape(-1, 14)
    assert rows[:, 0].tolist() == [0.0, 4.0, 7.0]
    assert rows[:, 1].tolist() == [4.0, 7.0, 9.0]
    assert rows[:, 4].tolist() == [10.0, 20.0, 30.0]
    assert told["tracks"][0]["ids"] == ["c1", "c3", "c5"]


def test_only_the_tracks_that_changed_are_told_again(wire: Wire) -> None:
    session = wire.widget._session
    wire.ask("unlink", item="c1")
    session.perform(SetClip(clip="c1", name="road"))
    told, buffers = wire.last("timeline")
    assert [track["buffer"] for track in told["tracks"]] == [0, -1]
    assert told["tracks"][0]["names"][0] == "road"
    assert len(buffers) == 1
    # Of that one, only the clip that is another.
    assert told["tracks"][0]["names"] == ["road"]
    assert (told["tracks"][0]["head"], told["tracks"][0]["tail"]) == (0, 2)
    # A view that comes later is told all.
    wire.hello("w")
    told, buffers = wire.last("timeline")
    assert told["view"] == "w"
    assert [track["buffer"] for track in told["tracks"]] == [0, 1]


def test_solo_leaves_the_other_kinds_and_the_edit_alone() -> None:
    timeline = edits.add_track(three_clips(has_audio=True), "audio")
    seen = soloed(timeline, ["A2"])
    assert [t.enabled for t in seen.tracks] == [True, False, True]
    assert soloed(timeline, []) is timeline
    assert soloed(timeline, ["gone"]) is timeline


def test_markers_of_clips_lie_where_they_are_shown(wire: Wire) -> None:
    session = wire.widget._session
    cut = tl.Edit(timeline=session.timeline)
    first = cut.clips[0]
    start = first.source_range.start
    marks = tuple(
        tl.Marker(
            name=name, marked_range=TimeRange(start + at, Fraction(0)), color="blue"
        )
        for name, at in (("in", Fraction(1)), ("late", Fraction(400)))
    )
    session.perform(SetClip(clip=first.id, markers=marks))
    [video] = [v for v in wire.last("timeline")[0]["tracks"] if v["name"] == "V1"]
    # What lies outside the clip is not shown.
    assert [(m["item"], m["name"], m["startS"]) for m in video["markers"]] == [
        (first.id, "in", 1.0)
    ]
    session.perform(SetSpeed(clip=first.id, factor=Fraction(2)))
    [video] = [v for v in wire.last("timeline")[0]["tracks"] if v["name"] == "V1"]
    assert [m["startS"] for m in video["markers"]] == [0.5]


def _lines(session: EditSession) -> list[tuple[str, str, float, float]]:
    return [
        (track.name, item.text, float(span.start), float(span.end))
        for track in session.timeline.tracks
        for place, item in enumerate(track.items)
        if isinstance(item, Subtitle)
        for span in [range_of(track, place)]
    ]


def test_a_line_of_subtitles_goes_until_the_next(
    wire: Wire, session: EditSession
) -> None:
    # The first one makes the track; a line is two seconds long.
    wire.ask("addSubtitle", atS=3.0, text="Second")
    wire.ask("addSubtitle", atS=2.2, text="First")
    track = session.timeline.tracks[-1].name
    assert _lines(session) == [
        (track, "First", 2.2, 3.0),
        (track, "Second", 3.0, 5.0),
    ]
    told, _ = wire.last("done")
    place = find(session.timeline, told["text"])
    made = session.timeline.tracks[place.track].items[place.item]
    assert isinstance(made, Subtitle)
    assert made.text == "First"
    wire.ask("addSubtitle", atS=2.4, text="Over it", track=track)
    told, _ = wire.last("refused")
    assert "First" in told["message"]
    # One step each.
    wire.ask("undo")
    assert _lines(session) == [(track, "Second", 3.0, 5.0)]


def test_a_line_of_another_language_cuts_no_line_short(
    wire: Wire, session: EditSession
) -> None:
    wire.ask("addSubtitle", atS=6.0, text="Later")
    (first,) = {track for track, *_ in _lines(session)}
    wire.ask("addTrack", type="subtitle")
    second = session.timeline.tracks[-1].name
    wire.ask("addSubtitle", atS=1.04, text="Später", track=second)
    # It begins a frame before the one on the other track.
    wire.ask("addSubtitle", atS=1.0, text="Earlier")
    assert (first, "Earlier", 1.0, 3.0) in _lines(session)
    # Nor do those of a track that is locked: it goes on the other one.
    wire.ask("setTrack", track=first, locked=True)
    wire.ask("addSubtitle", atS=5.0, text="Spät")
    assert (second, "Spät", 5.0, 7.0) in _lines(session)

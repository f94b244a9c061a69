"""OpenTimelineIO files of other programs, and ours after they changed them."""

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio
import pytest
from msgspec.structs import replace
from own_time import at_once
from timelines import clip, empty, media, three_clips

from timeline_nb.errors import TimelineNbError
from timeline_nb.interchange import otio
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import FoundMedia, ReadRequest, WriteRequest
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Gap,
    Marker,
    MediaReference,
    Timeline,
    Transition,
)
from timeline_nb.timeline.speed import speed_of
from timeline_nb.timeline.validate import problems

S = opentimelineio.schema
RATE = 25.0
Change = Callable[[Any], object]


def at(frames: float) -> Any:
    return opentimelineio.opentime.RationalTime(frames, RATE)


def span(start: float, frames: float) -> Any:
    return opentimelineio.opentime.TimeRange(at(start), at(frames))


def a_report() -> Report:
    return Report(Path("a.otio"), "otio", "import")


def read(document: Any, report: Report | None = None, **given: Any) -> Timeline:
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    path = Path("a.otio")
    request = ReadRequest(
        data=data, name=path.name, path=path, report=report or a_report(), **given
    )
    return otio.read(request)


def written(timeline: Timeline) -> bytes:
    path = Path("a.otio")
    report = Report(path, "otio", "export")
    return otio.write(WriteRequest(timeline=timeline, path=path, report=report)).data


def changed(timeline: Timeline, change: Change, report: Report | None = None):  # type: ignore[no-untyped-def] # noqa: ANN201
    """Write an edit, change it by OpenTimelineIO's library, and read it back."""
    text = written(timeline).decode()
    made = opentimelineio.adapters.read_from_string(text, "otio_json")
    change(made)
    out = opentimelineio.adapters.write_to_string(made, "otio_json")
    return read(out.encode(), report)


def first_track(made: Any) -> Any:
    return made.tracks[0]


def of_library(timeline: Any, report: Report | None = None) -> Timeline:
    text = opentimelineio.adapters.write_to_string(timeline, "otio_json")
    return read(text.encode(), report)


def test_a_foreign_trim_and_a_new_name_keep_id_and_effects() -> None:
    blur = Effect(kind="gaussian_blur", parameters={"sigma": 0.01})
    timeline = edits.append(
        empty(), [replace(clip(10, 4), effects=(blur,)), clip(20, 3)]
    )

    def trim(made: Any) -> None:
        own = made.tracks[0][0]
        own.source_range = span(10 * 25 + 5, 4 * 25 - 12)
        own.name = "river"

    back = changed(timeline, trim)
    one, other = back.tracks[0].items
    assert isinstance(one, Clip)
    assert (one.id, one.name, list(one.effects)) == ("c1", "river", [blur])
    assert one.source_range == TimeRange(Fraction(255, 25), Fraction(88, 25))
    assert other == timeline.tracks[0].items[1]


def test_a_trim_of_a_fast_clip_moves_its_media() -> None:
    fast = Effect(kind="speed", parameters={"rate": "2", "time": "10", "media": "10"})
    timeline = edits.append(empty(), [replace(clip(10, 4), effects=(fast,))])

    def trim(made: Any) -> None:
        # Two seconds of media are one of the clip.
        made.tracks[0][0].source_range = span(12 * 25, 3 * 25)

    (one,) = changed(timeline, trim).tracks[0].items
    assert isinstance(one, Clip)
    assert one.duration == 3
    assert one.effects == (fast,)
    speed = speed_of(one)
    assert speed is not None
    assert speed.media_time(one.source_range.start) == 12


def test_a_speed_that_another_program_sets_is_used() -> None:
    timeline = edits.append(empty(), [clip(10, 4)])

    def speed_up(made: Any) -> None:
        made.tracks[0][0].effects.append(S.LinearTimeWarp("w", time_scalar=-1.5))

    (one,) = changed(timeline, speed_up).tracks[0].items
    assert isinstance(one, Clip)
    speed = speed_of(one)
    assert speed is not None
    # It shows the second 10 first, and then what is before it.
    assert speed.media_time(one.source_range.start) == 10
    assert speed.rate == Fraction(-3, 2)
    assert one.id == "c1"


def test_order_copies_and_deletions_are_those_of_the_other_program() -> None:
    timeline = three_clips()

    def rearrange(made: Any) -> None:
        track = made.tracks[0]
        first = track[0].clone()
        del track[1]
        track.append(first)
        track[0].effects.append(S.Effect("grain", "other.grain"))

    report = a_report()
    back = changed(timeline, rearrange, report)
    items = [item for item in back.tracks[0].items if isinstance(item, Clip)]
    # The copy gets an id of its own when the import numbers it.
    assert [item.id for item in items] == ["c1", "c3", ""]
    assert [item.source_range.start for item in items] == [10, 30, 10]


def test_moved_media_are_looked_for() -> None:
    timeline = edits.append(empty(), [clip(10, 4)])
    moved = replace(media("elsewhere/b.mp4", seconds=30), fingerprint="ab" * 8)

    def find(path: str) -> FoundMedia:
        assert path == "elsewhere/b.mp4"
        return FoundMedia(moved, is_there=True)

    text = written(timeline).decode()
    text = text.replace('"target_url": "street.mp4"', '"target_url": "elsewhere/b.mp4"')
    (one,) = read(text.encode(), find=find).tracks[0].items
    assert isinstance(one, Clip)
    assert (one.media, one.id) == (moved, "c1")


def foreign() -> Any:
    """A timeline of another program: two clips, a dissolve, a fade, and a marker."""
    timeline = S.Timeline("foreign")
    timeline.global_start_time = at(90_000)
    timeline.metadata["other"] = {"owner": "Ada"}
    track = S.Track("Picture", kind="Video")
    for name, start in (("a", 90_100), ("b", 90_300)):
        reference = S.ExternalReference(
            f"file:///films/{name}%20b.mov", span(90_000, 1000)
        )
        own = S.Clip(name, reference, span(start, 50))
        own.markers.append(S.Marker("m", span(start + 10, 5), color="CYAN"))
        own.effects.append(S.Effect("grain", "other.grain", {"amount": 3}))
        track.append(own)
    track.insert(1, S.Transition("t", "SMPTE_Dissolve", at(6), at(4)))
    track.append(S.Transition("out", "SMPTE_Dissolve", at(10), at(0)))
    track.append(S.Gap(source_range=span(0, 25)))
    timeline.tracks.append(track)
    return timeline


def test_a_foreign_edit_is_read() -> None:
    report = a_report()
    made = of_library(foreign(), report)
    # The import numbers what has no id.
    assert [p for p in problems(made) if "item id" not in p.message] == []
    track = made.tracks[0]
    a, dissolve, b, gap = track.items
    assert isinstance(a, Clip)
    assert isinstance(b, Clip)
    # The media's first frame has the timecode 01:00:00:00, 90,000 frames.
    assert a.source_range == TimeRange(Fraction(4), Fraction(2))
    assert a.media.path == "/films/a b.mov"
    assert a.media.available_range == TimeRange(Fraction(0), Fraction(40))
    assert a.markers[0].marked_range == TimeRange(Fraction(110, 25), Fraction(1, 5))
    assert a.markers[0].color == "cyan"
    assert dissolve == Transition(in_offset=Fraction(6, 25), out_offset=Fraction(4, 25))
    # A transition beside a gap is a fade.
    assert b.fade_out == Fraction(10, 25)
    assert gap == Gap(duration=Fraction(1))
    assert made.metadata["start_timecode"] == "01:00:00:00"
    assert [one.what for one in report.lost] == ["the effect 'other.grain'"] * 2


def test_what_is_not_known_goes_back_into_the_next_file() -> None:
    made = of_library(foreign())
    text = written(made).decode()
    again = opentimelineio.adapters.read_from_string(text, "otio_json")
    assert again.metadata["other"]["owner"] == "Ada"
    assert again.global_start_time == at(90_000)
    own = again.tracks[0][0]
    assert [e.effect_name for e in own.effects] == ["other.grain"]
    assert own.effects[0].metadata["amount"] == 3
    assert read(text.encode()) == made


def resolve(name: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    """An effect as DaVinci Resolve writes it."""
    own = {"Effect Name": name, "Enabled": True, "Parameters": list(parameters)}
    return {
        "OTIO_SCHEMA": "Effect.1",
        "metadata": {"Resolve_OTIO": own},
        "effect_name": "Resolve Effect",
    }


def parameter(name: str, value: float, default: float, **keys: float) -> dict[str, Any]:
    frames = {own.removeprefix("f"): {"Value": at} for own, at in keys.items()}
    return {
        "Parameter ID": name,
        "Parameter Value": value,
        "Default Parameter Value": default,
        "Key Frames": frames,
    }


def test_the_inspector_of_resolve_is_read() -> None:
    made = clip_one()
    made["metadata"] = {"Resolve_OTIO": {"Link Group ID": 7}}
    made["effects"] = [
        resolve("Cropping"),
        resolve("Volume", parameter("volume", -2.0, 0.0, f0=0.0, f5=-20.0)),
        resolve("Composite", parameter("opacity", 50.0, 100.0)),
        resolve(
            "Transform",
            parameter("transformationZoomX", 1.5, 1.0),
            parameter("transformationZoomY", 1.5, 1.0),
        ),
        resolve("Equaliser Band", parameter("eq band index", 1, 0)),
        resolve("Lens Correction", parameter("distortion", 0.2, 0.0)),
    ]
    report = a_report()
    (one,) = read(made, report).tracks[0].items
    assert isinstance(one, Clip)
    # Five frames at 25 frames a second, from the clip's start at its own time 5.
    keys = one.keyframes["gain_db"]
    assert [(k.time, k.value) for k in keys] == [
        (Fraction(5, 25), 0.0),
        (Fraction(10, 25), -20.0),
    ]
    assert (one.transform.opacity, one.transform.scale) == (0.5, 1.5)
    assert (one.gain_db, one.link) == (-2.0, "resolve7")
    assert [f.what for f in report.lost] == ["the effect 'Lens Correction'"]
    # The next file has all of it again.
    back = json.loads(written(read(made)))
    again = back["tracks"]["children"][0]["children"][0]
    assert [e for e in again["effects"] if "timeline_nb" not in e["metadata"]] == (
        made["effects"]
    )


def marker(version: int) -> dict[str, Any]:
    """A marker as each version of its schema has it."""
    text = opentimelineio.adapters.write_to_string(
        S.Marker("m", span(10, 5), color="GREEN"), "otio_json"
    )
    made: dict[str, Any] = json.loads(text)
    made["OTIO_SCHEMA"] = f"Marker.{version}"
    if version == 1:
        del made["comment"]
    return made


def test_a_marker_of_the_third_version_has_a_color_of_any_name() -> None:
    # As the baselines of OpenTimelineIO's main branch have it.
    made = marker(3)
    made["color"] = {"OTIO_SCHEMA": "Color.1", "r": 1.0, "g": 0.5, "b": 0.0, "a": 1.0}
    named = {**made, "color": {**made["color"], "name": "Pink"}}
    stack = {"OTIO_SCHEMA": "Stack.1", "markers": [made, named]}
    assert [one.color for one in read(stack).markers] == ["#ff8000", "pink"]


@pytest.mark.parametrize("version", [1, 2, 3])
def test_markers_of_each_version_are_read(version: int) -> None:
    timeline = {
        "OTIO_SCHEMA": "Timeline.1",
        "name": "t",
        "tracks": {"OTIO_SCHEMA": "Stack.1", "markers": [marker(version)]},
        "global_start_time": {"OTIO_SCHEMA": "RationalTime.1", "rate": 25, "value": 0},
    }
    expected = TimeRange(Fraction(10, 25), Fraction(1, 5))
    assert read(timeline).markers == (
        Marker(name="m", marked_range=expected, color="green"),
    )


def clip_one() -> dict[str, Any]:
    """A clip of the schema Clip.1, which had one media reference."""
    made = json.loads(
        opentimelineio.adapters.write_to_string(
            S.Clip("old", S.ExternalReference("a%20b.mp4"), span(5, 10)), "otio_json"
        )
    )
    made["OTIO_SCHEMA"] = "Clip.1"
    made["media_reference"] = made.pop("media_references")["DEFAULT_MEDIA"]
    return made  # type: ignore[no-any-return]


def test_a_clip_of_the_first_version_is_read() -> None:
    (one,) = read(clip_one()).tracks[0].items
    assert isinstance(one, Clip)
    assert one.media.path == "a b.mp4"
    assert one.source_range == TimeRange(Fraction(5, 25), Fraction(10, 25))


def test_an_unknown_schema_leaves_a_gap_and_a_finding() -> None:
    strange = {**clip_one(), "OTIO_SCHEMA": "Hologram.4"}
    track = {
        "OTIO_SCHEMA": "Track.1",
        "kind": "Video",
        "children": [strange, clip_one()],
    }
    report = a_report()
    gap, _ = read(track, report).tracks[0].items
    assert gap == Gap(duration=Fraction(10, 25))
    (one,) = report.lost
    assert one.what == "an object of the schema Hologram"
    assert one.where == 'V1, clip "old" at 00:00:00:00'


def test_nested_stacks_and_a_cut_track() -> None:
    inner = S.Stack("inner")
    track = S.Track("x", kind="Video")
    track.append(S.Clip("a", S.MissingReference(), span(0, 50)))
    inner.append(track)
    inner.source_range = span(10, 20)
    outer = S.Track("Picture", kind="Video")
    outer.append(inner)
    outer.append(S.Clip("b", S.MissingReference(), span(0, 50)))
    outer.source_range = span(5, 30)
    timeline = S.Timeline("t")
    timeline.tracks.append(outer)
    one, two = of_library(timeline).tracks[0].items
    assert isinstance(one, Clip)
    assert isinstance(two, Clip)
    assert one.media.timeline is not None
    # 20 frames from the 10th, of which the track leaves out the first 5.
    assert one.source_range == TimeRange(Fraction(15, 25), Fraction(15, 25))
    assert two.source_range == TimeRange(Fraction(0), Fraction(15, 25))


def test_a_collection_has_several_timelines() -> None:
    both = S.SerializableCollection("bin", [S.Timeline("a"), S.Timeline("b")])
    text = opentimelineio.adapters.write_to_string(both, "otio_json").encode()
    report = a_report()
    assert read(text, report).name == "a"
    assert [one.what for one in report.lost] == ["the timeline 'b'"]
    path = Path("a.otio")
    request = ReadRequest(data=text, name="a.otio", path=path, report=a_report())
    assert otio.read(request, timeline="b").name == "b"
    with pytest.raises(TimelineNbError, match="no timeline 'c'; there are a, b"):
        otio.read(request, timeline="c")


def test_the_library_reads_what_is_written() -> None:
    timeline = edits.append(empty(), [clip(10, 4), clip(20, 3)])
    made = opentimelineio.adapters.read_from_string(
        written(timeline).decode(), "otio_json"
    )
    one = made.tracks[0][0]
    assert isinstance(one, S.Clip)
    assert one.source_range == span(250, 100)
    assert one.media_reference.target_url == "street.mp4"
    assert one.media_reference.available_range == span(0, 1500)
    assert made.global_start_time == at(0)
    assert made.tracks[0].kind == "Video"
    assert made.duration() == at(175)


DEEP = b'{"OTIO_SCHEMA":"Stack.1","children":[' * 100_000
HOSTILE = {
    "deep": DEEP + b"]}" * 100_000,
    "deep and cut": DEEP,
    "deep lists": b'{"OTIO_SCHEMA":"Timeline.1","metadata":{"a":' + b"[" * 100_000,
    "beyond 64 bits": b'{"OTIO_SCHEMA":"Timeline.1","metadata":{"a":%d}}' % 2**70,
    "a value beyond": b'{"OTIO_SCHEMA":"Timeline.1","global_start_time":'
    b'{"rate":25,"value":%d}}' % 2**70,
    "a rate of 0": b'{"OTIO_SCHEMA":"Timeline.1","global_start_time":'
    b'{"rate":0,"value":1}}',
    "an infinite rate": b'{"OTIO_SCHEMA":"Timeline.1","global_start_time":'
    b'{"rate":1e999,"value":1}}',
    "a tiny rate": b'{"OTIO_SCHEMA":"Clip.1","source_range":{"start_time":'
    b'{"rate":1e-300,"value":1},"duration":{"rate":1e-300,"value":1}}}',
    "NUL": b"\0" * 1000,
    "empty": b"",
    "binary": bytes(range(256)) * 10,
    "no schema": b"{}",
    "a list": b"[]",
    "an unknown root": b'{"OTIO_SCHEMA":"Hologram.1"}',
    "a schema of no text": b'{"OTIO_SCHEMA":{}}',
    "tracks of text": b'{"OTIO_SCHEMA":"Timeline.1","tracks":"x"}',
    "children of numbers": b'{"OTIO_SCHEMA":"Stack.1","children":[1,2]}',
    "a broken kept edit": b'{"OTIO_SCHEMA":"Timeline.1","metadata":{"timeline_nb":'
    b'{"version":1,"json":"{\\"rate\\":\\"x\\"}"}}}',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_at_once(name: str) -> None:
    with at_once(), pytest.raises(TimelineNbError) as caught:
        read(HOSTILE[name])
    assert "a.otio" in str(caught.value)
    assert "recursion" not in str(caught.value)


@pytest.mark.parametrize("rate", ["0", "-1/10", "2000000"])
def test_a_kept_rate_that_counts_nothing_is_refused_here_and_inside(rate: str) -> None:
    inner = edits.append(empty(), [clip(10, 4)])
    nested = Clip(
        name="in",
        media=MediaReference(timeline=inner, size=inner.size),
        source_range=TimeRange(Fraction(0), Fraction(4)),
    )
    whole = written(edits.append(empty(), [nested])).decode()
    # The outer one's and the inner one's, each as text in the metadata.
    kept = '\\"rate\\":\\"25\\"'
    places = [place for place in range(len(whole)) if whole.startswith(kept, place)]
    refused = 0
    for place in places:
        hurt = whole[:place] + f'\\"rate\\":\\"{rate}\\"' + whole[place + len(kept) :]
        try:
            read(hurt.encode())
        except TimelineNbError as error:
            refused += "a rate of" in str(error)
    assert refused >= 2

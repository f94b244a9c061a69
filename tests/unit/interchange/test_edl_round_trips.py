"""EDL that are written come back, and OpenTimelineIO's are read."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

import pytest
from edl_lists import NTSC, PAL, RATES, clip, edit, load, save, speed
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sample_files import sample_files

from timeline_nb.timeline.model import (
    Clip,
    Gap,
    Item,
    MediaReference,
    Timeline,
    Track,
    Transition,
)
from timeline_nb.timeline.speed import speed_of

PART: Final = st.fixed_dictionaries(
    {
        "before": st.sampled_from(["cut", "cut", "dissolve", "gap", "fade"]),
        "frames": st.integers(20, 90),
        "first": st.integers(1_000, 5_000),
        "speed": st.sampled_from(["1", "1", "1", "2", "-1", "0", "1/3", "-7/5"]),
        "into": st.integers(0, 8),
        "out": st.integers(1, 8),
        "fade": st.integers(0, 6),
        "name": st.sampled_from(
            ["a", "b b", "long name.final", "\u00e9t\u00e9", "c=1"]
        ),
    }
)


def drawn(rate: Fraction, parts: list[dict[str, Any]]) -> Iterator[Item]:
    for number, part in enumerate(parts):
        own = {"id": f"c{number}", "fade_out": part["fade"] / rate}
        first = part["first"] / rate
        if part["speed"] != "1":
            own["effects"] = (speed(part["speed"], first, first),)
        joined = (
            number and part["before"] == "dissolve" and not parts[number - 1]["fade"]
        )
        if part["before"] == "gap":
            yield Gap(duration=7 / rate)
        elif part["before"] == "fade":
            own["fade_in"] = 5 / rate
        elif joined:
            yield Transition(
                in_offset=part["into"] / rate, out_offset=part["out"] / rate
            )
        yield clip(part["name"], part["first"], part["frames"], rate, **own)


def bare(timeline: Timeline) -> Timeline:
    """Return an edit without what an import adds."""

    def plain(item: Item) -> Item:
        if not isinstance(item, Clip):
            return item
        media = MediaReference(path=item.media.path)
        return replace(item, media=media, metadata={})

    tracks = tuple(
        replace(track, items=tuple(map(plain, track.items)))
        for track in timeline.tracks
    )
    return replace(timeline, tracks=tracks, metadata={}, next_id=1)


@settings(max_examples=60)
@given(
    rate=st.sampled_from(RATES),
    parts=st.lists(PART, min_size=1, max_size=6),
    drop=st.booleans(),
)
def test_what_is_written_comes_back(
    rate: Fraction, parts: list[dict[str, Any]], *, drop: bool
) -> None:
    before = edit(*drawn(rate, parts), rate=rate)
    start = "01:00:00;00" if drop and rate in {NTSC, 2 * NTSC} else "01:00:00:00"
    written, report = save(before, start=start)
    assert not report.lost
    after, _ = load(written.data)
    assert bare(after) == bare(before)


@settings(max_examples=30)
@given(
    parts=st.lists(PART, min_size=1, max_size=5),
    kinds=st.lists(st.sampled_from(["linked", "alone", "shifted"]), min_size=5),
    sound=st.sampled_from(["stereo", "mono"]),
    count=st.integers(1, 3),
)
def test_sound_comes_back_on_its_tracks(
    parts: list[dict[str, Any]], kinds: list[str], sound: str, count: int
) -> None:
    plain = [part | {"fade": 0, "before": "cut", "speed": "1"} for part in parts]
    pictures = [
        replace(item, link=f"l{number}") if kinds[number] == "linked" else item
        for number, item in enumerate(drawn(PAL, plain))
        if isinstance(item, Clip)
    ]
    tracks = [edit(*pictures).tracks[0]]
    for place in range(1, count + 1):
        heard = [
            replace(
                item,
                id=f"s{place}{item.id}",
                link=item.link if place == 1 else "",
                source_range=item.source_range.shifted(
                    Fraction(kinds[number] == "shifted")
                ),
            )
            for number, item in enumerate(pictures)
        ]
        tracks.append(Track(kind="audio", name=f"A{place}", items=tuple(heard)))
    before = replace(edit(), tracks=tuple(tracks))
    written, report = save(before, sound=sound)
    assert not report.lost
    after, _ = load(written.data)
    assert bare(after) == bare(before)


@settings(max_examples=60)
@given(rate=st.sampled_from(RATES), parts=st.lists(PART, min_size=1, max_size=6))
def test_without_remarks_the_picture_is_the_same_but_for_what_is_told(
    rate: Fraction, parts: list[dict[str, Any]]
) -> None:
    before = edit(*drawn(rate, parts), rate=rate)
    written, report = save(before, remarks=False)
    after, _ = load(written.data, rate=rate)
    off = {one.where: one.by_how_much for one in report if one.by_how_much}
    for frame in range(sum(p["frames"] for p in parts)):
        old, new = pictures(before, frame), pictures(after, frame)
        assert [name for name, _ in old] == [name for name, _ in new]
        if not off:
            assert old == new


def pictures(timeline: Timeline, frame: int) -> list[tuple[str, Fraction]]:
    """Return the names and media seconds of what is seen of a track at a frame."""
    rate, at, found = timeline.rate, Fraction(0), list[tuple[str, Fraction]]()
    time, items = frame / timeline.rate, timeline.tracks[0].items
    for number, item in enumerate(items):
        if isinstance(item, Transition):
            continue
        if isinstance(item, Gap):
            at += item.duration
            continue
        assert isinstance(item, Clip)
        near = items[max(0, number - 1) : number + 2]
        joints = [one if isinstance(one, Transition) else None for one in near]
        head = joints[0].in_offset if number and joints[0] else Fraction(0)
        tail = joints[-1].out_offset if joints[-1] else Fraction(0)
        if at - head <= time < at + item.duration + tail:
            moment = item.source_range.start + time - at
            own = speed_of(item)
            second = own.media_time(moment) if own else moment
            found.append((item.name, second * rate))
        at += item.duration
    return found


def test_samples_of_opentimelineio_are_read_and_come_back() -> None:
    files = sample_files(".edl")
    assert len(files) >= 18
    for file, data in files.items():
        found, report = load(data)
        assert found.tracks, file
        assert not report.lost, (file, report.lost)
        written, _ = save(found)
        again, _ = load(written.data)
        assert bare(again).tracks == bare(found).tracks, file
        assert again.markers == found.markers, file


@pytest.mark.whole
def test_the_adapter_of_opentimelineio_reads_what_we_write() -> None:
    otio = pytest.importorskip("opentimelineio")
    adapter = pytest.importorskip("otio_cmx3600_adapter.cmx_3600")
    pair = (
        clip("a", 100, 50),
        Gap(duration=10 / PAL),
        clip("fast", 0, 50, effects=(speed("2", Fraction(4), Fraction(0)),)),
        clip("b", 200, 40),
        Transition(in_offset=6 / PAL, out_offset=6 / PAL),
        clip("c", 300, 40),
    )
    written, _ = save(edit(*pair))
    found = adapter.read_from_string(written.data.decode(), rate=25)
    (track,) = found.tracks
    kinds = [type(item).__name__ for item in track]
    assert kinds == ["Clip", "Clip", "Clip", "Clip", "Transition", "Clip"]
    assert isinstance(found, otio.schema.Timeline)
    lengths = [i.duration().value for i in track if hasattr(i, "source_range")]
    assert lengths == [50, 10, 50, 34, 46]
    assert [item.name for item in track][::2] == [
        "a",
        "fast",
        "SMPTE_Dissolve from b to c",
    ]

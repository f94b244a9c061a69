"""EDL: what Avid, Premiere Pro and others write is read; ours comes back."""

import os
import re
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from timeline_nb.errors import ProjectError, TimelineNbError
from timeline_nb.interchange.edl.format import read, write
from timeline_nb.interchange.edl.rates import likely_rates
from timeline_nb.interchange.edl.reels import Reels
from timeline_nb.interchange.edl.rows import read_rows
from timeline_nb.interchange.flat import FlatMedia
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import (
    FoundMedia,
    ReadRequest,
    WriteRequest,
    Written,
)
from timeline_nb.interchange.timecodes import TimecodeClock
from timeline_nb.timebase import TimeRange, format_timecode
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Gap,
    Item,
    Marker,
    MediaReference,
    Timeline,
    Track,
    Transition,
)
from timeline_nb.timeline.speed import speed_of

PAL: Final = Fraction(25)
NTSC: Final = Fraction(30000, 1001)
RATES: Final = (
    Fraction(24000, 1001),
    Fraction(24),
    PAL,
    NTSC,
    Fraction(30),
    Fraction(50),
    Fraction(60000, 1001),
    Fraction(60),
)


def load(text: str | bytes, **options: Any) -> tuple[Timeline, Report]:
    data = text if isinstance(text, bytes) else text.encode()
    report = Report(Path("cut.edl"), "edl", "import")
    find = options.pop("find", None)
    more = {"find": find} if find else {}
    path = options.pop("path", Path("cut.edl"))
    request = ReadRequest(data=data, name="cut.edl", path=path, report=report, **more)
    return read(request, **options), report


def save(timeline: Timeline, **options: Any) -> tuple[Written, Report]:
    report = Report(Path("cut.edl"), "edl", "export")
    timecode_of = options.pop("timecode_of", lambda _: None)
    request = WriteRequest(
        timeline=timeline,
        path=Path("cut.edl"),
        report=report,
        timecode_of=timecode_of,
    )
    return write(request, **options), report


def events(written: Written) -> list[str]:
    rows = written.data.decode().split("\r\n")
    return [row for row in rows if row[:3].isdigit()]


def clip(
    name: str, start: float, frames: float, rate: Fraction = PAL, **fields: Any
) -> Clip:
    span = TimeRange(Fraction(start) / rate, Fraction(frames) / rate)
    media = MediaReference(path=f"{name}.mov", size=(160, 90), has_audio=True)
    return Clip(name=name, media=media, source_range=span, **fields)


def speed(rate: str, first: Fraction, clip_start: Fraction) -> Effect:
    own = {"rate": float(Fraction(rate)), "time": str(clip_start), "media": str(first)}
    return Effect(kind="speed", parameters=own)


def edit(*items: Item, rate: Fraction = PAL, **fields: Any) -> Timeline:
    track = Track(kind="video", name="V1", items=items)
    return Timeline(name="cut", rate=rate, size=(160, 90), tracks=(track,), **fields)


def shown(timeline: Timeline, track: int = 0) -> list[tuple[Any, ...]]:
    """Return what a track shows, in frames: name, first source frame, length, rate."""
    rate, rows = timeline.rate, list[tuple[Any, ...]]()
    for item in timeline.tracks[track].items:
        if isinstance(item, Clip):
            span = item.source_range
            own = speed_of(item)
            first = own.media_time(span.start) if own else span.start
            row = (item.name, first * rate, span.duration * rate)
            rows.append((*row, own.rate) if own else row)
        elif isinstance(item, Gap):
            rows.append(("gap", item.duration * rate))
        elif isinstance(item, Transition):
            rows.append((item.kind, item.in_offset * rate, item.out_offset * rate))
    return rows


AVID: Final = """TITLE:   Example
FCM: NON-DROP FRAME
001  Z682_156 V     C        01:00:10:21 01:00:10:22 01:00:00:00 01:00:00:17
M2   Z682_156       000.0                01:00:10:21
* FROM CLIP NAME:  Z682_156 (LAY3) FF
* * FREEZE FRAME
002  Z682_157 V     C        01:00:10:20 01:00:11:14 01:00:00:17 01:00:01:11
*FROM CLIP NAME:  Z682_157 (LAY2)
*ASC_SOP (0.1 0.2 0.3) (1.0 -0.0122 0.0305) (1.0 0.0 1.0)
003  Z686_5A. V     C        01:00:06:00 01:00:08:22 01:00:02:11 01:00:03:23
M2   Z686_5A.       047.6                01:00:06:00
* FROM CLIP NAME:  Z686_5A (LAY2) (47.56 FPS)
* LOC: 01:00:03:00 RED     ANIM FIX NEEDED
"""
DISSOLVES: Final = """TITLE:   dissolve test
FCM: NON-DROP FRAME
001  TST V     C        01:00:04:05 01:00:04:14 01:00:00:00 01:00:00:09
* FROM CLIP NAME:  clip_A
002  TST V     C        01:00:04:14 01:00:04:14 01:00:00:09 01:00:00:09
002  TST V     W002 010 01:00:08:08 01:00:08:18 01:00:00:09 01:00:00:19
* FROM CLIP NAME:  clip_A
* TO CLIP NAME:  clip_B
003  BL  V     C        00:00:00:00 00:00:00:00 01:00:00:19 01:00:00:19
003  TST V     D    005 01:00:08:18 01:00:09:18 01:00:00:19 01:00:01:19
* TO CLIP NAME:  clip_C
004  TST V     C        01:00:09:18 01:00:09:18 01:00:01:19 01:00:01:19
004  BL  V     D    006 00:00:00:00 00:00:00:06 01:00:01:19 01:00:02:01
* FROM CLIP NAME:  clip_C
"""


def test_avid_s_freezes_speeds_and_markers_are_read() -> None:
    found, report = load(AVID)
    assert found.rate == 24
    hour = 3600 * 24
    assert shown(found) == [
        ("Z682_156 (LAY3)", hour + 10 * 24 + 21, 17, 0),
        ("Z682_157 (LAY2)", hour + 10 * 24 + 20, 18),
        ("gap", 24),
        # 47.6 of 24 frames.
        ("Z686_5A (LAY2) (47.56 FPS)", hour + 6 * 24, 36, Fraction(119, 60)),
    ]
    (marker,) = found.markers
    assert (marker.name, marker.color) == ("ANIM FIX NEEDED", "red")
    assert marker.marked_range.start == 3
    grades = [i.metadata["edl"] for i in found.tracks[0].items if isinstance(i, Clip)]
    assert grades[1]["asc_sop"].startswith("(0.1 0.2 0.3)")
    assert found.metadata["start_timecode"] == "01:00:00:00"
    assert not report.lost


def test_wipes_and_fades_are_read() -> None:
    found, report = load(DISSOLVES)
    hour = 3600 * 24
    assert shown(found) == [
        ("clip_A", hour + 4 * 24 + 5, 9),
        ("wipe", 0, 10),
        ("clip_B", hour + 8 * 24 + 8, 10),
        ("clip_C", hour + 8 * 24 + 18, 30),
    ]
    faded = found.tracks[0].items[-1]
    assert isinstance(faded, Clip)
    assert [faded.fade_in * 24, faded.fade_out * 24] == [5, 6]
    wipe = found.tracks[0].items[1]
    assert isinstance(wipe, Transition)
    assert wipe.parameters == {"angle": 90.0}
    assert not report.lost


@pytest.mark.parametrize(
    ("word", "more", "video", "audio"),
    [
        ("V", "", 1, 0),
        ("A", "", 0, 1),
        ("A2", "", 0, 1),
        ("AA", "", 0, 1),
        ("B", "", 1, 1),
        ("AA/V", "", 1, 1),
        ("A2/V", "", 1, 1),
        ("AA", "AUD  3 4\n", 0, 2),
        ("NONE", "AUD  3\n", 0, 1),
        ("V2", "", 1, 0),
    ],
)
def test_channels_are_tracks(word: str, more: str, video: int, audio: int) -> None:
    row = f"001  AX {word} C 00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n{more}"
    found, _ = load(row, rate=25)
    kinds = [track.kind for track in found.tracks]
    assert (kinds.count("video"), kinds.count("audio")) == (video, audio)
    links = {i.link for t in found.tracks for i in t.items if isinstance(i, Clip)}
    assert ("" in links) == (not (video and audio))


def test_the_rate_is_that_under_which_events_last_as_long_as_their_source() -> None:
    # From 10:11 to 16:03 are 142 frames at 25, and as many from 6:11 to 12:03.
    row = "001 AX V C 01:00:10:11 01:00:16:03 00:00:06:11 00:00:12:03\n"
    long = "002 AX V C 01:00:00:00 01:00:01:24 00:00:12:03 00:00:14:02\n"
    assert likely_rates(read_rows([row, long]))[0] == 25
    assert likely_rates(read_rows([row]))[0] == 24
    dropped = row.replace("06:11 ", "06;11 ")
    assert likely_rates(read_rows([dropped]))[0] == NTSC


def test_many_times_without_the_highest_number_say_a_lower_rate() -> None:
    clock = TimecodeClock(Fraction(24))

    def rows(count: int) -> list[str]:
        # Each is one frame longer than its source, as of sound cut between frames.
        return [
            f"{n:04} A A C {clock.text(n * 7)} {clock.text(n * 7 + 5)} "
            f"{clock.text(n * 5)} {clock.text(n * 5 + 6)}"
            for n in range(count)
        ]

    assert likely_rates(read_rows(rows(100)))[0] == 24
    wrong = "9999 A A C 01:00:00:27 01:00:01:00 02:00:00:00 02:00:01:00"
    assert likely_rates(read_rows([*rows(300), wrong]))[0] == 24


def test_the_rate_and_the_timecode_of_media_that_are_there_count() -> None:
    rate = Fraction(24000, 1001)

    def find(path: str) -> FoundMedia:
        span = TimeRange(Fraction(0), Fraction(60))
        media = MediaReference(
            path=path, size=(64, 48), rate=rate, available_range=span, fingerprint="f"
        )
        return FoundMedia(media, timecode=86_400 / rate, is_there=True)

    found, report = load(AVID.split("003  Z686")[0], find=find)
    assert found.rate == rate
    assert shown(found)[1][1] == 10 * 24 + 20
    assert report.is_exact


def test_wrong_numbers_are_told_and_not_fatal() -> None:
    text = (
        "001 A V C 00:00:00:00 00:00:02:00 01:00:00:00 01:00:01:00\n"
        "002 B V C 00:00:00:30 00:00:01:05 01:00:01:00 01:00:01:00\n"
        "003 C V C 00:00:00:00 00:00:01:00 01:00:00:20 01:00:02:00\n"
        "004 D V C 00:00:00:00 00:00:01:00 01:00:03:00 01:00:02:00\n"
        "005 E V C 00:61:00:00 00:00:01:00 01:00:04:00 01:00:05:00\n"
        "006 F V K  00:00:00:00 00:00:01:00 01:00:06:00 01:00:07:00\n"
        "what is this\n"
    )
    found, report = load("strange head\n" + text, rate=25)
    assert [row[0] for row in shown(found)] == ["A", "C", "gap", "E", "gap", "F"]
    told = {(one.where, one.outcome) for one in report}
    assert ("row 1", "lost") in told
    assert ("row 2", "approximated") in told
    assert ("row 5", "lost") in told
    assert ("row 6", "approximated") in told
    assert ("row 7", "lost") in told
    assert ("row 8", "lost") in told
    lengths = [one.by_how_much for one in report if "length" in one.what]
    assert 25 in lengths


SECOND: Final = "002 B V C 00:00:00:00 00:00:01:00 01:00:01:00 01:00:02:00"


@pytest.mark.parametrize(
    "damaged",
    [
        SECOND.replace("00:00:01:00", "00:00:0x:00", 1),
        SECOND.rpartition(" ")[0],
        "002 B V Q 00:00:00:00 00:00:01:00 01:00:01:00 01:00:02:00",
    ],
)
def test_an_event_that_cannot_be_read_is_lost_by_its_row(damaged: str) -> None:
    below = (
        "AUD 3\nM2 A 050.0 00:00:00:00\n* TIMELINE_NB id=b speed=2/1\n"
        "* FROM CLIP NAME: b\n* LOC: 01:00:01:05 RED here\n"
    )
    last = "003 C V C 00:00:00:00 00:00:01:00 01:00:02:00 01:00:03:00\n"
    found, report = load(f"{EVENT}{damaged}\n{below}garbage\n{last}", rate=25)
    assert shown(found) == [("A", 0, 25), ("gap", 25), ("C", 0, 25)]
    assert [one.where for one in report.lost] == ["row 2", "row 8"]
    assert [(m.name, m.marked_range.start) for m in found.markers] == [
        ("here", Fraction(6, 5))
    ]
    first = found.tracks[0].items[0]
    assert isinstance(first, Clip)
    assert first.id == ""
    with pytest.raises(ProjectError, match="row 2"):
        report.refuse_losses()


def test_words_of_other_programs_below_an_event_are_not_losses() -> None:
    words = "* a note\nREEL AX IS CLIP a.mov\nFINAL CUT PRO REEL: x\nSPLIT: AUDIO\n"
    assert not load(EVENT + words, rate=25)[1].lost
    _, report = load(EVENT + "what\n" * 30, rate=25)
    assert len(report.lost) == 21
    assert "10 more" in report.lost[-1].what


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
@pytest.mark.parametrize("end", ["\r\n", "\r", "\n\n"])
def test_any_encoding_and_line_end_is_read(encoding: str, end: str) -> None:
    text = AVID.replace("Example", "\u00c9t\u00e9 \u00e0 la mer").replace("\n", end)
    found, _ = load(text.encode(encoding))
    assert found.name == "\u00c9t\u00e9 \u00e0 la mer"
    assert len(shown(found)) == 4


@pytest.mark.parametrize("rate", RATES)
def test_timecode_agrees_with_that_of_the_package(rate: Fraction) -> None:
    clock = TimecodeClock(rate)
    for frame in (0, 1, 59, 1799, 1800, 17_982, 107_892, 1_000_003):
        assert clock.text(frame) == format_timecode(frame / rate, rate)
        counted = clock.read(clock.text(frame))
        assert counted is not None
        assert (counted.frame, counted.fault) == (frame, "")


@pytest.mark.parametrize("rate", [NTSC, Fraction(60000, 1001)])
def test_drop_frame_timecode_agrees_with_that_of_the_package(rate: Fraction) -> None:
    clock = TimecodeClock(rate, is_drop=True)
    for frame in (0, 1799, 1800, 3597, 3600, 17_981, 17_982, 107_891, 107_892):
        text = format_timecode(frame / rate, rate, drop_frame=True)
        assert clock.text(frame) == text
        counted = clock.read(text)
        assert counted is not None
        assert (counted.frame, counted.fault) == (frame, "")
    # 24 hours of 29.97 have 2,589,408 frames (SMPTE ST 12-1).
    assert clock.day == 2_589_408 * rate / NTSC


def test_rows_stand_in_the_columns_of_avid() -> None:
    pair = (
        clip("clip_A", 101, 15),
        Transition(in_offset=6 / PAL, out_offset=6 / PAL),
        clip("clip_B", 214, 15),
    )
    assert events(save(edit(*pair))[0]) == [
        "001  CLIP_A   V     C        00:00:04:01 00:00:04:10 01:00:00:00 01:00:00:09",
        "002  CLIP_A   V     C        00:00:04:10 00:00:04:10 01:00:00:09 01:00:00:09",
        "002  CLIP_B   V     D    012 00:00:08:08 00:00:09:04 01:00:00:09 01:00:01:05",
    ]


def test_speeds_are_written_as_avid_does() -> None:
    # Two seconds at twice the speed are four of source, whatever the direction.
    items = [
        clip("fast", 0, 50, effects=(speed("2", Fraction(4), Fraction(0)),)),
        clip("back", 0, 50, effects=(speed("-2", Fraction(8), Fraction(0)),)),
        clip("still", 0, 50, effects=(speed("0", Fraction(4), Fraction(0)),)),
    ]
    written, report = save(edit(*items))
    assert [row[29:52] for row in events(written)] == [
        "00:00:04:00 00:00:08:00",
        "00:00:04:00 00:00:08:00",
        "00:00:04:00 00:00:04:01",
    ]
    rows = written.data.decode().split("\r\n")
    assert [row.split() for row in rows if row.startswith("M2")] == [
        ["M2", "FAST", "050.0", "00:00:04:00"],
        ["M2", "BACK", "-050.0", "00:00:07:24"],
        ["M2", "STILL", "000.0", "00:00:04:00"],
    ]
    assert report.is_exact


def test_reels_are_short_unique_and_told() -> None:
    names = ["interview one", "interview two", "Interview_3", "AX", "\u5b57"]
    written, report = save(edit(*(clip(name, 0, 5) for name in names)))
    reels = [row.split()[1] for row in events(written)]
    assert reels == ["INTERVIE", "INTERVI1", "INTERVI2", "AX1", "REEL"]
    assert len(report.approximated) == 5
    long, _ = save(edit(*(clip(n, 0, 5) for n in names)), reel_letters=32)
    assert events(long)[0].split()[1] == "interview_one"


def test_tracks_over_the_first_are_files_beside() -> None:
    over = Track(
        kind="video", name="titles", items=(Gap(duration=2 / PAL), clip("b", 3, 4))
    )
    base = edit(clip("a", 0, 10))
    whole = replace(base, tracks=(*base.tracks, over))
    written, report = save(whole)
    assert set(written.beside) == {"cut_V2.edl"}
    assert b"01:00:00:02 01:00:00:06" in written.beside["cut_V2.edl"]
    assert report.is_exact


def test_an_upper_track_is_read_from_its_file(tmp_path: Path) -> None:
    over = Track(
        kind="video", name="titles", items=(Gap(duration=2 / PAL), clip("b", 3, 4))
    )
    base = edit(clip("a", 0, 10))
    written, _ = save(replace(base, tracks=(*base.tracks, over)))
    for name, data in written.beside.items():
        (tmp_path / name).write_bytes(data)
    found, _ = load(written.data, path=tmp_path / "cut.edl")
    assert [track.name for track in found.tracks] == ["V1", "titles"]
    assert shown(found, 1) == [("gap", 2), ("b", 3, 4)]
    (tmp_path / "cut_V2.edl").unlink()
    found, report = load(written.data, path=tmp_path / "cut.edl")
    assert len(found.tracks) == 1
    assert [one.where for one in report.lost] == ["cut_V2.edl"]


def test_picture_and_sound_of_one_cut_are_one_event() -> None:
    one = clip("a", 5, 10, link="l")
    sounds = Track(kind="audio", name="A1", items=(one, clip("b", 0, 5)))
    base = edit(one)
    whole = replace(base, tracks=(*base.tracks, sounds))
    words = [row.split()[2] for row in events(save(whole)[0])]
    assert words == ["AA/V", "AA"]
    words = [row.split()[2] for row in events(save(whole, sound="mono")[0])]
    assert words == ["V", "A", "A"]


def test_reels_of_baked_media_tell_them_apart() -> None:
    digests = ("0123456789abcdef", "01fedcba98765432", "ffffffffffffffff")
    names = [f"my_long_film_baked_{digest}.mov" for digest in digests]
    rows = [
        replace(clip(name, 0, 5), media=MediaReference(path=name, size=(160, 90)))
        for name in names
    ]
    written, _ = save(edit(*rows))
    reels = re.findall(r"^00[1-3]  (\S+)", written.data.decode(), re.MULTILINE)
    assert reels == ["BK012345", "BK01FEDC", "BKFFFFFF"]
    back, _ = load(written.data)
    assert [one.media.path for one in back.tracks[0].items] == names  # type: ignore[union-attr]


def test_many_names_alike_are_numbered_at_once() -> None:
    reels = Reels(8, Report(Path("a.edl"), "edl", "export"))
    began = time.perf_counter()
    names = {reels.of(FlatMedia(path=f"interview_{n}.mov")) for n in range(5000)}
    assert len(names) == 5000
    # Counted from 1 for each, it would take 12 million steps.
    assert time.perf_counter() - began < 5


def test_what_an_edl_cannot_say_is_told() -> None:
    rich = clip(
        "a",
        0,
        10,
        gain_db=-3.0,
        effects=(Effect(kind="sepia"),),
        markers=(Marker(name="m", marked_range=TimeRange(1 / PAL, 2 / PAL)),),
    )
    title = Clip(
        name="T",
        media=MediaReference(generator=Effect(kind="title")),
        source_range=TimeRange(Fraction(0), 5 / PAL),
    )
    lines = Track(kind="subtitle", name="S1", items=(Gap(duration=Fraction(1)),))
    base = edit(rich, title)
    _, report = save(replace(base, tracks=(*base.tracks, lines)))
    assert {one.what for one in report.lost} == {
        "the gain",
        "the effect 'sepia'",
        "the generator 'title'",
        "the subtitles",
        "the marker 'm'",
    }


def test_a_title_comes_back_as_it_was_unless_it_got_media() -> None:
    words = {"text": "H\u00e9llo, 100 %\nthere"}
    made = MediaReference(
        generator=Effect(kind="title", parameters=words), size=(160, 90)
    )
    span = TimeRange(1 / PAL, 50 / PAL)
    title = Clip(name="Hello", id="c2", media=made, source_range=span)
    written, _ = save(edit(clip("a", 0, 5), title))
    found, report = load(written.data)
    assert found.tracks[0].items[1] == title
    assert not report.lost
    text = written.data.decode()
    head, remark, rest = text.partition("generator=")
    _, space, tail = rest.partition("id=")
    hurt, report = load(f"{head}{remark}%7B{space}{tail}")
    assert [row[0] for row in shown(hurt)] == ["a"]
    assert [one.what for one in report.lost] == ["the generator 'Hello'"]
    named = text.replace("NAME:  Hello", "NAME:  Hello\r\n* SOURCE FILE: b.mov")
    other = load(named)[0].tracks[0].items[1]
    assert isinstance(other, Clip)
    assert other.media.path == "b.mov"


def test_a_title_beyond_a_row_is_a_gap_that_is_named() -> None:
    made = MediaReference(
        generator=Effect(kind="title", parameters={"text": "x" * 30_000})
    )
    span = TimeRange(Fraction(0), 50 / PAL)
    title = Clip(name="Hello", media=made, source_range=span)
    written, _ = save(edit(title, clip("a", 0, 5)))
    found, report = load(written.data)
    assert [row[0] for row in shown(found)] == ["gap", "a"]
    assert [one.what for one in report.lost] == ["the generator 'Hello'"]


def test_arguments_and_edits_that_no_edl_can_have_are_refused() -> None:
    with pytest.raises(ProjectError, match="reel_letters=2"):
        save(edit(clip("a", 0, 5)), reel_letters=2)
    with pytest.raises(ProjectError, match="reel_letters='8'"):
        save(edit(clip("a", 0, 5)), reel_letters="8")
    with pytest.raises(ProjectError, match="stereo"):
        save(edit(clip("a", 0, 5)), sound="sterio")
    with pytest.raises(ProjectError, match="24 hours"):
        save(edit(Gap(duration=Fraction(86_000)), clip("a", 0, 5)))
    with pytest.raises(ProjectError, match="two digits"):
        save(edit(clip("a", 0, 5), rate=Fraction(120)))
    with pytest.raises(ProjectError, match="no EDL"):
        load("Dear reader,\n")


# Frames of a clip, and what comes before it.
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


HOSTILE: Final = {
    "empty": b"",
    "binary": bytes(range(256)) * 99,
    "zeros": bytes(10_000),
    "words": b"1 " * 45_000,
    "spaces": b"001" + b" " * 90_000 + b"\n",
    "motion": b"M2 " + b" " * 90_000 + b"x\n",
    "locator": b"* LOC: 00:00:00:00" + b" " * 90_000 + b"\n",
    "remark": b"* TIMELINE_NB " + b"a=" * 45_000,
    "numbers": b"001 A V C 99:99:99:99 99:99:99:99 99:99:99:99 99:99:99:99\n",
    "letters": (
        "\u0661\u0662\u0663 A V C 00:00:00:00 00:00:00:01 00:00:00:00 00:00:00:01"
    ).encode(),
    "titles": b"TITLE: " + b"x" * 90_000 + b"\n",
    "channels": b"001 A " + b"A/" * 30_000 + b" C 00:00:00:00 00:00:00:01 "
    b"00:00:00:00 00:00:00:01\n",
    "aud": b"001 A V C 00:00:00:00 00:00:00:01 00:00:00:00 00:00:00:01\nAUD"
    + b" 7" * 40_000,
}
EVENT: Final = "001 A V C 00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n"


@pytest.mark.parametrize("name", list(HOSTILE))
@pytest.mark.parametrize("head", ["", EVENT])
def test_a_hostile_list_is_refused_or_read_at_once(name: str, head: str) -> None:
    began = time.monotonic()
    try:
        found = f"cut.edl: {len(load(head.encode() + HOSTILE[name])[0].tracks)}"
    except TimelineNbError as error:
        found = str(error)
    assert "cut.edl" in found
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "remark",
    [
        "rate=0/0",
        "rate=1/999999999999",
        "rate=" + "9" * 30,
        "size=0x0",
        "size=99999x99999",
        "speed=1/0",
        "start=99:99:99:99",
        "dissolve=9+",
        "over=/etc/passwd",
        "over=../../etc/passwd,.,..",
        "id=%00",
        "track=" + "x" * 5000,
    ],
)
def test_a_hostile_remark_does_no_harm(remark: str, tmp_path: Path) -> None:
    text = f"{EVENT}* TIMELINE_NB {remark}\n"
    try:
        found = str(load(text, path=tmp_path / "cut.edl")[1].summary)
    except TimelineNbError as error:
        found = str(error)
    assert found


SAMPLES: Final = os.environ.get("TIMELINE_NB_OTIO_SAMPLES", "")


@pytest.mark.whole
@pytest.mark.skipif(not SAMPLES, reason="the samples of OpenTimelineIO are not here")
def test_samples_of_opentimelineio_are_read_and_come_back() -> None:
    files = sorted(Path(SAMPLES).rglob("*.edl"))
    assert files
    for file in files:
        found, report = load(file.read_bytes())
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

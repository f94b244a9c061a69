"""EDL that Avid, Premiere Pro and others write are read."""

from fractions import Fraction
from typing import Final

import pytest
from edl_lists import EVENT, NTSC, RATES, load, shown

from timeline_nb.errors import ProjectError
from timeline_nb.interchange.edl.rates import likely_rates
from timeline_nb.interchange.edl.rows import read_rows
from timeline_nb.interchange.requests import (
    FoundMedia,
)
from timeline_nb.interchange.timecodes import TimecodeClock
from timeline_nb.timebase import TimeRange, format_timecode
from timeline_nb.timeline.model import (
    Clip,
    MediaReference,
    Transition,
)

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

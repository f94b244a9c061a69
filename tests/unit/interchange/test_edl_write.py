"""EDL that are written: events, speeds, reels, and what is reported."""

import re
from fractions import Fraction
from pathlib import Path

import pytest
from edl_lists import PAL, clip, edit, events, load, save, shown, speed
from msgspec.structs import replace
from own_time import at_once

from timeline_nb.errors import ProjectError
from timeline_nb.interchange.edl.reels import Reels
from timeline_nb.interchange.flat import FlatMedia
from timeline_nb.interchange.report import Report
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Gap,
    Marker,
    MediaReference,
    Track,
    Transition,
)


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
    # Counted from 1 for each, it would take 200 million steps.
    with at_once():
        names = {reels.of(FlatMedia(path=f"interview_{n}.mov")) for n in range(20_000)}
    assert len(names) == 20_000


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

"""Marker lists of other programs: as they write them, in any encoding, and hostile."""

import json
import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from own_time import at_once

from timeline_nb.core.written_files import WrittenFiles
from timeline_nb.errors import ProjectError, TimelineNbError
from timeline_nb.interchange.marks.exchange import export_marks, import_marks
from timeline_nb.interchange.marks.formats import FORMATS
from timeline_nb.interchange.report import Report
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import Marker, Timeline

NTSC: Final = Fraction(30000, 1001)
# As Resolve 18 writes them.
RESOLVE: Final = """TITLE: Timeline 1
FCM: NON-DROP FRAME

001  001      V     C        01:00:18:06 01:00:18:07 01:00:18:06 01:00:18:07
Black hair left |C:ResolveColorYellow |M:Marker 1 |D:1

002  001      V     C        01:00:20:20 01:00:20:21 01:00:20:20 01:00:20:21
 |C:ResolveColorFuchsia |M:Marker 2 |D:12
"""
AVID: Final = (
    "Ann\t01:01:07:21\tV1\tred\tVFX - fade in\t1\n"
    "Ann\t01:01:27:09\tV1\tgreen\tVFX - respeed 200% | see chase file\t30\t\tgreen\n"
)
LOCATORS: Final = """TITLE:   Example
001  ZZ100_50 V     C        01:00:10:01 01:00:14:20 00:59:58:00 01:00:02:19
*FROM CLIP NAME:  ZZ100_504C (LAY1)
*LOC: 01:00:01:14 RED     ANIM FIX NEEDED
* LOC: 01:00:02:14 PINK     ANIM FIX NEEDED
"""
PREMIERE: Final = (
    "Marker Name\tDescription\tIn\tOut\tDuration\tMarker Type\n"
    "Intro\tsays hello\t00:00:04:12\t00:00:06:12\t00:00:02:00\tComment\n"
)
YOUTUBE: Final = "My film\n\n0:00 Intro\n1:23 - The wood\n1:02:03 Credits\n"
AUDACITY: Final = (
    "1.480000\t2.500000\tdoor\n\\\t100.0\t200.0\n3,000000\t3,000000\tend\n"
)
FFMETADATA: Final = (
    ";FFMETADATA1\ntitle=a film\n\n[CHAPTER]\nTIMEBASE=1/25\nSTART=37\nEND=50\n"
    "title=one \\= two\\; three\\\nfour\n[CHAPTER]\nSTART=3000000000\nEND=4000000000\n"
)


def edit(rate: Fraction = Fraction(25), *markers: Marker) -> Timeline:
    return Timeline(name="cut", rate=rate, size=(160, 90), markers=markers)


def rows(markers: list[Marker], rate: int = 25) -> list[tuple[object, ...]]:
    return [
        (
            m.marked_range.start * rate,
            m.marked_range.duration * rate,
            m.name,
            m.color,
            m.note,
        )
        for m in markers
    ]


def spans(marker: Marker) -> tuple[object, ...]:
    span = marker.marked_range
    return span.start, span.end, marker.name


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., tuple[list[Marker], Report]]:
    def run(
        content: str | bytes, rate: Fraction = Fraction(25), **options: str
    ) -> tuple[list[Marker], Report]:
        path = tmp_path / "list.txt"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return import_marks(path, edit(rate), **options)

    return run


Read = Callable[..., tuple[list[Marker], Report]]


def test_resolve_markers_have_their_color_note_and_frames(read: Read) -> None:
    markers, report = read(RESOLVE)
    assert rows(markers) == [
        (18 * 25 + 6, 0, "Marker 1", "yellow", "Black hair left"),
        (20 * 25 + 20, 12, "Marker 2", "magenta", ""),
    ]
    assert report.format == "resolve"
    assert report.is_exact
    assert "01:00:00:00" in report.findings[0].detail


def test_avid_markers_have_their_length_and_note(read: Read) -> None:
    markers, report = read(AVID, start="01:00:00:00")
    assert rows(markers) == [
        (67 * 25 + 21, 0, "VFX - fade in", "red", ""),
        (87 * 25 + 9, 30, "VFX - respeed 200%", "green", "see chase file"),
    ]
    assert (report.format, len(report)) == ("avid", 0)


def test_locators_of_an_edl_are_markers_and_its_cuts_are_not(read: Read) -> None:
    markers, _ = read(LOCATORS)
    assert rows(markers) == [
        (25 + 14, 0, "ANIM FIX NEEDED", "red", ""),
        (50 + 14, 0, "ANIM FIX NEEDED", "pink", ""),
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-16-le", "latin-1"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_premiere_markers_in_any_encoding_with_any_line_end(
    read: Read, encoding: str, end: str
) -> None:
    text = PREMIERE.replace("hello", "h\u00e9llo, my fri\u00e9nd").replace("\n", end)
    markers, report = read(text.encode(encoding))
    assert rows(markers) == [
        (112, 50, "Intro", "green", "says h\u00e9llo, my fri\u00e9nd")
    ]
    assert report.format == "premiere"


def test_chapters_of_a_description(read: Read) -> None:
    markers, report = read(YOUTUBE)
    assert [(int(m.marked_range.start), m.name) for m in markers] == [
        (0, "Intro"),
        (83, "The wood"),
        (3723, "Credits"),
    ]
    assert [one.where for one in report.lost] == ["row 1"]


def test_labels_of_audacity_with_points_and_commas(read: Read) -> None:
    markers, report = read(AUDACITY)
    assert [spans(m) for m in markers] == [
        (Fraction(37, 25), Fraction(5, 2), "door"),
        (3, 3, "end"),
    ]
    assert [one.where for one in report.lost] == ["row 2"]


def test_labels_rounded_to_microseconds_are_frames_again(read: Read) -> None:
    # 47 * 1001 / 30000 = 1.568233...
    markers, _ = read("1.568233\t1.568233\tx\n", rate=NTSC)
    assert markers[0].marked_range.start == 47 / NTSC


def test_chapters_of_ffmetadata_with_escapes_and_the_default_clock(read: Read) -> None:
    markers, report = read(FFMETADATA)
    assert [spans(m) for m in markers] == [
        (Fraction(37, 25), 2, "one = two; three four"),
        (3, 4, ""),
    ]
    assert report.is_exact


def test_any_table_that_names_its_columns(read: Read) -> None:
    text = "Title;In;Length;Colour\nfirst;1,5;0:02;red\nlast;00:00:04:12;;mauve\n"
    markers, report = read(text)
    assert rows(markers) == [
        (Fraction(75, 2), 50, "first", "green", ""),
        (112, 0, "last", "green", ""),
    ]
    assert not report.lost


def test_faults_name_row_and_column(read: Read) -> None:
    markers, report = read("name,start,end\na,1,2\nb,1:75,2\nc,3,x\nd,,4\n")
    assert [m.name for m in markers] == ["a", "c"]
    assert [(one.where, one.what) for one in report.lost] == [
        ("row 3", "the column 'start'"),
        ("row 3", "a row"),
        ("row 4", "the column 'end'"),
        ("row 5", "a row"),
    ]


def test_drop_frame_times_are_wall_time(read: Read) -> None:
    # 00:10:00;00 is frame 17,982 (SMPTE ST 12-1).
    markers, _ = read("name,start\na,00:10:00;00\n", rate=NTSC)
    assert markers[0].marked_range.start * NTSC == 17_982


MARKERS: Final = st.lists(
    st.builds(
        lambda start, length, name, color, note: Marker(
            name=name,
            marked_range=TimeRange(Fraction(start) / NTSC, Fraction(length) / NTSC),
            color=color,
            note=note,
        ),
        st.integers(0, 200_000),
        # One frame is a moment in formats that have no moments.
        st.sampled_from([0, 2, 31]),
        st.sampled_from(["a", "Gr\u00fc\u00dfe", "x; y=1, z", 'the "end"', "\u5b57"]),
        st.sampled_from(["green", "red", "yellow", "cyan"]),
        st.sampled_from(["", "a note"]),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda m: m.marked_range.start,
)


@pytest.mark.parametrize("name", list(FORMATS))
@pytest.mark.parametrize("start", ["01:00:00:00", "01:00:00;00"])
@settings(max_examples=25)
@given(markers=MARKERS)
def test_what_is_written_is_read_or_reported(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    start: str,
    markers: list[Marker],
) -> None:
    ordered = sorted(markers, key=lambda m: m.marked_range.start)
    folder = tmp_path_factory.mktemp("marks")
    path = folder / "list.txt"
    report = export_marks(
        edit(NTSC, *ordered),
        path,
        format=name,
        start=start,
        written=WrittenFiles(folder / "data"),
    )
    lost = {one.what for one in report.lost}
    again, _ = import_marks(path, edit(NTSC), start=start)
    assert len(again) == len(ordered)
    for old, new in zip(ordered, again, strict=True):
        assert new.name == old.name
        if name == "youtube":
            assert 0 <= old.marked_range.start - new.marked_range.start < 1
            continue
        assert new.marked_range.start == old.marked_range.start
        if name != "ffmetadata":
            assert new.marked_range == old.marked_range
        assert new.note == old.note or "the note" in lost
        assert new.color == old.color or f"the color {old.color!r}" in lost


def test_ffprobe_reads_the_chapters_that_are_written(tmp_path: Path) -> None:
    spans = [(0, 40, "one = 1; #2"), (100, 50, "two\\")]
    markers = [
        Marker(name=name, marked_range=TimeRange(start / NTSC, length / NTSC))
        for start, length, name in spans
    ]
    path = tmp_path / "film.ffmeta"
    written = WrittenFiles(tmp_path / "data")
    export_marks(edit(NTSC, *markers), path, written=written)
    found = subprocess.run(
        ["ffprobe", "-v", "error", "-show_chapters", "-of", "json", path],
        capture_output=True,
        check=True,
    )
    chapters = json.loads(found.stdout)["chapters"]
    assert [
        (
            Fraction(one["time_base"]) * one["start"] * NTSC,
            one["tags"]["title"].strip(),
        )
        for one in chapters
    ] == [(start, name) for start, _, name in spans]


def test_youtube_is_known_to_show_no_such_chapters(tmp_path: Path) -> None:
    marker = Marker(name="late", marked_range=TimeRange(Fraction(5), Fraction(0)))
    with pytest.raises(ProjectError, match="asks for 3"):
        export_marks(
            edit(Fraction(25), marker),
            tmp_path / "x.txt",
            format="youtube",
            written=WrittenFiles(tmp_path / "data"),
            strict=True,
        )
    assert not (tmp_path / "x.txt").exists()


def test_an_edit_that_begins_at_an_hour_gives_and_takes_its_times(
    tmp_path: Path,
) -> None:
    at = Marker(name="a", marked_range=TimeRange(Fraction(2), Fraction(0)))
    whole = replace(edit(Fraction(25), at), metadata={"start_timecode": "10:00:00:00"})
    path = tmp_path / "notes.edl"
    export_marks(whole, path, written=WrittenFiles(tmp_path / "data"))
    assert "10:00:02:00 10:00:02:01" in path.read_text()
    markers, _ = import_marks(path, whole)
    assert markers == [at]


def test_another_program_s_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("mine")
    with pytest.raises(ProjectError, match="overwrite=True"):
        export_marks(edit(), path, written=WrittenFiles(tmp_path / "data"))
    assert path.read_text() == "mine"


def test_a_format_that_no_suffix_says_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="format= one of"):
        export_marks(edit(), tmp_path / "a.txt", written=WrittenFiles(tmp_path / "d"))


HOSTILE: Final = {
    "empty": b"",
    "blank": b"\n \n\t\n",
    "binary": bytes(range(256)) * 50,
    "zeros": bytes(100_000),
    "utf-16 cut off": b"\xff\xfeM",
    "prose": b"Once upon a time\nthere was a row.\n",
    "no rows": b"name,start\n",
    "open quote": b'name,start\n"a,1\n' + b"x,2\n" * 100_000,
    "nested quotes": b"name,start\n" + b'"' * 90_000 + b"\n",
    "long row": b"start\t" + b"a" * 200_000,
    "large time": b"name,start\na," + b"9" * 90_000 + b"\n",
    "large exponent": b"name,start\na,1e999999999\n",
    "large fraction": b"name,start\na,1/0\nb," + b"9" * 70 + b"/7\n",
    "large frames": b"x\t99:99:99:99\tV1\tred\tx\t" + b"9" * 5000 + b"\n",
    "dividing by 0": b";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/0\nSTART=1\nEND=2\n",
    "large chapter": b";FFMETADATA1\n[CHAPTER]\nSTART=" + b"9" * 5000 + b"\nEND=2\n",
    "backslashes": b";FFMETADATA1\n[CHAPTER]\ntitle=" + b"\\\n" * 200_000,
    "name of spaces": b"001 1 V C 00:00:00:00 00:00:00:01 00:00:00:00 00:00:00:01\n"
    b"|C:ResolveColorRed |M:" + b" " * 90_000 + b"\n",
    "pipes": b"001 1 V C 00:00:00:00 00:00:00:01 00:00:00:00 00:00:00:01\n"
    + b"|C:ResolveColor" * 5_000,
    "spaces": b"001 1 V C 00:00:00:00 00:00:00:01 00:00:00:00 00:00:00:01\n"
    b"* LOC:" + b" " * 90_000 + b"\n",
    "rows": b"\n" * 1_100_000,
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_list_is_refused_or_read_at_once(read: Read, name: str) -> None:
    with at_once():
        try:
            found = f"list.txt: {len(read(HOSTILE[name])[0])} markers"
        except TimelineNbError as error:
            found = str(error)
    assert "list.txt" in found
    assert len(found) < 600

"""Tables of edits (CSV) and logs of clips (ALE), ours and foreign."""

import csv
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from own_time import at_once
from sample_files import sample_files
from timelines import drawn_timelines

from timeline_nb.errors import ProjectError, TimelineNbError
from timeline_nb.interchange.formats import format_of_name, read, write
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import (
    FoundMedia,
    ReadRequest,
    WriteRequest,
    Written,
)
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Gap,
    Marker,
    MediaReference,
    Timeline,
    Track,
)

PAL: Final = Fraction(25)
NTSC: Final = Fraction(30000, 1001)


def load(
    data: str | bytes,
    name: str = "csv",
    folder: Path | None = None,
    find: Callable[[str], FoundMedia] | None = None,
    **args: Any,
) -> tuple[Timeline, Report]:
    path = (folder or Path()) / f"cut.{name}"
    report = Report(path, name, "import")
    more: dict[str, Any] = {"find": find} if find else {}
    whole = data if isinstance(data, bytes) else data.encode()
    request = ReadRequest(data=whole, name=path.name, path=path, report=report, **more)
    return read(format_of_name(name, "import"), request, args), report


def save(timeline: Timeline, name: str = "csv") -> tuple[Written, Report]:
    path = Path(f"cut.{name}")
    report = Report(path, name, "export")
    request = WriteRequest(timeline=timeline, path=path, report=report)
    return write(format_of_name(name, "export"), request, {}), report


def store(written: Written, folder: Path, name: str = "cut.csv") -> None:
    (folder / name).write_bytes(written.data)
    for own, data in written.beside.items():
        (folder / own).write_bytes(data)


def finder(timecode: Fraction | None = None) -> Callable[[str], FoundMedia]:
    def find(path: str) -> FoundMedia:
        media = MediaReference(
            path=path,
            fingerprint="f",
            rate=PAL,
            size=(160, 90),
            has_audio=path.endswith("mov"),
            available_range=TimeRange(Fraction(0), Fraction(60)),
        )
        return FoundMedia(media, timecode, is_there=True)

    return find


def spans(timeline: Timeline, track: int = 0) -> list[tuple[Any, ...]]:
    return [
        (item.name, item.source_range.start * PAL, item.source_range.duration * PAL)
        if isinstance(item, Clip)
        else ("gap", item.duration * PAL)
        for item in timeline.tracks[track].items
        if isinstance(item, (Clip, Gap))
    ]


@settings(max_examples=40)
@given(timeline=drawn_timelines())
def test_a_table_comes_back(
    tmp_path_factory: pytest.TempPathFactory, timeline: Timeline
) -> None:
    folder = tmp_path_factory.mktemp("csv")
    written, report = save(timeline)
    store(written, folder)
    again, _ = load(written.data, folder=folder)
    assert again == replace(timeline, next_id=again.next_id)
    assert report.is_exact


def clip(name: str, first: float, frames: int, **fields: Any) -> Clip:
    media = MediaReference(path=f"{name}.mov", rate=PAL, size=(160, 90))
    span = TimeRange(Fraction(first) / PAL, Fraction(frames) / PAL)
    return Clip(name=name, media=media, source_range=span, **fields)


def edit(*items: Clip | Gap, **fields: Any) -> Timeline:
    track = Track(kind="video", name="V1", items=items)
    return Timeline(name="my cut", rate=PAL, size=(160, 90), tracks=(track,), **fields)


def test_what_a_spreadsheet_changed_counts(tmp_path: Path) -> None:
    before = edit(clip("a", 5, 10, id="c1"), clip("b", 0, 10, id="c2"))
    written, _ = save(before)
    store(written, tmp_path)
    table = pd.read_csv(tmp_path / "cut.csv")
    table.loc[1, "start_s"] = 1.0
    table.to_csv(tmp_path / "cut.csv", index=False)
    after, _ = load((tmp_path / "cut.csv").read_bytes(), folder=tmp_path)
    assert spans(after) == [("a", 5, 10), ("gap", 15), ("b", 0, 10)]
    # As a spreadsheet of another language saves it.
    table.to_csv(tmp_path / "cut.csv", index=False, sep=";", decimal=",")
    again, _ = load((tmp_path / "cut.csv").read_bytes(), folder=tmp_path)
    assert again == after


def test_a_table_alone_keeps_its_items_and_tells_what_it_lost(tmp_path: Path) -> None:
    marker = Marker(name="m", marked_range=TimeRange(Fraction(0), Fraction(0)))
    before = edit(clip("a", 5, 10, id="c1"), markers=(marker,))
    after, report = load(save(before)[0].data, folder=tmp_path, rate=25, size=(160, 90))
    assert after.tracks == before.tracks
    assert [one.what for one in report.lost] == [
        "its name, tracks, markers and effects"
    ]


def test_rows_of_media_and_times_are_clips() -> None:
    text = (
        "Name,Path,Start,End,Mood\n"
        'one,a.mov,1.5,00:00:04:12,"calm, blue"\n'
        "two,b.mp4,0:02,3/1,\n"
        "three,b.mp4,,,\n"
    )
    found, report = load(text, find=finder())
    assert spans(found) == [
        ("one", Fraction(75, 2), 112 - Fraction(75, 2)),
        ("two", 50, 25),
        ("three", 0, 1500),
    ]
    assert spans(found, 1) == spans(found)[:1]
    first = found.tracks[0].items[0]
    assert isinstance(first, Clip)
    assert first.metadata == {"row": {"mood": "calm, blue"}}
    assert report.is_exact


def test_rows_may_say_where_and_on_which_track() -> None:
    text = "file\ttrack\tin\tduration\tat\nb.mp4\tV1\t0\t1\t2\nc.mp4\tV2\t0\t1\t0\n"
    found, _ = load(text, find=finder())
    assert [track.name for track in found.tracks] == ["V1", "V2"]
    assert spans(found) == [("gap", 50), ("b", 0, 25)]


def test_timecode_counts_from_that_of_the_media() -> None:
    text = "path,start,end\nb.mp4,10:00:01:00,10:00:02:00\n"
    found, _ = load(text, find=finder(Fraction(36_000)))
    assert spans(found) == [("b", 25, 25)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("path,start,end\na,1,2\na,x,2\n", r"row 3, column 'start'.*'x'"),
        ("path,start,end\na,2,1\n", "row 2, column 'end'"),
        ("path,start,end\n,2,1\n", "row 2, column 'path'"),
        ("path,start,end\na,-2,1\n", "row 2, column 'start'"),
        ("path,start,end\na,2,\n", "row 2, column 'end'.*not known"),
        ("start,end\n1,2\n", "no column names media"),
        ("path,path\na,b\n", "'path' stands there twice"),
        ("path,start\n", "no row"),
        ("track,kind,type,rest,start_s\nV1,video,clip,{},x\n", "row 2.*'start_s'.*'x'"),
        ("track,kind,type,rest\nV1,video,clip,{,\n", "row 2, column 'rest'"),
        ("track,kind,type,rest,duration\nV1,video,clip,{},1\n", "row 2"),
        ("track,kind,type,rest,duration\nV1,x,gap,{},1\n", r"cut\.csv"),
        ('track,kind,type,rest\nV1,video,clip,"{""media"":5}"\n', r"cut\.csv"),
    ],
)
def test_a_wrong_cell_is_named(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=words):
        load(text, folder=tmp_path, rate=25)


ALE: Final = """Heading
FIELD_DELIM\tTABS
VIDEO_FORMAT\t1080
AUDIO_FORMAT\t48khz
FPS\t23.976

Column
Name\tTape\tTracks\tStart\tEnd\tDuration\tScene\tSource File

Data
19A-1xa\tA001\tVA1\t04:00:00:00\t04:00:46:16\t\t19A\tA001C001.mov
wild\tA002\tA1\t01:00:00:00\t\t00:00:02:00\t\twild.wav
late\tA003\tV\t01:00:00:00\t01:00:01:00\t00:00:02:00\t\t
bad\tA004\tV\tx\t01:00:01:00\t\t\t
"""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_log_is_an_edit_of_its_clips(end: str) -> None:
    found, report = load(ALE.replace("\n", end), "ale")
    assert found.rate == Fraction(24000, 1001)
    clips = [i for i in found.tracks[0].items if isinstance(i, Clip)]
    frames: list[tuple[Any, ...]] = [
        (
            c.name,
            c.source_range.start * found.rate,
            c.source_range.duration * found.rate,
        )
        for c in clips
    ]
    hour = 3600 * 24
    assert frames == [("19A-1xa", 4 * hour, 46 * 24 + 16), ("late", hour, 24)]
    assert clips[0].metadata["ale"]["Scene"] == "19A"
    sounds = [i.name for i in found.tracks[1].items if isinstance(i, Clip)]
    assert sounds == ["19A-1xa", "wild"]
    assert [one.where for one in report.lost] == ["row 14", "row 14"]
    assert [one.by_how_much for one in report.approximated] == [24]


def test_a_log_has_each_stretch_once_and_its_columns_come_back() -> None:
    twice = clip("a", 30, 10, metadata={"ale": {"Scene": "7", "Take": "2"}})
    title = Clip(
        name="T",
        media=MediaReference(generator=Effect(kind="title")),
        source_range=TimeRange(Fraction(0), Fraction(1)),
    )
    written, report = save(edit(twice, clip("b", 0, 5), twice, title), "ale")
    rows = written.data.decode().split("\n")
    columns, data = rows.index("Column"), rows.index("Data")
    assert rows[columns + 1].split("\t")[-2:] == ["Scene", "Take"]
    assert len([row for row in rows[data + 1 :] if row]) == 2
    assert any("T" in one.where and one.outcome == "lost" for one in report)
    found, _ = load(written.data, "ale")
    assert spans(found) == [("a", 30, 10), ("b", 0, 5)]
    first = found.tracks[0].items[0]
    assert isinstance(first, Clip)
    assert first.metadata["ale"]["Take"] == "2"


HOSTILE: Final = {
    "empty": b"",
    "binary": bytes(range(256)) * 99,
    "parts": b"Heading\n" * 200_000,
    "columns": b"Column\n" + b"a\t" * 45_000 + b"\nData\n",
    "header": b"path" + b"," * 90_000 + b"\na\n",
    "deep": b'track,kind,type,rest\nV1,video,clip,"' + b"[" * 90_000 + b'"\n',
    "digits": b"track,kind,type,rest,start_s\nV1,video,gap,{}," + b"9" * 90_000 + b"\n",
    "exact": b"track,kind,type,rest,start\nV1,video,gap,{}," + b"9" * 90_000 + b"\n",
    "huge": b"track,kind,type,rest,duration\nV1,video,gap,{},1e999999\n",
    "nan": b"track,kind,type,rest,duration_s\nV1,video,gap,{},nan\n",
    "list": b"track,kind,type,rest\nV1,video,clip,[]\n",
    "times": b"path,start,end\na,1," + b"9" * 90_000 + b"\n",
}


@pytest.mark.parametrize("name", list(HOSTILE))
@pytest.mark.parametrize("kind", ["csv", "ale"])
def test_a_hostile_table_is_refused_at_once(
    name: str, kind: str, tmp_path: Path
) -> None:
    with at_once(), pytest.raises(TimelineNbError, match=rf"cut\.{kind}"):
        load(HOSTILE[name], kind, tmp_path, rate=25)


BESIDE: Final = {
    "empty": b"",
    "list": b"[]",
    "number": b'{"timeline":1,"times":2}',
    "deep": b'{"timeline":' + b"[" * 100_000,
    "deep inside": b'{"timeline":"' + b"[" * 100_000 + b'","times":"{}"}',
    "another edit": b'{"timeline":"{}","times":"{}"}',
    "times": b'{"timeline":"{\\"name\\":\\"a\\",\\"rate\\":\\"25\\",\\"size\\":[2,2]}",'
    b'"times":"{\\"c1\\":[5]}"}',
}


@pytest.mark.parametrize("name", list(BESIDE))
def test_a_hostile_file_beside_a_table_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "cut.csv.timeline.json").write_bytes(BESIDE[name])
    with pytest.raises(ProjectError, match=r"cut\.csv"):
        load(save(edit(clip("a", 0, 5)))[0].data, folder=tmp_path)


def test_logs_of_opentimelineio_s_samples_are_read_and_come_back() -> None:
    files = sample_files(".ale")
    assert len(files) >= 6
    for file, data in files.items():
        found, report = load(data, "ale")
        assert not report.lost, (file, report.lost)
        again, _ = load(save(found, "ale")[0].data, "ale")
        assert spans(again) == spans(found), file


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_by_name(data: bytes) -> None:
    for name in ("csv", "ale", "edl", "scenedetect", "auto-editor"):
        try:
            load(data, name, rate=25)
        except TimelineNbError as error:
            assert "cut." in str(error)  # noqa: PT017 - most are refused, not all


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-1", "@a", "\ta", "'=a"])
def test_names_are_no_formulas_in_a_spreadsheet(name: str, tmp_path: Path) -> None:
    row = Clip(
        id="c1",
        name=name,
        media=MediaReference(path="-film.mp4", size=(160, 90)),
        source_range=TimeRange(Fraction(0), Fraction(2)),
        gain_db=-3.0,
    )
    track = Track(kind="video", name="+V", items=(row,))
    edit = Timeline(name="=e", rate=PAL, size=(160, 90), tracks=(track,), next_id=2)
    written, _ = save(edit)
    (tmp_path / "cut.csv.timeline.json").write_bytes(
        written.beside["cut.csv.timeline.json"]
    )
    cells = [
        cell for row in csv.reader(written.data.decode().splitlines()) for cell in row
    ]
    suspicious = [cell for cell in cells if cell.startswith(tuple("=+-@\t\r"))]
    assert suspicious == ["-3.0"]
    found, _ = load(written.data, folder=tmp_path)
    assert found == edit

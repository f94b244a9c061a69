"""AAF by OpenTimelineIO's adapter, in a process that is ended when it does not end."""

import random
import subprocess
import sys
from contextlib import suppress
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

import pytest
from attacks.mutations import mutated
from sample_files import sample_files
from timelines import clip, empty, media, three_clips

from timeline_nb.errors import ProjectError
from timeline_nb.interchange import aaf
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import ReadRequest, WriteRequest
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Clip, Timeline
from timeline_nb.timeline.validate import problems

needs_adapter = pytest.mark.skipif(
    find_spec("otio_aaf_adapter") is None, reason="needs the extra interchange"
)


def write(timeline: Timeline) -> tuple[bytes, Report]:
    report = Report(Path("a.aaf"), "aaf", "export")
    request = WriteRequest(timeline=timeline, path=Path("a.aaf"), report=report)
    return aaf.write(request).data, report


def read(data: bytes, name: str = "a.aaf") -> tuple[Timeline, Report]:
    report = Report(Path(name), "aaf", "import")
    request = ReadRequest(data=data, name=name, path=Path(name), report=report)
    return aaf.read(request), report


def spans(timeline: Timeline) -> list[list[tuple[Fraction, Fraction]]]:
    return [
        [
            (item.source_range.start, item.duration)
            for item in track.items
            if isinstance(item, Clip)
        ]
        for track in timeline.tracks
    ]


@needs_adapter
@pytest.mark.parametrize("rate", [Fraction(25), Fraction(30000, 1001)])
def test_cuts_and_gaps_come_back(rate: Fraction) -> None:
    of = media(has_audio=True)
    row = [clip(n * 30 / rate, 40 / rate, of=of) for n in (1, 3, 2)]
    cut = edits.append(empty(rate), row)
    cut = edits.lift(cut, cut.tracks[0].items[1].id)  # type: ignore[union-attr]
    data, report = write(cut)
    assert {one.what for one in report} == {"the link", "the size"}
    back, _ = read(data)
    assert back.rate == rate
    assert spans(back) == spans(cut)


@needs_adapter
def test_an_edit_is_the_same_bytes_with_its_names_and_tracks() -> None:
    cut = three_clips(has_audio=True)
    data, _ = write(cut)
    assert write(cut)[0] == data
    back, report = read(data)
    assert [track.name for track in back.tracks] == ["V1", "A1"]
    assert {one.name for one in back.tracks[1].items if isinstance(one, Clip)} == {
        "street"
    }
    assert report.is_exact


@needs_adapter
def test_a_medium_has_one_master_however_often_it_is_cut() -> None:
    few, many = (
        edits.append(empty(), [clip(n, 1, of=media()) for n in range(1, count + 1)])
        for count in (2, 40)
    )
    # A clip is some 400 bytes; OpenTimelineIO's writer gives it 6 kB.
    assert len(write(many)[0]) - len(write(few)[0]) < 38 * 1500


@needs_adapter
def test_what_the_adapter_cannot_write_is_reported() -> None:
    cut = three_clips(has_audio=True)
    first = cut.tracks[0].items[0]
    assert isinstance(first, Clip)
    cut = edits.transition(cut, after=first.id, duration=Fraction(12, 25))
    cut = edits.retime(cut, first.id, rate=Fraction(2))
    _, report = write(cut)
    whats = {one.what for one in report.lost}
    assert whats == {
        *("the speed", "the transition 'dissolve'", "the link", "the size")
    }


@needs_adapter
@pytest.mark.parametrize("size", [0, 100, 100_000])
def test_what_is_no_aaf_is_refused_by_name(size: int) -> None:
    data = random.Random(size).randbytes(size)
    for own in (data, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + data):
        with pytest.raises(ProjectError, match=r"^b\.aaf: .* cannot read it"):
            read(own, "b.aaf")


def refused_or_read(data: bytes) -> None:
    """Read a broken AAF: what is refused is refused by name."""
    with suppress(ProjectError):
        edit, _ = read(data, "b.aaf")
        assert [p for p in problems(edit) if " id " not in p.message] == []


# A process for each takes a second. Of 300, 51 were read and none took longer.
@needs_adapter
@pytest.mark.parametrize(
    "count", [4, pytest.param(60, marks=pytest.mark.whole)], ids=str
)
def test_an_aaf_that_was_damaged_is_read_or_refused(count: int) -> None:
    chance = random.Random(count)
    whole, _ = write(three_clips(has_audio=True))
    for _ in range(count):
        refused_or_read(mutated(whole, chance, header_bytes=4096))
    refused_or_read(whole[: len(whole) // 2])
    middle = len(whole) // 2
    refused_or_read(whole[:512] + whole[middle:] + whole[512:middle])


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("crash", "crashed"),
        ("hang", "took more than 2 s"),
        ("grow", "took more than 0 GiB"),
        ("lie", "no OTIO_SCHEMA"),
    ],
)
@needs_adapter
def test_a_child_that_fails_is_an_error(
    how: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aaf, "_CHILD", "stand_ins.failing_child")
    monkeypatch.setattr(aaf, "_TIME_S", 2.0 if how == "hang" else 30.0)
    monkeypatch.setattr(aaf, "_MEMORY_BYTES", (1 << 28) if how == "grow" else 1 << 31)
    monkeypatch.setenv("FAILING_CHILD", how)
    with pytest.raises(ProjectError, match=rf"^c\.aaf.*{words}"):
        read(b"", "c.aaf")


def test_without_the_extra_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(aaf, "find_spec", lambda _: None)
    with pytest.raises(ProjectError, match=r'pip install "timeline-nb\[interchange\]"'):
        read(b"")


@needs_adapter
def test_the_kernel_never_loads_the_library() -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from unit_aaf import write\nfrom timelines import three_clips\n"
        "write(three_clips()); assert 'opentimelineio' not in sys.modules"
    ).replace("unit_aaf", "aaf_module")
    loader = (
        "import importlib.util, sys\n"
        f"spec = importlib.util.spec_from_file_location('aaf_module', {__file__!r})\n"
        "sys.path.insert(0, 'tests')\n"
        "module = importlib.util.module_from_spec(spec)\n"
        "sys.modules['aaf_module'] = module\nspec.loader.exec_module(module)\n"
    )
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", loader + code]
    done = subprocess.run(command, cwd=root, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[-800:]


@needs_adapter
@pytest.mark.whole
def test_files_of_avid_are_read() -> None:
    files = sample_files(".aaf", most_bytes=2**26)
    assert len(files) >= 30
    for name, data in files.items():
        edit, _ = read(data, name)
        assert edit.tracks, name
        assert [p for p in problems(edit) if " id " not in p.message] == [], name

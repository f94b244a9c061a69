"""The export dialog's requests: estimates, what is refused, and the list of renders."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from media_factory import Clips
from widgets.wire import Wire, in_words

import timeline_nb as tl
from timeline_nb.core.jobs import Job, Reporter
from timeline_nb.render.result import RenderResult


@pytest.fixture
def roots(clips: Clips, tmp_path: Path) -> Path:
    folder = tmp_path / "films"
    (folder / "out").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    (folder / "a.mp4").write_bytes(clips["cfr"].read_bytes())
    return folder


@pytest.fixture
def studio(roots: Path, tmp_path: Path) -> Iterator[tl.Studio]:
    settings = tl.Settings(
        cache_dir=tmp_path / "cache",
        data_dir=tmp_path / "data",
        roots=[roots],
        jobs_at_once=1,
    )
    with tl.open_studio(settings) as studio:
        yield studio


@pytest.fixture
def cut(roots: Path, studio: tl.Studio) -> tl.Edit:
    film = tl.open(roots / "a.mp4", studio=studio)
    cut = tl.Edit("a/b cut", rate=25, size=film.size, studio=studio)
    for number in range(2):
        cut.overwrite(film.clip(0, "2s"), at=2 * number, only="picture")
    return cut


@pytest.fixture
def wire(
    cut: tl.Edit, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Wire]:
    editor = tl.Editor(cut, studio=studio)
    wire = Wire(editor, monkeypatch)
    wire.hello()
    yield wire
    editor.close()


def _until(wire: Wire, kind: str, **wanted: Any) -> dict[str, Any]:
    """The last message of a kind, once it has these values."""
    for _ in range(20_000):
        found = [told for told, _ in wire.told if told["kind"] == kind]
        if found and wanted.items() <= found[-1].items():
            return found[-1]
        threading.Event().wait(0.01)
    raise AssertionError(f"{wire.told[-3:]}")


def _rows(wire: Wire, *statuses: str) -> list[dict[str, Any]]:
    """The list of renders, once they stand so."""
    for _ in range(20_000):
        rows: list[dict[str, Any]] = wire.last("renders")[0]["renders"]
        if tuple(row["status"] for row in rows) == statuses:
            return rows
        threading.Event().wait(0.01)
    raise AssertionError(f"{wire.last('renders')}")


def test_it_writes_within_the_roots_alone(
    wire: Wire, roots: Path, tmp_path: Path
) -> None:
    (roots / "link").symlink_to(tmp_path)
    (roots / "film.mp4").symlink_to(tmp_path / "film.mp4")
    outside = (
        str(tmp_path / "film.mp4"),
        str(roots / ".." / "film.mp4"),
        str(roots / "link" / "film.mp4"),
        str(roots / "film.mp4"),
        "/usr/film.mp4",
        "/proc/self/film.mp4",
    )
    for number, path in enumerate(outside, 1):
        answer = wire.ask("render", path=path, overwrite=True)
        assert answer["kind"] == "refused", path
        assert "cannot be written" in answer["message"]
        wire.ask("estimateRender", path=path, number=number)
        told = _until(wire, "exportEstimate", number=number)
        assert "cannot be written" in in_words(told["problem"])
    source = wire.ask("render", path=str(roots / "a.mp4"), overwrite=True)
    assert "is a source of this edit" in source["message"]
    assert not (tmp_path / "film.mp4").exists()


def test_it_proposes_no_name_of_a_source(wire: Wire, cut: tl.Edit) -> None:
    assert wire.ask("askExport")["name"] == "a-b cut"
    cut.session.apply("rename", lambda old: msgspec.structs.replace(old, name="A"))
    assert wire.ask("askExport")["name"] == "A-film"


def test_a_file_of_others_is_replaced_only_when_that_is_asked_for(
    wire: Wire, roots: Path
) -> None:
    theirs = roots / "notes.mp4"
    theirs.write_bytes(b"of somebody else")
    answer = wire.ask("render", path=str(theirs))
    assert answer["kind"] == "renderStarted"
    assert answer["taken"] == str(theirs)
    assert theirs.read_bytes() == b"of somebody else"
    assert wire.last("renders")[0]["renders"] == []
    assert wire.ask("render", path=str(theirs), overwrite=True)["taken"] == ""
    (row,) = _rows(wire, "completed")
    assert row["path"] == str(theirs)
    assert row["sizeBytes"] == theirs.stat().st_size
    # It is ours now.
    assert wire.ask("render", path=str(theirs))["taken"] == ""
    _rows(wire, "completed", "completed")


def test_a_range_is_rendered(wire: Wire, roots: Path, studio: tl.Studio) -> None:
    path = roots / "out" / "part.mp4"
    wire.ask("render", path=str(path), profile="review", startS=1.0, endS=2.6)
    _rows(wire, "completed")
    film = tl.open(path, studio=studio)
    # 40 frames at 25 a second.
    assert len(film.index) == 40


def test_an_estimate_names_what_is_reused(wire: Wire, roots: Path) -> None:
    path = str(roots / "film.mp4")
    wire.ask("estimateRender", path=path, number=1)
    told = _until(wire, "exportEstimate", number=1, isDone=True)
    assert told["durationS"] == 4.0
    assert told["encodedS"] == 4.0
    wire.ask("render", path=path)
    (row,) = _rows(wire, "completed")
    # Within a third of what it is: samples differ from the whole.
    assert told["sizeBytes"] == pytest.approx(row["sizeBytes"], rel=0.33)
    wire.ask("estimateRender", path=path, number=2)
    told = _until(wire, "exportEstimate", number=2, isDone=True)
    assert (told["cachedS"], told["encodedS"], told["timeS"]) == (4.0, 0.0, 0.0)
    assert told["sizeBytes"] == pytest.approx(row["sizeBytes"], rel=0.1)
    wire.ask("estimateRender", path=path, profile="tiktok", number=3)
    told = _until(wire, "exportEstimate", number=3)
    assert "of another aspect" in in_words(told["problem"])


def test_what_is_not_there_is_named_with_its_place(wire: Wire, roots: Path) -> None:
    out = str(roots / "out" / "film.mp4")
    away = (roots / "a.mp4").rename(roots / "b.mp4")
    wire.ask("estimateRender", path=out, number=1)
    estimate = _until(wire, "exportEstimate", number=1)
    place = {
        "name": "a.mp4",
        "isFile": True,
        "track": "V1",
        "at": "00:00:00:00",
        "lack": "",
    }
    assert estimate["hindrances"] == (place,)
    # Of the second clip alone, which begins at two seconds.
    wire.ask("estimateRender", path=out, number=2, startS=2.5)
    [hindrance] = _until(wire, "exportEstimate", number=2)["hindrances"]
    assert hindrance["at"] == "00:00:02:00"
    refused = wire.ask("render", path=out)
    assert refused["message"] == "a.mp4 is offline: V1 at 00:00:00:00"
    assert refused["said"]["values"]["track"] == "V1"
    away.rename(roots / "a.mp4")
    wire.ask("estimateRender", path=out, number=3)
    assert _until(wire, "exportEstimate", number=3)["problem"] == ""


def test_an_estimate_counts_the_sound(
    wire: Wire, roots: Path, cut: tl.Edit, studio: tl.Studio
) -> None:
    wav = str(roots / "film.wav")
    wire.ask("estimateRender", path=wav, number=1)
    silent = _until(wire, "exportEstimate", number=1, isDone=True)
    assert "has none" in in_words(silent["problem"])
    cut.append(tl.open(roots / "a.mp4", studio=studio).clip(0, "1s"))
    wire.ask("estimateRender", path=wav, number=2)
    told = _until(wire, "exportEstimate", number=2, isDone=True)
    # Two channels of 48,000 samples of two bytes a second, for five seconds.
    assert told["sizeBytes"] == 960_000
    path = str(roots / "film.mp4")
    wire.ask("render", path=path)
    (row,) = _rows(wire, "completed")
    wire.ask("estimateRender", path=path, number=3)
    told = _until(wire, "exportEstimate", number=3, isDone=True)
    # By its bit rate the sound, nearly silent, would take 120,000 bytes; what is left
    # are tables of the container.
    assert told["sizeBytes"] == pytest.approx(row["sizeBytes"], rel=0.2)


def test_the_choices_are_of_the_edit_and_the_roots(
    wire: Wire, roots: Path, cut: tl.Edit
) -> None:
    told = wire.ask("askExport")
    assert told["folders"] == [str(roots), str(roots / "out")]
    assert told["folder"] == str(roots)
    assert told["name"] == "a-b cut"
    suffixes = {profile["name"]: profile["suffix"] for profile in told["profiles"]}
    assert set(suffixes) == {"", *tl.profile_names()}
    assert suffixes["master"] == ".mov"
    assert suffixes["archive"] == ".mkv"
    assert suffixes["web"] == ".mp4"
    cut.save(roots / "out" / "cut.tlp")
    assert wire.ask("askExport")["folder"] == str(roots / "out")


def test_without_a_project_films_lie_beside_the_notebook(
    wire: Wire, roots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(roots / "out")
    assert wire.ask("askExport")["folder"] == str(roots / "out")
    # A folder that is gone, or not allowed, is no choice.
    (roots / "out").rmdir()
    assert wire.ask("askExport")["folder"] == str(roots)
    monkeypatch.chdir(roots.parent)
    assert wire.ask("askExport")["folder"] == str(roots)


def test_renders_wait_rise_pause_and_end(
    wire: Wire, roots: Path, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()

    def held(_: object, path: Path, *__: object, **___: object) -> Job[RenderResult]:
        def work(reporter: Reporter) -> RenderResult:
            while not gate.wait(0.01):
                reporter.report("encode", 1, 4)
            raise tl.RenderError("the disk is full: free 3 GB, and render again")

        return studio.run(Job(f"render {path.name}", work))

    monkeypatch.setattr(studio, "render", held)
    for name in ("a", "b", "c"):
        wire.ask("render", path=str(roots / f"{name}1.mp4"))
    first, second, third = _rows(wire, "processing", "queued", "queued")
    assert first["fraction"] == 0.25
    assert not any((first["canRise"], first["canSink"], second["canRise"]))
    assert second["canSink"]
    assert third["canRise"]
    again = wire.ask("render", path=str(roots / "b1.mp4"))
    assert "is being rendered" in again["message"]
    wire.ask("controlRender", render=third["number"], action="sooner")
    rows = wire.last("renders")[0]["renders"]
    assert [Path(row["path"]).stem for row in rows] == ["a1", "c1", "b1"]
    wire.ask("controlRender", render=second["number"], action="cancel")
    _rows(wire, "processing", "queued", "cancelled")
    wire.ask("controlRender", render=third["number"], action="cancel")
    _rows(wire, "processing", "cancelled", "cancelled")
    wire.ask("controlRender", render=first["number"], action="pause")
    _rows(wire, "paused", "cancelled", "cancelled")
    wire.ask("controlRender", render=first["number"], action="resume")
    _rows(wire, "processing", "cancelled", "cancelled")
    gate.set()
    rows = _rows(wire, "cancelled", "cancelled", "failed")
    assert rows[-1]["messages"] == ["the disk is full: free 3 GB, and render again"]
    wire.ask("controlRender", render=first["number"], action="remove")
    _rows(wire, "cancelled", "cancelled")
    gone = wire.ask("controlRender", render=first["number"], action="pause")
    assert "not in the list" in gone["message"]

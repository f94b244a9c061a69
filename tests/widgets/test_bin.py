"""The editor's media bin: files, scans within the roots, and what is refused."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from media_factory import Clips
from timelines import empty
from widgets.wire import Wire, in_words

import timeline_nb as tl
from timeline_nb.commands.session import EditSession
from timeline_nb.core.jobs import Reporter
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.scan import ScanReport
from timeline_nb.widgets import bin_part


@pytest.fixture
def roots(clips: Clips, tmp_path: Path) -> Path:
    folder = tmp_path / "footage"
    (folder / "day 1").mkdir(parents=True)
    for name in ("a.mp4", "day 1/b.mp4"):
        (folder / name).write_bytes(clips["cfr"].read_bytes())
    return folder


@pytest.fixture
def studio(roots: Path, tmp_path: Path) -> Iterator[tl.Studio]:
    settings = tl.Settings(cache_dir=tmp_path / "cache", roots=[roots])
    with tl.open_studio(settings) as studio:
        yield studio


@pytest.fixture
def wire(studio: tl.Studio, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    editor = tl.Editor(EditSession(empty()), studio=studio)
    wire = Wire(editor, monkeypatch)
    wire.hello()
    yield wire
    editor.close()


def until_bin(wire: Wire, count: int) -> list[dict[str, Any]]:
    """The items of the bin, once there are so many."""
    for _ in range(20_000):
        found = [told for told, _ in wire.told if told["kind"] == "bin"]
        if found and len(found[-1]["items"]) == count:
            items: list[dict[str, Any]] = found[-1]["items"]
            return items
        time.sleep(0.01)
    raise AssertionError(f"{wire.told}")


def test_media_are_put_into_bins_of_ones_own(wire: Wire, roots: Path) -> None:
    wire.ask("openMedia", path=str(roots / "a.mp4"))
    [item] = until_bin(wire, 1)
    media = [item["fingerprint"]]
    wire.ask("putInBin", media=media, bin="Talks")
    assert wire.last("ownBins")[0]["bins"] == {"Talks": media}
    wire.ask("renameBin", bin="Talks", name="Speeches")
    assert wire.last("ownBins")[0]["bins"] == {"Speeches": media}
    refused = wire.ask("renameBin", bin="Talks", name="Other")
    assert "no bin 'Talks'" in refused["message"]
    wire.ask("removeBin", bin="Speeches")
    assert wire.last("ownBins")[0]["bins"] == {}


def test_a_folder_is_scanned_by_a_job_and_its_media_placed(
    wire: Wire, roots: Path
) -> None:
    assert wire.ask("openMedia", path=f" {roots} ")["kind"] == "done"
    items = until_bin(wire, 2)
    assert [item["name"] for item in items] == ["a.mp4", "b.mp4"]
    scans = [told for told, _ in wire.told if told["kind"] == "scan"]
    assert scans[-1]["folder"] == ""
    assert any(scan["folder"] == str(roots) for scan in scans)
    path = items[0]["path"]
    answer = wire.ask("placeMedia", path=path, mode="append", atS=0.0)
    assert answer["kind"] == "done"
    elsewhere = str(roots.parent / "other.mp4")
    refused = wire.ask("placeMedia", path=elsewhere, mode="append", atS=0.0)
    assert "is not in the media bin" in refused["message"]
    # What the browser translates, and what it fills in.
    assert refused["said"]["text"] == "{path} is not in the media bin: open it first"
    assert refused["said"]["values"] == {"path": str(elsewhere)}


def test_files_opened_at_once_all_come(
    wire: Wire, roots: Path, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = roots / "bad.mp4"
    bad.write_bytes(b"no film")
    asked, goes_on = threading.Event(), threading.Event()
    probe = studio.library.probe

    def slow(name: str, **assumed: Any) -> MediaInfo:
        asked.set()
        assert goes_on.wait(120)
        return probe(name, **assumed)

    monkeypatch.setattr(studio.library, "probe", slow)
    # The second and third are asked for while the first is read.
    wire.ask("openMedia", path=str(bad))
    assert asked.wait(120)
    wire.ask("openMedia", path=str(roots / "a.mp4"), adds=True)
    wire.ask("openMedia", path=str(roots / "day 1/b.mp4"), adds=True)
    goes_on.set()
    assert [item["name"] for item in until_bin(wire, 2)] == ["a.mp4", "b.mp4"]
    (problem,) = wire.last("bin")[0]["problems"]
    assert "bad.mp4" in in_words(problem)
    wire.ask("openMedia", path=str(roots / "a.mp4"))
    for _ in range(20_000):
        if not wire.last("bin")[0]["problems"]:
            break
        time.sleep(0.01)
    assert wire.last("bin")[0]["problems"] == []


def test_a_file_that_has_gone_is_not_said_to_be_broken(wire: Wire, roots: Path) -> None:
    gone = roots / "a.mp4"
    wire.ask("openMedia", path=str(gone))
    until_bin(wire, 1)
    gone.unlink()
    wire.ask("openMedia", path=str(roots / "day 1/b.mp4"), adds=True)
    until_bin(wire, 2)
    assert wire.last("bin")[0]["problems"] == []


def test_a_file_outside_is_opened_once_a_person_allows_it(
    wire: Wire, studio: tl.Studio, clips: Clips
) -> None:
    outside = clips["vfr"]
    for path in (str(outside), str(outside.with_name("none.mp4"))):
        refused = wire.ask("openMedia", path=path)["message"]
        assert f"tl.allow({str(outside.parent)!r})" in refused
    tl.allow(outside, studio=studio)
    assert wire.ask("openMedia", path=str(outside))["kind"] == "done"
    assert [item["name"] for item in until_bin(wire, 1)] == ["vfr.mp4"]


def test_only_folders_within_the_roots_are_scanned(wire: Wire, roots: Path) -> None:
    link = roots / "out"
    link.symlink_to(roots.parent)
    for path in ("/", str(roots.parent), str(roots / ".."), str(link), "/usr"):
        message = wire.ask("openMedia", path=path)["message"]
        assert "lies outside the folders that may be read: tl.allow(" in message


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/proc", "a file of the system's own"),
        ("/sys/kernel", "a file of the system's own"),
        ("/proc/version", "a file of the system's own"),
        ("/dev/zero", "a file of the system's own"),
        ("", "there is no file or folder"),
        ("~nobody-here/x", "is no path"),
        ("x" * 3000, "cannot be opened"),
        ("a\0b", "the character NUL"),
        ("y" * 5000, "length <= 4096"),
    ],
)
def test_what_is_no_media_is_refused_in_words(
    path: str, message: str, wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    answer = wire.ask("openMedia", path=path)
    assert answer["kind"] == "refused"
    assert message in answer["message"]
    assert not any(record.exc_info for record in caplog.records)


def test_links_to_the_system_and_pipes_are_left_out(wire: Wire, roots: Path) -> None:
    (roots / "system").symlink_to("/sys")
    (roots / "state").symlink_to("/proc")
    os.mkfifo(roots / "pipe.mp4")
    wire.ask("openMedia", path=str(roots))
    until_bin(wire, 2)
    assert wire.last("bin")[0]["problems"] == []


def test_a_scan_is_canceled_by_its_button_or_the_last_view(
    wire: Wire, roots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, ended = threading.Semaphore(0), threading.Semaphore(0)

    def endless(*_: object, reporter: Reporter, **__: object) -> ScanReport:
        began.release()
        try:
            while True:
                reporter.check()
                time.sleep(0.001)
        finally:
            ended.release()

    monkeypatch.setattr(bin_part, "scan", endless)
    wire.ask("openMedia", path=str(roots))
    assert began.acquire(timeout=120)
    assert wire.last("scan")[0]["folder"] == str(roots)
    other = wire.ask("openMedia", path=str(roots / "day 1"))
    assert other["message"] == ("a folder is being scanned: wait for it, or cancel it")
    wire.ask("cancelScan")
    assert ended.acquire(timeout=120)
    for _ in range(20_000):
        if wire.ask("openMedia", path=str(roots))["kind"] == "done":
            break
        time.sleep(0.01)
    assert began.acquire(timeout=120)
    wire.ask("bye")
    assert ended.acquire(timeout=120)


def test_a_bin_holds_so_many(
    wire: Wire, roots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bin_part, "_MOST_MEDIA", 1)
    wire.ask("openMedia", path=str(roots))
    until_bin(wire, 1)
    (problem,) = wire.last("bin")[0]["problems"]
    assert in_words(problem).startswith("1 media file is left out: the bin holds 1")


def test_a_view_names_only_tables_and_fonts_within_the_roots(
    wire: Wire, roots: Path, tmp_path: Path
) -> None:
    table = "LUT_1D_SIZE 2\n0 0 0\n1 1 1\n"
    for folder in (roots, tmp_path):
        (folder / "own.cube").write_text(table)
    wire.ask("addEffect", owners=[], effect="lut")
    for path in ("/proc/self/environ", str(tmp_path / "own.cube"), "../own.cube"):
        fields: dict[str, Any] = {"owner": "", "number": 0, "parameter": "path"}
        fields["value"] = path
        answer = wire.ask("changeEffect", **fields)
        assert answer["kind"] == "refused", path
        assert "cannot be opened" in answer["message"]
    fields["value"] = str(roots / "own.cube")
    assert wire.ask("changeEffect", **fields)["kind"] == "done"

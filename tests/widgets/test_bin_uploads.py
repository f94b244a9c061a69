"""Uploads, the file dialog, the source monitor and relinking, over a widget's wire."""

import base64
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from media_factory import Clips
from states import until
from timelines import empty
from widgets.wire import Wire, in_words

import timeline_nb as tl
from timeline_nb.commands.session import EditSession
from timeline_nb.errors import MediaError, OverloadError
from timeline_nb.media.upload import PART_BYTES, MediaUpload, upload_name_fault


@pytest.fixture
def roots(clips: Clips, tmp_path: Path) -> Path:
    folder = tmp_path / "footage"
    (folder / "day 1").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    (folder / "a.mp4").write_bytes(clips["cfr"].read_bytes())
    (folder / "notes.txt").write_text("none")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.mp4").write_bytes(clips["cfr"].read_bytes())
    (folder / "way out").symlink_to(tmp_path / "outside")
    return folder


@pytest.fixture
def studio(roots: Path, tmp_path: Path) -> Iterator[tl.Studio]:
    settings = tl.Settings(cache_dir=tmp_path / "cache", roots=[roots])
    with tl.open_studio(settings) as studio:
        yield studio


@pytest.fixture
def session() -> EditSession:
    return EditSession(empty())


@pytest.fixture
def wire(
    studio: tl.Studio, session: EditSession, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Wire]:
    editor = tl.Editor(session, studio=studio)
    wire = Wire(editor, monkeypatch)
    wire.hello()
    yield wire
    editor.close()


def told(wire: Wire, kind: str) -> list[dict[str, Any]]:
    return [content for content, _ in wire.told if content["kind"] == kind]


def in_bin(wire: Wire) -> list[str]:
    found = told(wire, "bin")
    return [item["name"] for item in found[-1]["items"]] if found else []


def send(wire: Wire, name: str, data: bytes, folder: str = "") -> dict[str, Any]:
    """MediaUpload a file in parts, and give the last answer."""
    began = wire.ask("startUpload", folder=folder, name=name, size=len(data))
    if began["kind"] == "refused":
        return began
    number, step = began["upload"], began["partBytes"]
    for offset in range(0, len(data), step):
        part = base64.b64encode(data[offset : offset + step]).decode()
        answer = wire.ask("uploadPart", upload=number, offset=offset, data=part)
        assert answer["kind"] == "done", answer
    return wire.ask("finishUpload", upload=number)


def listing(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize(
    "name",
    [
        "film.mp4",
        'it\'s "quoted" & spaced.mp4'.replace('"', "”"),
        unicodedata.normalize("NFD", "Übermut é.mp4"),
        "影片 🎬.mp4",
        "x" * 251 + ".mp4",
    ],
)
def test_an_uploaded_file_is_whole_and_in_the_bin(
    wire: Wire, roots: Path, clips: Clips, name: str
) -> None:
    data = clips["cfr"].read_bytes()
    answer = send(wire, name, data)
    assert answer["kind"] == "uploaded", answer
    assert (roots / name).read_bytes() == data
    assert until(lambda: name in in_bin(wire))


def test_an_upload_never_replaces_a_file(wire: Wire, roots: Path, clips: Clips) -> None:
    before = (roots / "a.mp4").read_bytes()
    data = clips["vfr"].read_bytes()
    assert send(wire, "a.mp4", data)["name"] == "a (2).mp4"
    assert send(wire, "a.mp4", data)["name"] == "a (3).mp4"
    assert (roots / "a.mp4").read_bytes() == before
    assert (roots / "a (2).mp4").read_bytes() == data


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../evil.mp4", "names a folder"),
        ("day 1/evil.mp4", "names a folder"),
        ("..\\evil.mp4", "names a folder"),
        ("..", "names a folder"),
        ("", "is empty"),
        (".evil.mp4", "hidden"),
        ("nul.mp4", "device"),
        ("COM1.mp4", "device"),
        ("a:b.mp4", "Windows"),
        ("what?.mp4", "Windows"),
        ("a\x00.mp4", "NUL"),
        ("a\n.mp4", "Windows"),
        ("gpj.\u202eexe.mp4", "not shown"),
        ("page.html", "not that of a video"),
        ("run.mp4.exe", "not that of a video"),
        ("x" * 252 + ".mp4", "bytes"),
    ],
)
def test_names_that_no_upload_has(wire: Wire, roots: Path, name: str, why: str) -> None:
    before = listing(roots)
    assert why in upload_name_fault(name)
    assert wire.ask("startUpload", folder="", name=name, size=10)["kind"] == "refused"
    assert listing(roots) == before


def test_folders_outside_take_no_upload(wire: Wire, roots: Path) -> None:
    outside = roots.parent / "outside"
    for folder in (outside, roots / "way out", roots / ".hidden", roots / "a.mp4"):
        answer = wire.ask("startUpload", folder=str(folder), name="b.mp4", size=10)
        assert answer["kind"] == "refused"
        assert wire.ask("browse", folder=str(folder))["kind"] == "refused"
    assert listing(outside) == {"secret.mp4"}


def test_parts_come_in_order_and_within_the_size(wire: Wire, roots: Path) -> None:
    began = wire.ask("startUpload", folder="", name="b.mp4", size=6)
    number = began["upload"]

    def part(offset: int, data: bytes, view: str = "v") -> str:
        text = base64.b64encode(data).decode()
        fields = {"upload": number, "offset": offset, "data": text}
        return str(wire.ask("uploadPart", view=view, **fields)["kind"])

    assert part(3, b"abc") == "refused"
    assert part(0, b"abcdefg") == "refused"
    assert part(0, b"abc", view="other") == "refused"
    assert part(0, b"abc") == "done"
    assert part(0, b"abc") == "refused"
    assert wire.ask("finishUpload", upload=number)["kind"] == "refused"
    assert not [name for name in listing(roots) if "partial" in name]
    assert not (roots / "b.mp4").exists()
    large = base64.b64encode(bytes(PART_BYTES + 1)).decode()
    assert wire.ask("uploadPart", upload=1, offset=0, data=large)["kind"] == "refused"


def test_what_is_canceled_or_whose_view_closes_leaves_nothing(
    wire: Wire, roots: Path
) -> None:
    before = listing(roots)
    first = wire.ask("startUpload", folder="", name="b.mp4", size=6)["upload"]
    wire.ask("startUpload", folder="", name="c.mp4", size=6)
    assert len(listing(roots)) == len(before) + 2
    assert wire.ask("cancelUpload", upload=first)["kind"] == "done"
    assert len(listing(roots)) == len(before) + 1
    wire.ask("bye")
    assert listing(roots) == before


def test_a_file_beyond_the_disk_is_refused_before_it_is_sent(wire: Wire) -> None:
    answer = wire.ask("startUpload", folder="", name="b.mp4", size=2**50)
    assert "free some space" in answer["message"]
    assert wire.ask("startUpload", folder="", name="b.mp4", size=0)["kind"] == "refused"


def test_a_view_sends_few_files_at_once(wire: Wire) -> None:
    for number in range(4):
        began = wire.ask("startUpload", folder="", name=f"{number}.mp4", size=6)
        assert began["kind"] == "uploadStarted"
    answer = wire.ask("startUpload", folder="", name="5.mp4", size=6)
    assert "wait for one" in answer["message"]


def test_what_holds_no_media_is_told_and_removed(wire: Wire, roots: Path) -> None:
    assert send(wire, "text.mp4", b"no film at all")["kind"] == "uploaded"
    problems = until(lambda: (told(wire, "bin") or [{}])[-1].get("problems", []))
    assert "text.mp4" in in_words(problems[0])
    assert not (roots / "text.mp4").exists()


def test_what_a_killed_process_left_goes_with_the_next_upload(roots: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path;"
        "from timeline_nb.media.upload import MediaUpload;"
        "u = MediaUpload(Path(sys.argv[1]), 'b.mp4', 1000); u.write(0, b'x' * 500);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    before = listing(roots)
    done = subprocess.run([sys.executable, "-c", code, str(roots)], check=False)
    assert done.returncode < 0
    assert len(listing(roots)) == len(before) + 1
    upload = MediaUpload(roots, "c.mp4", 3)
    upload.write(0, b"abc")
    upload.finish()
    assert listing(roots) == before | {"c.mp4"}


def test_a_large_file_arrives_in_parts_without_being_held(tmp_path: Path) -> None:
    size = 300 * PART_BYTES + 1
    upload = MediaUpload(tmp_path, "big.mov", size)
    part = bytes(range(256)) * (PART_BYTES // 256)
    for number in range(300):
        upload.write(number * PART_BYTES, part)
    upload.write(300 * PART_BYTES, b"!")
    path = upload.finish()
    assert path.stat().st_size == size
    with path.open("rb") as file:
        file.seek(299 * PART_BYTES)
        assert file.read() == part + b"!"


def test_without_links_a_file_is_named_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", fail)
    (tmp_path / "a.mp4").write_bytes(b"old")
    upload = MediaUpload(tmp_path, "a.mp4", 3)
    upload.write(0, b"new")
    assert upload.finish().name == "a (2).mp4"
    assert listing(tmp_path) == {"a.mp4", "a (2).mp4"}
    with pytest.raises(MediaError, match="has ended"):
        upload.write(0, b"new")


def test_the_dialog_lists_folders_and_media_that_may_be_read(
    wire: Wire, roots: Path
) -> None:
    top = wire.ask("browse", folder="")
    assert [entry["path"] for entry in top["entries"]] == [str(roots)]
    shown = wire.ask("browse", folder=str(roots))
    assert [entry["name"] for entry in shown["entries"]] == ["day 1", "a.mp4"]
    assert shown["parent"] == ""
    below = wire.ask("browse", folder=str(roots / "day 1"))
    assert below["parent"] == str(roots)


def test_media_in_use_stay_in_the_bin(wire: Wire, roots: Path) -> None:
    path = str(roots / "a.mp4")
    wire.ask("openMedia", path=path)
    until(lambda: in_bin(wire) == ["a.mp4"])
    wire.ask("placeMedia", path=path, mode="append", atS=0.0)
    assert told(wire, "binUses")[-1]["counts"] == {path: 2}
    refused = wire.ask("removeMedia", paths=[path])["message"]
    assert "a.mp4 is used by" in refused
    uses = wire.ask("askUses", path=path)["clips"]
    assert {use["track"] for use in uses} == {"V1", "A1"}
    for use in uses:
        wire.ask("remove", items=[use["item"]], ripple=False)
    assert wire.ask("removeMedia", paths=[path])["kind"] == "done"
    until(lambda: not in_bin(wire))


def test_a_monitor_shows_a_file_of_the_bin_to_itself_alone(
    wire: Wire, roots: Path
) -> None:
    path = str(roots / "a.mp4")
    refused = wire.ask("openSource", path=path, view="v.source")
    assert "is not in the media bin" in refused["message"]
    wire.ask("openMedia", path=path)
    until(lambda: in_bin(wire))
    assert wire.ask("openSource", path=path)["kind"] == "refused"
    assert wire.ask("openSource", path=path, view="v.source")["kind"] == "done"
    shown = until(
        lambda: [one for one in told(wire, "playerSource") if one["view"] == "v.source"]
    )
    assert shown[-1]["name"] == "a.mp4"
    program = [one for one in told(wire, "playerSource") if one["view"] != "v.source"]
    assert program[-1]["name"] != "a.mp4"
    frames = wire.ask(
        "frames", view="v.source", version=shown[-1]["version"], frames=[0], exact=False
    )
    assert frames["kind"] in {"done", "refused"}
    wire.ask("closeSource", view="v.source")
    stopped = wire.ask("stop", view="v.source", stream=1)
    assert "shows no file" in stopped["message"]


def test_what_is_offline_is_listed_and_found_by_contents(
    wire: Wire, roots: Path
) -> None:
    path = roots / "a.mp4"
    wire.ask("openMedia", path=str(path))
    until(lambda: in_bin(wire))
    wire.ask("placeMedia", path=str(path), mode="append", atS=0.0)
    moved = roots / "day 1" / "other name.mp4"
    path.rename(moved)
    wire.hello("w")
    offline = until(lambda: (told(wire, "offline") or [{}])[-1].get("files", []))
    assert [one["name"] for one in offline] == ["a.mp4"]
    assert offline[0]["isRefused"] is False
    outside = str(roots.parent / "outside")
    refused = wire.ask("relink", folder=outside, paths=[])
    assert "tl.allow" in refused["message"]
    assert wire.ask("relink", folder=str(roots), paths=[])["kind"] == "done"
    until(lambda: str(moved) in told(wire, "binUses")[-1]["counts"])
    until(lambda: told(wire, "offline")[-1]["files"] == [])


def test_what_a_new_view_finds_offline_is_told_to_all(wire: Wire, roots: Path) -> None:
    path = roots / "a.mp4"
    wire.ask("openMedia", path=str(path))
    until(lambda: in_bin(wire))
    wire.ask("placeMedia", path=str(path), mode="append", atS=0.0)
    path.rename(roots / "moved.mp4")
    wire.hello("w")
    found = until(lambda: [one for one in told(wire, "offline") if one["files"]])
    assert found[0]["view"] == ""


def test_the_next_search_may_begin_when_one_is_said_to_have_ended(
    wire: Wire, roots: Path
) -> None:
    for _ in range(20):
        assert wire.ask("relink", folder=str(roots), paths=[])["kind"] == "done"
        until(lambda: told(wire, "relinking")[-1]["folder"] == "")


def test_a_search_that_the_queue_refuses_is_over(
    wire: Wire, studio: tl.Studio, roots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OverloadError("10,000 jobs wait")

    with monkeypatch.context() as patched:
        patched.setattr(studio.queue, "put", refuse)
        refused = wire.ask("relink", folder=str(roots), paths=[])
        assert "jobs wait" in refused["message"]
        assert told(wire, "relinking")[-1]["folder"] == ""
    assert wire.ask("relink", folder=str(roots), paths=[])["kind"] == "done"

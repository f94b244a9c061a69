"""Versions and branches of an edit, which outlive the kernel."""

import io
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread, current_thread

import pytest
from PIL import Image

import timeline_nb as tl
from timeline_nb.access.scope import Scope
from timeline_nb.core.files import write_atomic
from timeline_nb.project.known import KnownProjects
from timeline_nb.versions.store import VersionStore


@pytest.fixture
def cut(tmp_path: Path) -> tl.Edit:
    made = tl.Edit("street", rate=25, size="360p")
    made.titles.add("Hello", start=0, end="2s")
    made.save(tmp_path / "street.tlp")
    return made


def test_a_version_is_there_in_another_kernel(cut: tl.Edit) -> None:
    cut.versions.save("v1", note="a first <try>")
    cut.markers.add("1s", name="here")
    cut.versions.save("später: 2/3", note="")
    code = (
        "import sys, timeline_nb as tl; cut = tl.Edit.load(sys.argv[1]);"
        "print(cut.versions.names); print(cut.versions.diff('v1', 'später: 2/3'));"
        "print(len(tl.diff('v1', cut)))"
    )
    command = [sys.executable, "-c", code, str(cut.project_path)]
    done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")
    assert done.stdout.splitlines() == [
        "['v1', 'später: 2/3']",
        'marker "here" at 00:00:01:00: added: "here"',
        "0",
    ]
    table = cut.versions.to_dataframe()
    assert list(table["name"]) == ["v1", "später: 2/3"]
    assert list(table["note"]) == ["a first <try>", ""]
    assert list(table["duration_s"]) == [2.0, 2.0]
    assert str(table["saved"].dtype).endswith("UTC]")
    (first, _) = cut.versions
    assert Image.open(io.BytesIO(first.jpeg)).size[0] <= 480
    html = cut.versions._repr_html_()
    assert html.count("data:image/jpeg;base64,") == 2
    assert "<try>" not in html


def test_a_version_is_restored_as_one_step(cut: tl.Edit) -> None:
    cut.versions.save("v1")
    before = cut.timeline
    cut.trim("c1", tail="-1s")
    cut.set("c1", name="short")
    after = cut.timeline
    assert len(cut.versions.diff("v1")) == 2
    cut.versions.restore("v1")
    assert cut.timeline == before
    assert cut.history.steps[-1] == "restore v1"
    cut.undo()
    assert cut.timeline == after


def test_names_are_unique_and_wrong_ones_are_named(
    cut: tl.Edit, tmp_path: Path
) -> None:
    cut.versions.save("v1")
    with pytest.raises(tl.ProjectError, match=r"has a version 'v1' already"):
        cut.versions.save("v1")
    cut.markers.add("1s", name="here")
    cut.versions.save("v1", note="again", overwrite=True)
    assert len(list((tmp_path / "street.versions").iterdir())) == 2
    assert [one.note for one in cut.versions] == ["again"]
    with pytest.raises(tl.ProjectError, match="no version 'v2'; there are v1"):
        cut.versions.restore("v2")
    with pytest.raises(tl.ProjectError, match="a name of 1 to 200 letters"):
        cut.versions.save(" ")
    cut.versions.remove("v1")
    assert cut.versions.names == []
    assert list((tmp_path / "street.versions").iterdir()) == []
    new = tl.Edit("other")
    assert new.versions.names == []
    with pytest.raises(tl.ProjectError, match=r"save it first, as in cut\.save"):
        new.versions.save("v1")


def test_a_long_note_is_refused_and_the_old_version_stays(cut: tl.Edit) -> None:
    cut.versions.save("keep", note="old")
    with pytest.raises(tl.ProjectError, match=r"note='xxx.*40,000 letters"):
        cut.versions.save("keep", note="x" * 40_000, overwrite=True)
    assert [one.note for one in cut.versions] == ["old"]
    cut.versions.save("keep", note="\U0001f3ac" * 20_000, overwrite=True)
    assert [len(one.note) for one in cut.versions] == [20_000]


def test_a_store_writes_no_version_that_it_cannot_read(
    cut: tl.Edit, tmp_path: Path
) -> None:
    cut.versions.save("keep")
    store = VersionStore(
        tmp_path / "street.tlp",
        scope=Scope([tmp_path]),
        known=KnownProjects(tmp_path / "data"),
        max_bytes=10**8,
    )
    with pytest.raises(tl.ProjectError, match=r"cannot be kept.*\$\.note"):
        store.save("keep", cut.timeline, note="x" * 40_000, saved="", overwrite=True)
    assert cut.versions.names == ["keep"]


def test_two_writers_lose_no_timeline(
    cut: tl.Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One replaces a version while the other is between its two files."""
    other = tl.Edit.load(str(cut.project_path))
    cut.versions.save("a")
    cut.markers.add("1s", name="here")
    between, going_on = Event(), Event()

    def slow(path: Path, data: bytes) -> None:
        write_atomic(path, data)
        if path.suffix == ".edit" and current_thread().name == "slow":
            between.set()
            going_on.wait(0.5)

    monkeypatch.setattr("timeline_nb.versions.store.write_atomic", slow)
    # The same timeline as the version "a", which is replaced meanwhile.
    thread = Thread(target=other.versions.save, args=("b",), name="slow")
    thread.start()
    assert between.wait(120)
    cut.versions.save("a", overwrite=True)
    going_on.set()
    thread.join(120)
    assert sorted(cut.versions.names) == ["a", "b"]
    assert not cut.versions.timeline("b").markers
    assert cut.versions.timeline("a").markers


@pytest.mark.parametrize("fails_at", [1, 2])
def test_a_version_that_could_not_be_written_is_not_listed(
    cut: tl.Edit, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    cut.versions.save("v1")
    calls: list[Path] = []

    def full(path: Path, data: bytes) -> None:
        calls.append(path)
        if len(calls) == fails_at:
            raise OSError(28, "No space left on device")
        write_atomic(path, data)

    monkeypatch.setattr("timeline_nb.versions.store.write_atomic", full)
    cut.markers.add("1s", name="here")
    with pytest.raises(tl.ProjectError, match="the disk is full"):
        cut.versions.save("v2")
    assert len(calls) == fails_at
    assert cut.versions.names == ["v1"]


def test_a_version_that_cannot_be_read_just_now_keeps_its_timeline(
    cut: tl.Edit,
) -> None:
    cut.versions.save("v1")
    cut.versions.save("v2")
    folder = cut.project_path.with_suffix(".versions") if cut.project_path else Path()
    (head,) = folder.glob("v2-*.version.json")
    data = head.read_bytes()
    head.write_bytes(b"half")
    cut.versions.remove("v1")
    head.write_bytes(data)
    assert cut.versions.names == ["v2"]
    assert cut.versions.diff("v2").is_empty


def test_a_branch_is_a_project_that_is_merged_back(
    cut: tl.Edit, tmp_path: Path
) -> None:
    path = cut.versions.branch("night", note="darker")
    assert path == tmp_path / "street-night.tlp"
    branch = tl.Edit.load(path)
    branch.set("c1", name="Night")
    branch.save()
    cut.trim("c1", tail="-1s")
    merged = cut.versions.merge("night")
    assert merged.is_settled
    cut.versions.restore(merged)
    (clip,) = cut.clips
    assert clip.name == "Night"
    assert clip.duration == 1
    cut.undo()
    cut.set("c1", name="Day")
    merged = cut.versions.merge("night")
    with pytest.raises(tl.TimelineError, match="conflicts of the merge are open"):
        cut.versions.restore(merged)
    merged.settle(0, "theirs")
    cut.versions.restore(merged)
    assert cut.clips[0].name == "Night"
    with pytest.raises(tl.ProjectError, match="is there already"):
        cut.versions.branch("night")
    with pytest.raises(tl.ProjectError, match="leads to another folder"):
        cut.versions.branch("../night")
    cut.versions.save("v1")
    with pytest.raises(tl.ProjectError, match="begins no branch"):
        cut.versions.merge("v1")


def test_a_branch_that_cannot_be_leaves_nothing(
    cut: tl.Edit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(tl.ProjectError, match="name=None: it is text"):
        cut.versions.branch(None)  # type: ignore[arg-type]
    # 250 bytes, which a file can have, and with `street-` and `.tlp` 261.
    with pytest.raises(tl.ProjectError, match="a name of 261 bytes"):
        cut.versions.branch("é" * 125)
    (tmp_path / "street-night.tlp").symlink_to(tmp_path / "gone.tlp")
    with pytest.raises(tl.ProjectError, match="is there already"):
        cut.versions.branch("night")
    assert not (tmp_path / "gone.tlp").exists()

    def full(*_: object, **__: object) -> None:
        raise tl.ProjectError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("timeline_nb.project.document.save", full)
        with pytest.raises(tl.ProjectError, match="the disk is full"):
            cut.versions.branch("day")
    assert cut.versions.names == []
    cut.versions.branch("day")
    assert cut.versions.names == ["day"]


def test_files_of_strangers_are_left_out_or_refused(
    cut: tl.Edit, tmp_path: Path
) -> None:
    cut.versions.save("v1")
    folder = tmp_path / "street.versions"
    (head,) = folder.glob("*.version.json")
    for number, data in enumerate(
        [b"", b"\x00" * 100, b"[" * 100_000, b'{"name": 1}', b"{}" * 2_000_000]
    ):
        (folder / f"bad{number}.version.json").write_bytes(data)
    far = head.read_text().replace('"digest":"', '"digest":"../../../')
    (folder / "far.version.json").write_text(far)
    (folder / "link.version.json").symlink_to("/etc/passwd")
    assert cut.versions.names == ["v1"]
    (edit,) = folder.glob("*.edit")
    edit.write_text("no project")
    with pytest.raises(tl.ProjectError, match="is not a project"):
        cut.versions.restore("v1")
    picture = head.read_text().replace('"picture":"', '"picture":"!!!')
    head.write_text(picture)
    assert "data:image" not in cut.versions._repr_html_()


def test_versions_and_branches_have_their_guides_and_bins(cut: tl.Edit) -> None:
    cut.session.keep(lambda _: {"guides": {"x": [10.0]}, "bins": {"Talks": ["a"]}})
    cut.versions.save("v1")
    branch = tl.load(cut.versions.branch("night"))
    assert branch.session.editor_state == cut.session.editor_state
    branch.session.keep(lambda now: {**now, "bins": {"Talks": ["a", "b"]}})
    branch.save()
    cut.session.keep(lambda _: {"guides": {"x": [20.0]}, "bins": {"Talks": ["a"]}})
    merged = cut.versions.merge("night")
    assert merged.is_settled
    cut.versions.restore(merged)
    # The branch has put b into the bin, and this edit has moved the guide.
    both = {"guides": {"x": [20.0]}, "bins": {"Talks": ["a", "b"]}}
    assert cut.session.editor_state == both
    # A version drops none of what is there: no step brought it back.
    cut.versions.restore("v1")
    assert cut.session.editor_state == {
        "guides": {"x": [20.0, 10.0]},
        "bins": {"Talks": ["a", "b"]},
    }


def test_a_merge_erases_no_guides_that_it_does_not_know(cut: tl.Edit) -> None:
    cut.session.keep(lambda _: {"guides": {"x": [10.0]}, "bins": {"Talks": ["a"]}})
    before = cut.session.editor_state
    # A timeline alone keeps nothing for the editor.
    cut.versions.restore(tl.merge(cut.timeline, cut.timeline, cut.timeline))
    assert cut.session.editor_state == before
    cut.save()
    branch = tl.load(cut.versions.branch("night"))
    branch.session.keep(lambda now: {**now, "bins": {"Talks": ["a", "b"]}})
    branch.save()
    merged = cut.versions.merge("night")
    # Made after the merge, and before it is shown.
    cut.session.keep(lambda now: {**now, "guides": {"x": [10.0, 30.0]}})
    cut.versions.restore(merged)
    assert cut.session.editor_state == {
        "guides": {"x": [10.0, 30.0]},
        "bins": {"Talks": ["a", "b"]},
    }

"""The editor offers steps that were not saved, and two views see one edit."""

import time
import weakref
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from unittest.mock import Mock

import pytest
from collaboration.processes import Kernel
from states import until
from widgets.wire import Wire

import timeline_nb as tl
from timeline_nb.commands.changing import AddMarker
from timeline_nb.i18n import Message
from timeline_nb.timeline.merging.questions import Conflict
from timeline_nb.widgets.editor import Editor


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tl.Studio]:
    monkeypatch.setenv("TIMELINE_NB_DATA_DIR", str(tmp_path / "data"))
    with tl.open_studio(tl.Settings(roots=[tmp_path])) as studio:
        yield studio


def _steps(wire: Wire) -> int:
    found, _ = wire.last("journal")
    count: int = found["steps"]
    return count


@pytest.fixture
def project(studio: tl.Studio, tmp_path: Path) -> Path:
    cut = tl.Edit("street", rate=25, size=(64, 48), studio=studio)
    cut.titles.add("one", start=0, end=1)
    return cut.save(tmp_path / "film.tlp")


def test_an_editor_offers_the_last_step(
    project: Path, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Kernel(project.parent) as kernel:
        kernel.run("cut = tl.load('film.tlp')", "cut.titles.add('two', start=1, end=2)")
    for way, clips in (("discardRecovery", 1), ("recover", 2)):
        left = project.with_name(".film.tlp.journal").read_bytes()
        with pytest.warns(RuntimeWarning, match="1 step"):
            cut = tl.load(project, studio=studio)
        editor = Editor(cut)
        try:
            wire = Wire(editor, monkeypatch)
            wire.hello()
            view, _ = wire.last("journal")
            assert (view["steps"], view["label"]) == (1, "title")
            assert len(view["changes"]) == 1
            assert wire.ask(way)["kind"] == "done"
            until(lambda wire=wire: _steps(wire) == 0)  # type: ignore[misc]
            assert len(cut.clips) == clips
        finally:
            editor.close()
        cut.journal.close()
        time.sleep(0.1)
        if way == "discardRecovery":
            project.with_name(".film.tlp.journal").write_bytes(left)


def test_the_editor_of_a_cell_saves_its_edit(
    project: Path, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = tl.load(project, studio=studio)
    editor = cut.editor
    assert editor is not None
    try:
        wire = Wire(editor, monkeypatch)
        wire.hello()
        told, _ = wire.last("history")
        assert (told["canSave"], told["isSaved"], told["file"]) == (
            True,
            True,
            "film.tlp",
        )
        cut.titles.add("two", start=1, end=2)
        until(lambda: not wire.last("history")[0]["isSaved"])
        assert wire.ask("saveProject", path="")["kind"] == "done"
        assert len(tl.load(project, studio=studio).clips) == 2
        # Its films are offered a place beside the project.
        choices = wire.ask("askExport")
        assert choices["folder"] == str(project.parent)
        # An edit that nobody has is gone at once, as one without an editor.
        session = cut.session
        gone = weakref.ref(cut)
        del cut
        assert gone() is None
        session.perform(AddMarker(at=Fraction(1), name="late"))
        told = wire.ask("saveProject", path="")
        assert "without a file" in told["message"]
    finally:
        editor.close()


def test_an_editor_says_who_else_has_the_project(
    project: Path, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Kernel(project.parent) as kernel:
        kernel.run("cut = tl.load('film.tlp')", "cut.titles.add('two', start=1, end=2)")
        with pytest.warns(RuntimeWarning, match="is edited by"):
            cut = tl.load(project, studio=studio)
        editor = Editor(cut)
        try:
            wire = Wire(editor, monkeypatch)
            wire.hello()
            until(lambda: bool(wire.last("journal")[0]["isFollowed"]))
            assert "street.ipynb" in wire.last("journal")[0]["place"]
            until(lambda: len(cut.clips) == 2)
            kernel.kill()
            until(lambda: not wire.last("journal")[0]["who"])
        finally:
            editor.close()


def test_editors_of_two_kernels_share_by_themselves(
    project: Path, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Kernel(project.parent) as kernel:
        kernel.run("cut = tl.load('film.tlp')", "cut.share()")
        with pytest.warns(RuntimeWarning, match="is edited by"):
            cut = tl.load(project, studio=studio)
        editor = Editor(cut)
        try:
            wire = Wire(editor, monkeypatch)
            wire.hello()
            until(lambda: bool(wire.last("journal")[0]["isShared"]))
            kernel.run("cut.titles.add('two', start=1, end=2)")
            until(lambda: len(cut.clips) == 2)
            kernel.kill()
            until(lambda: not wire.last("journal")[0]["who"])
        finally:
            editor.close()


def test_what_two_changed_at_once_is_told(
    project: Path, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = tl.load(project, studio=studio)
    editor = Editor(cut)
    try:
        wire = Wire(editor, monkeypatch)
        wire.hello()
        assert wire.last("journal")[0]["conflicts"] == []
        values = {"track": "V1", "name": '"one"', "time": "00:00:00:00"}
        where = Message("{track}, clip {name} at {time}", **values)
        clash = Conflict("key", where, "gain_db", base="0", ours="-3", theirs="")
        cut.journal.sharing = Mock(conflicts=(clash,), people=())
        cut.journal.sharing_changed()
        until(lambda: bool(wire.last("journal")[0]["conflicts"]))
        # The browser puts each of them in a person's language.
        [line] = wire.last("journal")[0]["conflicts"]
        assert line["text"] == "{where}: {what}: {ours} holds, not {theirs}"
        assert line["values"] == {
            "where": {"text": "{track}, clip {name} at {time}", "values": values},
            "what": {"text": "Gain", "values": {}},
            "ours": "-3",
            "theirs": {"text": "none", "values": {}},
        }
    finally:
        cut.journal.sharing = None
        editor.close()


def test_two_views_see_one_edit(
    project: Path, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two browsers on one kernel."""
    cut = tl.load(project, studio=studio)
    editor = Editor(cut)
    try:
        wire = Wire(editor, monkeypatch)
        wire.hello("first")
        wire.hello("second")
        (clip,) = cut.clips
        count = len(wire.told)
        wire.ask("remove", view="first", items=[clip.id], ripple=False)
        assert cut.clips == []
        # An answer for no view in particular is for all of them.
        until(
            lambda: any(
                said["kind"] == "timeline" and said["view"] == ""
                for said, _ in wire.told[count:]
            )
        )
        cut.undo()
        assert len(cut.clips) == 1
    finally:
        editor.close()

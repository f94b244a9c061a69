"""Steps that were not saved are there after a kill, and gone once nobody wants them."""

import gc
import os
import shutil
import stat
import time
import warnings
from hashlib import blake2b
from pathlib import Path
from types import SimpleNamespace

import pytest
from collaboration.processes import Kernel
from states import until

import timeline_nb as tl
from timeline_nb.collaboration import journal_file, recovery
from timeline_nb.collaboration.keeper import KEEPER
from timeline_nb.project.journal import read_journal, saving_record

_BEGIN = (
    "cut = tl.Edit('street', rate=25, size=(64, 48))",
    "cut.titles.add('one', start=0, end=1)",
    "cut.save('film.tlp')",
)


def _texts(cut: tl.Edit) -> list[str]:
    return [clip.media.generator.parameters["text"] for clip in cut.clips]  # type: ignore[union-attr]


def _offers(cut: tl.Edit) -> bool:
    return cut.recovery is not None


def _hidden(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name[0] == ".")


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a kernel that was killed left: a project, and two steps more."""
    folder = tmp_path_factory.mktemp("left")
    with Kernel(folder) as kernel:
        kernel.run(*_BEGIN)
        assert _hidden(folder) == []
        kernel.run(
            "cut.titles.add('two', start=1, end=2)",
            "cut.titles.add('three', start=2, end=3)",
        )
    return folder


@pytest.fixture
def killed(left: Path, tmp_path: Path) -> Path:
    """A copy of that, in a folder that was moved."""
    for name in ("film.tlp", ".film.tlp.journal"):
        shutil.copy(left / name, tmp_path / name)
    return tmp_path / "film.tlp"


def test_steps_are_offered_after_a_kill(killed: Path, studio: tl.Studio) -> None:
    with pytest.warns(RuntimeWarning, match=r"film.tlp has 2 steps, the last 'title'"):
        cut = tl.load(killed, studio=studio)
    assert _texts(cut) == ["one"]
    assert cut.recovery is not None
    assert (cut.recovery.steps, cut.recovery.label) == (2, "title")
    assert abs(cut.recovery.when.timestamp() - time.time()) < 120
    assert len(cut.recovery.changes) == 2
    assert all("added" in str(change) for change in cut.recovery.changes)
    assert "2 steps" in cut.recovery._repr_html_()
    cut.recover()
    assert _texts(cut) == ["one", "two", "three"]
    assert not _offers(cut)
    cut.undo()
    assert _texts(cut) == ["one"]
    cut.redo()
    cut.save()
    # It says who has the project, and holds no step.
    assert killed.with_name(".film.tlp.journal").stat().st_size < 1_000
    assert _texts(tl.load(killed, studio=studio)) == ["one", "two", "three"]
    with pytest.raises(tl.ProjectError, match="nothing is to be recovered"):
        cut.recover()
    del cut
    gc.collect()
    until(lambda: not _hidden(killed.parent))


def test_the_journal_is_private(killed: Path) -> None:
    journal = killed.with_name(".film.tlp.journal")
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600


def test_what_is_not_wanted_is_removed(killed: Path, studio: tl.Studio) -> None:
    with pytest.warns(RuntimeWarning, match="not saved"):
        cut = tl.load(killed, studio=studio)
    cut.discard_recovery()
    assert cut.recovery is None
    assert _hidden(killed.parent) == []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert tl.load(killed, studio=studio).recovery is None


@pytest.mark.parametrize("cut_off", [1, 10, 200])
def test_a_record_that_was_cut_off_loses_its_step_alone(
    killed: Path, studio: tl.Studio, cut_off: int
) -> None:
    journal = killed.with_name(".film.tlp.journal")
    os.truncate(journal, journal.stat().st_size - cut_off)
    with pytest.warns(RuntimeWarning, match="1 step,"):
        cut = tl.load(killed, studio=studio)
    cut.recover()
    assert _texts(cut) == ["one", "two"]


def test_a_journal_of_another_state_is_never_applied(
    killed: Path, studio: tl.Studio
) -> None:
    text = killed.read_text()
    assert "street" in text
    killed.write_text(text.replace('"one"', '"uno"'))
    with pytest.warns(RuntimeWarning, match="another state of film.tlp"):
        cut = tl.load(killed, studio=studio)
    assert cut.recovery is None
    assert _texts(cut) == ["uno"]
    # Nothing is lost: it is an edit of its own.
    until(lambda: len(tl.unsaved_edits(studio=studio)) == 1)
    (found,) = tl.unsaved_edits(studio=studio)
    assert found.project == killed.resolve()
    assert _texts(tl.recover(found, studio=studio)) == ["one", "two", "three"]


def test_a_damaged_journal_is_named_and_left_out(
    killed: Path, studio: tl.Studio
) -> None:
    killed.with_name(".film.tlp.journal").write_bytes(b"\0" * 100)
    with pytest.warns(RuntimeWarning, match=r"\.film\.tlp\.journal is not a journal"):
        cut = tl.load(killed, studio=studio)
    assert cut.recovery is None
    cut.titles.add("two", start=1, end=2)
    cut.save()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tl.load(killed, studio=studio)


def test_what_is_offered_outlives_steps_of_another_kind(
    killed: Path, studio: tl.Studio
) -> None:
    with pytest.warns(RuntimeWarning, match="not saved"):
        cut = tl.load(killed, studio=studio)
    cut.titles.add("other", start=5, end=6)
    assert cut.recovery is not None
    with pytest.warns(RuntimeWarning, match=r"is not in what was saved \(2 steps, the"):
        cut.save()
    (found,) = tl.unsaved_edits(studio=studio)
    assert (found.name, found.steps) == ("street", 2)
    # It stays, and says what it would change now.
    changes = [str(change) for change in cut.recovery.changes]
    assert any('"other" → "two"' in one for one in changes), changes
    # Who opens the project later is told, too.
    with pytest.warns(RuntimeWarning, match=r"1 edit more .* tl\.unsaved_edits\(\)"):
        again = tl.load(killed, studio=studio)
    assert again.recovery is None
    assert _texts(tl.recover(found, studio=studio)) == ["one", "two", "three"]


def test_what_was_not_recovered_can_be_after_a_save(
    killed: Path, studio: tl.Studio
) -> None:
    with pytest.warns(RuntimeWarning, match="not saved"):
        cut = tl.load(killed, studio=studio)
    cut.titles.add("other", start=5, end=6)
    with pytest.warns(RuntimeWarning, match="is not in what was saved"):
        cut.save()
    cut.recover()
    assert _texts(cut) == ["one", "two", "three"]
    assert cut.recovery is None
    until(lambda: not tl.unsaved_edits(studio=studio))
    cut.save()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert _texts(tl.load(killed, studio=studio)) == ["one", "two", "three"]


def test_what_is_discarded_after_a_save_is_gone(
    killed: Path, studio: tl.Studio
) -> None:
    with pytest.warns(RuntimeWarning, match="not saved"):
        cut = tl.load(killed, studio=studio)
    with pytest.warns(RuntimeWarning, match="is not in what was saved"):
        cut.save()
    assert len(tl.unsaved_edits(studio=studio)) == 1
    cut.discard_recovery()
    assert tl.unsaved_edits(studio=studio) == []
    assert _texts(cut) == ["one"]


def test_cells_that_run_again_make_an_offer_void(
    killed: Path, studio: tl.Studio
) -> None:
    with pytest.warns(RuntimeWarning, match="not saved"):
        cut = tl.load(killed, studio=studio)
    cut.titles.add("two", start=1, end=2)
    cut.titles.add("three", start=2, end=3)
    assert cut.recovery is None
    cut.save()
    until(lambda: not tl.unsaved_edits(studio=studio))


def test_an_edit_that_was_never_saved_is_listed_after_a_kill(
    studio: tl.Studio, tmp_path: Path
) -> None:
    with Kernel(tmp_path) as kernel:
        kernel.run(_BEGIN[0], _BEGIN[1], "cut.titles.add('two', start=1, end=2)")
        # It is in use.
        assert tl.unsaved_edits(studio=studio) == []
    (found,) = tl.unsaved_edits(studio=studio)
    assert (found.name, found.steps, found.project) == ("street", 2, None)
    assert "2 steps, the last 'title'" in repr(found)
    cut = tl.recover("street", studio=studio)
    assert _texts(cut) == ["one", "two"]
    assert tl.unsaved_edits(studio=studio) == []
    with pytest.raises(tl.ProjectError, match=r"no unsaved edit .* 'street'"):
        tl.recover("street", studio=studio)
    with pytest.raises(tl.ProjectError, match=r"is being edited|is there no more"):
        tl.recover(found, studio=studio)
    cut.save(tmp_path / "saved.tlp")
    assert list((tmp_path / "data" / "unsaved").iterdir()) == []


def test_an_unsaved_edit_can_be_discarded(studio: tl.Studio, tmp_path: Path) -> None:
    with Kernel(tmp_path) as kernel:
        kernel.run(*_BEGIN[:2])
    (found,) = tl.unsaved_edits(studio=studio)
    found.discard()
    assert tl.unsaved_edits(studio=studio) == []


def test_a_program_that_ends_leaves_nothing_that_no_person_saw(
    studio: tl.Studio, tmp_path: Path
) -> None:
    with Kernel(tmp_path) as kernel:
        kernel.run(*_BEGIN, "cut.titles.add('two', start=1, end=2)")
        assert _hidden(tmp_path) == [".film.tlp.journal"]
        kernel.end()
    assert _hidden(tmp_path) == []
    with Kernel(tmp_path) as kernel:
        # A person sees it, and may change it by hand.
        kernel.run("cut = tl.load('film.tlp')", "cut.journal.show()")
        kernel.run("cut.titles.add('two', start=1, end=2)")
        kernel.end()
    with pytest.warns(RuntimeWarning, match="1 step,"):
        cut = tl.load(tmp_path / "film.tlp", studio=studio)
    cut.discard_recovery()


def test_cells_are_offered_after_a_restart(studio: tl.Studio, tmp_path: Path) -> None:
    """A person's kernel has a prompt; no view ever showed the edits."""
    with Kernel(tmp_path, prompt=True) as kernel:
        kernel.run(
            *_BEGIN,
            "saved = tl.load('film.tlp')",
            "cut.titles.add('two', start=1, end=2)",
            "new = tl.Edit('new', rate=25, size=(64, 48))",
            "new.titles.add('eins', start=0, end=1)",
            "gone = tl.Edit('gone', rate=25, size=(64, 48))",
            "gone.titles.add('null', start=0, end=1)",
            "del gone",
        )
        kernel.end()
    with pytest.warns(RuntimeWarning, match="film.tlp has 1 step, the last 'title'"):
        cut = tl.load(tmp_path / "film.tlp", studio=studio)
    cut.recover()
    assert _texts(cut) == ["one", "two"]
    (found,) = tl.unsaved_edits(studio=studio)
    assert (found.name, found.steps) == ("new", 1)


def test_cells_that_run_again_leave_one_edit(studio: tl.Studio, tmp_path: Path) -> None:
    for last in ("zwei", "zwei", "two", "zwei"):
        with Kernel(tmp_path, prompt=True) as kernel:
            kernel.run(
                "new = tl.Edit('new', rate=25, size=(64, 48))",
                "new.titles.add('eins', start=0, end=1)",
                f"new.titles.add({last!r}, start=1, end=2)",
            )
            kernel.end()
    left = tl.unsaved_edits(studio=studio)
    assert [one.steps for one in left] == [2, 2]
    assert _texts(tl.recover(left[0], studio=studio)) == ["eins", "zwei"]
    # What is saved by another way is not listed any more.
    cut = tl.Edit("new", rate=25, size=(64, 48), studio=studio)
    cut.titles.add("eins", start=0, end=1)
    cut.titles.add("two", start=1, end=2)
    cut.save(tmp_path / "new.tlp")
    until(lambda: not tl.unsaved_edits(studio=studio))


def test_a_notebook_that_a_program_executes_leaves_nothing(
    studio: tl.Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMELINE_NB_NOTEBOOK", "{}")
    with Kernel(tmp_path, prompt=True) as kernel:
        kernel.run(*_BEGIN[:2])
        kernel.end()
    assert tl.unsaved_edits(studio=studio) == []


def test_an_edit_that_nobody_holds_any_more_ends_its_journal(
    studio: tl.Studio, tmp_path: Path
) -> None:
    cut = tl.Edit("street", rate=25, size=(64, 48), studio=studio)
    cut.titles.add("one", start=0, end=1)
    folder = tmp_path / "data" / "unsaved"
    assert len(list(folder.iterdir())) == 1
    del cut
    gc.collect()
    until(lambda: not list(folder.iterdir()))


def test_a_later_edit_of_the_same_project_has_the_place(
    studio: tl.Studio, tmp_path: Path
) -> None:
    """A cell that loads a project runs again: what the first made is offered."""
    path = tmp_path / "film.tlp"
    first = tl.Edit("street", rate=25, size=(64, 48), studio=studio)
    first.titles.add("one", start=0, end=1)
    first.save(path)
    first.titles.add("two", start=1, end=2)
    with pytest.warns(RuntimeWarning, match="1 step,"):
        second = tl.load(path, studio=studio)
    assert second.elsewhere is None
    second.titles.add("zwei", start=1, end=2)
    first.titles.add("three", start=2, end=3)
    assert _hidden(tmp_path) == [".film.tlp.journal"]
    with pytest.warns(RuntimeWarning, match=r"not in what was saved \(1 step,"):
        second.save()
    with pytest.raises(tl.ProjectError, match="changed by another program"):
        first.save()
    assert _texts(first) == ["one", "two", "three"]


def test_autosave_can_be_turned_off(tmp_path: Path) -> None:
    settings = tl.Settings(data_dir=tmp_path / "data", autosave=False)
    with tl.open_studio(settings) as studio:
        cut = tl.Edit("street", rate=25, size=(64, 48), studio=studio)
        cut.titles.add("one", start=0, end=1)
        cut.save(tmp_path / "film.tlp")
        cut.titles.add("two", start=1, end=2)
        assert _hidden(tmp_path) == []
        assert not (tmp_path / "data" / "unsaved").exists()
        cut.save()
    with pytest.raises(tl.ArgumentError, match="autosave is a str"):
        tl.Settings(autosave="no")  # type: ignore[arg-type]


def test_a_long_session_has_a_short_journal(studio: tl.Studio, tmp_path: Path) -> None:
    path = tmp_path / "film.tlp"
    cut = tl.Edit("street", rate=25, size=(64, 48), studio=studio)
    cut.titles.add("one", start=0, end=1)
    cut.save(path)
    for number in range(1_200):
        cut.markers.add(number % 20, name="so")
        cut.undo()
    cut.titles.add("two", start=1, end=2)
    # Steps this fast do not wait for one another's records.
    assert KEEPER.put(lambda: None).wait(200)
    journal = path.with_name(".film.tlp.journal")
    assert journal.stat().st_size < 1_000_000
    with pytest.warns(RuntimeWarning, match="2401 steps"):
        again = tl.load(path, studio=studio)
    assert again.recovery is not None
    assert again.recovery.timeline == cut.timeline


def test_a_folder_that_cannot_be_written_is_no_hindrance(
    studio: tl.Studio, tmp_path: Path
) -> None:
    path = tmp_path / "closed" / "film.tlp"
    path.parent.mkdir()
    cut = tl.Edit("street", rate=25, size=(64, 48), studio=studio)
    cut.titles.add("one", start=0, end=1)
    cut.save(path)
    # A folder has the journal's name: root may write everywhere else.
    path.with_name(".film.tlp.journal").mkdir()
    cut.titles.add("two", start=1, end=2)
    assert len(list((tmp_path / "data" / "unsaved").glob("*.journal"))) == 1
    cut.save()


def test_windows_keeps_no_steps_and_says_so(
    studio: tl.Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No open file is replaced there, which a journal's lock needs."""
    monkeypatch.setattr(journal_file, "sys", SimpleNamespace(platform="win32"))
    cut = tl.Edit("street", rate=25, size=(64, 48), studio=studio)
    with pytest.warns(
        RuntimeWarning, match=r"not kept .* Windows .* save\(\) still"
    ) as told:
        cut.titles.add("one", start=0, end=1)
    assert told[0].filename == __file__
    cut.titles.add("two", start=1, end=2)
    cut.save(tmp_path / "film.tlp")
    assert _texts(tl.load(tmp_path / "film.tlp", studio=studio)) == ["one", "two"]
    assert _hidden(tmp_path) == []
    assert tl.unsaved_edits(studio=studio) == []


def test_a_journal_that_was_removed_begins_again(
    studio: tl.Studio, tmp_path: Path
) -> None:
    path = tmp_path / "film.tlp"
    cut = tl.Edit("street", rate=25, size=(64, 48), studio=studio)
    cut.titles.add("one", start=0, end=1)
    cut.save(path)
    cut.titles.add("two", start=1, end=2)
    path.with_name(".film.tlp.journal").unlink()
    cut.titles.add("three", start=2, end=3)
    with pytest.warns(RuntimeWarning, match="2 steps"):
        again = tl.load(path, studio=studio)
    again.recover()
    assert _texts(again) == ["one", "two", "three"]


def test_media_that_a_person_named_are_found_after_a_kill(
    studio: tl.Studio, tmp_path: Path, bikes: Path
) -> None:
    """They lie outside the allowed folders, and nobody allows them again."""
    with Kernel(tmp_path) as kernel:
        kernel.run(*_BEGIN, f"cut.append(tl.open({str(bikes)!r}).clip('0s', '1s'))")
    assert not studio.scope.contains(bikes)
    with pytest.warns(RuntimeWarning, match="1 step"):
        cut = tl.load(tmp_path / "film.tlp", studio=studio)
    cut.recover()
    assert cut.offline == []


def test_a_nested_timeline_has_no_journal_of_its_own(
    studio: tl.Studio, tmp_path: Path
) -> None:
    inner = tl.Edit("inner", rate=25, size=(64, 48), studio=studio)
    inner.titles.add("one", start=0, end=4)
    cut = tl.Edit("street", rate=25, size=(64, 48), studio=studio)
    cut.nest(inner, at=0)
    count = len(cut.session.stepped)
    (clip,) = cut.clips
    nested = cut.nested(clip)
    nested.split("2s")
    # That of the inner edit, and that of the edit around it.
    assert len(list((tmp_path / "data" / "unsaved").iterdir())) == 2
    assert len(cut.session.stepped) == count


def test_a_kill_while_a_save_writes_loses_nothing(
    killed: Path, studio: tl.Studio
) -> None:
    """The journal tells of a save; the file did not come."""
    with killed.with_name(".film.tlp.journal").open("ab") as journal:
        journal.write(saving_record("5" * 32))
    with pytest.warns(RuntimeWarning, match="film.tlp has 2 steps"):
        cut = tl.load(killed, studio=studio)
    cut.recover()
    assert _texts(cut) == ["one", "two", "three"]


def test_an_older_journal_is_read_once(
    killed: Path, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first step is not written after a long one was read again."""
    text = killed.read_bytes()
    with pytest.warns(RuntimeWarning, match="2 steps"):
        cut = tl.load(killed, studio=studio)
    cut.recover()
    # A process is killed when the file has all, and the journal still says it.
    journal = killed.with_name(".film.tlp.journal")
    left = journal.read_bytes()
    cut.save()
    digest = blake2b(killed.read_bytes(), digest_size=16).hexdigest()
    del cut
    gc.collect()
    until(lambda: not _hidden(killed.parent))
    assert killed.read_bytes() != text
    journal.write_bytes(left + saving_record(digest))
    reads: list[Path] = []

    def counted(path: Path, **more: object) -> object:
        reads.append(path)
        return read_journal(path, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(recovery, "read_journal", counted)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        again = tl.load(killed, studio=studio)
        again.titles.add("four", start=3, end=4)
    assert again.recovery is None
    assert _texts(again) == ["one", "two", "three", "four"]
    assert reads == [journal]


_DIES = "lambda *a, **b: __import__('os')._exit(1)"


def test_a_kill_while_steps_are_recovered_loses_none(
    killed: Path, studio: tl.Studio
) -> None:
    """Their journal is replaced by one that has them, and not by one to be written."""
    with Kernel(killed.parent) as kernel:
        kernel.run(
            "from timeline_nb.collaboration.journal_file import JournalFile",
            f"JournalFile.append = {_DIES}",
            "cut = tl.load('film.tlp')",
            "cut.recover()",
            "from timeline_nb.collaboration.keeper import KEEPER",
            "KEEPER.put(int).wait(200)",
        )
    with pytest.warns(RuntimeWarning, match="film.tlp has 1 step, the last 'recover'"):
        cut = tl.load(killed, studio=studio)
    cut.recover()
    assert _texts(cut) == ["one", "two", "three"]


def test_a_kill_while_an_edit_gives_its_place_up_loses_no_step(
    studio: tl.Studio, tmp_path: Path
) -> None:
    with Kernel(tmp_path) as kernel:
        kernel.run(
            *_BEGIN,
            "cut.titles.add('two', start=1, end=2)",
            "from timeline_nb.collaboration.unsaved import UnsavedFolder",
            "make, calls = UnsavedFolder.new_path, []",
            "other = tl.load('film.tlp')",
            "cut.titles.add('three', start=2, end=3)",
            # The first time what `other` was offered is put aside.
            f"die = {_DIES}",
            "then = lambda self: calls.append(1) or (die if calls[1:] else make)(self)",
            "UnsavedFolder.new_path = then",
            "other.titles.add('zwei', start=1, end=2)",
        )
        kernel.process.wait(200)
    with pytest.warns(RuntimeWarning, match="film.tlp has 2 steps, the last 'title'"):
        cut = tl.load(tmp_path / "film.tlp", studio=studio)
    cut.recover()
    assert _texts(cut) == ["one", "two", "three"]

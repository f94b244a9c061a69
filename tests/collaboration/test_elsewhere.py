"""Two kernels on one project: who comes second sees the first, and loses nothing."""

import os
import pwd
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from collaboration.processes import Kernel
from states import until

import timeline_nb as tl

_BEGIN = (
    "cut = tl.Edit('street', rate=25, size=(64, 48))",
    "cut.titles.add('one', start=0, end=1)",
    "cut.save('film.tlp')",
    "cut.titles.add('two', start=1, end=2)",
)


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMELINE_NB_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[tl.Studio]:
    with tl.open_studio(tl.Settings(roots=[tmp_path])) as studio:
        yield studio


@pytest.fixture
def first(tmp_path: Path) -> Iterator[Kernel]:
    """A kernel with a project, and a step more."""
    with Kernel(tmp_path) as kernel:
        kernel.run(*_BEGIN)
        yield kernel


def _texts(cut: tl.Edit) -> list[str]:
    return [clip.media.generator.parameters["text"] for clip in cut.clips]  # type: ignore[union-attr]


def _follows(cut: tl.Edit) -> bool:
    return cut.elsewhere is not None and cut.elsewhere.is_followed


def _second(studio: tl.Studio, folder: Path) -> tl.Edit:
    with pytest.warns(RuntimeWarning, match=r"film\.tlp is edited by .* since"):
        return tl.load(folder / "film.tlp", studio=studio)


def test_the_second_sees_the_first_and_follows_its_steps(
    first: Kernel, studio: tl.Studio, tmp_path: Path
) -> None:
    cut = _second(studio, tmp_path)
    assert _texts(cut) == ["one"]
    assert cut.elsewhere is not None
    assert "street.ipynb" in cut.elsewhere.where
    assert not _follows(cut)
    cut.elsewhere.follow()
    until(lambda: _texts(cut) == ["one", "two"])
    assert _follows(cut)
    assert cut.history.steps[-1] == "title"
    first.run("cut.titles.add('three', start=2, end=3)")
    until(lambda: len(cut.clips) == 3)
    first.run("cut.undo()", "cut.titles.add('four', start=2, end=3)")
    until(lambda: _texts(cut) == ["one", "two", "four"])
    assert not cut.history.is_saved
    first.run("cut.save()")
    until(lambda: cut.history.is_saved)
    first.run("cut.titles.add('five', start=3, end=4)")
    until(lambda: len(cut.clips) == 4)
    # It ends, and nothing of it is lost: who followed goes on.
    first.kill()
    until(lambda: cut.elsewhere is None)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cut.titles.add("six", start=4, end=5)
        assert cut.save() == tmp_path / "film.tlp"
    found = tl.load(tmp_path / "film.tlp", studio=studio)
    assert _texts(found) == ["one", "two", "four", "five", "six"]


def test_the_second_does_not_write_over_the_first(
    first: Kernel, studio: tl.Studio, tmp_path: Path
) -> None:
    cut = _second(studio, tmp_path)
    with pytest.warns(RuntimeWarning, match=r"is edited by .*, too: your steps"):
        cut.titles.add("zwei", start=1, end=2)
    with pytest.raises(tl.ProjectError, match=r"is edited by .* street\.ipynb since"):
        cut.save()
    assert _texts(cut) == ["one", "zwei"]
    cut.save(tmp_path / "film 2.tlp")
    assert cut.elsewhere is None
    assert first.run("cut.save()") == "done"
    first.end()
    assert _texts(tl.load(tmp_path / "film.tlp", studio=studio)) == ["one", "two"]
    other = tl.load(tmp_path / "film 2.tlp", studio=studio)
    assert _texts(other) == ["one", "zwei"]


def test_the_first_is_told_when_the_second_insists(
    first: Kernel, studio: tl.Studio, tmp_path: Path
) -> None:
    cut = _second(studio, tmp_path)
    with pytest.warns(RuntimeWarning, match="too: your steps"):
        cut.titles.add("zwei", start=1, end=2)
    cut.save(overwrite=True)
    told = first.run("cut.titles.add('three', start=2, end=3)", "cut.save()")
    assert told.startswith("refused:")
    assert "changed by another program" in told
    assert first.run("cut.save('mine.tlp')") == "done"
    first.end()
    mine = tl.load(tmp_path / "mine.tlp", studio=studio)
    assert _texts(mine) == ["one", "two", "three"]


def test_a_step_of_ones_own_ends_the_following(
    first: Kernel, studio: tl.Studio, tmp_path: Path
) -> None:
    cut = _second(studio, tmp_path)
    assert cut.elsewhere is not None
    cut.elsewhere.follow()
    until(lambda: len(cut.clips) == 2)
    with pytest.warns(RuntimeWarning, match="too: your steps"):
        cut.titles.add("mine", start=5, end=6)
    first.run("cut.titles.add('three', start=2, end=3)")
    time.sleep(0.5)
    assert _texts(cut) == ["one", "two", "mine"]
    with pytest.raises(tl.ProjectError, match="steps of your own are not saved"):
        cut.elsewhere.follow()
    # Going back to the file drops them, and the other one can be followed again.
    cut.reload()
    cut.elsewhere.follow()
    until(lambda: _texts(cut) == ["one", "two", "three"])


@pytest.mark.usefixtures("first")
def test_steps_that_nobody_can_save_are_kept_for_a_kill(
    studio: tl.Studio, tmp_path: Path
) -> None:
    with Kernel(tmp_path) as second:
        second.run("cut = tl.load('film.tlp')")
        second.run("cut.titles.add('zwei', start=1, end=2)")
    (found,) = tl.unsaved_edits(studio=studio)
    assert found.project == (tmp_path / "film.tlp").resolve()
    assert _texts(tl.recover(found, studio=studio)) == ["one", "zwei"]


def test_the_first_ends_and_the_second_can_save(
    first: Kernel, studio: tl.Studio, tmp_path: Path
) -> None:
    cut = _second(studio, tmp_path)
    with pytest.warns(RuntimeWarning, match="too: your steps"):
        cut.titles.add("zwei", start=1, end=2)
    first.kill()
    assert cut.elsewhere is None
    cut.save()
    # A disk that is slow holds no save up.
    until(lambda: any((tmp_path / "data").rglob("*.journal")))
    with pytest.warns(RuntimeWarning, match=r"film\.tlp has 1 edit more"):
        saved = tl.load(tmp_path / "film.tlp", studio=studio)
    assert _texts(saved) == ["one", "zwei"]
    # What the first had not saved is not lost, either.
    texts = [
        _texts(tl.recover(one, studio=studio))
        for one in tl.unsaved_edits(studio=studio)
    ]
    assert ["one", "two"] in texts


def test_a_journal_of_another_person_says_whose_it_is(
    studio: tl.Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody else may read it, nor see whether its writer still lives."""
    cut = tl.Edit("street", rate=25, size=(64, 48), studio=studio)
    cut.titles.add("one", start=0, end=1)
    cut.save(tmp_path / "film.tlp")
    journal = tmp_path / ".film.tlp.journal"
    journal.write_bytes(b"")
    uid = os.geteuid()
    opens = os.open

    def closed(path: str, *args: int, **more: int) -> int:
        if os.fspath(path) == str(journal):
            raise PermissionError(13, "Permission denied")
        return opens(path, *args, **more)

    monkeypatch.setattr(os, "open", closed)
    assert not _others(cut)  # it is this person's own
    monkeypatch.setattr(os, "geteuid", lambda: uid + 1)
    assert cut.elsewhere is not None
    assert cut.elsewhere.who == pwd.getpwuid(uid).pw_name
    with pytest.raises(tl.ProjectError, match="overwrite=True"):
        cut.save()
    os.utime(journal, (0, 0))
    assert not _others(cut)


def _others(cut: tl.Edit) -> bool:
    return cut.elsewhere is not None

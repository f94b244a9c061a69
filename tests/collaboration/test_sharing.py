"""Two kernels edit one project at once: both see all, and nothing is lost."""

import errno
import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from collaboration.processes import Kernel
from states import until

import timeline_nb as tl
from timeline_nb.collaboration import shares_edit, sharing
from timeline_nb.collaboration.shared_folder import SharedFolder
from timeline_nb.project.document import load
from timeline_nb.project.journal import read_journal
from timeline_nb.project.whole_edit import parts_of

# A step waits until it is laid down, however busy the machine is.
_PATIENT = "from timeline_nb.collaboration import sharing; sharing._STEP_WAIT_S = 60"
_BEGIN = (
    _PATIENT,
    "cut = tl.Edit('street', rate=25, size=(64, 48))",
    "cut.titles.add('one', start=0, end=1)",
    "cut.titles.add('two', start=1, end=2)",
    "cut.save('film.tlp')",
    "cut.share()",
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
    """A kernel with a project, which it shares."""
    with Kernel(tmp_path) as kernel:
        told = kernel.run(*_BEGIN)
        assert told == "done"
        yield kernel


def _texts(cut: tl.Edit) -> list[str]:
    return [clip.media.generator.parameters["text"] for clip in cut.clips]  # type: ignore[union-attr]


def _has(kernel: Kernel, what: str) -> bool:
    """Whether something holds in a kernel."""
    return kernel.run(f"if not ({what}): raise tl.ProjectError('no')") == "done"


def _second(studio: tl.Studio, folder: Path) -> tl.Edit:
    with pytest.warns(RuntimeWarning, match=r"film\.tlp is edited by .* since"):
        cut = tl.load(folder / "film.tlp", studio=studio)
    cut.share()
    until(lambda: len(cut.people) == 1)
    return cut


def test_each_sees_the_steps_of_the_other(
    tmp_path: Path, first: Kernel, studio: tl.Studio
) -> None:
    # Not saved before the second comes.
    first.run("cut.titles.add('three', start=2, end=3)")
    cut = _second(studio, tmp_path)
    until(lambda: _texts(cut) == ["one", "two", "three"])
    assert cut.elsewhere is not None
    assert cut.elsewhere.is_shared
    assert "street.ipynb" in repr(cut.people[0])
    cut.titles.add("four", start=3, end=4)
    until(lambda: _has(first, "len(cut.clips) == 4"))
    assert _has(first, "len(cut.people) == 1")
    first.run("cut.titles.add('five', start=4, end=5)")
    until(lambda: _texts(cut)[-1] == "five")
    # Each takes back its own alone.
    cut.undo()
    until(lambda: _has(first, "len(cut.clips) == 4"))
    assert _texts(cut) == ["one", "two", "three", "five"]
    first.run("cut.undo()")
    until(lambda: _texts(cut) == ["one", "two", "three"])
    cut.redo()
    assert _texts(cut) == ["one", "two", "three", "four"]
    # Whoever saves saves for all.
    cut.save()
    until(lambda: _has(first, "cut.history.is_saved"))
    assert first.run("cut.save()") == "done"
    assert cut.shared_conflicts.empty


def test_an_edit_that_was_shown_before_its_first_save_is_shared(
    tmp_path: Path, studio: tl.Studio
) -> None:
    with Kernel(tmp_path) as first:
        first.run(*_BEGIN[:-2], "cut.journal.show()", "cut.save('film.tlp')")
        cut = _second(studio, tmp_path)
        cut.titles.add("three", start=2, end=3)
        until(lambda: _has(first, "len(cut.clips) == 3"))


def test_who_was_away_joins_later(
    tmp_path: Path, first: Kernel, studio: tl.Studio
) -> None:
    cut = _second(studio, tmp_path)
    # It neither reads nor writes while it is stopped; nor do we hear of it.
    os.kill(first.process.pid, signal.SIGSTOP)
    cut.titles.add("mine", start=2, end=3)
    cut.set(cut.clips[0].id, name="first")
    os.kill(first.process.pid, signal.SIGCONT)
    first.run("cut.set(cut.clips[1].id, name='second')")
    until(lambda: cut.clips[1].name == "second")
    until(lambda: _has(first, "cut.clips[0].name == 'first' and len(cut.clips) == 3"))
    assert [clip.name for clip in cut.clips][:2] == ["first", "second"]


def test_many_steps_at_once_all_arrive(
    tmp_path: Path, first: Kernel, studio: tl.Studio
) -> None:
    cut = _second(studio, tmp_path)
    assert first.process.stdin is not None
    first.process.stdin.write(
        "[cut.titles.add(f'a{n}', start=10 + n, end=11 + n) for n in range(20)]\n"
    )
    first.process.stdin.flush()
    for n in range(20):
        cut.titles.add(f"b{n}", start=40 + n, end=41 + n)
    assert first.process.stdout is not None
    assert first.process.stdout.readline() == "done\n"
    until(lambda: len(cut.clips) == 42)
    until(lambda: _has(first, "len(cut.clips) == 42"))
    first.run(f"import pathlib; {_DUMP.format(name='first.txt')}")
    mine = "\n".join(map(repr, cut.timeline.tracks[0].items))
    assert (tmp_path / "first.txt").read_text() == mine
    assert len({clip.id for clip in cut.clips}) == 42


_DUMP = (
    "pathlib.Path({name!r}).write_text("
    "chr(10).join(map(repr, cut.timeline.tracks[0].items)))"
)


def test_of_two_changes_of_one_clip_one_holds_for_both(
    tmp_path: Path, first: Kernel, studio: tl.Studio
) -> None:
    cut = _second(studio, tmp_path)
    key = cut.clips[0].id
    os.kill(first.process.pid, signal.SIGSTOP)
    cut.set(key, gain_db=-3)
    assert first.process.stdin is not None
    first.process.stdin.write(f"cut.set({key!r}, gain_db=-6)\n")
    first.process.stdin.flush()
    os.kill(first.process.pid, signal.SIGCONT)
    assert first.process.stdout is not None
    assert first.process.stdout.readline() == "done\n"
    until(lambda: _has(first, "len(cut.history.steps) > 2"))
    time.sleep(1)
    held = cut.clips[0].gain_db
    assert held in {-3, -6}
    assert _has(first, f"cut.clips[0].gain_db == {held}")
    count = len(cut.shared_conflicts)
    assert _has(first, f"len(cut.shared_conflicts) == {count}")
    # Which of them came first is chance: the second may have seen the first.
    if count:
        (row,) = cut.shared_conflicts.to_dict("records")
        assert row["what"] == "gain_db"
        assert {row["ours"], row["theirs"]} == {"-3", "-6"}


def test_one_goes_on_after_the_other_was_killed(
    tmp_path: Path, first: Kernel, studio: tl.Studio
) -> None:
    cut = _second(studio, tmp_path)
    # What is made while it joins is in its journal alone until it has.
    until(lambda: _has(first, "len(cut.people) == 1"))
    first.run("cut.titles.add('last words', start=2, end=3)")
    first.kill()
    until(lambda: _texts(cut) == ["one", "two", "last words"])
    until(lambda: not cut.people)
    cut.titles.add("after", start=3, end=4)
    until((tmp_path / ".film.tlp.journal").exists)
    cut.save()
    with Kernel(tmp_path) as third:
        third.run(_PATIENT, "cut = tl.load('film.tlp')")
        assert third.run("cut.share()") == "done"
        until(lambda: _has(third, "len(cut.people) == 1"))
        assert _has(third, "len(cut.clips) == 4")
        third.run("cut.titles.add('new', start=4, end=5)")
        until(lambda: _texts(cut)[-1] == "new")
        third.end()
    until(lambda: not cut.people)
    assert _texts(cut)[-1] == "new"


def test_a_folder_that_was_removed_begins_anew(
    tmp_path: Path, first: Kernel, studio: tl.Studio
) -> None:
    cut = _second(studio, tmp_path)
    cut.titles.add("before", start=2, end=3)
    until(lambda: _has(first, "len(cut.clips) == 3"))
    # As `git clean -fdx` does.
    shutil.rmtree(tmp_path / ".film.tlp.shared")
    cut.titles.add("mine", start=3, end=4)
    first.run("cut.titles.add('theirs', start=4, end=5)")
    until(lambda: set(_texts(cut)) == {"one", "two", "before", "mine", "theirs"})
    until(lambda: _has(first, "len(cut.clips) == 5"))


def test_nothing_is_left_when_all_is_saved_and_ended(
    tmp_path: Path, first: Kernel
) -> None:
    with tl.open_studio(tl.Settings(roots=[tmp_path])) as studio:
        cut = _second(studio, tmp_path)
        cut.titles.add("three", start=2, end=3)
        until(lambda: _has(first, "len(cut.clips) == 3"))
        cut.save()
        until(lambda: _has(first, "cut.history.is_saved"))
    first.run("cut.keep_no_steps()")
    until(lambda: {path.name for path in tmp_path.iterdir()} == {"data", "film.tlp"})


@pytest.mark.parametrize("data", [b"", b"\0" * 500, b"TNR1" + b"\xff" * 500])
def test_a_foreign_file_in_the_folder_is_left_out(
    tmp_path: Path, first: Kernel, studio: tl.Studio, data: bytes
) -> None:
    cut = _second(studio, tmp_path)
    folder = tmp_path / ".film.tlp.shared"
    (folder / "evil.steps").write_bytes(data)
    (folder / "link.steps").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.steps")
    cut.titles.add("three", start=2, end=3)
    until(lambda: _has(first, "len(cut.clips) == 3"))


def test_what_a_full_disk_refused_is_laid_down_later(
    tmp_path: Path,
    first: Kernel,
    studio: tl.Studio,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cut = _second(studio, tmp_path)
    with monkeypatch.context() as full:

        def refused(*_: object) -> bool:
            raise OSError(errno.ENOSPC, "No space left on device")

        full.setattr(SharedFolder, "append", refused)
        cut.titles.add("three", start=2, end=3)
        shared = cut.journal.sharing
        assert shared is not None
        until(lambda: "No space left" in shared.trouble)
        # It is kept here meanwhile, for a kill.
        cut.titles.add("four", start=3, end=4)
        until(lambda: any((tmp_path / "data").rglob("*.journal")))
    until(lambda: _has(first, "len(cut.clips) == 4"))
    first.run("cut.titles.add('five', start=4, end=5)")
    until(lambda: _texts(cut) == ["one", "two", "three", "four", "five"])


def test_an_edit_without_a_file_cannot_be_shared(studio: tl.Studio) -> None:
    with pytest.raises(tl.ProjectError, match="save it first"):
        tl.Edit("new", studio=studio).share()


def test_without_pycrdt_nothing_is_shared(
    tmp_path: Path, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares_edit, "can_share", lambda: False)
    cut = tl.Edit("new", studio=studio)
    cut.save(tmp_path / "film.tlp")
    with pytest.raises(tl.ProjectError, match=r"timeline-nb\[collaboration\]"):
        cut.share()
    assert cut.people == []


def test_what_both_left_when_they_were_killed_is_an_unsaved_edit(
    tmp_path: Path, studio: tl.Studio
) -> None:
    with Kernel(tmp_path) as first, Kernel(tmp_path) as second:
        first.run(*_BEGIN)
        assert (
            second.run(_PATIENT, "cut = tl.load('film.tlp')", "cut.share()") == "done"
        )
        until(lambda: _has(second, "len(cut.people) == 1"))
        journal = tmp_path / ".film.tlp.journal"
        before = journal.stat().st_size
        second.run("cut.titles.add('seen', start=2, end=3)")
        until(lambda: _has(first, "len(cut.clips) == 3"))
        until(lambda: journal.stat().st_size > before)
        # The first has the journal, and gets no more of the second's steps.
        os.kill(first.process.pid, signal.SIGSTOP)
        second.run("cut.titles.add('last', start=3, end=4)")
        second.kill()
        first.kill()
    with pytest.warns(RuntimeWarning) as said:
        cut = tl.load(tmp_path / "film.tlp", studio=studio)
    texts = [str(one.message) for one in said]
    assert any("1 step, the last 'title'" in text for text in texts)
    assert any("2 steps, the last 'title'" in text for text in texts)
    assert not (tmp_path / ".film.tlp.shared").exists()
    cut.recover()
    assert _texts(cut) == ["one", "two", "seen"]
    (left,) = tl.unsaved_edits(studio=studio)
    assert left.project == tmp_path / "film.tlp"
    assert _texts(tl.recover(left, studio=studio)) == ["one", "two", "seen", "last"]


def test_what_git_did_to_the_file_joins_by_reload(
    tmp_path: Path, first: Kernel, studio: tl.Studio
) -> None:
    cut = _second(studio, tmp_path)
    cut.titles.add("mine", start=2, end=3)
    first.run("cut.titles.add('theirs', start=5, end=6)")
    until(lambda: len(cut.clips) == 4)
    path = tmp_path / "film.tlp"
    text = path.read_text()
    assert '"one"' in text
    path.write_text(text.replace('"one"', '"uno"'))
    with pytest.raises(tl.ProjectError, match="changed by another program"):
        cut.save()
    cut.reload()
    assert _texts(cut) == ["uno", "two", "mine", "theirs"]
    until(lambda: _has(first, "cut.clips[0].name == 'uno'"))
    first.run("cut.reload()")
    assert _has(first, "len(cut.clips) == 4 and not cut.history.is_saved")
    assert first.run("cut.save()") == "done"
    until(lambda: cut.history.is_saved)
    assert cut.save() == path
    with pytest.warns(RuntimeWarning, match="is edited by"):
        saved = tl.load(path, studio=studio)
    assert _texts(saved) == ["uno", "two", "mine", "theirs"]


def test_a_long_document_begins_anew(
    tmp_path: Path, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "_MOST_STEPS", 8)
    mine = tl.Edit("street", rate=25, size=(64, 48), studio=studio)
    mine.titles.add("one", start=0, end=1)
    mine.save(tmp_path / "film.tlp")
    mine.share()
    with Kernel(tmp_path) as second:
        second.run(_PATIENT, "cut = tl.load('film.tlp')", "cut.share()")
        until(lambda: len(mine.people) == 1)
        for n in range(1, 31):
            if n % 2:
                mine.titles.add(f"n{n}", start=n, end=n + 1)
            else:
                second.run(f"cut.titles.add('n{n}', start={n}, end={n + 1})")
            until(lambda n=n: len(mine.clips) == n + 1)  # type: ignore[misc]
            until(lambda n=n: _has(second, f"len(cut.clips) == {n + 1}"))  # type: ignore[misc]
        assert mine.journal.sharing is not None
    assert _texts(mine) == ["one", *(f"n{n}" for n in range(1, 31))]


def test_who_cannot_enter_follows_until_it_can(
    tmp_path: Path, first: Kernel, studio: tl.Studio
) -> None:
    in_the_way = tmp_path / ".film.tlp.shared"
    in_the_way.touch()
    with pytest.warns(RuntimeWarning, match=r"film\.tlp is edited by .* since"):
        cut = tl.load(tmp_path / "film.tlp", studio=studio)
    with pytest.raises(tl.ProjectError, match=r"not shared.*film\.tlp\.shared"):
        cut.share()
    first.run("cut.titles.add('three', start=2, end=3)")
    until(lambda: _texts(cut) == ["one", "two", "three"])
    in_the_way.unlink()
    cut.share()
    until(lambda: len(cut.people) == 1)
    cut.titles.add("four", start=3, end=4)
    until(lambda: _has(first, "len(cut.clips) == 4"))
    until(lambda: _texts(cut) == ["one", "two", "three", "four"])


def test_all_who_save_at_once_save(
    tmp_path: Path, first: Kernel, studio: tl.Studio
) -> None:
    cut = _second(studio, tmp_path)
    assert first.process.stdin is not None
    assert first.process.stdout is not None
    for number in range(6):
        at = 10 + 4 * number
        first.process.stdin.write(
            f"cut.titles.add('a{number}', start={at}, end={at + 1}); cut.save()\n"
        )
        first.process.stdin.flush()
        cut.titles.add(f"b{number}", start=at + 2, end=at + 3)
        cut.save()
        assert first.process.stdout.readline() == "done\n"
    until(lambda: len(cut.clips) == 14 and _has(first, "len(cut.clips) == 14"))
    cut.save()
    assert first.run("cut.save()") == "done"
    saved = load(tmp_path / "film.tlp").timeline
    assert sum(len(track.items) for track in saved.tracks) >= 14


_JOINS_SLOWLY = (
    "import time; from timeline_nb.collaboration.sharing import Sharing",
    "begin = Sharing._begin",
    "Sharing._begin = lambda self, *a: (time.sleep(4), begin(self, *a))[1]",
)


def test_who_saves_while_it_joins_waits_for_what_others_saved(
    tmp_path: Path, studio: tl.Studio
) -> None:
    with Kernel(tmp_path) as first:
        # As on a machine with other work: the others see it before it sees them.
        first.run(*_JOINS_SLOWLY, *_BEGIN)
        cut = _second(studio, tmp_path)
        cut.titles.add("three", start=2, end=3)
        cut.save()
        told = first.run("cut.titles.add('four', start=3, end=4)", "cut.save()")
        assert told == "done"
        until(lambda: len(cut.clips) == 4)


def test_who_saved_just_before_the_folder_was_removed_saves_again(
    tmp_path: Path, first: Kernel, studio: tl.Studio
) -> None:
    cut = _second(studio, tmp_path)
    cut.titles.add("three", start=2, end=3)
    os.kill(first.process.pid, signal.SIGSTOP)
    cut.save()
    # The other one has not heard of it, and begins anew with what it knows.
    shutil.rmtree(tmp_path / ".film.tlp.shared")
    os.kill(first.process.pid, signal.SIGCONT)
    until(lambda: _has(first, "len(cut.clips) == 3 and len(cut.people) == 1"))
    assert first.run("cut.titles.add('four', start=3, end=4)", "cut.save()") == "done"
    until(lambda: len(cut.clips) == 4)
    cut.save()


def test_who_joins_hears_of_a_save_that_came_before(
    tmp_path: Path, first: Kernel, studio: tl.Studio
) -> None:
    os.kill(first.process.pid, signal.SIGSTOP)
    with pytest.warns(RuntimeWarning, match=r"film\.tlp is edited by .* since"):
        cut = tl.load(tmp_path / "film.tlp", studio=studio)
    cut.share()
    cut.titles.add("three", start=2, end=3)
    cut.save()
    os.kill(first.process.pid, signal.SIGCONT)
    until(lambda: _has(first, "len(cut.clips) == 3"))
    assert first.run("cut.titles.add('four', start=3, end=4)", "cut.save()") == "done"


def test_guides_and_bins_of_all_who_save_are_in_the_file(
    tmp_path: Path, first: Kernel, studio: tl.Studio
) -> None:
    cut = _second(studio, tmp_path)
    theirs = {"guides": {"x": [10.0], "y": []}, "bins": {"Talks": ["a"]}}
    cut.session.keep(lambda _: {"guides": {"x": [20.0], "y": []}})
    assert first.run(f"cut.session.keep(lambda _: {theirs!r})", "cut.save()") == "done"
    cut.titles.add("three", start=2, end=3)
    cut.save()
    both = {"guides": {"x": [20.0, 10.0], "y": []}, "bins": {"Talks": ["a"]}}
    assert load(tmp_path / "film.tlp").editor == both
    assert cut.session.editor_state == both
    assert cut.session.is_editor_state_saved


def test_guides_that_another_has_saved_survive_a_kill_of_who_keeps_the_journal(
    tmp_path: Path, first: Kernel, studio: tl.Studio
) -> None:
    cut = _second(studio, tmp_path)
    theirs = {"guides": {"x": [10.0], "y": []}}
    cut.session.keep(lambda _: theirs)
    cut.save()
    until(lambda: _has(first, f"cut.session.editor_state == {theirs!r}"))
    assert _has(first, "cut.session.is_editor_state_saved")
    assert first.run("cut.titles.add('three', start=2, end=3)") == "done"
    until(lambda: len(cut.clips) == 3)
    first.kill()
    replay = read_journal(tmp_path / ".film.tlp.journal")
    assert replay is not None
    assert replay.timeline is not None
    assert len(replay.timeline.tracks[0].items) == 3
    assert parts_of(replay.timeline)[1] == theirs

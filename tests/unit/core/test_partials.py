"""Unfinished files and folders: who removes them, and when."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from timeline_nb.core import flocks, partials
from timeline_nb.core.partials import (
    let_go,
    locked_partial,
    partial_file,
    partial_folder,
    sweep,
    temporary_folder,
)

# Creates a partial file and a folder, and waits to be killed.
OWNER = """
import sys, time
from pathlib import Path
from timeline_nb.core.partials import partial_file, partial_folder
folder = Path(sys.argv[1])
with partial_file(folder / "cut.tlp") as file, partial_folder(folder, "frames") as made:
    file.write_bytes(b"half")
    (made / "picture").write_bytes(b"half")
    print("ready", flush=True)
    time.sleep(600)
"""


@contextmanager
def _owner(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    ) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def _age(path: Path) -> None:
    for part in (path, *path.glob("*")):
        os.utime(part, (0, 0), follow_symlinks=False)


def test_what_a_killed_process_left_is_removed_and_living_work_is_not(
    tmp_path: Path,
) -> None:
    with _owner(tmp_path) as process:
        sweep(tmp_path)
        file, folder = sorted(tmp_path.iterdir())
        assert (file.suffix, file.read_bytes()) == (".tlp", b"half")
        assert (folder / "picture").read_bytes() == b"half"
        _age(tmp_path)  # however long it takes
        sweep(tmp_path)
        assert sorted(tmp_path.iterdir()) == [file, folder]
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        sweep(tmp_path)
        assert list(tmp_path.iterdir()) == []


def test_living_work_of_this_process_is_kept(tmp_path: Path) -> None:
    with (
        partial_file(tmp_path / "cut.tlp") as file,
        partial_folder(tmp_path, "frames") as folder,
    ):
        sweep(tmp_path)
        assert sorted(tmp_path.iterdir()) == sorted([file, folder])
    assert list(tmp_path.iterdir()) == []


def test_a_lock_ends_though_a_process_that_begins_has_the_file(tmp_path: Path) -> None:
    partial, descriptor = locked_partial(tmp_path / "film.mp4")
    # What a process shares from its fork until its program runs.
    shared = os.dup(descriptor)
    other = os.open(partial, os.O_RDWR)
    try:
        assert flocks.try_flock(other) == "held"
        let_go(descriptor)
        assert flocks.try_flock(other) == "taken"
    finally:
        os.close(shared)
        os.close(other)


def test_a_fork_that_outlives_its_killed_parent_keeps_nothing(tmp_path: Path) -> None:
    forking = "print('forked', flush=True) if not os.fork() else None\n    "
    script = OWNER.replace("time.sleep(600)", f"{forking}time.sleep(600)")
    with subprocess.Popen(
        [sys.executable, "-c", f"import os{script}", str(tmp_path)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        # The child is past the hooks of the fork.
        assert [process.stdout.readline() for _ in range(2)][1] == b"forked\n"
        group = os.getpgid(process.pid)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        try:
            sweep(tmp_path)
            assert list(tmp_path.iterdir()) == []
        finally:
            os.killpg(group, signal.SIGKILL)


def test_what_another_machine_left_is_removed_after_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(partials, "_host", lambda: "00000000")
        file = tmp_path / f"{partials._unique('cut')}.tlp"
        folder = tmp_path / partials._unique("frames")
    file.write_bytes(b"half")
    folder.mkdir()
    (folder / ".owner").touch()
    (folder / "picture").touch()
    sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([file, folder])
    _age(file)
    # The folder is as old as the newest file in it: workers write into theirs.
    os.utime(folder, (0, 0))
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == [folder]
    _age(folder)
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_without_locks_what_is_old_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(*_: int) -> None:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr("fcntl.flock", no_locks)
    file = tmp_path / f"{partials._unique('cut')}.tlp"
    file.touch()
    with partial_file(tmp_path / "cut.tlp") as living:
        sweep(tmp_path)
        assert sorted(tmp_path.iterdir()) == sorted([file, living])
        os.utime(file, (0, 0))
        sweep(tmp_path)
        assert list(tmp_path.iterdir()) == [living]


def test_files_of_other_names_users_and_kinds_are_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = partials._unique("cut")
    kept = [
        tmp_path / "cut.tlp",
        tmp_path / ".cut.partial.tlp",
        tmp_path / ".cut.0123abcd.partial.tlp",
        tmp_path / name[1:],
        tmp_path / f"{name}s",
    ]
    for path in kept:
        path.touch()
    target = tmp_path / "target"
    target.touch()
    (tmp_path / partials._unique("link")).symlink_to(target)
    os.mkfifo(tmp_path / partials._unique("pipe"))
    kept = sorted(tmp_path.iterdir())
    sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == kept
    (tmp_path / name).touch()
    with monkeypatch.context() as other:
        other.setattr(os, "geteuid", lambda: os.getuid() + 1)
        sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([*kept, tmp_path / name])
    sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == kept


def test_a_file_swept_before_its_lock_is_taken_is_created_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = flocks.try_flock
    calls: list[str] = []

    def late(descriptor: int) -> str:
        if not calls:
            calls.append("swept")
            sweep(tmp_path)  # takes the lock of the new file, and removes it
        return lock(descriptor)

    monkeypatch.setattr("timeline_nb.core.partials.try_flock", late)
    with partial_file(tmp_path / "cut.tlp") as file:
        assert list(tmp_path.iterdir()) == [file]
    calls.clear()
    with partial_folder(tmp_path, "frames") as folder:
        assert list(tmp_path.iterdir()) == [folder]
        assert folder.is_dir()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_whose_owner_was_killed_before_its_lock_is_removed(
    tmp_path: Path,
) -> None:
    (tmp_path / partials._unique("frames")).mkdir()
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_temporary_files_of_a_killed_process_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tables of color conversions are some megabytes a process."""
    script = (
        "import os, signal\n"
        "from timeline_nb.media.convert import mapping\n"
        "mapping((9, 16), (1, 1), alpha=False)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        cwd=Path(__file__).parents[3],
    )
    (left,) = tmp_path.iterdir()
    assert len(list(left.glob("*.cube"))) == 1
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with temporary_folder() as folder:
        assert list(tmp_path.iterdir()) == [folder]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_has_nothing_to_sweep(tmp_path: Path) -> None:
    sweep(tmp_path / "none")

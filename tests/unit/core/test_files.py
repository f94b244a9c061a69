import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from timeline_nb.core.files import replacing, write_all, write_atomic


def test_a_failed_write_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path,
) -> None:
    target = tmp_path / "film.mp4"
    target.write_bytes(b"old")

    def write_half() -> None:
        with replacing(target) as partial:
            partial.write_bytes(b"half")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_half()
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_the_partial_file_has_the_suffix_a_muxer_looks_for(tmp_path: Path) -> None:
    with replacing(tmp_path / "film.mp4") as partial:
        assert partial.suffix == ".mp4"
        assert partial.parent == tmp_path
        assert not (tmp_path / "film.mp4").exists()


def test_permissions_of_the_old_file_are_kept(tmp_path: Path) -> None:
    target = tmp_path / "cut.tlp"
    write_atomic(target, b"one")
    target.chmod(0o640)
    write_atomic(target, b"two")
    assert target.read_bytes() == b"two"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_new_file_is_as_readable_as_any_other(tmp_path: Path) -> None:
    write_atomic(tmp_path / "new", b"")
    (tmp_path / "plain").touch()
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert len(modes) == 1


def test_the_umask_is_kept_and_never_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = os.umask(0o027)
    try:
        with monkeypatch.context() as patched:
            patched.delattr(os, "umask")
            write_atomic(tmp_path / "new", b"")
    finally:
        os.umask(before)
    # 0666 less 027 (POSIX open).
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


def test_many_files_are_written_by_name(tmp_path: Path) -> None:
    write_all(tmp_path, [("a", b"1"), ("b", b"2")])
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {
        "a": b"1",
        "b": b"2",
    }


def test_the_lock_is_held_only_while_the_file_gets_its_name(tmp_path: Path) -> None:
    events = []

    @contextlib.contextmanager
    def lock() -> Iterator[None]:
        events.append("locked")
        yield
        events.append("released")

    with replacing(tmp_path / "cut.tlp", while_replaced=lock()) as partial:
        partial.write_bytes(b"new")
        events.append("written")
        assert not (tmp_path / "cut.tlp").exists()
    assert events == ["written", "locked", "released"]
    assert (tmp_path / "cut.tlp").read_bytes() == b"new"

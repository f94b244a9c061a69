import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from timeline_nb.core import written_files as module
from timeline_nb.core.records import Records
from timeline_nb.core.written_files import WrittenFiles
from timeline_nb.errors import RenderError


@pytest.fixture
def written(tmp_path: Path) -> WrittenFiles:
    return WrittenFiles(tmp_path / "data")


@pytest.fixture
def film(tmp_path: Path) -> Path:
    (tmp_path / "films").mkdir()
    return tmp_path / "films" / "film.mp4"


def _write(written: WrittenFiles, film: Path, data: bytes) -> None:
    written.write(film, data, RenderError, overwrite=False)


def test_what_was_written_here_is_replaced_in_a_later_session(
    written: WrittenFiles, film: Path, tmp_path: Path
) -> None:
    _write(written, film, b"one")
    _write(WrittenFiles(tmp_path / "data"), film, b"two")
    assert film.read_bytes() == b"two"
    moved = film.rename(film.with_name("other.mp4"))
    with pytest.raises(RenderError, match="is there already"):
        _write(written, moved, b"three")


@pytest.mark.parametrize("change", ["written", "touched", "linked", "replaced"])
def test_what_another_program_changed_stays(
    change: str, written: WrittenFiles, film: Path
) -> None:
    _write(written, film, b"one")
    if change == "written":
        film.write_bytes(b"own notes")
    elif change == "touched":
        os.utime(film, ns=(1, 1))
    elif change == "linked":
        film.rename(film.with_name("real.mp4"))
        film.symlink_to("real.mp4")
    else:
        other = film.with_name("other")
        other.write_bytes(b"one")
        other.rename(film)
    before = film.read_bytes()
    with pytest.raises(RenderError, match=r"film\.mp4 .*overwrite=True \(--overwrite"):
        _write(written, film, b"two")
    assert film.read_bytes() == before
    written.write(film, b"two", RenderError, overwrite=True)
    _write(written, film, b"three")
    assert film.read_bytes() == b"three"


def test_a_file_that_comes_while_one_is_written_stays(
    written: WrittenFiles, film: Path
) -> None:
    def render() -> None:
        with written.replacing(film, RenderError, overwrite=False) as partial:
            partial.write_bytes(b"film")
            film.write_bytes(b"of somebody else")

    with pytest.raises(RenderError, match="is there already"):
        render()
    assert film.read_bytes() == b"of somebody else"


def test_a_link_that_leads_nowhere_is_not_replaced(
    written: WrittenFiles, film: Path
) -> None:
    film.symlink_to("nowhere.mp4")
    with pytest.raises(RenderError, match="is there already"):
        _write(written, film, b"one")
    assert film.is_symlink()


def test_a_kill_before_the_film_has_its_name_loses_nothing(
    written: WrittenFiles, film: Path
) -> None:
    _write(written, film, b"one")
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from timeline_nb.core.written_files import WrittenFiles\n"
        "from timeline_nb.errors import RenderError\n"
        "Path.replace = lambda *_: os.kill(os.getpid(), 9)\n"
        "own = WrittenFiles(Path(sys.argv[1]))\n"
        "own._records.keep = lambda key, data: Path(sys.argv[1], 'written', key)"
        ".write_bytes(data)\n"
        "own.write(Path(sys.argv[2]), b'twice', RenderError, overwrite=False)\n"
    )
    folder = film.parent.parent / "data"
    ended = subprocess.run([sys.executable, "-c", script, folder, film], check=False)
    assert ended.returncode == -9
    assert film.read_bytes() == b"one"
    _write(written, film, b"two")


def test_pictures_of_a_sequence_are_known_each_by_its_name(
    written: WrittenFiles, film: Path
) -> None:
    pattern = film.with_name("shot_%02d.png")
    names = [f"shot_{number:02}.png" for number in range(3)]
    for name in names:
        film.with_name(name).write_bytes(name.encode())
    written.note(pattern, ((name, film.with_name(name)) for name in names))
    written.check(pattern, RenderError, overwrite=False, names=names)
    film.with_name("shot_03.png").write_bytes(b"photo")
    with pytest.raises(RenderError, match=r"shot_03\.png"):
        written.check(
            pattern, RenderError, overwrite=False, names=[*names, "shot_03.png"]
        )


def test_records_are_private_bounded_and_name_no_file(
    written: WrittenFiles, film: Path, tmp_path: Path
) -> None:
    _write(written, film, b"one")
    folder = tmp_path / "data" / "written"
    (record,) = folder.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(record.stat().st_mode) == 0o600
    assert b"films" not in record.read_bytes()
    records = Records(tmp_path / "few", 10)
    for number in range(25):
        records.keep(f"{number:03}", b"x")
    assert len(list((tmp_path / "few").iterdir())) <= 10
    assert records.get("024") == b"x"


def test_a_session_knows_its_files_without_a_data_folder(
    film: Path, tmp_path: Path
) -> None:
    (tmp_path / "data").write_text("a file in place of the folder")
    written = WrittenFiles(tmp_path / "data")
    with pytest.warns(RuntimeWarning, match=r"cannot be kept in .*data"):
        _write(written, film, b"one")
    # It warns once.
    _write(WrittenFiles(tmp_path / "data"), film, b"two")
    assert film.read_bytes() == b"two"
    film.write_bytes(b"changed")
    with pytest.raises(RenderError, match=r"is there already.*cannot be kept in"):
        _write(written, film, b"three")


def test_a_broken_record_is_none(
    written: WrittenFiles, film: Path, tmp_path: Path
) -> None:
    _write(written, film, b"one")
    (record,) = (tmp_path / "data" / "written").iterdir()
    record.write_bytes(b"\xff\x00broken")
    with pytest.raises(RenderError, match="is there already"):
        _write(written, film, b"two")
    assert module._MOST_RECORDS > 1_000


def test_a_file_that_cannot_be_looked_at_stays(
    written: WrittenFiles, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film.write_bytes(b"own notes")
    look = Path.lstat

    def lstat(path: Path) -> os.stat_result:
        if path == film:
            raise OSError(5, "Input/output error")
        return look(path)

    monkeypatch.setattr(Path, "lstat", lstat)
    with pytest.raises(RenderError, match=r"film\.mp4 cannot be written: Input/output"):
        _write(written, film, b"two")
    assert film.read_bytes() == b"own notes"

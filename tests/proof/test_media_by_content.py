"""Media by what they hold: opened by a hash or by DVC's pointers, and relinked."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from media_factory import Clips

import timeline_nb as tl
from timeline_nb.settings import Settings
from timeline_nb.studio import Studio, open_studio


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def footage(tmp_path: Path, clips: Clips) -> Path:
    """A folder with a film in a folder of it."""
    made = tmp_path / "footage"
    (made / "day 1").mkdir(parents=True)
    shutil.copy(clips["cfr"], made / "day 1" / "street.mp4")
    return made


@pytest.fixture
def studio(home: Path, footage: Path) -> Iterator[Studio]:
    with open_studio(
        Settings(cache_dir=home / "cache", data_dir=home / "data", roots=[footage])
    ) as made:
        yield made


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_media_open_by_their_hash(footage: Path, studio: Studio) -> None:
    path = footage / "day 1" / "street.mp4"
    found = tl.open(f"sha256:{sha256_of(path).upper()}", studio=studio)
    assert Path(found.path).samefile(path)


def test_a_file_that_was_renamed_since_opens_by_its_hash(
    footage: Path, studio: Studio
) -> None:
    path = footage / "day 1" / "street.mp4"
    name = f"sha256:{sha256_of(path)}"
    tl.open(name, studio=studio)
    moved = path.rename(footage / "other.mp4")
    assert Path(tl.open(name, studio=studio).path).samefile(moved)


def test_another_content_of_the_same_size_and_time_is_not_taken(
    footage: Path, studio: Studio
) -> None:
    path = footage / "day 1" / "street.mp4"
    name = f"sha256:{sha256_of(path)}"
    tl.open(name, studio=studio)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(tl.MediaError, match=r"there is no file of sha256:"):
        tl.open(name, studio=studio)


def test_it_says_where_it_looked(footage: Path, studio: Studio) -> None:
    with pytest.raises(tl.MediaError) as error:
        tl.open("sha256:" + "0" * 64, studio=studio)
    assert str(footage) in str(error.value)
    assert "tl.allow" in str(error.value)


def test_a_file_outside_is_named_and_not_opened(
    studio: Studio, tmp_path: Path, clips: Clips
) -> None:
    secret = tmp_path / "secret.mp4"
    shutil.copy(clips["vfr"], secret)
    studio.hashes.hash_of(secret)
    with pytest.raises(tl.MediaError, match=r"secret\.mp4, where it was \("):
        tl.open(f"sha256:{sha256_of(secret)}", studio=studio)


@pytest.mark.parametrize("text", ["sha256:", "sha256:12", "sha256:" + "g" * 64])
def test_what_is_no_hash_is_refused(text: str, studio: Studio) -> None:
    with pytest.raises(tl.MediaError, match="64 hexadecimal digits"):
        tl.open(text, studio=studio)


def _pointer(pointer: Path, data: Path, **more: str) -> Path:
    """Write a pointer as `dvc add` (3.67) does."""
    md5 = hashlib.md5(data.read_bytes(), usedforsecurity=False).hexdigest()
    fields = {"md5": md5, "size": str(data.stat().st_size), "hash": "md5"}
    fields |= {"path": pointer.stem, **more}
    lines = "\n  ".join(f"{key}: {value}" for key, value in fields.items())
    pointer.write_text(f"outs:\n- {lines}\n")
    return pointer


def test_a_pointer_opens_the_data_beside_it(footage: Path, studio: Studio) -> None:
    data = footage / "day 1" / "street.mp4"
    pointer = _pointer(data.with_name("street.mp4.dvc"), data)
    assert Path(tl.open(pointer, studio=studio).path) == data


@pytest.mark.parametrize("layout", ["files/md5", "."])
@pytest.mark.parametrize("configured", [False, True])
def test_a_pointer_opens_the_data_of_the_cache(
    footage: Path, studio: Studio, layout: str, *, configured: bool
) -> None:
    data = footage / "day 1" / "street.mp4"
    pointer = _pointer(data.with_name("street.mp4.dvc"), data)
    md5 = hashlib.md5(data.read_bytes(), usedforsecurity=False).hexdigest()
    (footage / ".dvc").mkdir()
    cache = footage / ".dvc" / "cache"
    if configured:
        cache = footage / "shared"
        (footage / ".dvc" / "config").write_text("[cache]\n    dir = ../shared\n")
    place = cache / layout / md5[:2] / md5[2:]
    place.parent.mkdir(parents=True)
    data.rename(place)
    found = tl.open(pointer, studio=studio)
    assert Path(found.path).samefile(place)
    assert len(found.index) > 0


def test_missing_data_says_how_to_fetch_it(footage: Path, studio: Studio) -> None:
    data = footage / "day 1" / "street.mp4"
    pointer = _pointer(data.with_name("street.mp4.dvc"), data)
    data.unlink()
    with pytest.raises(tl.MediaError, match=r"dvc pull .*street\.mp4\.dvc"):
        tl.open(pointer, studio=studio)


def test_other_data_is_refused(footage: Path, studio: Studio, clips: Clips) -> None:
    data = footage / "day 1" / "street.mp4"
    pointer = _pointer(data.with_name("street.mp4.dvc"), data)
    shutil.copy(clips["vfr"], data)
    with pytest.raises(tl.MediaError, match="is not the file"):
        tl.open(pointer, studio=studio)


def test_a_quoted_name_and_a_working_folder_are_read(
    footage: Path, studio: Studio
) -> None:
    data = footage / "day 1" / "street.mp4"
    odd = data.rename(data.with_name("it's #1.mp4"))
    pointer = footage / "odd.mp4.dvc"
    _pointer(pointer, odd, path="'it''s #1.mp4'")
    pointer.write_text(f"{pointer.read_text()}wdir: day 1\n# a comment\nfrozen: true\n")
    assert Path(tl.open(pointer, studio=studio).path) == odd


def test_a_pointer_leads_to_no_file_outside(
    footage: Path, studio: Studio, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.mp4"
    shutil.copy(footage / "day 1" / "street.mp4", secret)
    pointer = _pointer(footage / "a.mp4.dvc", secret, path="../secret.mp4")
    with pytest.raises(tl.TimelineNbError, match=r"outside|not allowed"):
        tl.open(pointer, studio=studio)


HOSTILE = {
    "empty": b"",
    "binary": bytes(range(256)) * 10,
    "large": b"outs:\n" + b"- md5: 1\n" * 10_000,
    "folder": b"outs:\n- md5: 0123456789abcdef0123456789abcdef.dir\n  path: a\n",
    "two": b"outs:\n- md5: %b\n  path: a\n- md5: %b\n  path: b\n" % ((b"0" * 32,) * 2),
    "no md5": b"outs:\n- path: a.mp4\n",
    "nul": b"outs:\n- md5: " + b"0" * 32 + b"\n  path: a\0b\n",
    "flow": b"outs: [{md5: 00, path: a}]\n",
    "escape": b"outs:\n- md5: " + b"0" * 32 + b'\n  path: "\\x61"\n',
    "alias": b"a: &a [*a]\nouts: *a\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_pointer_is_refused_by_name(
    footage: Path, studio: Studio, name: str
) -> None:
    path = footage / "film.mp4.dvc"
    path.write_bytes(HOSTILE[name])
    with pytest.raises(tl.MediaError, match=r"film\.mp4\.dvc"):
        tl.open(path, studio=studio)


def _alike(one: Path, other: Path) -> None:
    """Make a large file, and one that differs where a fingerprint does not look."""
    with one.open("ab") as file:
        # A free box of an MP4 (ISO/IEC 14496-12, 8.1.2) of 16 MB.
        file.write((16_000_000).to_bytes(4, "big") + b"free" + bytes(16_000_000 - 8))
    shutil.copy(one, other)
    with other.open("r+b") as file:
        size = other.stat().st_size
        # Between two of the 64 samples, which lie 256 kB apart and are 64 KiB long.
        file.seek((size - 65_536) * 40 // 63 + 100_000)
        file.write(b"x")


def test_of_two_files_with_one_fingerprint_the_right_one_is_relinked(
    footage: Path, studio: Studio, tmp_path: Path
) -> None:
    one = footage / "day 1" / "street.mp4"
    other = footage / "day 1" / "a copy.mp4"
    _alike(one, other)
    source = tl.open(one, studio=studio)
    assert tl.open(other, studio=studio).info.fingerprint == source.info.fingerprint
    cut = tl.Edit("a", rate=25, size=(160, 90), studio=studio)
    cut.append(source.clip("0s", "1s"))
    moved = footage.rename(tmp_path / "moved")
    # Nothing says which of them it is, and neither is taken.
    assert not cut.relink(moved).found
    moved.rename(footage)
    studio.hashes.hash_of(one)
    footage.rename(tmp_path / "moved")
    found = cut.relink(tmp_path / "moved").found
    assert [Path(path).name for path in found.values()] == ["street.mp4"]

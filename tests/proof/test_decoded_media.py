"""Decoded media in locks: what packs a file anew is told from what changes it."""

import json
import subprocess
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

import timeline_nb as tl
from timeline_nb.media.apart.isolation import Isolate
from timeline_nb.media.stream_hashes import planes_of
from timeline_nb.settings import Settings
from timeline_nb.studio import Studio, open_studio

PICTURE_BYTES = 160 * 90 * 3 // 2


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    home = tmp_path / "home"
    with open_studio(
        Settings(cache_dir=home / "cache", data_dir=home / "data", roots=[tmp_path])
    ) as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a film of two seconds, and sound."""
    made = tmp_path / "work"
    made.mkdir()
    pictures = ("-f", "lavfi", "-i", "testsrc=s=160x90:d=2:r=25")
    sound = ("-f", "lavfi", "-i", "sine=d=2:r=48000", "-c:a", "pcm_s16le")
    ffmpeg(made, *pictures, *sound, "-pix_fmt", "yuv420p", "-g", "5", "street.mov")
    return made


def ffmpeg(folder: Path, *arguments: str) -> bytes:
    return subprocess.run(
        ["ffmpeg", "-v", "error", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
    ).stdout


def locked(folder: Path, studio: Studio) -> Path:
    """Render the half second from 1 s of the film, with its lock."""
    edit = tl.Edit("street", rate=25, size=(160, 90), studio=studio)
    edit.append(tl.open(folder / "street.mov", studio=studio).clip("1s", "1.5s"))
    job = edit.render(folder / "film.mp4", lock_frames=True)
    made = job.wait().lock
    assert made is not None
    return made


def rows(lock: Path, studio: Studio) -> dict[str, tuple[bool | None, str]]:
    found = tl.verify(lock, studio=studio)
    return {one.what: (one.held, one.now) for one in found if "street.mov" in one.what}


def test_a_lock_holds_what_ffmpeg_decodes_of_the_used_stretches(
    folder: Path, studio: Studio
) -> None:
    pictures, sound = json.loads(locked(folder, studio).read_text())["decoded"]
    raw = ffmpeg(folder, "-i", "street.mov", "-f", "rawvideo", "-")
    # From 1 to 1.5 s, and the fifth of a second around that filters may look at.
    first, last = 20, 43
    assert pictures["spans"] == [[first, last - first]]
    shown = raw[first * PICTURE_BYTES : last * PICTURE_BYTES]
    assert pictures["sha256"] == sha256(shown).hexdigest()
    heard = ffmpeg(folder, "-i", "street.mov", "-f", "f32le", "-ac", "1", "-")
    begin, end = 38_400, 81_600
    assert (sound["spans"], sound["rate_hz"]) == ([[begin, end - begin]], 48_000)
    assert sound["sha256"] == sha256(heard[begin * 4 : end * 4]).hexdigest()


def test_a_file_that_was_packed_anew_decodes_to_the_same_and_verify_says_so(
    folder: Path, studio: Studio
) -> None:
    lock = locked(folder, studio)
    assert all(held for held, _ in rows(lock, studio).values())
    (folder / "street.mov").rename(folder / "old.mov")
    ffmpeg(
        folder, "-i", "old.mov", "-c", "copy", "-movflags", "faststart", "street.mov"
    )
    (folder / "old.mov").unlink()
    found = rows(lock, studio)
    held, now = found["media 'street.mov'"]
    assert not held
    assert now.endswith("what the film uses of it decodes to the same")
    assert found["decoded pictures of 'street.mov'"][0]
    assert found["decoded sound of 'street.mov'"][0]
    # Its bytes are others, and nothing that is shown or heard.
    assert tl.verify(lock, studio=studio, render=True, level="frames").held


def test_a_decoder_apart_gives_the_same(folder: Path, tmp_path: Path) -> None:
    made = []
    isolates: tuple[Isolate, ...] = ("never", "always")
    for isolate in isolates:
        home = tmp_path / isolate
        settings = Settings(
            cache_dir=home / "cache",
            data_dir=home / "data",
            roots=[tmp_path],
            isolate=isolate,
        )
        with open_studio(settings) as studio:
            made.append(json.loads(locked(folder, studio).read_text())["decoded"])
            (folder / "film.mp4").unlink()
            (folder / "film.mp4.lock").unlink()
    assert made[0] == made[1]


@pytest.mark.parametrize(("number", "is_used"), [(30, True), (2, False)])
def test_another_picture_counts_where_the_film_uses_it(
    folder: Path, studio: Studio, number: int, *, is_used: bool
) -> None:
    exact = ("-c:v", "png", "-c:a", "copy", "street.mov")
    (folder / "street.mov").rename(folder / "coded.mov")
    ffmpeg(folder, "-i", "coded.mov", "-pix_fmt", "rgb24", *exact)
    lock = locked(folder, studio)
    (folder / "street.mov").rename(folder / "old.mov")
    box = f"drawbox=c=white:t=fill:enable='eq(n,{number})'"
    ffmpeg(folder, "-i", "old.mov", "-vf", box, *exact)
    found = rows(lock, studio)
    held, now = found["media 'street.mov'"]
    assert not held
    assert ("decodes to the same" in now) is not is_used
    assert found["decoded sound of 'street.mov'"][0]
    assert found["decoded pictures of 'street.mov'"][0] is not is_used


def test_a_decoder_that_gives_other_pictures_is_named(
    folder: Path, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = locked(folder, studio)

    def darker(picture: object) -> Iterator[object]:
        return (plane // 2 for plane in planes_of(picture))  # type: ignore[arg-type]

    monkeypatch.setattr("timeline_nb.proof.decoded.planes_of", darker)
    found = rows(lock, studio)
    assert found["media 'street.mov'"][0]
    held, now = found["decoded pictures of 'street.mov'"]
    assert not held
    assert "the file is the same, and decodes otherwise here" in now
    assert "decoded pictures of 'street.mov' differs" in repr(
        tl.verify(lock, studio=studio)
    )


def test_a_file_that_is_gone_is_not_decoded(folder: Path, studio: Studio) -> None:
    lock = locked(folder, studio)
    (folder / "street.mov").unlink()
    found = tl.verify(lock, studio=studio)
    assert [one.what for one in found.missing] == ["media 'street.mov'"]
    assert (
        found.to_dataframe().set_index("what")["now"][
            "decoded pictures of 'street.mov'"
        ]
        == "not decoded: the file is not there"
    )


def test_sound_alone_asks_for_no_pictures(folder: Path, studio: Studio) -> None:
    edit = tl.Edit("street", rate=25, size=(160, 90), studio=studio)
    edit.append(tl.open(folder / "street.mov", studio=studio).clip("1s", "1.5s"))
    job = edit.render(folder / "film.wav", start="0.1s", end="0.2s", lock_frames=True)
    lock = json.loads(Path(str(job.wait().lock)).read_text())
    (sound,) = lock["decoded"]
    # A tenth of a second from 1.1 s, and a fifth around.
    assert sound["spans"] == [[43_200, 24_000]]
    assert sound["kind"] == "audio"


def test_a_lock_that_asks_for_what_no_film_uses_is_refused(
    folder: Path, studio: Studio
) -> None:
    lock = locked(folder, studio)
    text = lock.read_text()
    parts: list[dict[str, object]] = [
        {"spans": [[0, 2], [1, 2]]},
        {"spans": [[0, 1 << 60]]},
        {"file": 2},
        {"file": 0},
        {"rate_hz": 1 << 70},
        {"streams": [[[]]]},
        {"kind": "audio", "streams": [1], "file": -1},
    ]
    for part in parts:
        whole = json.loads(text)
        whole["decoded"][0] |= part
        lock.write_text(json.dumps(whole))
        with pytest.raises(tl.ProjectError, match="decoded"):
            tl.verify(lock, studio=studio)
    whole = json.loads(text)
    whole["decoded"] *= 2
    lock.write_text(json.dumps(whole))
    with pytest.raises(tl.ProjectError, match="the same twice"):
        tl.verify(lock, studio=studio)


def test_more_than_a_file_has_is_not_decoded(folder: Path, studio: Studio) -> None:
    lock = locked(folder, studio)
    whole = json.loads(lock.read_text())
    for one in whole["decoded"]:
        one["spans"] = [[0, 1 << 50]]
    lock.write_text(json.dumps(whole))
    found = rows(lock, studio)
    assert "has but 50 pictures" in found["decoded pictures of 'street.mov'"][1]
    assert "has but 144,000 samples" in found["decoded sound of 'street.mov'"][1]

"""FFmpeg reads descriptors as it reads names: the same demuxers, streams and errors."""

import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from media_factory import Clips, read_number

from timeline_nb.access.scope import Scope
from timeline_nb.access.use import use_scope
from timeline_nb.errors import MediaError
from timeline_nb.media._pyav import audio_stream, open_input, video_stream
from timeline_nb.media.library import MediaLibrary
from timeline_nb.media.safety import FORMATS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="opens by name there")

TONE = ("-f", "lavfi", "-i", "sine=440:duration=0.5:sample_rate=48000")
PICTURES = ("-f", "lavfi", "-i", "testsrc=size=176x144:rate=25:duration=0.5")
SUFFIXES = (
    "mp4 mov mkv webm avi ts mpg mxf flv nut gif apng y4m mjpeg h264 hevc m4v m2v obu "
    "ivf 3gp asf vob"
)
SOUND = "mp3 wav flac ogg aac aiff caf au ac3 eac3 dts mp2 wv tta w64 thd mlp"
STILLS = "png bmp tiff webp"


def _ffmpeg(*words: str) -> bool:
    ran = subprocess.run(["ffmpeg", "-v", "quiet", "-y", *words], check=False)
    return ran.returncode == 0


def _facts(container: Any) -> list[Any]:
    found: list[Any] = [
        container.format.name,
        container.duration,
        container.start_time,
        container.bit_rate,
    ]
    for stream in container.streams:
        context = stream.codec_context
        found.append(
            (context.name, stream.time_base, stream.start_time, stream.duration)
        )
    return found


def _by_name(path: Path) -> list[Any]:
    options = {"format_whitelist": FORMATS, "protocol_whitelist": "file"}
    with av.open(f"file:{path}", "r", options=options) as container:
        return _facts(container)


@pytest.fixture
def quiet() -> Iterator[None]:
    logger = logging.getLogger("libav")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(before)


@pytest.mark.parametrize("suffix", f"{SUFFIXES} {SOUND} {STILLS}".split())
@pytest.mark.usefixtures("quiet")
def test_the_demuxer_is_that_of_the_name(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{suffix}"
    given: tuple[str, ...] = TONE if suffix in SOUND.split() else PICTURES
    if suffix in STILLS.split():
        given = (*PICTURES, "-frames:v", "1")
    if not _ffmpeg(*given, "-strict", "-2", str(path)):
        pytest.skip("this ffmpeg does not write it")
    with open_input(path) as container:
        assert _facts(container) == _by_name(path)
    # A name that says something else changes nothing.
    shutil.copy(path, misnamed := tmp_path / "misnamed.bin")
    try:
        expected = _by_name(misnamed)[0]
    except av.error.InvalidDataError:
        # So short that only the suffix tells.
        with pytest.raises(MediaError):
            open_input(misnamed)
        return
    with open_input(misnamed) as container:
        assert container.format.name == expected


def _descriptors(folder: Path) -> list[str]:
    """Those of a folder's files: others come and go with other tests' threads."""
    found = []
    for one in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            found.append(str(one.readlink()))
    return [file for file in found if file.startswith(str(folder))]


@pytest.mark.skipif(sys.platform != "linux", reason="lists descriptors of Linux")
def test_descriptors_are_closed_with_the_container(
    clips: Clips, tmp_path: Path
) -> None:
    container = open_input(Path(shutil.copy(clips["cfr"], tmp_path)))
    # FFmpeg's own, a duplicate; ours is closed.
    assert len(_descriptors(tmp_path)) == 1
    container.close()
    assert _descriptors(tmp_path) == []


@pytest.mark.skipif(sys.platform != "linux", reason="lists descriptors of Linux")
def test_descriptors_are_closed_after_an_error(tmp_path: Path, clips: Clips) -> None:
    words = tmp_path / "words.mp4"
    words.write_text("these are words, and no film\n" * 100)
    pipe = tmp_path / "pipe.mp4"
    os.mkfifo(pipe)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    film = Path(shutil.copy(clips["cfr"], elsewhere))
    scope = tmp_path / "scope"
    scope.mkdir()
    for path in (words, pipe, tmp_path, tmp_path / "gone.mp4"):
        with pytest.raises(MediaError):
            open_input(path)
    with use_scope(Scope([scope])), pytest.raises(MediaError):
        open_input(film)
    assert _descriptors(tmp_path) == []


def test_errors_name_the_file(clips: Clips, tmp_path: Path) -> None:
    path = clips["cfr"]
    for find in (video_stream, audio_stream):
        with pytest.raises(MediaError) as missing:
            find(open_input(path), 77)
        assert str(path) in str(missing.value)
        assert "fd:" not in str(missing.value)
    (damaged := tmp_path / "damaged.mp4").write_bytes(path.read_bytes()[:200])
    with pytest.raises(MediaError) as broken:
        open_input(damaged)
    assert str(damaged) in str(broken.value)
    assert "fd:" not in str(broken.value)


@pytest.mark.parametrize("kind", ["NONE", "AUTO"])
def test_what_was_opened_is_read_whatever_the_name_becomes(
    kind: Any, clips: Clips, tmp_path: Path
) -> None:
    path = tmp_path / "film.mp4"
    shutil.copy(clips["cfr"], path)
    with open_input(path) as container:
        path.unlink()
        path.write_bytes(b"SECRET")
        container.streams.video[0].thread_type = kind
        pictures = (f.to_rgb().to_ndarray() for f in container.decode(video=0))
        shown = [read_number(np.asarray(rgb, np.uint8)) for rgb in pictures]
    assert shown == list(range(len(shown)))
    assert len(shown) > 25


def test_two_decoders_of_a_file_do_not_move_each_other(
    clips: Clips, library: MediaLibrary
) -> None:
    """Duplicates of one descriptor share the place where they read."""
    with library.video(clips["cfr"]) as one, library.video(clips["cfr"]) as other:
        for number in range(0, 40, 7):
            assert read_number(one.frame(number).to_rgb()) == number
            assert read_number(other.frame(40 - number).to_rgb()) == 40 - number

"""What is large and honest is within the limits."""

import subprocess
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from attacks.side_files import wav_header
from PIL import Image

from timeline_nb.effects.cube import Cube
from timeline_nb.errors import MediaError, TimelineError, TimelineNbError
from timeline_nb.media.library import MediaLibrary
from timeline_nb.media.mask import read_mask
from timeline_nb.media.probe import probe
from timeline_nb.subtitles.files import read_subtitles


def test_twenty_thousand_cues(tmp_path: Path) -> None:
    path = tmp_path / "long.srt"
    cues = (
        f"{n + 1}\n{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02},000 --> "
        f"{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02},900\n<i>line</i> {n}\n\n"
        for n in range(20_000)
    )
    path.write_text("".join(cues))
    found = read_subtitles(path)
    assert len(found.cues) == 20_000
    assert found.cues[-1].text == "line 19999"
    assert found.cues[-1].start == 19_999


def test_captions_timed_by_the_word_for_ten_hours(tmp_path: Path) -> None:
    # 2.5 words a second, as speech has: two tags a word.
    words = "".join(f"<00:00:0{n}.500><c> word</c>" for n in range(1, 10))
    path = tmp_path / "words.vtt"
    times = (f"{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}" for s in range(36_001))
    starts = [time for n, time in enumerate(times) if n % 4 == 0]
    cues = (f"{a}.000 --> {b}.000\n{words}\n\n" for a, b in pairwise(starts))
    path.write_text("WEBVTT\n\n" + "".join(cues))
    assert len(read_subtitles(path).cues) == 9_000


def test_a_table_of_65(tmp_path: Path) -> None:
    path = tmp_path / "large.cube"
    level = np.linspace(0, 1, 65)
    blue, green, red = np.meshgrid(level, level, level, indexing="ij")
    rows = np.stack([red, green, blue], axis=-1).reshape(-1, 3)
    with path.open("w") as file:
        file.write("LUT_3D_SIZE 65\n")
        np.savetxt(file, rows, fmt="%.10f")
    rgb = np.arange(16 * 16 * 3, dtype=np.uint8).reshape(16, 16, 3)
    assert np.abs(Cube(path).run(rgb).astype(int) - rgb).max() <= 1


def test_a_still_of_a_hundred_megapixels(tmp_path: Path) -> None:
    # The size of a medium-format camera's pictures.
    path = tmp_path / "still.jpg"
    Image.new("L", (11_648, 8_736), 100).save(path)
    assert probe(path).video[0].display_size == (11_648, 8_736)
    assert read_mask(path)[-1, -1] == 100


@pytest.mark.whole
def test_a_frame_of_a_hundred_megapixels(tmp_path: Path, library: MediaLibrary) -> None:
    path = tmp_path / "still.png"
    Image.new("RGB", (11_648, 8_736), (200, 100, 50)).save(path, compress_level=1)
    with library.video(path) as decoder:
        rgb = decoder.frame(0).to_rgb()
    assert rgb.shape == (8_736, 11_648, 3)
    assert rgb[-1, -1].tolist() == [200, 100, 50]


def test_two_hours_of_sound(tmp_path: Path, library: MediaLibrary) -> None:
    path = tmp_path / "long.wav"
    count = 2 * 3600 * 8_000
    with path.open("wb") as file:
        file.write(wav_header(count * 2, rate_hz=8_000, channels=1))
        file.truncate(44 + count * 2 - 2)
        file.seek(0, 2)
        file.write(b"\0\x40")
    assert probe(path).duration == 7200
    with library.audio(path, sample_rate_hz=8_000, layout="mono") as decoder:
        # 0x4000 of 0x8000 is a half.
        assert decoder.read(count - 1, 1)[0, 0] == 0.5
    assert library.waveform(path, bins=100).high.shape[1] == 100


def test_a_film_of_three_hours(tmp_path: Path, library: MediaLibrary) -> None:
    path = tmp_path / "long.mp4"
    command = ["ffmpeg", "-v", "error", "-f", "lavfi"]
    command += ["-i", "color=c=gray:s=32x32:r=1:d=10800"]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-g", "60", str(path)]
    subprocess.run(command, check=True)
    assert probe(path).duration == 10_800
    with library.video(path) as decoder:
        assert len(decoder.index) == 10_800
        assert decoder.frame(10_799).time == Fraction(10_799)


def test_a_limit_names_the_variable_that_raises_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "still.png"
    Image.new("RGB", (100, 100)).save(path)
    monkeypatch.setenv("TIMELINE_NB_MAX_PICTURE_PIXELS", "9_999")
    with pytest.raises(
        MediaError,
        match=r"still\.png announces 100 x 100 pixels of 8 bits, more than 9,999:",
    ):
        probe(path)
    monkeypatch.setenv("TIMELINE_NB_MAX_PICTURE_PIXELS", "10_000")
    assert probe(path).video[0].width == 100
    text = tmp_path / "two.srt"
    text.write_text("0:0:1,0 --> 0:0:2,0\na\n\n0:0:2,0 --> 0:0:3,0\nb\n")
    monkeypatch.setenv("TIMELINE_NB_MAX_CUES", "1")
    with pytest.raises(
        TimelineError, match=r"two\.srt .*2 cues.*than 1: set TIMELINE_NB_MAX_CUES to"
    ):
        read_subtitles(text)
    monkeypatch.setenv("TIMELINE_NB_MAX_CUES", "2")
    assert len(read_subtitles(text).cues) == 2


@pytest.mark.parametrize("value", ["many", "-1", "1e3", "9" * 30, "٣"])
def test_a_limit_that_is_no_number_is_named(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (8, 8)).save(path)
    monkeypatch.setenv("TIMELINE_NB_MAX_PICTURE_PIXELS", value)
    with pytest.raises(TimelineNbError, match="TIMELINE_NB_MAX_PICTURE_PIXELS"):
        probe(path)

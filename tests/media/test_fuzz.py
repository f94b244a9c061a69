"""Mutated files are read as far as they go, or refused in a MediaError that names them.

Two thousand mutations of twelve formats, by chance that repeats: bytes changed, zeroed,
cut out, doubled and cut short, a third of them among the headers.
"""

import random
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest
from media_factory import picture

from timeline_nb.errors import MediaError
from timeline_nb.media.library import MediaLibrary

MUTATIONS = 170
SIZE = (96, 64)
X264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 6 -bf 2"
FORMATS = {
    "mp4": f"{X264} -c:a aac",
    "mov": f"{X264} -c:a pcm_s16le -movflags +frag_keyframe+empty_moov",
    "mkv": f"{X264} -c:a libvorbis",
    "webm": "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus",
    "avi": "-c:v mpeg4 -bf 2 -c:a mp3",
    "ts": f"{X264} -c:a mp2",
    "mpg": "-c:v mpeg2video -bf 2 -c:a mp2",
    "flv": f"{X264} -c:a aac",
    "wmv": "-c:v wmv2 -c:a wmav2",
    "h264": X264,
    "mp3": "-vn -c:a mp3",
    "flac": "-vn -c:a flac",
}
# Of so many bytes at the begin are headers.
HEADERS = 600


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A small file of each format, by the ffmpeg program."""
    folder = tmp_path_factory.mktemp("whole")
    raw = b"".join(picture(n, SIZE).tobytes() for n in range(12))
    made = {}
    for suffix, options in FORMATS.items():
        path = folder / f"whole.{suffix}"
        command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24"]
        command += ["-s", f"{SIZE[0]}x{SIZE[1]}", "-r", "25", "-i", "-"]
        command += ["-f", "lavfi", "-i", "sine=440:sample_rate=44100:duration=0.48"]
        command += [*options.split(), str(path)]
        subprocess.run(command, input=raw, check=True)
        made[suffix] = path.read_bytes()
    return made


def mutated(data: bytes, chance: random.Random) -> bytes:
    bytes_ = bytearray(data)
    for _ in range(chance.choice([1, 2, 5, 30])):
        headers = chance.random() < 1 / 3
        at = chance.randrange(min(HEADERS, len(bytes_)) if headers else len(bytes_))
        length = chance.choice([1, 1, 2, 4, 8, 200])
        match chance.randrange(6):
            case 0 | 1:
                bytes_[at : at + length] = chance.randbytes(length)
            case 2:
                bytes_[at : at + length] = bytes(length)
            case 3:
                bytes_[at : at + length] = b"\xff" * length
            case 4:
                del bytes_[at : at + length]
            case 5:
                bytes_[at:at] = bytes_[at : at + length]
        if len(bytes_) < 2:
            break
    if chance.random() < 0.2:
        del bytes_[chance.randrange(1, len(bytes_)) :]
    return bytes(bytes_)


def read_all(path: Path, library: MediaLibrary) -> list[str]:
    """Ask everything of a file, each for itself; what the refusals say."""

    def frames() -> None:
        with library.video(path) as decoder:
            last = len(decoder.index) - 1
            for number in (0, last, last // 2):
                decoder.frame(number).to_rgb()

    def sound() -> None:
        with library.audio(path, sample_rate_hz=48_000) as decoder:
            decoder.read(0, 1000)
            decoder.read(12_000, 1000)
            decoder.read(0, 100)

    def thumbnails() -> None:
        library.thumbnails(path, [Fraction(0), Fraction(1, 5)], height_px=32)

    def waveform() -> None:
        library.waveform(path, bins=20)

    refusals = []
    for step in (frames, sound, thumbnails, waveform):
        try:
            step()
        except MediaError as error:
            refusals.append(str(error))
    return refusals


@pytest.mark.parametrize("suffix", FORMATS)
def test_nothing_foreign_comes_of_mutated_files(
    suffix: str, whole: dict[str, bytes], library: MediaLibrary, tmp_path: Path
) -> None:
    for seed in range(MUTATIONS):
        path = tmp_path / f"{seed}.{suffix}"
        path.write_bytes(mutated(whole[suffix], random.Random(f"{suffix} {seed}")))
        refusals = read_all(path, library)
        assert all(path.name in refusal for refusal in refusals), refusals
        path.unlink()

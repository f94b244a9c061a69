"""Mutated media files, read in every way."""

import random
import subprocess
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from attacks.campaign import Figures, attack
from attacks.mutations import mutated
from media_factory import picture

from timeline_nb.errors import MediaError
from timeline_nb.media.library import MediaLibrary

__all__ = ["FORMATS", "faults_of_media", "read_media", "whole_files"]

_SIZE = (96, 64)
_X264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 6 -bf 2"
FORMATS = {
    "mp4": f"{_X264} -c:a aac",
    "mov": f"{_X264} -c:a pcm_s16le -movflags +frag_keyframe+empty_moov",
    "mkv": f"{_X264} -c:a libvorbis",
    "webm": "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus",
    "avi": "-c:v mpeg4 -bf 2 -c:a mp3",
    "ts": f"{_X264} -c:a mp2",
    "mpg": "-c:v mpeg2video -bf 2 -c:a mp2",
    "flv": f"{_X264} -c:a aac",
    "wmv": "-c:v wmv2 -c:a wmav2",
    "mxf": "-c:v mpeg2video -c:a pcm_s16le -ar 48000",
    "h264": _X264,
    "gif": "-an",
    "apng": "-an -f apng",
    "webp": "-an -c:v libwebp_anim",
    "png": "-an -frames:v 1",
    "tiff": "-an -frames:v 1 -pix_fmt rgb48le",
    "jpg": "-an -frames:v 1",
    "mp3": "-vn -c:a mp3",
    "flac": "-vn -c:a flac",
    "wav": "-vn -c:a pcm_s24le",
    "aiff": "-vn -c:a pcm_s16be",
    "caf": "-vn -c:a alac",
}


def whole_files(folder: Path) -> dict[str, bytes]:
    """Return a small file of each format, by the ffmpeg program."""
    raw = b"".join(picture(n, _SIZE).tobytes() for n in range(12))
    made = {}
    for suffix, options in FORMATS.items():
        path = folder / f"whole.{suffix}"
        command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24"]
        command += ["-s", f"{_SIZE[0]}x{_SIZE[1]}", "-r", "25", "-i", "-"]
        command += ["-f", "lavfi", "-i", "sine=440:sample_rate=44100:duration=0.48"]
        command += [*options.split(), str(path)]
        subprocess.run(command, input=raw, check=True)
        made[suffix] = path.read_bytes()
    return made


def read_media(file: str) -> None:
    """Ask everything of a file, each for itself.

    Raises:
        MediaError: Everything was refused.
        ValueError: A refusal does not name the file.
    """
    path = Path(file)
    library = MediaLibrary(path.parent / "cache")

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

    refusals: list[MediaError] = []
    steps = (frames, sound, thumbnails, waveform)
    for step in steps:
        try:
            step()
        except MediaError as error:
            if path.name not in str(error):
                raise ValueError(f"{path} is not named: {error}") from error
            refusals.append(error)
    if len(refusals) == len(steps):
        raise refusals[0]


def faults_of_media(
    count: int, seed: int, whole: Mapping[str, bytes] | None = None
) -> Figures:
    """Read `count` mutated files, and return what was counted.

    Args:
        count: How many files, in turn of each format.
        seed: Of the mutations.
        whole: Of `whole_files`; made if not given.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        return attack(read_media, _mutations(folder, count, seed, whole))


def _mutations(
    folder: Path, count: int, seed: int, whole: Mapping[str, bytes] | None
) -> Iterator[str]:
    whole = whole or whole_files(folder)
    suffixes = list(whole)
    for number in range(count):
        suffix = suffixes[number % len(suffixes)]
        chance = random.Random(f"{suffix} {seed} {number}")
        path = folder / f"{number}.{suffix}"
        path.write_bytes(mutated(whole[suffix], chance))
        yield str(path)
        path.unlink()
        for kept in (folder / "cache").rglob("*.*"):
            kept.unlink(missing_ok=True)

"""Damaged files: they are read as far as they go, or refused by name. Nothing else."""

import random
from pathlib import Path

import pytest
from media_factory import Clips

from timeline_nb.errors import MediaError
from timeline_nb.media.library import MediaLibrary

NAMES = ("cfr", "matroska", "transport", "web", "old", "quick", "open_gop", "ntsc")


def _damaged(data: bytes, chance: random.Random) -> bytes:
    """The bytes with some changed, and sometimes cut short."""
    bytes_ = bytearray(data)
    for _ in range(chance.choice([1, 3, 20, 200])):
        bytes_[chance.randrange(len(bytes_))] = chance.randrange(256)
    end = chance.randrange(len(bytes_)) if chance.random() < 0.3 else len(bytes_)
    return bytes(bytes_[:end])


def _read(path: Path, library: MediaLibrary) -> None:
    info = library.probe(path)
    if info.video:
        with library.video(path) as decoder:
            last = len(decoder.index) - 1
            for number in (0, last // 2, last, min(3, last)):
                decoder.frame(number).to_rgb()
    if info.audio:
        with library.audio(path, sample_rate_hz=48_000) as sound:
            sound.read(0, 1000)
            sound.read(50_000, 1000)


@pytest.mark.parametrize("name", NAMES)
def test_damage_ends_in_frames_or_in_a_media_error(
    name: str, clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    data = clips[name].read_bytes()
    messages = []
    for seed in range(25):
        path = tmp_path / f"{seed}{clips[name].suffix}"
        path.write_bytes(_damaged(data, random.Random(f"{name} {seed}")))
        try:
            _read(path, library)
        except MediaError as error:
            messages.append((path.name, str(error)))
    assert messages
    assert all(name in message for name, message in messages)

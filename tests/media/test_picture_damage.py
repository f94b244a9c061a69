"""Mutated pictures open and decode, or raise errors that name them: nothing else."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from timeline_nb.errors import MediaError
from timeline_nb.media.library import MediaLibrary

MUTATIONS = 45
PICTURE = Image.fromarray(
    np.random.default_rng(7).integers(0, 255, (24, 32, 3), np.uint8)
)
OTHER = PICTURE.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
MOVES: dict[str, Any] = {"save_all": True, "append_images": [OTHER], "duration": 100}
KINDS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "png": ("png", "RGB", {}),
    "apng": ("png", "RGB", MOVES),
    "palette": ("png", "P", {"transparency": 2}),
    "jpeg": ("jpg", "RGB", {"progressive": True}),
    "cmyk": ("jpg", "CMYK", {}),
    "webp": ("webp", "RGB", {"lossless": True}),
    "moving webp": ("webp", "RGB", MOVES),
    "gif": ("gif", "P", {}),
    "moving gif": ("gif", "P", MOVES),
    "bmp": ("bmp", "P", {}),
    "tiff": ("tif", "RGB", {"compression": "tiff_lzw"}),
    "fax": ("tif", "1", {"compression": "group4"}),
    "jpeg in tiff": ("tif", "YCbCr", {"compression": "jpeg"}),
    "jpeg 2000": ("jp2", "RGB", {}),
    "avif": ("avif", "RGB", {}),
    "moving avif": ("avif", "RGB", MOVES),
}


def _cut_short(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def _without_a_part(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    del data[start : start + chance.randrange(1, 40)]


def _with_other_bytes(data: bytearray, chance: random.Random) -> None:
    reach = chance.choice([40, 200, len(data)])
    for _ in range(chance.randrange(1, 12)):
        place = chance.randrange(min(reach, len(data)))
        data[place] = chance.choice([0, 127, 128, 255, chance.randrange(256)])


def _with_a_part_twice(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    data[start:start] = data[start : start + chance.randrange(1, 200)]


DAMAGES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _cut_short,
    _without_a_part,
    _with_other_bytes,
    _with_other_bytes,
    _with_a_part_twice,
)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", KINDS)
def test_a_mutated_picture_is_shown_or_named(
    kind: str, library: MediaLibrary, tmp_path: Path
) -> None:
    suffix, mode, options = KINDS[kind]
    whole = tmp_path / f"whole.{suffix}"
    PICTURE.convert(mode).save(whole, **options)
    for number in range(MUTATIONS):
        chance = random.Random(f"{kind} {number}")
        data = bytearray(whole.read_bytes())
        chance.choice(DAMAGES)(data, chance)
        path = tmp_path / f"hurt{number}.{suffix}"
        path.write_bytes(data)
        try:
            _look(path, library)
        except MediaError as error:
            assert path.name in str(error)  # noqa: PT017 - it may also be shown


def _look(path: Path, library: MediaLibrary) -> None:
    info = library.probe(path)
    library.thumbnails(path, [info.duration / 2], height_px=12)
    with library.video(path) as decoder:
        for number in (len(decoder.index) - 1, 0):
            decoder.frame(number).to_rgb()

"""Which films are played at their full size where nobody asked for it."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from media_factory import Recipe, make
from msgspec.structs import replace

import timeline_nb as tl
from timeline_nb.media.info import MediaInfo
from timeline_nb.preview.browser_files import is_light


@pytest.fixture(scope="module")
def info(tmp_path_factory: pytest.TempPathFactory) -> MediaInfo:
    folder = tmp_path_factory.mktemp("light")
    film = make(folder, Recipe("film.mp4", frames=25, size=(160, 90)))
    with tl.open_studio(tl.Settings(roots=(Path(folder),))) as studio:
        return tl.open(film, studio=studio).info


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ({}, True),
        # H.264 codes Full HD in 1,088 rows.
        ({"width": 1920, "height": 1088}, True),
        ({"width": 1080, "height": 1920}, True),
        ({"width": 3840, "height": 2160}, False),
        ({"rate": Fraction(60_000, 1001)}, True),
        ({"rate": Fraction(60)}, True),
        ({"rate": Fraction(120)}, False),
        ({"bit_rate_bps": 20_000_000}, True),
        ({"bit_rate_bps": 20_000_001}, False),
        ({"bit_rate_bps": None}, False),
        ({"video": ()}, False),
    ],
)
def test_a_film_is_light_that_most_machines_play(
    info: MediaInfo, changes: dict[str, Any], *, due: bool
) -> None:
    of_file = {name: changes[name] for name in changes if hasattr(info, name)}
    of_video = {name: changes[name] for name in changes.keys() - of_file.keys()}
    [video] = info.video
    changed = replace(info, video=(replace(video, **of_video),))
    assert is_light(replace(changed, **of_file)) is due

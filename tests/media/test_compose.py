"""Composed frames: placement, rotation, alpha, culling, preview against full size."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from media_factory import Clips, picture, read_number
from msgspec.structs import replace
from numpy.typing import NDArray
from PIL import Image
from references import cut_from, psnr

from timeline_nb.compose.compositor import Compositor
from timeline_nb.compose.still import compose_frame
from timeline_nb.effects.custom import custom_effect
from timeline_nb.errors import CompositionError
from timeline_nb.media.library import MediaLibrary
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Clip, Effect, Timeline, Transform

ONE = Fraction(1)


def _still(
    folder: Path, library: MediaLibrary, rgb: NDArray[np.uint8], name: str
) -> Clip:
    path = folder / name
    Image.fromarray(rgb).save(path)
    return cut_from(path, library, Fraction(0), ONE)


def _flat(
    color: tuple[int, ...], size: tuple[int, int] = (200, 100)
) -> NDArray[np.uint8]:
    return np.full((size[1], size[0], len(color)), color, np.uint8)


def _shown(
    *layers: Clip, library: MediaLibrary, size: tuple[int, int] = (200, 100)
) -> NDArray[np.uint8]:
    timeline = Timeline(name="t", rate=Fraction(25), size=size)
    for number, clip in enumerate(layers):
        timeline = edits.add_track(timeline, "video")
        timeline = edits.overwrite(
            timeline, [clip], at=Fraction(0), track=f"V{number + 1}"
        )
    return compose_frame(timeline, Fraction(0), library)


def _area(rgb: NDArray[np.uint8], level: int = 128) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is bright."""
    rows, columns = np.nonzero(rgb.mean(axis=2) > level)
    return (
        int(columns.min()),
        int(rows.min()),
        int(columns.max()) + 1,
        int(rows.max()) + 1,
    )


WHITE = (255, 255, 255)


@pytest.mark.parametrize(
    ("transform", "source", "area"),
    [
        (Transform(), (100, 100), (50, 0, 150, 100)),
        (Transform(fit="fill"), (100, 100), (0, 0, 200, 100)),
        (Transform(fit="stretch"), (60, 20), (0, 0, 200, 100)),
        (Transform(fit="none"), (60, 20), (70, 40, 130, 60)),
        (Transform(scale=0.5), (200, 100), (50, 25, 150, 75)),
        (Transform(scale=0.5, position=(0.25, 0.25)), (200, 100), (0, 0, 100, 50)),
        (Transform(scale=0.5, position=(0, 0)), (200, 100), (0, 0, 50, 25)),
        (Transform(fit="none", crop=(0.5, 0, 0, 0.5)), (80, 40), (80, 40, 120, 60)),
        (Transform(fit="none", rotation_deg=90), (80, 40), (80, 10, 120, 90)),
    ],
)
def test_a_picture_lies_where_its_transform_says(
    transform: Transform,
    source: tuple[int, int],
    area: tuple[int, int, int, int],
    library: MediaLibrary,
    tmp_path: Path,
) -> None:
    clip = _still(tmp_path, library, _flat(WHITE, source), "white.png")
    shown = _shown(replace(clip, transform=transform), library=library)
    # Chroma is kept for two pixels at a time; scaling softens an edge by one.
    assert np.abs(np.subtract(_area(shown), area)).max() <= 1


def test_rotation_is_clockwise(library: MediaLibrary, tmp_path: Path) -> None:
    half = _flat((0, 0, 0), (80, 80))
    half[:, 40:] = 255
    clip = _still(tmp_path, library, half, "half.png")
    turned = replace(clip, transform=Transform(fit="none", rotation_deg=90))
    # The right half comes to lie below.
    assert _area(_shown(turned, library=library)) == (60, 50, 140, 90)


def test_opacity_mixes_with_what_lies_below(
    library: MediaLibrary, tmp_path: Path
) -> None:
    red = _still(tmp_path, library, _flat((200, 0, 0)), "red.png")
    blue = _still(tmp_path, library, _flat((0, 0, 200)), "blue.png")
    half = replace(blue, transform=Transform(opacity=0.25))
    shown = _shown(red, half, library=library)[50, 100]
    assert np.abs(shown - np.array([150, 0, 50])).max() <= 4


def test_a_picture_with_alpha_lets_the_rest_through(
    library: MediaLibrary, tmp_path: Path
) -> None:
    glass = _flat((0, 200, 0, 0))
    glass[:, 100:, 3] = 255
    clip = _still(tmp_path, library, glass, "glass.png")
    red = _still(tmp_path, library, _flat((200, 0, 0)), "red.png")
    shown = _shown(red, clip, library=library).astype(int)
    assert np.abs(shown[50, 40] - [200, 0, 0]).max() <= 4
    assert np.abs(shown[50, 160] - [0, 200, 0]).max() <= 4


def test_colours_of_another_matrix_are_converted(
    library: MediaLibrary, tmp_path: Path
) -> None:
    """A JPEG is BT.601 in full range; the canvas is BT.709 in limited range."""
    for color in ((200, 30, 30), (30, 200, 30), (30, 30, 200), (255, 255, 255)):
        clip = _still(tmp_path, library, _flat(color), f"{color[0]}{color[1]}.jpg")
        shown = _shown(clip, library=library)[50, 100].astype(int)
        assert np.abs(shown - np.array(color)).max() <= 4


def test_a_dissolve_of_pictures_that_leave_room_mixes_whole_canvases(
    library: MediaLibrary, tmp_path: Path
) -> None:
    tall = _still(tmp_path, library, _flat((255, 255, 255), (50, 100)), "tall.png")
    wide = _still(tmp_path, library, _flat((255, 255, 255), (200, 20)), "wide.png")
    timeline = Timeline(name="t", rate=Fraction(25), size=(200, 100))
    timeline = edits.append(timeline, [tall, wide])
    timeline = edits.transition(timeline, after="c1", duration=Fraction(8, 25))
    shown = compose_frame(timeline, ONE, library).mean(axis=2)
    middle, left, top = shown[50, 100], shown[50, 20], shown[10, 100]
    assert abs(middle - 255) <= 3
    assert abs(left - 128) <= 4
    assert abs(top - 128) <= 4


def test_what_is_hidden_is_not_opened(
    clips: Clips, library: MediaLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = cut_from(clips["cfr"], library, Fraction(0), ONE)
    above = cut_from(clips["open_gop"], library, Fraction(0), ONE)
    timeline = Timeline(name="t", rate=Fraction(25), size=(192, 112))
    timeline = edits.add_track(edits.append(timeline, [below]), "video")
    timeline = edits.overwrite(timeline, [above], at=Fraction(0), track="V2")
    opened: list[str] = []
    real = MediaLibrary.video

    def noted(self: MediaLibrary, path: str, **options: Any) -> object:
        opened.append(Path(path).stem)
        return real(self, path, **options)

    monkeypatch.setattr(MediaLibrary, "video", noted)
    shown = compose_frame(timeline, Fraction(4, 25), library)
    assert read_number(shown) == 4
    assert opened == ["open_gop"]


def test_frames_that_need_nothing_keep_their_pixels(
    clips: Clips, library: MediaLibrary
) -> None:
    clip = cut_from(clips["cfr"], library, Fraction(0), ONE)
    timeline = edits.append(
        Timeline(name="t", rate=Fraction(25), size=(192, 112)), [clip]
    )
    with Compositor(timeline, library) as one, library.video(clips["cfr"]) as source:
        (frame,) = one.frames(7, 8)
        wanted = source.frame(7).picture
        assert np.array_equal(frame.to_ndarray(), wanted.to_ndarray())
        assert (frame.pts, int(frame.colorspace)) == (7, 1)


@pytest.mark.parametrize(
    "transform", [Transform(), Transform(scale=0.5), Transform(blend="screen")]
)
def test_an_effect_runs_once_a_frame(
    clips: Clips, library: MediaLibrary, transform: Transform
) -> None:
    seen: list[int] = []

    def counted_here(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        seen.append(read_number(rgb))
        return rgb

    custom_effect(counted_here, group="mine", parameters={})
    clip = replace(
        cut_from(clips["cfr"], library, Fraction(0), ONE),
        transform=transform,
        effects=(Effect(kind="counted_here"),),
    )
    timeline = edits.append(
        Timeline(name="t", rate=Fraction(25), size=(192, 112)), [clip]
    )
    with Compositor(timeline, library) as one:
        assert [frame.pts for frame in one.frames(3, 7)] == [3, 4, 5, 6]
    assert seen == [3, 4, 5, 6]


def test_a_small_preview_shows_the_same_as_the_full_size(
    bunny: Path, bikes: Path, library: MediaLibrary
) -> None:
    below = cut_from(bikes, library, ONE, ONE)
    small = Transform(scale=0.4, position=(0.7, 0.3), rotation_deg=20, opacity=0.8)
    above = replace(cut_from(bunny, library, ONE, ONE), transform=small)
    timeline = Timeline(name="t", rate=Fraction(25), size=(1280, 720))
    timeline = edits.add_track(edits.append(timeline, [below]), "video")
    timeline = edits.overwrite(timeline, [above], at=Fraction(0), track="V2")
    full = compose_frame(timeline, Fraction(1, 2), library)
    preview = compose_frame(timeline, Fraction(1, 2), library, size=(640, 360))
    shrunk = np.asarray(Image.fromarray(full).resize((640, 360), Image.Resampling.BOX))
    assert psnr(preview, shrunk) >= 32


def test_beyond_the_end_nothing_is_shown(clips: Clips, library: MediaLibrary) -> None:
    clip = cut_from(clips["cfr"], library, Fraction(0), ONE)
    timeline = edits.append(
        Timeline(name="t", rate=Fraction(25), size=(192, 112)), [clip]
    )
    assert picture(0).shape == (112, 192, 3)
    with pytest.raises(CompositionError, match="has 25 frames"):
        compose_frame(timeline, ONE, library)

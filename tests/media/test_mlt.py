"""Edits written as MLT XML: melt shows the same frames and plays the same sound."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from media_factory import Clips
from melt import Film, levels, melted, render, written
from mlt_scenes import PLACED, RATE, SAME_FRAMES, Scene, dissolve, edit_of
from msgspec.structs import replace

from timeline_nb.media.library import MediaLibrary
from timeline_nb.timeline.model import Gap, Timeline, Transform


@pytest.fixture
def scene(clips: Clips, library: MediaLibrary) -> Scene:
    return Scene(clips, library)


def both(timeline: Timeline, library: MediaLibrary, folder: Path) -> tuple[Film, Film]:
    written(timeline, folder / "cut.mlt")
    return render(timeline, library), melted(folder / "cut.mlt")


@pytest.mark.parametrize("name", SAME_FRAMES)
def test_melt_shows_the_same_frames_and_plays_the_same_sound(
    scene: Scene, name: str, tmp_path: Path
) -> None:
    ours, theirs = both(SAME_FRAMES[name](scene), scene.library, tmp_path)
    assert theirs.numbers == ours.numbers
    assert sum(number is not None for number in ours.numbers) >= 15
    heard, played = levels(ours.sound), levels(theirs.sound)
    count = min(len(heard), len(played))
    difference = np.abs(heard[:count] - played[:count])
    # Of 0.35: at cuts between samples, and in the first frame of a moving level.
    assert difference.mean() < 0.003
    assert np.quantile(difference, 0.95) < 0.015


def test_after_a_cut_between_frames_melt_shows_the_next_frame_and_none_twice(
    scene: Scene, tmp_path: Path
) -> None:
    half = Fraction(1, 2)
    edit = edit_of(scene.cut(5, 5 + 12 + half), scene.cut(17 + half, 30))
    ours, theirs = both(edit, scene.library, tmp_path)
    assert theirs.numbers == ours.numbers == list(range(5, 30))


def late(scene: Scene, **more: object) -> Timeline:
    """A clip that begins 10 frames and a half after the start."""
    clip = scene.keyed(
        opacity=[(0, 1.0, "linear"), (8, 0.2, "hold"), (Fraction(65, 4), 1.0, "hold")]
    )
    own = replace(clip, **(more or {}), keyframes={} if more else clip.keyframes)
    return edit_of(Gap(duration=Fraction(21, 2) / RATE), own, heard=scene.cut(5, 50))


@pytest.mark.parametrize(
    "more",
    [{}, {"fade_in": Fraction(13, 2) / RATE, "fade_out": Fraction(17, 4) / RATE}],
    ids=["keyframes", "fades"],
)
def test_what_changes_in_a_clip_between_frames_is_as_far_in_each_frame(
    scene: Scene, more: dict[str, Fraction], tmp_path: Path
) -> None:
    ours, theirs = both(late(scene, **more), scene.library, tmp_path)
    count = min(len(ours.frames), len(theirs.frames))
    light, shown = (film.frames[:count].mean(axis=(1, 2, 3)) for film in (ours, theirs))
    # Half a frame is a part of 16 of the opacity, and of 13 of the fade.
    assert np.abs(light - shown).max() < 3


@pytest.mark.parametrize("name", PLACED)
def test_melt_places_pictures_where_we_do(
    scene: Scene, name: str, tmp_path: Path
) -> None:
    edit = edit_of(PLACED[name](scene), heard=scene.cut(5, 20))
    ours, theirs = both(edit, scene.library, tmp_path)
    assert len(theirs.frames) == len(ours.frames)
    difference = np.abs(ours.frames.astype(np.int16) - theirs.frames)
    assert difference.mean() < 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"name": "phone"}, {}),
        ({}, {"name": "phone"}),
        ({"transform": Transform(opacity=0.5)}, {"fade_out": Fraction(1, 5)}),
    ],
    ids=["from bars", "to bars", "opacity"],
)
def test_melt_dissolves_what_does_not_fill_the_picture_as_we_do(
    scene: Scene, first: dict[str, Any], second: dict[str, Any], tmp_path: Path
) -> None:
    """Where a clip has bars, half of the other clip is seen at half of the time."""
    two = scene.cut(5, 25, **first), scene.cut(30, 50, **second)
    edit = edit_of(two[0], dissolve(6, 4), two[1], heard=scene.cut(0, 40))
    ours, theirs = both(edit, scene.library, tmp_path)
    mixed = slice(14, 24)
    difference = np.abs(ours.frames[mixed].astype(np.int16) - theirs.frames[mixed])
    assert difference.mean(axis=(1, 2, 3)).max() < 2


def test_a_dissolve_over_another_track_that_lets_it_through_is_told(
    scene: Scene, tmp_path: Path
) -> None:
    low = edit_of(scene.cut(0, 40))
    high = edit_of(scene.cut(5, 25), dissolve(6, 4), scene.cut(30, 50, "phone"))
    tracks = low.tracks[0], replace(high.tracks[0], name="V2"), low.tracks[1]
    report = written(replace(low, tracks=tracks), tmp_path / "cut.mlt")
    assert [(one.where, one.what) for one in report.approximated] == [
        ("V2, the dissolve at 00:00:00:20", "the transition 'dissolve'")
    ]

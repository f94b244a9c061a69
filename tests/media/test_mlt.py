"""Edits written as MLT XML: melt shows the same frames and plays the same sound."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from media_factory import Clips
from melt import Film, levels, melted, render, written
from mlt_scenes import PLACED, SAME_FRAMES, Scene, edit_of

from timeline_nb.media.library import MediaLibrary
from timeline_nb.timeline.model import Timeline


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


@pytest.mark.parametrize("name", PLACED)
def test_melt_places_pictures_where_we_do(
    scene: Scene, name: str, tmp_path: Path
) -> None:
    edit = edit_of(PLACED[name](scene), heard=scene.cut(5, 20))
    ours, theirs = both(edit, scene.library, tmp_path)
    assert len(theirs.frames) == len(ours.frames)
    difference = np.abs(ours.frames.astype(np.int16) - theirs.frames)
    assert difference.mean() < 1

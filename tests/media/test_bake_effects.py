"""Effects, ramps and titles rendered for programs that lack them."""

from pathlib import Path

import numpy as np
import pytest
from media_factory import HEIGHT, WIDTH, Clips, read_number
from melt import melted
from numpy.typing import NDArray

import timeline_nb as tl
from timeline_nb.errors import ProjectError
from timeline_nb.timeline.model import Clip


def baked_edit(clips: Clips) -> tl.Edit:
    """Frames 10 to 29 with their colors turned, and 30 to 39."""
    cut = tl.Edit("baked", rate=25, size=(WIDTH, HEIGHT))
    media = tl.open(clips["tone"])
    cut.append(media.clip("10f", "30f"))
    cut.append(media.clip("30f", "40f"))
    cut.effects.add(0, "invert")
    return cut


def test_what_is_baked_is_seen_in_melt(clips: Clips, tmp_path: Path) -> None:
    cut = baked_edit(clips)
    report = cut.export(tmp_path / "cut.mlt", bake="effects")
    assert [one.what for one in report] == ["effects 'invert'"]
    assert not report.lost
    (film,) = [path for path in report.files if path.suffix == ".mov"]
    frames = melted(tmp_path / "cut.mlt").frames
    assert largest_difference(cut, frames) < 3
    assert [read_number(255 - frame) for frame in frames[:20]] == list(range(10, 30))
    # Again: what did not change is not rendered.
    changed = film.stat().st_mtime_ns
    cut.export(tmp_path / "cut.mlt", bake="effects")
    assert film.stat().st_mtime_ns == changed
    again = tl.load(tmp_path / "cut.mlt")
    first = next(i for i in again.timeline.tracks[0].items if isinstance(i, Clip))
    assert first.media.path == str(film)
    assert not first.effects


def test_a_title_keeps_what_is_below_it(clips: Clips, tmp_path: Path) -> None:
    cut = tl.Edit("titled", rate=25, size=(WIDTH, HEIGHT))
    cut.append(tl.open(clips["tone"]).clip("0f", "20f"))
    cut.titles.add("Hello", start="5f", end="15f", size=0.3)
    report = cut.export(tmp_path / "cut.mlt", bake="effects")
    assert [one.what for one in report] == ["the generator 'title'"]
    frames = melted(tmp_path / "cut.mlt").frames
    assert largest_difference(cut, frames) < 3
    assert np.abs(frames[10].astype(int) - frames[2]).max() > 100


def largest_difference(cut: tl.Edit, frames: NDArray[np.uint8]) -> float:
    ours = list(cut.frames())
    assert len(frames) == len(ours)
    return max(
        float(np.abs(a.astype(int) - b).mean())
        for a, b in zip(ours, frames, strict=True)
    )


def test_a_dry_run_and_a_refusal_render_nothing(clips: Clips, tmp_path: Path) -> None:
    cut = baked_edit(clips)
    cut.effects.add(None, "sepia")
    assert cut.export(tmp_path / "cut.mlt", bake="effects", dry_run=True).lost
    with pytest.raises(ProjectError, match="sepia"):
        cut.export(tmp_path / "cut.mlt", bake="effects", strict=True)
    assert list(tmp_path.glob("*baked*")) == []
    with pytest.raises(ProjectError, match="bake='all'"):
        cut.export(tmp_path / "cut.mlt", bake="all")


def test_a_file_of_others_is_not_taken_for_what_was_baked(
    clips: Clips, tmp_path: Path
) -> None:
    cut = baked_edit(clips)
    report = cut.export(tmp_path / "cut.mlt", bake="effects")
    (film,) = [path for path in report.files if path.suffix == ".mov"]
    film.write_bytes(b"of somebody else")
    with pytest.raises(ProjectError, match=r"baked_\w+\.mov is there already"):
        cut.export(tmp_path / "cut.mlt", bake="effects")
    assert film.read_bytes() == b"of somebody else"
    cut.export(tmp_path / "cut.mlt", bake="effects", overwrite=True)
    assert tl.open(film).size == (WIDTH, HEIGHT)

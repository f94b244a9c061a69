import json
import subprocess
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from media_factory import RECIPES, Clips

from timeline_nb.errors import MediaError
from timeline_nb.media.index_file import load_index, save_index
from timeline_nb.media.library import MediaLibrary


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_the_index_lists_the_frames_that_ffprobe_decodes(
    name: str, clips: Clips, library: MediaLibrary
) -> None:
    command = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_frames"]
    command += ["-show_entries", "frame=pts,key_frame", "-print_format", "json"]
    output = subprocess.run(
        [*command, str(clips[name])], check=True, capture_output=True
    )
    shown = json.loads(output.stdout)["frames"]
    index = library.index(library.probe(clips[name]))
    if name != "old":  # AVI stores no PTS, and ffprobe counts from another frame
        assert index.stamp.tolist() == [frame["pts"] for frame in shown]
    assert len(index) == len(shown)


def test_keyframes_come_every_twelve_frames(
    clips: Clips, library: MediaLibrary
) -> None:
    index = library.index(library.probe(clips["cfr"]))
    assert np.flatnonzero(index.keyframe).tolist() == [0, 12, 24, 36, 48]
    assert [index.keyframe_before(n) for n in (0, 11, 12, 13, 59)] == [0, 0, 12, 12, 48]


def test_the_last_frame_of_variable_rate_has_an_end(
    clips: Clips, library: MediaLibrary
) -> None:
    index = library.index(library.probe(clips["vfr"]))
    assert index.end_of(len(index) - 1) > index.time_of(len(index) - 1)


def test_a_pts_names_its_frame_and_no_other(
    clips: Clips, library: MediaLibrary
) -> None:
    index = library.index(library.probe(clips["ntsc"]))
    assert [index.number_of(int(pts)) for pts in index.pts] == list(range(90))
    with pytest.raises(MediaError, match="no frame with PTS"):
        index.number_of(int(index.pts[3]) + 1)


def test_an_index_on_disk_is_the_same_index(
    clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    index = library.index(library.probe(clips["ntsc"]))
    save_index(index, tmp_path / "kept.npz")
    kept = load_index(tmp_path / "kept.npz")
    assert kept is not None
    assert np.array_equal(kept.pts, index.pts)
    assert np.array_equal(kept.keyframe, index.keyframe)
    assert kept.time_of(77) == index.time_of(77) == Fraction(77 * 1001, 30000)
    assert kept.end_of(89) == index.end_of(89)


def test_a_broken_index_on_disk_is_made_again(clips: Clips, tmp_path: Path) -> None:
    first = MediaLibrary(tmp_path)
    info = first.probe(clips["cfr"])
    index = first.index(info)
    (kept,) = tmp_path.glob("index-*/*.npz")
    kept.write_bytes(kept.read_bytes()[:100])
    again = MediaLibrary(tmp_path).index(info)
    assert np.array_equal(again.pts, index.pts)
    assert load_index(kept) is not None

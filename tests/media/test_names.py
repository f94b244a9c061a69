"""Films and projects with odd names: %, 255 bytes, and bytes that are not UTF-8."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from media_factory import Clips, picture, read_number
from PIL import Image

import timeline_nb as tl
from timeline_nb.core.structs import from_json, to_json
from timeline_nb.errors import RenderError
from timeline_nb.timeline.model import MediaReference

LONG = "n" * 251


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[tl.Studio]:
    with tl.open_studio(tl.Settings(cache_dir=tmp_path / "cache")) as studio:
        yield studio


@pytest.fixture
def cut(tmp_path: Path, studio: tl.Studio) -> tl.Edit:
    Image.fromarray(picture(5)).save(tmp_path / "five.png")
    cut = tl.Edit("five", rate=25, size=(192, 112), studio=studio)
    cut.append(tl.open(tmp_path / "five.png", studio=studio).clip(0, "0.16s"))
    return cut


@pytest.mark.parametrize(
    "name", ["100%.mp4", "%s.mp4", "50%d.mp4", "%%.mov", "5%.gif", "[a]*?.mkv"]
)
def test_a_film_has_any_name(
    name: str, cut: tl.Edit, tmp_path: Path, studio: tl.Studio
) -> None:
    cut.render(tmp_path / name).wait()
    assert read_number(tl.open(tmp_path / name, studio=studio).frame()) == 5
    assert {p.name for p in tmp_path.iterdir()} == {name, "five.png", "cache"}


def test_a_sequence_has_a_percent_sign_in_its_folder_and_its_name(
    cut: tl.Edit, tmp_path: Path, studio: tl.Studio
) -> None:
    folder = tmp_path / "50% %d"
    folder.mkdir()
    cut.render(folder / "100% %02d.png").wait()
    names = sorted(path.name for path in folder.iterdir())
    assert names == [f"100% {n:02d}.png" for n in range(4)]
    film = tl.open(folder / "100% %02d.png", rate=25, studio=studio)
    assert read_number(film.frame("3f")) == 5


@pytest.mark.parametrize("name", ["f%.png", "%d_%d.png", "%s.png", "plain.png"])
def test_a_sequence_has_one_place_for_its_number(
    name: str, cut: tl.Edit, tmp_path: Path
) -> None:
    with pytest.raises(RenderError, match="one place of its number"):
        cut.render(tmp_path / name).wait()


def test_names_as_long_as_the_file_system_allows(
    cut: tl.Edit, tmp_path: Path, studio: tl.Studio
) -> None:
    for name in (f"{LONG}.mp4", f"{'é' * 125}.mp4"):
        assert len(os.fsencode(name)) >= 254
        cut.render(tmp_path / name).wait()
        assert read_number(tl.open(tmp_path / name, studio=studio).frame()) == 5
    cut.save(tmp_path / f"{LONG}.tlp")
    assert len(tl.load(tmp_path / f"{LONG}.tlp", studio=studio).timeline.tracks) == 1
    with pytest.raises(RenderError, match="has a name of 256 bytes"):
        cut.render(tmp_path / f"{LONG}n.mp4")


def test_a_name_with_a_nul_is_refused(cut: tl.Edit) -> None:
    with pytest.raises(RenderError, match="holds the character NUL"):
        cut.render("a\0b.mp4")


def _latin(folder: Path, name: bytes) -> Path:
    """A path whose bytes are Latin-1, as old archives have them."""
    if sys.platform == "darwin":
        pytest.fail("this file system takes UTF-8 alone")
    return folder / os.fsdecode(name)


def test_names_that_are_not_utf8_are_opened_rendered_and_saved(
    clips: Clips, tmp_path: Path, studio: tl.Studio
) -> None:
    source = _latin(tmp_path, b"caf\xe9.mp4")
    source.write_bytes(clips["cfr"].read_bytes())
    media = tl.open(source, studio=studio)
    assert read_number(media.frame("7f")) == 7
    assert "caf" in repr(media)
    cut = tl.Edit("x", rate=25, size=(192, 112), studio=studio)
    cut.append(media.clip("7f", "9f"))
    table = cut.timeline.to_dataframe()
    assert set(table["media"]) == {str(source)}
    cut.update(table)
    assert len(cut.plan(tmp_path / "film.mp4").to_dataframe()) == 1
    assert tl.TimelineWidget(cut).still.startswith("data:image/svg+xml")
    for name in (b"p\xe9.tlp", b"plain.tlp"):
        project = _latin(tmp_path, name)
        cut.save(project)
        opened = tl.load(project, studio=studio)
        assert read_number(opened.frame(0)) == 7
    film = _latin(tmp_path, b"fin\xe9.mp4")
    cut.render(film).wait()
    assert read_number(tl.open(film, studio=studio).frame()) == 7


def test_json_holds_names_that_are_not_utf8() -> None:
    reference = MediaReference(path=os.fsdecode(b"/a/caf\xe9.mp4"))
    data = to_json(reference)
    assert data.isascii()
    assert from_json(data, MediaReference) == reference


def test_stills_and_sequences_of_names_that_are_not_utf8(
    tmp_path: Path, studio: tl.Studio
) -> None:
    path = _latin(tmp_path, b"\xe9t\xe9.png")
    Image.fromarray(picture(9)).save(path)
    assert read_number(tl.open(path, studio=studio).frame()) == 9
    film = tl.open([path, path], rate=2, studio=studio)
    np.testing.assert_array_equal(film.frame(0), film.frame("1f"))

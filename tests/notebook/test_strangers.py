"""Projects of strangers in a cell: what is offline, why, and how it comes back."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from media_factory import Clips
from PIL import Image

import timeline_nb as tl


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder that is allowed."""
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def far(tmp_path: Path, clips: Clips) -> Path:
    """A folder that nobody allowed, with a film, a table and a picture."""
    folder = tmp_path / "far"
    folder.mkdir()
    shutil.copy(clips["cfr"], folder / "street.mp4")
    (folder / "warm.cube").write_text("LUT_1D_SIZE 2\n1 0 0\n1 0 0\n")
    Image.fromarray(np.full((8, 8), 255, np.uint8)).save(folder / "mask.png")
    return folder


@pytest.fixture
def settings(home: Path, tmp_path: Path) -> tl.Settings:
    return tl.Settings(
        roots=[home], cache_dir=tmp_path / "cache", data_dir=tmp_path / "data"
    )


@pytest.fixture
def studio(settings: tl.Settings) -> Iterator[tl.Studio]:
    with tl.open_studio(settings) as studio:
        yield studio


def _clip(number: int, media: dict[str, Any], **fields: Any) -> dict[str, Any]:
    span = {"start": "0", "duration": "1"}
    own = {"type": "clip", "id": f"c{number}", "name": f"clip {number}"}
    return {**own, "media": media, "source_range": span, **fields}


def _write(folder: Path, *items: Any, **fields: Any) -> Path:
    track = {"kind": "video", "name": "V1", "items": list(items)}
    timeline = {"name": "n", "rate": "25", "size": [192, 112], "tracks": [track]}
    document = {"format": "timeline_nb.project", "version": 1}
    path = folder / "theirs.tlp"
    path.write_text(json.dumps({**document, "timeline": {**timeline, **fields}}))
    return path


def _film(path: Path) -> dict[str, Any]:
    return {
        "path": str(path),
        "available_range": {"start": "0", "duration": "2"},
        "size": [192, 112],
        "rate": "25",
    }


SOLID = {"generator": {"kind": "solid", "parameters": {"color": "#008000"}}}


def test_media_elsewhere_is_offline_until_it_is_allowed(
    home: Path, far: Path, studio: tl.Studio
) -> None:
    path = _write(home, _clip(1, SOLID), _clip(2, _film(far / "street.mp4")))
    with pytest.warns(RuntimeWarning, match="names 1 file that nobody allowed"):
        cut = tl.load(path, studio=studio)
    (one,) = cut.offline
    assert one.path == str(far / "street.mp4")
    assert one.used_by == "the media of clip 'clip 2' (c2)"
    assert f"tl.allow({str(far)!r})" in one.reason
    assert cut.frame("0.5s")[50, 90].tolist() == pytest.approx([0, 128, 0], abs=3)
    message = rf"clip 'clip 2' \(c2\) is offline: .*street\.mp4 .*tl\.allow\('{far}'\)"
    with pytest.raises(tl.CompositionError, match=message):
        cut.frame("1.5s")
    with pytest.raises(tl.CompositionError, match=message):
        cut.render(home / "film.mp4").wait()
    film = cut.render(home / "film.mp4", end="1s").wait()
    assert film.frames == 25
    tl.allow(far, studio=studio)
    assert cut.offline == []
    assert cut.frame("1.5s").std() > 10
    assert cut.render(home / "film.mp4").wait().frames == 50


@pytest.mark.parametrize("path", ["/proc/self/environ", "secret.cube", "/etc/passwd"])
def test_a_table_of_colors_names_no_secret(
    path: str, home: Path, far: Path, studio: tl.Studio, monkeypatch: Any
) -> None:
    monkeypatch.setenv("TOKEN", "zq7Xk")
    (far / "secret.cube").write_text("TOKEN=zq7Xk\n")
    named = str(far / path)
    effect = {"kind": "lut", "parameters": {"path": named}}
    project = _write(home, _clip(1, SOLID, effects=[effect]))
    with pytest.warns(RuntimeWarning):
        cut = tl.load(project, studio=studio)
    with pytest.raises(tl.CompositionError, match="effect 'lut' of clip") as caught:
        cut.frame(0)
    shown = f"{caught.value} {caught.value.__cause__} {cut.offline}"
    assert "zq7Xk" not in shown
    assert "root:" not in shown


def test_a_table_beside_a_project_moves_with_it(
    home: Path, far: Path, studio: tl.Studio, tmp_path: Path
) -> None:
    shutil.copy(far / "warm.cube", home / "warm.cube")
    cut = tl.Edit("graded", size=(192, 112), studio=studio)
    cut.titles.generate("solid", start=0, end="1s", color="#008000")
    cut.effects.add(cut.clips[0], "lut", path=home / "warm.cube")
    cut.save(home / "own.tlp")
    assert '"path": "warm.cube"' in (home / "own.tlp").read_text()
    moved = home.rename(tmp_path / "moved")
    again = tl.load(moved / "own.tlp", studio=studio)
    assert again.offline == []
    assert again.frame(0)[50, 90].tolist() == pytest.approx([255, 0, 0], abs=3)


def test_a_project_saved_here_is_opened_with_its_footage(
    home: Path, far: Path, settings: tl.Settings
) -> None:
    path = home / "own.tlp"
    with tl.open_studio(settings) as studio:
        cut = tl.Edit("own", size=(192, 112), studio=studio)
        cut.append(tl.open(far / "street.mp4", studio=studio).clip())
        cut.save(path)
    with tl.open_studio(settings) as studio:
        again = tl.load(path, studio=studio)
        assert again.offline == []
        again.frame(0)
        # Its own file alone, not the folder.
        assert studio.scope.reason(far / "warm.cube")
    data = path.read_bytes()
    path.write_bytes(data.replace(b'"own"', b'"0wn"'))
    with (
        tl.open_studio(settings) as studio,
        pytest.warns(RuntimeWarning, match="nobody allowed"),
    ):
        # Its picture and its sound.
        assert len(tl.load(path, studio=studio).offline) == 2


@pytest.mark.parametrize("becomes", ["a link", "a folder"])
def test_a_picture_of_a_known_project_that_leads_elsewhere_is_not_allowed(
    home: Path, far: Path, settings: tl.Settings, tmp_path: Path, becomes: str
) -> None:
    secret = tmp_path / "private" / "letter.png"
    secret.parent.mkdir()
    shutil.copy(far / "mask.png", secret)
    for number in range(3):
        shutil.copy(far / "mask.png", far / f"shot_{number:02}.png")
    path, last = home / "own.tlp", far / "shot_02.png"
    with tl.open_studio(settings) as studio:
        cut = tl.Edit("own", size=(64, 48), studio=studio)
        shots = tl.open(far / "shot_%02d.png", rate=25, studio=studio)
        cut.append(shots.clip())
        cut.save(path)
    with tl.open_studio(settings) as studio:
        assert tl.load(path, studio=studio).offline == []
        assert not studio.scope.reason(last)
    last.unlink()
    if becomes == "a link":
        last.symlink_to(secret)
    else:
        secret.parent.rename(last)
        secret = last / "letter.png"
    with tl.open_studio(settings) as studio:
        with pytest.warns(RuntimeWarning):
            tl.load(path, studio=studio)
        assert studio.scope.reason(secret)
        assert studio.scope.reason(last)


def test_saving_a_project_of_a_stranger_allows_nothing(
    home: Path, far: Path, settings: tl.Settings
) -> None:
    path = _write(home, _clip(1, _film(far / "street.mp4")))
    for name in ("first.tlp", "second.tlp"):
        with tl.open_studio(settings) as studio:
            with pytest.warns(RuntimeWarning, match="nobody allowed"):
                cut = tl.load(path, studio=studio)
            assert len(cut.offline) == 1
            path = cut.save(home / name)


def test_a_project_is_saved_over_none_that_was_not_saved_here(
    home: Path, studio: tl.Studio
) -> None:
    theirs = _write(home, _clip(1, SOLID))
    before = theirs.read_bytes()
    cut = tl.Edit("n", studio=studio)
    with pytest.raises(tl.ProjectError, match=r"was not saved here.*overwrite=True"):
        cut.save(theirs)
    assert theirs.read_bytes() == before
    cut.save(theirs, overwrite=True)
    tl.Edit("n", studio=studio).save(theirs)


def test_moved_media_are_found_in_a_folder_that_is_named(
    home: Path, far: Path, studio: tl.Studio, tmp_path: Path
) -> None:
    media = tl.open(far / "street.mp4", studio=studio)
    named = {**_film(far / "street.mp4"), "fingerprint": media.info.fingerprint}
    path = _write(home, _clip(1, named))
    own = tl.Settings(
        roots=[home], cache_dir=tmp_path / "c", data_dir=tmp_path / "other"
    )
    copies = tmp_path / "copies"
    shutil.copytree(far, copies)
    with tl.open_studio(own) as stranger:
        with pytest.warns(RuntimeWarning):
            cut = tl.load(path, studio=stranger)
        found = cut.relink(copies)
        assert found.found == {str(far / "street.mp4"): str(copies / "street.mp4")}
        assert cut.offline == []
        cut.frame(0)


def test_a_home_is_not_allowed_by_a_project_in_it(
    home: Path, far: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(far))
    path = _write(far, _clip(1, _film(far / "street.mp4")))
    own = tl.Settings(roots=[home], cache_dir=tmp_path / "c", data_dir=tmp_path / "d")
    with (
        tl.open_studio(own) as studio,
        pytest.warns(RuntimeWarning, match="nobody allowed"),
    ):
        assert tl.load(path, studio=studio).offline


def test_a_film_replaces_no_file_of_others_and_no_source(
    home: Path, far: Path, studio: tl.Studio
) -> None:
    source = shutil.copy(far / "street.mp4", home / "street.mp4")
    table = shutil.copy(far / "warm.cube", home / "warm.cube")
    cut = tl.Edit("n", size=(192, 112), studio=studio)
    cut.append(tl.open(source, studio=studio).clip(0, "0.2s"))
    cut.effects.add(None, "lut", path=table)
    (home / "linked.mp4").hardlink_to(source)
    for name in ("street.mp4", "linked.mp4"):
        with pytest.raises(tl.RenderError, match="is a source of this edit"):
            cut.render(home / name, overwrite=True)
    taken = home / "holiday.mp4"
    taken.write_bytes(b"a film of somebody else")
    with pytest.raises(tl.RenderError, match=r"holiday\.mp4 is there already"):
        cut.render(taken)
    assert taken.read_bytes() == b"a film of somebody else"
    cut.render(taken, overwrite=True).wait()
    cut.render(taken).wait()
    (home / "p_00001.png").write_bytes(b"photo")
    with pytest.raises(tl.RenderError, match=r"p_00001\.png is there already"):
        cut.render(home / "p_%05d.png")
    cut.render(home / "q_%05d.png").wait()
    cut.render(home / "q_%05d.png").wait()
    assert (home / "p_00001.png").read_bytes() == b"photo"


def test_pictures_replace_no_sequence_that_is_a_source(
    home: Path, far: Path, studio: tl.Studio
) -> None:
    for number in range(3):
        shutil.copy(far / "mask.png", home / f"shot_{number:02}.png")
    cut = tl.Edit("n", size=(64, 48), studio=studio)
    cut.append(tl.open(home / "shot_%02d.png", rate=25, studio=studio).clip())
    for name in ("shot_%02d.png", "shot_%d.png"):
        with pytest.raises(tl.RenderError, match="is a source of this edit"):
            cut.render(home / name, overwrite=True)

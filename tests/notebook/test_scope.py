"""What an edit may read: below the roots, and what a person named; nothing else."""

import os
import pickle
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from media_factory import Clips
from PIL import Image

import timeline_nb as tl
from timeline_nb.access.roots import default_roots
from timeline_nb.access.scope import Scope
from timeline_nb.commands.effects import AddEffect
from timeline_nb.effects.titles import fonts
from timeline_nb.errors import MediaError, TimelineNbError

# Of a sequence, a file is missing where none may be listed.
REFUSED = r"lies outside .*tl\.allow\('.*outside|shot_%04d.*is offline"
CUBE = "LUT_3D_SIZE 2\n" + "1 0 0\n" * 8


@pytest.fixture
def work(tmp_path: Path, clips: Clips) -> Path:
    """Return a folder that is allowed; `../outside` is not."""
    work, outside = tmp_path / "work", tmp_path / "outside"
    for folder in (work, outside):
        folder.mkdir()
        shutil.copy(clips["cfr"], folder / "film.mp4")
        (folder / "red.cube").write_text(CUBE)
        Image.new("L", (16, 16), 255).save(folder / "mask.png")
        for number in range(3):
            Image.new("RGB", (64, 36), "red").save(folder / f"shot_{number:04d}.png")
        face = next(Path(fonts.__file__).with_name("faces").glob("*.ttf"))
        shutil.copy(face, folder / "own.ttf")
    return work


@pytest.fixture
def studio(work: Path, tmp_path: Path) -> Iterator[tl.Studio]:
    settings = tl.Settings(
        cache_dir=tmp_path / "cache", data_dir=tmp_path / "data", roots=[work]
    )
    with tl.open_studio(settings) as studio:
        yield studio


def of_media(name: str) -> Callable[[Path, tl.Studio], tl.Timeline]:
    """Return a maker of a timeline with a file, made where it may be read."""

    def make(folder: Path, anywhere: tl.Studio) -> tl.Timeline:
        cut = tl.Edit("of media", rate=25, size=(320, 180), studio=anywhere)
        source = folder / name
        rate = 25 if "%" in name else None
        media = tl.open(source, rate=rate, studio=anywhere)
        cut.append(media.clip(0, "0.1s"))
        return cut.timeline

    return make


def of_effect(kind: str, name: str) -> Callable[[Path, tl.Studio], tl.Timeline]:
    def make(folder: Path, anywhere: tl.Studio) -> tl.Timeline:
        cut = tl.Edit("of an effect", rate=25, size=(320, 180), studio=anywhere)
        cut.titles.generate("solid", start=0, end=1)
        cut.effects.add(cut.clips[0], kind, path=str(folder / name))
        return cut.timeline

    return make


def of_font(folder: Path, anywhere: tl.Studio) -> tl.Timeline:
    cut = tl.Edit("of a font", rate=25, size=(320, 180), studio=anywhere)
    cut.titles.add("words", start=0, end=1, font=str(folder / "own.ttf"))
    return cut.timeline


MAKERS = {
    "media": of_media("film.mp4"),
    "sequence": of_media("shot_%04d.png"),
    "still": of_media("mask.png"),
    "table": of_effect("lut", "red.cube"),
    "mask": of_effect("mask_image", "mask.png"),
    "font": of_font,
}


@pytest.fixture
def anywhere(tmp_path: Path) -> Iterator[tl.Studio]:
    with tl.open_studio(tl.Settings(cache_dir=tmp_path / "other")) as studio:
        yield studio


@pytest.mark.parametrize("kind", MAKERS)
def test_an_edit_reads_below_the_roots_alone(
    kind: str, work: Path, studio: tl.Studio, anywhere: tl.Studio
) -> None:
    make = MAKERS[kind]
    inner = tl.Edit(timeline=make(work, anywhere), studio=studio)
    assert inner.frame(0).shape == (180, 320, 3)
    outer = tl.Edit(timeline=make(work.parent / "outside", anywhere), studio=studio)
    with pytest.raises(TimelineNbError, match=REFUSED):
        outer.frame(0)
    with pytest.raises(TimelineNbError, match=REFUSED):
        outer.render(work / "film.mkv").wait()
    assert not (work / "film.mkv").exists()
    tl.allow(work.parent / "outside", studio=studio)
    assert (outer.frame(0) == inner.frame(0)).all()
    assert outer.render(work / "film.mkv").wait().frames > 0


@pytest.mark.parametrize("kind", MAKERS)
def test_a_link_out_of_the_roots_is_not_followed(
    kind: str, work: Path, studio: tl.Studio, anywhere: tl.Studio
) -> None:
    timeline = MAKERS[kind](work, anywhere)
    for file in work.iterdir():
        outside = work.parent / "outside" / file.name
        file.unlink()
        file.symlink_to(outside)
    with pytest.raises(TimelineNbError, match=r"leads to '.*outside"):
        tl.Edit(timeline=timeline, studio=studio).frame(0)


def test_what_a_cell_names_is_allowed(work: Path, studio: tl.Studio) -> None:
    outside = work.parent / "outside"
    cut = tl.Edit("named", rate=25, size=(320, 180), studio=studio)
    cut.append(tl.open(outside / "film.mp4", studio=studio))
    cut.effects.add(cut.clips[0], "lut", path=str(outside / "red.cube"))
    cut.titles.add("words", start=0, end=1, font=str(outside / "own.ttf"))
    # The table makes everything red, within the rounding of YUV.
    shown = np.median(cut.frame(0).reshape(-1, 3), axis=0)
    np.testing.assert_allclose(shown, [255, 0, 0], atol=3)
    tl.open(outside / "shot_%04d.png", rate=25, studio=studio)
    names = {path.name for path in studio.scope.files}
    assert {"film.mp4", "red.cube", "own.ttf", "shot_0002.png"} == names - {
        "shot_0000.png",
        "shot_0001.png",
    }
    assert studio.scope.reason(outside / "mask.png")
    tl.scan(outside, studio=studio)
    assert studio.scope.contains(outside / "mask.png")


def test_effects_that_the_edit_has_name_nothing(
    work: Path, studio: tl.Studio, anywhere: tl.Studio
) -> None:
    timeline = MAKERS["table"](work.parent / "outside", anywhere)
    cut = tl.Edit(timeline=timeline, studio=studio)
    clip = cut.clips[0]
    more = tl.Effect(kind="mask_image", parameters={"path": str(work / "mask.png")})
    cut.effects.replace(clip, [*cut.effects.of(clip), more])
    cut.effects.set(clip, "lut", amount=0.5)
    with pytest.raises(TimelineNbError, match=r"red\.cube .*lies outside"):
        cut.frame(0)


def test_a_command_names_nothing(work: Path, studio: tl.Studio) -> None:
    """Commands come from widgets and files, too."""
    cut = tl.Edit("commands", rate=25, size=(320, 180), studio=studio)
    cut.titles.generate("solid", start=0, end=1)
    table = str(work.parent / "outside" / "red.cube")
    effect = tl.Effect(kind="lut", parameters={"path": table})
    cut.session.perform(AddEffect(owner=cut.clips[0].id, effect=effect))
    with pytest.raises(TimelineNbError, match="lies outside"):
        cut.frame(0)


def test_a_table_that_was_read_before_is_refused_all_the_same(
    work: Path, studio: tl.Studio, anywhere: tl.Studio
) -> None:
    timeline = MAKERS["table"](work.parent / "outside", anywhere)
    tl.allow(work.parent / "outside", studio=anywhere)
    tl.Edit(timeline=timeline, studio=anywhere).frame(0)
    with pytest.raises(TimelineNbError, match="lies outside"):
        tl.Edit(timeline=timeline, studio=studio).frame(0)


def test_the_folder_of_a_project_is_allowed(
    work: Path, studio: tl.Studio, anywhere: tl.Studio
) -> None:
    outside = work.parent / "outside"
    timeline = MAKERS["media"](outside, anywhere)
    tl.Edit(timeline=timeline, studio=anywhere).save(outside / "cut.tlp")
    with pytest.raises(TimelineNbError, match="lies outside"):
        tl.Edit(timeline=timeline, studio=studio).frame(0)
    assert tl.load(outside / "cut.tlp", studio=studio).frame(0).any()


class Elsewhere(Executor):
    """Runs calls as another process does: pickled, and with no scope in use.

    Args:
        before: Called before each.
    """

    def __init__(self, before: Callable[[], None]) -> None:
        self._before = before

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        sent = pickle.dumps((fn, args, kwargs))
        self._before()
        with ThreadPoolExecutor(1) as pool:
            own, given, named = pickle.loads(sent)  # noqa: S301 - our own bytes
            return pool.submit(own, *given, **named)


def test_a_worker_elsewhere_reads_under_the_scope(
    work: Path, studio: tl.Studio, anywhere: tl.Studio
) -> None:
    cut = tl.Edit(timeline=MAKERS["media"](work, anywhere), studio=studio)
    film = work / "film.mp4"

    def lead_out() -> None:
        film.unlink(missing_ok=True)
        film.symlink_to(work.parent / "outside" / "film.mp4")

    with pytest.raises(TimelineNbError, match=r"leads to '.*outside"):
        cut.render(work / "film.mkv", executor=Elsewhere(lead_out), workers=1).wait()
    # The same worker, where nothing leads out.
    film.unlink()
    shutil.copy(work.parent / "outside" / "film.mp4", film)
    again = Elsewhere(lambda: None)
    assert cut.render(work / "film.mkv", executor=again, workers=1).wait().frames > 0


def test_allow_lists_what_is_allowed(
    work: Path, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = work.parent / "outside"
    scope = tl.allow(outside / "film.mp4", studio=studio)
    assert (scope.roots, scope.files) == ((work,), (outside / "film.mp4",))
    monkeypatch.setenv("HOME", str(work.parent))
    assert tl.allow("~/outside", studio=studio).roots == (work, outside)
    with pytest.raises(tl.AccessError, match=r"missing cannot be allowed: No such"):
        tl.allow(outside / "missing", studio=studio)


def test_the_working_folder_is_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TIMELINE_NB_ROOTS")
    monkeypatch.chdir(tmp_path)
    assert default_roots() == (tmp_path,)
    # A whole disk is no choice.
    monkeypatch.chdir("/")
    assert default_roots() == ()
    monkeypatch.setenv("TIMELINE_NB_ROOTS", os.pathsep.join(["/a", "/b"]))
    assert default_roots() == (Path("/a"), Path("/b"))


def test_a_replacement_of_the_scope(work: Path, tmp_path: Path) -> None:
    settings = tl.Settings(cache_dir=tmp_path / "cache")
    scope = Scope([work.parent / "outside"])
    with tl.open_studio(settings, scope=scope) as studio:
        assert studio.library.probe(work.parent / "outside" / "film.mp4").video
        with pytest.raises(MediaError, match="lies outside"):
            studio.library.probe(work / "film.mp4")


@pytest.mark.parametrize("path", ["/", "/etc/..", "", None, 5, b"k", []])
def test_what_names_no_folder_is_not_allowed(path: Any, studio: tl.Studio) -> None:
    with pytest.raises(tl.AccessError, match=r"tl\.allow\("):
        tl.allow(path, studio=studio)

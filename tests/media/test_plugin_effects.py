"""Plugins' effects in films and players, in threads and processes."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from media_factory import Clips
from numpy.typing import NDArray
from PIL import Image
from plugins_factory import code_of, effects_plugin

import timeline_nb as tl
from timeline_nb.effects.catalog import find
from timeline_nb.effects.picture import Moment, Picture
from timeline_nb.errors import CompositionError, TimelineNbError
from timeline_nb.preview.timeline_source import TimelinePlayerSource
from timeline_nb.render.result import RenderResult
from timeline_nb.wasm_plugins.compiled import CompiledModules

ID = "org.example.test"
FAST = tl.Profile(preset="ultrafast", crf=6)
# Makes it another module, which does the same.
OTHER = "(global i32 (i32.const 7))"


@pytest.fixture(autouse=True)
def compiled_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compile each module once, in this process; `test_compiled.py` has the other."""
    monkeypatch.setattr(CompiledModules, "_compile", lambda _, wasm, __: code_of(wasm))


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[tl.Studio]:
    settings = tl.Settings(cache_dir=tmp_path / "cache", data_dir=tmp_path / "data")
    with tl.open_studio(settings) as opened:
        opened.plugins.install(effects_plugin(tmp_path / "download"))
        yield opened


def edit_of(clips: Clips, studio: tl.Studio) -> tl.Edit:
    cut = tl.Edit("plugins", rate=25, size=(192, 112), studio=studio)
    cut.append(tl.open(clips["cfr"], studio=studio).clip("0s", "1s"))
    return cut


def encoded(result: RenderResult) -> int:
    assert result.plan is not None
    return sum(segment.frames for segment in result.plan.of("encode"))


def frames_of(path: Path, studio: tl.Studio) -> list[NDArray[np.uint8]]:
    with studio.library.video(path) as decoder:
        return [one.to_rgb() for one in decoder.frames(range(len(decoder.index)))]


def played(cut: tl.Edit, said: list[str]) -> int:
    """How many frames a player shows; what it says of effects is added."""
    studio = cut.studio
    source = TimelinePlayerSource(
        cut.session.timeline,
        studio.library,
        studio.proxies,
        studio.segments,
        report=said.append,
    )
    try:
        return sum(1 for _ in source.encoded_packets(0))
    finally:
        source.close()


def kept(studio: tl.Studio) -> int:
    return sum(1 for one in studio.segments.folder.rglob("*") if one.is_file())


def mean_difference(one: NDArray[np.uint8], other: NDArray[Any]) -> float:
    return float(np.abs(one.astype(float) - other).mean())


def test_film_player_and_opencv_show_the_same_blur(
    clips: Clips, studio: tl.Studio, tmp_path: Path
) -> None:
    studio.plugins.install("blur")
    cut = edit_of(clips, studio)
    sharp = cut.frame(0.4)
    # Five pixels of 112: a square of eleven.
    cut.effects.add(cut.clips[0].id, "timeline-nb.blur/box", radius=5 / 112)
    expected = cv2.blur(sharp, (11, 11), borderType=cv2.BORDER_REPLICATE)
    assert mean_difference(sharp, expected) > 5
    shown = cut.frame(0.4)
    assert mean_difference(shown, expected) < 1
    player = TimelinePlayerSource(cut.session.timeline, studio.library, studio.proxies)
    try:
        jpeg = Image.open(BytesIO(player.exact_jpeg(10, (192, 112))))
    finally:
        player.close()
    assert mean_difference(np.asarray(jpeg.convert("RGB")), expected) < 3
    film = cut.render(tmp_path / "film.mp4", profile=FAST).wait()
    assert mean_difference(frames_of(film.path, studio)[10], expected) < 2


def test_a_segment_is_made_anew_when_the_plugin_is_another(
    clips: Clips, studio: tl.Studio, tmp_path: Path
) -> None:
    cut = edit_of(clips, studio)
    cut.append(tl.open(clips["bframes"], studio=studio).clip("0.4s", "1.4s"))
    first, second = (clip.id for clip in cut.clips)
    cut.effects.add(first, f"{ID}/brighten")

    def render() -> RenderResult:
        path = tmp_path / "film.mp4"
        return cut.render(path, profile=FAST, overwrite=True).wait()

    assert encoded(render()) == 50
    assert encoded(render()) == 0
    studio.plugins.install(effects_plugin(tmp_path / "two", OTHER))
    # The segment of the other clip stays.
    assert encoded(render()) == 25
    # The first module again: its segments are there still.
    studio.plugins.install(effects_plugin(tmp_path / "one"))
    assert encoded(render()) == 0
    # A transition and a generator have the module in their keys, too.
    cut.add_transition(f"{ID}/fade", after=first, duration=0.4)
    cut.titles.generate(f"{ID}/clock", start=1.5, end=1.8)
    assert encoded(render()) > 0
    assert encoded(render()) == 0
    studio.plugins.install(effects_plugin(tmp_path / "two", OTHER))
    cut.effects.remove(first, 0)
    assert second
    made = render()
    assert made.plan is not None
    spans = [(one.first, one.last) for one in made.plan.of("encode")]
    assert any(first <= 25 < last for first, last in spans)
    assert any(first <= 40 < last for first, last in spans)


def test_effects_of_tracks_timelines_and_adjustments(
    clips: Clips, studio: tl.Studio, tmp_path: Path
) -> None:
    cut = edit_of(clips, studio)
    plain = cut.frame(0.4).astype(int)
    brighten = f"{ID}/brighten"
    cut.effects.add(None, brighten, amount=20)
    cut.effects.add(cut.timeline.tracks[0].name, brighten, amount=10)
    adjust = tl.Effect(kind=brighten, parameters={"amount": 15})
    cut.titles.adjust(adjust, start=0, end=1)
    shown = cut.frame(0.4).astype(int)
    assert np.abs(shown - np.minimum(plain + 45, 255)).mean() < 1.5
    film = cut.render(tmp_path / "film.mp4", profile=FAST).wait()
    assert np.abs(frames_of(film.path, studio)[10] - shown).mean() < 2


def test_processes_and_threads_give_the_same_bytes(
    clips: Clips, studio: tl.Studio, tmp_path: Path
) -> None:
    cut = edit_of(clips, studio)
    cut.append(tl.open(clips["bframes"], studio=studio).clip("0.4s", "1.4s"))
    first = cut.clips[0].id
    cut.effects.add(first, f"{ID}/brighten")
    cut.add_transition(f"{ID}/fade", after=first, duration=0.4)
    threads = cut.render(tmp_path / "threads.mp4", profile=FAST).wait()
    context = multiprocessing.get_context("spawn")
    other = tl.Settings(cache_dir=tmp_path / "other", data_dir=studio.settings.data_dir)
    with (
        ProcessPoolExecutor(1, mp_context=context) as pool,
        tl.open_studio(other, scope=studio.scope) as apart,
    ):
        film = tl.Edit.load(cut.save(tmp_path / "cut.tlp"), studio=apart)
        path = tmp_path / "processes.mp4"
        processes = film.render(path, profile=FAST, executor=pool).wait()
        assert encoded(processes) == 50
        assert path.read_bytes() == threads.path.read_bytes()
        # A process has its failures, too.
        film.effects.add(film.clips[1].id, f"{ID}/crash")
        job = film.render(tmp_path / "crash.mp4", profile=FAST, executor=pool)
        with pytest.raises(CompositionError, match=f"the effect '{ID}/crash' failed"):
            job.wait()


def test_a_render_names_effect_plugin_clip_and_time(
    clips: Clips, studio: tl.Studio, tmp_path: Path
) -> None:
    cut = edit_of(clips, studio)
    cut.append(tl.open(clips["bframes"], studio=studio).clip("0.4s", "1.4s"))
    cut.effects.add(cut.clips[1].id, f"{ID}/crash")
    job = cut.render(tmp_path / "film.mp4", profile=FAST)
    with pytest.raises(TimelineNbError) as failed:
        job.wait()
    told = str(failed.value)
    for part in (
        "at 1.000 s",
        "clip 'bframes'",
        f"the effect '{ID}/crash' failed",
        f"the plugin {ID} was stopped: it stopped itself",
    ):
        assert part in told
    assert not (tmp_path / "film.mp4").exists()
    # The others live on.
    cut.effects.remove(cut.clips[1].id, 0)
    cut.effects.add(cut.clips[1].id, f"{ID}/brighten")
    assert cut.render(tmp_path / "film.mp4", profile=FAST).wait().frames == 50


def test_what_a_player_shows_without_an_effect_is_not_kept(
    clips: Clips, studio: tl.Studio
) -> None:
    cut = edit_of(clips, studio)
    owner = cut.clips[0].id
    said: list[str] = []

    cut.effects.add(owner, f"{ID}/crash")
    assert played(cut, said) == 25
    assert len(said) == 1
    assert kept(studio) == 0
    cut.effects.remove(owner, 0)
    cut.effects.add(owner, f"{ID}/brighten")
    assert played(cut, said) == 25
    assert len(said) == 1
    assert kept(studio) == 1


def test_a_missing_generator_and_transition_are_played_without(
    clips: Clips, studio: tl.Studio, tmp_path: Path
) -> None:
    cut = edit_of(clips, studio)
    cut.append(tl.open(clips["bframes"], studio=studio).clip("0.4s", "1.4s"))
    cut.add_transition(f"{ID}/fade", after=cut.clips[0].id, duration=0.4)
    cut.titles.generate(f"{ID}/clock", start=0, end=0.4)
    studio.plugins.remove(ID)
    said: list[str] = []
    assert played(cut, said) == 50
    assert len(said) == 2
    assert all("is not installed" in one for one in said)
    few = kept(studio)
    studio.plugins.install(effects_plugin(tmp_path / "download"))
    assert played(cut, said) == 50
    assert len(said) == 2
    # What was played without them has no name, and is not kept.
    assert kept(studio) >= few + 2


def test_a_4k_frame_fits_the_lowest_level(studio: tl.Studio) -> None:

    rgb = np.full((2160, 3840, 3), 7, np.uint8)
    moment = Moment(Fraction(0), Fraction(1, 25))
    make = find(f"{ID}/fade").make
    one, other = (Picture(moment=moment, rgb=rgb + n) for n in (0, 100))
    assert (make(one, other, 0.5).rgb == 57).all()
    assert studio.plugins.plugin(ID).level == "minimal"

"""Color effects baked into tables that FFmpeg applies as this program shows them."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from timeline_nb.effects.chain import Chain
from timeline_nb.effects.cube import Cube
from timeline_nb.effects.picture import Moment, Picture, u8
from timeline_nb.interchange.bake_look import LookBook, cube_of, is_baked
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import WriteRequest
from timeline_nb.timeline.model import Effect, Keyframe, Timeline

COLORS = [
    *("sepia", "contrast", "saturation", "gamma", "teal_and_orange", "invert"),
    *("posterize", "s_log", "vibrance"),
]
OTHERS = ["gaussian_blur", "vignette", "grain", "sharpen", "flicker", "hdr_to_sdr"]
PARAMETERS = {"contrast": {"amount": 1.4}, "gamma": {"amount": 1.5}}


def effect(kind: str) -> Effect:
    return Effect(kind=kind, parameters=PARAMETERS.get(kind, {}))


@pytest.mark.parametrize("kind", COLORS)
def test_a_table_does_what_the_effect_does(kind: str, tmp_path: Path) -> None:
    own = effect(kind)
    assert is_baked(own)
    path = tmp_path / "look.cube"
    path.write_bytes(cube_of((own,), "look"))
    # A smooth picture of all colors, in which chroma is not cut by edges.
    ramp = np.linspace(0, 255, 96)
    red, green = np.meshgrid(ramp, ramp)
    rgb = u8(np.stack([red, green, 255 - (red + green) / 2], axis=-1))
    moment = Moment(time=Fraction(0), duration=Fraction(1, 25))
    shown = Chain([own]).picture(moment, lambda at: Picture(moment=at, rgb=rgb)).rgb
    baked = Cube.of(path).run(rgb)
    difference = np.abs(shown.astype(int) - baked.astype(int))
    assert difference.mean() < 1.5
    # The curve of a camera is steep where it leaves black: 33 steps cut its corner.
    assert np.percentile(difference, 99) < (16 if kind == "s_log" else 8)


@pytest.mark.parametrize("kind", OTHERS)
def test_effects_on_places_and_times_are_not_baked(kind: str) -> None:
    assert not is_baked(effect(kind))


def test_an_animated_effect_is_not_baked() -> None:
    keys = (Keyframe(time=Fraction(0), value=0.0), Keyframe(time=Fraction(1), value=1))
    assert not is_baked(Effect(kind="sepia", keyframes={"amount": keys}))
    assert not is_baked(Effect(kind="sepia", enabled=False))


def test_clips_of_one_look_share_a_table() -> None:
    timeline = Timeline(name="a", rate=Fraction(25), size=(64, 48))
    report = Report(Path("film.mlt"), "mlt", "export")
    path = Path("film.mlt")
    request = WriteRequest(timeline=timeline, path=path, report=report, bake="look")
    book = LookBook(request)
    blur, sepia = effect("gaussian_blur"), effect("sepia")
    name, left = book.look((sepia, blur), "V1")
    assert (name, left) == ("film_look1.cube", (blur,))
    assert book.look((sepia,), "V2")[0] == name
    assert book.look((effect("contrast"),), "V3")[0] == "film_look2.cube"
    assert book.look((blur,), "V4") == ("", (blur,))
    assert list(book.files) == ["film_look1.cube", "film_look2.cube"]
    assert [one.where for one in report.approximated] == ["V1", "V2", "V3"]
    plain = LookBook(WriteRequest(timeline=timeline, path=path, report=report))
    assert plain.look((sepia,), "V1") == ("", (sepia,))


def test_a_table_of_ones_own_is_part_of_the_baked_one(tmp_path: Path) -> None:
    (tmp_path / "own.cube").write_bytes(cube_of((effect("invert"),), "own"))
    own = Effect(kind="lut", parameters={"path": "own.cube"})
    gone = Effect(kind="lut", parameters={"path": "gone.cube"})
    path = tmp_path / "film.mlt"
    report = Report(path, "mlt", "export")
    timeline = Timeline(name="a", rate=Fraction(25), size=(64, 48))
    request = WriteRequest(timeline=timeline, path=path, report=report, bake="look")
    book = LookBook(request)
    name, _ = book.look((effect("invert"), own), "V1")
    (tmp_path / name).write_bytes(book.files[name])
    colors = np.full((16, 16, 3), (200, 100, 50), np.uint8)
    # Inverted twice.
    baked = Cube.of(tmp_path / name).run(colors)
    assert np.abs(baked.astype(int) - colors.astype(int)).max() <= 3
    assert book.look((gone,), "V2") == ("", (gone,))
    assert "gone.cube" in report.lost[0].detail

"""Effects in edits: keyframes, speed, tracks, nesting, adjustments, and bad input."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from effects.pictures import likeness
from media_factory import Clips, read_number
from numpy.typing import NDArray
from references import footage

import timeline_nb as tl
from timeline_nb.effects.parameters import number
from timeline_nb.errors import CompositionError, TimelineError
from timeline_nb.timeline.model import BlendMode, Interpolation

SIZE = (640, 360)


@pytest.fixture
def studio(tmp_path: Path) -> tl.Studio:
    return tl.open_studio(tl.Settings(cache_dir=tmp_path / "cache"))


@pytest.fixture
def cut(studio: tl.Studio) -> tl.Edit:
    """Two seconds of animation, and two of a street behind them."""
    bunny = tl.open(footage("bigbuckbunny.mp4"), studio=studio)
    bikes = tl.open(footage("bikes.mp4"), studio=studio)
    edit = tl.Edit("walk", rate=25, size=SIZE, studio=studio)
    edit.append([bunny.clip("1s", "3s"), bikes.clip("4s", "6s")])
    return edit


@pytest.fixture
def numbered(studio: tl.Studio, clips: Clips) -> tl.Edit:
    """Two seconds of frames that carry their numbers, from frame 10 on."""
    media = tl.open(clips["cfr"], studio=studio)
    edit = tl.Edit("numbers", rate=25, size=media.size, studio=studio)
    edit.append([media.clip("0.4s", "2.4s")])
    return edit


def shown_numbers(edit: tl.Edit, *frames: int) -> list[int]:
    return [read_number(edit.frame(f"{n}f")) for n in frames]


def gray(rgb: NDArray[np.uint8]) -> float:
    return float(rgb.mean())


def test_a_ramp_adds_the_speed_effect_and_says_how_much_media_it_needs(
    bikes: Path, tmp_path: Path
) -> None:
    studio = tl.open_studio(tl.Settings(cache_dir=tmp_path))
    edit = tl.Edit("ramp", rate=25, size=(640, 272), studio=studio)
    edit.append(tl.open(bikes, studio=studio).clip(1, 4))
    before = edit.timeline
    edit.effects.animate(0, "speed.rate", {0: 1, 1: 3})
    assert [effect.kind for effect in edit.clips[0].effects] == ["speed"]
    edit.undo()
    assert edit.timeline == before
    # The mean of 1 and 10 for a second, and 10 for two: 25.5 s from second 1 on.
    with pytest.raises(TimelineError, match=r"'c1'.* needs 1\.00 to 26\.50 s"):
        edit.effects.animate(0, "speed.rate", {0: 1, 1: 10})
    with pytest.raises(CompositionError, match=r"as in 'speed\.rate'"):
        edit.effects.animate(0, "speed", {0: 1, 1: 3})


@pytest.mark.parametrize(
    ("words", "kind"),
    [("ramp", "speed"), ("green screen", "chroma_key"), ("redact", "pixelate")],
)
def test_the_words_of_editors_find_their_effects(words: str, kind: str) -> None:
    assert kind in [spec.kind for spec in tl.catalog(words)]


def test_a_template_is_given_a_duration_and_no_end() -> None:
    with pytest.raises(TimelineError, match="give duration="):
        tl.Edit("t").titles.template("lower_third_bar", start=0, end="2s", name="A")


def test_a_keyframed_value_is_that_of_each_very_frame(cut: tl.Edit) -> None:
    cut.titles.generate("solid", start=0, end="2s", color="#808080")
    cut.effects.add("c4", "brightness")
    cut.effects.animate("c4", "brightness.amount", {0: -0.3, "1s": 0.3})
    base = 0x80 / 255
    for frame in (0, 5, 12, 20, 25, 40):
        amount = -0.3 + 0.6 * min(frame, 25) / 25
        level = gray(cut.frame(f"{frame}f")) / 255
        # Luma goes from 16 to 235, and so amounts are shares of that.
        assert level == pytest.approx(base + amount, abs=1.2 / 219), frame


@pytest.mark.parametrize(
    "interpolation", ["hold", "ease_in", "ease_out", "ease_in_out"]
)
def test_ways_between_keyframes_differ_and_meet_at_them(
    cut: tl.Edit, interpolation: Interpolation
) -> None:
    cut.titles.generate("solid", start=0, end="2s", color="#404040")
    cut.effects.add("c4", "brightness")
    cut.effects.animate(
        "c4", "brightness.amount", {0: 0.0, "1s": 0.5}, interpolation=interpolation
    )
    levels = [gray(cut.frame(f"{n}f")) / 255 - 0x40 / 255 for n in (0, 12, 25)]
    assert levels[0] == pytest.approx(0, abs=0.01)
    assert levels[2] == pytest.approx(0.5, abs=0.01)
    middle = {"hold": 0.0, "ease_in": 0.315 * 0.48, "ease_in_out": 0.48 * 0.5}
    if interpolation in {"hold", "ease_in_out"}:
        assert levels[1] == pytest.approx(middle[interpolation], abs=0.02)
    else:
        assert (levels[1] < 0.2) == (interpolation == "ease_in")


def test_keyframes_come_from_a_series_and_from_a_function(cut: tl.Edit) -> None:
    import pandas as pd

    cut.effects.add(0, "gaussian_blur")
    cut.effects.animate(
        0, "gaussian_blur.sigma", pd.Series([0.0, 0.1], index=[0.5, 1.5])
    )
    keys = cut.clips[0].effects[0].keyframes["sigma"]
    assert [(str(key.time), key.value) for key in keys] == [("3/2", 0.0), ("5/2", 0.1)]
    cut.effects.animate(0, "gaussian_blur.sigma", lambda seconds: 0.02 * seconds)
    keys = cut.clips[0].effects[0].keyframes["sigma"]
    assert len(keys) == 50
    assert keys[25].value == pytest.approx(0.02)
    cut.effects.animate(0, "gaussian_blur.sigma", {})
    assert not cut.clips[0].effects[0].keyframes


def test_cuts_and_trims_leave_what_is_seen_with_its_keyframes(cut: tl.Edit) -> None:
    cut.effects.add(0, "hue")
    cut.effects.animate(0, "hue.degrees", {0: 0.0, "2s": 180.0})
    before = cut.frame("1.4s")
    cut.split("1s")
    assert (cut.frame("1.4s") == before).all()
    cut.ripple("c1", tail="-0.4s")
    assert likeness(cut.frame("1s"), before) >= 45


def test_what_moves_over_the_canvas_moves_between_its_pixels(cut: tl.Edit) -> None:
    cut.titles.generate("solid", start=0, end="2s", color="#ffffff")
    cut.set("c4", transform=tl.Transform(scale=0.2))
    cut.effects.animate("c4", "position", {0: [0.2, 0.5], "2s": [0.8, 0.5]})
    cut.lift("c1")

    def middle(frame: int) -> float:
        row = cut.frame(f"{frame}f")[180].mean(axis=1)
        return float((np.arange(SIZE[0]) * row).sum() / row.sum())

    places = [middle(n) for n in range(10)]
    steps = np.diff(places)
    # 0.6 of 640 pixels in 50 frames, each step the same.
    assert steps == pytest.approx(np.full(9, 7.68), abs=0.15)


def test_opacity_scale_and_turns_can_be_animated(cut: tl.Edit) -> None:
    cut.effects.animate(1, "opacity", {0: 0.0, "2s": 1.0})
    dim, clear = gray(cut.frame("2.2s")), gray(cut.frame("3.9s"))
    assert dim < clear / 4
    cut.effects.animate(1, "scale", {0: 1.0, "2s": 0.1})
    small = cut.frame("3.9s")
    assert (small.max(axis=-1) > 20).mean() < 0.05
    with pytest.raises(CompositionError, match="no parameter 'color' that can"):
        cut.effects.animate(1, "color", {0: 1})


def test_twice_as_fast_shows_every_other_frame(numbered: tl.Edit) -> None:
    numbered.speed(0, 2)
    assert numbered.duration == 1
    assert shown_numbers(numbered, 0, 1, 5, 24) == [10, 12, 20, 58]
    numbered.split("10f")
    assert shown_numbers(numbered, 0, 9, 10, 24) == [10, 28, 30, 58]
    numbered.speed(0, 1)
    assert shown_numbers(numbered, 0, 1) == [10, 11]


def test_backwards_shows_the_frames_in_their_other_order(numbered: tl.Edit) -> None:
    numbered.speed(0, -1)
    assert shown_numbers(numbered, 0, 1, 49) == [59, 58, 10]
    numbered.speed(0, "-0.5")
    assert numbered.duration == 4
    assert shown_numbers(numbered, 0, 1, 2, 99) == [59, 59, 58, 10]


def test_a_ramp_shows_what_its_rates_add_up_to(numbered: tl.Edit) -> None:
    numbered.speed(0, "0.5")
    numbered.effects.animate(0, "speed.rate", {0: 0.0, "4s": 1.0})
    # The way after t seconds is t * t / 8: from frame 10 on, 25 a second.
    for frame in (0, 10, 50, 90):
        way = (frame / 25) ** 2 / 8 * 25
        assert abs(shown_numbers(numbered, frame)[0] - (10 + way)) <= 1


def test_a_frozen_frame_is_held_and_the_rest_goes_on(numbered: tl.Edit) -> None:
    numbered.freeze(0, at="20f", duration="1s")
    assert numbered.duration == 3
    assert shown_numbers(numbered, 19, 20, 44, 45, 74) == [29, 30, 30, 30, 59]


def test_frames_between_are_mixed_when_they_are_asked_to_be(cut: tl.Edit) -> None:
    cut.speed(1, "0.5")
    hard = cut.frame("2.04s")
    cut.speed(1, 1)
    cut.speed(1, "0.5", blend=True)
    soft = cut.frame("2.04s")
    assert (hard == cut.frame("2s")).all() or likeness(hard, cut.frame("2s")) > 40
    assert 20 < likeness(soft, hard) < 60
    assert (soft != hard).any()


def test_more_than_there_is_cannot_be_shown(numbered: tl.Edit) -> None:
    numbered.speed(0, 2)
    with pytest.raises(TimelineError, match="no more media"):
        numbered.trim(0, tail="20s")
    with pytest.raises(TimelineError, match="a rate of 0 cannot be played"):
        numbered.speed(0, 0)
    with pytest.raises(TimelineError, match="a rate of 1000"):
        numbered.speed(0, 1000)


def test_a_transition_without_media_names_both_clips_and_the_frames(
    studio: tl.Studio, clips: Clips
) -> None:
    media = tl.open(clips["cfr"], studio=studio)
    edit = tl.Edit("n", rate=25, size=media.size, studio=studio)
    edit.append([media.clip(name="one"), media.clip(name="two")])
    with pytest.raises(
        TimelineError, match=r"wipe between 'one' .* 'two' .* needs 5 more frames"
    ):
        edit.add_transition("wipe", after=0, duration="10f")


def test_effects_of_a_track_and_of_the_whole(cut: tl.Edit) -> None:
    plain = cut.frame("0.5s")
    cut.effects.add("V1", "invert")
    assert likeness(cut.frame("0.5s"), 255 - plain) >= 30
    cut.effects.add(None, "invert")
    assert likeness(cut.frame("0.5s"), plain) >= 30
    cut.effects.remove("V1", "invert")
    cut.effects.set(None, "invert", amount=0.0)
    assert likeness(cut.frame("0.5s"), plain) >= 38
    cut.effects.set(None, 0, enabled=False)
    assert (cut.frame("0.5s") == plain).all()


def test_an_adjustment_changes_what_lies_below_and_nothing_above(cut: tl.Edit) -> None:
    plain = cut.frame("0.5s")
    cut.titles.adjust("black_and_white", start=0, end="1s")
    dull = cut.frame("0.5s")
    assert np.ptp(dull.astype(int), axis=-1).max() <= 4
    assert (cut.frame("1.5s") != cut.frame("0.5s")).any()
    cut.titles.generate("solid", start=0, end="1s", color="#ff0000")
    assert cut.frame("0.5s")[180, 320, 0] > 240
    cut.undo()
    cut.effects.animate(cut.timeline.tracks[1].items[0].id, "opacity", {0: 0.5})  # type: ignore[union-attr]
    half = cut.frame("0.5s").astype(float)
    assert likeness(half, plain * 0.5 + dull * 0.5) >= 34


def test_a_temporal_effect_on_the_whole_sees_other_frames(numbered: tl.Edit) -> None:
    still = numbered.frame("10f")
    numbered.effects.add(None, "frame_blending", frames=3)
    mixed = numbered.frame("10f")
    assert 10 < likeness(mixed, still) < 40


def test_a_timeline_within_a_timeline_looks_and_sounds_as_by_itself(
    cut: tl.Edit, studio: tl.Studio
) -> None:
    inner = tl.Edit("inner", rate=25, size=SIZE, studio=studio)
    inner.append(cut.clips[0])
    inner.effects.add(0, "sepia")
    outer = tl.Edit("outer", rate=25, size=SIZE, studio=studio)
    outer.nest(inner, at=0)
    assert likeness(outer.frame("0.5s"), inner.frame("0.5s")) >= 45
    assert outer.duration == 2
    from timeline_nb.compose.mix import AudioMixer

    with (
        AudioMixer(outer.timeline, studio.library) as one,
        AudioMixer(inner.timeline, studio.library) as other,
    ):
        assert np.abs(one.read(48_000) - other.read(48_000)).max() < 1e-6
    outer.nest(cut, at=0)
    assert likeness(outer.frame("0.5s"), cut.frame("0.5s")) >= 45
    saved = outer.save(studio.settings.cache_dir / "outer.tlp")
    again = tl.Edit.load(saved, studio=studio)
    assert again.timeline.tracks == outer.timeline.tracks
    assert len(again.render(saved.with_suffix(".mp4")).wait().warnings) == 0


def _blended(mode: str, b: Any, s: Any) -> Any:
    """W3C Compositing and Blending, level 1, of values from 0 to 1."""
    hard = np.where(s <= 0.5, 2 * b * s, 1 - 2 * (1 - b) * (1 - s))
    over = np.where(b <= 0.5, 2 * b * s, 1 - 2 * (1 - b) * (1 - s))
    curve = np.where(b <= 0.25, ((16 * b - 12) * b + 4) * b, np.sqrt(b))
    soft = np.where(
        s <= 0.5, b - (1 - 2 * s) * b * (1 - b), b + (2 * s - 1) * (curve - b)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        dodge = np.where(b == 0, 0, np.where(s == 1, 1, np.minimum(1, b / (1 - s))))
        burn = np.where(b == 1, 1, np.where(s == 0, 0, 1 - np.minimum(1, (1 - b) / s)))
    return {
        "normal": s,
        "multiply": b * s,
        "screen": b + s - b * s,
        "overlay": over,
        "darken": np.minimum(b, s),
        "lighten": np.maximum(b, s),
        "add": b + s,
        "subtract": b - s,
        "difference": np.abs(b - s),
        "exclusion": b + s - 2 * b * s,
        "hard_light": hard,
        "soft_light": soft,
        "color_dodge": dodge,
        "color_burn": burn,
    }[mode]


def test_blend_modes_are_those_of_the_standard(cut: tl.Edit) -> None:
    from msgspec.structs import replace

    clip = replace(cut.clips[1], transform=tl.Transform(fit="fill"))
    below = cut.frame("0.5s")
    cut.add_track("video")
    cut.overwrite([clip], at=0, track="V2")
    item = cut.timeline.tracks[1].items[0]
    assert isinstance(item, tl.Clip)
    above = cut.frame("0.5s")
    for mode in get_args(BlendMode):
        cut.set(item.id, transform=tl.Transform(fit="fill", blend=mode))
        wanted = np.clip(_blended(mode, below / 255, above / 255), 0, 1) * 255
        least = 26 if mode in {"color_burn", "color_dodge"} else 30
        assert likeness(cut.frame("0.5s"), wanted) >= least, mode
    glow: Any = "glow"
    with pytest.raises(TimelineError, match=r"blend='glow': it is one of 'normal'"):
        tl.Transform(fit="fill", blend=glow)


def test_a_function_of_a_cell_becomes_an_effect(cut: tl.Edit) -> None:
    @tl.effect(group="mine", level=number(128.0, 0, 255))
    def red_only(rgb: NDArray[np.uint8], level: float) -> NDArray[np.uint8]:
        """Red where it is strong."""
        rgb[..., 1:] = 0
        rgb[rgb[..., 0] < level] = 0
        return rgb

    cut.effects.add(0, "red_only", level=100.0)
    frame = cut.frame("0.5s")
    assert frame[..., 1].max() < 60
    assert frame[..., 0].max() > 100
    assert tl.catalog("picture")["red_only"].doc == "Red where it is strong."
    cut.effects.animate(0, "red_only.level", {0: 0.0, "1s": 255.0})
    assert gray(cut.frame("0s")) > gray(cut.frame("0.9s"))

    @tl.effect()
    def too_small(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        return rgb[::2]

    cut.effects.add(1, "too_small")
    with pytest.raises(CompositionError, match=r"\(c3\).*too_small.*returned"):
        cut.frame("3s")
    with pytest.raises(CompositionError, match="effect of the package"):
        tl.effect()(_named_blur())


def _named_blur() -> Any:
    def gaussian_blur(rgb: Any) -> Any:
        return rgb

    return gaussian_blur


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("gaussian_blurr", {}, "did you mean 'gaussian_blur'"),
    ("gaussian_blur", {"sigma": 3.0}, "'sigma' is 3.0: it must be between 0 and 0.2"),
    ("gaussian_blur", {"sigma": float("nan")}, "'sigma' is nan"),
    ("gaussian_blur", {"sigma": "much"}, "'sigma' is 'much': it must be a number"),
    ("gaussian_blur", {"radius": 1.0}, "has no parameter 'radius'; there are sigma"),
    ("duotone", {"dark": "bluw"}, "'dark' is 'bluw': a color is"),
    ("flip", {"horizontal": 1}, "'horizontal' is 1: it must be True or False"),
    ("region_blur", {"center": [0.5]}, r"'center' is \[0.5\]: it must be two numbers"),
    ("lut", {"path": "/nowhere/a.cube"}, "there is no such file"),
    ("mask_image", {}, "'path' names no file"),
]


@pytest.mark.parametrize(("kind", "values", "message"), BAD)
def test_what_makes_no_sense_is_refused_and_named(
    cut: tl.Edit, kind: str, values: dict[str, Any], message: str
) -> None:
    before = cut.timeline
    with pytest.raises(CompositionError, match=message):
        cut.effects.add(0, kind, **values)
    assert cut.timeline is before


def test_bad_values_in_a_saved_edit_name_the_clip_and_harm_no_other(
    cut: tl.Edit, tmp_path: Path
) -> None:
    bad = tl.Effect(kind="gaussian_blur", parameters={"sigma": float(9)})
    cut.set("c1", effects=(bad, tl.Effect(kind="from_the_future")))
    again = tl.Edit.load(cut.save(tmp_path / "cut.tlp"), studio=cut.studio)
    assert again.clips[0].effects == (bad, tl.Effect(kind="from_the_future"))
    with pytest.raises(CompositionError, match=r"bigbuckbunny' \(c1\): .*'sigma' is 9"):
        again.frame("0.5s")
    assert gray(again.frame("3s")) > 10
    again.set("c1", effects=(tl.Effect(kind="from_the_future"),))
    (warning,) = again.render(tmp_path / "film.mp4").wait().warnings
    assert "'from_the_future' is not known" in warning


def test_blank_lines_and_comments_of_a_table_are_passed_over(
    cut: tl.Edit, tmp_path: Path
) -> None:
    rows = [f"{r} {g} {b}" for b in (0, 1) for g in (0, 1) for r in (0, 1)]
    plain, spaced = tmp_path / "plain.cube", tmp_path / "spaced.cube"
    plain.write_text("\n".join(["LUT_3D_SIZE 2", *rows]))
    between = "\n\n# more\n".join(rows)
    spaced.write_text(f"LUT_3D_SIZE 2\n# rows\n{between}\n")
    cut.effects.add(0, "lut", path=str(plain))
    wanted = cut.frame("0.5s")
    cut.undo()
    cut.effects.add(0, "lut", path=str(spaced))
    np.testing.assert_array_equal(cut.frame("0.5s"), wanted)


def test_a_broken_table_names_its_line(cut: tl.Edit, tmp_path: Path) -> None:
    path = tmp_path / "bad.cube"
    path.write_text("LUT_3D_SIZE 2\n0 0 0\n1 0 nan\n")
    cut.effects.add(0, "lut", path=str(path))
    with pytest.raises(CompositionError, match=r"bad.cube, line 3: this is not a row"):
        cut.frame("0.5s")
    path.write_text("LUT_3D_SIZE 2\n0 0 0\n")
    with pytest.raises(CompositionError, match="1 rows: it needs 8"):
        cut.frame("0.5s")


def test_a_shaking_film_is_held_still(studio: tl.Studio, tmp_path: Path) -> None:
    import av
    import cv2
    from effects.pictures import film_frame

    path = tmp_path / "shaky.mp4"
    base = film_frame(20)
    chance = np.random.default_rng(3)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"crf": "12"})
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        for place in range(30):
            x, y = chance.normal(0, 6, 2)
            rows = np.array([[0.6, 0, -64 + x], [0, 0.6, -36 + y]])
            moved = np.asarray(cv2.warpAffine(base, rows, (640, 360)), np.uint8)
            frame = av.VideoFrame.from_ndarray(moved, "rgb24").reformat(
                format="yuv420p"
            )
            frame.pts, frame.time_base = place, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    media = tl.open(path, studio=studio)
    edit = tl.Edit("stabilize", rate=25, size=(640, 360), studio=studio)
    edit.append(media.clip())

    def restlessness() -> float:
        frames = [edit.frame(f"{n}f")[60:-60, 100:-100] for n in range(10, 20)]
        pairs = pairwise(frames)
        return float(np.mean([np.abs(a.astype(int) - b).mean() for a, b in pairs]))

    before = restlessness()
    edit.effects.stabilize(0)
    assert restlessness() < before / 2
    assert 1 < edit.clips[0].effects[0].parameters["zoom"] < 1.3

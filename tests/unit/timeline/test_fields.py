"""Values of wrong types are refused when the step is made, by name."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, get_args

import numpy as np
import pytest
from msgspec.structs import replace
from timelines import clip, media, three_clips

from timeline_nb.effects.blending import MODES
from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.fields import field_faults
from timeline_nb.timeline.model import (
    BlendMode,
    Clip,
    Effect,
    Gap,
    Keyframe,
    Marker,
    MediaReference,
    Subtitle,
    Timeline,
    Track,
    Transform,
    Transition,
)
from timeline_nb.timeline.validate import problems

wrong: Any = object()


def _shape(**fields: Any) -> dict[str, Any]:
    return {"transform": replace(Transform(), **fields)}


def _keys(**fields: Any) -> dict[str, Any]:
    key = replace(Keyframe(time=Fraction(0), value=1), **fields)
    return {"keyframes": {"opacity": (key,)}}


def _effect(**fields: Any) -> Effect:
    return replace(Effect(kind="blur"), **fields)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"gain_db": "3"}, "clip 'c1': gain_db is '3', a str: it must be a number"),
        ({"gain_db": True}, "gain_db is True, a bool"),
        ({"gain_db": np.float32(3)}, "gain_db is np.float32"),
        ({"name": 3}, "name is 3, an int: it must be text"),
        ({"fade_in": 0.5}, "fade_in is 0.5, a float: it must be a Fraction"),
        (_shape(fit="cover"), "transform.fit is 'cover': did you mean 'fill'"),
        (_shape(fit="filll"), "transform.fit is 'filll': did you mean 'fill'"),
        (_shape(blend="colour-dodge"), "did you mean 'color_dodge'"),
        (_shape(position=[0.5, 0.5]), "transform.position is .*, a list: .* a tuple"),
        (_shape(position=(0.5,)), "transform.position has 1 values: it must have 2"),
        (_shape(scale="2"), "transform.scale is '2', a str"),
        (_keys(interpolation="ease-in"), "interpolation is 'ease-in': .*'ease_in'"),
        ({"keyframes": {"opacity": [1]}}, "keyframes.opacity is .*, a list"),
        (
            {"effects": (replace(Effect(kind=""), kind=wrong),)},
            r"effects\[0\]\.kind is <object",
        ),
        ({"metadata": {"n": np.int64(3)}}, r"metadata\.n is np.int64\(3\), an int64"),
        ({"metadata": {"a": [{"b": wrong}]}}, r"metadata\.a\[0\]\.b is <object"),
        ({"metadata": {3: 1}}, "metadata has the key 3: keys are text"),
        ({"metadata": {"n": float("nan")}}, r"metadata\.n is nan: it must be finite"),
        ({"media": "street.mp4"}, "media is 'street.mp4', a str: .* a MediaReference"),
    ],
)
def test_a_clip_s_wrong_value_is_named(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(TimelineError, match=message):
        edits.set_clip(three_clips(), "c1", **fields)


def test_wrong_values_of_what_is_placed_are_named() -> None:
    for fields, message in (
        ({"fade_in": wrong}, "fade_in is <obj"),
        ({"media": replace(media(), size=(1280.0, 720.0))}, r"media\.size\[0\] is 128"),
    ):
        with pytest.raises(TimelineError, match=message):
            edits.append(three_clips(), [replace(clip(), **fields)])


def test_wrong_values_of_tracks_and_the_whole_are_named() -> None:
    with pytest.raises(TimelineError, match="gain_db is 'loud', a str"):
        edits.set_track(three_clips(), "V1", gain_db="loud")
    (problem,) = problems(replace(three_clips(), size=(1280.0, 720)))
    assert problem.message == "size[0] is 1280.0, a float: it must be a whole number"
    instant = TimeRange(Fraction(1), Fraction(0))
    with pytest.raises(TimelineError, match="color is not known: did you mean 'red'"):
        edits.add_marker(three_clips(), name="m", marked_range=instant, color="redd")
    for color in ("#f00", "#ff0000", "tomato"):
        edits.add_marker(three_clips(), name="m", marked_range=instant, color=color)


def test_the_model_has_the_blend_modes_that_there_are() -> None:
    assert get_args(BlendMode) == tuple(MODES)


def test_what_is_right_passes() -> None:
    deep = {"rows": [1, 2.5, None, True, "x", {"y": [[0]]}], "f": np.float64(1.5)}
    shape = Transform(scale=2, crop=(0, 0.5, 0, 0))
    edits.set_clip(three_clips(), "c1", gain_db=3, metadata=deep, transform=shape)


_SPAN = TimeRange(Fraction(0), Fraction(1))


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Keyframe(time=wrong, value=1), "Keyframe: time is .* a Fraction, as"),
        (lambda: Effect(kind=wrong), "Effect: kind is .*: it must be text"),
        (lambda: Effect(kind="blur", enabled=wrong), "enabled is .*: .* True or False"),
        (
            lambda: Effect(kind="blur", parameters=wrong),
            "Effect: parameters is .* dict",
        ),
        (
            lambda: Effect(kind="blur", keyframes={"sigma": (wrong,)}),
            r"Effect: keyframes\.sigma\[0\] is .*: it must be a Keyframe",
        ),
        (lambda: Marker(name=wrong, marked_range=_SPAN), "Marker: name is .* text"),
        (
            lambda: Marker(name="a", marked_range=wrong),
            "Marker: marked_range is .*: it must be a TimeRange",
        ),
        (lambda: Gap(duration=wrong), "Gap: duration is .*: it must be a Fraction"),
        (
            lambda: Clip(media=wrong, source_range=_SPAN),
            "Clip: media is .*: it must be a MediaReference",
        ),
        (
            lambda: Clip(media=media(), source_range=_SPAN, gain_db=wrong),
            "Clip: gain_db is .*: it must be a number",
        ),
        (
            lambda: Clip(media=media(), source_range=_SPAN, audio=wrong),
            "audio is .*: it must be one of 'default', 'all', 'dual_mono' or a tuple",
        ),
        (
            lambda: MediaReference(generator=wrong),
            "MediaReference: generator is .*: it must be an Effect",
        ),
        (
            lambda: Track(kind="video", name="V1", items=(wrong,)),
            r"items\[0\] is .* must be a Clip or a Subtitle or a Gap or a Transition",
        ),
        (
            lambda: Track(kind="video", name="V1", items=wrong),
            "Track: items is .*: it must be a tuple",
        ),
        (
            lambda: Timeline(name="a", rate=wrong, size=(64, 36)),
            "Timeline: rate is .*: it must be a Fraction",
        ),
        (
            lambda: Transition(in_offset=Fraction(1), out_offset=wrong),
            "Transition: out_offset is .*: it must be a Fraction",
        ),
        (lambda: Subtitle(text=wrong, duration=Fraction(1)), "Subtitle: text is .*"),
    ],
)
def test_a_value_is_refused_where_it_is_made(
    make: Callable[[], object], told: str
) -> None:
    with pytest.raises(TimelineError, match=told):
        make()


def test_what_is_free_is_judged_where_it_is_placed() -> None:
    half = Effect(kind="sepia", parameters={"amount": np.float32(0.5)})
    assert half.parameters["amount"] == 0.5
    keys: Any = [Keyframe(time=Fraction(0), value=np.int64(1))]
    assert Effect(kind="sepia", keyframes={"amount": keys}).keyframes["amount"] == keys


def test_the_numbers_of_a_redaction_are_looked_at_once() -> None:
    class Numbers(list[float]):
        looks = 0

        def __iter__(self) -> Iterator[float]:
            Numbers.looks += 1
            return super().__iter__()

    boxes = Numbers([0.5] * 1000)
    covered = Effect(kind="redaction", parameters={"boxes": boxes})
    made = replace(clip(), effects=(covered, Effect(kind="blur")))
    for name in ("walk", "street", "park"):
        assert not list(field_faults(replace(made, name=name)))
    assert Numbers.looks == 1

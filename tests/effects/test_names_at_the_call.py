"""Names that are not known are refused when an effect or a title is made."""

import doctest
from fractions import Fraction
from typing import Any

import jsonschema
import numpy as np
import pytest

from timeline_nb.effects import parameters
from timeline_nb.effects.blending import check_blend_mode
from timeline_nb.effects.catalog import catalog, search
from timeline_nb.effects.chain import check_effect
from timeline_nb.effects.titles.checks import check_style
from timeline_nb.effects.titles.clips import generated_clip, title_clip
from timeline_nb.effects.titles.styles import SUBTITLE_STYLES
from timeline_nb.effects.titles.template_clips import template_clip
from timeline_nb.effects.transitions.run import check_transition
from timeline_nb.errors import CompositionError
from timeline_nb.timeline.model import Effect, Keyframe, Timeline, Track, Transition

SIZE = (640, 360)
SECOND = Fraction(1)


def _effect(kind: str, **values: Any) -> Effect:
    return check_effect(Effect(kind=kind, parameters=values))


def _transition(kind: str, **values: Any) -> Transition:
    return check_transition(
        Transition(kind=kind, in_offset=SECOND, out_offset=SECOND, parameters=values)
    )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: _effect("gausian_blur"), "no effect.*'gaussian_blur'"),
        (lambda: _effect("glow", treshold=1), "no parameter.*'threshold'"),
        (lambda: _effect("mirror", axis="verticle"), "'axis' is.*'vertical'"),
        (lambda: _effect("border", color="blck"), "'color' is.*'black'"),
        (lambda: _effect("gain", gain_db="3"), "'gain_db' is '3': it must be a number"),
        (lambda: _effect("redaction", how="pixelated"), "'how' is.*'pixelate'"),
        (lambda: _transition("disolve"), "no transition.*'dissolve'"),
        (lambda: _transition("wipe", easing="ease-in"), "'easing' is.*'ease_in'"),
        (lambda: check_blend_mode("overlai"), "no blend mode.*'overlay'"),
        (lambda: check_style("yelow"), "no subtitle style.*'yellow'"),
        (lambda: check_style({"colour": "red"}), "no parameter.*'color'"),
        (lambda: check_style({"font": "Dejavu Snas"}), "no font.*'DejaVu Sans"),
        (lambda: title_clip("a", SECOND, SIZE, font="Dejavu Snas"), "no font"),
        (lambda: title_clip("a", SECOND, SIZE, animation="tpyewriter"), "'typewriter'"),
        (lambda: title_clip("a \U00012000", SECOND, SIZE), "no font here has"),
        (lambda: generated_clip("gradent", SECOND, SIZE), "no generator.*'gradient'"),
        (
            lambda: template_clip("lower_third", rate=Fraction(25), size=SIZE),
            "no template.*'lower_third_bar'|no template.*'lower_third_line'",
        ),
        (
            lambda: template_clip(
                "chapter", rate=Fraction(25), size=SIZE, title="One", color="blu"
            ),
            "'color' is 'blu'.*'blue'",
        ),
    ],
)
def test_a_name_that_is_not_known_is_refused_with_the_near_one(
    make: Any, message: str
) -> None:
    with pytest.raises(CompositionError, match=message):
        make()


def test_a_track_that_an_effect_names_must_be_there() -> None:
    track = Track(kind="audio", name="A1")
    timeline = Timeline(name="t", rate=Fraction(25), size=SIZE, tracks=(track,))
    effect = Effect(kind="duck", parameters={"under": "A9"})
    with pytest.raises(CompositionError, match=r"'A9', .*; there are A1"):
        check_effect(effect, timeline)
    assert check_effect(Effect(kind="duck"), timeline).kind == "duck"


def test_colors_and_numbers_are_kept_in_one_form() -> None:
    effect = _effect("drop_shadow", color=(255, 0, 0), offset=np.array([0.1, 0.2]))
    assert effect.parameters == {"color": "#ff0000", "offset": [0.1, 0.2]}
    amount = _effect("brightness", amount=np.float32(0.5)).parameters["amount"]
    assert (amount, type(amount)) == (0.5, float)
    clip = title_clip("a", SECOND, SIZE, color="tomato", animation="fade")
    assert clip.media.generator is not None
    # CSS Color Module Level 4: tomato is #ff6347.
    assert clip.media.generator.parameters["color"] == "#ff6347"
    keys = (Keyframe(time=Fraction(0), value="red"),)
    moving = Effect(kind="border", keyframes={"color": keys})
    (key,) = check_effect(moving).keyframes["color"]
    assert key == _with_value(keys[0], "#ff0000")


def _with_value(key: Keyframe, value: str) -> Keyframe:
    return Keyframe(time=key.time, value=value, interpolation=key.interpolation)


def test_every_subtitle_style_is_one_that_titles_take() -> None:
    for name, style in SUBTITLE_STYLES.items():
        assert check_style(name) == style
        check_style(style)


def test_kinds_on_clips_have_one_name_each() -> None:
    kinds = [s.kind for medium in ("picture", "sound", "time") for s in catalog(medium)]
    assert len(kinds) == len(set(kinds))


def test_kinds_are_found_by_name_group_and_words() -> None:
    assert search("glow")[0].kind == "glow"
    assert {spec.group for spec in search("looks")} == {"looks"}
    assert "grain" in {spec.kind for spec in search("film")}
    assert {spec.medium for spec in search("transitions")} == {"transition"}
    assert search("gaussain_blur")[0].kind == "gaussian_blur"
    assert search("no such thing at all") == []


def test_the_examples_of_parameter_builders_run() -> None:
    outcome = doctest.testmod(parameters)
    assert outcome.attempted > 10
    assert not outcome.failed


@pytest.mark.parametrize(
    "spec", list(catalog()), ids=lambda spec: f"{spec.medium}-{spec.kind}"
)
def test_the_repr_of_a_parameter_is_its_declaration(spec: Any) -> None:
    for parameter in spec.parameters.values():
        assert eval(repr(parameter), vars(parameters)) == parameter  # noqa: S307


@pytest.mark.parametrize("value", ["red", "#f80", "#ff880080", [255, 136, 0]])
def test_the_schema_of_a_color_takes_what_the_check_takes(value: Any) -> None:
    color = parameters.color("black")
    jsonschema.validate(value, color.schema())
    assert color.check(value).startswith("#ff")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate([1, 2], color.schema())

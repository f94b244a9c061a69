"""The picture's handles: what a view is told of places is what the pixels show."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from widgets.wire import Wire

import timeline_nb as tl
from timeline_nb.timeline.model import Keyframe, Transform

SIZE = (320, 180)
# Pixels this near to an edge may be either.
NEAR_PX = 1.0
# So near to a corner two edges fade at once, and a pixel farther inside may be dark.
CORNER_PX = 3.0

shares = st.floats(-0.2, 1.2, allow_nan=False)
angles = st.one_of(st.just(0.0), st.floats(-180, 180, allow_nan=False))
# Whole pixels of both sources: no less is cut off.
cuts = st.integers(0, 4).map(lambda tenths: tenths / 10)


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tl.Studio]:
    folder = tmp_path_factory.mktemp("stage")
    for name, size in (("wide", (200, 100)), ("tall", (80, 120))):
        Image.new("RGB", size, "white").save(folder / f"{name}.png")
    options = tl.Settings(cache_dir=folder / "cache", roots=(folder,))
    with tl.open_studio(options) as studio:
        yield studio


def _edit(studio: tl.Studio, name: str = "wide") -> tl.Edit:
    cut = tl.Edit("stage", rate=25, size=SIZE, studio=studio)
    folder = studio.settings.roots[0]
    cut.append(tl.open(folder / f"{name}.png", studio=studio).clip("0s", "2s"))
    return cut


@pytest.fixture
def patch() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def _layers(cut: tl.Edit, studio: tl.Studio, frame: int = 0) -> list[dict[str, Any]]:
    with pytest.MonkeyPatch.context() as patch:
        wire = Wire(tl.Editor(cut, studio=studio), patch)
        wire.hello()
        answer = wire.ask("askStage", frame=frame)
        wire.widget.close()
    assert answer["kind"] == "stage", answer
    layers: list[dict[str, Any]] = answer["layers"]
    return layers


def _white(cut: tl.Edit, studio: tl.Studio, frame: int = 0) -> NDArray[np.bool_]:
    rgb = studio.frame_composer.frame(cut.timeline, Fraction(frame, 25))
    return np.asarray(rgb.min(axis=2) > 127)


def _distances(corners: Any) -> NDArray[np.float64]:
    """Pixels of each pixel's center within the nearest edge's line; below 0 outside."""
    points = np.array(corners)
    ways = np.roll(points, -1, axis=0) - points
    x, y = np.meshgrid(np.arange(SIZE[0]) + 0.5, np.arange(SIZE[1]) + 0.5)
    within = [
        (way[0] * (y - point[1]) - way[1] * (x - point[0])) / max(np.hypot(*way), 1e-9)
        for point, way in zip(points, ways, strict=True)
    ]
    return np.asarray(np.min(within, axis=0), np.float64)


def _check_outline(corners: Any, white: NDArray[np.bool_]) -> None:
    away = _distances(corners)
    x, y = np.meshgrid(np.arange(SIZE[0]) + 0.5, np.arange(SIZE[1]) + 0.5)
    to_corner = np.min([np.hypot(x - left, y - top) for left, top in corners], axis=0)
    dark = ~white & (to_corner > CORNER_PX)
    wrong = max(np.max(away[dark], initial=0), -np.min(away[white], initial=0))
    assert wrong <= NEAR_PX


@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    position=st.tuples(shares, shares),
    scale=st.floats(0.2, 1.6, allow_nan=False),
    rotation_deg=angles,
    fit=st.sampled_from(["fit", "fill", "stretch", "none"]),
    crop=st.tuples(cuts, cuts, cuts, cuts),
    name=st.sampled_from(["wide", "tall"]),
    moves=st.booleans(),
)
# A corner within the picture, and sides that end outside.
@example(
    position=(1.3e-305, 1.084),
    scale=1.247,
    rotation_deg=-72.1,
    fit="fill",
    crop=(0.1, 0.3, 0.3, 0.2),
    name="tall",
    moves=True,
)
def test_corners_told_are_those_of_the_pixels(
    studio: tl.Studio, *, name: str, moves: bool, **place: Any
) -> None:
    cut = _edit(studio, name)
    clip = cut.clips[0]
    keys = {}
    if moves:
        x, y = place["position"]
        first = Keyframe(time=clip.source_range.start, value=[x, y])
        keys = {"position": (first, Keyframe(time=Fraction(9), value=[x, y]))}
    cut.set(clip, transform=Transform(**place), keyframes=keys)
    [layer] = _layers(cut, studio)
    _check_outline(layer["corners"], _white(cut, studio))


@settings(max_examples=6, deadline=None, phases=[Phase.generate])
@given(
    position=st.tuples(st.floats(0.2, 0.8), st.floats(0.2, 0.8)),
    rotation_deg=angles,
    anchor=st.sampled_from(["middle", "top left", "bottom", "right"]),
    text=st.sampled_from(["H", "Two\nlines", "A line that is broken where it ends"]),
)
def test_a_text_lies_where_its_box_is_seen(studio: tl.Studio, **style: Any) -> None:
    cut = _edit(studio)
    cut.set(cut.clips[0], transform=Transform(opacity=0))
    box: dict[str, Any] = {"box_color": "#ffffff", "box_padding": 0.03, "width": 0.4}
    cut.titles.add(start=0, end="1s", size=0.1, **box, **style)
    title = _layers(cut, studio)[-1]
    assert (title["type"], title["text"]["text"]) == ("title", style["text"])
    _check_outline(title["corners"], _white(cut, studio))


def _moved(corner: Any, change: dict[str, float]) -> NDArray[np.float64]:
    """A similarity by complex numbers: another way than that of the code."""
    x, y = corner
    about = complex(change["aboutX"], change["aboutY"])
    turn = change["factor"] * np.exp(1j * np.radians(change["turnDeg"]))
    end = about + turn * (complex(x, y) - about) + complex(change["dx"], change["dy"])
    return np.array([end.real, end.imag])


CHANGE: dict[str, Any] = {
    "dx": 12.0,
    "dy": -7.0,
    "factor": 0.7,
    "turnDeg": 25.0,
    "aboutX": 40.0,
    "aboutY": 60.0,
}


def test_a_clip_is_placed_by_a_gesture_in_one_step(
    studio: tl.Studio, patch: pytest.MonkeyPatch
) -> None:
    cut = _edit(studio)
    wire = Wire(tl.Editor(cut, studio=studio), patch)
    wire.hello()
    before = wire.ask("askStage", frame=3)["layers"][0]
    item = before["item"]
    steps = len(cut.session.steps_made)
    assert wire.ask("placeOnPicture", item=item, frame=3, **CHANGE)["kind"] == "done"
    after = wire.ask("askStage", frame=3)["layers"][0]
    for old, new in zip(before["corners"], after["corners"], strict=True):
        assert np.abs(_moved(old, CHANGE) - new).max() < 1
    assert len(cut.session.steps_made) == steps + 1
    _check_outline(after["corners"], _white(cut, studio, 3))
    # What was done can be written as code.
    assert "rotation_deg=25" in cut.history.script()
    wire.widget.close()


@pytest.mark.parametrize("kind", ["title", "subtitle"])
def test_a_text_is_placed_by_its_style_and_stays_sharp(
    kind: str, studio: tl.Studio, patch: pytest.MonkeyPatch
) -> None:
    cut = _edit(studio)
    add = cut.titles.add if kind == "title" else cut.subtitles.add
    add("Words", start=0, end="1s", box_color="#ff0000", box_padding=0.02)
    wire = Wire(tl.Editor(cut, studio=studio), patch)
    wire.hello()
    before = wire.ask("askStage", frame=3)["layers"][-1]
    item = before["item"]
    assert before["type"] == kind
    assert wire.ask("placeOnPicture", item=item, frame=3, **CHANGE)["kind"] == "done"
    after = wire.ask("askStage", frame=3)["layers"][-1]
    assert np.abs(_moved(before["place"], CHANGE) - after["place"]).max() < 0.01
    assert after["rotationDeg"] == pytest.approx(before["rotationDeg"] + 25)
    # Letters of 0.7 times the size, not a picture of letters made smaller.
    ratio = after["text"]["lettersPx"] / before["text"]["lettersPx"]
    assert ratio == pytest.approx(0.7, rel=1e-3)
    wire.widget.close()


def test_what_is_animated_gets_a_keyframe_at_the_frame(
    studio: tl.Studio, patch: pytest.MonkeyPatch
) -> None:
    cut = _edit(studio)
    clip = cut.clips[0]
    keys = (
        Keyframe(time=Fraction(0), value=1.0),
        Keyframe(time=Fraction(1), value=2.0),
    )
    cut.set(clip, keyframes={"scale": keys})
    wire = Wire(tl.Editor(cut, studio=studio), patch)
    wire.hello()
    middle: dict[str, Any] = {"aboutX": 160.0, "aboutY": 90.0}
    wire.ask("placeOnPicture", item=clip.id, frame=10, factor=0.5, **middle)
    [first, second, third] = cut.clips[0].keyframes["scale"]
    assert [first, third] == list(keys)
    # At 0.4 s it is 1.4 times as large; then half of that.
    assert (second.time, second.value) == (Fraction(2, 5), pytest.approx(0.7))
    assert cut.clips[0].transform == clip.transform
    wire.widget.close()


def test_crop_and_corner_pin_are_seen_where_they_are_told(
    studio: tl.Studio, patch: pytest.MonkeyPatch
) -> None:
    cut = _edit(studio)
    wire = Wire(tl.Editor(cut, studio=studio), patch)
    wire.hello()
    item = cut.clips[0].id
    pins: dict[str, Any] = {
        "leftTop": [0.1, 0.2],
        "rightTop": [0.8, 0.0],
        "rightBottom": [0.95, 0.9],
        "leftBottom": [0.0, 0.7],
    }
    assert wire.ask("pinOnPicture", item=item, frame=0, **pins)["kind"] == "done"
    layer = wire.ask("askStage", frame=0)["layers"][0]
    # 200 by 100 fits 320 by 180 as 320 by 160, 10 pixels below the top.
    expected = [(x * 320, 10 + y * 160) for x, y in pins.values()]
    assert np.allclose(layer["corners"], expected, atol=0.01)
    _check_outline(layer["corners"], _white(cut, studio))
    sides: dict[str, Any] = {"left": 0.25, "top": 0.0, "right": 0.1, "bottom": 0.3}
    assert wire.ask("cropOnPicture", item=item, frame=0, **sides)["kind"] == "done"
    layer = wire.ask("askStage", frame=0)["layers"][0]
    assert layer["crop"] == (0.25, 0.0, 0.1, 0.3)
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    matrix = cv2.getPerspectiveTransform(unit, np.array(expected, np.float32))
    cropped = np.array([[[0.25, 0], [0.9, 0], [0.9, 0.7], [0.25, 0.7]]], np.float32)
    corners = cv2.perspectiveTransform(cropped, matrix)[0]
    assert np.allclose(layer["corners"], corners, atol=0.01)
    _check_outline(corners, _white(cut, studio))
    # Each is changed, not added again.
    wire.ask("cropOnPicture", item=item, frame=0, **{**sides, "left": 0.0})
    assert [e.kind for e in cut.clips[0].effects] == ["crop", "perspective"]
    wire.widget.close()


def _until(wire: Wire, kind: str) -> tuple[dict[str, Any], list[Any]]:
    from server.scene import wait_until

    assert wait_until(lambda: any(c["kind"] == kind for c, _ in wire.told))
    return wire.last(kind)


def test_a_draft_shows_a_change_that_is_not_made(
    studio: tl.Studio, patch: pytest.MonkeyPatch
) -> None:
    cut = _edit(studio)
    wire = Wire(tl.Editor(cut, studio=studio), patch)
    wire.hello()
    item, timeline = cut.clips[0].id, cut.timeline
    shift: dict[str, Any] = {"dx": 100.0, "draftPx": 320, "draft": 7}
    wire.ask("placeOnPicture", item=item, frame=0, **shift)
    answer, [jpeg] = _until(wire, "stageDraft")
    assert (answer["number"], answer["problem"]) == (7, "")
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    assert picture[90, 50] < 20
    assert picture[90, 200] > 235
    assert answer["layers"][0]["corners"][0] == (100.0, 10.0)
    assert cut.timeline is timeline
    wire.widget.close()


def test_a_draft_of_what_has_gone_says_nothing(
    studio: tl.Studio, patch: pytest.MonkeyPatch
) -> None:
    cut = _edit(studio)
    wire = Wire(tl.Editor(cut, studio=studio), patch)
    wire.hello()
    item = cut.clips[0].id
    cut.delete(0)
    wire.ask("placeOnPicture", item=item, frame=0, dx=100.0, draftPx=320, draft=7)
    answer, _ = _until(wire, "stageDraft")
    assert (answer["number"], answer["problem"], answer["layers"]) == (7, "", [])
    made = wire.ask("placeOnPicture", item=item, frame=0, dx=100.0)
    assert (made["kind"], made["isGone"]) == ("refused", True)
    wire.widget.close()


def test_texts_are_edited_with_their_style_in_one_step(
    studio: tl.Studio, patch: pytest.MonkeyPatch
) -> None:
    cut = _edit(studio)
    cut.titles.add("Before", start=0, end="1s")
    wire = Wire(tl.Editor(cut, studio=studio), patch)
    wire.hello()
    item = wire.ask("askStage", frame=0)["layers"][-1]["item"]
    steps = len(cut.session.steps_made)
    change: dict[str, Any] = {"text": "After\nthat", "color": "#ff0000", "bold": True}
    assert wire.ask("editText", item=item, frame=0, **change)["kind"] == "done"
    text = wire.ask("askStage", frame=0)["layers"][-1]["text"]
    assert (text["text"], text["color"], text["bold"]) == (
        "After\nthat",
        "#ff0000",
        True,
    )
    assert len(cut.session.steps_made) == steps + 1
    refused = wire.ask("editText", item=item, frame=0, font="No Such Font")
    assert "no font 'No Such Font'" in refused["message"]
    gone = wire.ask("editText", item=item, frame=40, text="later")
    assert "not on the picture at 00:00:01" in gone["message"]
    wire.widget.close()


def test_fonts_of_this_machine_are_listed_and_sent(
    studio: tl.Studio, patch: pytest.MonkeyPatch
) -> None:
    wire = Wire(tl.Editor(_edit(studio), studio=studio), patch)
    wire.hello()
    wire.ask("askFonts")
    fonts, _ = _until(wire, "fonts")
    assert "DejaVu Sans" in fonts["families"]
    assert "news" in fonts["styles"]
    wire.ask("askFontFile", font="DejaVu Sans", bold=True, italic=False)
    [data] = wire.last("fontFile")[1]
    # What a TrueType file begins with (OpenType 1.9, "Font file").
    assert bytes(data[:4]) == b"\0\1\0\0"
    wire.widget.close()
